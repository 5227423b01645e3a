/* Recurrent layers for one element type: T, NAME(x), SIGMOID, TANH, PRODUCT, PACK, PACKED_PRODUCT.
   Sequences are independent of each other, so the threads share out the batch and never wait within a sequence. */

typedef struct {
  const ck_recurrent *layer;
  long rows;
  T *packed, *packed2; /* recurrent kernel, or its transposed parts */
  T *work;             /* forward: recurrent products of a step; backward: dgates, (steps, batch, width) */
  T *left;             /* backward: what the products multiplied, (steps, batch, units + inputs) */
  T *carry_h, *carry_c;
} NAME(sequence_job);

#define SEQUENCES                                              \
  const NAME(sequence_job) *job = context;                     \
  const ck_recurrent *w = job->layer;                          \
  const long U = w->units, S = w->steps;                       \
  const long b0 = piece * job->rows;                           \
  const long b1 = b0 + job->rows < w->batch ? b0 + job->rows : w->batch; \
  const uint8_t *mask = w->mask;

CK_CLONES static void NAME(lstm_step)(const T *restrict previous, T *restrict c, T *restrict h, T *restrict g,
                                      const T *restrict p, long U) {
  for (long u = 0; u < U; u++) {
    T i = SIGMOID(g[u] + p[u]), f = SIGMOID(g[U + u] + p[U + u]);
    T n = TANH(g[2 * U + u] + p[2 * U + u]), o = SIGMOID(g[3 * U + u] + p[3 * U + u]);
    g[u] = i, g[U + u] = f, g[2 * U + u] = n, g[3 * U + u] = o;
    T now = f * previous[u] + i * n;
    c[u] = now;
    h[u] = o * TANH(now);
  }
}

CK_CLONES static void NAME(gru_step)(const T *restrict previous, T *restrict h, T *restrict g, const T *restrict p, long U) {
  for (long u = 0; u < U; u++) {
    T z = SIGMOID(g[u] + p[u]), r = SIGMOID(g[U + u] + p[U + u]), q = p[2 * U + u];
    T n = TANH(g[2 * U + u] + r * q);
    g[u] = z, g[U + u] = r, g[2 * U + u] = n, g[3 * U + u] = q;
    h[u] = z * previous[u] + (1 - z) * n;
  }
}

CK_CLONES static void NAME(tanh_step)(T *restrict h, const T *restrict p, long U) {
  for (long u = 0; u < U; u++) h[u] = TANH(h[u] + p[u]);
}

/* The states and the products of one step lie side by side in carry_h and work: whole sequences lie so far apart that
   their steps would meet in the same few places of the first cache. */
static void NAME(forward_rows)(void *context, int piece) {
  SEQUENCES
  T *H = w->h, *C = w->c, *G = w->gates;
  const long width = w->kind == CK_LSTM ? 4 * U : w->kind == CK_GRU ? 3 * U : U;
  const T *bias = w->kind == CK_GRU && w->bias ? (const T *)w->bias + 3 * U : 0;
  for (long t = 0; t < S; t++) {
    PACKED_PRODUCT(b1 - b0, width, U, job->carry_h + b0 * U, U, job->packed, job->work + b0 * width, width, bias, 0);
    for (long b = b0; b < b1; b++) {
      const long at = b * S + t;
      T *h = H + at * U, *carry = job->carry_h + b * U;
      const T *zero = job->carry_c; /* the cell before the first step */
      const T *product = job->work + b * width;
      if (mask && !mask[at]) {
        memcpy(h, carry, sizeof(T) * U);
        if (w->kind == CK_LSTM) memcpy(C + at * U, t > 0 ? C + (at - 1) * U : zero, sizeof(T) * U);
        continue;
      }
      if (w->kind == CK_LSTM)
        NAME(lstm_step)(t > 0 ? C + (at - 1) * U : zero, C + at * U, h, G + at * 4 * U, product, U);
      else if (w->kind == CK_GRU)
        NAME(gru_step)(carry, h, G + at * 4 * U, product, U);
      else
        NAME(tanh_step)(h, product, U);
      memcpy(carry, h, sizeof(T) * U);
    }
  }
}

CK_CLONES static void NAME(lstm_back)(const T *restrict g, const T *restrict c, const T *restrict previous,
                                      const T *restrict dh, T *restrict dc, T *restrict dg, long U) {
  for (long u = 0; u < U; u++) {
    T i = g[u], f = g[U + u], n = g[2 * U + u], o = g[3 * U + u];
    T level = TANH(c[u]);
    T d = dc[u] + dh[u] * o * (1 - level * level);
    dg[u] = d * n * i * (1 - i);
    dg[U + u] = d * previous[u] * f * (1 - f);
    dg[2 * U + u] = d * i * (1 - n * n);
    dg[3 * U + u] = dh[u] * level * o * (1 - o);
    dc[u] = d * f;
  }
}

