#include "blocks.h"
#include "math32.h"

/* Blocks are made LANES at a time, one in each lane of vectors. */
enum { LANES = 16 };

CK_INLINE void rounds(uint64_t seed, uint64_t counter, uint32_t x[4][LANES]) {
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int l = 0; l < LANES; l++) {
        uint64_t at = counter + (uint64_t)l;
        x[0][l] = (uint32_t)at;
        x[1][l] = (uint32_t)(at >> 32);
        x[2][l] = 0;
        x[3][l] = 0;
    }
    for (int round = 0; round < 10; round++) {
        for (int l = 0; l < LANES; l++) {
            uint64_t left = (uint64_t)0xD2511F53u * x[0][l], right = (uint64_t)0xCD9E8D57u * x[2][l];
            uint32_t a = (uint32_t)(right >> 32) ^ x[1][l] ^ k0, c = (uint32_t)(left >> 32) ^ x[3][l] ^ k1;
            x[1][l] = (uint32_t)right;
            x[3][l] = (uint32_t)left;
            x[0][l] = a;
            x[2][l] = c;
        }
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

void ck_philox(uint64_t seed, uint64_t counter, uint32_t words[4]) {
    uint32_t x[4][LANES];
    rounds(seed, counter, x);
    for (int j = 0; j < 4; j++) words[j] = x[j][0];
}

struct draw {
    uint64_t seed, counter;
    void *out;
    long n;
};

/* Numbers [begin, end), PER from a block; begin is a multiple of LANES · PER. Whole groups are written at once, the last
   goes through a buffer. */
#define EACH_GROUP(TYPE, PER, STATEMENT) \
    struct draw *job = context; \
    for (long i = begin; i < end; i += LANES * PER) { \
        uint32_t x[4][LANES]; \
        TYPE group[LANES * PER]; \
        rounds(job->seed, job->counter + (uint64_t)(i / PER), x); \
        for (int l = 0; l < LANES; l++) { \
            TYPE *to = group + l * PER; \
            STATEMENT; \
        } \
        long count = end - i < LANES * PER ? end - i : LANES * PER; \
        memcpy((TYPE *)job->out + i, group, (size_t)count * sizeof(TYPE)); \
    }

#define WORD64(HALF) ((uint64_t)x[2 * (HALF)][l] << 32 | x[2 * (HALF) + 1][l])
#define UNIT24(WORD) ((float)(int32_t)((WORD) >> 8) * 5.9604644775390625e-8f)

CK_CLONES
static void uniform_f32(void *context, long begin, long end) {
    EACH_GROUP(float, 4, { for (int j = 0; j < 4; j++) to[j] = UNIT24(x[j][l]); })
}

CK_CLONES
static void uniform_f64(void *context, long begin, long end) {
    EACH_GROUP(double, 2, { for (int j = 0; j < 2; j++) to[j] = (double)(int64_t)(WORD64(j) >> 11) * 1.1102230246251565e-16; })
}

/* A radius from 32 bits (in (0, 1], so that its logarithm is finite) and an angle from 24. */
CK_CLONES
static void normal_f32(void *context, long begin, long end) {
    struct draw *job = context;
    for (long i = begin; i < end; i += LANES * 4) {
        uint32_t x[4][LANES];
        float z[4][LANES], group[LANES * 4];
        rounds(job->seed, job->counter + (uint64_t)(i / 4), x);
        for (int half = 0; half < 4; half += 2)
            for (int l = 0; l < LANES; l++) {
                float u = ((float)(int32_t)(x[half][l] >> 1) + 0.5f) * 4.656612873077393e-10f;
                float radius = sqrtf(-2.0f * log32(u > 1.0f ? 1.0f : u)), sine, cosine;
                sine_cosine_of_turns32(UNIT24(x[half + 1][l]), &sine, &cosine);
                z[half][l] = radius * cosine;
                z[half + 1][l] = radius * sine;
            }
        for (int l = 0; l < LANES; l++)
            for (int j = 0; j < 4; j++) group[l * 4 + j] = z[j][l];
        long count = end - i < LANES * 4 ? end - i : LANES * 4;
        memcpy((float *)job->out + i, group, (size_t)count * sizeof(float));
    }
}

static void normal_f64(void *context, long begin, long end) {
    EACH_GROUP(double, 2, {
        double u = ((double)(WORD64(0) >> 11) + 1.0) * 1.1102230246251565e-16; /* (0, 1] */
        double angle = (double)(WORD64(1) >> 11) * (1.1102230246251565e-16 * 6.283185307179586477);
        double radius = sqrt(-2.0 * log(u));
        to[0] = radius * cos(angle);
        to[1] = radius * sin(angle);
    })
}

#define DRAW(NAME, TYPE, BODY, GRAIN) \
    void NAME(uint64_t seed, uint64_t counter, TYPE *out, long n) { \
        struct draw job = {seed, counter, out, n}; \
        ck_parallel(n, GRAIN, BODY, &job); \
    }
DRAW(ck_uniform_f32, float, uniform_f32, 1 << 17)
DRAW(ck_uniform_f64, double, uniform_f64, 1 << 17)
DRAW(ck_normal_f32, float, normal_f32, 1 << 17)
DRAW(ck_normal_f64, double, normal_f64, 1 << 15)

static inline uint64_t below(uint64_t word, uint64_t range) {
    return (uint64_t)(((unsigned __int128)word * range) >> 64);
}

/* 64 bits for number i of a stream of pairs; `x` holds the blocks around it. */
static inline uint64_t next_word(uint64_t seed, uint64_t counter, uint32_t x[4][LANES], long i) {
    if (i % (2 * LANES) == 0) rounds(seed, counter + (uint64_t)(i / 2), x);
    int l = (int)(i / 2 % LANES), half = (int)(i % 2);
    return WORD64(half);
}

void ck_integers(uint64_t seed, uint64_t counter, int64_t low, uint64_t range, int32_t *out, long n) {
    uint32_t x[4][LANES];
    for (long i = 0; i < n; i++) out[i] = (int32_t)(low + (int64_t)below(next_word(seed, counter, x, i), range));
}

void ck_permutation(uint64_t seed, uint64_t counter, int32_t *out, long n) {
    uint32_t x[4][LANES];
    for (long i = 0; i < n; i++) out[i] = (int32_t)i;
    for (long i = 0; i < n - 1; i++) {
        if ((i & 0x3fffff) == 0x3fffff && ck_stop()) return;
        long other = i + (long)below(next_word(seed, counter, x, i), (uint64_t)(n - i));
        int32_t kept = out[i];
        out[i] = out[other];
        out[other] = kept;
    }
}
