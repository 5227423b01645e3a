#ifndef GLIA_ONEDNN_H
#define GLIA_ONEDNN_H

/* oneDNN's C interface. The functions that the engine calls are defined in this target: they load the library at the first
   call, because its relocations alone would take a third of the time in which the process starts. */
#include <oneapi/dnnl/dnnl.h>

/* Why the library cannot be used, or null where it can. Loads it. */
const char *onednn_failure(void);

#endif
