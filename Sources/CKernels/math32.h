#ifndef GLIA_MATH32_H
#define GLIA_MATH32_H

/* Elementary functions in float32 that a compiler can vectorise: no branches, no calls. Each is within 3 units in
   the last place of the true value, checked by the tests against float64. Polynomials are minimax fits (reweighted least
   squares on Chebyshev nodes in 40 digits), the reductions are the standard ones (Muller, "Elementary Functions"). */

#include <math.h>
#include <stdint.h>
#include <string.h>

#define CK_INLINE static inline __attribute__((always_inline))

CK_INLINE float bits_to_float(int32_t i) { float f; memcpy(&f, &i, 4); return f; }
CK_INLINE int32_t float_to_bits(float f) { int32_t i; memcpy(&i, &f, 4); return i; }

/* 2^n for n in [-252, 254], in two factors, so that subnormal results round once. */
CK_INLINE float scale32(float x, int32_t n) {
    int32_t half = n >> 1;
    return x * bits_to_float((half + 127) << 23) * bits_to_float((n - half + 127) << 23);
}

/* n = round(x / ln 2) and r = x - n ln 2. */
CK_INLINE float reduce_exp32(float x, int32_t *n) {
    const float magic = 12582912.0f;
    float t = x * 1.44269504f + magic;
    *n = float_to_bits(t) - float_to_bits(magic);
    float k = t - magic;
    return (x - k * 0.693145752f) - k * 1.42860677e-6f;
}

/* e^r for |r| <= ln 2 / 2. */
CK_INLINE float exp_core32(float r) {
    float q = 0.00139517146f;
    q = q * r + 0.00836959867f;
    q = q * r + 0.0416661873f;
    q = q * r + 0.166665129f;
    q = q * r + 0.5f;
    return 1.0f + (r + r * r * q);
}

/* The bounds let nan pass, and nan times anything is nan. */
CK_INLINE float exp32(float x) {
    float c = x > 89.0f ? 89.0f : x;
    c = c < -104.0f ? -104.0f : c;
    int32_t n;
    float r = reduce_exp32(c, &n);
    return scale32(exp_core32(r), n);
}

/* e^x for x <= 0, where what is below the normal numbers may as well be 0. */
CK_INLINE float exp_below32(float x) {
    int32_t n;
    float r = reduce_exp32(x < -88.0f ? -88.0f : x, &n);
    return exp_core32(r) * bits_to_float((n + 127) << 23);
}

/* e^r - 1 for |r| <= ln 2 / 2. */
CK_INLINE float expm1_core32(float r) {
    float q = 0.000199141244f;
    q = q * r + 0.00139420432f;
    q = q * r + 0.00833327341f;
    q = q * r + 0.0416663421f;
    q = q * r + 0.166666668f;
    q = q * r + 0.5f;
    return r + r * r * q;
}

CK_INLINE float expm1_32(float x) {
    float c = x > 89.0f ? 89.0f : x;
    c = c < -18.0f ? -18.0f : c;
    int32_t n;
    float r = reduce_exp32(c, &n);
    float p = expm1_core32(r);
    /* 2^n p + (2^n - 1), halved while n could be 128. */
    float half = bits_to_float((n - 1 + 127) << 23);
    float y = 2.0f * (half * p + (half - 0.5f));
    y = n == 0 ? p : y;
    y = x == 0.0f ? x : y;
    return x != x ? x : y;
}

/* log(m 2^k) for a positive normal argument. */
CK_INLINE float log_core32(float x, float shift) {
    int32_t bits = float_to_bits(x);
    int32_t k = (bits - 0x3f3504f3) >> 23;
    float m = bits_to_float(bits - (k << 23));
    float f = m - 1.0f, kf = (float)k + shift;
    float s = f / (2.0f + f), z = s * s;
    float r = 0.236105443f;
    r = r * z + 0.285358885f;
    r = r * z + 0.400003562f;
    r = r * z + 0.666666656f;
    r = r * z;
    float h = 0.5f * f * f;
    return kf * 0.693145752f - ((h - (s * (h + r) + kf * 1.42860677e-6f)) - f);
}

CK_INLINE float log32(float x) {
    int small = x < 1.17549435e-38f;
    float y = log_core32(small ? x * 8388608.0f : x, small ? -23.0f : 0.0f);
    y = x == 0.0f ? -INFINITY : y;
    y = x < 0.0f ? NAN : y;
    return !(x < INFINITY) ? x : y;
}

CK_INLINE float log1p_32(float x) {
    float u = 1.0f + x;
    /* What the sum lost, divided by u: log(1 + x) = log(u) + log(1 + lost / u). */
    float lost = x - (u - 1.0f);
    float y = log_core32(u, 0.0f) + lost / u;
    y = u == 1.0f ? x : y;
    y = x == -1.0f ? -INFINITY : y;
    y = x < -1.0f ? NAN : y;
    return !(x < INFINITY) ? x : y;
}

/* (e^2|x| - 1) / (e^2|x| + 1), from 9.5 on the same. */
CK_INLINE float tanh32(float x) {
    float a = fabsf(x);
    int32_t n;
    float p = expm1_core32(reduce_exp32(a > 9.5f ? 19.0f : a + a, &n)), s = bits_to_float((n + 127) << 23);
    float m = s * p + (s - 1.0f);
    return copysignf(m / (m + 2.0f), x);
}

