/* Sizes, from what the compiler says of itself: no header of a library is in reach
 * of what is compiled with this folder. */
#ifndef STUB_STDDEF_H
#define STUB_STDDEF_H

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
#define NULL ((void *)0)
#define offsetof(type, member) __builtin_offsetof(type, member)

#endif
