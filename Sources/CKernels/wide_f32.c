#include "blocks.h"
#include "math32.h"

/* Functions of float32 that are computed in float64, several at a time, and rounded once: what the C library computes one
   by one. Each looks first whether the whole block is in its range; the C library does the rest. Polynomials are those of
   FreeBSD's msun (sine and cosine) and Taylor's (logarithm, power), longer than float32 can tell. */

/* Sine and cosine of x, |x| < 2^26: quarter turns are taken off in two parts of π/2. */
CK_INLINE void sine_cosine64(double x, double *sine, double *cosine) {
    double turns = rint(x * 0.63661977236758134308);
    double r = x - turns * 1.57079632673412561417;
    r = r - turns * 6.07710050650619224932e-11;
    double z = r * r;
    double s = r + r * z * (-0.166666666416265235595 + z * (0.0083333293858894631756
        + z * (-0.000198393348360966317347 + z * 0.0000027183114939898219064)));
    double c = 1.0 + z * (-0.499999997251031003120 + z * (0.0416666233237390631894
        + z * (-0.00138867637746099294692 + z * 0.0000243904487962774090654)));
    int32_t q = (int32_t)turns;
    double first = q & 1 ? c : s, second = q & 1 ? s : c;
    *sine = q & 2 ? -first : first;
    *cosine = (q + 1) & 2 ? -second : second;
}

/* log2 of a normal positive float. */
CK_INLINE double log2_wide(float x) {
    int32_t bits = float_to_bits(x);
    int32_t k = (bits - 0x3f3504f3) >> 23;
    double m = bits_to_float(bits - (k << 23));
    double s = (m - 1.0) / (m + 1.0), z = s * s;
    double p = 1.0 / 15.0;
    p = p * z + 1.0 / 13.0;
    p = p * z + 1.0 / 11.0;
    p = p * z + 1.0 / 9.0;
    p = p * z + 1.0 / 7.0;
    p = p * z + 1.0 / 5.0;
    p = p * z + 1.0 / 3.0;
    return k + s * (1.0 + p * z) * 2.88539008177792681472;
}

/* No smaller than |log2 x|, from the exponent alone. */
CK_INLINE float largest_log2(float x) {
    int32_t k = (float_to_bits(x) - 0x3f3504f3) >> 23;
    return (float)(k < 0 ? -k : k) + 0.5f;
}

/* 2^t for |t| < 126. */
CK_INLINE float power_of_two_wide(double t) {
    double whole = rint(t), r = (t - whole) * 0.69314718055994530942;
    double p = 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    int32_t n = (int32_t)whole;
    return (float)(p * bits_to_float((n + 127) << 23));
}

#define ALL_OF(CONDITION) \
    { \
        int all = 1; \
        for (long k = 0; k < n; k++) all &= (CONDITION); \
        if (!all) return 0; \
    }
#define IS_NORMAL(X) ((X) >= 1.17549435e-38f && (X) < INFINITY)
/* Quotients below 2^28 are never rounded across a whole number: 24 bits divided by 24 in 53. Of larger ones float32 does
   not see the fraction. */
#define QUOTIENT_BELOW(LIMIT) ((fabs((double)a[k] / (double)b[k]) < (LIMIT)) & (fabsf(b[k]) < INFINITY))

CK_CLONES
int ck_wide_f32(int op, float *out, const float *a, const float *b, long n) {
    double sine, cosine;
    switch (op) {
    case CK_SIN: case CK_COS: case CK_TAN:
        ALL_OF(fabsf(a[k]) < 67108864.0f)
        if (op == CK_SIN) CK_EACH { sine_cosine64(a[k], &sine, &cosine); out[k] = (float)sine; }
        else if (op == CK_COS) CK_EACH { sine_cosine64(a[k], &sine, &cosine); out[k] = (float)cosine; }
        else CK_EACH { sine_cosine64(a[k], &sine, &cosine); out[k] = (float)(sine / cosine); }
        return 1;
    case CK_LOG2: case CK_LOG10: {
        ALL_OF(IS_NORMAL(a[k]))
        const double scale = op == CK_LOG2 ? 1.0 : 0.30102999566398119521;
        CK_EACH { out[k] = (float)(log2_wide(a[k]) * scale); }
        return 1;
    }
    case CK_FLOOR_DIVIDE:
        ALL_OF(QUOTIENT_BELOW(INFINITY))
        CK_EACH { out[k] = (float)floor((double)a[k] / (double)b[k]); }
        return 1;
    case CK_MODULO:
        ALL_OF(QUOTIENT_BELOW(268435456.0))
        CK_EACH { double x = a[k], y = b[k]; out[k] = (float)(x - floor(x / y) * y); }
        return 1;
    case CK_POWER:
        ALL_OF(IS_NORMAL(a[k]) & (fabsf(b[k]) * largest_log2(a[k]) < 126.0f))
        CK_EACH { out[k] = power_of_two_wide(log2_wide(a[k]) * (double)b[k]); }
        return 1;
    default: return 0;
    }
}
