/* What a program in C does with its system: everything that a small machine has. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void list(const char *path) {
  struct dirent *entry;
  DIR *dir = opendir(path);
  if (dir == NULL) {
    printf("%s: %s\n", path, strerror(errno));
    return;
  }
  printf("%s:", path);
  while ((entry = readdir(dir)) != NULL)
    printf(" %s%s", entry->d_name, entry->d_type == DT_DIR ? "/" : "");
  printf("\n");
  closedir(dir);
}

static void read_files(void) {
  char line[100];
  struct stat status;
  int fd = open("/motd", O_WRONLY);
  FILE *file = fopen("/motd", "r");
  printf("motd: %s", file != NULL ? fgets(line, sizeof line, file) : "none\n");
  if (file != NULL)
    fclose(file);
  file = fopen("/data/table.bin", "rb");
  if (file != NULL) {
    int first = getc(file);
    fseek(file, 2, SEEK_SET);
    printf("table: %d, then %d, at %ld\n", first, getc(file), ftell(file));
    fseek(file, 0, SEEK_END);
    printf("table: %ld bytes\n", ftell(file));
    fclose(file);
  }
  if (stat("/data", &status) == 0)
    printf("data: %s\n", S_ISDIR(status.st_mode) ? "a directory" : "something else");
  printf("writing: %s\n", fd < 0 || write(fd, "x", 1) < 0 ? strerror(errno) : "possible");
  printf("none: %s\n", open("/none", O_RDONLY) < 0 ? strerror(errno) : "possible");
}

static void wait_a_little(void) {
  struct timespec before, after, pause = {0, 30000000};
  clock_gettime(CLOCK_MONOTONIC, &before);
  nanosleep(&pause, NULL);
  clock_gettime(CLOCK_MONOTONIC, &after);
  printf("slept: %s\n",
         (after.tv_sec - before.tv_sec) * 1000000000LL + after.tv_nsec - before.tv_nsec >= 30000000
             ? "long enough"
             : "too short");
  printf("year: %s\n", time(NULL) > 1700000000 ? "fine" : "long ago");
}

int main(int argc, char **argv) {
  char line[100];
  unsigned char random[2][16];
  int i;
  for (i = 0; i < argc; i++)
    printf("argument %d: %s\n", i, argv[i]);
  printf("BOARD is %s\n", getenv("BOARD"));
  printf("input: %s", fgets(line, sizeof line, stdin));
  read_files();
  list("/");
  list("/data");
  list("/motd");
  wait_a_little();
  getentropy(random[0], 16);
  getentropy(random[1], 16);
  printf("chance: %s\n", memcmp(random[0], random[1], 16) != 0 ? "fine" : "always the same");
  printf("pi is about %.3f, 2^62 is %lld\n", 22.0 / 7, 1LL << 62);
  return 7;
}
