#include "ckernels.h"
#include <stddef.h>

/* Entry points of libgomp, which oneDNN links; absent elsewhere, and then everything runs on the calling thread. */
extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags) __attribute__((weak));
extern int omp_get_thread_num(void) __attribute__((weak));
extern int omp_get_max_threads(void) __attribute__((weak));
extern int omp_in_parallel(void) __attribute__((weak));

enum { most_threads = 16 };
static int wanted_threads = 0;

int ck_thread_count(void) {
    if (!GOMP_parallel || !omp_get_thread_num || !omp_get_max_threads || !omp_in_parallel) return 1;
    int count = wanted_threads > 0 ? wanted_threads : omp_get_max_threads();
    return count > most_threads ? most_threads : count;
}

void ck_set_thread_count(int count) { wanted_threads = count; }

struct team {
    void (*body)(void *, long, long);
    void *context;
    long count, part;
};

static void member(void *data) {
    struct team *team = data;
    long begin = omp_get_thread_num() * team->part;
    long end = begin + team->part;
    if (end > team->count) end = team->count;
    if (begin < end) team->body(team->context, begin, end);
}

void ck_parallel(long count, long grain, void (*body)(void *, long, long), void *context) {
    long threads = count > grain ? ck_thread_count() : 1;
    if (threads > 1 && omp_in_parallel()) threads = 1;
    if (threads > 1) {
        long grains = (count + grain - 1) / grain;
        if (threads > grains) threads = grains;
        struct team team = {body, context, count, (grains + threads - 1) / threads * grain};
        GOMP_parallel(member, &team, (unsigned)threads, 0);
    } else if (count > 0) {
        body(context, 0, count);
    }
}
