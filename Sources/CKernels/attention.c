#include "ck_attention.h"
#include "ck_gemm.h"
#include "pieces.h"
#include "clones.h"
#include "math32.h"
#include "plain_product.h"

/* Queries whose scores are worked on together: a multiple of the rows of every product's tile, and few, for a causal block
   works on all keys that its last query sees. */
enum { BLOCK = 24, LANES = 16 };

static long whole_lanes(long count) { return (count + LANES - 1) / LANES * LANES; }

/* The distance of two queries' scores: an odd number of cache lines, so that columns spread over the first cache. */
static long row_stride(const ck_attention *w) {
  const long lines = whole_lanes(w->keys) / LANES;
  return (lines | 1) * LANES;
}

/* Queries of the backward pass whose weights are kept for the products over queries; with their gradients they fit the second
   cache. */
static long chunk_rows(const ck_attention *w) {
  const long fitting = 49152 / row_stride(w), most = fitting < 240 ? fitting : 240;
  const long rows = most < BLOCK ? BLOCK : most / BLOCK * BLOCK;
  return w->queries < rows ? w->queries : rows;
}

size_t ck_attention_scratch(const ck_attention *w, int is_backward) {
  const long scores = row_stride(w) * (is_backward ? 2 * chunk_rows(w) : BLOCK);
  const long copies = is_backward ? w->keys * w->dim + w->queries * (w->dim + w->value_dim) : w->keys * w->value_dim;
  const long packed = (long)ck_gemm_packed_size(w->keys, w->dim + (is_backward ? w->value_dim : 0));
  return (size_t)w->pieces * whole_lanes(scores + copies + packed + LANES);
}

#define T double
#define NAME(x) x##_f64
#define EXP(x) exp(x)
#define LOG(x) log(x)
#define PACKED_SIZE(n, k) ((n) * (k))
#define PACK(n, k, b, b_column, packed) plain_pack(n, k, b, 1, b_column, packed)
#define PRODUCT_PACKED(m, n, k, a, a_row, packed, whole, c, c_row) \
  plain_product(m, n, k, a, a_row, 1, packed, whole, 1, c, c_row, 0, 0)
#define PRODUCT(m, n, k, a, a_row, a_column, b, c, c_row, accumulates) \
  plain_product(m, n, k, a, a_row, a_column, b, n, 1, c, c_row, 0, accumulates)
#include "attention_template.h"
#undef T
#undef NAME
#undef EXP
#undef LOG
#undef PACKED_SIZE
#undef PACK
#undef PRODUCT_PACKED
#undef PRODUCT

#define T float
#define NAME(x) x##_f32
#define EXP(x) exp_below32(x)
#define LOG(x) log32(x)
#define PACKED_SIZE(n, k) ck_gemm_packed_size(n, k)
#define PACK(n, k, b, b_column, packed) ck_gemm_pack(n, k, b, 1, b_column, packed)
#define PRODUCT_PACKED(m_, n_, k_, a_, a_row_, packed, whole, c_, c_row_)                                                \
  ck_gemm_packed(&(ck_product){.m = m_, .n = n_, .k = k_, .a = a_, .a_row = a_row_, .a_column = 1, .b = packed, .c = c_, \
                               .c_row = c_row_})
#define PRODUCT(m_, n_, k_, a_, a_row_, a_column_, b_, c_, c_row_, accumulates_)                                         \
  ck_gemm_in_place(&(ck_product){.m = m_, .n = n_, .k = k_, .a = a_, .a_row = a_row_, .a_column = a_column_, .b = b_,    \
                                 .b_row = n_, .b_column = 1, .c = c_, .c_row = c_row_, .accumulates = accumulates_})
#include "attention_template.h"
