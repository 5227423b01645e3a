#include "ckernels.h"

#include <string.h>

/* A bottom-up merge sort of positions, after insertion sort of short runs. */
enum { RUN = 12, POLL = 1 << 22 };

#define SORT(NAME, TYPE) \
    static inline int NAME##_before(TYPE a, TYPE b, int descending) { \
        if (a != a) return 0; \
        if (b != b) return 1; \
        return descending ? a > b : a < b; \
    } \
    static void NAME(const TYPE *x, int32_t *order, int32_t *scratch, long n, int descending) { \
        for (long i = 0; i < n; i++) order[i] = (int32_t)i; \
        for (long first = 0; first < n; first += RUN) { \
            long end = first + RUN < n ? first + RUN : n; \
            for (long i = first + 1; i < end; i++) { \
                int32_t moving = order[i]; \
                long j = i; \
                for (; j > first && NAME##_before(x[moving], x[order[j - 1]], descending); j--) order[j] = order[j - 1]; \
                order[j] = moving; \
            } \
        } \
        int32_t *from = order, *to = scratch; \
        for (long width = RUN; width < n; width *= 2) { \
            for (long first = 0, seen = 0; first < n; first += 2 * width) { \
                if (first - seen >= POLL) { \
                    seen = first; \
                    if (ck_stop()) return; \
                } \
                long middle = first + width < n ? first + width : n; \
                long end = first + 2 * width < n ? first + 2 * width : n; \
                long i = first, j = middle, k = first; \
                while (i < middle && j < end) \
                    to[k++] = NAME##_before(x[from[j]], x[from[i]], descending) ? from[j++] : from[i++]; \
                while (i < middle) to[k++] = from[i++]; \
                while (j < end) to[k++] = from[j++]; \
            } \
            int32_t *other = from; \
            from = to; \
            to = other; \
        } \
        if (from != order) memcpy(order, from, (size_t)n * sizeof(int32_t)); \
    }

SORT(sort_f32, float)
SORT(sort_f64, double)
SORT(sort_i32, int32_t)
SORT(sort_bool, uint8_t)

void ck_argsort(int type, const void *in, int32_t *positions, int32_t *scratch, long lines, long n, int descending) {
    for (long line = 0; line < lines; line++) {
        int32_t *order = positions + line * n;
        switch (type) {
        case CK_F32: sort_f32((const float *)in + line * n, order, scratch, n, descending); break;
        case CK_F64: sort_f64((const double *)in + line * n, order, scratch, n, descending); break;
        case CK_I32: sort_i32((const int32_t *)in + line * n, order, scratch, n, descending); break;
        default: sort_bool((const uint8_t *)in + line * n, order, scratch, n, descending);
        }
    }
}

void ck_search_sorted(const double *sorted, long m, const double *values, int32_t *out, long n) {
    for (long i = 0; i < n; i++) {
        long low = 0, high = m;
        while (low < high) {
            long middle = low + (high - low) / 2;
            if (sorted[middle] < values[i] || (values[i] != values[i] && sorted[middle] == sorted[middle])) low = middle + 1;
            else high = middle;
        }
        out[i] = (int32_t)low;
    }
}
