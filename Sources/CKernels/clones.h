#ifndef GLIA_CLONES_H
#define GLIA_CLONES_H

#include "blocks.h"

#define CK_INLINE static inline __attribute__((always_inline))

#endif
