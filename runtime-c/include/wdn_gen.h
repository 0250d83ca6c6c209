/* What generated code calls. Hosts include wdn.h instead.
 *
 * Generated functions take their instance as `void *self`, so that every call
 * through a pointer has exactly the type of its target. Numbers are unsigned;
 * the names below are the specification's with `.` as `_`. `at` is always the
 * offset of the instruction in the .wasm. */
#ifndef WDN_GEN_H
#define WDN_GEN_H

#include "wdn.h"
#include "wdn_cc.h"
#include "wdn_quiet.h"
#include "wdn_types.h"

/* How the instance is handed to what may trap; see wdn_one_gen.h. */
#define WDN_SELF void *self,
#define WDN_PASS_SELF self,

/* ---- Traps ------------------------------------------------------------------ */

/* Ends the innermost entry of the instance's store. Never returns; aborts if
 * there is no entry. */
WDN_NORETURN void wdn_trap(void *self, wdn_trap_t code, u32 at);

#define TRAP(code, at)                                                                             \
  do {                                                                                             \
    wdn_trap(self, WDN_TRAP_##code, at);                                                           \
    WDN_UNREACHABLE();                                                                             \
  } while (0)

/* In functions that call others or have large frames: `words` of variables and
 * `exprs` nodes of expressions bound the frame. The limit leaves room for leaf
 * functions and the host's. */
#define STACK_CHECK(words, exprs, at)                                                              \
  WDN_FRAME(wdn_frame);                                                                            \
  if (WDN_UNLIKELY(wdn_frame - WDN_FRAME_BYTES(words, exprs) <                                     \
                   ((wdn_instance_t *)self)->store->stack_limit))                                  \
  TRAP(STACK_EXHAUSTED, at)

/* In code that can be interrupted: wherever it could go on for ever. */
#define INTERRUPT_CHECK(at)                                                                        \
  if (WDN_UNLIKELY(WDN_LOAD_RELAXED(&((wdn_instance_t *)self)->store->interrupt) != 0))            \
  TRAP(INTERRUPTED, at)

/* ---- Linear memory: wdn_mem.h, numeric instructions: wdn_ops.h -------------- */

/* Traps: `x` is a NaN, or does not fit. */
WDN_NORETURN void wdn_trunc_failed(void *self, f64 x, u32 at);

#include "wdn_mem.h"
#include "wdn_ops.h"

u32 memory_grow(void *self, wdn_memory_t *memory, u32 delta);
void memory_fill(void *self, wdn_memory_t *memory, u32 to, u32 value, u32 size, u32 at);
void memory_copy(void *self, wdn_memory_t *to_memory, wdn_memory_t *from_memory, u32 to, u32 from,
                 u32 size, u32 at);
/* `data` has `data_size` bytes; 0 once dropped. */
void memory_init(void *self, wdn_memory_t *memory, const char *data, u32 data_size, u32 to,
                 u32 from, u32 size, u32 at);

/* ---- Tables and references --------------------------------------------------- */

/* One function of an element segment, before it belongs to an instance. */
typedef struct wdn_element {
  wdn_code_t code;
  const wdn_functype_t *type;
} wdn_element_t;

/* An entry of a table that nothing can change: its functions are the module's
 * own, `type` is the number of their type in the module, 0 for null. */
typedef struct wdn_const_element {
  wdn_code_t code;
  u32 type;
} wdn_const_element_t;

#define NULL_FUNC ((wdn_func_t){0, 0, 0})

wdn_func_t table_get_func(void *self, wdn_table_t *table, u32 index, u32 at);
void *table_get_extern(void *self, wdn_table_t *table, u32 index, u32 at);
void table_set_func(void *self, wdn_table_t *table, u32 index, wdn_func_t value, u32 at);
void table_set_extern(void *self, wdn_table_t *table, u32 index, void *value, u32 at);
u32 table_grow_func(void *self, wdn_table_t *table, wdn_func_t value, u32 delta);
u32 table_grow_extern(void *self, wdn_table_t *table, void *value, u32 delta);
void table_fill_func(void *self, wdn_table_t *table, u32 to, wdn_func_t value, u32 size, u32 at);
void table_fill_extern(void *self, wdn_table_t *table, u32 to, void *value, u32 size, u32 at);
void table_copy(void *self, wdn_table_t *to_table, wdn_table_t *from_table, u32 to, u32 from,
                u32 size, u32 at);
/* From a segment of functions of this module: entries become its instance's. */
void table_init(void *self, wdn_table_t *table, const wdn_element_t *elements, u32 element_count,
                u32 to, u32 from, u32 size, u32 at);
/* From a segment whose elements were evaluated at instantiation. */
void table_init_funcs(void *self, wdn_table_t *table, const wdn_func_t *elements, u32 element_count,
                      u32 to, u32 from, u32 size, u32 at);
void table_init_externs(void *self, wdn_table_t *table, void *const *elements, u32 element_count,
                        u32 to, u32 from, u32 size, u32 at);

WDN_NORETURN void wdn_indirect_call_failed(void *self, const wdn_table_t *table, u32 index, u32 at);

/* The entry that call_indirect calls, checked to exist and to have `type`. */
WDN_INLINE const wdn_func_t *wdn_indirect(void *self, const wdn_table_t *table, u32 index,
                                          const wdn_functype_t *type, u32 at) {
  if (WDN_LIKELY(index < table->size)) {
    const wdn_func_t *func = &table->funcs[index];
    if (WDN_LIKELY(func->type == type && func->code != 0))
      return func;
    if (func->code != 0 && wdn_functype_equal(func->type, type))
      return func;
  }
  wdn_indirect_call_failed(self, table, index, at);
  WDN_UNREACHABLE();
  return 0;
}

WDN_NORETURN void wdn_const_call_failed(void *self, const wdn_const_element_t *table, u32 size,
                                        u32 index, u32 at);

/* The same in a table that nothing can change. */
WDN_INLINE wdn_code_t wdn_const_indirect(void *self, const wdn_const_element_t *table, u32 size,
                                         u32 index, u32 type, u32 at) {
  if (WDN_UNLIKELY(index >= size || table[index].type != type)) {
    wdn_const_call_failed(self, table, size, index, at);
    WDN_UNREACHABLE();
  }
  return table[index].code;
}

/* The same where the elements from `first` on have the type and those before it are
 * null, as C compilers make tables. */
WDN_INLINE wdn_code_t wdn_const_indirect_same(void *self, const wdn_const_element_t *table,
                                              u32 size, u32 index, u32 first, u32 at) {
  if (WDN_UNLIKELY(index - first >= size - first)) {
    wdn_const_call_failed(self, table, size, index, at);
    WDN_UNREACHABLE();
  }
  return table[index].code;
}

#endif
