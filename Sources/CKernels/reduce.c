#include "blocks.h"
#include "math32.h"

/* A row is summed in fixed parts: 32 lanes of float32 over at most `PART` elements, folded into float64. */
enum { LANES = 32, PART = 512, TILE = 1024, SMALL_TILE = 256, CHUNK = 1 << 16 };

/* Four vectors of lanes in registers; loads need no alignment. */
typedef float wide32 __attribute__((vector_size(64), aligned(4), may_alias));
typedef double wide64 __attribute__((vector_size(128), aligned(8), may_alias));

#define SUM_ROW(NAME, REAL, WIDE, TERM) \
    CK_INLINE double NAME(const REAL *x, long n) { \
        double total = 0; \
        while (n > 0) { \
            const long part = n < PART ? n : PART; \
            long i = 0; \
            WIDE a = {0}, b = {0}; \
            for (; i + LANES <= part; i += LANES) { \
                WIDE v = *(const WIDE *)(x + i); \
                a += (TERM); \
                v = *(const WIDE *)(x + i + LANES / 2); \
                b += (TERM); \
            } \
            a += b; \
            double sum = 0; \
            for (int j = 0; j < LANES / 2; j++) sum += (double)a[j]; \
            for (; i < part; i++) { REAL v = x[i]; sum += (double)(TERM); } \
            total += sum; \
            x += part; \
            n -= part; \
        } \
        return total; \
    }
SUM_ROW(sum_row32, float, wide32, v)
SUM_ROW(sum_row64, double, wide64, v)
SUM_ROW(square_row32, float, wide32, v * v)
SUM_ROW(square_row64, double, wide64, v * v)

#define PRODUCT_ROW(NAME, REAL) \
    CK_INLINE double NAME(const REAL *x, long n) { \
        double lanes[8] = {1, 1, 1, 1, 1, 1, 1, 1}; \
        long i = 0; \
        for (; i + 8 <= n; i += 8) \
            for (int j = 0; j < 8; j++) lanes[j] *= (double)x[i + j]; \
        for (int j = 0; i + j < n; j++) lanes[j] *= (double)x[i + j]; \
        for (int width = 4; width > 0; width /= 2) \
            for (int j = 0; j < width; j++) lanes[j] *= lanes[j + width]; \
        return lanes[0]; \
    }
PRODUCT_ROW(product_row32, float)
PRODUCT_ROW(product_row64, double)

/* The extreme of n >= 1 elements; nan where one is. */
#define EXTREME_ROW(NAME, TYPE, BETTER) \
    CK_INLINE TYPE NAME(const TYPE *x, long n) { \
        TYPE lanes[LANES]; \
        int odd[LANES] = {0}; \
        for (int j = 0; j < LANES; j++) lanes[j] = x[0]; \
        long i = 0; \
        for (; i + LANES <= n; i += LANES) \
            for (int j = 0; j < LANES; j++) { \
                TYPE v = x[i + j]; \
                lanes[j] = v BETTER lanes[j] ? v : lanes[j]; \
                odd[j] |= v != v; \
            } \
        for (int j = 0; i + j < n; j++) { \
            TYPE v = x[i + j]; \
            lanes[j] = v BETTER lanes[j] ? v : lanes[j]; \
            odd[j] |= v != v; \
        } \
        int any_odd = 0; \
        TYPE best = lanes[0]; \
        for (int j = 0; j < LANES; j++) { \
            best = lanes[j] BETTER best ? lanes[j] : best; \
            any_odd |= odd[j]; \
        } \
        if (any_odd) \
            for (long k = 0; k < n; k++) \
                if (x[k] != x[k]) return x[k]; \
        return best; \
    }
EXTREME_ROW(largest32, float, >)
EXTREME_ROW(smallest32, float, <)
EXTREME_ROW(largest64, double, >)
EXTREME_ROW(smallest64, double, <)
EXTREME_ROW(largest_whole, int32_t, >)
EXTREME_ROW(smallest_whole, int32_t, <)

struct reduction {
    int op, type, status;
    const char *in;
    char *out;
    long length, inner;
    double scale;
};

