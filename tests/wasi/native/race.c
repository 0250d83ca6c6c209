/* Another process that moves directories and swaps them for links while the
 * guest looks names up: no moment may be the right one.
 *
 * not on: windows (makes symbolic links) */
#include "world.h"

#include <pthread.h>

/* Emulators take longer. */
#if defined(__s390x__) || defined(__i386__)
#define OPENS 30000u
#else
#define OPENS 200000u
#endif

static volatile bool finished;

/* Waits a little, so that every state lasts long enough to be met. */
static void pause_for(unsigned turns) {
  volatile unsigned i;
  for (i = 0; i < turns; i++)
    ;
}

/* What both are called in turn, by three renames. */
static void swap(const char *a, const char *b, unsigned turns) {
  rename(a, host("in/aside"));
  rename(b, a);
  pause_for(turns);
  rename(a, b);
  rename(host("in/aside"), a);
}

static void *disturb(void *arg) {
  unsigned turn = 0;
  char names[8][600];
  (void)arg;
  snprintf(names[0], sizeof names[0], "%s", host("in/swap"));
  snprintf(names[1], sizeof names[1], "%s", host("in/evil"));
  snprintf(names[2], sizeof names[2], "%s", host("in/file"));
  snprintf(names[3], sizeof names[3], "%s", host("in/evilfile"));
  snprintf(names[4], sizeof names[4], "%s", host("in/d/sub"));
  snprintf(names[5], sizeof names[5], "%s", host("in/sub"));
  snprintf(names[6], sizeof names[6], "%s", host("in/d/e"));
  snprintf(names[7], sizeof names[7], "%s", host("in/evildir"));
  while (!finished) {
    unsigned turns = turn++ * 7 % 1000;
    swap(names[0], names[1], turns);
    swap(names[2], names[3], turns);
    swap(names[6], names[7], turns);
    rename(names[4], names[5]);
    pause_for(turns);
    rename(names[5], names[4]);
  }
  return NULL;
}

static const char *const paths[] = {
    "swap/leaf",
    "swap/../file",
    "swap/./leaf",
    "file",
    "swap/sub/../leaf",
    "d/sub/../../secret",
    "d/sub/../../../secret",
    "d/sub/../e/leaf",
    "d/e/leaf",
    "d/e/../../file",
    "tofile",
    "d/../swap/leaf",
    "swap/sub/../../secret",
};
#define PATHS (sizeof paths / sizeof paths[0])

static unsigned opened, refused;

static void open_once(unsigned i) {
  const char *path = paths[i % PATHS];
  uint32_t lookup = i / PATHS % 2 == 0 ? FOLLOW : 0;
  int64_t fd = open_at(3, path, lookup, 0, READ, 0);
  if (fd < 0) {
    refused += fd == -WASI_PERM || fd == -WASI_LOOP;
    return;
  }
  opened++;
  if (read_all((uint32_t)fd) > 0 && memcmp(at(BUF), "SECRET", 6) == 0) {
    printf("`%s` was read\n", path);
    failures++;
  }
  wdn_wasi_fd_close(&wasi, (uint32_t)fd);
}

/* Everything that changes something, by way of names that are swapped. */
static void change_once(unsigned i) {
  uint32_t size = text(PATH1, "swap/made");
  int64_t fd;
  switch (i % 7) {
  case 0:
    fd = open_at(3, "swap/new", FOLLOW, WASI_O_CREAT, WRITE, 0);
    if (fd >= 0)
      wdn_wasi_fd_close(&wasi, (uint32_t)fd);
    break;
  case 1:
    fd = open_at(3, i % 2 == 0 ? "file" : "swap/leaf", FOLLOW, WASI_O_CREAT, WRITE, 0);
    if (fd >= 0) {
      write_text((uint32_t)fd, "inside");
      wdn_wasi_fd_close(&wasi, (uint32_t)fd);
    }
    break;
  case 2:
    wdn_wasi_path_create_directory(&wasi, 3, PATH1, size);
    break;
  case 3:
    wdn_wasi_path_remove_directory(&wasi, 3, PATH1, size);
    break;
  case 4:
    wdn_wasi_path_unlink_file(&wasi, 3, PATH1, text(PATH1, "swap/new"));
    break;
  case 5:
    wdn_wasi_path_rename(&wasi, 3, PATH1, text(PATH1, "spare"), 3, PATH2,
                         text(PATH2, "swap/spare"));
    break;
  default:
    wdn_wasi_path_rename(&wasi, 3, PATH1, text(PATH1, "swap/spare"), 3, PATH2,
                         text(PATH2, "spare"));
    break;
  }
}

static void look_once(unsigned i, uint64_t secret, uint64_t leaf) {
  uint32_t size = text(PATH1, i % 2 == 0 ? "swap/leaf" : "file");
  if (wdn_wasi_path_filestat_get(&wasi, 3, FOLLOW, PATH1, size, OUT) != WASI_OK)
    return;
  if (load(OUT + 8, 8) == secret || load(OUT + 8, 8) == leaf) {
    printf("something outside was looked at\n");
    failures++;
  }
}

static uint64_t inode_of(const char *path) {
  struct stat st;
  must(lstat(host("%s", path), &st), path);
  return st.st_ino;
}

static unsigned entries(const char *path) {
  DIR *dir = opendir(host("%s", path));
  unsigned count = 0;
  while (dir != NULL && readdir(dir) != NULL)
    count++;
  if (dir != NULL)
    closedir(dir);
  return count;
}

static void test(void) {
  pthread_t thread;
  unsigned i;
  uint64_t secret, leaf;
  int before;
  make_file("secret", "SECRET");
  make_dir("outdir");
  make_dir("outdir/sub");
  make_file("outdir/leaf", "SECRET");
  make_dir("in");
  make_file("in/file", "inside");
  make_file("in/spare", "inside");
  make_dir("in/swap");
  make_dir("in/swap/sub");
  make_file("in/swap/leaf", "inside");
  make_dir("in/d");
  make_dir("in/d/sub");
  make_dir("in/d/e");
  make_file("in/d/e/leaf", "inside");
  make_link("../outdir", "in/evil");
  make_link("../secret", "in/evilfile");
  make_link("../outdir", "in/evildir");
  make_link("file", "in/tofile");
  secret = inode_of("secret");
  leaf = inode_of("outdir/leaf");
  before = open_files();
  start_in("in", false);
  must(-pthread_create(&thread, NULL, disturb, NULL), "pthread_create");
  for (i = 0; i < OPENS; i++) {
    open_once(i);
    if (i % 4 == 0)
      change_once(i / 4);
    if (i % 4 == 1)
      look_once(i / 4, secret, leaf);
  }
  finished = true;
  pthread_join(thread, NULL);
  stop();
  CHECK(opened > OPENS / 100); /* or nothing was shown at all */
  CHECK(refused > OPENS / 1000);
  CHECK(strcmp(content_of("secret"), "SECRET") == 0);
  CHECK(strcmp(content_of("outdir/leaf"), "SECRET") == 0);
  CHECK_EQUAL(entries("outdir"), 4);
  CHECK_EQUAL(entries("outdir/sub"), 2);
  CHECK_EQUAL(entries("."), 5);
  CHECK_EQUAL(open_files(), before);
}
