#include "winograd_tiles.h"
#include "ck_gemm.h"
#include "pieces.h"

/* Tiles whose products are done together: a multiple of the rows of every product's tile. Their transformed patches and
   products lie in the second cache. Of the output channels so many at once; they are whole panels of packed kernels. */
enum { BLOCK = 24, OUT_CHANNELS = 192 };

/* Working memories, each for some blocks of tiles; as many as the pool may have threads. */
enum { most_workers = 16 };

static long kernel_size(const ck_window *w) { return padded((long)ck_gemm_packed_size(w->out_channels, w->in_channels)); }

int ck_winograd_serves(const ck_window *w) {
  const long tiles = tile_rows(w) * tile_columns(w);
  return w->groups == 1 && w->kernel_rows == 3 && w->kernel_columns == 3 && w->stride_rows == 1 && w->stride_columns == 1 &&
         w->dilation_rows == 1 && w->dilation_columns == 1 && w->in_channels % LANES == 0 && w->out_channels % LANES == 0 &&
         w->in_channels >= 32 && w->out_channels >= 32 && tiles >= 16 && matrix(w) <= 4096 * tiles;
}

ck_window ck_winograd_turned(const ck_window *w) {
  ck_window t = *w;
  t.in_rows = w->out_rows, t.in_columns = w->out_columns, t.out_rows = w->in_rows, t.out_columns = w->in_columns;
  t.in_channels = w->out_channels, t.out_channels = w->in_channels;
  t.pad_top = 2 - w->pad_top, t.pad_left = 2 - w->pad_left;
  return t;
}

typedef int32_t flags __attribute__((vector_size(4 * LANES)));

/* Stores the greater of x and the least allowed; nan stays nan. */
CK_INLINE void set_at_least(float *to, const lanes *x, const lanes *least) {
  const flags is_less = *x < *least;
  SET(to, (lanes)((is_less & (flags)*least) | (~is_less & (flags)*x)));
}

/* y = Aᵀ m A + bias for `count` channels: the rows and columns of the tile that lie in the image. */
CK_CLONES static void transform_sums(const float *m, long step, long count, const float *bias, int relu, int rows,
                                     int columns, float *y, long row, long column) {
  const lanes least = (lanes){0} + (relu ? 0.0f : -__builtin_inff());
  for (long c = 0; c < count; c += LANES, m += LANES, y += LANES) {
    lanes top[4], low[4];
    for (int s = 0; s < 4; s++) {
      const float *p = m + s * step;
      const lanes first = AT(p), second = AT(p + 4 * step), third = AT(p + 8 * step), fourth = AT(p + 12 * step);
      top[s] = first + second + third;
      low[s] = second - third - fourth;
    }
    const lanes b = bias ? AT(bias + c) : (lanes){0};
    const lanes y00 = top[0] + top[1] + top[2] + b, y01 = top[1] - top[2] - top[3] + b;
    const lanes y10 = low[0] + low[1] + low[2] + b, y11 = low[1] - low[2] - low[3] + b;
    set_at_least(y, &y00, &least);
    if (columns > 1) set_at_least(y + column, &y01, &least);
    if (rows > 1) set_at_least(y + row, &y10, &least);
    if (rows > 1 && columns > 1) set_at_least(y + row + column, &y11, &least);
  }
}

/* u = G k Gᵀ for one input channel and `count` output channels; the kernel's elements lie tap floats apart. */
CK_CLONES static void transform_kernel(const float *k, long tap, long count, float *u, long step) {
  for (long c = 0; c < count; c += LANES, k += LANES, u += LANES) {
    lanes h[4][3];
    for (int s = 0; s < 3; s++) {
      const lanes first = AT(k + s * tap), second = AT(k + (3 + s) * tap), third = AT(k + (6 + s) * tap);
      const lanes outer = 0.5f * (first + third), inner = 0.5f * second;
      h[0][s] = first, h[1][s] = outer + inner, h[2][s] = outer - inner, h[3][s] = third;
    }
    for (int r = 0; r < 4; r++) {
      const lanes outer = 0.5f * (h[r][0] + h[r][2]), inner = 0.5f * h[r][1];
      float *to = u + 4 * r * step;
      SET(to, h[r][0]);
      SET(to + step, outer + inner);
      SET(to + 2 * step, outer - inner);
      SET(to + 3 * step, h[r][2]);
    }
  }
}