#define FIRST_EQUAL(TYPE, EXTREME) \
    { \
        const TYPE *x = (const TYPE *)job->in + o * n; \
        TYPE best = EXTREME(x, n); \
        long at = 0; \
        while (at < n - 1 && !(x[at] == best || (x[at] != x[at] && best != best))) at++; \
        ((int32_t *)job->out)[o] = (int32_t)at; \
        break; \
    }

/* inner == 1: rows [begin, end). */
CK_CLONES
static void reduce_rows(void *context, long begin, long end) {
    struct reduction *job = context;
    const long n = job->length;
    for (long o = begin; o < end; o++) {
        const float *x32 = (const float *)job->in + o * n;
        const double *x64 = (const double *)job->in + o * n;
        const int32_t *whole = (const int32_t *)job->in + o * n;
        const uint8_t *flags = (const uint8_t *)job->in + o * n;
        float *out32 = (float *)job->out + o;
        double *out64 = (double *)job->out + o;
        int32_t *out_whole = (int32_t *)job->out + o;
        switch (job->op * 4 + job->type) {
        case CK_SUM * 4 + CK_F32: *out32 = (float)(sum_row32(x32, n) * job->scale); break;
        case CK_SUM * 4 + CK_F64: *out64 = sum_row64(x64, n) * job->scale; break;
        case CK_SUM_OF_SQUARES * 4 + CK_F32: *out32 = (float)(square_row32(x32, n) * job->scale); break;
        case CK_SUM_OF_SQUARES * 4 + CK_F64: *out64 = square_row64(x64, n) * job->scale; break;
        case CK_PRODUCT * 4 + CK_F32: *out32 = (float)product_row32(x32, n); break;
        case CK_PRODUCT * 4 + CK_F64: *out64 = product_row64(x64, n); break;
        case CK_LARGEST * 4 + CK_F32: *out32 = largest32(x32, n); break;
        case CK_LARGEST * 4 + CK_F64: *out64 = largest64(x64, n); break;
        case CK_LARGEST * 4 + CK_I32: *out_whole = largest_whole(whole, n); break;
        case CK_SMALLEST * 4 + CK_F32: *out32 = smallest32(x32, n); break;
        case CK_SMALLEST * 4 + CK_F64: *out64 = smallest64(x64, n); break;
        case CK_SMALLEST * 4 + CK_I32: *out_whole = smallest_whole(whole, n); break;
        case CK_ARG_LARGEST * 4 + CK_F32: FIRST_EQUAL(float, largest32)
        case CK_ARG_LARGEST * 4 + CK_F64: FIRST_EQUAL(double, largest64)
        case CK_ARG_LARGEST * 4 + CK_I32: FIRST_EQUAL(int32_t, largest_whole)
        case CK_ARG_SMALLEST * 4 + CK_F32: FIRST_EQUAL(float, smallest32)
        case CK_ARG_SMALLEST * 4 + CK_F64: FIRST_EQUAL(double, smallest64)
        case CK_ARG_SMALLEST * 4 + CK_I32: FIRST_EQUAL(int32_t, smallest_whole)
        case CK_SUM * 4 + CK_I32: {
            int64_t total = 0;
            for (long k = 0; k < n; k++) total += whole[k];
            if (total != (int32_t)total) __atomic_fetch_or(&job->status, CK_OVERFLOW, __ATOMIC_RELAXED);
            *out_whole = (int32_t)total;
            break;
        }
        case CK_SUM * 4 + CK_BOOL: {
            int64_t total = 0;
            for (long k = 0; k < n; k++) total += flags[k] != 0;
            if (total != (int32_t)total) __atomic_fetch_or(&job->status, CK_OVERFLOW, __ATOMIC_RELAXED);
            *out_whole = (int32_t)total;
            break;
        }
        case CK_PRODUCT * 4 + CK_I32: {
            int64_t total = 1;
            int over = 0, zero = 0;
            for (long k = 0; k < n; k++) {
                zero |= whole[k] == 0;
                if (!over) total *= whole[k];
                over |= total != (int32_t)total;
            }
            if (over && !zero) __atomic_fetch_or(&job->status, CK_OVERFLOW, __ATOMIC_RELAXED);
            *out_whole = zero ? 0 : (int32_t)total;
            break;
        }
        case CK_ANY * 4 + CK_BOOL: {
            uint8_t any = 0;
            for (long k = 0; k < n; k++) any |= flags[k];
            ((uint8_t *)job->out)[o] = any != 0;
            break;
        }
        case CK_ALL * 4 + CK_BOOL: {
            uint8_t all = 1;
            for (long k = 0; k < n; k++) all &= flags[k] != 0;
            ((uint8_t *)job->out)[o] = all;
            break;
        }
        default: __atomic_fetch_or(&job->status, CK_UNKNOWN, __ATOMIC_RELAXED);
        }
    }
}

