/* Calls through a table of functions and through objects' methods. */
/* n: 220 */
#include "kernel.h"

#define COUNT 16
#define SHAPES 600

typedef u32 (*step_t)(u32 x, u32 y);

static u32 step_add(u32 x, u32 y) {
  return x + y;
}
static u32 step_sub(u32 x, u32 y) {
  return x - y;
}
static u32 step_xor(u32 x, u32 y) {
  return x ^ y;
}
static u32 step_mul(u32 x, u32 y) {
  return x * (y | 1);
}
static u32 step_rol(u32 x, u32 y) {
  return x << (y & 15) | x >> (32 - (y & 15)) % 32;
}
static u32 step_min(u32 x, u32 y) {
  return x < y ? x : y;
}
static u32 step_max(u32 x, u32 y) {
  return x > y ? x : y;
}
static u32 step_avg(u32 x, u32 y) {
  return (x & y) + ((x ^ y) >> 1);
}

static step_t volatile steps[COUNT] = {step_add, step_xor, step_mul, step_rol, step_sub, step_avg,
                                       step_max, step_mul, step_add, step_rol, step_xor, step_min,
                                       step_sub, step_mul, step_avg, step_xor};

typedef struct shape shape_t;
typedef struct methods {
  double (*area)(const shape_t *);
  void (*grow)(shape_t *, double);
} methods_t;
struct shape {
  const methods_t *methods;
  double width, height;
};

static double square_area(const shape_t *s) {
  return s->width * s->width;
}
static double box_area(const shape_t *s) {
  return s->width * s->height;
}
static double triangle_area(const shape_t *s) {
  return 0.5 * s->width * s->height;
}
static void grow_width(shape_t *s, double by) {
  s->width += by;
}
static void grow_both(shape_t *s, double by) {
  s->width += by, s->height -= by;
}

static const methods_t square = {square_area, grow_width};
static const methods_t box = {box_area, grow_both};
static const methods_t triangle = {triangle_area, grow_width};
static shape_t shapes[SHAPES];

static double measure(u32 rounds) {
  static const methods_t *const kinds[] = {&square, &box, &triangle, &box};
  double total = 0;
  for (u32 i = 0; i < SHAPES; i++) {
    shapes[i].methods = kinds[i * 7 % 4];
    shapes[i].width = 1 + i % 5, shapes[i].height = 2 + i % 3;
  }
  for (u32 round = 0; round < rounds; round++) {
    for (u32 i = 0; i < SHAPES; i++) {
      shapes[i].methods->grow(&shapes[i], 0.125);
      total += shapes[i].methods->area(&shapes[i]);
    }
  }
  return total;
}

u64 bench_run(u32 n) {
  u32 x = 1;
  u64 sum = 0;
  for (u32 round = 0; round < n; round++) {
    for (u32 i = 0; i < 80000; i++)
      x = steps[i % 13](x, i) + round;
    sum = mix_double(mix(sum, x), measure(100));
  }
  return sum;
}
