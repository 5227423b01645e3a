#ifndef GLIA_FASTMATH_H
#define GLIA_FASTMATH_H

/* Exponential and friends without branches, so that loops over them vectorise. Relative errors stay below 3 units in the
   last place; overflow gives inf, underflow 0, nan stays nan. */

#include "clones.h"
#include <math.h>
#include <stdint.h>
#include <string.h>

CK_INLINE float fm_power_of_two(int32_t exponent) {
  int32_t bits = (exponent + 127) << 23;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

CK_INLINE float fm_expf(float x) {
  float c = x < -110.0f ? -110.0f : x;
  c = c > 90.0f ? 90.0f : c;
  float n = rintf(c * 1.44269504088896341f);
  float r = c - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  int32_t whole = (int32_t)(n == n ? n : 0.0f);
  int32_t half = whole >> 1;
  return p * fm_power_of_two(half) * fm_power_of_two(whole - half);
}

CK_INLINE float fm_sigmoidf(float x) { return 1.0f / (1.0f + fm_expf(-x)); }

CK_INLINE float fm_tanhf(float x) {
  float a = fabsf(x);
  float s = x * x;
  float p = -5.70498872745e-3f;
  p = p * s + 2.06390887954e-2f;
  p = p * s - 5.37397155531e-2f;
  p = p * s + 1.33314422036e-1f;
  p = p * s - 3.33332819422e-1f;
  float near = p * s * x + x;
  float far = copysignf(1.0f - 2.0f / (fm_expf(a + a) + 1.0f), x);
  return a < 0.625f ? near : (x == x ? far : x);
}

/* log(1 + y) for y in [0, 1]: the tail of the softplus. */
CK_INLINE float fm_log1p_unit(float y) {
  float u = 1.0f + y;
  float shift = u > 1.41421356f ? 0.5f : 1.0f;
  float x = u * shift - 1.0f;
  x = shift == 1.0f ? y : x;
  float z = x * x;
  float p = 7.0376836292e-2f;
  p = p * x - 1.1514610310e-1f;
  p = p * x + 1.1676998740e-1f;
  p = p * x - 1.2420140846e-1f;
  p = p * x + 1.4249322787e-1f;
  p = p * x - 1.6668057665e-1f;
  p = p * x + 2.0000714765e-1f;
  p = p * x - 2.4999993993e-1f;
  p = p * x + 3.3333331174e-1f;
  float result = x + (x * z * p - 0.5f * z);
  return shift == 1.0f ? result : result + 0.693147180559945f;
}

#endif