struct winograd {
  const ck_window *w;
  const float *x, *kernels, *bias;
  float *y, *memory;
  long blocks, workers, memory_size;
  int relu;
};

/* Columns of the products of a block that are worked on together; they are whole panels of packed kernels. */
static long columns_at_once(const ck_window *w) { return w->out_channels < OUT_CHANNELS ? w->out_channels : OUT_CHANNELS; }

static void some_tiles(const struct winograd *job, long first, long count, float *v, float *sums) {
  const ck_window *w = job->w;
  const long in = w->in_channels, out = w->out_channels, size = kernel_size(w);
  transform_patches(w, job->x, first, count, v);
  for (long start = 0; start < out; start += columns_at_once(w)) {
    const long columns = out - start < columns_at_once(w) ? out - start : columns_at_once(w), step = padded(count * columns);
    for (int i = 0; i < POINTS; i++) {
      ck_product product = {.m = count, .n = columns, .k = in, .a = v + i * padded(count * in), .a_row = in, .a_column = 1,
                            .b = job->kernels + i * size + start * in, .c = sums + i * step, .c_row = columns};
      ck_gemm_packed(&product);
    }
    for (long t = 0; t < count; t++) {
      const place at = tile_place(w, first + t);
      float *y = job->y + ((at.image * w->out_rows + at.row) * w->out_columns + at.column) * out + start;
      transform_sums(sums + t * columns, step, columns, job->bias ? job->bias + start : 0, job->relu,
                     w->out_rows - at.row > 1 ? 2 : 1, w->out_columns - at.column > 1 ? 2 : 1, y, w->out_columns * out, out);
    }
  }
}

static void some_blocks(void *context, int worker) {
  const struct winograd *job = context;
  const long tiles = all_tiles(job->w);
  float *v = job->memory + worker * job->memory_size, *sums = v + POINTS * padded(BLOCK * job->w->in_channels);
  for (long block = job->blocks * worker / job->workers; block < job->blocks * (worker + 1) / job->workers; block++) {
    const long first = block * BLOCK;
    some_tiles(job, first, tiles - first < BLOCK ? tiles - first : BLOCK, v, sums);
  }
}

static long block_count(const ck_window *w) { return (all_tiles(w) + BLOCK - 1) / BLOCK; }
static long worker_count(const ck_window *w) { return block_count(w) < most_workers ? block_count(w) : most_workers; }
static long block_memory(const ck_window *w) {
  return POINTS * (padded(BLOCK * w->in_channels) + padded(BLOCK * columns_at_once(w)));
}

long ck_winograd_scratch(const ck_window *w) {
  return POINTS * kernel_size(w) + worker_count(w) * block_memory(w) + 64;
}

struct kernels {
  const ck_window *w;
  const float *kernel;
  float *to;
};

static void some_kernels(void *context, int piece) {
  const struct kernels *job = context;
  const long in = job->w->in_channels, out = job->w->out_channels, panel = ck_gemm_panel(), start = piece * panel;
  for (long c = 0; c < in; c++)
    transform_kernel(job->kernel + c * out + start, in * out, out - start < panel ? out - start : panel,
                     job->to + start * in + c * panel, kernel_size(job->w));
}

void ck_winograd(const ck_window *w, const float *x, const float *kernel, const float *bias, int relu, float *y,
                 float *scratch) {
  struct kernels kernels = {w, kernel, scratch};
  ck_pieces((int)((w->out_channels + ck_gemm_panel() - 1) / ck_gemm_panel()), some_kernels, &kernels);
  struct winograd job = {.w = w, .x = x, .kernels = scratch, .bias = bias, .y = y,
                         .memory = scratch + POINTS * kernel_size(w), .blocks = block_count(w), .workers = worker_count(w),
                         .memory_size = block_memory(w), .relu = relu};
  ck_pieces((int)job.workers, some_blocks, &job);
}
