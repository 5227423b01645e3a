#include "ck_convolution.h"
#include "pieces.h"
#include "clones.h"
#include <stdint.h>
#include <string.h>

#define T float
#define WHOLE int32_t
#define NAME(x) x##_f32
#include "pooling_template.h"
#undef T
#undef WHOLE
#undef NAME
#define T double
#define WHOLE int64_t
#define NAME(x) x##_f64
#include "pooling_template.h"
