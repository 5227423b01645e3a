/* Row kernels for one element type: T, NAME(x), EXP, LOG, LOG1P_UNIT, SQRT. Sums run in 16 lanes whatever the processor,
   so that results agree between instruction sets but for fused multiply-add. */

#define LANES 16

/* A loop over a row whose elements do not depend on each other. */
#define ROW_EACH(COUNT) \
  _Pragma("clang loop vectorize(assume_safety) interleave_count(4)") for (long i = 0; i < (COUNT); i++)

CK_INLINE T NAME(fold_sum)(const T *lanes) {
  T s[8];
  for (int i = 0; i < 8; i++) s[i] = lanes[i] + lanes[i + 8];
  for (int i = 0; i < 4; i++) s[i] += s[i + 4];
  return (s[0] + s[2]) + (s[1] + s[3]);
}

#define ROW_SUM(RESULT, COUNT, EXPRESSION)                    \
  T RESULT;                                                   \
  {                                                           \
    T lanes[LANES] = {0};                                     \
    long i0 = 0;                                              \
    for (; i0 + LANES <= (COUNT); i0 += LANES)                \
      for (int l = 0; l < LANES; l++) {                       \
        long i = i0 + l;                                      \
        lanes[l] += (EXPRESSION);                             \
      }                                                       \
    for (long i = i0; i < (COUNT); i++) lanes[i - i0] += (EXPRESSION); \
    RESULT = NAME(fold_sum)(lanes);                           \
  }

typedef T NAME(vector) __attribute__((vector_size(LANES * sizeof(T)), aligned(sizeof(T))));

/* Two vectors of lanes take turns, so that an addition need not wait for the one before it; `ahead`, the next row, is asked
   for while this one is worked on. */
#define VECTOR_SUM(TERM)                                                         \
  NAME(vector) first = {0}, second = {0};                                        \
  long i = 0;                                                                    \
  for (; i + 2 * LANES <= n; i += 2 * LANES) {                                   \
    for (long byte = 0; byte < 2 * LANES * (long)sizeof(T); byte += 64)          \
      __builtin_prefetch((const char *)(ahead + i) + byte);                      \
    NAME(vector) v = *(const NAME(vector) *)(x + i), w = *(const NAME(vector) *)(x + i + LANES); \
    first += TERM(v);                                                            \
    second += TERM(w);                                                           \
  }                                                                              \
  first += second;                                                               \
  for (; i + LANES <= n; i += LANES) {                                           \
    NAME(vector) v = *(const NAME(vector) *)(x + i);                             \
    first += TERM(v);                                                            \
  }                                                                              \
  T lanes[LANES];                                                                \
  memcpy(lanes, &first, sizeof lanes);                                           \
  for (long l = 0; i + l < n; l++) lanes[l] += TERM(x[i + l]);                   \
  return NAME(fold_sum)(lanes);

#define ITSELF(V) (V)
#define SQUARED_DISTANCE(V) (((V) - mean) * ((V) - mean))

CK_INLINE T NAME(row_sum)(const T *x, long n, const T *ahead) { VECTOR_SUM(ITSELF) }
CK_INLINE T NAME(row_squares)(const T *x, T mean, long n, const T *ahead) { VECTOR_SUM(SQUARED_DISTANCE) }

#undef ITSELF
#undef SQUARED_DISTANCE
#undef VECTOR_SUM

CK_INLINE T NAME(row_max)(const T *x, long n) {
  T best = x[0];
  if (n >= LANES) {
    T lanes[LANES];
    for (int l = 0; l < LANES; l++) lanes[l] = x[l];
    long i = LANES;
    for (; i + LANES <= n; i += LANES)
      for (int l = 0; l < LANES; l++) lanes[l] = x[i + l] > lanes[l] ? x[i + l] : lanes[l];
    for (; i < n; i++) lanes[0] = x[i] > lanes[0] ? x[i] : lanes[0];
    best = lanes[0];
    for (int l = 1; l < LANES; l++) best = lanes[l] > best ? lanes[l] : best;
  } else {
    for (long i = 1; i < n; i++) best = x[i] > best ? x[i] : best;
  }
  return best;
}

typedef struct {
  const T *a, *b, *c, *d, *e;
  T *y, *y2, *y3;
  const int *ids;
  long rows, n, inner, step;
  double epsilon;
  int flag;
  long failed[64];
} NAME(job);

