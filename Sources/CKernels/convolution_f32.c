#include "ck_convolution.h"
#include "ck_gemm.h"
#include "pieces.h"
#include "clones.h"
#include <string.h>

/* A convolution of images with channels last is a matrix product whose left rows overlap: for output row r and kernel row
   t, row p holds the kernel_columns · channels neighbours that begin at column p · stride. No patch is ever copied; only
   where there is padding, the image is copied once with its border of zeros. */

/* The image that the windows touch, border included. */
typedef struct {
  long rows, columns, channels;
} extent;

static extent touched(const ck_window *w) {
  return (extent){(w->out_rows - 1) * w->stride_rows + w->kernel_rows,
                  (w->out_columns - 1) * w->stride_columns + w->kernel_columns, w->in_channels};
}

static int is_bordered(const ck_window *w) {
  extent e = touched(w);
  return w->pad_top || w->pad_left || e.rows > w->in_rows || e.columns > w->in_columns;
}

/* The convolution whose result is the input's gradient: over g, with the kernel turned around. */
static ck_window mirrored(const ck_window *w) {
  ck_window m = *w;
  m.in_rows = w->out_rows, m.in_columns = w->out_columns, m.in_channels = w->out_channels;
  m.out_rows = w->in_rows, m.out_columns = w->in_columns, m.out_channels = w->in_channels;
  m.pad_top = w->kernel_rows - 1 - w->pad_top, m.pad_left = w->kernel_columns - 1 - w->pad_left;
  return m;
}

int ck_convolution_serves(const ck_window *w, int form) {
  if (w->groups != 1 || w->dilation_rows != 1 || w->dilation_columns != 1) return 0;
  if (form != CK_CONVOLUTION_INPUT) return 1;
  return w->stride_rows == 1 && w->stride_columns == 1 && w->pad_top < w->kernel_rows && w->pad_left < w->kernel_columns;
}

static long weights(const ck_window *w) {
  return (long)w->kernel_rows * w->kernel_columns * w->in_channels * w->out_channels;
}

static long border_size(const ck_window *w) {
  extent e = touched(w);
  return is_bordered(w) ? w->batch * e.rows * e.columns * e.channels : 0;
}

static long packed_size(const ck_window *w) {
  return (long)ck_gemm_packed_size(w->out_channels, (long)w->kernel_rows * w->kernel_columns * w->in_channels);
}

/* Into how many sums the images are shared out. */
static long image_pieces(const ck_window *w) {
  long most = weights(w) > 262144 ? 2 : 8;
  return w->batch < most ? w->batch : most;
}

long ck_convolution_scratch(const ck_window *w, int form) {
  if (form == CK_CONVOLUTION_INPUT) {
    ck_window m = mirrored(w);
    return weights(w) + border_size(&m) + packed_size(&m) + 64;
  }
  if (form == CK_CONVOLUTION_KERNEL) return border_size(w) + image_pieces(w) * weights(w) + 64;
  return border_size(w) + packed_size(w) + 64;
}

struct border {
  const ck_window *w;
  const float *from;
  float *to;
};

static void border_image(void *context, int n) {
  const struct border *job = context;
  const ck_window *w = job->w;
  extent e = touched(w);
  const long line = e.columns * e.channels;
  const long left = w->pad_left < e.columns ? w->pad_left : e.columns;
  const long inside = w->in_columns < e.columns - left ? w->in_columns : e.columns - left;
  for (long row = 0; row < e.rows; row++) {
    float *to = job->to + (n * e.rows + row) * line;
    const long source = row - w->pad_top;
    if (source < 0 || source >= w->in_rows) {
      memset(to, 0, sizeof(float) * line);
      continue;
    }
    memset(to, 0, sizeof(float) * left * e.channels);
    memcpy(to + left * e.channels, job->from + ((long)n * w->in_rows + source) * w->in_columns * e.channels,
           sizeof(float) * inside * e.channels);
    memset(to + (left + inside) * e.channels, 0, sizeof(float) * (e.columns - left - inside) * e.channels);
  }
}

/* The images with their border: where they lie, or a copy at `scratch`. */
static const float *bordered(const ck_window *w, const float *x, float *scratch, extent *e) {
  if (!is_bordered(w)) {
    *e = (extent){w->in_rows, w->in_columns, w->in_channels};
    return x;
  }
  *e = touched(w);
  struct border job = {w, x, scratch};
  ck_pieces(w->batch, border_image, &job);
  return scratch;
}

struct convolution {
  const ck_window *w;
  extent e;
  const float *x, *packed, *bias;
  float *y;
  int relu, splits;
};

