#include "winograd_tiles.h"
#include "ck_gemm.h"
#include "pieces.h"

/* The gradient of the kernel: dk = Gᵀ [(Bᵀ x B) ⊙ (A g Aᵀ)] G, the adjoint of the convolution, summed over tiles. */

/* Tiles whose products are done together. */
enum { BLOCK = 48 };

/* v = A p Aᵀ for `count` channels of a tile of the output's gradient. */
CK_CLONES static void transform_gradient(const float *p, long row, long column, long count, float *v, long step) {
  for (long c = 0; c < count; c += LANES, p += LANES, v += LANES) {
    const lanes p00 = AT(p), p01 = AT(p + column), p10 = AT(p + row), p11 = AT(p + row + column);
    const lanes left[4] = {p00, p00 + p10, p00 - p10, -p10}, right[4] = {p01, p01 + p11, p01 - p11, -p11};
    for (int u = 0; u < 4; u++) {
      float *to = v + 4 * u * step;
      SET(to, left[u]);
      SET(to + step, left[u] + right[u]);
      SET(to + 2 * step, left[u] - right[u]);
      SET(to + 3 * step, -right[u]);
    }
  }
}

/* dk = Gᵀ s G, added up over the pieces' sums: `count` elements of every tap. */
CK_CLONES static void transform_kernel_sums(const float *sums, long pieces, long count, float *dk) {
  for (long c = 0; c < count; c += LANES) {
    lanes s[POINTS];
    for (int i = 0; i < POINTS; i++) {
      s[i] = AT(sums + i * count + c);
      for (long p = 1; p < pieces; p++) s[i] += AT(sums + (p * POINTS + i) * count + c);
    }
    for (int r = 0; r < 3; r++) {
      lanes h[4];
      for (int i = 0; i < 4; i++) {
        const lanes plus = 0.5f * (s[4 + i] + s[8 + i]);
        h[i] = r == 0 ? s[i] + plus : r == 1 ? 0.5f * (s[4 + i] - s[8 + i]) : plus + s[12 + i];
      }
      const lanes plus = 0.5f * (h[1] + h[2]);
      float *to = dk + 3 * r * count + c;
      SET(to, h[0] + plus);
      SET(to + count, 0.5f * (h[1] - h[2]));
      SET(to + 2 * count, plus + h[3]);
    }
  }
}

struct kernel_gradient {
  const ck_window *w;
  const float *x, *g;
  float *sums, *memory;
  long blocks, pieces, memory_size;
};

static long block_count(const ck_window *w) { return (all_tiles(w) + BLOCK - 1) / BLOCK; }

/* Into how many sums the tiles are shared out. */
static long sum_count(const ck_window *w) {
  const long most = matrix(w) > 16384 ? 2 : 8;
  return block_count(w) < most ? block_count(w) : most;
}

static void some_sums(void *context, int piece) {
  const struct kernel_gradient *job = context;
  const ck_window *w = job->w;
  const long in = w->in_channels, out = w->out_channels, tiles = all_tiles(w);
  const long begin = job->blocks * piece / job->pieces, end = job->blocks * (piece + 1) / job->pieces;
  float *sums = job->sums + piece * POINTS * matrix(w), *v = job->memory + piece * job->memory_size;
  float *g = v + POINTS * padded(BLOCK * in);
  const images gradients = {job->g, w->out_rows, w->out_columns, out, 0, 0, 2};
  for (long block = begin; block < end; block++) {
    const long first = block * BLOCK, count = tiles - first < BLOCK ? tiles - first : BLOCK;
    transform_patches(w, job->x, first, count, v);
    transform_windows(w, &gradients, transform_gradient, first, count, g);
    for (int i = 0; i < POINTS; i++) {
      ck_product product = {.m = in, .n = out, .k = count, .a = v + i * padded(count * in), .a_row = 1, .a_column = in,
                            .b = g + i * padded(count * out), .b_row = out, .b_column = 1, .c = sums + i * in * out, .c_row = out,
                            .accumulates = block > begin};
      ck_gemm_in_place(&product);
    }
  }
}

static long gradient_memory(const ck_window *w) {
  return POINTS * (padded(BLOCK * w->in_channels) + padded(BLOCK * w->out_channels));
}

long ck_winograd_kernel_scratch(const ck_window *w) {
  return sum_count(w) * (POINTS * matrix(w) + gradient_memory(w)) + 64;
}

void ck_winograd_kernel(const ck_window *w, const float *x, const float *g, float *dk, float *scratch) {
  const long pieces = sum_count(w);
  struct kernel_gradient job = {.w = w, .x = x, .g = g, .sums = scratch, .memory = scratch + pieces * POINTS * matrix(w),
                                .blocks = block_count(w), .pieces = pieces, .memory_size = gradient_memory(w)};
  ck_pieces((int)pieces, some_sums, &job);
  transform_kernel_sums(job.sums, pieces, matrix(w), dk);
}
