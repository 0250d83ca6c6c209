/* What a host needs to run translated modules. C and C++.
 *
 * The other half of the interface, wdn_gen.h, is for generated code only and
 * may change with any release. Terms are those of the WebAssembly
 * specification. Nothing here prints, exits or keeps process-wide state,
 * except the fault handler that the first `guard` memory installs. */
#ifndef WDN_H
#define WDN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wdn_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of these structures. A descriptor of another version is refused. */
#define WDN_ABI 1

/* ---- Values and types ---------------------------------------------------- */

/* Value types, with their codes in the binary format. */
typedef uint8_t wdn_valtype_t;
#define WDN_I32 0x7f
#define WDN_I64 0x7e
#define WDN_F32 0x7d
#define WDN_F64 0x7c
#define WDN_FUNCREF 0x70
#define WDN_EXTERNREF 0x6f

/* Any C function; cast to its exact type before a call. */
typedef void (*wdn_code_t)(void);

typedef struct wdn_functype wdn_functype_t;

/* A function value. A null reference has no code. `instance` is passed as
 * the first argument: the instance for a function of a module, the context for
 * a function of the host. */
typedef struct wdn_func {
  wdn_code_t code;
  const wdn_functype_t *type;
  void *instance;
} wdn_func_t;

typedef union wdn_value {
  uint32_t i32;
  uint64_t i64;
  float f32;
  double f64;
  wdn_func_t func;
  void *ext; /* an externref: opaque to the module; NULL is the null reference */
} wdn_value_t;

/* Calls `code` with unpacked arguments; generated, one per function type. */
typedef void (*wdn_invoke_t)(wdn_code_t code, void *instance, const wdn_value_t *args,
                             wdn_value_t *results);

struct wdn_functype {
  uint32_t param_count;
  uint32_t result_count;
  const wdn_valtype_t *types; /* parameters, then results */
  wdn_invoke_t invoke;        /* NULL where no caller needs it */
};

/* Limits of a memory in pages of 64 KiB, or of a table in elements. */
typedef struct wdn_limits {
  uint64_t min;
  uint64_t max; /* meaningful if has_max */
  bool has_max;
} wdn_limits_t;

typedef struct wdn_tabletype {
  wdn_limits_t limits;
  wdn_valtype_t element; /* WDN_FUNCREF or WDN_EXTERNREF */
} wdn_tabletype_t;

typedef struct wdn_memorytype {
  wdn_limits_t limits;
} wdn_memorytype_t;

typedef struct wdn_globaltype {
  wdn_valtype_t value;
  bool is_mutable;
} wdn_globaltype_t;

/* ---- Traps ---------------------------------------------------------------- */

/* Why guest code stopped. The order is part of the ABI: append only. */
typedef enum wdn_trap {
  WDN_OK = 0,
  WDN_TRAP_UNREACHABLE,
  WDN_TRAP_MEMORY_OUT_OF_BOUNDS,
  WDN_TRAP_TABLE_OUT_OF_BOUNDS,
  WDN_TRAP_DIVISION_BY_ZERO,
  WDN_TRAP_INTEGER_OVERFLOW,
  WDN_TRAP_INVALID_CONVERSION,
  WDN_TRAP_UNDEFINED_ELEMENT,     /* call_indirect past the end of its table */
  WDN_TRAP_UNINITIALIZED_ELEMENT, /* call_indirect of a null reference */
  WDN_TRAP_INDIRECT_CALL_TYPE,    /* call_indirect of a function of another type */
  WDN_TRAP_STACK_EXHAUSTED,
  WDN_TRAP_UNRESOLVED_IMPORT, /* a call of an import that nothing defines */
  WDN_TRAP_HOST,              /* the host stopped the guest: wdn_trap_host */
  WDN_TRAP_EXIT,              /* not an error: the guest asked to exit: wdn_exit */
  WDN_TRAP_POISONED,          /* the instance trapped before and was not reset */
  WDN_TRAP_INTERRUPTED        /* another thread stopped the guest: wdn_interrupt */
} wdn_trap_t;

