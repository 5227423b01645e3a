#ifndef GLIA_CKERNELS_RANDOM_H
#define GLIA_CKERNELS_RANDOM_H

#include <stdint.h>

/* Philox4x32-10 (Salmon and others, "Parallel random numbers: as easy as 1, 2, 3", SC11): block `counter + i` of the
   stream `seed` is a function of those two numbers alone, so draws have addresses and do not depend on threads. */

typedef enum { CK_DRAWS_OF_32 = 4, CK_DRAWS_OF_64 = 2 } ck_draws; /* numbers made from one block */

/* The four words of one block. */
void ck_philox(uint64_t seed, uint64_t counter, uint32_t words[4]);

/* n numbers in [0, 1): multiples of 2^-24, of 2^-53 in float64. Four (two) from each block. */
void ck_uniform_f32(uint64_t seed, uint64_t counter, float *out, long n);
void ck_uniform_f64(uint64_t seed, uint64_t counter, double *out, long n);

/* n normal numbers by Box and Muller's method. Four (two) from each block. */
void ck_normal_f32(uint64_t seed, uint64_t counter, float *out, long n);
void ck_normal_f64(uint64_t seed, uint64_t counter, double *out, long n);

/* n whole numbers in [low, low + range), range at most 2^32, without bias that a test could find: 64 bits times the
   range. Two from each block. */
void ck_integers(uint64_t seed, uint64_t counter, int64_t low, uint64_t range, int32_t *out, long n);

/* The numbers 0 to n - 1 in random order (Fisher and Yates); one draw of 64 bits a place, two from each block. */
void ck_permutation(uint64_t seed, uint64_t counter, int32_t *out, long n);

#endif
