#include "blocks.h"
#include "math32.h"

CK_INLINE int same_value(const double *b, long n) {
    int same = 1;
    for (long k = 0; k < n; k++) {
        int64_t first, other;
        memcpy(&first, b, 8);
        memcpy(&other, b + k, 8);
        same &= first == other;
    }
    return same;
}

CK_INLINE double modulo64(double x, double y) {
    double r = fmod(x, y);
    return r != 0.0 && (r < 0.0) != (y < 0.0) ? r + y : r;
}

CK_INLINE double floor_divide64(double x, double y) {
    if (y == 0.0) return x / y;
    double r = fmod(x, y);
    double quotient = (x - r) / y;
    if (r != 0.0 && (r < 0.0) != (y < 0.0)) quotient -= 1.0;
    double down = floor(quotient);
    return quotient - down > 0.5 ? down + 1.0 : down;
}

CK_INLINE double sigmoid64(double x) {
    double e = exp(-fabs(x)), s = 1.0 / (1.0 + e);
    return x < 0.0 ? e * s : s;
}

CK_INLINE double softplus64(double x) {
    double y = log1p(exp(-fabs(x)));
    return x > 0.0 ? x + y : (x != x ? x : y);
}

CK_INLINE double normal_below64(double x) { return 0.5 * erfc(-x * 0.70710678118654752440); }

CK_INLINE double gelu64(double x) { return x == -INFINITY ? -0.0 : x * normal_below64(x); }

CK_INLINE double gelu_slope64(double x) {
    double c = x > 40.0 ? 40.0 : (x < -40.0 ? -40.0 : x);
    return normal_below64(x) + c * 0.39894228040143267794 * exp(-0.5 * c * c);
}

/* x (1 + tanh u) / 2 = x / (1 + e^(-2u)) with u = √(2/π) (x + 0.044715 x³). */
CK_INLINE double gelu_tanh64(double x) {
    return x == -INFINITY ? -0.0 : x * sigmoid64(x * (1.5957691216057308 + 0.071354816272600244 * x * x));
}

CK_INLINE double gelu_tanh_slope64(double x) {
    double c = x > 40.0 ? 40.0 : (x < -40.0 ? -40.0 : x), z = c * c;
    double s = sigmoid64(c * (1.5957691216057308 + 0.071354816272600244 * z));
    return s + c * s * (1.0 - s) * (1.5957691216057308 + 0.21406444881780073 * z);
}

#define REAL double
#define FABS fabs
#define SQRT sqrt
#define EXP exp
#define EXPM1 expm1
#define LOG log
#define LOG1P log1p
#define LOG2 log2
#define LOG10 log10
#define SIN sin
#define COS cos
#define TAN tan
#define ASIN asin
#define ACOS acos
#define ATAN atan
#define SINH sinh
#define COSH cosh
#define TANH tanh
#define ERF erf
#define FLOOR floor
#define CEIL ceil
#define RINT rint
#define SIGMOID sigmoid64
#define SOFTPLUS softplus64
#define GELU gelu64
#define GELU_SLOPE gelu_slope64
#define GELU_TANH gelu_tanh64
#define GELU_TANH_SLOPE gelu_tanh_slope64
#define FLOOR_DIVIDE floor_divide64
#define MODULO modulo64
#define ATAN2 atan2
#define POWER pow

/* Nothing is wider. */
#define WIDE(OP) 0

CK_CLONES
int ck_block_f64(const ck_instruction *i, void *to, const void *left, const void *right, const void *third, long n) {
#include "block_float.inc"
}
