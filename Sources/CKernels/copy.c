#include "ckernels.h"

#include <string.h>

void ck_fill(long size, void *to, const void *value, long n) {
    if (size == 4) {
        uint32_t v, *out = to;
        memcpy(&v, value, 4);
        for (long i = 0; i < n; i++) out[i] = v;
    } else if (size == 8) {
        uint64_t v, *out = to;
        memcpy(&v, value, 8);
        for (long i = 0; i < n; i++) out[i] = v;
    } else if (n > 0) {
        memset(to, *(const unsigned char *)value, (size_t)n);
    }
}

struct layout {
    long size;
    int rank;
    long sizes[CK_MAX_RANK], to[CK_MAX_RANK], from[CK_MAX_RANK];
    char *target;
    const char *source;
};

#define COPY_LINE(TYPE) \
    { \
        TYPE *t = (TYPE *)to; \
        const TYPE *f = (const TYPE *)from; \
        if (ts == 1 && fs == 0) { TYPE v = *f; for (long i = 0; i < n; i++) t[i] = v; } \
        else if (ts == 1) for (long i = 0; i < n; i++) t[i] = f[i * fs]; \
        else for (long i = 0; i < n; i++) t[i * ts] = f[i * fs]; \
    }

static void copy_line(long size, char *to, long ts, const char *from, long fs, long n) {
    if (ts == 1 && fs == 1) {
        if (n * size <= 64) for (long i = 0; i < n * size; i++) to[i] = from[i];
        else memcpy(to, from, (size_t)(n * size));
    } else if (size == 4) COPY_LINE(uint32_t)
    else if (size == 8) COPY_LINE(uint64_t)
    else COPY_LINE(uint8_t)
}

/* rows × columns where the target is dense along columns and the source along rows. Tiles go through a buffer, so that
   each line of either is touched once however their strides fall on the cache. */
#define TRANSPOSE(TYPE) \
    for (long r0 = 0; r0 < rows; r0 += 16) \
        for (long c0 = 0; c0 < columns; c0 += 16) { \
            const long height = rows - r0 < 16 ? rows - r0 : 16, width = columns - c0 < 16 ? columns - c0 : 16; \
            TYPE tile[16][16]; \
            const TYPE *f = (const TYPE *)from + r0 + c0 * from_column; \
            TYPE *t = (TYPE *)to + r0 * to_row + c0; \
            if (height == 16 && width == 16) { \
                for (int c = 0; c < 16; c++) memcpy(tile[c], f + c * from_column, sizeof tile[c]); \
                for (int r = 0; r < 16; r++) \
                    for (int c = 0; c < 16; c++) t[r * to_row + c] = tile[c][r]; \
            } else { \
                for (long r = 0; r < height; r++) \
                    for (long c = 0; c < width; c++) t[r * to_row + c] = f[c * from_column + r]; \
            } \
        }

static void transpose(long size, char *to, long to_row, const char *from, long from_column, long rows, long columns) {
    if (size == 4) { TRANSPOSE(uint32_t) }
    else if (size == 8) { TRANSPOSE(uint64_t) }
    else { TRANSPOSE(uint8_t) }
}

/* Indices [begin, end) of the first axis. */
static void copy_range(void *context, long begin, long end) {
    struct layout *l = context;
    const int rank = l->rank;
    const long size = l->size;
    long at[CK_MAX_RANK] = {0};
    /* The two innermost loops: the last axis, and where it helps another along which the source is dense. */
    int swapped = -1;
    if (rank >= 2 && l->to[rank - 1] == 1 && l->from[rank - 1] != 1 && l->from[rank - 1] != 0 && l->sizes[rank - 1] > 1)
        for (int k = 0; k < rank - 1; k++)
            if (l->from[k] == 1 && l->sizes[k] > 1) swapped = k;
    at[0] = begin;
    for (;;) {
        long to = 0, from = 0;
        for (int k = 0; k < rank - 1; k++) {
            to += at[k] * l->to[k];
            from += at[k] * l->from[k];
        }
        char *t = l->target + to * size;
        const char *f = l->source + from * size;
        if (swapped >= 0) {
            long rows = swapped == 0 ? end - begin : l->sizes[swapped];
            transpose(size, t, l->to[swapped], f, l->from[rank - 1], rows, l->sizes[rank - 1]);
        } else {
            long first = rank == 1 ? begin : 0, n = rank == 1 ? end - begin : l->sizes[rank - 1];
            copy_line(size, t + first * l->to[rank - 1] * size, l->to[rank - 1],
                      f + first * l->from[rank - 1] * size, l->from[rank - 1], n);
        }
        int k = rank - 2;
        for (; k >= 0; k--) {
            if (k == swapped) continue;
            if (++at[k] < (k == 0 ? end : l->sizes[k])) break;
            at[k] = k == 0 ? begin : 0;
        }
        if (k < 0) return;
    }
}

