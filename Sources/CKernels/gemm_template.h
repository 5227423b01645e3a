/* The matrix product for one instruction set: ISA (attribute), NAME(x), V (vector), VL (lanes), MR (rows of a tile),
   LOAD, LOAD_PART, STORE, STORE_PART, BROADCAST, MAXIMUM, COPY_GROUP (at least MR numbers, at most
   two more). A tile is MR rows by NV vectors of columns, kept in registers. */

#define NR (NV * VL)

ISA CK_INLINE void NAME(tile)(const int mr, const int nv, const int lanes, long k, long taps, long a_tap, const float *a,
                              long a_row, long a_column, const float *b, long b_row, float *c, long c_row, int loads,
                              const float *bias, int relu) {
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
  for (long t = 0; t < taps; t++, a += a_tap, b += k * b_row)
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
      if (nv == NV) NAME(tile)(M, NV, VL, k, taps, a_tap, a, a_row, a_column, b, b_row, c, c_row, loads, bias, relu);             \
      else if (nv == 1) NAME(tile)(M, 1, VL, k, taps, a_tap, a, a_row, a_column, b, b_row, c, c_row, loads, bias, relu);          \
      else NAME(tile)(M, 2, VL, k, taps, a_tap, a, a_row, a_column, b, b_row, c, c_row, loads, bias, relu);                       \
    } else {                                                                                                         \
      if (nv == NV) NAME(tile)(M, NV, lanes, k, taps, a_tap, a, a_row, a_column, b, b_row, c, c_row, loads, bias, relu);          \
      else if (nv == 1) NAME(tile)(M, 1, lanes, k, taps, a_tap, a, a_row, a_column, b, b_row, c, c_row, loads, bias, relu);       \
      else NAME(tile)(M, 2, lanes, k, taps, a_tap, a, a_row, a_column, b, b_row, c, c_row, loads, bias, relu);                    \
    }                                                                                                                \
    break;

