#include "ck_attention.h"
#include "ck_gemm.h"
#include "pieces.h"
#include "clones.h"
#include "math32.h"
#include "plain_product.h"

/* Queries whose scores are worked on together: they fit the second cache with up to a thousand keys. */
#define BLOCK 64

static long greater(long a, long b) { return a > b ? a : b; }

size_t ck_attention_scratch(const ck_attention *w, int is_backward) {
  const long pad = 64;
  long deepest = greater(w->dim, w->value_dim);
  long products = greater((w->keys + pad) * deepest, (deepest + pad) * greater(w->keys, BLOCK));
  return (size_t)w->pieces * ((is_backward ? 3 : 1) * BLOCK * w->keys + products + 16);
}

#define T double
#define NAME(x) x##_f64
#define EXP(x) exp(x)
#define LOG(x) log(x)
#define PRODUCT(m, n, k, a, a_row, a_column, b, b_row, b_column, c, c_row, accumulates, scratch) \
  ((void)(scratch), plain_product(m, n, k, a, a_row, a_column, b, b_row, b_column, c, c_row, 0, accumulates))
#include "attention_template.h"
#undef T
#undef NAME
#undef EXP
#undef LOG
#undef PRODUCT

#define T float
#define NAME(x) x##_f32
#define EXP(x) exp_below32(x)
#define LOG(x) logf(x)
#define PRODUCT(m_, n_, k_, a_, a_row_, a_column_, b_, b_row_, b_column_, c_, c_row_, accumulates_, scratch_) \
  ck_gemm(&(ck_product){.m = m_, .n = n_, .k = k_, .a = a_, .a_row = a_row_, .a_column = a_column_,           \
                        .b = b_, .b_row = b_row_, .b_column = b_column_, .c = c_, .c_row = c_row_,            \
                        .accumulates = accumulates_},                                                         \
          scratch_)
#include "attention_template.h"
