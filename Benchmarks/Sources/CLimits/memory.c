#include "climits_memory.h"

/* The threads are those of the OpenMP runtime that oneDNN brings, as the engine's own. */
extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags) __attribute__((weak));
extern int omp_get_thread_num(void) __attribute__((weak));
extern int omp_get_max_threads(void) __attribute__((weak));

struct work {
    float *a;
    const float *b, *c;
    long n;
    int threads;
    enum { COPY, TRIAD, READ } loop;
};

static void share(void *data) {
    const struct work *work = data;
    const long part = (work->n + work->threads - 1) / work->threads;
    const long begin = work->threads > 1 ? omp_get_thread_num() * part : 0;
    const long end = begin + part < work->n ? begin + part : work->n;
    float *restrict a = work->a;
    const float *restrict b = work->b, *restrict c = work->c;
    float sum = 0;
    switch (work->loop) {
    case COPY: for (long i = begin; i < end; i++) a[i] = b[i]; break;
    case TRIAD: for (long i = begin; i < end; i++) a[i] = b[i] + 3.0f * c[i]; break;
    case READ: for (long i = begin; i < end; i++) sum += b[i];
    }
    volatile float sink = sum;
    (void)sink;
}

static void run(struct work work) {
    const int has_threads = GOMP_parallel && omp_get_thread_num && omp_get_max_threads;
    work.threads = has_threads ? omp_get_max_threads() : 1;
    if (work.threads > 1) GOMP_parallel(share, &work, (unsigned)work.threads, 0);
    else share(&work);
}

void limit_copy(float *a, const float *b, long n) { run((struct work){a, b, b, n, 1, COPY}); }
void limit_triad(float *a, const float *b, const float *c, long n) { run((struct work){a, b, c, n, 1, TRIAD}); }
void limit_read(const float *b, long n) { run((struct work){0, b, b, n, 1, READ}); }
