/* Attention for one element type: T, NAME(x), EXP, LOG, PRODUCT. Scores exist for BLOCK queries of one head at a time. */

typedef struct {
  const ck_attention *w;
  size_t scratch;
} NAME(head_job);

/* How many keys the queries of a block see. */
CK_INLINE long NAME(seen)(const ck_attention *w, long last) {
  return w->is_causal && last < w->keys ? last : w->keys;
}

#define HIDDEN ((T)-1e9)

/* Scores of a block: (rows, count), hidden ones set. */
CK_CLONES static void NAME(hide)(const ck_attention *w, T *scores, long row0, long rows, long count, const uint8_t *mask) {
  for (long r = 0; r < rows; r++) {
    T *s = scores + r * count;
    if (mask)
      for (long j = 0; j < count; j++) s[j] = mask[j] ? s[j] : HIDDEN;
    if (w->is_causal)
      for (long j = row0 + r + 1; j < count; j++) s[j] = HIDDEN;
  }
}

CK_CLONES static void NAME(softmax_rows)(T *scores, T *level, long rows, long count) {
  for (long r = 0; r < rows; r++) {
    T *s = scores + r * count;
    T top = s[0];
    T tops[16];
    for (int l = 0; l < 16; l++) tops[l] = top;
    long j = 0;
    for (; j + 16 <= count; j += 16)
      for (int l = 0; l < 16; l++) tops[l] = s[j + l] > tops[l] ? s[j + l] : tops[l];
    for (; j < count; j++) tops[0] = s[j] > tops[0] ? s[j] : tops[0];
    for (int l = 0; l < 16; l++) top = tops[l] > top ? tops[l] : top;
    T sums[16] = {0};
    for (j = 0; j < count; j++) s[j] = EXP(s[j] - top);
    for (j = 0; j + 16 <= count; j += 16)
      for (int l = 0; l < 16; l++) sums[l] += s[j + l];
    for (; j < count; j++) sums[0] += s[j];
    T total = 0;
    for (int l = 0; l < 16; l++) total += sums[l];
    T share = 1 / total;
    for (j = 0; j < count; j++) s[j] *= share;
    level[r] = top + LOG(total);
  }
}

static void NAME(forward_head)(void *context, int piece) {
  const NAME(head_job) *job = context;
  const ck_attention *w = job->w;
  T *scores = (T *)w->scratch + piece * job->scratch;
  T *work = scores + BLOCK * w->keys;
  for (long head = piece; head < w->batch * w->heads; head += w->pieces) {
    const long b = head / w->heads, h = head % w->heads;
    const T *q = (const T *)w->q + b * w->q_batch + h * w->q_head;
    const T *k = (const T *)w->k + b * w->k_batch + h * w->k_head;
    const T *v = (const T *)w->v + b * w->v_batch + h * w->v_head;
    T *y = (T *)w->y + b * w->y_batch + h * w->y_head;
    const uint8_t *mask = w->mask ? w->mask + b * w->keys : 0;
    for (long row0 = 0; row0 < w->queries; row0 += BLOCK) {
      const long rows = w->queries - row0 < BLOCK ? w->queries - row0 : BLOCK;
      const long count = NAME(seen)(w, row0 + rows);
      PRODUCT(rows, count, w->dim, q + row0 * w->q_time, w->q_time, 1, k, 1, w->k_time, scores, count, 0, work);
      for (long i = 0; i < rows * count; i++) scores[i] *= (T)w->scale;
      NAME(hide)(w, scores, row0, rows, count, mask);
      NAME(softmax_rows)(scores, (T *)w->level + head * w->queries + row0, rows, count);
      PRODUCT(rows, w->value_dim, count, scores, count, 1, v, w->v_time, 1, y + row0 * w->y_time, w->y_time, 0, work);
    }
  }
}

