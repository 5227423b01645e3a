#ifndef GLIA_CKERNELS_MATMUL_H
#define GLIA_CKERNELS_MATMUL_H

/* y (m × n) = op(a) op(b) in float64, row-major; op transposes where asked: a is then k × m, b n × k. Single-threaded;
   the order of summation is fixed. */
void ck_matmul_f64(int transposes_a, int transposes_b, long m, long n, long k, const void *a, const void *b, void *y);

/* y_i = s_i + a_i y_(i-1) along the middle axis of outer × length × inner, from the end where `reverse`. */
void ck_recurrence(int type, const void *a, const void *s, void *y, long outer, long length, long inner, int reverse);

#endif
