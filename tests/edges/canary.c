/* Canaries: see canary.h. Linux, 64 bits. */
#define _GNU_SOURCE
#include "canary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

#define ROOM (CANARY_REACH + ((uintptr_t)1 << 30))

static int file = -1;
static uint8_t *view;  /* the file, mapped once more */
static uint8_t *fresh; /* what it should hold */
static uintptr_t low;  /* the reservation's ends */
static uintptr_t high;
static bool below[CANARY_CHUNKS]; /* which are mapped, counted from the ends */
static bool above[CANARY_CHUNKS];

static uint8_t *block(size_t size) {
  void *made = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return made == MAP_FAILED ? NULL : made;
}

/* The system gives out addresses from the top: the next reservation goes right
 * below a large block, once all holes above that are filled. */
void *canary_make_room(void) {
  uint8_t *room = block(ROOM), *filler = room;
  while (filler != NULL && filler >= room)
    filler = block(WDN_PAGE_SIZE);
  if (filler != NULL)
    (void)munmap(filler, WDN_PAGE_SIZE);
  return room;
}

void canary_make_room_done(void *room) {
  if (room != NULL)
    (void)munmap(room, ROOM);
}

static bool make_file(void) {
  size_t i;
  if (file >= 0)
    return true;
  file = memfd_create("canary", 0);
  fresh = malloc(CANARY_CHUNK);
  if (file < 0 || fresh == NULL || ftruncate(file, (off_t)CANARY_CHUNK) != 0)
    return false;
  view = mmap(NULL, CANARY_CHUNK, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (view == MAP_FAILED)
    return false;
  for (i = 0; i < CANARY_CHUNK; i++)
    fresh[i] = (uint8_t)(0xc5 ^ i ^ (i >> 8));
  memcpy(view, fresh, CANARY_CHUNK);
  return true;
}

static bool map_chunk(uintptr_t address) {
  void *wanted = (void *)address;
  void *got =
      mmap(wanted, CANARY_CHUNK, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, file, 0);
  if (got != MAP_FAILED && got != wanted)
    (void)munmap(got, CANARY_CHUNK); /* an old kernel took it for a hint */
  return got == wanted;
}

/* Is there a canary at `address`, or is it the reservation's own? */
static bool is_covered(uintptr_t address) {
  if (address < low)
    return low - address <= CANARY_REACH && below[(low - 1 - address) / CANARY_CHUNK];
  if (address >= high)
    return address - high < CANARY_REACH && above[(address - high) / CANARY_CHUNK];
  return true;
}

bool canary_plant(const wdn_memory_t *memory) {
  static const uintptr_t distances[] = {4096, (uintptr_t)4 << 30, (uintptr_t)8 << 30};
  uintptr_t data = (uintptr_t)memory->data;
  bool complete;
  size_t i;
  if (!make_file())
    return false;
  low = (uintptr_t)memory->reserved;
  high = low + memory->reserved_size;
  for (i = 0; i < CANARY_CHUNKS; i++) {
    below[i] = map_chunk(low - (i + 1) * CANARY_CHUNK);
    above[i] = map_chunk(high + i * CANARY_CHUNK);
  }
  complete = below[0] && above[0];
  for (i = 0; i < sizeof(distances) / sizeof(distances[0]); i++) {
    complete = complete && is_covered(data - distances[i]) && is_covered(data + distances[i]);
    complete = complete && is_covered(low - distances[i]) && is_covered(high + distances[i]);
  }
  return complete;
}

bool canary_intact(void) {
  if (memcmp(view, fresh, CANARY_CHUNK) == 0)
    return true;
  memcpy(view, fresh, CANARY_CHUNK);
  return false;
}

void canary_clear(void) {
  size_t i;
  for (i = 0; i < CANARY_CHUNKS; i++) {
    if (below[i])
      (void)munmap((void *)(low - (i + 1) * CANARY_CHUNK), CANARY_CHUNK);
    if (above[i])
      (void)munmap((void *)(high + i * CANARY_CHUNK), CANARY_CHUNK);
    below[i] = above[i] = false;
  }
}
