/* Runs one variant of a kernel: `PROGRAM N REPETITIONS [CPU]` prints a line
 * "CHECKSUM NANOSECONDS" for each repetition. The time is the process's CPU time,
 * which does not grow when others use the machine. */
#define _GNU_SOURCE
#include "variant.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void pin(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0)
    perror("sched_setaffinity");
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: %s N REPETITIONS [CPU]\n", argv[0]);
    return 2;
  }
  if (argc > 3)
    pin(atoi(argv[3]));
  if (!variant_open())
    return 1;
  for (int i = atoi(argv[2]); i > 0; i--) {
    uint64_t start = now();
    uint64_t sum = variant_run((uint32_t)strtoul(argv[1], 0, 10));
    printf("%016llx %llu\n", (unsigned long long)sum, (unsigned long long)(now() - start));
  }
  return 0;
}
