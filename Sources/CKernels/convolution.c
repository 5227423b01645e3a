#include "ck_convolution.h"
#include "clones.h"
#include <string.h>

/* Visits every pair of an output position and an input position under one kernel element. */
#define EACH_TAP(BODY)                                                                                     \
  for (int n = 0; n < w->batch; n++)                                                                       \
    for (int orow = 0; orow < w->out_rows; orow++)                                                         \
      for (int ocol = 0; ocol < w->out_columns; ocol++)                                                    \
        for (int krow = 0; krow < w->kernel_rows; krow++)                                                  \
          for (int kcol = 0; kcol < w->kernel_columns; kcol++) {                                           \
            int row = orow * w->stride_rows + krow * w->dilation_rows - w->pad_top;                        \
            int column = ocol * w->stride_columns + kcol * w->dilation_columns - w->pad_left;              \
            if (row < 0 || row >= w->in_rows || column < 0 || column >= w->in_columns) continue;           \
            long in = (((long)n * w->in_rows + row) * w->in_columns + column) * w->in_channels;            \
            long out = (((long)n * w->out_rows + orow) * w->out_columns + ocol) * w->out_channels;         \
            long tap = ((long)krow * w->kernel_columns + kcol) * in_group * w->out_channels;               \
            for (int group = 0; group < w->groups; group++)                                                \
              for (int c = 0; c < in_group; c++)                                                           \
                for (int o = group * out_group; o < (group + 1) * out_group; o++) {                        \
                  long source = in + group * in_group + c;                                                 \
                  long weight = tap + (long)c * w->out_channels + o;                                       \
                  long target = out + o;                                                                   \
                  BODY;                                                                                    \
                }                                                                                          \
          }

void ck_convolution_f64(const ck_window *w, const double *x, const double *kernel, double *y) {
  int in_group = w->in_channels / w->groups, out_group = w->out_channels / w->groups;
  memset(y, 0, sizeof *y * w->batch * w->out_rows * w->out_columns * w->out_channels);
  EACH_TAP(y[target] += x[source] * kernel[weight])
}

void ck_convolution_input_f64(const ck_window *w, const double *g, const double *kernel, double *dx) {
  int in_group = w->in_channels / w->groups, out_group = w->out_channels / w->groups;
  memset(dx, 0, sizeof *dx * w->batch * w->in_rows * w->in_columns * w->in_channels);
  EACH_TAP(dx[source] += g[target] * kernel[weight])
}

void ck_convolution_kernel_f64(const ck_window *w, const double *x, const double *g, double *dk) {
  int in_group = w->in_channels / w->groups, out_group = w->out_channels / w->groups;
  memset(dk, 0, sizeof *dk * w->kernel_rows * w->kernel_columns * in_group * w->out_channels);
  EACH_TAP(dk[weight] += x[source] * g[target])
}
