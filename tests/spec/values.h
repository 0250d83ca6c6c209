/* Values and patterns of a script: reading, comparing and printing them.
 *
 * A value is written as its type and its bits, "f32:7fc00000"; a pattern may
 * also be "f32:canonical", "f32:arithmetic", "func:null", "func:any",
 * "extern:null", "extern:any", "extern:7", "ref:null", or several with '|'
 * between them, one of which must match. */
#ifndef VALUES_H
#define VALUES_H

#include "wdn.h"
#include "wdn_gen.h" /* the bits of floats as WebAssembly has them */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Host value number n as an externref. It is never null. */
static void *extern_of(uintptr_t number) {
  return (void *)(number + 1);
}

typedef struct type_name {
  const char *name;
  wdn_valtype_t type;
} type_name_t;

static const type_name_t type_names[] = {
    {"i32", WDN_I32}, {"i64", WDN_I64},      {"f32", WDN_F32},
    {"f64", WDN_F64}, {"func", WDN_FUNCREF}, {"extern", WDN_EXTERNREF},
};
#define TYPE_NAMES (sizeof type_names / sizeof type_names[0])

/* Splits "type:rest". Returns the type, or 0 for another word. */
static wdn_valtype_t value_type(const char *text, const char **rest) {
  const char *colon = strchr(text, ':');
  size_t i;
  if (colon == NULL)
    return 0;
  *rest = colon + 1;
  for (i = 0; i < TYPE_NAMES; i++) {
    size_t size = strlen(type_names[i].name);
    if (size == (size_t)(colon - text) && memcmp(text, type_names[i].name, size) == 0)
      return type_names[i].type;
  }
  return 0;
}

static const char *type_text(wdn_valtype_t type) {
  size_t i;
  for (i = 0; i < TYPE_NAMES; i++)
    if (type_names[i].type == type)
      return type_names[i].name;
  return "?";
}

/* Reads an argument. Its type, or 0 if it is not one. */
static wdn_valtype_t read_value(const char *text, wdn_value_t *value) {
  const char *rest = text;
  wdn_valtype_t type = value_type(text, &rest);
  memset(value, 0, sizeof *value);
  switch (type) {
  /* Floats by their bits, which the members of the union share: as values they might
   * lose some. */
  case WDN_I32:
    value->i32 = (uint32_t)strtoul(rest, NULL, 16);
    break;
  case WDN_F32:
    value->i32 = wdn_f32_nan((uint32_t)strtoul(rest, NULL, 16));
    break;
  case WDN_I64:
    value->i64 = strtoull(rest, NULL, 16);
    break;
  case WDN_F64:
    value->i64 = wdn_f64_nan(strtoull(rest, NULL, 16));
    break;
  case WDN_EXTERNREF:
    if (strcmp(rest, "null") != 0)
      value->ext = extern_of(strtoul(rest, NULL, 10));
    break;
  default: /* a function reference in an argument is always null */
    break;
  }
  return type;
}

static void print_value(wdn_valtype_t type, const wdn_value_t *value) {
  printf(" %s:", type_text(type));
  if (type == WDN_I32)
    printf("%08lx", (unsigned long)value->i32);
  else if (type == WDN_F32)
    printf("%08lx", (unsigned long)wdn_f32_nan(value->i32));
  else if (type == WDN_I64)
    printf("%016llx", (unsigned long long)value->i64);
  else if (type == WDN_F64)
    printf("%016llx", (unsigned long long)wdn_f64_nan(value->i64));
  else if (type == WDN_FUNCREF)
    printf(value->func.code == NULL ? "null" : "any");
  else if (value->ext == NULL)
    printf("null");
  else
    printf("%lu", (unsigned long)((uintptr_t)value->ext - 1));
}

/* Canonical: only the top bit of the payload. Arithmetic: at least that. */
static bool matches_nan(wdn_valtype_t type, bool canonical, const wdn_value_t *value) {
  if (type == WDN_F32) {
    uint32_t bits = wdn_f32_nan(value->i32) & 0x7fffffffu;
    return canonical ? bits == 0x7fc00000u : (bits & 0x7fc00000u) == 0x7fc00000u;
  } else {
    uint64_t bits = wdn_f64_nan(value->i64) & 0x7fffffffffffffffull;
    uint64_t quiet = 0x7ff8000000000000ull;
    return canonical ? bits == quiet : (bits & quiet) == quiet;
  }
}

static bool matches_reference(wdn_valtype_t type, const char *rest, const wdn_value_t *value) {
  bool null = type == WDN_FUNCREF ? value->func.code == NULL : value->ext == NULL;
  if (strcmp(rest, "null") == 0)
    return null;
  if (strcmp(rest, "any") == 0)
    return !null;
  return type == WDN_EXTERNREF && value->ext == extern_of(strtoul(rest, NULL, 10));
}

/* Does a value of type `type` match one pattern without '|'? */
static bool matches_one(const char *pattern, wdn_valtype_t type, const wdn_value_t *value) {
  const char *rest = pattern;
  wdn_valtype_t wanted = value_type(pattern, &rest);
  wdn_value_t exact;
  if (strcmp(pattern, "ref:null") == 0)
    return (type == WDN_FUNCREF || type == WDN_EXTERNREF) && matches_reference(type, rest, value);
  if (wanted != type)
    return false;
  if (type == WDN_FUNCREF || type == WDN_EXTERNREF)
    return matches_reference(type, rest, value);
  if (strcmp(rest, "canonical") == 0 || strcmp(rest, "arithmetic") == 0)
    return matches_nan(type, *rest == 'c', value);
  read_value(pattern, &exact);
  if (type == WDN_I32 || type == WDN_F32)
    return exact.i32 == value->i32;
  return exact.i64 == value->i64;
}

/* Does it match one of the alternatives? `pattern` is changed and restored. */
static bool matches(char *pattern, wdn_valtype_t type, const wdn_value_t *value) {
  bool found = false;
  while (!found && pattern != NULL) {
    char *bar = strchr(pattern, '|');
    if (bar != NULL)
      *bar = '\0';
    found = matches_one(pattern, type, value);
    if (bar != NULL)
      *bar++ = '|';
    pattern = bar;
  }
  return found;
}

#endif
