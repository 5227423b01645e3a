#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#endif
#include "ckernels.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <immintrin.h>
#define RELAX() _mm_pause()
#else
#define RELAX() ((void)0)
#endif

/* A small pool. A job is cut into parts; the caller and the workers take parts until none is left, so a worker that the
   system has not scheduled holds nobody up: the caller does its part too. libgomp's barrier, in contrast, waits for every
   thread, which on a busy machine costs a time slice each time. Workers spin a little after a job, then sleep. */

/* Workers look for the next job for about half a millisecond before they sleep. */
enum { most_threads = 16, spins = 16000 };

static struct {
    int wanted, started;
    /* The running job; stable while one of its parts is not done. */
    void (*body)(void *, long, long);
    void *context;
    long count, part;
    /* Generation of the job, number of its parts, next part to take: 32, 16 and 16 bits. */
    _Atomic uint64_t ticket;
    _Atomic uint32_t done;
    _Atomic int sleepers;
    _Atomic int caller_processor;
    pthread_mutex_t busy, lock;
    pthread_cond_t wake;
    void (*tell)(int count);
} pool = {.busy = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

/* True on a thread that runs a part: what it starts in turn runs in place. */
static _Thread_local int is_inside;

static long processors(void) {
#if defined(__linux__)
    cpu_set_t mine;
    if (sched_getaffinity(getpid(), sizeof mine, &mine) == 0) return CPU_COUNT(&mine);
#endif
    return sysconf(_SC_NPROCESSORS_ONLN);
}

/* What the user's setting says (the first number of OMP_NUM_THREADS), or the processors that the system allows. */
static int allowed_threads(void) {
    static int allowed;
    if (allowed == 0) {
        const char *setting = getenv("OMP_NUM_THREADS");
        long count = setting ? strtol(setting, 0, 10) : 0;
        if (count < 1) count = processors();
        allowed = count < 1 ? 1 : count > most_threads ? most_threads : (int)count;
    }
    return allowed;
}

int ck_thread_count(void) { return pool.wanted > 0 ? pool.wanted : allowed_threads(); }

void ck_set_thread_count(int count) {
    pool.wanted = count < 0 ? 0 : count > most_threads ? most_threads : count;
    if (pool.tell) pool.tell(ck_thread_count());
}

void ck_tell_thread_count(void (*tell)(int count)) {
    pool.tell = tell;
    tell(ck_thread_count());
}

/* Takes and runs one part of the job of `ticket`; 0 where there is none left. */
static int take_part(uint64_t ticket) {
    for (;;) {
        const uint64_t parts = ticket >> 16 & 0xffff, next = ticket & 0xffff;
        if (next >= parts) return 0;
        const uint64_t generation = ticket >> 32;
        if (atomic_compare_exchange_weak(&pool.ticket, &ticket, ticket + 1)) {
            const long begin = (long)next * pool.part;
            const long end = begin + pool.part < pool.count ? begin + pool.part : pool.count;
            if (begin < end) pool.body(pool.context, begin, end);
            atomic_fetch_add(&pool.done, 1);
            return 1;
        }
        if (ticket >> 32 != generation) return 0;
    }
}

/* The system likes to wake a thread on the processor of the one that woke it, which here has work of its own: the woken one
   moves away. */
static void leave_the_callers_processor(void) {
#if defined(__linux__)
    const int taken = atomic_load(&pool.caller_processor);
    if (sched_getcpu() != taken) return;
    cpu_set_t others;
    if (sched_getaffinity(getpid(), sizeof others, &others) != 0) return;
    CPU_CLR((size_t)taken, &others);
    if (CPU_COUNT(&others) > 0) sched_setaffinity(0, sizeof others, &others);
#endif
}

static void note_the_callers_processor(void) {
#if defined(__linux__)
    atomic_store_explicit(&pool.caller_processor, sched_getcpu(), memory_order_relaxed);
#endif
}

static void *worker(void *unused) {
    (void)unused;
    is_inside = 1;
    uint64_t seen = 0;
    for (;;) {
        uint64_t ticket = 0;
        int spun = 0;
        while ((ticket = atomic_load(&pool.ticket)) >> 32 == seen && spun++ < spins) RELAX();
        if (ticket >> 32 == seen) {
            pthread_mutex_lock(&pool.lock);
            atomic_fetch_add(&pool.sleepers, 1);
            while ((ticket = atomic_load(&pool.ticket)) >> 32 == seen) pthread_cond_wait(&pool.wake, &pool.lock);
            atomic_fetch_sub(&pool.sleepers, 1);
            pthread_mutex_unlock(&pool.lock);
            leave_the_callers_processor();
        }
        seen = ticket >> 32;
        while (take_part(ticket)) {
            ticket = atomic_load(&pool.ticket);
            if (ticket >> 32 != seen) break;
        }
    }
    return 0;
}

/* A child of a fork has no workers. */
static void forget_workers(void) {
    pool.started = 0;
    atomic_store(&pool.sleepers, 0);
}

/* Makes sure that there are workers; gives how many threads there are in all. */
static long start_workers(long threads) {
    static int is_watching_forks;
    if (!is_watching_forks) {
        is_watching_forks = 1;
        pthread_atfork(0, 0, forget_workers);
    }
    /* Signals are the business of the thread that runs the language. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (pool.started < threads - 1) {
        pthread_attr_t settings;
        pthread_t thread;
        if (pthread_attr_init(&settings) != 0) break;
        pthread_attr_setdetachstate(&settings, PTHREAD_CREATE_DETACHED);
        pthread_attr_setstacksize(&settings, 8u << 20);
        const int failed = pthread_create(&thread, &settings, worker, 0);
        pthread_attr_destroy(&settings);
        if (failed) break;
        pool.started++;
    }
    pthread_sigmask(SIG_SETMASK, &before, 0);
    return pool.started + 1 < threads ? pool.started + 1 : threads;
}

void ck_parallel(long count, long grain, void (*body)(void *, long, long), void *context) {
    if (count <= 0) return;
    long threads = count > grain && !is_inside ? ck_thread_count() : 1;
    if (threads > 1) {
        const long grains = (count + grain - 1) / grain;
        if (threads > grains) threads = grains;
    }
    if (threads <= 1 || pthread_mutex_trylock(&pool.busy) != 0) {
        body(context, 0, count);
        return;
    }
    threads = start_workers(threads);
    /* More parts than threads where there are grains enough: the one that finishes first takes over from the other. */
    const long grains = (count + grain - 1) / grain, parts_wanted = grains < 4 * threads ? grains : 4 * threads;
    pool.part = (grains + parts_wanted - 1) / parts_wanted * grain;
    pool.body = body;
    pool.context = context;
    pool.count = count;
    const uint64_t parts = (uint64_t)((count + pool.part - 1) / pool.part);
    const uint64_t generation = (atomic_load(&pool.ticket) >> 32) + 1;
    note_the_callers_processor();
    atomic_store(&pool.done, 0);
    atomic_store(&pool.ticket, (generation & 0xffffffff) << 32 | parts << 16);
    if (atomic_load(&pool.sleepers) > 0) {
        pthread_mutex_lock(&pool.lock);
        pthread_cond_broadcast(&pool.wake);
        pthread_mutex_unlock(&pool.lock);
    }
    is_inside = 1;
    while (take_part(atomic_load(&pool.ticket))) {}
    is_inside = 0;
    for (int spun = 0; atomic_load(&pool.done) < parts; spun++) {
        if (spun < 20000) RELAX();
        else usleep(20);
    }
    pthread_mutex_unlock(&pool.busy);
}
