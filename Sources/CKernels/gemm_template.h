/* The matrix product for one instruction set: ISA (attribute), NAME(x), V (vector), VL (lanes), MR (rows of a tile),
   LOAD, LOAD_PART, STORE, STORE_PART, BROADCAST. A tile is MR rows by NV vectors of columns, kept in registers. */

#define NR (NV * VL)

ISA CK_INLINE void NAME(tile)(const int mr, const int nv, const int lanes, long k, const float *a, long a_row, long a_column,
                              const float *b, long b_row, float *c, long c_row, int loads, const float *bias, int relu) {
  V sum[MR][NV];
#pragma clang loop unroll(full)
  for (int i = 0; i < mr; i++)
#pragma clang loop unroll(full)
    for (int v = 0; v < nv; v++) {
      if (loads)
        sum[i][v] = v == nv - 1 && lanes < VL ? LOAD_PART(c + i * c_row + v * VL, lanes) : LOAD(c + i * c_row + v * VL);
      else
        sum[i][v] = BROADCAST(0.0f);
    }
  for (long p = 0; p < k; p++) {
    V row[NV];
#pragma clang loop unroll(full)
    for (int v = 0; v < nv; v++)
      row[v] = v == nv - 1 && lanes < VL ? LOAD_PART(b + p * b_row + v * VL, lanes) : LOAD(b + p * b_row + v * VL);
#pragma clang loop unroll(full)
    for (int i = 0; i < mr; i++) {
      V factor = BROADCAST(a[i * a_row + p * a_column]);
#pragma clang loop unroll(full)
      for (int v = 0; v < nv; v++) sum[i][v] = factor * row[v] + sum[i][v];
    }
  }
#pragma clang loop unroll(full)
  for (int v = 0; v < nv; v++) {
    const int is_part = v == nv - 1 && lanes < VL;
    V offset = BROADCAST(0.0f);
    if (bias) offset = is_part ? LOAD_PART(bias + v * VL, lanes) : LOAD(bias + v * VL);
#pragma clang loop unroll(full)
    for (int i = 0; i < mr; i++) {
      V value = sum[i][v];
      if (bias) value = value + offset;
      if (relu) value = MAXIMUM(value, BROADCAST(0.0f));
      if (is_part)
        STORE_PART(c + i * c_row + v * VL, value, lanes);
      else
        STORE(c + i * c_row + v * VL, value);
    }
  }
}

#define TILE_CASE(M)                                                                                                 \
  case M:                                                                                                            \
    if (lanes == VL) {                                                                                               \
      if (nv == NV) NAME(tile)(M, NV, VL, k, a, a_row, a_column, b, b_row, c, c_row, loads, bias, relu);             \
      else if (nv == 1) NAME(tile)(M, 1, VL, k, a, a_row, a_column, b, b_row, c, c_row, loads, bias, relu);          \
      else NAME(tile)(M, 2, VL, k, a, a_row, a_column, b, b_row, c, c_row, loads, bias, relu);                       \
    } else {                                                                                                         \
      if (nv == NV) NAME(tile)(M, NV, lanes, k, a, a_row, a_column, b, b_row, c, c_row, loads, bias, relu);          \
      else if (nv == 1) NAME(tile)(M, 1, lanes, k, a, a_row, a_column, b, b_row, c, c_row, loads, bias, relu);       \
      else NAME(tile)(M, 2, lanes, k, a, a_row, a_column, b, b_row, c, c_row, loads, bias, relu);                    \
    }                                                                                                                \
    break;

ISA static void NAME(edge)(long mr, int nv, int lanes, long k, const float *a, long a_row, long a_column, const float *b,
                           long b_row, float *c, long c_row, int loads, const float *bias, int relu) {
  switch (mr) {
    TILE_CASE(1)
    TILE_CASE(2)
    TILE_CASE(3)
    TILE_CASE(4)
#if MR > 4
    TILE_CASE(5)
    TILE_CASE(6)
#endif
#if MR > 6
    TILE_CASE(7)
    TILE_CASE(8)
#endif
  }
}

/* One block of k: all rows against all panels. `panel_step` is the distance between panels of b. */
ISA static void NAME(block)(const ck_product *w, long k, const float *a, const float *b, long b_row, long panel_step,
                            int loads, int is_last) {
  for (long j = 0; j < w->n; j += NR, b += panel_step) {
    long width = w->n - j < NR ? w->n - j : NR;
    int nv = (int)((width + VL - 1) / VL), lanes = (int)(width - (nv - 1) * VL);
    const float *bias = is_last && w->bias ? w->bias + j : 0;
    int relu = is_last && w->activation == CK_RELU_SUM;
    for (long i = 0; i < w->m; i += MR) {
      long mr = w->m - i < MR ? w->m - i : MR;
      const float *rows = a + i * w->a_row;
      float *c = w->c + i * w->c_row + j;
      if (mr == MR && width == NR)
        NAME(tile)(MR, NV, VL, k, rows, w->a_row, w->a_column, b, b_row, c, w->c_row, loads, bias, relu);
      else
        NAME(edge)(mr, nv, lanes, k, rows, w->a_row, w->a_column, b, b_row, c, w->c_row, loads, bias, relu);
    }
  }
}

ISA static void NAME(product)(const ck_product *w, const float *b, long b_row, long panel_step, long panel_depth) {
  (void)panel_depth;
  long start = 0;
  do {
    long k = w->k - start < DEPTH ? w->k - start : DEPTH;
    NAME(block)(w, k, w->a + start * w->a_column, b + start * b_row, b_row, panel_step, w->accumulates || start > 0,
                start + k >= w->k);
    start += k;
  } while (start < w->k);
}

ISA static void NAME(pack)(long n, long k, const float *b, long b_row, long b_column, float *packed) {
  for (long j = 0; j < n; j += NR) {
    long width = n - j < NR ? n - j : NR;
    const float *from = b + j * b_column;
    if (b_column == 1) {
      for (long p = 0; p < k; p++) {
        memcpy(packed + p * NR, from + p * b_row, sizeof(float) * width);
        for (long x = width; x < NR; x++) packed[p * NR + x] = 0;
      }
    } else {
      for (long p0 = 0; p0 < k; p0 += 16) {
        long p1 = k - p0 < 16 ? k : p0 + 16;
        for (long x = 0; x < width; x++)
          for (long p = p0; p < p1; p++) packed[p * NR + x] = from[p * b_row + x * b_column];
        for (long x = width; x < NR; x++)
          for (long p = p0; p < p1; p++) packed[p * NR + x] = 0;
      }
    }
    packed += NR * k;
  }
}

static const struct instructions NAME(set) = {NAME(product), NAME(pack), NR, MR};

#undef NR
#undef TILE_CASE
