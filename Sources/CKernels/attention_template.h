/* Attention for one element type: T, NAME(x), EXP, LOG, and the products PACKED_SIZE, PACK, PRODUCT_PACKED and PRODUCT.
   Scores exist for BLOCK queries of one head at a time, their gradients for some blocks. A query's row of scores has room
   for whole vectors. */

typedef struct {
  const ck_attention *w;
  size_t scratch;
} NAME(head_job);

#define HIDDEN ((T)-1e9)

/* Rows of `width` numbers, `step` apart, side by side; gives where they end. */
CK_CLONES static T *NAME(lay_out)(long rows, long width, const T *from, long step, T *to) {
  for (long r = 0; r < rows; r++, from += step, to += width)
    for (long d = 0; d < width; d++) to[d] = from[d];
  return to;
}

/* The scores of the first `limit` keys of one query, scaled, with masked ones hidden; up to `whole` repeated. Where all are
   masked the query is blind: all its scores are 0, whatever it is. */
CK_CLONES static int NAME(scale_scores)(T *s, long limit, long whole, T scale, const uint8_t *mask) {
  for (long j = limit; j < whole; j++) s[j] = s[0];
  for (long j = 0; j < whole; j++) s[j] *= scale;
  if (!mask) return 0;
  int seen = 0;
  for (long j = 0; j < limit; j++) seen |= mask[j];
  for (long j = 0; j < limit; j++) s[j] = mask[j] ? s[j] : seen ? HIDDEN : 0;
  for (long j = limit; j < whole; j++) s[j] = s[0];
  return !seen;
}

/* exp(s - top) with the greatest score, 0 from `limit` to `count`; gives the sum. */
CK_CLONES static T NAME(exponentials)(T *s, long limit, long whole, long count, T *top) {
  T tops[LANES], sums[LANES] = {0};
  for (int l = 0; l < LANES; l++) tops[l] = s[l];
  for (long j = LANES; j < whole; j += LANES)
    for (int l = 0; l < LANES; l++) tops[l] = s[j + l] > tops[l] ? s[j + l] : tops[l];
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int l = 0; l < half; l++) tops[l] = tops[l + half] > tops[l] ? tops[l + half] : tops[l];
  const T greatest = *top = tops[0];
  for (long j = 0; j < whole; j++) s[j] = EXP(s[j] - greatest);
  for (long j = limit; j < whole || j < count; j++) s[j] = 0;
  for (long j = 0; j < whole; j += LANES)
    for (int l = 0; l < LANES; l++) sums[l] += s[j + l];
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int l = 0; l < half; l++) sums[l] += sums[l + half];
  return sums[0];
}

/* y of some queries divided by the sums of their exponentials, and the logarithms of these, levelled. */
CK_CLONES static void NAME(normalise)(T *y, long rows, long width, long step, const T *sums, const T *tops, T *level) {
  for (long r = 0; r < rows; r++) level[r] = tops[r] + LOG(sums[r]);
  for (long r = 0; r < rows; r++, y += step) {
    const T share = 1 / sums[r];
    for (long d = 0; d < width; d++) y[d] *= share;
  }
}

CK_INLINE long NAME(limit)(const ck_attention *w, long row) { return w->is_causal && row + 1 < w->keys ? row + 1 : w->keys; }

static void NAME(forward_head)(void *context, int piece) {
  const NAME(head_job) *job = context;
  const ck_attention *w = job->w;
  const long stride = row_stride(w);
  T *scores = (T *)w->scratch + piece * job->scratch, *values = scores + BLOCK * stride;
  T *packed = values + w->keys * w->value_dim;
  for (long head = piece; head < w->batch * w->heads; head += w->pieces) {
    const long b = head / w->heads, h = head % w->heads;
    const T *q = (const T *)w->q + b * w->q_batch + h * w->q_head;
    const T *k = (const T *)w->k + b * w->k_batch + h * w->k_head;
    const T *v = (const T *)w->v + b * w->v_batch + h * w->v_head;
    T *level = (T *)w->level + head * w->queries;
    const uint8_t *mask = w->mask ? w->mask + b * w->keys : 0;
    PACK(w->keys, w->dim, k, w->k_time, packed);
    NAME(lay_out)(w->keys, w->value_dim, v, w->v_time, values);
    for (long row0 = 0; row0 < w->queries; row0 += BLOCK) {
      const long rows = w->queries - row0 < BLOCK ? w->queries - row0 : BLOCK, count = NAME(limit)(w, row0 + rows - 1);
      T *y = (T *)w->y + b * w->y_batch + h * w->y_head + row0 * w->y_time, sums[BLOCK], tops[BLOCK];
      PRODUCT_PACKED(rows, count, w->dim, q + row0 * w->q_time, w->q_time, packed, w->keys, scores, stride);
      for (long r = 0; r < rows; r++) {
        const long limit = NAME(limit)(w, row0 + r), whole = whole_lanes(limit);
        NAME(scale_scores)(scores + r * stride, limit, whole, (T)w->scale, mask);
        sums[r] = NAME(exponentials)(scores + r * stride, limit, whole, count, tops + r);
      }
      PRODUCT(rows, w->value_dim, count, scores, stride, 1, values, y, w->y_time, 0);
      NAME(normalise)(y, rows, w->value_dim, w->y_time, sums, tops, level + row0);
    }
  }
}