/* The rows of one piece. */
#define PIECE_ROWS                                   \
  NAME(job) *job = context;                          \
  const long n = job->n;                             \
  const long row0 = piece * job->step;               \
  const long row1 = row0 + job->step < job->rows ? row0 + job->step : job->rows;

static void NAME(over_rows)(NAME(job) *job, void (*body)(void *, int), int weight) {
  long pieces = ck_row_pieces(job->rows);
  job->step = (job->rows + pieces - 1) / (pieces ? pieces : 1);
  if (job->rows * job->n * job->inner * weight < 131072)
    for (int piece = 0; piece < pieces; piece++) body(job, piece);
  else
    ck_pieces((int)pieces, body, job);
}

/* ---- softmax ---- */

CK_CLONES static void NAME(softmax_body)(void *context, int piece) {
  PIECE_ROWS
  const int is_log = job->flag;
  if (job->inner == 1) {
    for (long r = row0; r < row1; r++) {
      const T *x = job->a + r * n;
      T *y = job->y + r * n;
      T top = NAME(row_max)(x, n);
      ROW_EACH(n) y[i] = EXP_BELOW(x[i] - top);
      const T total = NAME(row_sum)(y, n, x + n);
      if (is_log) {
        const T level = LOG(total);
        ROW_EACH(n) y[i] = (x[i] - top) - level;
      } else {
        const T share = (T)1 / total;
        ROW_EACH(n) y[i] *= share;
      }
    }
    return;
  }
  const long inner = job->inner;
  for (long r = row0; r < row1; r++)
    for (long c0 = 0; c0 < inner; c0 += 64) {
      const long width = inner - c0 < 64 ? inner - c0 : 64;
      const T *x = job->a + r * n * inner + c0;
      T *y = job->y + r * n * inner + c0;
      T top[64], total[64];
      for (long c = 0; c < width; c++) top[c] = x[c];
      for (long i = 1; i < n; i++)
        for (long c = 0; c < width; c++) top[c] = x[i * inner + c] > top[c] ? x[i * inner + c] : top[c];
      for (long c = 0; c < width; c++) total[c] = 0;
      for (long i = 0; i < n; i++)
        for (long c = 0; c < width; c++) total[c] += EXP_BELOW(x[i * inner + c] - top[c]);
      if (is_log) {
        for (long c = 0; c < width; c++) total[c] = LOG(total[c]);
        for (long i = 0; i < n; i++)
          for (long c = 0; c < width; c++) y[i * inner + c] = (x[i * inner + c] - top[c]) - total[c];
      } else {
        for (long c = 0; c < width; c++) total[c] = (T)1 / total[c];
        for (long i = 0; i < n; i++)
          for (long c = 0; c < width; c++) y[i * inner + c] = EXP_BELOW(x[i * inner + c] - top[c]) * total[c];
      }
    }
}

void NAME(ck_softmax)(const T *x, T *y, long outer, long n, long inner) {
  NAME(job) job = {.a = x, .y = y, .rows = outer, .n = n, .inner = inner, .flag = 0};
  NAME(over_rows)(&job, NAME(softmax_body), 8);
}
void NAME(ck_log_softmax)(const T *x, T *y, long outer, long n, long inner) {
  NAME(job) job = {.a = x, .y = y, .rows = outer, .n = n, .inner = inner, .flag = 1};
  NAME(over_rows)(&job, NAME(softmax_body), 8);
}

CK_CLONES static void NAME(softmax_gradient_body)(void *context, int piece) {
  PIECE_ROWS
  const int is_log = job->flag;
  const long inner = job->inner;
  if (inner == 1) {
    for (long r = row0; r < row1; r++) {
      const T *y = job->a + r * n, *g = job->b + r * n;
      T *dx = job->y + r * n;
      if (is_log) {
        ROW_SUM(total, n, g[i])
        for (long i = 0; i < n; i++) dx[i] = g[i] - EXP(y[i]) * total;
      } else {
        ROW_SUM(total, n, g[i] * y[i])
        for (long i = 0; i < n; i++) dx[i] = y[i] * (g[i] - total);
      }
    }
    return;
  }
  for (long r = row0; r < row1; r++)
    for (long c0 = 0; c0 < inner; c0 += 64) {
      const long width = inner - c0 < 64 ? inner - c0 : 64, at = r * n * inner + c0;
      const T *y = job->a + at, *g = job->b + at;
      T *dx = job->y + at;
      T total[64];
      for (long c = 0; c < width; c++) total[c] = 0;
      for (long i = 0; i < n; i++)
        for (long c = 0; c < width; c++) total[c] += is_log ? g[i * inner + c] : g[i * inner + c] * y[i * inner + c];
      for (long i = 0; i < n; i++)
        for (long c = 0; c < width; c++) {
          long p = i * inner + c;
          dx[p] = is_log ? g[p] - EXP(y[p]) * total[c] : y[p] * (g[p] - total[c]);
        }
    }
}

