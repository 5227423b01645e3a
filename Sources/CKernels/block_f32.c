#include "blocks.h"
#include "math32.h"

CK_INLINE int same_value(const float *b, long n) {
    int same = 1;
    for (long k = 0; k < n; k++) same &= float_to_bits(b[k]) == float_to_bits(b[0]);
    return same;
}

CK_INLINE float modulo32(float x, float y) {
    float r = fmodf(x, y);
    return r != 0.0f && (r < 0.0f) != (y < 0.0f) ? r + y : r;
}

CK_INLINE float floor_divide32(float x, float y) {
    if (y == 0.0f) return x / y;
    float r = fmodf(x, y);
    float quotient = (x - r) / y;
    if (r != 0.0f && (r < 0.0f) != (y < 0.0f)) quotient -= 1.0f;
    float down = floorf(quotient);
    return quotient - down > 0.5f ? down + 1.0f : down;
}

#define REAL float
#define FABS fabsf
#define SQRT sqrtf
#define EXP exp32
#define EXPM1 expm1_32
#define LOG log32
#define LOG1P log1p_32
#define LOG2 log2f
#define LOG10 log10f
#define SIN sinf
#define COS cosf
#define TAN tanf
#define ASIN asinf
#define ACOS acosf
#define ATAN atanf
#define SINH sinhf
#define COSH coshf
#define TANH tanh32
#define ERF erf32
#define FLOOR floorf
#define CEIL ceilf
#define RINT rintf
#define SIGMOID sigmoid32
#define SOFTPLUS softplus32
#define GELU gelu32
#define GELU_SLOPE gelu_slope32
#define GELU_TANH gelu_tanh32
#define GELU_TANH_SLOPE gelu_tanh_slope32
#define FLOOR_DIVIDE floor_divide32
#define MODULO modulo32
#define ATAN2 atan2f
#define POWER powf

/* What `ck_wide_f32` does faster. */
#define WIDE(OP) ck_wide_f32(OP, out, a, b, n)

CK_CLONES
int ck_block_f32(const ck_instruction *i, void *to, const void *left, const void *right, const void *third, long n) {
#include "block_float.inc"
}
