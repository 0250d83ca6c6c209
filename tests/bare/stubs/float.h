/* Floats, from what the compiler says of itself: no header of a library is in reach
 * of what is compiled with this folder. */
#ifndef STUB_FLOAT_H
#define STUB_FLOAT_H

#define FLT_EVAL_METHOD __FLT_EVAL_METHOD__
#define FLT_MANT_DIG __FLT_MANT_DIG__
#define DBL_MANT_DIG __DBL_MANT_DIG__

#endif