/* p, a query's scores, becomes its weights, and dp, their gradients, becomes the scores' gradients. */
CK_CLONES static void NAME(score_gradient)(T *p, T *dp, long limit, long whole, long count, T level, T total, T scale) {
  for (long j = limit; j < whole; j++) dp[j] = 0;
#pragma clang loop vectorize(assume_safety)
  for (long j = 0; j < whole; j++) {
    const T weight = EXP(p[j] - level);
    p[j] = weight;
    dp[j] = weight * (dp[j] - total) * scale;
  }
  for (long j = limit; j < count; j++) p[j] = dp[j] = 0;
}

CK_CLONES static T NAME(dot)(const T *a, const T *b, long n) {
  T sums[LANES] = {0};
  long i = 0;
  for (; i + LANES <= n; i += LANES)
    for (int l = 0; l < LANES; l++) sums[l] += a[i + l] * b[i + l];
  for (; i < n; i++) sums[0] += a[i] * b[i];
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int l = 0; l < half; l++) sums[l] += sums[l + half];
  return sums[0];
}

static void NAME(backward_head)(void *context, int piece) {
  const NAME(head_job) *job = context;
  const ck_attention *w = job->w;
  const long stride = row_stride(w), chunk = chunk_rows(w);
  T *p = (T *)w->scratch + piece * job->scratch, *dp = p + chunk * stride, *places = dp + chunk * stride;
  for (long head = piece; head < w->batch * w->heads; head += w->pieces) {
    const long b = head / w->heads, h = head % w->heads;
    const T *q = (const T *)w->q + b * w->q_batch + h * w->q_head;
    const T *k = (const T *)w->k + b * w->k_batch + h * w->k_head;
    const T *v = (const T *)w->v + b * w->v_batch + h * w->v_head;
    const T *y = (const T *)w->y + b * w->y_batch + h * w->y_head;
    const T *dy = (const T *)w->dy + b * w->y_batch + h * w->y_head;
    const T *level = (const T *)w->level + head * w->queries;
    T *dq = (T *)w->dq + b * w->q_batch + h * w->q_head;
    T *dk = (T *)w->dk + b * w->k_batch + h * w->k_head;
    T *dv = (T *)w->dv + b * w->v_batch + h * w->v_head;
    const uint8_t *mask = w->mask ? w->mask + b * w->keys : 0;
    T *keys = places, *queries = NAME(lay_out)(w->keys, w->dim, k, w->k_time, keys);
    T *slopes = NAME(lay_out)(w->queries, w->dim, q, w->q_time, queries);
    T *packed = NAME(lay_out)(w->queries, w->value_dim, dy, w->y_time, slopes);
    T *packed_values = packed + PACKED_SIZE(w->keys, w->dim);
    PACK(w->keys, w->dim, k, w->k_time, packed);
    PACK(w->keys, w->value_dim, v, w->v_time, packed_values);
    for (long j = NAME(limit)(w, w->queries - 1); j < w->keys; j++) { /* keys that no query sees */
      memset(dk + j * w->k_time, 0, sizeof(T) * w->dim);
      memset(dv + j * w->v_time, 0, sizeof(T) * w->value_dim);
    }
    for (long start = 0; start < w->queries; start += chunk) {
      const long end = w->queries - start < chunk ? w->queries : start + chunk;
      for (long row0 = start; row0 < end; row0 += BLOCK) {
        const long rows = end - row0 < BLOCK ? end - row0 : BLOCK, count = NAME(limit)(w, row0 + rows - 1);
        T *pb = p + (row0 - start) * stride, *dpb = dp + (row0 - start) * stride;
        PRODUCT_PACKED(rows, count, w->dim, queries + row0 * w->dim, w->dim, packed, w->keys, pb, stride);
        PRODUCT_PACKED(rows, count, w->value_dim, slopes + row0 * w->value_dim, w->value_dim, packed_values, w->keys, dpb,
                       stride);
        for (long r = 0; r < rows; r++) {
          const long row = row0 + r, limit = NAME(limit)(w, row), whole = whole_lanes(limit);
          const T total = NAME(dot)(y + row * w->y_time, slopes + row * w->value_dim, w->value_dim);
          const int is_blind = NAME(scale_scores)(pb + r * stride, limit, whole, (T)w->scale, mask);
          NAME(score_gradient)(pb + r * stride, dpb + r * stride, limit, whole, count, level[row], total,
                               is_blind ? 0 : (T)w->scale);
        }
        PRODUCT(rows, w->dim, count, dpb, stride, 1, keys, dq + row0 * w->q_time, w->q_time, 0);
      }
      /* The queries from `first` on see a block of keys. */
      const long step = w->is_causal ? BLOCK : w->keys, seen = NAME(limit)(w, end - 1);
      for (long key0 = 0; key0 < seen; key0 += step) {
        const long some = seen - key0 < step ? seen - key0 : step, first = w->is_causal && key0 > start ? key0 : start;
        const long from = (first - start) * stride + key0;
        const int is_further = start > 0 && (!w->is_causal || key0 < start);
        PRODUCT(some, w->value_dim, end - first, p + from, 1, stride, slopes + first * w->value_dim, dv + key0 * w->v_time,
                w->v_time, is_further);
        PRODUCT(some, w->dim, end - first, dp + from, 1, stride, queries + first * w->dim, dk + key0 * w->k_time, w->k_time,
                is_further);
      }
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
