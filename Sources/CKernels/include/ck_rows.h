#ifndef GLIA_CK_ROWS_H
#define GLIA_CK_ROWS_H

/* Softmax, normalisation and cross-entropy. An axis in the middle is (outer, n, inner). */

#define CK_DECLARE_ROWS(T, S)                                                                                         \
  void ck_softmax_##S(const T *x, T *y, long outer, long n, long inner);                                              \
  void ck_log_softmax_##S(const T *x, T *y, long outer, long n, long inner);                                          \
  /* dx = y (g - Σ g y) and dx = g - exp(y) Σ g */                                                                    \
  void ck_softmax_gradient_##S(const T *y, const T *g, T *dx, long outer, long n, long inner);                        \
  void ck_log_softmax_gradient_##S(const T *y, const T *g, T *dx, long outer, long n, long inner);                    \
  /* loss = logsumexp(z) - z[class]; dz = g (softmax(z) - onehot). Give the first row with a class outside, or -1. */ \
  long ck_cross_entropy_##S(const T *z, const int *classes, T *loss, long rows, long n);                              \
  long ck_cross_entropy_gradient_##S(const T *z, const int *classes, const T *g, T *dz, long rows, long n);           \
  /* loss = max(z, 0) - z t + log(1 + exp(-|z|)) */                                                                   \
  void ck_sigmoid_cross_entropy_##S(const T *z, const T *t, T *loss, long count);                                     \
  /* y = (x - mean) rate gamma + beta over rows of n; rate = 1 / sqrt(variance + epsilon). gamma, beta may be null;   \
     without centring the mean is 0 and the variance is the mean of squares. */                                       \
  void ck_layer_norm_##S(const T *x, const T *gamma, const T *beta, T *y, T *mean, T *rate, long rows, long n,        \
                         double epsilon, int centred);                                                                \
  /* partial: 2 n times ck_row_pieces(rows) elements. dx, dgamma, dbeta may be null. */                               \
  void ck_layer_norm_gradient_##S(const T *x, const T *gamma, const T *mean, const T *rate, const T *g, T *dx,        \
                                  T *dgamma, T *dbeta, T *partial, long rows, long n, int centred);                   \
  /* Over columns of (rows, n): mean, variance, y. partial: (2 ck_row_pieces(rows) + 3) n. */                         \
  void ck_batch_norm_##S(const T *x, const T *gamma, const T *beta, T *y, T *mean, T *variance, T *partial,           \
                         long rows, long n, double epsilon);                                                          \
  void ck_batch_norm_gradient_##S(const T *x, const T *gamma, const T *mean, const T *variance, const T *g, T *dx,    \
                                  T *dgamma, T *dbeta, T *partial, long rows, long n, double epsilon);                \
  /* y[i] = table[ids[i]]; gives the first position with an id outside, or -1. */                                     \
  long ck_embedding_##S(const T *table, const int *ids, T *y, long count, long vocabulary, long width);               \
  /* table = 0, then each row of g is added at its id, in order. */                                                   \
  long ck_embedding_gradient_##S(const T *g, const int *ids, T *table, long count, long vocabulary, long width);

CK_DECLARE_ROWS(float, f32)
CK_DECLARE_ROWS(double, f64)

/* Into how many pieces rows are cut for sums over rows; the number of threads plays no part. */
long ck_row_pieces(long rows);

#endif