void NAME(ck_softmax_gradient)(const T *y, const T *g, T *dx, long outer, long n, long inner) {
  NAME(job) job = {.a = y, .b = g, .y = dx, .rows = outer, .n = n, .inner = inner, .flag = 0};
  NAME(over_rows)(&job, NAME(softmax_gradient_body), 2);
}
void NAME(ck_log_softmax_gradient)(const T *y, const T *g, T *dx, long outer, long n, long inner) {
  NAME(job) job = {.a = y, .b = g, .y = dx, .rows = outer, .n = n, .inner = inner, .flag = 1};
  NAME(over_rows)(&job, NAME(softmax_gradient_body), 8);
}

/* ---- cross-entropy ---- */

CK_CLONES static void NAME(cross_entropy_body)(void *context, int piece) {
  PIECE_ROWS
  for (long r = row0; r < row1; r++) {
    const T *z = job->a + r * n;
    int class = job->ids[r];
    if (class < 0 || class >= n) {
      if (job->failed[piece] < 0) job->failed[piece] = r;
      continue;
    }
    T top = NAME(row_max)(z, n);
    ROW_SUM(total, n, EXP_BELOW(z[i] - top))
    if (job->b) {
      T share = job->b[r] / total;
      T *dz = job->y + r * n;
      for (long i = 0; i < n; i++) dz[i] = EXP_BELOW(z[i] - top) * share;
      dz[class] -= job->b[r];
    } else {
      job->y[r] = LOG(total) + (top - z[class]);
    }
  }
}

static long NAME(cross_entropy_run)(const T *z, const int *classes, const T *g, T *y, long rows, long n) {
  NAME(job) job = {.a = z, .b = g, .y = y, .ids = classes, .rows = rows, .n = n, .inner = 1};
  for (int piece = 0; piece < 64; piece++) job.failed[piece] = -1;
  NAME(over_rows)(&job, NAME(cross_entropy_body), 8);
  for (int piece = 0; piece < 64; piece++)
    if (job.failed[piece] >= 0) return job.failed[piece];
  return -1;
}

long NAME(ck_cross_entropy)(const T *z, const int *classes, T *loss, long rows, long n) {
  return NAME(cross_entropy_run)(z, classes, 0, loss, rows, n);
}
long NAME(ck_cross_entropy_gradient)(const T *z, const int *classes, const T *g, T *dz, long rows, long n) {
  return NAME(cross_entropy_run)(z, classes, g, dz, rows, n);
}

CK_CLONES void NAME(ck_sigmoid_cross_entropy)(const T *z, const T *t, T *loss, long count) {
  for (long i = 0; i < count; i++) {
    T a = z[i] < 0 ? -z[i] : z[i];
    T positive = z[i] < 0 ? (T)0 : z[i];
    loss[i] = (positive - z[i] * t[i]) + LOG1P_UNIT(EXP(-a));
  }
}

/* ---- layer and rms normalisation ---- */

CK_CLONES static void NAME(layer_norm_body)(void *context, int piece) {
  PIECE_ROWS
  const T *gamma = job->b, *beta = job->c;
  const T part = (T)1 / (T)n, epsilon = (T)job->epsilon;
  for (long r = row0; r < row1; r++) {
    const T *x = job->a + r * n;
    T *y = job->y + r * n;
    T mean = 0;
    if (job->flag) mean = NAME(row_sum)(x, n, x) * part;
    const T squares = NAME(row_squares)(x, mean, n, x + n);
    T rate = (T)1 / SQRT(squares * part + epsilon);
    job->y2[r] = mean;
    job->y3[r] = rate;
    if (gamma && beta)
      for (long i = 0; i < n; i++) y[i] = (x[i] - mean) * rate * gamma[i] + beta[i];
    else if (gamma)
      for (long i = 0; i < n; i++) y[i] = (x[i] - mean) * rate * gamma[i];
    else if (beta)
      for (long i = 0; i < n; i++) y[i] = (x[i] - mean) * rate + beta[i];
    else
      for (long i = 0; i < n; i++) y[i] = (x[i] - mean) * rate;
  }
}