/* Where e^-x is beyond the finite numbers, 0. */
CK_INLINE float sigmoid32(float x) {
    float c = x > 88.0f ? 88.0f : x;
    c = c < -89.0f ? -89.0f : c;
    int32_t n;
    float r = reduce_exp32(-c, &n);
    return 1.0f / (1.0f + exp_core32(r) * bits_to_float((n + 127) << 23));
}

CK_INLINE float softplus32(float x) {
    float y = log1p_32(exp32(-fabsf(x)));
    return x > 0.0f ? x + y : (x != x ? x : y);
}

/* erfc(t) exp(t²) for t >= 0.98: a polynomial in u = 1 / (1 + t / 2). */
CK_INLINE float erfc_scaled32(float t) {
    float u = 1.0f / (1.0f + 0.5f * t);
    float p = -0.035837067f;
    p = p * u + 0.211422013f;
    p = p * u - 0.391500598f;
    p = p * u + 0.210931146f;
    p = p * u + 0.000515117892f;
    p = p * u + 0.196404366f;
    p = p * u + 0.243866262f;
    p = p * u + 0.282339448f;
    p = p * u + 0.282086175f;
    return p * u;
}

/* exp(-scale x²) for a scale of 1 or ½; what rounding took from the square is put back. */
CK_INLINE float bell32(float x, float scale) {
    float square = x * x;
    float lost = fmaf(x, x, -square);
    return exp_below32(-scale * square) * (1.0f - scale * lost);
}

/* erf(x) / x for |x| <= 1. */
CK_INLINE float erf_core32(float x) {
    float z = x * x;
    float p = 7.88910269e-05f;
    p = p * z - 0.000802083624f;
    p = p * z + 0.00518953477f;
    p = p * z - 0.0268544443f;
    p = p * z + 0.112836002f;
    p = p * z - 0.376126271f;
    return p * z + 1.12837917f;
}

CK_INLINE float erf32(float x) {
    float a = fabsf(x);
    float t = a < 0.98f ? 0.98f : (a > 4.0f ? 4.0f : a);
    float tail = copysignf(1.0f - bell32(t, 1.0f) * erfc_scaled32(t), x);
    float y = a <= 1.0f ? x * erf_core32(x) : tail;
    return x != x ? x : y;
}

/* The normal distribution function ½ erfc(-x / √2), with the relative accuracy of its lower tail, and √(2π) times its
   density: erfc(t) exp(t²) is a polynomial in u = 1 / (1 + 0.35 t) for all t >= 0 that matter. */
CK_INLINE float normal_below32(float x, float *bell) {
    float far = x > 15.0f ? 15.0f : (x < -15.0f ? -15.0f : x);
    float u = 1.0f / (1.0f + 0.247487373f * fabsf(far)); /* 0.35 / √2 */
    float p = 0.0396659647f;
    p = p * u - 0.165975065f;
    p = p * u + 0.198500462f;
    p = p * u - 0.0511347078f;
    p = p * u + 0.107169335f;
    p = p * u + 0.134821616f;
    p = p * u + 0.15522381f;
    p = p * u + 0.186998605f;
    p = p * u + 0.197252381f;
    p = p * u + 0.197477608f;
    *bell = bell32(far, 0.5f);
    float tail = 0.5f * *bell * (p * u);
    return x > 0.0f ? 1.0f - tail : tail;
}

CK_INLINE float gelu32(float x) {
    float bell, y = x * normal_below32(x, &bell);
    return x < -15.0f ? -0.0f : y;
}

CK_INLINE float gelu_slope32(float x) {
    float bell, below = normal_below32(x, &bell);
    float c = x > 15.0f ? 15.0f : (x < -15.0f ? -15.0f : x);
    return below + c * 0.39894228f * bell;
}

/* x (1 + tanh u) / 2 = x / (1 + e^(-2u)) with u = √(2/π) (x + 0.044715 x³). Within 4 units in the last place for x > 0; below,
   where e^(-2u) is steep, the error grows with u as that of any exponential of a rounded argument. */
CK_INLINE float gelu_tanh32(float x) {
    float y = x * sigmoid32(x * (1.59576912f + 0.0713548163f * x * x));
    return x < -15.0f ? -0.0f : y;
}

CK_INLINE float gelu_tanh_slope32(float x) {
    float c = x > 15.0f ? 15.0f : (x < -15.0f ? -15.0f : x), z = c * c;
    float s = sigmoid32(c * (1.59576912f + 0.0713548163f * z));
    return s + c * (s * (1.0f - s)) * (1.59576912f + 0.214064449f * z);
}

/* Sine and cosine of t turns, 0 <= t <= 1. */
CK_INLINE void sine_cosine_of_turns32(float t, float *sine, float *cosine) {
    float quarter = rintf(t * 4.0f);
    float r = t - quarter * 0.25f, z = r * r;
    float s = -75.4020629f;
    s = s * z + 81.5925534f;
    s = s * z - 41.3416626f;
    s = r * (s * z + 6.28318529f);
    float c = 59.2204042f;
    c = c * z - 85.442852f;
    c = c * z + 64.9393162f;
    c = c * z - 19.7392087f;
    c = c * z + 1.0f;
    int32_t q = (int32_t)quarter & 3;
    float first = q & 1 ? c : s, second = q & 1 ? s : c;
    *sine = q & 2 ? -first : first;
    *cosine = (q + 1) & 2 ? -second : second;
}

#endif