#define OVER_COLUMNS for (long j = 0; j < width; j++)

/* Sums down columns, carried in float64. */
#define SUM_COLUMNS(TYPE, CARRY, TERM, STORE) \
    { \
        const TYPE *x = (const TYPE *)job->in + o * n * inner + first; \
        CARRY total[TILE]; \
        long k = 0; \
        OVER_COLUMNS total[j] = 0; \
        for (; k + 4 <= n; k += 4, x += 4 * inner) \
            OVER_COLUMNS { \
                CARRY sum = total[j], v = (CARRY)x[j]; \
                sum += (TERM); \
                v = (CARRY)x[inner + j]; \
                sum += (TERM); \
                v = (CARRY)x[2 * inner + j]; \
                sum += (TERM); \
                v = (CARRY)x[3 * inner + j]; \
                total[j] = sum + (TERM); \
            } \
        for (; k < n; k++, x += inner) OVER_COLUMNS { CARRY v = (CARRY)x[j]; total[j] += (TERM); } \
        OVER_COLUMNS { STORE; } \
        break; \
    }
#define PRODUCT_COLUMNS(TYPE) \
    { \
        const TYPE *x = (const TYPE *)job->in + o * n * inner + first; \
        double total[TILE]; \
        OVER_COLUMNS total[j] = 1; \
        for (long k = 0; k < n; k++, x += inner) OVER_COLUMNS total[j] *= (double)x[j]; \
        OVER_COLUMNS ((TYPE *)job->out)[to + j] = (TYPE)total[j]; \
        break; \
    }
#define EXTREME_COLUMNS(TYPE, BETTER) \
    { \
        const TYPE *x = (const TYPE *)job->in + o * n * inner + first; \
        TYPE *best = (TYPE *)job->out + to; \
        OVER_COLUMNS best[j] = x[j]; \
        for (long k = 1; k < n; k++) { \
            x += inner; \
            OVER_COLUMNS best[j] = x[j] BETTER best[j] || x[j] != x[j] ? x[j] : best[j]; \
        } \
        break; \
    }
#define ARG_COLUMNS(TYPE, BETTER) \
    { \
        const TYPE *x = (const TYPE *)job->in + o * n * inner + first; \
        TYPE best[TILE]; \
        int32_t *at = (int32_t *)job->out + to; \
        OVER_COLUMNS { best[j] = x[j]; at[j] = 0; } \
        for (long k = 1; k < n; k++) { \
            x += inner; \
            OVER_COLUMNS { \
                int better = x[j] BETTER best[j] || (x[j] != x[j] && best[j] == best[j]); \
                best[j] = better ? x[j] : best[j]; \
                at[j] = better ? (int32_t)k : at[j]; \
            } \
        } \
        break; \
    }

/* Wide tiles read memory in long stretches; a narrow matrix has narrow ones, so that threads can share it. No sum depends
   on the tile that it is in. */
static long columns_of_a_tile(long inner) { return inner >= 4 * TILE ? TILE : SMALL_TILE; }

