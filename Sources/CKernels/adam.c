#include "ck_adam.h"
#include "blocks.h"
#include <math.h>

#define ADAM(NAME, T, SQRT)                                                                          \
  CK_CLONES static void NAME##_range(void *context, long begin, long end) {                          \
    const ck_adam *u = context;                                                                      \
    const T *w = (const T *)u->w + begin, *g = (const T *)u->g + begin;                              \
    const T *m = (const T *)u->m + begin, *v = (const T *)u->v + begin;                              \
    T *w2 = (T *)u->w2 + begin, *m2 = (T *)u->m2 + begin, *v2 = (T *)u->v2 + begin;                  \
    const T rate = (T)u->rate, a = (T)u->a, b = (T)u->b, epsilon = (T)u->epsilon;                    \
    const long n = end - begin;                                                                      \
    CK_EACH {                                                                                        \
      const T now = g[k], momentum = m[k] + (now - m[k]) * a, velocity = v[k] + (now * now - v[k]) * b; \
      m2[k] = momentum;                                                                              \
      v2[k] = velocity;                                                                              \
      w2[k] = w[k] - momentum * rate / (SQRT(velocity) + epsilon);                                   \
    }                                                                                                \
  }                                                                                                  \
  void NAME(const ck_adam *update) { ck_parallel(update->count, 1 << 14, NAME##_range, (void *)update); }

ADAM(ck_adam_f32, float, sqrtf)
ADAM(ck_adam_f64, double, sqrt)
