/* What the generated code of a module of one instance calls, in place of wdn_gen.h.
 *
 * The including file defines WDN_ONE, the module's state, and WDN_ONE_TRAP(code, at).
 * After including it, it defines `mem` and `size`, its memory and how large that is. */
#ifndef WDN_ONE_GEN_H
#define WDN_ONE_GEN_H

#include "wdn_one.h"
#include "wdn_cc.h"
#include "wdn_quiet.h"
#include "wdn_types.h"

#define WDN_SELF
#define WDN_PASS_SELF

/* All that is taken from a C library or the compiler's. */
void *memcpy(void *to, const void *from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int value, size_t count);

/* ---- Traps ------------------------------------------------------------------ */

#define TRAP(code, at)                                                                             \
  do {                                                                                             \
    WDN_ONE_TRAP(WDN_TRAP_##code, at);                                                             \
    WDN_UNREACHABLE();                                                                             \
  } while (0)

/* In functions that call others or have large frames. Where the stack pointer can be
 * read the frame is below it already; elsewhere its size is estimated. */
#if defined(WDN_STACK_POINTER_IS_FRAME)
#define WDN_BELOW(words, exprs) WDN_FRAME_BYTES(words, exprs)
#else
#define WDN_BELOW(words, exprs) 0
#endif
#define STACK_CHECK(words, exprs, at)                                                              \
  do {                                                                                             \
    uintptr_t wdn_sp;                                                                              \
    WDN_STACK_POINTER(wdn_sp);                                                                     \
    if (WDN_UNLIKELY(wdn_sp - WDN_BELOW(words, exprs) < WDN_ONE.stack_limit))                      \
      TRAP(STACK_EXHAUSTED, at);                                                                   \
  } while (0)

/* Before such a function returns. */
#define STACK_LEAVE() WDN_KEEP_CALL()

/* The same with a counter of calls in progress. */
#define DEPTH_ENTER(at)                                                                            \
  do {                                                                                             \
    if (WDN_UNLIKELY(WDN_ONE.depth == 0))                                                          \
      TRAP(STACK_EXHAUSTED, at);                                                                   \
    WDN_ONE.depth--;                                                                               \
  } while (0)
#define DEPTH_LEAVE() (void)(WDN_ONE.depth++)

/* Wherever the guest could go on for ever. */
#define INTERRUPT_CHECK(at)                                                                        \
  if (WDN_UNLIKELY(WDN_LOAD_RELAXED(&WDN_ONE.interrupt) != 0))                                     \
  TRAP(INTERRUPTED, at)
#define FUEL_CHECK(at)                                                                             \
  do {                                                                                             \
    if (WDN_UNLIKELY(WDN_ONE.fuel == 0))                                                           \
      TRAP(INTERRUPTED, at);                                                                       \
    WDN_ONE.fuel--;                                                                                \
  } while (0)

/* `x` is a NaN, or does not fit. Of either type: converting it takes code. */
#define wdn_trunc_failed(x, at)                                                                    \
  WDN_ONE_TRAP(WDN_UNORDERED(x, x) ? WDN_TRAP_INVALID_CONVERSION : WDN_TRAP_INTEGER_OVERFLOW, at)

/* ---- Linear memory: wdn_mem.h, numeric instructions: wdn_ops.h -------------- */

/* The memory is an array of known size, and a constant address outside of it is behind a
 * check that fails. Where compilers cannot tell, because the memory grows, they warn. */
#if WDN_GNU
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Warray-bounds"
#endif
#if WDN_GCC >= 7
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#endif
#include "wdn_mem.h"
#if WDN_GNU
#pragma GCC diagnostic pop
#endif
#include "wdn_ops.h"

/* Traps unless `count` bytes or elements at `start` are among the first `limit`. */
WDN_INLINE void wdn_check_memory(u32 limit, u32 start, u32 count, u32 at) {
  if (WDN_UNLIKELY(count > limit || start > limit - count))
    TRAP(MEMORY_OUT_OF_BOUNDS, at);
}
WDN_INLINE void wdn_check_table(u32 limit, u32 start, u32 count, u32 at) {
  if (WDN_UNLIKELY(count > limit || start > limit - count))
    TRAP(TABLE_OUT_OF_BOUNDS, at);
}

/* Of a memory that grows: `size` cannot be read by its name where it is a macro. */
WDN_INLINE wdn_size_t wdn_memory_size(const wdn_memory_t *memory) {
  return (wdn_size_t)memory->size;
}
WDN_INLINE void wdn_memory_reset(wdn_memory_t *memory, u64 bytes) {
  memory->size = bytes;
}
/* Of a memory that stays as it is. */
WDN_INLINE u32 memory_stay(u32 pages, u32 delta) {
  return delta == 0 ? pages : UINT32_MAX;
}
/* Of one whose array has room. What is there is zero: nothing could write to it. */
WDN_UNUSED static u32 memory_grow(wdn_memory_t *memory, u32 page_log2, u32 delta) {
  u32 old = (u32)memory->size, room = (u32)memory->max_size - old;
  if (delta > room >> page_log2)
    return UINT32_MAX;
  memory->size = old + (delta << page_log2);
  return old >> page_log2;
}

WDN_UNUSED static void memory_fill(u8 *memory, u32 limit, u32 to, u32 value, u32 count, u32 at) {
  wdn_check_memory(limit, to, count, at);
  memset(memory + to, (u8)value, count);
}
WDN_UNUSED static void memory_copy(u8 *memory, u32 limit, u32 to, u32 from, u32 count, u32 at) {
  wdn_check_memory(limit, to, count, at);
  wdn_check_memory(limit, from, count, at);
  memmove(memory + to, memory + from, count);
}
/* Segments are constant arrays, and compilers do not know whether they are dropped: what
 * is behind the check of a count that is too large gets no warning if they do not know
 * which segment it is, either. */
#if WDN_GNU
#define WDN_ANY_SEGMENT(pointer) __asm__("" : "+r"(pointer))
#else
#define WDN_ANY_SEGMENT(pointer) (void)(pointer)
#endif

/* `data` has `data_size` bytes; 0 once dropped. */
WDN_UNUSED static void memory_init(u8 *memory, u32 limit, const char *data, u32 data_size, u32 to,
                                   u32 from, u32 count, u32 at) {
  wdn_check_memory(limit, to, count, at);
  wdn_check_memory(data_size, from, count, at);
  WDN_ANY_SEGMENT(data);
  memcpy(memory + to, data + from, count);
}

/* ---- Tables and references --------------------------------------------------- */

#define NULL_FUNC ((wdn_ref_t){0, 0})

/* A table that something can change: one of the arrays is used. */
typedef struct wdn_one_table {
  wdn_ref_t *funcs;
  void **externs;
  u32 count;
  u32 max_count;
} wdn_one_table_t;

WDN_COLD WDN_UNUSED static void wdn_indirect_failed(const wdn_ref_t *table, u32 limit, u32 index,
                                                    u32 at) {
  (void)at;
  if (index >= limit)
    TRAP(UNDEFINED_ELEMENT, at);
  if (table[index].code == 0)
    TRAP(UNINITIALIZED_ELEMENT, at);
  TRAP(INDIRECT_CALL_TYPE, at);
}

/* The function that call_indirect calls, checked to exist and to have `type`. */
WDN_INLINE wdn_code_t wdn_indirect(const wdn_ref_t *table, u32 limit, u32 index, u32 type, u32 at) {
  if (WDN_UNLIKELY(index >= limit || table[index].type != type)) {
    wdn_indirect_failed(table, limit, index, at);
    WDN_UNREACHABLE();
  }
  return table[index].code;
}

/* The same where the elements from `first` on have the type and those before it are
 * null, as C compilers make tables. */
WDN_INLINE wdn_code_t wdn_indirect_same(const wdn_ref_t *table, u32 limit, u32 index, u32 first,
                                        u32 at) {
  if (WDN_UNLIKELY(index - first >= limit - first)) {
    wdn_indirect_failed(table, limit, index, at);
    WDN_UNREACHABLE();
  }
  return table[index].code;
}

#define WDN_TABLE_OPS(kind, value_t, member)                                                       \
  WDN_UNUSED static value_t table_get_##kind(const wdn_one_table_t *table, u32 index, u32 at) {    \
    wdn_check_table(table->count, index, 1, at);                                                   \
    return table->member[index];                                                                   \
  }                                                                                                \
  WDN_UNUSED static void table_set_##kind(wdn_one_table_t *table, u32 index, value_t value,        \
                                          u32 at) {                                                \
    wdn_check_table(table->count, index, 1, at);                                                   \
    table->member[index] = value;                                                                  \
  }                                                                                                \
  WDN_UNUSED static void table_fill_##kind(wdn_one_table_t *table, u32 to, value_t value,          \
                                           u32 count, u32 at) {                                    \
    wdn_check_table(table->count, to, count, at);                                                  \
    for (; count > 0; count--)                                                                     \
      table->member[to++] = value;                                                                 \
  }                                                                                                \
  WDN_UNUSED static u32 table_grow_##kind(wdn_one_table_t *table, value_t value, u32 delta) {      \
    u32 old = table->count;                                                                        \
    if (delta > table->max_count - old)                                                            \
      return UINT32_MAX;                                                                           \
    table->count = old + delta;                                                                    \
    table_fill_##kind(table, old, value, delta, 0);                                                \
    return old;                                                                                    \
  }                                                                                                \
  WDN_UNUSED static void table_copy_##kind(wdn_one_table_t *to_table,                              \
                                           const wdn_one_table_t *from_table, u32 to, u32 from,    \
                                           u32 count, u32 at) {                                    \
    wdn_check_table(to_table->count, to, count, at);                                               \
    wdn_check_table(from_table->count, from, count, at);                                           \
    memmove(to_table->member + to, from_table->member + from, count * sizeof(value_t));            \
  }                                                                                                \
  /* `elements` are `element_count`; 0 once dropped. */                                            \
  WDN_UNUSED static void table_init_##kind(wdn_one_table_t *table, const value_t *elements,        \
                                           u32 element_count, u32 to, u32 from, u32 count,         \
                                           u32 at) {                                               \
    wdn_check_table(table->count, to, count, at);                                                  \
    wdn_check_table(element_count, from, count, at);                                               \
    WDN_ANY_SEGMENT(elements);                                                                     \
    memcpy(table->member + to, elements + from, count * sizeof(value_t));                          \
  }
WDN_TABLE_OPS(func, wdn_ref_t, funcs)
typedef void *wdn_extern_ref_t;
WDN_TABLE_OPS(extern, wdn_extern_ref_t, externs)

#endif