CK_CLONES static void NAME(gru_back)(const T *restrict g, const T *restrict previous, T *restrict dh, T *restrict dg, long U) {
  for (long u = 0; u < U; u++) {
    T z = g[u], r = g[U + u], n = g[2 * U + u], q = g[3 * U + u];
    T dn = dh[u] * (1 - z) * (1 - n * n);
    dg[u] = dh[u] * (previous[u] - n) * z * (1 - z);
    dg[U + u] = dn * q * r * (1 - r);
    dg[2 * U + u] = dn;
    dg[3 * U + u] = dn * r;
    dh[u] *= z;
  }
}

CK_CLONES static void NAME(tanh_back)(const T *restrict h, const T *restrict dh, T *restrict dg, long U) {
  for (long u = 0; u < U; u++) dg[u] = dh[u] * (1 - h[u] * h[u]);
}

/* Rows of one step lie side by side, for the products of that step; a product over all rows does not mind their order. */
static void NAME(backward_rows)(void *context, int piece) {
  SEQUENCES
  const long I = w->inputs;
  const T *H = w->h, *C = w->c, *G = w->gates, *seed = w->dh, *seed_c = w->dc;
  const long width = w->kind == CK_SIMPLE ? U : 4 * U;
  const T *zero = job->carry_h + w->batch * U;
  for (long t = S - 1; t >= 0; t--) {
    for (long b = b0; b < b1; b++) {
      const long at = b * S + t;
      T *dh = job->carry_h + b * U, *dc = job->carry_c + b * U, *dg = job->work + (t * w->batch + b) * width;
      for (long u = 0; u < U; u++) dh[u] += seed[at * U + u];
      if (seed_c)
        for (long u = 0; u < U; u++) dc[u] += seed_c[at * U + u];
      const T *before = t > 0 ? H + (at - 1) * U : zero;
      T *left = job->left + (t * w->batch + b) * (U + I);
      memcpy(left, before, sizeof(T) * U);
      memcpy(left + U, (const T *)w->x + at * I, sizeof(T) * I);
      if (mask && !mask[at]) {
        memset(dg, 0, sizeof(T) * width);
      } else if (w->kind == CK_LSTM) {
        NAME(lstm_back)(G + at * 4 * U, C + at * U, t > 0 ? C + (at - 1) * U : zero, dh, dc, dg, U);
        memset(dh, 0, sizeof(T) * U);
      } else if (w->kind == CK_GRU) {
        NAME(gru_back)(G + at * 4 * U, before, dh, dg, U);
      } else {
        NAME(tanh_back)(H + at * U, dh, dg, U);
        memset(dh, 0, sizeof(T) * U);
      }
    }
    if (t == 0) break;
    /* What the previous step's h contributed: dgates · recurrentᵀ, on top of what a masked step or z carries over. */
    T *dh = job->carry_h + b0 * U;
    const T *dg = job->work + (t * w->batch + b0) * width;
    if (w->kind == CK_GRU) {
      PACKED_PRODUCT(b1 - b0, U, 2 * U, dg, width, job->packed, dh, U, 0, 1);
      PACKED_PRODUCT(b1 - b0, U, U, dg + 3 * U, width, job->packed2, dh, U, 0, 1);
    } else {
      PACKED_PRODUCT(b1 - b0, U, width, dg, width, job->packed, dh, U, 0, 1);
    }
  }
}

static void NAME(over_sequences)(NAME(sequence_job) *job, void (*body)(void *, int)) {
  const ck_recurrent *w = job->layer;
  int pieces = ck_thread_count();
  if (w->batch * w->steps * w->units * w->units < 500000) pieces = 1;
  if (pieces > w->batch) pieces = w->batch > 0 ? (int)w->batch : 1;
  job->rows = (w->batch + pieces - 1) / pieces;
  ck_pieces(pieces, body, job);
}

