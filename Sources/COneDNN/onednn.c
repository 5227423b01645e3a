#include "COneDNN.h"
#include "ckernels_parallel.h"
#include <dlfcn.h>
#include <pthread.h>

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
#ifdef __APPLE__
#define LIBRARY "libdnnl." TEXT(DNNL_VERSION_MAJOR) ".dylib"
#else
#define LIBRARY "libdnnl.so." TEXT(DNNL_VERSION_MAJOR)
#endif

static void *library;
static const char *failure;

static void load(void) {
  library = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL);
  if (!library) {
    failure = dlerror();
    if (!failure) failure = "cannot load " LIBRARY;
    return;
  }
  /* The library's threads come from OpenMP; they follow the pool's number. */
  void (*set)(int) = (void (*)(int))dlsym(library, "omp_set_num_threads");
  if (set) ck_tell_thread_count(set);
}

const char *onednn_failure(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return failure;
}

static void *find(const char *name) { return onednn_failure() ? 0 : dlsym(library, name); }

/* `name` of the library; `missing` where there is none. The compiler compares the definition with the header. */
#define FORWARD(result, missing, name, parameters, arguments) \
  result name parameters {                                    \
    static __typeof__(&name) function;                        \
    if (!function) function = (__typeof__(&name))find(#name); \
    return function ? function arguments : (missing);         \
  }
#define STATUS(name, parameters, arguments) FORWARD(dnnl_status_t, dnnl_runtime_error, name, parameters, arguments)
#define DESCRIPTION const dnnl_memory_desc_t *
#define WINDOW const dnnl_dims_t strides, const dnnl_dims_t dilates, const dnnl_dims_t left, const dnnl_dims_t right

STATUS(dnnl_engine_create, (dnnl_engine_t *engine, dnnl_engine_kind_t kind, size_t index), (engine, kind, index))
STATUS(dnnl_stream_create, (dnnl_stream_t *stream, dnnl_engine_t engine, unsigned flags), (stream, engine, flags))

STATUS(dnnl_memory_desc_init_by_strides,
       (dnnl_memory_desc_t *made, int rank, const dnnl_dims_t sizes, dnnl_data_type_t type, const dnnl_dims_t strides),
       (made, rank, sizes, type, strides))
STATUS(dnnl_memory_desc_init_by_tag,
       (dnnl_memory_desc_t *made, int rank, const dnnl_dims_t sizes, dnnl_data_type_t type, dnnl_format_tag_t tag),
       (made, rank, sizes, type, tag))
FORWARD(int, 0, dnnl_memory_desc_equal, (DESCRIPTION a, DESCRIPTION b), (a, b))
FORWARD(size_t, 0, dnnl_memory_desc_get_size, (DESCRIPTION of), (of))
STATUS(dnnl_memory_create, (dnnl_memory_t *made, DESCRIPTION like, dnnl_engine_t engine, void *data),
       (made, like, engine, data))
STATUS(dnnl_memory_destroy, (dnnl_memory_t memory), (memory))
STATUS(dnnl_memory_set_data_handle_v2, (dnnl_memory_t memory, void *data, dnnl_stream_t stream), (memory, data, stream))

STATUS(dnnl_dilated_convolution_forward_desc_init,
       (dnnl_convolution_desc_t *made, dnnl_prop_kind_t pass, dnnl_alg_kind_t way, DESCRIPTION x, DESCRIPTION kernel,
        DESCRIPTION bias, DESCRIPTION y, WINDOW),
       (made, pass, way, x, kernel, bias, y, strides, dilates, left, right))
STATUS(dnnl_dilated_convolution_backward_data_desc_init,
       (dnnl_convolution_desc_t *made, dnnl_alg_kind_t way, DESCRIPTION dx, DESCRIPTION kernel, DESCRIPTION dy, WINDOW),
       (made, way, dx, kernel, dy, strides, dilates, left, right))
STATUS(dnnl_dilated_convolution_backward_weights_desc_init,
       (dnnl_convolution_desc_t *made, dnnl_alg_kind_t way, DESCRIPTION x, DESCRIPTION dkernel, DESCRIPTION dbias,
        DESCRIPTION dy, WINDOW),
       (made, way, x, dkernel, dbias, dy, strides, dilates, left, right))

STATUS(dnnl_primitive_attr_create, (dnnl_primitive_attr_t *made), (made))
STATUS(dnnl_primitive_attr_destroy, (dnnl_primitive_attr_t attributes), (attributes))
STATUS(dnnl_primitive_attr_set_scratchpad_mode, (dnnl_primitive_attr_t attributes, dnnl_scratchpad_mode_t mode),
       (attributes, mode))
STATUS(dnnl_primitive_desc_create,
       (dnnl_primitive_desc_t *made, const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes,
        dnnl_engine_t engine, const_dnnl_primitive_desc_t hint),
       (made, operation, attributes, engine, hint))
STATUS(dnnl_primitive_desc_destroy, (dnnl_primitive_desc_t descriptor), (descriptor))
FORWARD(const dnnl_memory_desc_t *, 0, dnnl_primitive_desc_query_md,
        (const_dnnl_primitive_desc_t descriptor, dnnl_query_t what, int index), (descriptor, what, index))
STATUS(dnnl_reorder_primitive_desc_create,
       (dnnl_primitive_desc_t *made, DESCRIPTION from, dnnl_engine_t from_engine, DESCRIPTION to, dnnl_engine_t to_engine,
        const_dnnl_primitive_attr_t attributes),
       (made, from, from_engine, to, to_engine, attributes))
STATUS(dnnl_primitive_create, (dnnl_primitive_t *made, const_dnnl_primitive_desc_t descriptor), (made, descriptor))
STATUS(dnnl_primitive_destroy, (dnnl_primitive_t primitive), (primitive))
STATUS(dnnl_primitive_execute,
       (const_dnnl_primitive_t primitive, dnnl_stream_t stream, int count, const dnnl_exec_arg_t *arguments),
       (primitive, stream, count, arguments))

STATUS(dnnl_sgemm,
       (char transa, char transb, dnnl_dim_t m, dnnl_dim_t n, dnnl_dim_t k, float alpha, const float *a, dnnl_dim_t lda,
        const float *b, dnnl_dim_t ldb, float beta, float *c, dnnl_dim_t ldc),
       (transa, transb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc))
