#include "CLAPACKE.h"
#include <dlfcn.h>
#include <pthread.h>

#ifdef __APPLE__
#define LIBRARY "liblapacke.3.dylib"
#else
#define LIBRARY "liblapacke.so.3"
#endif

static void *library;
static const char *failure;

static void load(void) {
  library = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL);
  if (library) return;
  failure = dlerror();
  if (!failure) failure = "cannot load " LIBRARY;
}

const char *lapacke_failure(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return failure;
}

static void *find(const char *name) { return lapacke_failure() ? 0 : dlsym(library, name); }

/* `name` of the library. The compiler compares the definition with the header. */
#define FORWARD(name, parameters, arguments)                       \
  lapack_int name parameters {                                     \
    static __typeof__(&name) function;                             \
    if (!function) function = (__typeof__(&name))find(#name);      \
    return function ? function arguments : LAPACK_WORK_MEMORY_ERROR; \
  }

FORWARD(LAPACKE_dgesv, (int layout, lapack_int n, lapack_int m, double *a, lapack_int lda, lapack_int *pivots, double *b,
                        lapack_int ldb),
        (layout, n, m, a, lda, pivots, b, ldb))
FORWARD(LAPACKE_dgetrf, (int layout, lapack_int m, lapack_int n, double *a, lapack_int lda, lapack_int *pivots),
        (layout, m, n, a, lda, pivots))
FORWARD(LAPACKE_dpotrf, (int layout, char half, lapack_int n, double *a, lapack_int lda), (layout, half, n, a, lda))
FORWARD(LAPACKE_dsyevd, (int layout, char job, char half, lapack_int n, double *a, lapack_int lda, double *values),
        (layout, job, half, n, a, lda, values))
FORWARD(LAPACKE_dgesdd, (int layout, char job, lapack_int m, lapack_int n, double *a, lapack_int lda, double *s, double *u,
                         lapack_int ldu, double *vt, lapack_int ldvt),
        (layout, job, m, n, a, lda, s, u, ldu, vt, ldvt))
FORWARD(LAPACKE_dgeqrf, (int layout, lapack_int m, lapack_int n, double *a, lapack_int lda, double *factors),
        (layout, m, n, a, lda, factors))
FORWARD(LAPACKE_dorgqr, (int layout, lapack_int m, lapack_int n, lapack_int k, double *a, lapack_int lda,
                         const double *factors),
        (layout, m, n, k, a, lda, factors))