void NAME(ck_recurrent_forward)(const ck_recurrent *w) {
  const long U = w->units, N = w->batch * w->steps, I = w->inputs;
  const long projected = w->kind == CK_LSTM ? 4 * U : w->kind == CK_GRU ? 3 * U : U;
  const long row = w->kind == CK_SIMPLE ? U : 4 * U;
  if (N == 0 || U == 0) return;
  T *scratch = w->scratch;
  NAME(sequence_job) job = {.layer = w};
  job.packed = scratch, scratch += PACKED_SIZE(projected, U);
  job.carry_h = scratch, scratch += w->batch * U;
  job.carry_c = scratch, scratch += U;
  job.work = scratch, scratch += w->batch * projected;
  memset(job.carry_h, 0, sizeof(T) * (w->batch + 1) * U);
  PRODUCT(N, projected, I, w->x, I, 1, w->kernel, projected, 1, w->kind == CK_SIMPLE ? w->h : w->gates, row, w->bias, 0,
          scratch);
  PACK(projected, U, w->recurrent, projected, 1, job.packed);
  NAME(over_sequences)(&job, NAME(forward_rows));
}

typedef struct {
  const T *from;
  T *to;
  long rows, row, n;
} NAME(sums);

/* Some columns' sums over all rows. */
CK_CLONES static void NAME(sum_columns)(void *context, long begin, long end) {
  const NAME(sums) *job = context;
  T *restrict to = job->to;
  for (long i = begin; i < end; i++) to[i] = 0;
  for (long r = 0; r < job->rows; r++) {
    const T *restrict from = job->from + r * job->row;
    for (long i = begin; i < end; i++) to[i] += from[i];
  }
}

static void NAME(sum_rows)(const T *from, T *to, long rows, long row, long n) {
  NAME(sums) job = {from, to, rows, row, n};
  if (rows * n < 131072)
    NAME(sum_columns)(&job, 0, n);
  else
    ck_parallel(n, 64, NAME(sum_columns), &job);
}

void NAME(ck_recurrent_backward)(const ck_recurrent *w) {
  const long U = w->units, S = w->steps, N = w->batch * S, I = w->inputs;
  const long projected = w->kind == CK_LSTM ? 4 * U : w->kind == CK_GRU ? 3 * U : U;
  const long width = w->kind == CK_SIMPLE ? U : 4 * U;
  T *scratch = w->scratch;
  NAME(sequence_job) job = {.layer = w};
  job.work = scratch, scratch += N * width;
  job.left = scratch, scratch += N * (U + I);
  job.packed = scratch, scratch += PACKED_SIZE(U, 4 * U);
  job.packed2 = scratch, scratch += PACKED_SIZE(U, U);
  job.carry_h = scratch, scratch += (w->batch + 1) * U; /* and one row of zeros */
  job.carry_c = scratch, scratch += w->batch * U;
  memset(job.carry_h, 0, sizeof(T) * (2 * w->batch + 1) * U);
  const T *R = w->recurrent;
  if (w->kind == CK_GRU) {
    PACK(U, 2 * U, R, 1, 3 * U, job.packed);
    PACK(U, U, R + 2 * U, 1, 3 * U, job.packed2);
  } else {
    PACK(U, projected, R, 1, projected, job.packed);
  }
  NAME(over_sequences)(&job, NAME(backward_rows));
  const T *D = job.work, *left = job.left;
  const long both = U + I;
  if (w->kind == CK_GRU) {
    PRODUCT(U, 2 * U, N, left, 1, both, D, width, 1, w->drecurrent, 3 * U, 0, 0, scratch);
    PRODUCT(U, U, N, left, 1, both, D + 3 * U, width, 1, (T *)w->drecurrent + 2 * U, 3 * U, 0, 0, scratch);
    PRODUCT(I, projected, N, left + U, 1, both, D, width, 1, w->dkernel, projected, 0, 0, scratch);
  } else {
    /* One product for both kernels: the gates' gradients are gathered once. */
    T *sums = scratch;
    PRODUCT(both, projected, N, left, 1, both, D, width, 1, sums, projected, 0, 0, scratch + both * projected);
    memcpy(w->drecurrent, sums, sizeof(T) * U * projected);
    memcpy(w->dkernel, sums + U * projected, sizeof(T) * I * projected);
  }
  if (w->dx) {
    T *rows = scratch, *dx = w->dx;
    PRODUCT(N, I, projected, D, width, 1, w->kernel, 1, projected, rows, I, 0, 0, scratch + N * I);
    for (long b = 0; b < w->batch; b++)
      for (long t = 0; t < S; t++) memcpy(dx + (b * S + t) * I, rows + (t * w->batch + b) * I, sizeof(T) * I);
  }
  if (w->dbias) {
    NAME(sum_rows)(D, w->dbias, N, width, projected);
    if (w->kind == CK_GRU) {
      T *second = (T *)w->dbias + 3 * U;
      memcpy(second, w->dbias, sizeof(T) * 2 * U);
      NAME(sum_rows)(D + 3 * U, second + 2 * U, N, width, U);
    }
  }
}

#undef SEQUENCES
