/* Shortest paths with a binary heap over a graph of adjacency lists. */
/* n: 150 */
#include "kernel.h"

#define NODES 3000
#define EDGES 18000

typedef struct edge {
  u32 to, weight, next;
} edge_t;

typedef struct entry {
  u32 distance, node;
} entry_t;

static edge_t edges[EDGES + 1];
static u32 first_edge[NODES], distances[NODES];
static entry_t heap[EDGES + 1];
static u32 heap_size;

static void make_graph(void) {
  u32 random = 20;
  for (u32 i = 0; i < NODES; i++)
    first_edge[i] = 0;
  for (u32 i = 1; i <= EDGES; i++) {
    u32 from = next_random(&random) % NODES;
    edges[i].to = next_random(&random) % NODES;
    edges[i].weight = 1 + next_random(&random) % 1000;
    edges[i].next = first_edge[from];
    first_edge[from] = i;
  }
}

static void heap_push(entry_t entry) {
  u32 at = heap_size++;
  while (at > 0 && heap[(at - 1) / 2].distance > entry.distance) {
    heap[at] = heap[(at - 1) / 2];
    at = (at - 1) / 2;
  }
  heap[at] = entry;
}

static entry_t heap_pop(void) {
  entry_t top = heap[0], last = heap[--heap_size];
  u32 at = 0;
  for (u32 child; (child = 2 * at + 1) < heap_size; at = child) {
    if (child + 1 < heap_size && heap[child + 1].distance < heap[child].distance)
      child++;
    if (heap[child].distance >= last.distance)
      break;
    heap[at] = heap[child];
  }
  heap[at] = last;
  return top;
}

static void shortest_paths(u32 start) {
  for (u32 i = 0; i < NODES; i++)
    distances[i] = ~0u;
  distances[start] = 0;
  heap_size = 0;
  heap_push((entry_t){0, start});
  while (heap_size > 0) {
    entry_t near = heap_pop();
    if (near.distance > distances[near.node])
      continue;
    for (u32 e = first_edge[near.node]; e != 0; e = edges[e].next) {
      u32 distance = near.distance + edges[e].weight;
      if (distance < distances[edges[e].to]) {
        distances[edges[e].to] = distance;
        heap_push((entry_t){distance, edges[e].to});
      }
    }
  }
}

u64 bench_run(u32 n) {
  u64 sum = 0;
  make_graph();
  for (u32 round = 0; round < n; round++) {
    shortest_paths(round * 17 % NODES);
    for (u32 i = 0; i < NODES; i += 13)
      sum = mix(sum, distances[i]);
  }
  return sum;
}
