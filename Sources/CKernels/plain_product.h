#ifndef GLIA_PLAIN_PRODUCT_H
#define GLIA_PLAIN_PRODUCT_H

/* float64: plain products in the same form. */
__attribute__((unused)) static void plain_product(long m, long n, long k, const double *a, long a_row, long a_column, const double *b, long b_row,
                          long b_column, double *c, long c_row, const double *bias, int accumulates) {
  for (long i = 0; i < m; i++)
    for (long j = 0; j < n; j++) {
      double sum = accumulates ? c[i * c_row + j] : bias ? bias[j] : 0;
      for (long p = 0; p < k; p++) sum += a[i * a_row + p * a_column] * b[p * b_row + j * b_column];
      c[i * c_row + j] = sum;
    }
}

__attribute__((unused)) static void plain_pack(long n, long k, const double *b, long b_row, long b_column, double *packed) {
  for (long p = 0; p < k; p++)
    for (long j = 0; j < n; j++) packed[p * n + j] = b[p * b_row + j * b_column];
}

#endif
