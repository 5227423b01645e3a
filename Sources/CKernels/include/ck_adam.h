#ifndef GLIA_CK_ADAM_H
#define GLIA_CK_ADAM_H

/* One update by Adam of `count` weights w with gradients g and memory m, v, in one pass over memory:
   m2 = m + (g - m) a; v2 = v + (g g - v) b; w2 = w - m2 rate / (sqrt(v2) + epsilon).
   Results may lie where w, m and v lie. */
typedef struct {
  long count;
  const void *w, *g, *m, *v;
  void *w2, *m2, *v2;
  double rate, a, b, epsilon;
} ck_adam;

void ck_adam_f32(const ck_adam *update);
void ck_adam_f64(const ck_adam *update);

#endif
