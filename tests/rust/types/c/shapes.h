/* Structs that are not the same on a host: pointers and `long` have 32 bits in a guest, and
 * on some hosts 64-bit numbers are aligned as 32-bit ones are. */
#ifndef SHAPES_H
#define SHAPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef CORNERS
#define CORNERS 3
#endif

#define LIMIT (-16)
#define WIDTH 0x100000000

enum color { RED, GREEN = 7, BLUE };
enum sign { MINUS = -1, PLUS = 1 };

typedef struct point {
  int16_t x, y;
} point_t;

struct hidden;
struct shape;
typedef int (*visit_t)(void *context, struct shape *shape);

struct shape {
  char kind;
  long long id;
  point_t corners[CORNERS];
  enum color color;
  enum sign sign;
  struct shape *next;
  const char **names;
  void *context;
  struct hidden *hidden;
  visit_t visit;
  void (*act)(void);
  long size;
  size_t count;
  bool flag;
  double weight;
  struct {
    uint8_t a;
    uint64_t b;
  } inner;
  float grid[2][3];
  unsigned type; /* a word of Rust's */
  signed char last;
};

/* What hosts only have pointers to. */
struct bits {
  unsigned a : 3;
  unsigned b : 5;
};
union either {
  int a;
  double b;
};
struct holder {
  union either it;
  struct bits *bits;
};
#pragma pack(push, 1)
struct packed {
  char a;
  int b;
};
#pragma pack(pop)

struct tail {
  uint32_t count;
  struct holder *holder;
  struct packed *packed;
  uint16_t items[];
};

void fill(struct shape *shape);
int check(const struct shape *shape);
size_t size(void);

#endif
