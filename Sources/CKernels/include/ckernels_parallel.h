#ifndef GLIA_CKERNELS_PARALLEL_H
#define GLIA_CKERNELS_PARALLEL_H

/* Runs body(context, begin, end) over parts of [0, count), each a multiple of `grain` but the last. Small work (at most
   one grain) and single-threaded settings run in place. The parts share no output, so results do not depend on how many
   there are. The threads are those of the OpenMP runtime that oneDNN brings: no second pool. */
void ck_parallel(long count, long grain, void (*body)(void *context, long begin, long end), void *context);

/* How many threads ck_parallel uses at most; 1 where no OpenMP runtime is loaded. */
int ck_thread_count(void);
void ck_set_thread_count(int count);

#endif