void NAME(ck_layer_norm)(const T *x, const T *gamma, const T *beta, T *y, T *mean, T *rate, long rows, long n,
                         double epsilon, int centred) {
  NAME(job) job = {.a = x, .b = gamma, .c = beta, .y = y, .y2 = mean, .y3 = rate, .rows = rows, .n = n, .inner = 1,
                   .epsilon = epsilon, .flag = centred};
  NAME(over_rows)(&job, NAME(layer_norm_body), 2);
}

CK_CLONES static void NAME(layer_norm_gradient_body)(void *context, int piece) {
  PIECE_ROWS
  const T *gamma = job->b;
  const T part = (T)1 / (T)n;
  T *dgamma = job->y2 + piece * 2 * n, *dbeta = dgamma + n;
  for (long i = 0; i < n; i++) dgamma[i] = dbeta[i] = 0;
  for (long r = row0; r < row1; r++) {
    const T *x = job->a + r * n, *g = job->e + r * n;
    const T mean = job->c[r], rate = job->d[r];
    for (long i = 0; i < n; i++) {
      dgamma[i] += g[i] * ((x[i] - mean) * rate);
      dbeta[i] += g[i];
    }
    if (!job->y) continue;
    T *dx = job->y + r * n;
    for (long i = 0; i < n; i++) dx[i] = gamma ? g[i] * gamma[i] : g[i];
    T level = 0;
    if (job->flag) {
      ROW_SUM(total, n, dx[i])
      level = total * part;
    }
    ROW_SUM(tilt, n, dx[i] * ((x[i] - mean) * rate))
    tilt *= part;
    for (long i = 0; i < n; i++) dx[i] = rate * (dx[i] - level - ((x[i] - mean) * rate) * tilt);
  }
}

/* Adds up the pieces' sums in their order. */
CK_CLONES static void NAME(fold_pieces)(const T *partial, T *result, long pieces, long stride, long n) {
  for (long i = 0; i < n; i++) result[i] = partial[i];
  for (long p = 1; p < pieces; p++)
    for (long i = 0; i < n; i++) result[i] += partial[p * stride + i];
}

void NAME(ck_layer_norm_gradient)(const T *x, const T *gamma, const T *mean, const T *rate, const T *g, T *dx, T *dgamma,
                                  T *dbeta, T *partial, long rows, long n, int centred) {
  NAME(job) job = {.a = x, .b = gamma, .c = mean, .d = rate, .e = g, .y = dx, .y2 = partial, .rows = rows, .n = n,
                   .inner = 1, .flag = centred};
  NAME(over_rows)(&job, NAME(layer_norm_gradient_body), 4);
  long pieces = ck_row_pieces(rows);
  if (dgamma) NAME(fold_pieces)(partial, dgamma, pieces, 2 * n, n);
  if (dbeta) NAME(fold_pieces)(partial + n, dbeta, pieces, 2 * n, n);
}

/* ---- batch normalisation ---- */

/* Narrow rows are taken several at a time, as one row of up to TILE columns: `step_rows` rows. What belongs to a column is
   repeated for each of them. */
#define TILE 128

CK_INLINE long NAME(tile_rows)(long n) { return n <= TILE / 2 ? TILE / n : 1; }

CK_INLINE const T *NAME(tiled)(const T *values, T *tile, long n, long step_rows) {
  if (step_rows == 1 || !values) return values;
  for (long k = 0; k < step_rows; k++)
    for (long i = 0; i < n; i++) tile[k * n + i] = values[i];
  return tile;
}

/* Calls BODY(r, width) for stretches of whole rows from row0 to row1. */
#define EACH_STRETCH(BODY)                                                \
  {                                                                       \
    long r = row0;                                                        \
    for (; r + step_rows <= row1; r += step_rows) { BODY(r, n *step_rows) } \
    for (; r < row1; r++) { BODY(r, n) }                                  \
  }

