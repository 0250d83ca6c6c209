/* Linked lists: find, reverse, remove, insert and merge sort, with nodes in an array. */
#include "kernels.h"

#define NODES 48

typedef struct item {
  int16_t value;
  uint16_t order;
} item_t;

typedef struct node {
  struct node *next;
  item_t *item;
} node_t;

typedef int32_t (*compare_t)(const item_t *a, const item_t *b);

static node_t nodes[NODES];
static item_t items[NODES];

static int32_t by_value(const item_t *a, const item_t *b) {
  return a->value - b->value;
}

static int32_t by_order(const item_t *a, const item_t *b) {
  return (int32_t)a->order - (int32_t)b->order;
}

static node_t *build(uint32_t seed) {
  node_t *head = 0;
  uint32_t i;
  for (i = 0; i < NODES; i++) {
    seed = seed * 1103515245 + 12345;
    items[i].value = (int16_t)(seed >> 16);
    items[i].order = (uint16_t)i;
    nodes[i].item = &items[i];
    nodes[i].next = head;
    head = &nodes[i];
  }
  return head;
}

static node_t *reverse(node_t *head) {
  node_t *before = 0;
  while (head) {
    node_t *next = head->next;
    head->next = before;
    before = head;
    head = next;
  }
  return before;
}

static node_t *find(node_t *head, int16_t value) {
  while (head && head->item->value != value)
    head = head->next;
  return head;
}

/* Takes the node after this one out of the list, and puts it at the front. */
static node_t *to_front(node_t *head, node_t *before) {
  node_t *moved = before->next;
  if (!moved)
    return head;
  before->next = moved->next;
  moved->next = head;
  return moved;
}

static node_t *merge(node_t *a, node_t *b, compare_t compare) {
  node_t first;
  node_t *last = &first;
  while (a && b) {
    if (compare(a->item, b->item) <= 0) {
      last->next = a;
      a = a->next;
    } else {
      last->next = b;
      b = b->next;
    }
    last = last->next;
  }
  last->next = a ? a : b;
  return first.next;
}

/* Sorts the first `count` nodes. */
static node_t *merge_sort(node_t *head, uint32_t count, compare_t compare) {
  node_t *middle = head;
  node_t *last = 0;
  uint32_t half = count / 2, i;
  if (count < 2) {
    if (head)
      head->next = 0;
    return head;
  }
  for (i = 0; i < half; i++) {
    last = middle;
    middle = middle->next;
  }
  last->next = 0;
  middle = merge_sort(middle, count - half, compare);
  return merge(merge_sort(head, half, compare), middle, compare);
}

static uint32_t sum(const node_t *head) {
  uint32_t result = 0;
  for (; head; head = head->next)
    result = (result << 5 | result >> 27) ^ (uint16_t)head->item->value;
  return result;
}

uint32_t list(uint32_t rounds) {
  node_t *head = build(rounds);
  uint32_t result = 0, i;
  for (i = 0; i < rounds; i++) {
    node_t *found = find(head, items[i % NODES].value);
    if (found)
      head = to_front(head, found);
    head = merge_sort(head, NODES, by_value);
    result += sum(head);
    head = reverse(head);
    result ^= sum(head);
    head = merge_sort(head, NODES, by_order);
    items[(i * 7) % NODES].value = (int16_t)result;
  }
  return result + sum(head);
}
