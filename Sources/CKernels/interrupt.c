#include "ckernels.h"

#include <stddef.h>

static int (*wanted)(void) = NULL;

void ck_set_stop(int (*asked)(void)) { wanted = asked; }

int ck_stop(void) { return wanted && wanted(); }