ISA static void NAME(edge)(long mr, int nv, int lanes, long k, long taps, long a_tap, const float *a, long a_row,
                           long a_column, const float *b, long b_row, float *c, long c_row, int loads, const float *bias,
                           int relu) {
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

/* Rows of a that stay in the second cache while the panels of b pass by; a multiple of every MR. */
#define ROWS 96

/* Some rows of a, transposed into groups of MR neighbours, so that a tile reads them in line. Eight columns at a time: they
   stay in the first cache while the groups pass by. */
ISA static void NAME(gather_rows)(long rows, long k, const float *a, long a_row, long a_column, float *to) {
  for (long p0 = 0; p0 < k; p0 += 8) {
    const long p1 = k - p0 < 8 ? k : p0 + 8;
    for (long i = 0; i < rows; i += MR) {
      const long mr = rows - i < MR ? rows - i : MR;
      float *group = to + i * k;
      long p = p0;
      /* What a whole group copies too much is in the next column, and is written over by it. */
      if (a_row == 1 && mr == MR)
        for (; p < p1 && p < k - 1; p++) COPY_GROUP(group + p * MR, a + i + p * a_column);
      for (; p < p1; p++)
        for (long r = 0; r < mr; r++) group[p * MR + r] = a[(i + r) * a_row + p * a_column];
    }
  }
}

/* How many rows the next tile takes of what is left: none shall be left with too few sums to keep the units busy. Gathered
   rows come in fixed groups. */
CK_INLINE long NAME(tile_rows)(long left, int is_gathered) {
  if (left >= 2 * MR || is_gathered) return left < MR ? left : MR;
  return left <= MR ? left : left - left / 2;
}

/* One block of k: some rows against all panels. `panel_step` is the distance between panels of b. Rows lie a_row apart,
   groups of MR rows group_step apart. */
ISA static void NAME(block)(const ck_product *w, long row0, long rows, long k, const float *a, long a_row, long a_column,
                            long group_step, const float *b, long b_row, long panel_step, int loads, int is_last) {
  const long taps = w->taps ? w->taps : 1, a_tap = w->a_tap;
  for (long j = 0; j < w->n; j += NR, b += panel_step) {
    long width = w->n - j < NR ? w->n - j : NR;
    int nv = (int)((width + VL - 1) / VL), lanes = (int)(width - (nv - 1) * VL);
    const float *bias = is_last && w->bias ? w->bias + j : 0;
    int relu = is_last && w->activation == CK_RELU_SUM;
    const float *group = a;
    for (long i = 0, mr; i < rows; i += mr, group += mr * group_step / MR) {
      mr = NAME(tile_rows)(rows - i, group_step != MR * a_row);
      float *c = w->c + (row0 + i) * w->c_row + j;
      if (mr == MR && width == NR)
        NAME(tile)(MR, NV, VL, k, taps, a_tap, group, a_row, a_column, b, b_row, c, w->c_row, loads, bias, relu);
      else
        NAME(edge)(mr, nv, lanes, k, taps, a_tap, group, a_row, a_column, b, b_row, c, w->c_row, loads, bias, relu);
    }
  }
}

/* One row times LINE columns of b as it lies: whole stretches of memory in line, for inference with one sample. */
#define LINE (8 * VL)

ISA static void NAME(line)(const ck_product *w, const float *b, long b_row, float *c, const float *bias) {
  V sum[8];
#pragma clang loop unroll(full)
  for (int v = 0; v < 8; v++) sum[v] = w->accumulates ? LOAD(c + v * VL) : BROADCAST(0.0f);
  for (long p = 0; p < w->k; p++) {
    V factor = BROADCAST(w->a[p * w->a_column]);
#pragma clang loop unroll(full)
    for (int x = 0; x < LINE; x += 16) __builtin_prefetch(b + (p + 8) * b_row + x);
#pragma clang loop unroll(full)
    for (int v = 0; v < 8; v++) sum[v] = factor * LOAD(b + p * b_row + v * VL) + sum[v];
  }
#pragma clang loop unroll(full)
  for (int v = 0; v < 8; v++) {
    if (bias) sum[v] = sum[v] + LOAD(bias + v * VL);
    if (w->activation == CK_RELU_SUM) sum[v] = MAXIMUM(sum[v], BROADCAST(0.0f));
    STORE(c + v * VL, sum[v]);
  }
}

ISA static void NAME(product)(const ck_product *whole, const float *b, long b_row, long panel_step) {
  ck_product rest = *whole;
  const ck_product *w = &rest;
  if (rest.m == 1 && !rest.taps && panel_step == NR) {
    for (; rest.n >= LINE; rest.n -= LINE, rest.c += LINE, b += LINE) {
      NAME(line)(w, b, b_row, rest.c, rest.bias);
      if (rest.bias) rest.bias += LINE;
    }
    if (rest.n == 0) return;
  }
  const long blocks = w->k > DEPTH && !w->taps ? (w->k + DEPTH - 1) / DEPTH : 1;
  const long depth = (w->k + blocks - 1) / blocks;
  const int gathers = !w->taps && w->a_column != 1 && w->k * w->m > 2048 && w->n > 2 * NR;
  _Alignas(64) float gathered[gathers ? (ROWS + MR) * depth : 1];
  for (long row0 = 0; row0 < w->m; row0 += ROWS) {
    const long rows = w->m - row0 < ROWS ? w->m - row0 : ROWS;
    long start = 0;
    do {
      const long k = w->k - start < depth ? w->k - start : depth;
      const float *a = w->a + row0 * w->a_row + start * w->a_column;
      const int loads = w->accumulates || start > 0, is_last = start + k >= w->k;
      if (gathers) {
        NAME(gather_rows)(rows, k, a, w->a_row, w->a_column, gathered);
        NAME(block)(w, row0, rows, k, gathered, 1, MR, MR * k, b + start * b_row, b_row, panel_step, loads, is_last);
      } else {
        NAME(block)(w, row0, rows, k, a, w->a_row, w->a_column, MR * w->a_row, b + start * b_row, b_row, panel_step, loads,
                    is_last);
      }
      start += k;
    } while (start < w->k);
  }
}

ISA static void NAME(pack)(long n, long k, const float *b, long b_row, long b_column, float *packed) {
  for (long j = 0; j < n; j += NR) {
    long width = n - j < NR ? n - j : NR;
    const float *from = b + j * b_column;
    if (b_column == 1 && width == NR) {
      for (long p = 0; p < k; p++)
#pragma clang loop unroll(full)
        for (int v = 0; v < NV; v++) STORE(packed + p * NR + v * VL, LOAD(from + p * b_row + v * VL));
    } else if (b_column == 1) {
      for (long p = 0; p < k; p++) {
        memcpy(packed + p * NR, from + p * b_row, sizeof(float) * width);
        for (long x = width; x < NR; x++) packed[p * NR + x] = 0;
      }
    } else {
      long whole = width == NR && b_row == 1 ? k / 8 * 8 : 0;
      for (long p = 0; p < whole; p += 8)
        for (long x = 0; x < NR; x += 8) TRANSPOSE8(from + p + x * b_column, b_column, packed + p * NR + x, NR);
      for (long p0 = whole; p0 < k; p0 += 16) {
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
#undef ROWS
#undef LINE
#undef TILE_CASE
