#ifndef GLIA_CEDIT_H
#define GLIA_CEDIT_H
#endif
