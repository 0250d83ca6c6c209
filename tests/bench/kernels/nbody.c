/* Bodies that attract each other: square roots and fields of structs. */
/* n: 150 */
#include "kernel.h"

#define BODIES 24

typedef struct body {
  double x[3], v[3], mass;
} body_t;

static body_t bodies[BODIES];

static void advance(double dt) {
  for (int i = 0; i < BODIES; i++) {
    body_t *a = &bodies[i];
    for (int j = i + 1; j < BODIES; j++) {
      body_t *b = &bodies[j];
      double d[3], square = 0.01;
      for (int k = 0; k < 3; k++) {
        d[k] = a->x[k] - b->x[k];
        square += d[k] * d[k];
      }
      double pull = dt / (square * __builtin_sqrt(square));
      for (int k = 0; k < 3; k++) {
        a->v[k] -= d[k] * b->mass * pull;
        b->v[k] += d[k] * a->mass * pull;
      }
    }
  }
  for (int i = 0; i < BODIES; i++)
    for (int k = 0; k < 3; k++)
      bodies[i].x[k] += dt * bodies[i].v[k];
}

u64 bench_run(u32 n) {
  u32 random = 14;
  u64 sum = 0;
  for (int i = 0; i < BODIES; i++) {
    for (int k = 0; k < 3; k++) {
      bodies[i].x[k] = 4 * next_double(&random) - 2;
      bodies[i].v[k] = next_double(&random) - 0.5;
    }
    bodies[i].mass = 0.1 + next_double(&random);
  }
  for (u32 round = 0; round < n * 400; round++)
    advance(0.001);
  for (int i = 0; i < BODIES; i++)
    for (int k = 0; k < 3; k++)
      sum = mix_double(sum, bodies[i].x[k]);
  return sum;
}
