/* The C library's files and directories, below the working directory. What is
 * printed must not depend on the system: errors by name, entries in order.
 *
 * not on: windows (makes symbolic links) */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *error_name(int result) {
  if (result >= 0)
    return "ok";
  switch (errno) {
  case EACCES:
    return "EACCES";
  case EBADF:
    return "EBADF";
  case EEXIST:
    return "EEXIST";
  case EINVAL:
    return "EINVAL";
  case EISDIR:
    return "EISDIR";
  case ELOOP:
    return "ELOOP";
  case ENOENT:
    return "ENOENT";
  case ENOTDIR:
    return "ENOTDIR";
  case ENOTEMPTY:
    return "ENOTEMPTY";
  case EPERM:
    return "EPERM";
  case ESPIPE:
    return "ESPIPE";
  default:
    return "another error";
  }
}

static void say(const char *what, int result) {
  printf("%s: %s\n", what, error_name(result));
}

static void show(const char *path) {
  char line[100];
  FILE *file = fopen(path, "r");
  printf("%s:", path);
  if (file == NULL) {
    printf(" %s\n", error_name(-1));
    return;
  }
  while (fgets(line, sizeof line, file) != NULL)
    printf(" %s", line);
  fclose(file);
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *path) {
  char *names[300];
  int count = 0, i;
  struct dirent *it;
  DIR *dir = opendir(path);
  if (dir == NULL) {
    say(path, -1);
    return;
  }
  while ((it = readdir(dir)) != NULL && count < 300) {
    names[count] = malloc(strlen(it->d_name) + 3);
    sprintf(names[count++], "%s %c", it->d_name,
            it->d_type == DT_DIR   ? 'd'
            : it->d_type == DT_REG ? 'f'
            : it->d_type == DT_LNK ? 'l'
                                   : '?');
  }
  closedir(dir);
  qsort(names, (size_t)count, sizeof names[0], by_name);
  printf("%s has %d:", path, count);
  for (i = 0; i < count; i++) {
    printf(" [%s]", names[i]);
    free(names[i]);
  }
  putchar('\n');
}

static void streams(void) {
  char buffer[100];
  FILE *file = fopen("log", "w+");
  int i;
  for (i = 0; i < 5; i++)
    fprintf(file, "line %d %5.2f\n", i, i / 3.0);
  rewind(file);
  printf("read %s", fgets(buffer, sizeof buffer, file));
  printf("at %ld\n", ftell(file));
  fseek(file, -6, SEEK_END);
  printf("end %s", fgets(buffer, sizeof buffer, file));
  printf("eof %d\n", fgets(buffer, sizeof buffer, file) == NULL && feof(file));
  fclose(file);
  file = fopen("log", "a");
  fputs("appended\n", file);
  fclose(file);
  show("log");
  file = fopen("log", "r+");
  fputs("LINE", file);
  fclose(file);
  show("log");
  say("fopen missing", fopen("missing", "r") == NULL ? -1 : 0);
  say("fopen in missing", fopen("missing/x", "w") == NULL ? -1 : 0);
}

static void descriptors(void) {
  char a[4] = "", b[8] = "";
  struct iovec out[2] = {{"gather", 6}, {"ed", 2}}, in[2] = {{a, 3}, {b, 7}};
  struct stat st;
  int fd = open("raw", O_RDWR | O_CREAT | O_EXCL, 0644);
  say("open", fd);
  say("open again", open("raw", O_RDWR | O_CREAT | O_EXCL, 0644));
  printf("writev %d\n", (int)writev(fd, out, 2));
  printf("lseek %d\n", (int)lseek(fd, 0, SEEK_SET));
  printf("readv %d [%s] [%s]\n", (int)readv(fd, in, 2), a, b);
  printf("pwrite %d\n", (int)pwrite(fd, "xyz", 3, 10));
  printf("pread %d\n", (int)pread(fd, b, 3, 10));
  say("ftruncate", ftruncate(fd, 11));
  say("fsync", fsync(fd));
  say("fstat", fstat(fd, &st));
  printf("size %d, %s\n", (int)st.st_size, S_ISREG(st.st_mode) ? "regular" : "something else");
  printf("flags %d\n", (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR);
  say("append", fcntl(fd, F_SETFL, O_APPEND));
  say("seek before the start", (int)lseek(fd, -1, SEEK_SET));
  say("close", close(fd));
  say("close again", close(fd));
  say("open a directory to write", open(".", O_WRONLY));
  say("open a file as a directory", open("raw", O_RDONLY | O_DIRECTORY));
}

static void names(void) {
  char target[100] = "";
  struct stat st;
  say("mkdir", mkdir("dir", 0777));
  say("mkdir again", mkdir("dir", 0777));
  say("mkdir in nothing", mkdir("no/dir", 0777));
  say("mkdir slash", mkdir("dir/sub/", 0777));
  say("rename", rename("log", "dir/log"));
  say("rename a directory", rename("dir/sub", "moved"));
  say("rename onto a full one", rename("moved", "dir"));
  say("rename nothing", rename("nothing", "x"));
  say("symlink", symlink("dir/log", "link"));
  say("symlink again", symlink("dir/log", "link"));
  printf("readlink %d", (int)readlink("link", target, sizeof target - 1));
  printf(" %s\n", target);
  say("symlink to itself", symlink("loop", "loop"));
  say("open a loop", open("loop", O_RDONLY));
  say("open a link itself", open("link", O_RDONLY | O_NOFOLLOW));
  show("link");
  say("lstat", lstat("link", &st));
  printf("%s\n", S_ISLNK(st.st_mode) ? "a link" : "no link");
  say("stat", stat("link", &st));
  printf("%s\n", S_ISREG(st.st_mode) ? "a file" : "no file");
  say("stat slash", stat("raw/", &st));
  list(".");
  list("dir");
  list("raw");
  say("rmdir full", rmdir("dir"));
  say("rmdir file", rmdir("raw"));
  say("unlink link", unlink("link"));
  say("unlink loop", unlink("loop"));
  say("unlink missing", unlink("missing"));
  say("rmdir", rmdir("moved"));
  say("access", access("raw", R_OK));
  say("access missing", access("missing", F_OK));
}

static void many(void) {
  char name[32];
  int i;
  mkdir("many", 0777);
  for (i = 0; i < 250; i++) {
    FILE *file;
    sprintf(name, "many/a-rather-long-name-%d", i);
    file = fopen(name, "w");
    fprintf(file, "%d", i);
    fclose(file);
  }
  list("many");
  for (i = 0; i < 250; i += 2) {
    sprintf(name, "many/a-rather-long-name-%d", i);
    remove(name);
  }
  list("many");
}

int main(void) {
  streams();
  descriptors();
  names();
  many();
  return 0;
}
