#ifndef GLIA_CK_RECURRENT_H
#define GLIA_CK_RECURRENT_H

#include <stddef.h>
#include <stdint.h>

enum { CK_SIMPLE = 0, CK_LSTM = 1, CK_GRU = 2 };

/* A recurrent layer over whole sequences (batch, steps, inputs), with Keras's formulas; pointers are float or double.
   lstm: gates i f c o in kernel (inputs, 4 units); gru: z r h, reset after the product, bias (2, 3 units).
   `gates` keeps what the backward pass needs: i f c o, or z r h and the recurrent part of h: (batch, steps, 4 units). */
typedef struct {
  int kind;
  long batch, steps, inputs, units;
  const void *x, *kernel, *recurrent, *bias; /* bias may be null */
  const uint8_t *mask;                       /* (batch, steps) or null: steps that are 0 carry everything over */
  void *h, *c, *gates;                       /* (batch, steps, units) each, and gates; c for lstm, gates not for simple */
  /* Backward: seeds of h and (or null) c; results. */
  const void *dh, *dc;
  void *dx, *dkernel, *drecurrent, *dbias;
  void *scratch;
} ck_recurrent;

/* Elements of scratch. */
size_t ck_recurrent_scratch(const ck_recurrent *layer, int is_backward);
void ck_recurrent_forward_f32(const ck_recurrent *layer);
void ck_recurrent_forward_f64(const ck_recurrent *layer);
void ck_recurrent_backward_f32(const ck_recurrent *layer);
void ck_recurrent_backward_f64(const ck_recurrent *layer);

#endif
