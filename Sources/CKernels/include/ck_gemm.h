#ifndef GLIA_CK_GEMM_H
#define GLIA_CK_GEMM_H

#include <stddef.h>

/* Products of small and middling float32 matrices without a library's call overhead, for any strides.
   Every element is summed over k in one fixed order, whatever the tiling and the number of threads. */

enum { CK_PLAIN_SUM = 0, CK_RELU_SUM = 1 };

/* c (m, n) = activation(a (m, k) · b (k, n) + bias (n)), or c += a · b. */
typedef struct {
  long m, n, k;
  const float *a;
  long a_row, a_column;
  const float *b;
  long b_row, b_column;
  float *c;
  long c_row;
  const float *bias; /* one per column, or null */
  int accumulates;
  int activation;
  /* Where not 0: k is walked `taps` times, a advancing by a_tap and b by its k rows: a convolution over rows. */
  long taps, a_tap;
} ck_product;

/* Floats of working memory that ck_gemm needs; 0 where b is read in place. */
size_t ck_gemm_scratch(long m, long n, long k, long b_row, long b_column);
void ck_gemm(const ck_product *product, float *scratch);
/* The same over the pool's threads, which share out rows. */
void ck_gemm_threads(const ck_product *product, float *scratch);

/* b laid out in panels of ck_gemm_panel() columns, once for many products: a panel holds its columns row by row. */
long ck_gemm_panel(void);
size_t ck_gemm_packed_size(long n, long k);
void ck_gemm_pack(long n, long k, const float *b, long b_row, long b_column, float *packed);
/* ck_gemm with `b` a packed matrix (b_row and b_column are ignored). */
void ck_gemm_packed(const ck_product *product);
/* ck_gemm that reads b where it lies; its columns must be neighbours. */
void ck_gemm_in_place(const ck_product *product);

#endif
