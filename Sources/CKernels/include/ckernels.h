#ifndef GLIA_CKERNELS_H
#define GLIA_CKERNELS_H

/* Loops of the engine, compiled for several instruction sets and chosen at load time. Nothing here allocates. */

#include "ckernels_chain.h"
#include "ckernels_reduce.h"
#include "ckernels_copy.h"
#include "ckernels_interrupt.h"
#include "ckernels_matmul.h"
#include "ckernels_parallel.h"
#include "ckernels_random.h"
#include "ckernels_sort.h"

#endif