/* inner > 1: tiles of columns; unit u is tile u % tiles of group u / tiles. */
CK_CLONES
static void reduce_columns(void *context, long begin, long end) {
    struct reduction *job = context;
    const long n = job->length, inner = job->inner, tile = columns_of_a_tile(inner), tiles = (inner + tile - 1) / tile;
    for (long unit = begin; unit < end; unit++) {
        const long o = unit / tiles, first = unit % tiles * tile;
        const long width = inner - first < tile ? inner - first : tile;
        const long to = o * inner + first;
        float *out32 = (float *)job->out;
        double *out64 = (double *)job->out;
        int32_t *out_whole = (int32_t *)job->out;
        uint8_t *out_flags = (uint8_t *)job->out;
        int over = 0;
        switch (job->op * 4 + job->type) {
        case CK_SUM * 4 + CK_F32: SUM_COLUMNS(float, double, v, out32[to + j] = (float)(total[j] * job->scale))
        case CK_SUM * 4 + CK_F64: SUM_COLUMNS(double, double, v, out64[to + j] = total[j] * job->scale)
        case CK_SUM_OF_SQUARES * 4 + CK_F32:
            SUM_COLUMNS(float, double, v * v, out32[to + j] = (float)(total[j] * job->scale))
        case CK_SUM_OF_SQUARES * 4 + CK_F64: SUM_COLUMNS(double, double, v * v, out64[to + j] = total[j] * job->scale)
        case CK_SUM * 4 + CK_I32:
            SUM_COLUMNS(int32_t, int64_t, v, over |= total[j] != (int32_t)total[j]; out_whole[to + j] = (int32_t)total[j])
        case CK_SUM * 4 + CK_BOOL:
            SUM_COLUMNS(uint8_t, int64_t, v, over |= total[j] != (int32_t)total[j]; out_whole[to + j] = (int32_t)total[j])
        case CK_PRODUCT * 4 + CK_F32: PRODUCT_COLUMNS(float)
        case CK_PRODUCT * 4 + CK_F64: PRODUCT_COLUMNS(double)
        case CK_PRODUCT * 4 + CK_I32: {
            for (long j = 0; j < width; j++) {
                const int32_t *x = (const int32_t *)job->in + o * n * inner + first + j;
                int64_t total = 1;
                int large = 0, zero = 0;
                for (long k = 0; k < n; k++) {
                    zero |= x[k * inner] == 0;
                    if (!large) total *= x[k * inner];
                    large |= total != (int32_t)total;
                }
                over |= large && !zero;
                out_whole[to + j] = zero ? 0 : (int32_t)total;
            }
            break;
        }
        case CK_LARGEST * 4 + CK_F32: EXTREME_COLUMNS(float, >)
        case CK_LARGEST * 4 + CK_F64: EXTREME_COLUMNS(double, >)
        case CK_LARGEST * 4 + CK_I32: EXTREME_COLUMNS(int32_t, >)
        case CK_SMALLEST * 4 + CK_F32: EXTREME_COLUMNS(float, <)
        case CK_SMALLEST * 4 + CK_F64: EXTREME_COLUMNS(double, <)
        case CK_SMALLEST * 4 + CK_I32: EXTREME_COLUMNS(int32_t, <)
        case CK_ARG_LARGEST * 4 + CK_F32: ARG_COLUMNS(float, >)
        case CK_ARG_LARGEST * 4 + CK_F64: ARG_COLUMNS(double, >)
        case CK_ARG_LARGEST * 4 + CK_I32: ARG_COLUMNS(int32_t, >)
        case CK_ARG_SMALLEST * 4 + CK_F32: ARG_COLUMNS(float, <)
        case CK_ARG_SMALLEST * 4 + CK_F64: ARG_COLUMNS(double, <)
        case CK_ARG_SMALLEST * 4 + CK_I32: ARG_COLUMNS(int32_t, <)
        case CK_ANY * 4 + CK_BOOL: {
            const uint8_t *x = (const uint8_t *)job->in + o * n * inner + first;
            OVER_COLUMNS out_flags[to + j] = 0;
            for (long k = 0; k < n; k++, x += inner) OVER_COLUMNS out_flags[to + j] |= x[j] != 0;
            break;
        }
        case CK_ALL * 4 + CK_BOOL: {
            const uint8_t *x = (const uint8_t *)job->in + o * n * inner + first;
            OVER_COLUMNS out_flags[to + j] = 1;
            for (long k = 0; k < n; k++, x += inner) OVER_COLUMNS out_flags[to + j] &= x[j] != 0;
            break;
        }
        default: __atomic_fetch_or(&job->status, CK_UNKNOWN, __ATOMIC_RELAXED);
        }
        if (over) __atomic_fetch_or(&job->status, CK_OVERFLOW, __ATOMIC_RELAXED);
    }
}

