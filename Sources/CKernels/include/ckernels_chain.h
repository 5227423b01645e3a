#ifndef GLIA_CKERNELS_CHAIN_H
#define GLIA_CKERNELS_CHAIN_H

/* A small machine for elementwise work: a chain of instructions runs over blocks of about a thousand elements, so that
   what lies between the instructions stays in the first cache. A single operation is a chain of one. */

#include <stdint.h>

typedef enum { CK_F32, CK_F64, CK_I32, CK_BOOL } ck_type;

typedef enum {
    /* one operand */
    CK_COPY, CK_NEGATE, CK_ABS, CK_SIGN, CK_SQUARE, CK_SQRT, CK_RSQRT, CK_RECIPROCAL,
    CK_EXP, CK_EXPM1, CK_LOG, CK_LOG1P, CK_LOG2, CK_LOG10,
    CK_SIN, CK_COS, CK_TAN, CK_ASIN, CK_ACOS, CK_ATAN, CK_SINH, CK_COSH, CK_TANH, CK_ERF,
    CK_FLOOR, CK_CEIL, CK_ROUND,
    CK_SIGMOID, CK_RELU, CK_SOFTPLUS, CK_GELU, CK_GELU_SLOPE,
    CK_GELU_TANH, CK_GELU_TANH_SLOPE, /* the form with tanh */
    CK_ISNAN, CK_ISFINITE, CK_NOT,
    CK_TO_F32, CK_TO_F64, CK_TO_I32, CK_TO_BOOL,
    CK_CLIP,      /* to [p, q] */
    CK_CLIP_GATE, /* a where p <= b <= q, else 0 */
    CK_RANGE_STEP,/* p where a > 0, else q; nan stays */
    /* two operands */
    CK_ADD, CK_SUBTRACT, CK_MULTIPLY, CK_DIVIDE, CK_FLOOR_DIVIDE, CK_MODULO, CK_POWER, CK_MAXIMUM, CK_MINIMUM, CK_ATAN2,
    CK_GATE,      /* a where b > 0, else 0 */
    CK_TANH_SLOPE, /* a * (1 - b * b) */
    CK_SIGMOID_SLOPE, /* a * b * (1 - b) */
    CK_EQUAL, CK_NOT_EQUAL, CK_LESS, CK_LESS_EQUAL, CK_GREATER, CK_GREATER_EQUAL,
    CK_AND, CK_OR,
    /* three operands */
    CK_WHERE,        /* b where a, else c; a is bool */
    CK_MULTIPLY_ADD, /* a * b + c */
    CK_OP_COUNT
} ck_op;

typedef struct {
    int16_t op;
    int16_t type;         /* of the operands; of b and c for CK_WHERE */
    int16_t out, a, b, c; /* registers: the chain's operands come first, its temporaries after them */
    double p, q;          /* settings of some operations */
} ck_instruction;

/* How an operand of a chain over rows × columns is laid out. */
typedef enum {
    CK_FULL,   /* rows · columns elements */
    CK_SCALAR, /* one element */
    CK_ROW,    /* `columns` elements, the same for every row */
    CK_COLUMN  /* `rows` elements, one for each row */
} ck_kind;

typedef struct {
    void *pointer;
    int16_t kind;
    int16_t type;
} ck_operand;

enum { CK_MAX_REGISTERS = 40, CK_BLOCK = 512 };

/* What went wrong, or-ed together; 0 is well. */
typedef enum {
    CK_OVERFLOW = 1,       /* an int32 result out of range */
    CK_ZERO_DIVISION = 2,  /* int32 divided by 0 */
    CK_NOT_AN_INTEGER = 4, /* a conversion to int32 of nan, a fraction or a value out of range */
    CK_NEGATIVE_POWER = 8, /* int32 to a negative power */
    CK_UNKNOWN = 16        /* an operation that the type does not have */
} ck_status;

/* Runs the chain over rows × columns elements. Outputs are operands of kind CK_FULL that an instruction writes.
   The type of a result follows from the operation: comparisons, `isnan` and logic give bool, conversions their target,
   all else the operands' type. */
int ck_chain(const ck_instruction *instructions, int count, const ck_operand *operands, int operand_count,
             long rows, long columns);

/* Whether the operation gives bool from any type. */
int ck_gives_bool(int op);

#endif
