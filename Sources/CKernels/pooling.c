#include "ck_convolution.h"
#include "pieces.h"
#include "clones.h"
#include <string.h>

#define T float
#define NAME(x) x##_f32
#include "pooling_template.h"
#undef T
#undef NAME
#define T double
#define NAME(x) x##_f64
#include "pooling_template.h"
