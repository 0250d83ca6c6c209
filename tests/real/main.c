/* SQLite as a program: runs the load and prints what came out. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

uint64_t bench_run(uint32_t n);

int main(int argc, char **argv) {
  uint32_t rows = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 100;
  printf("%" PRIu32 " rows: %016" PRIx64 "\n", rows, bench_run(rows));
  return 0;
}
