#ifndef GLIA_WINOGRAD_H
#define GLIA_WINOGRAD_H

#include "ck_convolution.h"

/* Winograd's minimal algorithm F(2×2, 3×3) for convolutions of 3×3 kernels with stride 1 (S. Winograd 1980; A. Lavin and
   S. Gray, "Fast Algorithms for Convolutional Neural Networks", 2016): 16 products where 36 are due, for every 2×2 outputs.

     y = Aᵀ [(G k Gᵀ) ⊙ (Bᵀ x B)] A      a tile of outputs (2, 2) from a patch of inputs (4, 4)

   The elements of the products in the middle, summed over channels, are 16 matrix products over all tiles. */

/* Whether it pays for the window: depends on one image's size alone, so that a batch computes what each image would. */
int ck_winograd_serves(const ck_window *w);
/* The input's gradient as a convolution of the output's with the kernel turned around. */
ck_window ck_winograd_turned(const ck_window *w);

/* Floats of working memory of the two functions below. */
long ck_winograd_scratch(const ck_window *w);
long ck_winograd_kernel_scratch(const ck_window *w);
void ck_winograd(const ck_window *w, const float *x, const float *kernel, const float *bias, int relu, float *y,
                 float *scratch);
void ck_winograd_kernel(const ck_window *w, const float *x, const float *g, float *dk, float *scratch);

#endif