CK_CLONES static void NAME(column_sum_body)(void *context, int piece) {
  PIECE_ROWS
  const long step_rows = NAME(tile_rows)(n);
  T sum_tile[TILE], mean_tile[TILE];
  T *restrict sum = step_rows > 1 ? sum_tile : job->y + piece * n;
  const T *restrict mean = NAME(tiled)(job->b, mean_tile, n, step_rows);
  for (long i = 0; i < n * step_rows; i++) sum[i] = 0;
#define ADD_PLAIN(R, WIDTH)               \
  const T *restrict x = job->a + (R) * n; \
  for (long i = 0; i < (WIDTH); i++) sum[i] += x[i];
#define ADD_SQUARES(R, WIDTH)             \
  const T *restrict x = job->a + (R) * n; \
  for (long i = 0; i < (WIDTH); i++) sum[i] += (x[i] - mean[i]) * (x[i] - mean[i]);
  if (mean)
    EACH_STRETCH(ADD_SQUARES)
  else
    EACH_STRETCH(ADD_PLAIN)
#undef ADD_PLAIN
#undef ADD_SQUARES
  if (step_rows > 1) NAME(fold_pieces)(sum_tile, job->y + piece * n, step_rows, n, n);
}

/* y = x · scale + offset by columns. */
CK_CLONES static void NAME(scale_columns_body)(void *context, int piece) {
  PIECE_ROWS
  const long step_rows = NAME(tile_rows)(n);
  T tiles[3][TILE];
  const T *restrict mean = NAME(tiled)(job->b, tiles[0], n, step_rows);
  const T *restrict scale = NAME(tiled)(job->c, tiles[1], n, step_rows);
  const T *restrict beta = NAME(tiled)(job->d, tiles[2], n, step_rows);
#define SCALE_ROW(R, WIDTH)               \
  const T *restrict x = job->a + (R) * n; \
  T *restrict y = job->y + (R) * n;       \
  if (beta)                               \
    for (long i = 0; i < (WIDTH); i++) y[i] = (x[i] - mean[i]) * scale[i] + beta[i]; \
  else                                    \
    for (long i = 0; i < (WIDTH); i++) y[i] = (x[i] - mean[i]) * scale[i];
  EACH_STRETCH(SCALE_ROW)
#undef SCALE_ROW
}

CK_CLONES void NAME(ck_batch_norm)(const T *x, const T *gamma, const T *beta, T *y, T *mean, T *variance, T *partial,
                                   long rows, long n, double epsilon) {
  long pieces = ck_row_pieces(rows);
  T part = (T)1 / (T)rows;
  NAME(job) sums = {.a = x, .y = partial, .rows = rows, .n = n, .inner = 1};
  NAME(over_rows)(&sums, NAME(column_sum_body), 1);
  NAME(fold_pieces)(partial, mean, pieces, n, n);
  for (long i = 0; i < n; i++) mean[i] *= part;
  sums.b = mean;
  NAME(over_rows)(&sums, NAME(column_sum_body), 1);
  NAME(fold_pieces)(partial, variance, pieces, n, n);
  for (long i = 0; i < n; i++) variance[i] *= part;
  for (long i = 0; i < n; i++) partial[i] = (gamma ? gamma[i] : (T)1) / SQRT(variance[i] + (T)epsilon);
  NAME(job) apply = {.a = x, .b = mean, .c = partial, .d = beta, .y = y, .rows = rows, .n = n, .inner = 1};
  NAME(over_rows)(&apply, NAME(scale_columns_body), 1);
}

CK_CLONES static void NAME(batch_gradient_sums)(void *context, int piece) {
  PIECE_ROWS
  const long step_rows = NAME(tile_rows)(n);
  T tiles[3][TILE];
  T *restrict dgamma = step_rows > 1 ? tiles[0] : job->y + piece * 2 * n;
  T *restrict dbeta = step_rows > 1 ? tiles[1] : dgamma + n;
  const T *restrict mean = NAME(tiled)(job->b, tiles[2], n, step_rows);
  for (long i = 0; i < n * step_rows; i++) dgamma[i] = dbeta[i] = 0;
#define ADD_ROW(R, WIDTH)                                                   \
  const T *restrict x = job->a + (R) * n, *restrict g = job->e + (R) * n;   \
  for (long i = 0; i < (WIDTH); i++) {                                      \
    dgamma[i] += g[i] * (x[i] - mean[i]);                                   \
    dbeta[i] += g[i];                                                       \
  }
  EACH_STRETCH(ADD_ROW)
#undef ADD_ROW
  if (step_rows == 1) return;
  NAME(fold_pieces)(dgamma, job->y + piece * 2 * n, step_rows, n, n);
  NAME(fold_pieces)(dbeta, job->y + piece * 2 * n + n, step_rows, n, n);
}