/* The specification's words for a trap, such as "integer divide by zero". */
const char *wdn_trap_message(wdn_trap_t trap);

/* After a fault in a guarded memory: finds out in which function of the
 * instance's module it was, from the program's symbols, and puts it into the
 * store's trap info. False if it cannot. For messages: it reads the program's
 * file, and what the C compiler inlined counts as part of its caller. */
bool wdn_trap_locate(void *instance);

struct wdn_module;

#define WDN_NO_FUNCTION UINT32_MAX
#define WDN_NO_OFFSET UINT32_MAX

/* Where and why the last entry of a store ended. */
typedef struct wdn_trap_info {
  wdn_trap_t code;
  int32_t exit_code;               /* of WDN_TRAP_EXIT and WDN_TRAP_HOST */
  const struct wdn_module *module; /* whose code trapped, or NULL */
  uint32_t function;               /* index, or WDN_NO_FUNCTION */
  uint32_t offset;                 /* of the instruction in the .wasm, or WDN_NO_OFFSET */
  uintptr_t pc;                    /* of a fault in a `guard` memory, else 0 */
  uint64_t address;                /* guest address of that fault, 2^64 - n for -n */
} wdn_trap_info_t;

/* ---- Memories, tables ------------------------------------------------------ */

#define WDN_PAGE_SIZE 65536u
/* A 32-bit memory never reaches the last 16 MiB of its address space, so that an
 * address inside it plus a constant below that cannot wrap; opt/address.rs of
 * the translator relies on it. memory.grow may fail, says the specification. */
#define WDN_MAX_PAGES 65280u

/* A linear memory, in little-endian byte order on every host. In a guarded
 * memory `data` never changes while the instance lives; elsewhere it may after
 * any call that can grow the memory. Hosts read and write the first `size`
 * bytes; everything else belongs to the runtime. */
typedef struct wdn_memory {
  uint8_t *data;
  uint64_t size;     /* bytes in use */
  uint64_t max_size; /* bytes it may grow to: by its type and the host's limit */
  wdn_limits_t limits;
  bool guarded;      /* reserved as `guard` code needs it */
  uint8_t *reserved; /* start of the reservation, guards included */
  uint64_t reserved_size;
  struct wdn_memory *next; /* among the memories of the store */
} wdn_memory_t;

/* A table: `funcs` or `externs` is used, by the type of its elements. */
typedef struct wdn_table {
  wdn_func_t *funcs;
  void **externs;
  uint32_t size;
  uint32_t max_size; /* by its type and the host's limit */
  uint32_t capacity; /* allocated elements */
  wdn_tabletype_t type;
} wdn_table_t;

/* ---- Modules --------------------------------------------------------------- */

/* A name as the module has it: any bytes, NUL included. NUL-terminated too. */
typedef struct wdn_name {
  const char *bytes;
  uint32_t size;
} wdn_name_t;

typedef enum wdn_kind { WDN_FUNC, WDN_TABLE, WDN_MEMORY, WDN_GLOBAL } wdn_kind_t;

/* `slot` is a byte offset into the instance's struct. */
typedef struct wdn_import {
  wdn_name_t module;
  wdn_name_t name;
  wdn_kind_t kind;
  const void *type; /* wdn_functype_t, wdn_tabletype_t, wdn_memorytype_t, wdn_globaltype_t */
  size_t slot;      /* of a wdn_import_func_t, or of a pointer to the imported thing */
} wdn_import_t;

/* An imported function as an instance holds it. */
typedef struct wdn_import_func {
  wdn_code_t code;
  void *instance;
  uint32_t in_guest; /* 1 if the code is another module's, 0 if the host's */
} wdn_import_func_t;

typedef struct wdn_export {
  wdn_name_t name;
  wdn_kind_t kind;
  const void *type; /* as above */
  wdn_code_t code;  /* of a function; its first argument is the instance */
  size_t slot;      /* of anything else */
  bool imported;    /* the slot holds a pointer to it rather than the thing */
} wdn_export_t;

