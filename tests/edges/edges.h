/* What the hosts of this folder share: the table that `main.rs` writes next to
 * each module, and how a failure is reported. */
#ifndef EDGES_H
#define EDGES_H

#include "wdn.h"

/* How a case makes the index of its access, and so what its arguments are. */
typedef enum edge_index {
  INDEX_CONSTANT, /* it is in the code */
  INDEX_ADD,      /* a + b */
  INDEX_PLUS,     /* a + 16 */
  INDEX_MINUS,    /* a - 16 */
  INDEX_SHIFT,    /* (a << 3) + b */
  INDEX_WRAP,     /* the low half of an i64 */
  INDEX_CALL,     /* a function of the module returns it */
  INDEX_HOST,     /* a function of the host returns it */
  INDEX_MEMORY    /* loaded from INDEX_CELL */
} edge_index_t;

/* Where a case finds an index that is in memory. */
#define INDEX_CELL 4096u

/* One function with one access; its place here is its place in the table that the
 * module exports, and one less than its index. */
typedef struct edge_case {
  const char *name;
  wdn_valtype_t type; /* of the value */
  uint8_t bytes;      /* of memory */
  bool is_store;
  bool is_signed;
  bool is_dropped; /* nobody uses what is loaded */
  edge_index_t index;
  uint32_t constant; /* INDEX_CONSTANT: the index */
  uint32_t offset;
} edge_case_t;

typedef struct edge_module {
  const wdn_module_t *module;
  const edge_case_t *cases;
  uint32_t case_count;
  uint32_t grown; /* pages to test once more with, after memory.grow */
} edge_module_t;

extern const edge_module_t edge_modules[];
extern const uint32_t edge_module_count;

/* Prints a failure, as with printf, if there were not too many. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
void fail(const char *format, ...);

/* Prints "done N" and gives main's result: N is how many checks were made. */
int finish(uint32_t checks);

#endif