void ck_copy_strided(long size, int rank, const long *sizes, void *to, const long *to_strides,
                     const void *from, const long *from_strides) {
    struct layout l = {.size = size, .rank = 0, .target = to, .source = from};
    long total = 1;
    for (int k = 0; k < rank; k++) {
        total *= sizes[k];
        if (sizes[k] == 1) continue;
        int last = l.rank - 1;
        if (last >= 0 && l.to[last] == to_strides[k] * sizes[k] && l.from[last] == from_strides[k] * sizes[k]) {
            l.sizes[last] *= sizes[k];
            l.to[last] = to_strides[k];
            l.from[last] = from_strides[k];
        } else {
            l.sizes[l.rank] = sizes[k];
            l.to[l.rank] = to_strides[k];
            l.from[l.rank] = from_strides[k];
            l.rank++;
        }
    }
    if (total <= 0) return;
    if (l.rank == 0) {
        memcpy(to, from, (size_t)size);
        return;
    }
    long grain = (1 << 17) / (total / l.sizes[0]) + 1;
    ck_parallel(l.sizes[0], grain, copy_range, &l);
}

long ck_gather(void *to, const void *from, const int32_t *indices, long outer, long length, long count, long row) {
    for (long k = 0; k < count; k++)
        if (indices[k] >= length || indices[k] < -length) return k;
    char *t = to;
    for (long o = 0; o < outer; o++) {
        const char *f = (const char *)from + o * length * row;
        for (long k = 0; k < count; k++, t += row) {
            long i = indices[k] < 0 ? indices[k] + length : indices[k];
            if (row == 4) memcpy(t, f + i * 4, 4);
            else if (row == 8) memcpy(t, f + i * 8, 8);
            else memcpy(t, f + i * row, (size_t)row);
        }
    }
    return -1;
}

#define SCATTER(TYPE) \
    { \
        const TYPE *f = from; \
        for (long o = 0; o < outer; o++) { \
            TYPE *t = (TYPE *)to + o * length * row; \
            for (long k = 0; k < count; k++, f += row) { \
                TYPE *line = t + (indices[k] < 0 ? indices[k] + length : indices[k]) * row; \
                for (long j = 0; j < row; j++) line[j] += f[j]; \
            } \
        } \
        return -1; \
    }

long ck_scatter_add(int type, void *to, const void *from, const int32_t *indices, long outer, long length, long count,
                    long row) {
    for (long k = 0; k < count; k++)
        if (indices[k] >= length || indices[k] < -length) return k;
    switch (type) {
    case CK_F32: SCATTER(float)
    case CK_F64: SCATTER(double)
    default: SCATTER(uint32_t)
    }
}

#define ALONG(TYPE, STATEMENT) \
    { \
        for (long o = 0; o < outer; o++) \
            for (long k = 0; k < count; k++) \
                for (long j = 0; j < inner; j++) { \
                    long flat = (o * count + k) * inner + j; \
                    long i = indices[flat] < 0 ? indices[flat] + length : indices[flat]; \
                    long other = (o * length + i) * inner + j; \
                    STATEMENT; \
                } \
        return -1; \
    }

long ck_take_along(long size, void *to, const void *from, const int32_t *indices, long outer, long length, long count,
                   long inner) {
    long total = outer * count * inner;
    for (long k = 0; k < total; k++)
        if (indices[k] >= length || indices[k] < -length) return k;
    if (size == 4) ALONG(uint32_t, ((uint32_t *)to)[flat] = ((const uint32_t *)from)[other])
    if (size == 8) ALONG(uint64_t, ((uint64_t *)to)[flat] = ((const uint64_t *)from)[other])
    ALONG(uint8_t, ((uint8_t *)to)[flat] = ((const uint8_t *)from)[other])
}

long ck_add_along(int type, void *to, const void *from, const int32_t *indices, long outer, long length, long count,
                  long inner) {
    long total = outer * count * inner;
    for (long k = 0; k < total; k++)
        if (indices[k] >= length || indices[k] < -length) return k;
    switch (type) {
    case CK_F32: ALONG(float, ((float *)to)[other] += ((const float *)from)[flat])
    case CK_F64: ALONG(double, ((double *)to)[other] += ((const double *)from)[flat])
    default: ALONG(uint32_t, ((uint32_t *)to)[other] += ((const uint32_t *)from)[flat])
    }
}
