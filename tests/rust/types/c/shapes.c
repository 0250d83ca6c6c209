#include "shapes.h"

#include <string.h>

static const char *names[] = {"one", "two"};

static int visit(void *context, struct shape *shape) {
  return context != NULL && shape != NULL;
}

void fill(struct shape *shape) {
  memset(shape, 0xee, sizeof(*shape));
  shape->kind = 'k';
  shape->id = -5000000000;
  for (int i = 0; i < CORNERS; i++) {
    shape->corners[i].x = (int16_t)(-100 * i);
    shape->corners[i].y = (int16_t)(i + 1);
  }
  shape->color = BLUE;
  shape->sign = MINUS;
  shape->next = shape;
  shape->names = names;
  shape->context = &shape->weight;
  shape->hidden = NULL;
  shape->visit = visit;
  shape->act = NULL;
  shape->size = -7;
  shape->count = sizeof(*shape);
  shape->flag = true;
  shape->weight = 0.5;
  shape->inner.a = 200;
  shape->inner.b = 1ull << 63;
  for (int i = 0; i < 6; i++)
    shape->grid[i / 3][i % 3] = (float)i + 0.25f;
  shape->type = 0xfffffff0;
  shape->last = -1;
}

int check(const struct shape *shape) {
  return shape->kind == 'h' && shape->id == 1ll << 40 && shape->corners[2].y == -3 &&
         shape->color == GREEN && shape->sign == PLUS && shape->next == NULL &&
         shape->context == shape && shape->size == 8 && shape->count == 9 && !shape->flag &&
         shape->weight == -2.5 && shape->inner.b == 11 && shape->grid[1][0] == 12 &&
         shape->type == 13 && shape->last == -14;
}

size_t size(void) {
  return sizeof(struct shape);
}
