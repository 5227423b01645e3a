#ifndef GLIA_CKERNELS_SORT_H
#define GLIA_CKERNELS_SORT_H

#include <stdint.h>

/* Stable orders of `lines` lines of n elements (types as ck_type): positions[line][k] is the place of the k-th element.
   nan comes last in both directions. `scratch` holds n int32. */
void ck_argsort(int type, const void *in, int32_t *positions, int32_t *scratch, long lines, long n, int descending);

/* For each of n values the number of elements of `sorted` (m of them, ascending) that are smaller. Both float64. */
void ck_search_sorted(const double *sorted, long m, const double *values, int32_t *out, long n);

#endif
