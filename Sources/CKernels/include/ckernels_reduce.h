#ifndef GLIA_CKERNELS_REDUCE_H
#define GLIA_CKERNELS_REDUCE_H

/* Reductions and scans over the middle axis of outer × length × inner. The order of summation is fixed, so results do
   not depend on the number of threads. */

typedef enum {
    CK_SUM,     /* floats times `scale`; int32 and bool give int32 */
    CK_PRODUCT, /* int32 gives int32 */
    CK_LARGEST, /* nan where one is */
    CK_SMALLEST,
    CK_ANY, CK_ALL,              /* of bool */
    CK_ARG_LARGEST, CK_ARG_SMALLEST, /* the first position as int32; that of the first nan where there is one */
    CK_SUM_OF_SQUARES
} ck_reduction;

/* Sums of float32 are carried in float64 and rounded once. `length` is at least 1 for all but sums, products, any and
   all. Returns a ck_status. */
int ck_reduce(int reduction, int type, const void *in, void *out, long outer, long length, long inner, double scale);

typedef enum { CK_RUNNING_SUM, CK_RUNNING_PRODUCT } ck_scan_kind;

/* Running sums or products along the middle axis. Returns a ck_status. */
int ck_scan(int kind, int type, const void *in, void *out, long outer, long length, long inner);

#endif
