#ifndef GLIA_CKERNELS_PARALLEL_H
#define GLIA_CKERNELS_PARALLEL_H

/* Runs body(context, begin, end) over parts of [0, count), each a multiple of `grain` but the last. Small work (at most
   one grain) and single-threaded settings run in place. The parts share no output, so results do not depend on how many
   there are. The calling thread takes parts too and never waits for a thread that has not begun one, so a busy machine
   costs no time slices. Idle threads sleep. */
void ck_parallel(long count, long grain, void (*body)(void *context, long begin, long end), void *context);

/* How many threads ck_parallel uses at most: as many as processors, or what OMP_NUM_THREADS says. */
int ck_thread_count(void);
/* Sets it; 0 is the default again. */
void ck_set_thread_count(int count);
/* Calls `tell` with the number of threads, now and whenever it changes: for a library with threads of its own. */
void ck_tell_thread_count(void (*tell)(int count));

#endif
