#include "ck_convolution.h"
#include "ck_gemm.h"
#include "pieces.h"
#include "clones.h"
#include "winograd.h"
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

/* The input's gradient by phases. An input row r belongs to the phase (r + pad) % stride = f; the kernel rows f, f + stride, …
   meet it, at the output rows q, q - 1, … with q = (r + pad) / stride. So for each phase of rows and columns the gradient is
   a convolution of stride 1 over g, with some of the kernel turned around; with a stride of 1 there is one phase. */
typedef struct {
  long stride, pad, kernel, in, out;
} axis;

static axis row_axis(const ck_window *w) {
  return (axis){w->stride_rows, w->pad_top, w->kernel_rows, w->in_rows, w->out_rows};
}
static axis column_axis(const ck_window *w) {
  return (axis){w->stride_columns, w->pad_left, w->kernel_columns, w->in_columns, w->out_columns};
}

/* How many kernel rows a phase has. */
static long phase_taps(axis a, long phase) { return phase < a.kernel ? (a.kernel - phase + a.stride - 1) / a.stride : 0; }

/* Zeros needed before g, and how many rows it needs with them. */
static long phase_border(axis a) {
  const long before = phase_taps(a, 0) - 1 - a.pad / a.stride;
  return before > 0 ? before : 0;
}
static long phase_rows(axis a) {
  const long needed = (a.in - 1 + a.pad) / a.stride + 1;
  return phase_border(a) + (needed > a.out ? needed : a.out);
}

/* g with its border: what `bordered` shall make of it. */
static ck_window gradient_window(const ck_window *w) {
  const axis r = row_axis(w), c = column_axis(w);
  ck_window m = {.batch = w->batch, .in_rows = w->out_rows, .in_columns = w->out_columns, .in_channels = w->out_channels,
                 .out_channels = w->in_channels, .kernel_rows = 1, .kernel_columns = 1, .stride_rows = 1,
                 .stride_columns = 1, .pad_top = (int)phase_border(r), .pad_left = (int)phase_border(c), .groups = 1};
  m.out_rows = (int)phase_rows(r), m.out_columns = (int)phase_rows(c);
  return m;
}

