/* Prints, reads, writes files, asks for the environment, and ends. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((import_module("wasi_snapshot_preview1"), import_name("not_there"))) int
not_there(void);
__attribute__((import_module("host"), import_name("level"))) int level(void);

void greet(void) {
  const char *name = getenv("NAME");
  printf("hello, %s, on level %d\n", name == NULL ? "nobody" : name, level());
  fprintf(stderr, "greeted\n");
  fflush(stdout);
}

/* Of the numbers in standard input. */
int total(void) {
  int sum = 0, number;
  while (scanf("%d", &number) == 1)
    sum += number;
  return sum;
}

/* 0, or an error's number. */
int store(const char *path, const char *text) {
  FILE *file;
  errno = 0;
  file = fopen(path, "w");
  if (file == NULL)
    return errno;
  if (fputs(text, file) < 0 || fclose(file) != 0)
    return errno;
  return 0;
}

void leave(int code) {
  exit(code);
}

int unknown(void) {
  return not_there();
}
