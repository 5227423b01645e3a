#ifndef GLIA_LAPACKE_H
#define GLIA_LAPACKE_H

/* LAPACK's C interface. The functions that the engine calls are defined in this target: they load the library, and the
   seven that it needs, at the first call. */
#include <lapacke.h>

/* Why the library cannot be used, or null where it can. Loads it. */
const char *lapacke_failure(void);

#endif
