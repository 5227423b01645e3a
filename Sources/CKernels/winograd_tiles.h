#ifndef GLIA_WINOGRAD_TILES_H
#define GLIA_WINOGRAD_TILES_H

/* Tiles of 2×2 outputs, counted through all images, and the transformed patches of inputs under them: what the convolution
   and its kernel's gradient share. */

#include "winograd.h"
#include "clones.h"
#include <stdint.h>
#include <string.h>

enum { LANES = 8, POINTS = 16, PATCH_CHANNELS = 64 };

/* A point's matrix is followed by a cache line, so that the same element of all 16 does not fall into the same few places of
   the first cache. */
static inline long padded(long size) { return size + 16; }

static inline long tile_rows(const ck_window *w) { return (w->out_rows + 1) / 2; }
static inline long tile_columns(const ck_window *w) { return (w->out_columns + 1) / 2; }
static inline long all_tiles(const ck_window *w) { return w->batch * tile_rows(w) * tile_columns(w); }
static inline long matrix(const ck_window *w) { return (long)w->in_channels * w->out_channels; }

/* Where a tile is: its image, and the row and column of its first output. */
typedef struct {
  long image, row, column;
} place;

static inline place tile_place(const ck_window *w, long tile) {
  const long columns = tile_columns(w), in_image = tile_rows(w) * columns, inside = tile % in_image;
  return (place){tile / in_image, inside / columns * 2, inside % columns * 2};
}

typedef float lanes __attribute__((vector_size(4 * LANES), aligned(4)));
#define AT(p) (*(const lanes *)(p))
#define SET(p, v) (*(lanes *)(p) = (v))

/* v = Bᵀ p B for `count` channels: one row of Bᵀ at a time. */
CK_CLONES static void transform_patch(const float *p, long row, long column, long count, float *v, long step) {
  for (long c = 0; c < count; c += LANES, p += LANES, v += LANES) {
    lanes top[4], middle[4], low[4], last[4];
    for (int s = 0; s < 4; s++) {
      const float *q = p + s * column;
      const lanes first = AT(q), second = AT(q + row), third = AT(q + 2 * row), fourth = AT(q + 3 * row);
      top[s] = first - third, middle[s] = second + third, low[s] = third - second, last[s] = second - fourth;
    }
    const lanes *rows[4] = {top, middle, low, last};
    for (int u = 0; u < 4; u++) {
      const lanes *t = rows[u];
      float *to = v + 4 * u * step;
      SET(to, t[0] - t[2]);
      SET(to + step, t[1] + t[2]);
      SET(to + 2 * step, t[2] - t[1]);
      SET(to + 3 * step, t[1] - t[3]);
    }
  }
}

/* Some channels of an image's rows and columns from `row` and `column` on, where they lie or, if some are outside, copied
   with zeros to `patch`. */
typedef struct {
  const float *at;
  long row, column;
} view;

static inline view window_of(const float *image, long rows, long columns, long channels, long row, long column, int size,
                             long channel, long count, float *patch) {
  if (row >= 0 && column >= 0 && row + size <= rows && column + size <= columns)
    return (view){image + (row * columns + column) * channels + channel, columns * channels, channels};
  for (long r = 0; r < size; r++)
    for (long c = 0; c < size; c++) {
      float *to = patch + (r * size + c) * PATCH_CHANNELS;
      const long y = row + r, x = column + c;
      if (y < 0 || x < 0 || y >= rows || x >= columns)
        memset(to, 0, sizeof(float) * count);
      else
        memcpy(to, image + (y * columns + x) * channels + channel, sizeof(float) * count);
    }
  return (view){patch, size * PATCH_CHANNELS, PATCH_CHANNELS};
}

/* Images (batch, rows, columns, channels), of which every tile sees a window of size × size that begins `top` rows and `left`
   columns before the tile. */
typedef struct {
  const float *at;
  long rows, columns, channels, top, left;
  int size;
} images;

/* What `transform` makes of the windows of some tiles: 16 matrices (count, channels). */
static inline void transform_windows(const ck_window *w, const images *x,
                                     void (*transform)(const float *, long, long, long, float *, long), long first,
                                     long count, float *v) {
  float patch[16 * PATCH_CHANNELS];
  for (long t = 0; t < count; t++) {
    const place at = tile_place(w, first + t);
    const float *image = x->at + at.image * x->rows * x->columns * x->channels;
    for (long c = 0; c < x->channels; c += PATCH_CHANNELS) {
      const long some = x->channels - c < PATCH_CHANNELS ? x->channels - c : PATCH_CHANNELS;
      const view p = window_of(image, x->rows, x->columns, x->channels, at.row - x->top, at.column - x->left, x->size, c,
                               some, patch);
      transform(p.at, p.row, p.column, some, v + t * x->channels + c, padded(count * x->channels));
    }
  }
}

/* The inputs under some tiles. */
static inline void transform_patches(const ck_window *w, const float *x, long first, long count, float *v) {
  const images inputs = {x, w->in_rows, w->in_columns, w->in_channels, w->pad_top, w->pad_left, 4};
  transform_windows(w, &inputs, transform_patch, first, count, v);
}

#endif
