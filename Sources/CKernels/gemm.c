#include "ck_gemm.h"
#include "pieces.h"
#include "clones.h"
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Rows of a panel of b: it stays in the first cache while rows of a pass by. */
#define DEPTH 256

struct instructions {
  void (*product)(const ck_product *w, const float *b, long b_row, long panel_step);
  void (*pack)(long n, long k, const float *b, long b_row, long b_column, float *packed);
  int panel;
  int rows;
};

/* Four lanes in portable vectors: any processor. */
typedef float vector4 __attribute__((vector_size(16), aligned(4)));
CK_INLINE vector4 part4(const float *p, int lanes) {
  vector4 v = {0, 0, 0, 0};
  for (int i = 0; i < 4; i++)
    if (i < lanes) v[i] = p[i];
  return v;
}
CK_INLINE void store_part4(float *p, vector4 v, int lanes) {
  for (int i = 0; i < 4; i++)
    if (i < lanes) p[i] = v[i];
}
CK_INLINE vector4 maximum4(vector4 a, vector4 b) {
  for (int i = 0; i < 4; i++) a[i] = a[i] < b[i] ? b[i] : a[i];
  return a;
}
/* Eight rows of eight numbers, from_step apart, become eight columns, to_step apart. */
#define TRANSPOSE8(from, from_step, to, to_step)                                     \
  for (int r = 0; r < 8; r++)                                                        \
    for (int p = 0; p < 8; p++) (to)[p * (to_step) + r] = (from)[r * (from_step) + p]
#define ISA
#define NAME(x) x##_portable
#define V vector4
#define VL 4
#define MR 4
#define NV 2
#define LOAD(p) (*(const vector4 *)(p))
#define LOAD_PART(p, lanes) part4(p, lanes)
#define STORE(p, v) (*(vector4 *)(p) = (v))
#define STORE_PART(p, v, lanes) store_part4(p, v, lanes)
#define BROADCAST(x) ((vector4){(x), (x), (x), (x)})
#define MAXIMUM(a, b) maximum4(a, b)
#define COPY_GROUP(to, from) STORE(to, LOAD(from))
#include "gemm_template.h"
#undef ISA
#undef NAME
#undef V
#undef VL
#undef MR
#undef NV
#undef LOAD
#undef LOAD_PART
#undef STORE
#undef STORE_PART
#undef BROADCAST
#undef MAXIMUM
#undef COPY_GROUP

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2,fma")))
AVX2 CK_INLINE __m256i mask8(int lanes) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(lanes), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
AVX2 CK_INLINE void transpose8(const float *from, long from_step, float *to, long to_step) {
  __m256 r[8], s[8];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) r[i] = _mm256_loadu_ps(from + i * from_step);
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i += 2) {
    s[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
    s[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i += 4) {
    r[i] = _mm256_shuffle_ps(s[i], s[i + 2], 0x44);
    r[i + 1] = _mm256_shuffle_ps(s[i], s[i + 2], 0xee);
    r[i + 2] = _mm256_shuffle_ps(s[i + 1], s[i + 3], 0x44);
    r[i + 3] = _mm256_shuffle_ps(s[i + 1], s[i + 3], 0xee);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    _mm256_storeu_ps(to + i * to_step, _mm256_permute2f128_ps(r[i], r[i + 4], 0x20));
    _mm256_storeu_ps(to + (i + 4) * to_step, _mm256_permute2f128_ps(r[i], r[i + 4], 0x31));
  }
}
#undef TRANSPOSE8
#define TRANSPOSE8(from, from_step, to, to_step) transpose8(from, from_step, to, to_step)
#define ISA AVX2
#define NAME(x) x##_avx2
#define V __m256
#define VL 8
#define MR 6
#define NV 2
#define LOAD(p) _mm256_loadu_ps(p)
#define LOAD_PART(p, lanes) _mm256_maskload_ps(p, mask8(lanes))
#define STORE(p, v) _mm256_storeu_ps(p, v)
#define STORE_PART(p, v, lanes) _mm256_maskstore_ps(p, mask8(lanes), v)
#define BROADCAST(x) _mm256_set1_ps(x)
#define MAXIMUM(a, b) _mm256_max_ps(b, a) /* nan stays nan: the second operand wins */
#define COPY_GROUP(to, from) STORE(to, LOAD(from))
#include "gemm_template.h"
#undef ISA
#undef NAME
#undef V
#undef VL
#undef MR
#undef NV
#undef LOAD
#undef LOAD_PART
#undef STORE
#undef STORE_PART
#undef BROADCAST
#undef MAXIMUM
#undef COPY_GROUP

#define AVX512 __attribute__((target("avx512f,avx2,fma")))
#define ISA AVX512
#define NAME(x) x##_avx512
#define V __m512
#define VL 16
#define MR 8
#define NV 3
#define LOAD(p) _mm512_loadu_ps(p)
#define LOAD_PART(p, lanes) _mm512_maskz_loadu_ps((__mmask16)((1u << (lanes)) - 1), p)
#define STORE(p, v) _mm512_storeu_ps(p, v)
#define STORE_PART(p, v, lanes) _mm512_mask_storeu_ps(p, (__mmask16)((1u << (lanes)) - 1), v)
#define BROADCAST(x) _mm512_set1_ps(x)
#define MAXIMUM(a, b) _mm512_max_ps(b, a)
#define COPY_GROUP(to, from) _mm256_storeu_ps(to, _mm256_loadu_ps(from))
#include "gemm_template.h"
#endif

static const struct instructions *instructions(void) {
  static const struct instructions *found;
  if (!found) {
    found = &set_portable;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) found = &set_avx2;
    if (__builtin_cpu_supports("avx512f")) found = &set_avx512;
#endif
  }
  return found;
}

