/* Truth, from what the compiler says of itself: no header of a library is in reach
 * of what is compiled with this folder. */
#ifndef STUB_STDBOOL_H
#define STUB_STDBOOL_H

#define bool _Bool
#define true 1
#define false 0

#endif
