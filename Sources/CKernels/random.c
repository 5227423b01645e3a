#include "ckernels.h"

#include <math.h>

static inline void rounds(uint64_t seed, uint64_t counter, uint32_t x[4]) {
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    uint32_t a = (uint32_t)counter, b = (uint32_t)(counter >> 32), c = 0, d = 0;
    for (int round = 0; round < 10; round++) {
        uint64_t left = (uint64_t)0xD2511F53u * a, right = (uint64_t)0xCD9E8D57u * c;
        uint32_t next_a = (uint32_t)(right >> 32) ^ b ^ k0, next_c = (uint32_t)(left >> 32) ^ d ^ k1;
        b = (uint32_t)right;
        d = (uint32_t)left;
        a = next_a;
        c = next_c;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    x[0] = a;
    x[1] = b;
    x[2] = c;
    x[3] = d;
}

void ck_philox(uint64_t seed, uint64_t counter, uint32_t words[4]) { rounds(seed, counter, words); }

static inline uint64_t word64(const uint32_t x[4], int half) {
    return (uint64_t)x[2 * half] << 32 | x[2 * half + 1];
}

struct draw {
    uint64_t seed, counter;
    void *out;
    long n;
};

/* Numbers [begin, end); the bounds are multiples of the numbers in a block. */
#define EACH_BLOCK(PER, STATEMENT) \
    struct draw *job = context; \
    for (long i = begin; i < end; i += PER) { \
        uint32_t x[4]; \
        rounds(job->seed, job->counter + (uint64_t)(i / PER), x); \
        for (long j = 0; j < PER && i + j < end; j++) { STATEMENT; } \
    }

static void uniform_f32(void *context, long begin, long end) {
    EACH_BLOCK(4, ((float *)job->out)[i + j] = (float)(x[j] >> 8) * 5.9604644775390625e-8f)
}

static void uniform_f64(void *context, long begin, long end) {
    EACH_BLOCK(2, ((double *)job->out)[i + j] = (double)(word64(x, (int)j) >> 11) * 1.1102230246251565e-16)
}

/* The pair of normal numbers of a block, from 64 bits each for radius and angle. */
static inline void normal_pair(const uint32_t x[4], double pair[2]) {
    double u = ((double)(word64(x, 0) >> 11) + 1.0) * 1.1102230246251565e-16; /* (0, 1] */
    double angle = (double)(word64(x, 1) >> 11) * (1.1102230246251565e-16 * 6.283185307179586477);
    double radius = sqrt(-2.0 * log(u));
    pair[0] = radius * cos(angle);
    pair[1] = radius * sin(angle);
}

#define EACH_PAIR(TYPE) \
    struct draw *job = context; \
    for (long i = begin; i < end; i += 2) { \
        uint32_t x[4]; \
        double pair[2]; \
        rounds(job->seed, job->counter + (uint64_t)(i / 2), x); \
        normal_pair(x, pair); \
        for (long j = 0; j < 2 && i + j < end; j++) ((TYPE *)job->out)[i + j] = (TYPE)pair[j]; \
    }

static void normal_f32(void *context, long begin, long end) { EACH_PAIR(float) }
static void normal_f64(void *context, long begin, long end) { EACH_PAIR(double) }

#define DRAW(NAME, TYPE, BODY, GRAIN) \
    void NAME(uint64_t seed, uint64_t counter, TYPE *out, long n) { \
        struct draw job = {seed, counter, out, n}; \
        ck_parallel(n, GRAIN, BODY, &job); \
    }
DRAW(ck_uniform_f32, float, uniform_f32, 1 << 16)
DRAW(ck_uniform_f64, double, uniform_f64, 1 << 16)
DRAW(ck_normal_f32, float, normal_f32, 1 << 14)
DRAW(ck_normal_f64, double, normal_f64, 1 << 14)

static inline uint64_t below(uint64_t word, uint64_t range) {
    return (uint64_t)(((unsigned __int128)word * range) >> 64);
}

void ck_integers(uint64_t seed, uint64_t counter, int64_t low, uint64_t range, int32_t *out, long n) {
    for (long i = 0; i < n; i += 2) {
        uint32_t x[4];
        rounds(seed, counter + (uint64_t)(i / 2), x);
        for (long j = 0; j < 2 && i + j < n; j++)
            out[i + j] = (int32_t)(low + (int64_t)below(word64(x, (int)j), range));
    }
}

void ck_permutation(uint64_t seed, uint64_t counter, int32_t *out, long n) {
    for (long i = 0; i < n; i++) out[i] = (int32_t)i;
    uint32_t x[4] = {0};
    for (long i = 0; i < n - 1; i++) {
        if (i % 2 == 0) rounds(seed, counter + (uint64_t)(i / 2), x);
        long other = i + (long)below(word64(x, (int)(i % 2)), (uint64_t)(n - i));
        int32_t kept = out[i];
        out[i] = out[other];
        out[other] = kept;
    }
}
