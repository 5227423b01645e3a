#ifndef GLIA_CKERNELS_INTERRUPT_H
#define GLIA_CKERNELS_INTERRUPT_H

/* Whether a long kernel is to stop: asks the function that was set, on the calling thread; never while none is set. A
   kernel that stops leaves its result unfinished, and its caller knows that the function has answered. */
int ck_stop(void);
void ck_set_stop(int (*asked)(void));

#endif
