/* Linear memories.
 *
 * A memory is a reservation with room before and after it that nobody can touch:
 * for a guarded memory all that a guest's address and offset can reach, for any
 * other a page, as a second line of defence where room costs nothing. Growing commits more of it;
 * only where the room is not reserved in advance does the memory move. */
#include "wdn_port.h"

/* Addresses are below 2^32, offsets below 2^31, and an access has 8 bytes. The
 * guard below is for addresses computed as a difference. */
#define WDN_GUARD_BELOW ((u64)1 << 31)
#define WDN_GUARD_ROOM ((u64)1 << 32)
#define WDN_GUARD_ABOVE (((u64)1 << 31) + WDN_PAGE_SIZE)

#define WDN_PAD ((u64)(wdn_port_is_virtual() ? WDN_PAGE_SIZE : 0))

/* Reserves `below`, `room` and `above` bytes, and commits `size` of the room. No object
 * of C has more than half of the address space, whatever the system would give. */
static bool wdn_memory_map(wdn_memory_t *memory, u64 below, u64 room, u64 above, u64 size) {
  u64 total = below + room + above;
  u8 *start = total <= SIZE_MAX / 2 ? wdn_port_reserve((size_t)total) : NULL;
  if (start == NULL)
    return false;
  if (size != 0 && !wdn_port_commit(start + (size_t)below, (size_t)size)) {
    wdn_port_release(start, (size_t)total);
    return false;
  }
  memory->reserved = start;
  memory->reserved_size = total;
  memory->data = start + (size_t)below;
  memory->size = size;
  return true;
}

/* Unguarded: with room for all the memory may become if address space is plenty,
 * else for half as much again, else for no more than it needs. */
static bool wdn_memory_map_unguarded(wdn_memory_t *memory, u64 size) {
  if (wdn_port_is_virtual()) {
    u64 more = size + size / 2 + 16 * WDN_PAGE_SIZE;
    more -= more % WDN_PAGE_SIZE;
    if (sizeof(void *) >= 8 && wdn_memory_map(memory, WDN_PAD, memory->max_size, WDN_PAD, size))
      return true;
    if (more < memory->max_size && wdn_memory_map(memory, WDN_PAD, more, WDN_PAD, size))
      return true;
  }
  return wdn_memory_map(memory, WDN_PAD, size, WDN_PAD, size);
}

/* All pages that a memory of `type` may have. */
static u64 wdn_memory_most_pages(const wdn_memorytype_t *type, u64 max_pages) {
  u64 most = WDN_MAX_PAGES;
  if (type->limits.has_max && type->limits.max < most)
    most = type->limits.max;
  if (max_pages != 0 && max_pages < most)
    most = max_pages;
  return most;
}

static bool wdn_memory_make(wdn_store_t *store, wdn_memory_t *memory, const wdn_memorytype_t *type,
                            u64 max_pages, bool guarded) {
  u64 most = wdn_memory_most_pages(type, max_pages);
  u64 size;
  bool made;
  memset(memory, 0, sizeof(*memory));
  if (type->limits.min > most)
    return false;
  size = type->limits.min * WDN_PAGE_SIZE;
  memory->limits = type->limits;
  memory->max_size = most * WDN_PAGE_SIZE;
  memory->guarded = guarded;
  if (guarded)
    made = sizeof(void *) >= 8 && wdn_port_is_virtual() && wdn_port_catch_faults() &&
           wdn_memory_map(memory, WDN_GUARD_BELOW, WDN_GUARD_ROOM, WDN_GUARD_ABOVE, size);
  else
    made = wdn_memory_map_unguarded(memory, size);
  if (!made) {
    memset(memory, 0, sizeof(*memory));
    return false;
  }
  memory->next = store->memories;
  store->memories = memory;
  return true;
}

bool wdn_memory_create(wdn_store_t *store, wdn_memory_t *memory, const wdn_memorytype_t *type,
                       uint64_t max_pages) {
  return wdn_memory_make(store, memory, type, max_pages, true) ||
         wdn_memory_make(store, memory, type, max_pages, false);
}

void wdn_memory_destroy(wdn_store_t *store, wdn_memory_t *memory) {
  wdn_memory_t **link;
  for (link = &store->memories; *link != NULL; link = &(*link)->next) {
    if (*link == memory) {
      *link = memory->next;
      break;
    }
  }
  if (memory->reserved != NULL)
    wdn_port_release(memory->reserved, (size_t)memory->reserved_size);
  memset(memory, 0, sizeof(*memory));
}

/* Growth without room in the reservation. */
static bool wdn_memory_move(wdn_memory_t *memory, u64 size) {
  wdn_memory_t moved = *memory;
  if (!wdn_memory_map_unguarded(&moved, size))
    return false;
  memcpy(moved.data, memory->data, (size_t)memory->size);
  wdn_port_release(memory->reserved, (size_t)memory->reserved_size);
  *memory = moved;
  return true;
}

uint32_t wdn_memory_grow(wdn_memory_t *memory, uint32_t delta) {
  u64 old = memory->size, added = (u64)delta * WDN_PAGE_SIZE;
  u64 end = (u64)(memory->data - memory->reserved) + old + WDN_PAD; /* and the pad after it */
  if (added > memory->max_size - old)
    return UINT32_MAX;
  if (added == 0)
    return (u32)(old / WDN_PAGE_SIZE);
  if (added <= memory->reserved_size - end) {
    if (!wdn_port_commit(memory->data + (size_t)old, (size_t)added))
      return UINT32_MAX;
    memory->size = old + added;
  } else if (!wdn_memory_move(memory, old + added)) {
    return UINT32_MAX;
  }
  return (u32)(old / WDN_PAGE_SIZE);
}

/* ---- Instructions ------------------------------------------------------------------- */

u32 memory_grow(void *self, wdn_memory_t *memory, u32 delta) {
  (void)self;
  return wdn_memory_grow(memory, delta);
}

/* Traps unless `size` bytes at `start` are among the first `limit`. */
static void wdn_check_range(void *self, u64 limit, u32 start, u32 size, u32 at) {
  if ((u64)start + size > limit)
    TRAP(MEMORY_OUT_OF_BOUNDS, at);
}

void memory_fill(void *self, wdn_memory_t *memory, u32 to, u32 value, u32 size, u32 at) {
  wdn_check_range(self, memory->size, to, size, at);
  if (size != 0)
    memset(memory->data + to, (u8)value, size);
}

void memory_copy(void *self, wdn_memory_t *to_memory, wdn_memory_t *from_memory, u32 to, u32 from,
                 u32 size, u32 at) {
  wdn_check_range(self, to_memory->size, to, size, at);
  wdn_check_range(self, from_memory->size, from, size, at);
  if (size != 0)
    memmove(to_memory->data + to, from_memory->data + from, size);
}

void memory_init(void *self, wdn_memory_t *memory, const char *data, u32 data_size, u32 to,
                 u32 from, u32 size, u32 at) {
  wdn_check_range(self, memory->size, to, size, at);
  wdn_check_range(self, data_size, from, size, at);
  if (size != 0)
    memcpy(memory->data + to, data + from, size);
}
