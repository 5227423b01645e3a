#include "blocks.h"

/* Panels of b are packed into a buffer of KC × NC, then each group of four rows of a passes over it: the buffer stays in
   the second cache, the four result rows in the first. */
enum { KC = 128, NC = 128, MR = 4 };

CK_CLONES
void ck_matmul_f64(int ta, int tb, long m, long n, long k, const void *left, const void *right, void *result) {
    const double *a = left, *b = right;
    double *y = result;
    const long a_row = ta ? 1 : k, a_column = ta ? m : 1;
    const long b_row = tb ? 1 : n, b_column = tb ? k : 1;
    double panel[KC * NC];
    for (long i = 0; i < m * n; i++) y[i] = 0;
    for (long j0 = 0; j0 < n; j0 += NC) {
        const long nc = n - j0 < NC ? n - j0 : NC;
        for (long p0 = 0; p0 < k; p0 += KC) {
            const long kc = k - p0 < KC ? k - p0 : KC;
            if (m * nc * kc > 1 << 20 && ck_stop()) return;
            for (long p = 0; p < kc; p++)
                for (long j = 0; j < nc; j++) panel[p * nc + j] = b[(p0 + p) * b_row + (j0 + j) * b_column];
            long i = 0;
            for (; i + MR <= m; i += MR) {
                double *y0 = y + i * n + j0, *y1 = y0 + n, *y2 = y1 + n, *y3 = y2 + n;
                const double *x = a + i * a_row + p0 * a_column;
                for (long j = 0; j < nc; j += 16) {
                    const long width = nc - j < 16 ? nc - j : 16;
                    double t0[16] = {0}, t1[16] = {0}, t2[16] = {0}, t3[16] = {0};
                    if (width == 16)
                        for (long p = 0; p < kc; p++) {
                            const double *line = panel + p * nc + j;
                            const double x0 = x[p * a_column], x1 = x[a_row + p * a_column];
                            const double x2 = x[2 * a_row + p * a_column], x3 = x[3 * a_row + p * a_column];
                            for (int l = 0; l < 16; l++) {
                                t0[l] += x0 * line[l];
                                t1[l] += x1 * line[l];
                                t2[l] += x2 * line[l];
                                t3[l] += x3 * line[l];
                            }
                        }
                    else
                        for (long p = 0; p < kc; p++) {
                            const double *line = panel + p * nc + j;
                            const double x0 = x[p * a_column], x1 = x[a_row + p * a_column];
                            const double x2 = x[2 * a_row + p * a_column], x3 = x[3 * a_row + p * a_column];
                            for (long l = 0; l < width; l++) {
                                t0[l] += x0 * line[l];
                                t1[l] += x1 * line[l];
                                t2[l] += x2 * line[l];
                                t3[l] += x3 * line[l];
                            }
                        }
                    for (long l = 0; l < width; l++) {
                        y0[j + l] += t0[l];
                        y1[j + l] += t1[l];
                        y2[j + l] += t2[l];
                        y3[j + l] += t3[l];
                    }
                }
            }
            for (; i < m; i++) {
                double *y0 = y + i * n + j0;
                const double *x = a + i * a_row + p0 * a_column;
                for (long p = 0; p < kc; p++) {
                    const double x0 = x[p * a_column];
                    const double *line = panel + p * nc;
                    for (long j = 0; j < nc; j++) y0[j] += x0 * line[j];
                }
            }
        }
    }
}


#define RECURRENCE(TYPE) \
    for (long o = 0; o < outer; o++) \
        for (long j = 0; j < inner; j++) { \
            const long first = (o * length + (reverse ? length - 1 : 0)) * inner + j; \
            const long step = reverse ? -inner : inner; \
            TYPE last = 0; \
            for (long i = 0, at = first; i < length; i++, at += step) { \
                last = ((const TYPE *)s)[at] + (i ? ((const TYPE *)a)[at] * last : 0); \
                ((TYPE *)y)[at] = last; \
            } \
        }

void ck_recurrence(int type, const void *a, const void *s, void *y, long outer, long length, long inner, int reverse) {
    if (type == CK_F64) { RECURRENCE(double) }
    else { RECURRENCE(float) }
}
