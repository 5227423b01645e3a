/* What memory can do in the same run: the loops of the machine's limits, over n floats. */
void limit_copy(float *a, const float *b, long n);
void limit_triad(float *a, const float *b, const float *c, long n);
void limit_read(const float *b, long n);
