#ifndef GLIA_BLOCKS_H
#define GLIA_BLOCKS_H

#include "ckernels.h"

/* One instruction over n elements, for each type. */
int ck_block_f32(const ck_instruction *i, void *out, const void *a, const void *b, const void *c, long n);
/* The same for those that are computed in float64; 0 where the block is not in their range and nothing was done. */
int ck_wide_f32(int op, float *out, const float *a, const float *b, long n);
int ck_block_f64(const ck_instruction *i, void *out, const void *a, const void *b, const void *c, long n);
int ck_block_i32(const ck_instruction *i, void *out, const void *a, const void *b, const void *c, long n);
int ck_block_bool(const ck_instruction *i, void *out, const void *a, const void *b, const void *c, long n);

#if defined(__x86_64__) && defined(__linux__)
#define CK_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CK_CLONES
#endif

/* A loop whose elements do not depend on each other (results may lie where an operand lies). */
/* Not every loop can be vectorised (calls of the C library): that is known, not a warning. */
#pragma clang diagnostic ignored "-Wpass-failed"

#define CK_EACH _Pragma("clang loop vectorize(assume_safety) interleave_count(4)") for (long k = 0; k < n; k++)

#endif
