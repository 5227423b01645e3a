/* Pooling for one element type: T, WHOLE (the integer of its size), NAME(x). Threads share out images; inner loops run over channels. */

typedef struct {
  const ck_window *w;
  const T *in;
  T *out;
  int *index;
} NAME(pool_job);

/* The part of a window that lies inside: [first, last) kernel rows or columns for an output position. */
#define INSIDE(first, last, start, size, dilation, limit)                     \
  int first = start < 0 ? (-start + dilation - 1) / dilation : 0;             \
  int last = size;                                                            \
  while (last > first && start + (last - 1) * dilation >= limit) last--;

#define EACH_WINDOW(BODY)                                                                          \
  const ck_window *w = job->w;                                                                     \
  long channels = w->in_channels;                                                                  \
  for (int orow = 0; orow < w->out_rows; orow++) {                                                 \
    int top = orow * w->stride_rows - w->pad_top;                                                  \
    INSIDE(row0, row1, top, w->kernel_rows, w->dilation_rows, w->in_rows)                          \
    for (int ocol = 0; ocol < w->out_columns; ocol++) {                                            \
      int left = ocol * w->stride_columns - w->pad_left;                                           \
      INSIDE(column0, column1, left, w->kernel_columns, w->dilation_columns, w->in_columns)        \
      long out = (((long)n * w->out_rows + orow) * w->out_columns + ocol) * channels;              \
      BODY                                                                                         \
    }                                                                                              \
  }

#define EACH_PLACE(BODY)                                                                           \
  for (int krow = row0; krow < row1; krow++)                                                       \
    for (int kcol = column0; kcol < column1; kcol++) {                                             \
      int place = (top + krow * w->dilation_rows) * w->in_columns + left + kcol * w->dilation_columns; \
      long in = ((long)n * w->in_rows * w->in_columns + place) * channels;                         \
      BODY                                                                                         \
    }

/* The maxima of `LANES` channels stay in registers while a window passes by. */
#define MAXIMA(LANES)                                                                                    \
  {                                                                                                      \
    typedef T lanes __attribute__((vector_size(LANES * sizeof(T)), aligned(sizeof(T))));                 \
    typedef WHOLE choices __attribute__((vector_size(LANES * sizeof(T))));                               \
    typedef int places __attribute__((vector_size(LANES * sizeof(int)), aligned(sizeof(int))));          \
    for (; c + LANES <= channels; c += LANES) {                                                          \
      lanes best = *(const lanes *)(x + c);                                                              \
      places where = (places){} + corner;                                                                \
      EACH_PLACE({                                                                                       \
        const lanes here = *(const lanes *)(job->in + in + c);                                           \
        const choices wins = ~(here <= best) & (best == best);                                           \
        const places moves = __builtin_convertvector(wins, places);                                      \
        best = (lanes)(((choices)here & wins) | ((choices)best & ~wins));                                \
        where = (place & moves) | (where & ~moves);                                                      \
      })                                                                                                 \
      *(lanes *)(y + c) = best;                                                                          \
      *(places *)(index + c) = where;                                                                    \
    }                                                                                                    \
  }

CK_CLONES static void NAME(max_image)(void *context, int n) {
  const NAME(pool_job) *job = context;
  EACH_WINDOW({
    const int corner = (top + row0 * w->dilation_rows) * w->in_columns + left + column0 * w->dilation_columns;
    const T *x = job->in + ((long)n * w->in_rows * w->in_columns + corner) * channels;
    T *y = job->out + out;
    int *index = job->index + out;
    long c = 0;
    MAXIMA(16)
    MAXIMA(4)
    for (; c < channels; c++) {
      T best = x[c];
      int where = corner;
      EACH_PLACE({
        const T here = job->in[in + c];
        const int wins = !(here <= best) & (best == best);
        best = wins ? here : best;
        where = wins ? place : where;
      })
      y[c] = best;
      index[c] = where;
    }
  })
}

CK_CLONES static void NAME(mean_image)(void *context, int n) {
  const NAME(pool_job) *job = context;
  EACH_WINDOW({
    T *y = job->out + out;
    T share = (T)1 / (T)((row1 - row0) * (column1 - column0));
    for (long c = 0; c < channels; c++) y[c] = 0;
    EACH_PLACE({
      const T *x = job->in + in;
      for (long c = 0; c < channels; c++) y[c] += x[c];
    })
    for (long c = 0; c < channels; c++) y[c] *= share;
  })
}

CK_CLONES static void NAME(mean_adjoint_image)(void *context, int n) {
  const NAME(pool_job) *job = context;
  long image = (long)job->w->in_rows * job->w->in_columns * job->w->in_channels;
  memset(job->out + n * image, 0, sizeof(T) * image);
  EACH_WINDOW({
    const T *g = job->in + out;
    T share = (T)1 / (T)((row1 - row0) * (column1 - column0));
    EACH_PLACE({
      T *dx = job->out + in;
      for (long c = 0; c < channels; c++) dx[c] += g[c] * share;
    })
  })
}

static void NAME(scatter_image)(void *context, int n) {
  const NAME(pool_job) *job = context;
  const ck_window *w = job->w;
  long channels = w->in_channels;
  long inside = (long)w->in_rows * w->in_columns * channels, outside = (long)w->out_rows * w->out_columns * channels;
  T *dx = job->out + n * inside;
  memset(dx, 0, sizeof(T) * inside);
  for (long i = 0; i < outside; i += channels)
    for (long c = 0; c < channels; c++)
      dx[job->index[n * outside + i + c] * channels + c] += job->in[n * outside + i + c];
}

static void NAME(gather_image)(void *context, int n) {
  const NAME(pool_job) *job = context;
  const ck_window *w = job->w;
  long channels = w->in_channels;
  long inside = (long)w->in_rows * w->in_columns * channels, outside = (long)w->out_rows * w->out_columns * channels;
  const T *x = job->in + n * inside;
  for (long i = 0; i < outside; i += channels)
    for (long c = 0; c < channels; c++)
      job->out[n * outside + i + c] = x[job->index[n * outside + i + c] * channels + c];
}

static void NAME(over_images)(NAME(pool_job) job, void (*body)(void *, int)) {
  long work = (long)job.w->in_rows * job.w->in_columns * job.w->in_channels * job.w->batch;
  if (work < 65536) {
    for (int n = 0; n < job.w->batch; n++) body(&job, n);
  } else {
    ck_pieces(job.w->batch, body, &job);
  }
}

void NAME(ck_max_pool)(const ck_window *w, const T *x, T *y, int *index) {
  NAME(over_images)((NAME(pool_job)){w, x, y, index}, NAME(max_image));
}
void NAME(ck_max_pool_scatter)(const ck_window *w, const T *g, const int *index, T *dx) {
  NAME(over_images)((NAME(pool_job)){w, g, dx, (int *)index}, NAME(scatter_image));
}
void NAME(ck_max_pool_gather)(const ck_window *w, const T *x, const int *index, T *y) {
  NAME(over_images)((NAME(pool_job)){w, x, y, (int *)index}, NAME(gather_image));
}
void NAME(ck_mean_pool)(const ck_window *w, const T *x, T *y) {
  NAME(over_images)((NAME(pool_job)){w, x, y, 0}, NAME(mean_image));
}
void NAME(ck_mean_pool_adjoint)(const ck_window *w, const T *g, T *dx) {
  NAME(over_images)((NAME(pool_job)){w, g, dx, 0}, NAME(mean_adjoint_image));
}

#undef INSIDE
#undef MAXIMA
#undef EACH_WINDOW
#undef EACH_PLACE
