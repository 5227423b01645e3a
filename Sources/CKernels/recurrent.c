#include "ck_recurrent.h"
#include "ck_gemm.h"
#include "pieces.h"
#include "clones.h"
#include "math32.h"
#include "plain_product.h"

#define T double
#define NAME(x) x##_f64
#define SIGMOID(x) (1 / (1 + exp(-(x))))
#define TANH(x) tanh(x)
#define PACKED_SIZE(n, k) ((n) * (k))
#define PACK(n, k, b, b_row, b_column, packed) plain_pack(n, k, b, b_row, b_column, packed)
#define PACKED_PRODUCT(m, n, k, a, a_row, packed, c, c_row, bias, accumulates) \
  plain_product(m, n, k, a, a_row, 1, packed, n, 1, c, c_row, bias, accumulates)
#define PRODUCT(m, n, k, a, a_row, a_column, b, b_row, b_column, c, c_row, bias, accumulates, scratch) \
  plain_product(m, n, k, a, a_row, a_column, b, b_row, b_column, c, c_row, bias, accumulates)
#include "recurrent_template.h"
#undef T
#undef NAME
#undef SIGMOID
#undef TANH
#undef PACKED_SIZE
#undef PACK
#undef PACKED_PRODUCT
#undef PRODUCT

#define T float
#define NAME(x) x##_f32
#define SIGMOID(x) sigmoid32(x)
#define TANH(x) tanh32(x)
#define PACKED_SIZE(n, k) ck_gemm_packed_size(n, k)
#define PACK(n, k, b, b_row, b_column, packed) ck_gemm_pack(n, k, b, b_row, b_column, packed)
#define PACKED_PRODUCT(m_, n_, k_, a_, a_row_, packed_, c_, c_row_, bias_, accumulates_)                          \
  ck_gemm_packed(&(ck_product){.m = m_, .n = n_, .k = k_, .a = a_, .a_row = a_row_, .a_column = 1, .b = packed_, \
                               .c = c_, .c_row = c_row_, .bias = bias_, .accumulates = accumulates_})
#define PRODUCT(m_, n_, k_, a_, a_row_, a_column_, b_, b_row_, b_column_, c_, c_row_, bias_, accumulates_, scratch_) \
  ck_gemm_threads(&(ck_product){.m = m_, .n = n_, .k = k_, .a = a_, .a_row = a_row_, .a_column = a_column_,         \
                                .b = b_, .b_row = b_row_, .b_column = b_column_, .c = c_, .c_row = c_row_,          \
                                .bias = bias_, .accumulates = accumulates_},                                        \
                  scratch_)
#include "recurrent_template.h"

static size_t greater(size_t a, size_t b) { return a > b ? a : b; }

size_t ck_recurrent_scratch(const ck_recurrent *w, int is_backward) {
  const long U = w->units, N = w->batch * w->steps, I = w->inputs;
  const long projected = w->kind == CK_LSTM ? 4 * U : w->kind == CK_GRU ? 3 * U : U;
  /* Panels round a width up to at most 64 columns. */
  const size_t pad = 64;
  if (!is_backward)
    return (projected + pad) * U + (w->batch + 1) * U + w->batch * projected + (projected + pad) * I + 64;
  const size_t width = w->kind == CK_SIMPLE ? U : 4 * U;
  const size_t kernels = (U + I) * projected + (projected + pad) * N, inputs = N * I + (I + pad) * projected;
  return N * (width + U + I) + (U + pad) * 4 * U + (U + pad) * U + (2 * w->batch + 1) * U + greater(kernels, inputs) + 64;
}
