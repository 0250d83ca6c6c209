/* Binary trees: build, walk and free recursively; then a search tree. */
/* n: 120 */
#include "kernel.h"

#define NODES 40000

typedef struct node {
  struct node *left, *right;
  u32 key;
} node_t;

static node_t pool[NODES];
static node_t *free_nodes;

static node_t *take(u32 key) {
  node_t *node = free_nodes;
  free_nodes = node->left;
  node->left = node->right = 0;
  node->key = key;
  return node;
}

static void give_back(node_t *node) {
  if (!node)
    return;
  give_back(node->left);
  give_back(node->right);
  node->left = free_nodes;
  free_nodes = node;
}

static node_t *build(u32 depth, u32 key) {
  node_t *node = take(key);
  if (depth > 0) {
    node->left = build(depth - 1, 2 * key);
    node->right = build(depth - 1, 2 * key + 1);
  }
  return node;
}

static u32 weigh(const node_t *node) {
  return node ? node->key + weigh(node->left) - 3 * weigh(node->right) : 1;
}

static void insert(node_t **root, u32 key) {
  while (*root) {
    if ((*root)->key == key)
      return;
    root = key < (*root)->key ? &(*root)->left : &(*root)->right;
  }
  *root = take(key);
}

static u32 depth_of(const node_t *node, u32 key) {
  u32 depth = 0;
  for (; node && node->key != key; depth++)
    node = key < node->key ? node->left : node->right;
  return depth;
}

u64 bench_run(u32 n) {
  u64 sum = 0;
  u32 random = 12;
  free_nodes = 0;
  for (u32 i = NODES; i-- > 0;)
    pool[i].left = free_nodes, free_nodes = &pool[i];
  for (u32 round = 0; round < n; round++) {
    node_t *tree = build(13, 1), *search = 0;
    sum = mix(sum, weigh(tree));
    give_back(tree);
    for (u32 i = 0; i < 4000; i++)
      insert(&search, next_random(&random) % 65536);
    for (u32 i = 0; i < 4000; i++)
      sum += depth_of(search, next_random(&random) % 65536);
    give_back(search);
  }
  return sum;
}