/* A memory or table that the module itself defines. */
typedef struct wdn_definition {
  const void *type;
  size_t slot;
} wdn_definition_t;

typedef struct wdn_function_name {
  uint32_t function;
  const char *name;
} wdn_function_name_t;

/* Describes one module; a constant that the generated code defines. The same
 * for static linking and for dlopen. */
typedef struct wdn_module {
  uint32_t abi;  /* WDN_ABI */
  uint32_t size; /* of this struct */
  const char *name;
  const char *options; /* that it was translated with */
  uint8_t hash[32];    /* SHA-256 of the .wasm */
  bool guard;          /* its code relies on guarded memories */
  size_t instance_size;
  const wdn_import_t *imports;
  const wdn_export_t *exports;
  const wdn_definition_t *memories;
  const wdn_definition_t *tables;
  const wdn_function_name_t *names; /* by ascending index */
  const uint32_t *function_offsets; /* in the .wasm, of each defined function's body */
  uint32_t import_count;
  uint32_t export_count;
  uint32_t memory_count;
  uint32_t table_count;
  uint32_t name_count;
  uint32_t function_count; /* imported and defined */
  uint32_t imported_function_count;
  void (*init)(void *instance);  /* globals, then element and data segments */
  void (*start)(void *instance); /* the start function, or NULL */
} wdn_module_t;

/* ---- Instances ------------------------------------------------------------- */

/* What an import is bound to, or what an export gives. */
typedef struct wdn_extern {
  wdn_kind_t kind;
  bool is_guest; /* a function: of another instance rather than of the host */
  wdn_func_t func;
  wdn_table_t *table;
  wdn_memory_t *memory;
  void *global; /* the cell: uint32_t, uint64_t, float, double, wdn_func_t or void * */
  wdn_globaltype_t global_type;
} wdn_extern_t;

struct wdn_entry;

/* What instances that call each other share: the thread's stack limit, the
 * entries in progress and the last trap. One thread at a time uses a store. All
 * zeros is an empty store. */
typedef struct wdn_store {
  uintptr_t stack_limit; /* lowest frame address that guest code may reach */
  uint32_t in_guest;     /* 0 while a function of the host runs */
  struct wdn_entry *entry;
  wdn_memory_t *memories;
  wdn_trap_info_t trap;
  uint64_t max_stack; /* bytes of stack an outermost entry may use; 0: all the thread has */
  volatile uint32_t interrupt; /* other than 0: the guest is to stop; see wdn_interrupt */
} wdn_store_t;

typedef enum wdn_state { WDN_EMPTY, WDN_READY, WDN_POISONED } wdn_state_t;

/* Opens every instance's generated struct. */
typedef struct wdn_instance {
  wdn_store_t *store;
  const wdn_module_t *module;
  wdn_state_t state;
  void *host; /* for the host's use */
  wdn_store_t own_store;
} wdn_instance_t;

/* How to make an instance. Zeroed, it is all defaults. */
typedef struct wdn_config {
  wdn_store_t *store;        /* shared with instances it calls; NULL: its own */
  uint64_t max_memory_pages; /* for each memory; 0: what its type says */
  uint32_t max_table_size;   /* elements of each table; 0: 10,000,000 */
  uint64_t max_stack;        /* bytes; 0: what the thread has; used with its own store */
  void *host;                /* becomes wdn_instance_t.host */
} wdn_config_t;

typedef enum wdn_status {
  WDN_DONE,
  WDN_ERROR_ABI,    /* the descriptor is of another version */
  WDN_ERROR_IMPORT, /* an import is missing, or of another kind or type */
  WDN_ERROR_MEMORY, /* the system or a limit refuses a memory or table */
  WDN_ERROR_TRAP    /* initialisation or the start function trapped */
} wdn_status_t;

/* Why an instance could not be made. */
typedef struct wdn_error {
  wdn_status_t status;
  uint32_t import;      /* index of the import at fault */
  const char *message;  /* such as "incompatible import type"; static */
  wdn_trap_info_t trap; /* of WDN_ERROR_TRAP */
} wdn_error_t;

