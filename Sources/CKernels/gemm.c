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

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2,fma")))
AVX2 CK_INLINE __m256i mask8(int lanes) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(lanes), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
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

#define AVX512 __attribute__((target("avx512f")))
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

size_t ck_gemm_packed_size(long n, long k) {
  long panel = instructions()->panel;
  return (size_t)((n + panel - 1) / panel * panel * k);
}

size_t ck_gemm_scratch(long m, long n, long k, long b_row, long b_column) {
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

void ck_gemm(const ck_product *w, float *scratch) {
  const struct instructions *set = instructions();
  if (is_packed(w->m, w->n, w->k, w->b_row, w->b_column)) {
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

void ck_gemm_threads(const ck_product *w, float *scratch) {
  const struct instructions *set = instructions();
  const long threads = ck_thread_count();
  if (threads < 2 || w->m * w->n * w->k < 1500000) {
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
    job.rows = (groups + threads - 1) / threads * set->rows;
    ck_pieces((int)((w->m + job.rows - 1) / job.rows), some_part, &job);
  } else {
    job.columns = columns;
    ck_pieces((int)((w->n + columns - 1) / columns), some_part, &job);
  }
}
