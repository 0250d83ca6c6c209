/* Random paths through random trees with random links: the kernel's lookups and the walk
 * say the same and find the same files, whether they look or make something, and what they
 * find is what the host finds there.
 *
 * not on: windows (makes symbolic links) */
#include "world.h"

#if defined(__s390x__) || defined(__i386__)
#define TREES 10u
#else
#define TREES 40u
#endif
#define PATHS 400u

static uint64_t random_state = 88172645463325252u;

static uint32_t below(uint32_t limit) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (uint32_t)(random_state >> 32) % limit;
}

/* Few names, so that paths lead somewhere. */
static const char *random_path(uint32_t longest) {
  static const char *const names[] = {"a", "b", "c", "d", "l", "m", "n", "..", "..", ".", "x"};
  static char path[200];
  uint32_t i, count = 1 + below(longest);
  path[0] = 0;
  for (i = 0; i < count; i++) {
    strcat(path, names[below(sizeof names / sizeof names[0])]);
    if (i + 1 < count || below(5) == 0)
      strcat(path, below(6) == 0 ? "//" : "/");
  }
  return path;
}

static void grow(const char *dir, uint32_t depth) {
  static const char *const names[] = {"a", "b", "c", "d", "l", "m", "n"};
  size_t i;
  make_dir(dir);
  for (i = 0; i < 7; i++) {
    char inner[200];
    snprintf(inner, sizeof inner, "%s/%s", dir, names[i]);
    if (below(5) == 0)
      continue;
    if (i >= 4)
      make_link(random_path(4), inner);
    else if (depth > 0 && i < 3)
      grow(inner, depth - 1);
    else
      make_file(inner, names[i]);
  }
}

/* What a call says, and what it finds. */
typedef struct answer {
  uint32_t error;
  uint64_t found;
} answer_t;

static answer_t ask(wdn_wasi_t *by, uint32_t what, const char *path) {
  uint32_t size = text(PATH1, path), fd;
  answer_t answer = {0, 0};
  store(OUT, 8, 0);
  switch (what) {
  case 0:
  case 1:
    answer.error = wdn_wasi_path_filestat_get(by, 3, what, PATH1, size, OUT);
    answer.found = answer.error == WASI_OK ? load(OUT + 8, 8) : 0;
    break;
  case 2:
    answer.error = wdn_wasi_path_readlink(by, 3, PATH1, size, BUF, 8, OUT);
    answer.found = answer.error == WASI_OK ? load(BUF, 2) : 0;
    break;
  default:
    answer.error = wdn_wasi_path_open(by, 3, what & 1, PATH1, size, what & 2, READ, 0, 0, OUT);
    if (answer.error != WASI_OK)
      break;
    fd = (uint32_t)load(OUT, 4);
    CHECK_EQUAL(wdn_wasi_fd_filestat_get(by, fd, OUT), WASI_OK);
    answer.found = load(OUT + 8, 8);
    CHECK_EQUAL(wdn_wasi_fd_close(by, fd), WASI_OK);
    break;
  }
  return answer;
}

/* Makes it, and takes it away again as the host does. */
static answer_t make(wdn_wasi_t *by, uint32_t what, const char *path) {
  uint32_t size = text(PATH1, path), fd;
  answer_t answer = {0, 0};
  if (what == 0) {
    answer.error = wdn_wasi_path_create_directory(by, 3, PATH1, size);
    if (answer.error == WASI_OK)
      answer.found = wdn_wasi_path_remove_directory(by, 3, PATH1, size) + 1;
    return answer;
  }
  if (what == 1) {
    answer.error = wdn_wasi_path_symlink(by, PATH1, size, 3, PATH1, size);
    if (answer.error == WASI_OK)
      answer.found = wdn_wasi_path_unlink_file(by, 3, PATH1, size) + 1;
    return answer;
  }
  /* With EXCL: what is removed has not been there. */
  answer.error = wdn_wasi_path_open(by, 3, what & 1, PATH1, size, WASI_O_CREAT | WASI_O_EXCL,
                                    READ | WRITE, 0, 0, OUT);
  if (answer.error != WASI_OK)
    return answer;
  fd = (uint32_t)load(OUT, 4);
  CHECK_EQUAL(wdn_wasi_fd_close(by, fd), WASI_OK);
  answer.found = wdn_wasi_path_unlink_file(by, 3, PATH1, size) + 1;
  return answer;
}

/* What the host finds: the same, unless the path leads out. */
static void compare_with_host(answer_t answer, uint32_t what, const char *path) {
  static const uint32_t errors[][2] = {
      {ENOENT, WASI_NOENT}, {ENOTDIR, WASI_NOTDIR}, {ELOOP, WASI_LOOP}};
  struct stat st;
  uint32_t error = WASI_OK, i;
  const char *full = host("in/%s", path);
  if (answer.error == WASI_PERM)
    return;
  if ((what == 0 ? lstat(full, &st) : stat(full, &st)) != 0) {
    error = WASI_IO;
    for (i = 0; i < 3; i++)
      error = errno == (int)errors[i][0] ? errors[i][1] : error;
  }
  if (answer.error == error && (error != WASI_OK || answer.found == (uint64_t)st.st_ino))
    return;
  if (failures++ < 20)
    printf("%u `%s`: error %u; by the host %u\n", what, path, answer.error, error);
}

static void compare(answer_t a, answer_t b, uint32_t what, const char *path) {
  if (a.error == b.error && a.found == b.found)
    return;
  if (failures++ < 20)
    printf("%u `%s`: error %u, %" PRIu64 "; by the walk %u, %" PRIu64 "\n", what, path, a.error,
           a.found, b.error, b.found);
}

static void test(void) {
  wdn_wasi_t walking;
  uint32_t tree, i, what, found = 0;
  const wdn_wasi_resolver_t first = resolver;
  for (tree = 0; tree < TREES && failures == 0; tree++) {
    grow("in", 2);
    resolver = WDN_WASI_RESOLVE_WALK;
    start_in("in", false);
    walking = wasi;
    resolver = first;
    start_in("in", false);
    for (i = 0; i < PATHS; i++) {
      char path[200];
      snprintf(path, sizeof path, "%s", random_path(8));
      for (what = 0; what < 7; what++) {
        answer_t answer = ask(&wasi, what, path);
        compare(answer, ask(&walking, what, path), what, path);
        found += answer.error == WASI_OK;
        if (what < 2)
          compare_with_host(answer, what, path);
      }
      for (what = 0; what < 4; what++)
        compare(make(&wasi, what, path), make(&walking, what, path), 10 + what, path);
    }
    stop();
    wdn_wasi_destroy(&walking);
    remove_tree("in");
  }
  CHECK(found > TREES * PATHS / 4); /* or nothing was shown */
}