static void some_rows(void *context, int piece) {
  const struct convolution *job = context;
  const ck_window *w = job->w;
  const long n = piece / job->splits, part = piece % job->splits;
  const long first = w->out_rows * part / job->splits, last = w->out_rows * (part + 1) / job->splits;
  const long line = job->e.columns * job->e.channels;
  for (long row = first; row < last; row++) {
    ck_product product = {
        .m = w->out_columns, .n = w->out_channels, .k = (long)w->kernel_columns * w->in_channels,
        .a = job->x + (n * job->e.rows + row * w->stride_rows) * line, .a_row = (long)w->stride_columns * w->in_channels,
        .a_column = 1, .b = job->packed, .c = job->y + (n * w->out_rows + row) * w->out_columns * w->out_channels,
        .c_row = w->out_channels, .bias = job->bias, .activation = job->relu ? CK_RELU_SUM : CK_PLAIN_SUM,
        .taps = w->kernel_rows, .a_tap = line};
    ck_gemm_packed(&product);
  }
}

void ck_convolution_f32(const ck_window *w, const float *x, const float *kernel, const float *bias, int relu, float *y,
                        float *scratch) {
  struct convolution job = {.w = w, .bias = bias, .y = y, .relu = relu};
  float *packed = scratch + border_size(w);
  job.x = bordered(w, x, scratch, &job.e);
  ck_gemm_pack(w->out_channels, (long)w->kernel_rows * w->kernel_columns * w->in_channels, kernel, w->out_channels, 1, packed);
  job.packed = packed;
  job.splits = w->batch >= 8 ? 1 : w->out_rows < 8 ? w->out_rows : 8;
  const long work = (long)w->batch * w->out_rows * w->out_columns * weights(w);
  if (work < 1500000)
    for (int piece = 0; piece < w->batch * job.splits; piece++) some_rows(&job, piece);
  else
    ck_pieces(w->batch * job.splits, some_rows, &job);
}

CK_CLONES static void turn_around(const ck_window *w, const float *kernel, float *to) {
  const long taps = (long)w->kernel_rows * w->kernel_columns, in = w->in_channels, out = w->out_channels;
  for (long t = 0; t < taps; t++)
    for (long c = 0; c < in; c++)
      for (long o = 0; o < out; o++) to[((taps - 1 - t) * out + o) * in + c] = kernel[(t * in + c) * out + o];
}

void ck_convolution_input_f32(const ck_window *w, const float *g, const float *kernel, float *dx, float *scratch) {
  ck_window m = mirrored(w);
  turn_around(w, kernel, scratch);
  ck_convolution_f32(&m, g, scratch, 0, 0, dx, scratch + weights(w));
}

struct kernel_gradient {
  const ck_window *w;
  extent e;
  const float *x, *g;
  float *sums;
  long pieces;
};

static void some_images(void *context, int piece) {
  const struct kernel_gradient *job = context;
  const ck_window *w = job->w;
  const long first = w->batch * (long)piece / job->pieces, last = w->batch * (piece + 1l) / job->pieces;
  const long line = job->e.columns * job->e.channels, positions = (long)w->out_rows * w->out_columns;
  const long m = (long)w->kernel_columns * w->in_channels;
  float *sum = job->sums + piece * weights(w);
  for (long n = first; n < last; n++)
    for (long row = 0; row < w->kernel_rows; row++) {
      ck_product product = {
          .m = m, .n = w->out_channels, .k = w->out_columns, .a = job->x + (n * job->e.rows + row) * line, .a_row = 1,
          .a_column = (long)w->stride_columns * w->in_channels, .b = job->g + n * positions * w->out_channels,
          .b_row = w->out_channels, .b_column = 1, .c = sum + row * m * w->out_channels, .c_row = w->out_channels,
          .accumulates = n > first, .taps = w->out_rows, .a_tap = w->stride_rows * line};
      ck_gemm_in_place(&product);
    }
}

CK_CLONES static void add_up(const float *sums, float *to, long pieces, long count) {
  for (long i = 0; i < count; i++) to[i] = sums[i];
  for (long p = 1; p < pieces; p++)
    for (long i = 0; i < count; i++) to[i] += sums[p * count + i];
}

void ck_convolution_kernel_f32(const ck_window *w, const float *x, const float *g, float *dk, float *scratch) {
  struct kernel_gradient job = {.w = w, .g = g, .sums = scratch + border_size(w), .pieces = image_pieces(w)};
  job.x = bordered(w, x, scratch, &job.e);
  ck_pieces((int)job.pieces, some_images, &job);
  add_up(job.sums, dk, job.pieces, weights(w));
}
