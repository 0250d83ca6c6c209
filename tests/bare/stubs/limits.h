/* Limits, from what the compiler says of itself: no header of a library is in reach
 * of what is compiled with this folder. */
#ifndef STUB_LIMITS_H
#define STUB_LIMITS_H

#define CHAR_BIT __CHAR_BIT__

#endif
