#ifndef GLIA_CKERNELS_COPY_H
#define GLIA_CKERNELS_COPY_H

#include <stdint.h>

enum { CK_MAX_RANK = 16 };

/* Copies elements of `size` bytes (1, 4 or 8) from one strided layout to another. Strides count elements and may be
   negative, those of the source also 0. Serves transposition, slices, broadcasting, concatenation, padding, tiling. */
void ck_copy_strided(long size, int rank, const long *sizes, void *to, const long *to_strides,
                     const void *from, const long *from_strides);

/* Sets n elements of `size` bytes to the one at `value`. */
void ck_fill(long size, void *to, const void *value, long n);

/* to[o][k][:] = from[o][indices[k]][:], rows of `row` bytes, `length` of them in each of `outer` groups. A negative index
   counts from the end. Returns the place in `indices` of the first that is out of range, or -1. */
long ck_gather(void *to, const void *from, const int32_t *indices, long outer, long length, long count, long row);

/* to[o][indices[k]][:] += from[o][k][:], in the order of k; types as ck_type, floats and int32. */
long ck_scatter_add(int type, void *to, const void *from, const int32_t *indices, long outer, long length, long count,
                    long row_elements);

/* to[o][k][i] = from[o][indices[o][k][i]][i]. */
long ck_take_along(long size, void *to, const void *from, const int32_t *indices, long outer, long length, long count,
                   long inner);

/* to[o][indices[o][k][i]][i] += from[o][k][i]. */
long ck_add_along(int type, void *to, const void *from, const int32_t *indices, long outer, long length, long count,
                  long inner);

#endif
