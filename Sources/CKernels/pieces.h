#ifndef GLIA_PIECES_H
#define GLIA_PIECES_H

#include "ckernels.h"

/* Work cut into numbered pieces that do not depend on each other, spread over the pool's threads. */

struct ck_piecework {
  void (*body)(void *context, int piece);
  void *context;
};

static void ck_run_pieces(void *context, long begin, long end) {
  const struct ck_piecework *work = context;
  for (long piece = begin; piece < end; piece++) work->body(work->context, (int)piece);
}

/* Calls body(context, piece) for every piece from 0 to pieces - 1. */
static inline void ck_pieces(int pieces, void (*body)(void *, int), void *context) {
  struct ck_piecework work = {body, context};
  ck_parallel(pieces, 1, ck_run_pieces, &work);
}

#endif
