#ifndef GLIA_CK_CONVOLUTION_H
#define GLIA_CK_CONVOLUTION_H

/* Convolution and pooling windows over images (batch, rows, columns, channels); a 1-d signal is an image with one row. */
typedef struct {
  int batch, in_rows, in_columns, out_rows, out_columns;
  int kernel_rows, kernel_columns, stride_rows, stride_columns;
  int pad_top, pad_left, dilation_rows, dilation_columns;
  int in_channels, out_channels, groups;
} ck_window;

/* float64, for gradient checks: plain loops. Kernels are (rows, columns, in / groups, out). */
void ck_convolution_f64(const ck_window *w, const double *x, const double *kernel, double *y);
void ck_convolution_input_f64(const ck_window *w, const double *g, const double *kernel, double *dx);
void ck_convolution_kernel_f64(const ck_window *w, const double *x, const double *g, double *dk);

/* float32 without groups and dilation, as matrix products over rows of the image. relu and bias (may be null) are applied
   while a sum is in registers.
   Sums over images run in pieces whose number does not depend on the threads. */
enum { CK_CONVOLUTION, CK_CONVOLUTION_INPUT, CK_CONVOLUTION_KERNEL };
/* Whether these kernels serve the window. */
int ck_convolution_serves(const ck_window *w);
/* Floats of working memory. */
long ck_convolution_scratch(const ck_window *w, int form);
void ck_convolution_f32(const ck_window *w, const float *x, const float *kernel, const float *bias, int relu, float *y,
                        float *scratch);
void ck_convolution_input_f32(const ck_window *w, const float *g, const float *kernel, float *dx, float *scratch);
void ck_convolution_kernel_f32(const ck_window *w, const float *x, const float *g, float *dk, float *scratch);

/* Maximum and where it is: the position row * columns + column in the input of the first greatest. */
void ck_max_pool_f32(const ck_window *w, const float *x, float *y, int *index);
void ck_max_pool_f64(const ck_window *w, const double *x, double *y, int *index);
/* dx = 0, then each g is added where its maximum was. */
void ck_max_pool_scatter_f32(const ck_window *w, const float *g, const int *index, float *dx);
void ck_max_pool_scatter_f64(const ck_window *w, const double *g, const int *index, double *dx);
/* y is x at the positions. */
void ck_max_pool_gather_f32(const ck_window *w, const float *x, const int *index, float *y);
void ck_max_pool_gather_f64(const ck_window *w, const double *x, const int *index, double *y);
/* The mean over the part of a window that lies in the image, and its adjoint. */
void ck_mean_pool_f32(const ck_window *w, const float *x, float *y);
void ck_mean_pool_f64(const ck_window *w, const double *x, double *y);
void ck_mean_pool_adjoint_f32(const ck_window *w, const float *g, float *dx);
void ck_mean_pool_adjoint_f64(const ck_window *w, const double *g, double *dx);

#endif