/* Reading b in place pays for few rows, or where its rows lie close together. */
static int is_packed(long m, long n, long k, long b_row, long b_column) {
  if (b_column != 1) return 1;
  if (b_row <= 64) return 0;
  return m > 4 * instructions()->rows && n * k > 4096;
}

/* Few rows against a large matrix: every piece packs its own columns of b, one block of k at a time, so that they come
   from its own second cache, and no thread reads what another has just written. */
enum { strip_columns = 240, strip_rows = 320 };

static int is_in_strips(long m, long n, long k, long b_row, long b_column) {
  return m <= strip_rows && n > 2 * instructions()->panel && n * k > 65536 && is_packed(m, n, k, b_row, b_column);
}

long ck_gemm_panel(void) { return instructions()->panel; }

size_t ck_gemm_packed_size(long n, long k) {
  long panel = instructions()->panel;
  return (size_t)((n + panel - 1) / panel * panel * k);
}

size_t ck_gemm_scratch(long m, long n, long k, long b_row, long b_column) {
  if (is_in_strips(m, n, k, b_row, b_column)) return 0;
  return is_packed(m, n, k, b_row, b_column) ? ck_gemm_packed_size(n, k) : 0;
}

void ck_gemm_pack(long n, long k, const float *b, long b_row, long b_column, float *packed) {
  instructions()->pack(n, k, b, b_row, b_column, packed);
}

void ck_gemm_packed(const ck_product *w) {
  long panel = instructions()->panel;
  instructions()->product(w, w->b, panel, panel * w->k * (w->taps ? w->taps : 1));
}

void ck_gemm_in_place(const ck_product *w) { instructions()->product(w, w->b, w->b_row, instructions()->panel); }

static void in_strips(const ck_product *w, long threads);

static int takes_strips(const ck_product *w) {
  return !w->taps && is_in_strips(w->m, w->n, w->k, w->b_row, w->b_column);
}

void ck_gemm(const ck_product *w, float *scratch) {
  const struct instructions *set = instructions();
  if (takes_strips(w)) {
    in_strips(w, 1);
  } else if (is_packed(w->m, w->n, w->k, w->b_row, w->b_column)) {
    set->pack(w->n, w->k, w->b, w->b_row, w->b_column, scratch);
    set->product(w, scratch, set->panel, set->panel * w->k);
  } else {
    set->product(w, w->b, w->b_row, set->panel);
  }
}

struct shared_product {
  ck_product product;
  int is_packed;
  long rows, columns; /* of a piece; pieces share out rows or columns */
};

static void some_part(void *context, int piece) {
  const struct shared_product *job = context;
  const struct instructions *set = instructions();
  ck_product mine = job->product;
  if (job->columns) {
    const long start = piece * job->columns;
    mine.n = job->product.n - start < job->columns ? job->product.n - start : job->columns;
    mine.b += job->is_packed ? start * mine.k : start;
    mine.c += start;
    if (mine.bias) mine.bias += start;
  } else {
    const long start = piece * job->rows;
    mine.m = job->product.m - start < job->rows ? job->product.m - start : job->rows;
    mine.a += start * mine.a_row;
    mine.c += start * mine.c_row;
  }
  if (job->is_packed)
    set->product(&mine, mine.b, set->panel, set->panel * mine.k);
  else
    set->product(&mine, mine.b, mine.b_row, set->panel);
}

