#ifndef GLIA_CKERNELS_H
#define GLIA_CKERNELS_H

/* Elementwise and reduction loops of the engine, compiled for several instruction sets; see the .c files. */

#endif