/* dx = scale (g - level - (x - mean) tilt) */
CK_CLONES static void NAME(batch_gradient_apply)(void *context, int piece) {
  PIECE_ROWS
  const long step_rows = NAME(tile_rows)(n);
  T tiles[4][TILE];
  const T *restrict mean = NAME(tiled)(job->b, tiles[0], n, step_rows);
  const T *restrict scale = NAME(tiled)(job->c, tiles[1], n, step_rows);
  const T *restrict level = NAME(tiled)(job->d, tiles[2], n, step_rows);
  const T *restrict tilt = NAME(tiled)(job->d + n, tiles[3], n, step_rows);
#define APPLY_ROW(R, WIDTH)                                               \
  const T *restrict x = job->a + (R) * n, *restrict g = job->e + (R) * n; \
  T *restrict dx = job->y + (R) * n;                                      \
  for (long i = 0; i < (WIDTH); i++) dx[i] = scale[i] * (g[i] - level[i] - (x[i] - mean[i]) * tilt[i]);
  EACH_STRETCH(APPLY_ROW)
#undef APPLY_ROW
}

CK_CLONES void NAME(ck_batch_norm_gradient)(const T *x, const T *gamma, const T *mean, const T *variance, const T *g, T *dx,
                                            T *dgamma, T *dbeta, T *partial, long rows, long n, double epsilon) {
  long pieces = ck_row_pieces(rows);
  T part = (T)1 / (T)rows;
  NAME(job) sums = {.a = x, .b = mean, .e = g, .y = partial, .rows = rows, .n = n, .inner = 1};
  NAME(over_rows)(&sums, NAME(batch_gradient_sums), 2);
  T *fixed = partial + pieces * 2 * n; /* scale, level, tilt */
  NAME(fold_pieces)(partial + n, fixed + n, pieces, 2 * n, n);
  NAME(fold_pieces)(partial, fixed + 2 * n, pieces, 2 * n, n);
  for (long i = 0; i < n; i++) {
    T rate = (T)1 / SQRT(variance[i] + (T)epsilon);
    T level = fixed[n + i], tilt = fixed[2 * n + i];
    if (dbeta) dbeta[i] = level;
    if (dgamma) dgamma[i] = tilt * rate;
    fixed[i] = (gamma ? gamma[i] : (T)1) * rate;
    fixed[n + i] = level * part;
    fixed[2 * n + i] = tilt * part * rate * rate;
  }
  if (!dx) return;
  NAME(job) apply = {.a = x, .b = mean, .c = fixed, .d = fixed + n, .e = g, .y = dx, .rows = rows, .n = n, .inner = 1};
  NAME(over_rows)(&apply, NAME(batch_gradient_apply), 1);
}

/* ---- embedding ---- */

long NAME(ck_embedding)(const T *table, const int *ids, T *y, long count, long vocabulary, long width) {
  for (long i = 0; i < count; i++) {
    if (ids[i] < 0 || ids[i] >= vocabulary) return i;
    memcpy(y + i * width, table + ids[i] * width, sizeof(T) * width);
  }
  return -1;
}

CK_CLONES long NAME(ck_embedding_gradient)(const T *g, const int *ids, T *table, long count, long vocabulary, long width) {
  memset(table, 0, sizeof(T) * vocabulary * width);
  for (long i = 0; i < count; i++) {
    if (ids[i] < 0 || ids[i] >= vocabulary) return i;
    T *row = table + ids[i] * width;
    const T *add = g + i * width;
    for (long c = 0; c < width; c++) row[c] += add[c];
  }
  return -1;
}

#undef LANES
#undef ROW_SUM
#undef PIECE_ROWS
#undef EACH_STRETCH
#undef TILE