/* Makes an instance of `module` in `instance`, which has module->instance_size
 * bytes and any contents. `imports` has one entry per import, in the
 * descriptor's order; an entry of kind WDN_FUNC without code is unresolved and
 * refused. Checks kinds, types and limits; on failure nothing is left
 * allocated, with one exception: if initialisation traps in a shared store, other
 * instances may already hold the new one's functions, so it stays, poisoned, until
 * wdn_destroy, and so must its storage. `config` and `error` may be NULL. */
wdn_status_t wdn_instantiate(const wdn_module_t *module, void *instance,
                             const wdn_extern_t *imports, const wdn_config_t *config,
                             wdn_error_t *error);

/* Frees what the instance owns. Other instances must no longer use it. Does
 * nothing to an instance that could not be made or was destroyed before. */
void wdn_destroy(void *instance);

/* Lets a trapped instance be called again, in whatever state the trap left it,
 * which WebAssembly defines but the module's author may not have. */
void wdn_unpoison(void *instance);

/* Finds an export; false if there is none of that name. */
bool wdn_export(void *instance, const char *name, size_t name_size, wdn_extern_t *found);
/* Fills in export number `index` of the module. */
void wdn_export_at(void *instance, uint32_t index, wdn_extern_t *found);

/* Are the two function types the same? */
bool wdn_functype_equal(const wdn_functype_t *a, const wdn_functype_t *b);

/* ---- Entering guest code ---------------------------------------------------- */

/* Runs `body(arg)`, which may call the instance's exported functions, and
 * returns WDN_OK or the trap that ended it early; details are in
 * ((wdn_instance_t *)instance)->store->trap. May be nested. A trap unwinds with
 * longjmp: between this call and the guest there may only be C frames that
 * hold nothing to release. Poisons the instance if it traps. See wdn_try.h
 * for a macro that needs no body function. */
wdn_trap_t wdn_try(void *instance, void (*body)(void *arg), void *arg);

/* Calls a function value of the instance's store with unpacked arguments. The
 * caller has checked that they fit func->type. */
wdn_trap_t wdn_call(void *instance, const wdn_func_t *func, const wdn_value_t *args,
                    wdn_value_t *results);

/* For functions of the host, called by the guest: end the innermost entry. */
void wdn_trap_host(void *instance, int32_t code);
void wdn_exit(void *instance, int32_t code);

/* Stops the guest code of a store, or lets it run again; the only function here that
 * any thread may call at any time. Code that was translated to be interrupted looks
 * at every iteration of a loop and wherever a function that calls others begins, and
 * traps with WDN_TRAP_INTERRUPTED, until this is taken back. Functions of the host
 * are not interrupted. */
void wdn_interrupt(wdn_store_t *store, bool stop);

/* ---- Things that belong to no module --------------------------------------- */

/* Makes a memory for hosts to pass as an import; guarded where the platform can.
 * False if a limit or the system refuses. It belongs to `store`. */
bool wdn_memory_create(wdn_store_t *store, wdn_memory_t *memory, const wdn_memorytype_t *type,
                       uint64_t max_pages);
void wdn_memory_destroy(wdn_store_t *store, wdn_memory_t *memory);
/* As memory.grow: the old size in pages, or UINT32_MAX and nothing changed. */
uint32_t wdn_memory_grow(wdn_memory_t *memory, uint32_t delta);

bool wdn_table_create(wdn_table_t *table, const wdn_tabletype_t *type, uint32_t max_size);
void wdn_table_destroy(wdn_table_t *table);

/* The host address of `size` bytes at guest address `address`, or NULL if any
 * of them is outside the memory. The one way for hosts to follow a guest
 * pointer. */
static inline uint8_t *wdn_memory_at(const wdn_memory_t *memory, uint64_t address, uint64_t size) {
  return address <= memory->size && size <= memory->size - address ? memory->data + address : NULL;
}

#ifdef __cplusplus
}
#endif

#endif