/* One long float sum in fixed chunks, whose results are added in order. */
struct long_sum {
    const char *in;
    int type, squares;
    long length;
    double *parts;
};

CK_CLONES
static void sum_chunks(void *context, long begin, long end) {
    struct long_sum *job = context;
    for (long chunk = begin; chunk < end; chunk++) {
        long first = chunk * CHUNK, n = job->length - first < CHUNK ? job->length - first : CHUNK;
        const float *x32 = (const float *)job->in + first;
        const double *x64 = (const double *)job->in + first;
        job->parts[chunk] = job->type == CK_F32 ? (job->squares ? square_row32(x32, n) : sum_row32(x32, n))
                                                : (job->squares ? square_row64(x64, n) : sum_row64(x64, n));
    }
}

int ck_reduce(int op, int type, const void *in, void *out, long outer, long length, long inner, double scale) {
    if (outer * inner <= 0) return 0;
    struct reduction job = {op, type, 0, in, out, length, inner, scale};
    if (outer == 1 && inner == 1 && length > CHUNK && (op == CK_SUM || op == CK_SUM_OF_SQUARES)
        && (type == CK_F32 || type == CK_F64)) {
        enum { most = 4096 };
        double parts[most], total = 0;
        for (long first = 0; first < length; first += (long)most * CHUNK) {
            long size = type == CK_F32 ? 4 : 8, part = length - first;
            if (part > (long)most * CHUNK) part = (long)most * CHUNK;
            struct long_sum sum = {(const char *)in + first * size, type, op == CK_SUM_OF_SQUARES, part, parts};
            long chunks = (part + CHUNK - 1) / CHUNK;
            ck_parallel(chunks, 2, sum_chunks, &sum);
            for (long k = 0; k < chunks; k++) total += parts[k];
        }
        if (type == CK_F32) *(float *)out = (float)(total * scale);
        else *(double *)out = total * scale;
        return 0;
    }
    long work = 1 << 17;
    if (inner == 1) ck_parallel(outer, work / (length + 1) + 1, reduce_rows, &job);
    else {
        const long tile = columns_of_a_tile(inner), tiles = (inner + tile - 1) / tile;
        ck_parallel(outer * tiles, work / (length * (inner < tile ? inner : tile) + 1) + 1, reduce_columns, &job);
    }
    return job.status;
}

#define SCAN(TYPE, CARRY, OP, START, CHECK) \
    for (long o = 0; o < outer; o++) \
        for (long j = 0; j < inner; j++) { \
            const TYPE *x = (const TYPE *)in + o * length * inner + j; \
            TYPE *y = (TYPE *)out + o * length * inner + j; \
            CARRY total = START; \
            for (long k = 0; k < length; k++) { \
                total = total OP x[k * inner]; \
                CHECK; \
                y[k * inner] = (TYPE)total; \
            } \
        } \
    return status;

int ck_scan(int kind, int type, const void *in, void *out, long outer, long length, long inner) {
    int status = 0;
    int product = kind == CK_RUNNING_PRODUCT;
    switch (type) {
    case CK_F32:
        if (product) { SCAN(float, double, *, 1, (void)0) }
        SCAN(float, double, +, 0, (void)0)
    case CK_F64:
        if (product) { SCAN(double, double, *, 1, (void)0) }
        SCAN(double, double, +, 0, (void)0)
    case CK_I32:
        if (product) { SCAN(int32_t, int64_t, *, 1, if (total != (int32_t)total) return CK_OVERFLOW) }
        SCAN(int32_t, int64_t, +, 0, if (total != (int32_t)total) return CK_OVERFLOW)
    default: return CK_UNKNOWN;
    }
}
