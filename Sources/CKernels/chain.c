#include "ckernels.h"
#include "blocks.h"

#include <string.h>

int ck_gives_bool(int op) {
    return op == CK_ISNAN || op == CK_ISFINITE || op == CK_NOT || op == CK_TO_BOOL
        || (op >= CK_EQUAL && op <= CK_OR);
}

static const long element_size[] = {4, 8, 4, 1};

static int result_type(const ck_instruction *i) {
    if (ck_gives_bool(i->op)) return CK_BOOL;
    switch (i->op) {
    case CK_TO_F32: return CK_F32;
    case CK_TO_F64: return CK_F64;
    case CK_TO_I32: return CK_I32;
    default: return i->type;
    }
}

static int run_block(const ck_instruction *i, void *out, const void *a, const void *b, const void *c, long n) {
    if (i->op == CK_COPY) {
        if (out != a) memcpy(out, a, (size_t)(n * element_size[i->type]));
        return 0;
    }
    switch (i->type) {
    case CK_F32: return ck_block_f32(i, out, a, b, c, n);
    case CK_F64: return ck_block_f64(i, out, a, b, c, n);
    case CK_I32: return ck_block_i32(i, out, a, b, c, n);
    default: return ck_block_bool(i, out, a, b, c, n);
    }
}

static void fill(void *to, const void *from, long size, long n) {
    if (size == 4) {
        uint32_t value, *out = to;
        memcpy(&value, from, 4);
        for (long i = 0; i < n; i++) out[i] = value;
    } else if (size == 8) {
        uint64_t value, *out = to;
        memcpy(&value, from, 8);
        for (long i = 0; i < n; i++) out[i] = value;
    } else {
        memset(to, *(const unsigned char *)from, (size_t)n);
    }
}

/* Elements from which operands come from memory. */
enum { FAR = 1 << 18 };

struct job {
    const ck_instruction *instructions;
    int count;
    const ck_operand *operands;
    int operand_count;
    int registers; /* operands and temporaries */
    long rows, columns, block;
    int simple; /* no operand depends on row or column */
    int status;
};

/* A chain works on a block for longer than the processor looks ahead in memory, so a part of what the next block reads is
   asked for before each instruction. Small operands are in the second cache already. */
static void fetch_ahead(const struct job *job, long start, long n, int part) {
    for (int r = 0; r < job->operand_count; r++) {
        const ck_operand *operand = &job->operands[r];
        if (operand->kind != CK_FULL) continue;
        const long size = element_size[operand->type], bytes = n * size;
        const long first = bytes * part / job->count & -64, last = bytes * (part + 1) / job->count & -64;
        const char *at = (const char *)operand->pointer + start * size;
        for (long byte = first; byte < last; byte += 64) __builtin_prefetch(at + byte, 0, 3);
    }
}

/* Elements [begin, end); begin is a multiple of the block. */
static void run_range(void *context, long begin, long end) {
    struct job *job = context;
    const long columns = job->columns;
    /* A buffer for each register that is not plain memory. */
    int buffers = 0;
    for (int r = 0; r < job->registers; r++)
        if (r >= job->operand_count || job->operands[r].kind != CK_FULL) buffers++;
    _Alignas(64) char memory[buffers > 0 ? buffers : 1][CK_BLOCK * 8];
    char *at[CK_MAX_REGISTERS];
    int next = 0;
    for (int r = 0; r < job->registers; r++) {
        const ck_operand *operand = r < job->operand_count ? &job->operands[r] : 0;
        at[r] = operand && operand->kind == CK_FULL ? 0 : memory[next++];
        if (!operand) continue;
        long size = element_size[operand->type];
        long longest = end - begin < job->block ? end - begin : job->block;
        if (operand->kind == CK_SCALAR) {
            fill(at[r], operand->pointer, size, longest);
        } else if (operand->kind == CK_ROW && columns <= job->block) {
            for (long filled = 0; filled < longest; filled += columns) {
                long n = longest - filled < columns ? longest - filled : columns;
                memcpy(at[r] + filled * size, operand->pointer, (size_t)(n * size));
            }
        }
    }
    int status = 0;
    const int is_far = job->count > 1 && job->rows * columns >= FAR;
    for (long start = begin; start < end;) {
        long n = end - start < job->block ? end - start : job->block;
        long row = 0, column = 0;
        if (!job->simple) {
            row = start / columns;
            column = start % columns;
            if (columns > job->block && n > columns - column) n = columns - column;
        }
        for (int r = 0; r < job->operand_count; r++) {
            const ck_operand *operand = &job->operands[r];
            long size = element_size[operand->type];
            char *base = operand->pointer;
            if (operand->kind == CK_FULL) {
                at[r] = base + start * size;
            } else if (operand->kind == CK_ROW && columns > job->block) {
                at[r] = base + column * size;
            } else if (operand->kind == CK_COLUMN) {
                for (long filled = 0, k = row; filled < n; filled += columns, k++) {
                    long part = n - filled < columns ? n - filled : columns;
                    fill(at[r] + filled * size, base + k * size, size, part);
                }
            }
        }
        const long next = start + n, ahead = is_far && next < end ? (end - next < job->block ? end - next : job->block) : 0;
        for (int k = 0; k < job->count; k++) {
            const ck_instruction *i = &job->instructions[k];
            if (ahead) fetch_ahead(job, next, ahead, k);
            status |= run_block(i, at[i->out], at[i->a], at[i->b], at[i->c], n);
        }
        start += n;
    }
    if (status) __atomic_fetch_or(&job->status, status, __ATOMIC_RELAXED);
}

int ck_chain(const ck_instruction *instructions, int count, const ck_operand *operands, int operand_count,
             long rows, long columns) {
    long total = rows * columns;
    if (total <= 0 || count <= 0) return 0;
    struct job job = {instructions, count, operands, operand_count, operand_count, rows, columns, CK_BLOCK, 1, 0};
    for (int r = 0; r < operand_count; r++)
        if (operands[r].kind == CK_ROW || operands[r].kind == CK_COLUMN) job.simple = 0;
    for (int k = 0; k < count; k++)
        if (instructions[k].out >= job.registers) job.registers = instructions[k].out + 1;
    if (job.registers > CK_MAX_REGISTERS) return CK_UNKNOWN;
    /* Blocks of whole rows where a row is short. */
    if (!job.simple && columns < CK_BLOCK) job.block = CK_BLOCK / columns * columns;
    /* Waking a second thread pays from about a megabyte on. */
    long parallel_grain = 1 << 17;
    if (!job.simple && columns > CK_BLOCK) parallel_grain = (parallel_grain / columns + 1) * columns;
    else parallel_grain = parallel_grain / job.block * job.block;
    ck_parallel(total, parallel_grain, run_range, &job);
    return job.status;
}