int ck_convolution_serves(const ck_window *w) {
  return w->groups == 1 && w->dilation_rows == 1 && w->dilation_columns == 1;
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

/* The turned kernels of all phases. */
static long packed_phases(const ck_window *w) {
  const axis r = row_axis(w), c = column_axis(w);
  long size = 0;
  for (long i = 0; i < r.stride; i++)
    for (long j = 0; j < c.stride; j++)
      size += (long)ck_gemm_packed_size(w->in_channels, phase_taps(r, i) * phase_taps(c, j) * w->out_channels);
  return size;
}

/* Into how many sums the images are shared out. */
static long image_pieces(const ck_window *w) {
  long most = weights(w) > 262144 ? 2 : 8;
  return w->batch < most ? w->batch : most;
}

long ck_convolution_scratch(const ck_window *w, int form) {
  if (form == CK_CONVOLUTION_INPUT) {
    const ck_window turned = ck_winograd_turned(w);
    if (ck_winograd_serves(&turned)) return weights(w) + ck_winograd_scratch(&turned);
    const ck_window m = gradient_window(w);
    return weights(w) + border_size(&m) + packed_phases(w) + 64;
  }
  if (form == CK_CONVOLUTION_KERNEL && ck_winograd_serves(w)) return ck_winograd_kernel_scratch(w);
  if (form == CK_CONVOLUTION_KERNEL) return border_size(w) + image_pieces(w) * weights(w) + 64;
  return ck_winograd_serves(w) ? ck_winograd_scratch(w) : border_size(w) + packed_size(w) + 64;
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

/* Into how many pieces the rows of an image are cut. */
static int image_splits(const ck_window *w, int rows) { return w->batch >= 8 ? 1 : rows < 8 ? rows : 8; }

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
  if (ck_winograd_serves(w)) {
    ck_winograd(w, x, kernel, bias, relu, y, scratch);
    return;
  }
  struct convolution job = {.w = w, .bias = bias, .y = y, .relu = relu};
  float *packed = scratch + border_size(w);
  job.x = bordered(w, x, scratch, &job.e);
  ck_gemm_pack(w->out_channels, (long)w->kernel_rows * w->kernel_columns * w->in_channels, kernel, w->out_channels, 1, packed);
  job.packed = packed;
  job.splits = image_splits(w, w->out_rows);
  const long work = (long)w->batch * w->out_rows * w->out_columns * weights(w);
  if (work < 1500000)
    for (int piece = 0; piece < w->batch * job.splits; piece++) some_rows(&job, piece);
  else
    ck_pieces(w->batch * job.splits, some_rows, &job);
}

/* The kernel's elements of one phase, turned around: (rows, columns, out channels, in channels). */
CK_CLONES static void turn_around(const ck_window *w, long first_row, long first_column, const float *kernel, float *to) {
  const long in = w->in_channels, out = w->out_channels;
  const long rows = phase_taps(row_axis(w), first_row), columns = phase_taps(column_axis(w), first_column);
  for (long r = rows - 1; r >= 0; r--)
    for (long c = columns - 1; c >= 0; c--) {
      const long row = first_row + r * w->stride_rows, column = first_column + c * w->stride_columns;
      const float *from = kernel + (row * w->kernel_columns + column) * in * out;
      for (long i = 0; i < in; i++)
        for (long o = 0; o < out; o++) to[o * in + i] = from[i * out + o];
      to += in * out;
    }
}

struct input_gradient {
  const ck_window *w;
  extent e;
  const float *g, *packed;
  float *dx;
  int splits;
};

/* The columns of one row of the input's gradient. */
static void input_row(const struct input_gradient *job, long n, long row) {
  const ck_window *w = job->w;
  const axis r = row_axis(w), c = column_axis(w);
  const long line = job->e.columns * job->e.channels, channels = w->in_channels;
  const long row_phase = (row + r.pad) % r.stride, row_taps = phase_taps(r, row_phase);
  const long top = phase_border(r) + (row + r.pad) / r.stride - (row_taps - 1);
  const float *packed = job->packed;
  for (long i = 0; i < row_phase; i++)
    for (long j = 0; j < c.stride; j++)
      packed += ck_gemm_packed_size(channels, phase_taps(r, i) * phase_taps(c, j) * w->out_channels);
  for (long phase = 0; phase < c.stride; phase++) {
    const long taps = phase_taps(c, phase), k = taps * w->out_channels;
    const long first = ((phase - c.pad) % c.stride + c.stride) % c.stride;
    if (first < c.in && taps > 0 && row_taps > 0) {
      const long left = phase_border(c) + (first + c.pad) / c.stride - (taps - 1);
      ck_product product = {
          .m = (c.in - first + c.stride - 1) / c.stride, .n = channels, .k = k,
          .a = job->g + (n * job->e.rows + top) * line + left * w->out_channels, .a_row = w->out_channels, .a_column = 1,
          .b = packed, .c = job->dx + ((n * w->in_rows + row) * w->in_columns + first) * channels,
          .c_row = c.stride * channels, .taps = row_taps, .a_tap = line};
      ck_gemm_packed(&product);
    }
    packed += ck_gemm_packed_size(channels, row_taps * k);
  }
}

static void some_input_rows(void *context, int piece) {
  const struct input_gradient *job = context;
  const long n = piece / job->splits, part = piece % job->splits, rows = job->w->in_rows;
  for (long row = rows * part / job->splits; row < rows * (part + 1) / job->splits; row++) input_row(job, n, row);
}

void ck_convolution_input_f32(const ck_window *w, const float *g, const float *kernel, float *dx, float *scratch) {
  const ck_window reversed = ck_winograd_turned(w);
  if (ck_winograd_serves(&reversed)) {
    turn_around(w, 0, 0, kernel, scratch);
    ck_winograd(&reversed, g, scratch, 0, 0, dx, scratch + weights(w));
    return;
  }
  const axis r = row_axis(w), c = column_axis(w);
  const ck_window m = gradient_window(w);
  float *turned = scratch, *packed = scratch + weights(w), *border = packed + packed_phases(w);
  struct input_gradient job = {.w = w, .packed = packed, .dx = dx};
  for (long i = 0; i < r.stride; i++)
    for (long j = 0; j < c.stride; j++) {
      const long k = phase_taps(r, i) * phase_taps(c, j) * w->out_channels;
      turn_around(w, i, j, kernel, turned);
      ck_gemm_pack(w->in_channels, k, turned, w->in_channels, 1, packed);
      packed += ck_gemm_packed_size(w->in_channels, k);
    }
  job.g = bordered(&m, g, border, &job.e);
  /* No element of the kernel meets some of the input. */
  if (r.stride > r.kernel || c.stride > c.kernel)
    memset(dx, 0, sizeof(float) * w->batch * w->in_rows * w->in_columns * w->in_channels);
  job.splits = image_splits(w, w->in_rows);
  const long pieces = (long)w->batch * job.splits;
  if ((long)w->batch * w->out_rows * w->out_columns * weights(w) < 1500000)
    for (long piece = 0; piece < pieces; piece++) some_input_rows(&job, (int)piece);
  else
    ck_pieces((int)pieces, some_input_rows, &job);
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
  if (ck_winograd_serves(w)) {
    ck_winograd_kernel(w, x, g, dk, scratch);
    return;
  }
  struct kernel_gradient job = {.w = w, .g = g, .sums = scratch + border_size(w), .pieces = image_pieces(w)};
  job.x = bordered(w, x, scratch, &job.e);
  ck_pieces((int)job.pieces, some_images, &job);
  add_up(job.sums, dk, job.pieces, weights(w));
}
