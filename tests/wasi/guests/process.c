/* Arguments, environment, clocks, sleep, random numbers, standard streams and
 * the exit code. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static double now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void times(void) {
  struct timespec nap = {0, 30000000};
  double start = now(CLOCK_MONOTONIC), wall = now(CLOCK_REALTIME);
  double slept;
  printf("nanosleep %d\n", nanosleep(&nap, NULL));
  slept = now(CLOCK_MONOTONIC) - start;
  printf("slept %d\n", slept >= 0.030 && slept < 5);
  printf("usleep %d\n", usleep(2000));
  printf("wall %d\n", wall > 1.6e9 && now(CLOCK_REALTIME) - wall >= 0.029);
  printf("time %d\n", (double)time(NULL) - wall < 10);
}

static void randomness(void) {
  unsigned char a[200] = {0}, b[200] = {0};
  printf("getentropy %d %d\n", getentropy(a, sizeof a), getentropy(b, sizeof b));
  printf("differ %d\n", memcmp(a, b, sizeof a) != 0);
}

static void at_exit(void) {
  puts("at exit");
}

int main(int argc, char **argv) {
  int i;
  char line[64];
  for (i = 1; i < argc; i++)
    printf("argument %d: [%s]\n", i, argv[i]);
  printf("GREETING=%s\n", getenv("GREETING"));
  printf("HOME is %s\n", getenv("HOME") == NULL ? "not set" : "set");
  times();
  randomness();
  while (fgets(line, sizeof line, stdin) != NULL)
    printf("input: %s", line);
  fprintf(stderr, "this is an error\n");
  printf("tty %d\n", isatty(1));
  printf("seek %d\n", fseek(stdout, 0, SEEK_CUR) == 0 || errno == ESPIPE);
  atexit(at_exit);
  exit(37);
}
