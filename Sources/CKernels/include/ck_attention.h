#ifndef GLIA_CK_ATTENTION_H
#define GLIA_CK_ATTENTION_H

#include <stddef.h>
#include <stdint.h>

/* Scaled dot-product attention; pointers are float or double. Element (b, h, t, d) of q lies at
   b·batch_step + h·head_step + t·time_step + d, so that heads may come before or after time. */
typedef struct {
  long batch, heads, queries, keys, dim, value_dim;
  long q_batch, q_head, q_time;
  long k_batch, k_head, k_time;
  long v_batch, v_head, v_time;
  long y_batch, y_head, y_time;
  double scale;
  int is_causal;             /* query i sees keys 0…i */
  const uint8_t *mask;       /* (batch, keys) or null; 0 hides a key */
  const void *q, *k, *v;
  void *y, *level;           /* level: logsumexp of each score row, (batch, heads, queries) */
  const void *dy;            /* backward, laid out like y; dq dk dv like q k v */
  void *dq, *dk, *dv;
  void *scratch;
  int pieces;                /* into which the heads are shared out; the result does not depend on it */
} ck_attention;

/* Elements of scratch. */
size_t ck_attention_scratch(const ck_attention *a, int is_backward);
void ck_attention_forward_f32(const ck_attention *a);
void ck_attention_forward_f64(const ck_attention *a);
void ck_attention_backward_f32(const ck_attention *a);
void ck_attention_backward_f64(const ck_attention *a);

#endif