CK_CLONES static void NAME(score_gradient)(T *p, const T *dp, const T *level, const T *y, const T *dy, long y_time, long rows,
                                           long count, long value_dim, T scale, T *ds) {
  for (long r = 0; r < rows; r++) {
    T total = 0;
    for (long d = 0; d < value_dim; d++) total += y[r * y_time + d] * dy[r * y_time + d];
    const T base = level[r];
    for (long j = 0; j < count; j++) p[r * count + j] = EXP(p[r * count + j] - base);
    for (long j = 0; j < count; j++) ds[r * count + j] = p[r * count + j] * (dp[r * count + j] - total) * scale;
  }
}

static void NAME(backward_head)(void *context, int piece) {
  const NAME(head_job) *job = context;
  const ck_attention *w = job->w;
  T *p = (T *)w->scratch + piece * job->scratch;
  T *dp = p + BLOCK * w->keys, *ds = dp + BLOCK * w->keys, *work = ds + BLOCK * w->keys;
  for (long head = piece; head < w->batch * w->heads; head += w->pieces) {
    const long b = head / w->heads, h = head % w->heads;
    const T *q = (const T *)w->q + b * w->q_batch + h * w->q_head;
    const T *k = (const T *)w->k + b * w->k_batch + h * w->k_head;
    const T *v = (const T *)w->v + b * w->v_batch + h * w->v_head;
    const T *y = (const T *)w->y + b * w->y_batch + h * w->y_head;
    const T *dy = (const T *)w->dy + b * w->y_batch + h * w->y_head;
    T *dq = (T *)w->dq + b * w->q_batch + h * w->q_head;
    T *dk = (T *)w->dk + b * w->k_batch + h * w->k_head;
    T *dv = (T *)w->dv + b * w->v_batch + h * w->v_head;
    const uint8_t *mask = w->mask ? w->mask + b * w->keys : 0;
    for (long j = 0; j < w->keys; j++) {
      memset(dk + j * w->k_time, 0, sizeof(T) * w->dim);
      memset(dv + j * w->v_time, 0, sizeof(T) * w->value_dim);
    }
    for (long row0 = 0; row0 < w->queries; row0 += BLOCK) {
      const long rows = w->queries - row0 < BLOCK ? w->queries - row0 : BLOCK;
      const long count = NAME(seen)(w, row0 + rows);
      const T *dyr = dy + row0 * w->y_time, *qr = q + row0 * w->q_time;
      PRODUCT(rows, count, w->dim, qr, w->q_time, 1, k, 1, w->k_time, p, count, 0, work);
      for (long i = 0; i < rows * count; i++) p[i] *= (T)w->scale;
      NAME(hide)(w, p, row0, rows, count, mask);
      PRODUCT(rows, count, w->value_dim, dyr, w->y_time, 1, v, 1, w->v_time, dp, count, 0, work);
      NAME(score_gradient)(p, dp, (const T *)w->level + head * w->queries + row0, y + row0 * w->y_time, dyr, w->y_time, rows,
                           count, w->value_dim, (T)w->scale, ds);
      PRODUCT(count, w->value_dim, rows, p, 1, count, dyr, w->y_time, 1, dv, w->v_time, 1, work);
      PRODUCT(rows, w->dim, count, ds, count, 1, k, w->k_time, 1, dq + row0 * w->q_time, w->q_time, 0, work);
      PRODUCT(count, w->dim, rows, ds, 1, count, qr, w->q_time, 1, dk, w->k_time, 1, work);
    }
  }
}

static void NAME(over_heads)(const ck_attention *w, int is_backward, void (*body)(void *, int)) {
  NAME(head_job) job = {w, ck_attention_scratch(w, is_backward) / (w->pieces > 0 ? w->pieces : 1)};
  ck_pieces(w->pieces, body, &job);
}

void NAME(ck_attention_forward)(const ck_attention *w) { NAME(over_heads)(w, 0, NAME(forward_head)); }
void NAME(ck_attention_backward)(const ck_attention *w) { NAME(over_heads)(w, 1, NAME(backward_head)); }

#undef HIDDEN
