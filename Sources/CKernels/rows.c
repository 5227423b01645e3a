#include "ck_rows.h"
#include "pieces.h"
#include "clones.h"
#include "math32.h"

long ck_row_pieces(long rows) {
  long pieces = (rows + 63) / 64;
  return pieces > 32 ? 32 : pieces < 1 ? 1 : pieces;
}

#define T float
#define NAME(x) x##_f32
#define EXP(x) exp32(x)
#define EXP_BELOW(x) exp_below32(x)
#define LOG(x) logf(x)
#define LOG1P_UNIT(x) log1p_32(x)
#define SQRT(x) sqrtf(x)
#include "rows_template.h"
#undef T
#undef NAME
#undef EXP
#undef EXP_BELOW
#undef LOG
#undef LOG1P_UNIT
#undef SQRT
#define T double
#define NAME(x) x##_f64
#define EXP(x) exp(x)
#define EXP_BELOW(x) exp(x)
#define LOG(x) log(x)
#define LOG1P_UNIT(x) log1p(x)
#define SQRT(x) sqrt(x)
#include "rows_template.h"
