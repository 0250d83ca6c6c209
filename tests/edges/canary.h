/* Canaries around a linear memory: 9 GiB of readable and writable pages on either
 * side of it, right up to the ends of its reservation.
 *
 * A wrong address that leaves the reservation hits one of them and does not
 * fault, so it shows: a read returns instead of trapping, and a write changes
 * the one small file that all the canaries are mappings of. */
#ifndef EDGES_CANARY_H
#define EDGES_CANARY_H

#include "wdn.h"

#define CANARY_CHUNK ((uintptr_t)1 << 20)
#define CANARY_REACH ((uintptr_t)9 << 30)
#define CANARY_CHUNKS (CANARY_REACH / CANARY_CHUNK)

/* Address space that must be free above the next reservation: call before it is
 * made, and canary_make_room_done after. NULL if the system refuses. */
void *canary_make_room(void);
void canary_make_room_done(void *room);

/* Surrounds a memory. False if something else is mapped where a canary must be:
 * at the ends of the reservation, and 4 KiB, 4 GiB and 8 GiB from the memory. */
bool canary_plant(const wdn_memory_t *memory);

/* Is every canary as it was? Repairs those that are not. */
bool canary_intact(void);

/* Takes them away again. */
void canary_clear(void);

#endif
