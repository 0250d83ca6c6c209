/* A first-fit allocator with coalescing, under lists that grow and shrink. */
/* n: 45 */
#include "kernel.h"

#define ARENA 524288
#define LISTS 64

/* Links have 64 bits everywhere, so that both builds do the same work. */
typedef struct block {
  union {
    struct block *next;
    u64 bits;
  };
  u64 size; /* of the whole block, in units of this header */
} block_t;

typedef struct node {
  union {
    struct node *next;
    u64 bits;
  };
  u32 size;
  u32 data[];
} node_t;

static block_t arena[ARENA / 16];
static block_t *free_list;
static node_t *lists[LISTS];

static void reset(void) {
  free_list = arena;
  free_list->size = ARENA / 16;
  free_list->next = 0;
  for (u32 i = 0; i < LISTS; i++)
    lists[i] = 0;
}

static void *allocate(u32 words) {
  u32 units = (u32)((sizeof(node_t) + 4 * words + sizeof(block_t) - 1) / sizeof(block_t)) + 1;
  for (block_t **link = &free_list; *link; link = &(*link)->next) {
    block_t *block = *link;
    if (block->size < units)
      continue;
    if (block->size == units) {
      *link = block->next;
    } else {
      block->size -= units;
      block += block->size;
      block->size = units;
    }
    return block + 1;
  }
  return 0;
}

static void release(void *p) {
  block_t *block = (block_t *)p - 1, *before = 0, *after = free_list;
  while (after && after < block)
    before = after, after = after->next;
  block->next = after;
  if (after && block + block->size == after)
    block->size += after->size, block->next = after->next;
  if (!before)
    free_list = block;
  else if (before + before->size == block)
    before->size += block->size, before->next = block->next;
  else
    before->next = block;
}

static void push(u32 list, u32 words, u32 value) {
  node_t *node = allocate(words);
  if (!node)
    return;
  node->next = lists[list];
  node->size = words;
  for (u32 i = 0; i < words; i++)
    node->data[i] = value + i;
  lists[list] = node;
}

static u64 pop(u32 list) {
  node_t *node = lists[list];
  u64 sum = 0;
  if (!node)
    return 0;
  for (u32 i = 0; i < node->size; i++)
    sum += node->data[i];
  lists[list] = node->next;
  release(node);
  return sum;
}

u64 bench_run(u32 n) {
  u64 sum = 0;
  for (u32 round = 0; round < n; round++) {
    u32 random = round + 11;
    reset();
    for (u32 i = 0; i < 20000; i++) {
      u32 r = next_random(&random);
      if (r % 100 < 52)
        push(r / 128 % LISTS, r / 8192 % 24, r);
      else
        sum = mix(sum, pop(r / 128 % LISTS));
    }
  }
  return sum;
}
