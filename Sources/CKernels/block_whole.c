#include "blocks.h"
#include "math32.h"

/* Arithmetic on int32 is done in 64 bits; whatever does not fit is reported. */
#define CHECKED(OP, EXPRESSION) \
    case OP: CK_EACH { int64_t x = a[k], y = b[k], r = (EXPRESSION); (void)y; bad |= r != (int32_t)r; out[k] = (int32_t)r; } \
        return bad ? CK_OVERFLOW : 0;
#define CHECKED1(OP, EXPRESSION) \
    case OP: CK_EACH { int64_t x = a[k], r = (EXPRESSION); bad |= r != (int32_t)r; out[k] = (int32_t)r; } \
        return bad ? CK_OVERFLOW : 0;
#define TEST(OP, EXPRESSION) case OP: CK_EACH { int32_t x = a[k], y = b[k]; flag[k] = (EXPRESSION); } return 0;

static int64_t floor_divide_whole(int64_t x, int64_t y) {
    int64_t quotient = x / y;
    return x % y != 0 && (x % y < 0) != (y < 0) ? quotient - 1 : quotient;
}

/* base^exponent; a value outside int32 where it overflows. */
static int64_t power_whole(int64_t base, int64_t exponent) {
    if (base == 0 || base == 1) return exponent == 0 ? 1 : base;
    if (base == -1) return exponent % 2 ? -1 : 1;
    int64_t result = 1;
    for (int64_t e = 0; e < exponent; e++) {
        result *= base;
        if (result != (int32_t)result) return INT64_MAX;
    }
    return result;
}

CK_CLONES
int ck_block_i32(const ck_instruction *i, void *to, const void *left, const void *right, const void *third, long n) {
    int32_t *out = to;
    uint8_t *flag = to;
    const int32_t *a = left, *b = right, *c = third;
    const int64_t p = i->p <= -2147483648.0 ? INT32_MIN : i->p >= 2147483647.0 ? INT32_MAX : (int64_t)ceil(i->p);
    const int64_t q = i->q <= -2147483648.0 ? INT32_MIN : i->q >= 2147483647.0 ? INT32_MAX : (int64_t)floor(i->q);
    int bad = 0;
    switch (i->op) {
    CHECKED1(CK_NEGATE, -x)
    CHECKED1(CK_ABS, x < 0 ? -x : x)
    CHECKED1(CK_SIGN, (x > 0) - (x < 0))
    CHECKED1(CK_SQUARE, x * x)
    CHECKED1(CK_RELU, x > 0 ? x : 0)
    CHECKED1(CK_CLIP, x < p ? p : (x > q ? q : x))
    CHECKED1(CK_FLOOR, x)
    CHECKED1(CK_CEIL, x)
    CHECKED1(CK_ROUND, x)
    CHECKED(CK_ADD, x + y)
    CHECKED(CK_SUBTRACT, x - y)
    CHECKED(CK_MULTIPLY, x * y)
    CHECKED(CK_MAXIMUM, x > y ? x : y)
    CHECKED(CK_MINIMUM, x < y ? x : y)
    case CK_FLOOR_DIVIDE:
    case CK_MODULO:
        for (long k = 0; k < n; k++) {
            if (b[k] == 0) return CK_ZERO_DIVISION;
            int64_t quotient = floor_divide_whole(a[k], b[k]);
            int64_t r = i->op == CK_MODULO ? (int64_t)a[k] - quotient * b[k] : quotient;
            bad |= r != (int32_t)r;
            out[k] = (int32_t)r;
        }
        return bad ? CK_OVERFLOW : 0;
    case CK_POWER:
        for (long k = 0; k < n; k++) {
            if (b[k] < 0) return CK_NEGATIVE_POWER;
            int64_t r = power_whole(a[k], b[k]);
            if (r != (int32_t)r) return CK_OVERFLOW;
            out[k] = (int32_t)r;
        }
        return 0;
    TEST(CK_EQUAL, x == y)
    TEST(CK_NOT_EQUAL, x != y)
    TEST(CK_LESS, x < y)
    TEST(CK_LESS_EQUAL, x <= y)
    TEST(CK_GREATER, x > y)
    TEST(CK_GREATER_EQUAL, x >= y)
    TEST(CK_AND, (x != 0) & (y != 0))
    TEST(CK_OR, (x != 0) | (y != 0))
    case CK_NOT: CK_EACH { flag[k] = a[k] == 0; } return 0;
    case CK_ISNAN: CK_EACH { flag[k] = 0; } return 0;
    case CK_ISFINITE: CK_EACH { flag[k] = 1; } return 0;
    case CK_WHERE: {
        const uint8_t *condition = left;
        CK_EACH { int32_t y = b[k], z = c[k]; out[k] = condition[k] ? y : z; }
        return 0;
    }
    case CK_TO_BOOL: CK_EACH { flag[k] = a[k] != 0; } return 0;
    case CK_TO_I32: CK_EACH { out[k] = a[k]; } return 0;
    case CK_TO_F32: { float *single = to; CK_EACH { single[k] = (float)a[k]; } return 0; }
    case CK_TO_F64: { double *wide = to; CK_EACH { wide[k] = (double)a[k]; } return 0; }
    default: return CK_UNKNOWN;
    }
}

#undef TEST
#define TEST(OP, EXPRESSION) case OP: CK_EACH { uint8_t x = a[k] != 0, y = b[k] != 0; out[k] = (EXPRESSION); } return 0;

CK_CLONES
int ck_block_bool(const ck_instruction *i, void *to, const void *left, const void *right, const void *third, long n) {
    uint8_t *out = to;
    const uint8_t *a = left, *b = right, *c = third;
    switch (i->op) {
    TEST(CK_EQUAL, x == y)
    TEST(CK_NOT_EQUAL, x != y)
    TEST(CK_LESS, x < y)
    TEST(CK_LESS_EQUAL, x <= y)
    TEST(CK_GREATER, x > y)
    TEST(CK_GREATER_EQUAL, x >= y)
    TEST(CK_AND, x & y)
    TEST(CK_OR, x | y)
    TEST(CK_MAXIMUM, x | y)
    TEST(CK_MINIMUM, x & y)
    case CK_NOT: CK_EACH { out[k] = a[k] == 0; } return 0;
    case CK_ISNAN: CK_EACH { out[k] = 0; } return 0;
    case CK_ISFINITE: CK_EACH { out[k] = 1; } return 0;
    case CK_WHERE: CK_EACH { uint8_t y = b[k], z = c[k]; out[k] = a[k] ? y : z; } return 0;
    case CK_TO_BOOL: CK_EACH { out[k] = a[k] != 0; } return 0;
    case CK_TO_I32: { int32_t *whole = to; CK_EACH { whole[k] = a[k]; } return 0; }
    case CK_TO_F32: { float *single = to; CK_EACH { single[k] = (float)a[k]; } return 0; }
    case CK_TO_F64: { double *wide = to; CK_EACH { wide[k] = (double)a[k]; } return 0; }
    default: return CK_UNKNOWN;
    }
}