struct packing {
  const ck_product *product;
  float *to;
  long columns;
};

static void pack_part(void *context, int piece) {
  const struct packing *job = context;
  const ck_product *w = job->product;
  const long start = piece * job->columns, n = w->n - start < job->columns ? w->n - start : job->columns;
  instructions()->pack(n, w->k, w->b + start * w->b_column, w->b_row, w->b_column, job->to + start * w->k);
}

struct strips {
  ck_product product;
  long columns, depth;
};

static void some_strip(void *context, int piece) {
  const struct strips *job = context;
  const struct instructions *set = instructions();
  const long start = piece * job->columns;
  ck_product mine = job->product;
  mine.n = job->product.n - start < job->columns ? job->product.n - start : job->columns;
  mine.c += start;
  _Alignas(64) float packed[strip_columns * DEPTH];
  for (long p = 0; p < job->product.k; p += job->depth) {
    const int is_last = p + job->depth >= job->product.k;
    mine.k = is_last ? job->product.k - p : job->depth;
    mine.a = job->product.a + p * mine.a_column;
    mine.accumulates = job->product.accumulates || p > 0;
    mine.bias = is_last && job->product.bias ? job->product.bias + start : 0;
    mine.activation = is_last ? job->product.activation : CK_PLAIN_SUM;
    set->pack(mine.n, mine.k, job->product.b + p * mine.b_row + start * mine.b_column, mine.b_row, mine.b_column, packed);
    set->product(&mine, packed, set->panel, set->panel * mine.k);
  }
}

static void in_strips(const ck_product *w, long threads) {
  const long panel = instructions()->panel, blocks = (w->k + DEPTH - 1) / DEPTH;
  /* Strips of one width, as many for each thread. */
  const long rounds = (w->n + threads * strip_columns - 1) / (threads * strip_columns), strips = rounds * threads;
  const long columns = ((w->n + strips - 1) / strips + panel - 1) / panel * panel;
  struct strips job = {*w, columns, (w->k + blocks - 1) / blocks};
  const int pieces = (int)((w->n + columns - 1) / columns);
  if (threads > 1)
    ck_pieces(pieces, some_strip, &job);
  else
    for (int piece = 0; piece < pieces; piece++) some_strip(&job, piece);
}

/* Whether a second thread pays: enough sums, or a matrix that must come from memory for a single row. */
static int is_shared(const ck_product *w) { return w->m * w->n * w->k >= 1500000 || w->n * w->k >= 600000; }

void ck_gemm_threads(const ck_product *w, float *scratch) {
  const struct instructions *set = instructions();
  const long threads = is_shared(w) ? ck_thread_count() : 1;
  if (takes_strips(w)) {
    in_strips(w, threads);
    return;
  }
  if (threads < 2) {
    ck_gemm(w, scratch);
    return;
  }
  struct shared_product job = {*w, is_packed(w->m, w->n, w->k, w->b_row, w->b_column), 0, 0};
  const long panels = (w->n + set->panel - 1) / set->panel, groups = (w->m + set->rows - 1) / set->rows;
  const long columns = (panels + threads - 1) / threads * set->panel;
  if (job.is_packed) {
    struct packing packing = {w, scratch, columns};
    if (w->n * w->k > 32768)
      ck_pieces((int)((w->n + columns - 1) / columns), pack_part, &packing);
    else
      set->pack(w->n, w->k, w->b, w->b_row, w->b_column, scratch);
    job.product.b = scratch;
  }
  /* Rows where they share out evenly enough, otherwise columns. */
  if (groups >= 4 * threads || groups >= panels) {
    /* Some pieces for each thread, so that one that is held up hands on what it has not begun. */
    const long pieces = threads * (groups >= 64 * threads ? 4 : 1);
    job.rows = (groups + pieces - 1) / pieces * set->rows;
    ck_pieces((int)((w->m + job.rows - 1) / job.rows), some_part, &job);
  } else {
    job.columns = columns;
    ck_pieces((int)((w->n + columns - 1) / columns), some_part, &job);
  }
}
