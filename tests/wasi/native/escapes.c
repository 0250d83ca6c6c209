/* Paths that try to leave the directory, in every function that takes a path.
 *
 * Whatever the answer, nothing outside changes, nothing outside is opened or
 * looked at, and both resolvers say the same.
 *
 * not on: windows (makes symbolic links) */
#include "world.h"

/* ---- The tree ------------------------------------------------------------------- */

static void rebuild_inside(void) {
  int i;
  DIR *dir = opendir(host("in"));
  struct dirent *it;
  while (dir != NULL && (it = readdir(dir)) != NULL) {
    char path[600];
    snprintf(path, sizeof path, "in/%s", it->d_name);
    if (strcmp(it->d_name, ".") != 0 && strcmp(it->d_name, "..") != 0)
      remove_tree(path);
  }
  closedir(dir);
  make_file("in/file", "inside");
  make_dir("in/dir");
  make_file("in/dir/file", "inside");
  make_dir("in/dir/sub");
  make_dir("in/empty");
  make_link("..", "in/up");
  make_link("../", "in/up_slash");
  make_link("../secret", "in/upfile");
  make_link("/etc/passwd", "in/abs");
  make_link("/", "in/absdir");
  make_link(host("outdir"), "in/absout");
  make_link("../outdir", "in/evil");
  make_link("../outdir/", "in/evil_slash");
  make_link("evil/", "in/lslash");
  make_link("evil/victim", "in/through");
  make_link("../created", "in/dangling");
  make_link("new", "in/dangling_in");
  make_link("loop", "in/loop");
  make_link("loop_b", "in/loop_a");
  make_link("loop_a", "in/loop_b");
  make_link("dir", "in/inner");
  make_link("dir/", "in/inner_slash");
  make_link("dir/../dir/./file", "in/deep");
  make_link("file", "in/tofile");
  make_link("file/", "in/tofile_slash");
  make_link("../..", "in/dir/up2");
  make_link("../file", "in/dir/back");
  make_link("../../in/file", "in/dir/out_and_in");
  make_link(".", "in/self");
  make_link("../in", "in/again");
  must(mkfifo(host("in/fifo"), 0666), "fifo");
  make_link("file", "in/chain0");
  for (i = 1; i < 42; i++) {
    char from[32], to[32];
    snprintf(from, sizeof from, "in/chain%d", i);
    snprintf(to, sizeof to, "chain%d", i - 1);
    make_link(to, from);
  }
}

/* Names, kinds and sizes of everything below, in any order. */
static uint64_t digest(const char *path) {
  DIR *dir = opendir(host("%s", path));
  struct dirent *it;
  uint64_t sum = 0;
  while (dir != NULL && (it = readdir(dir)) != NULL) {
    char inner[600];
    const char *c;
    uint64_t hash = 14695981039346656037u;
    struct stat st;
    snprintf(inner, sizeof inner, "%s/%s", path, it->d_name);
    if (strcmp(it->d_name, ".") == 0 || strcmp(it->d_name, "..") == 0 ||
        lstat(host("%s", inner), &st) != 0)
      continue;
    for (c = inner; *c != 0; c++)
      hash = (hash ^ (uint8_t)*c) * 1099511628211u;
    hash = (hash ^ st.st_mode) * 1099511628211u;
    sum += S_ISDIR(st.st_mode) ? hash + digest(inner) : hash ^ (uint64_t)st.st_size;
  }
  if (dir != NULL)
    closedir(dir);
  return sum;
}

static bool inside_is_changed = true;
static uint64_t inside_digest;

static void build_inside(void) {
  if (!inside_is_changed)
    return;
  rebuild_inside();
  inside_digest = digest("in");
  inside_is_changed = false;
}

static void build_outside(void) {
  make_dir("in");
  make_file("secret", "SECRET");
  make_dir("outdir");
  make_file("outdir/victim", "SECRET");
  make_dir("outdir/sub");
  make_file("outdir/file", "SECRET");
}

static const char *const outside[] = {".",          "secret",     "outdir", "outdir/victim",
                                      "outdir/sub", "outdir/file"};
#define OUTSIDE (sizeof outside / sizeof outside[0])
static struct stat outside_stat[OUTSIDE];

static void remember_outside(void) {
  size_t i;
  for (i = 0; i < OUTSIDE; i++)
    must(lstat(host("%s", outside[i]), &outside_stat[i]), outside[i]);
}

static bool outside_unchanged(void) {
  size_t i;
  for (i = 0; i < OUTSIDE; i++) {
    const struct stat *was = &outside_stat[i];
    struct stat is;
    if (lstat(host("%s", outside[i]), &is) != 0 || is.st_ino != was->st_ino ||
        is.st_mode != was->st_mode || is.st_size != was->st_size || is.st_nlink != was->st_nlink ||
        is.st_mtim.tv_sec != was->st_mtim.tv_sec || is.st_mtim.tv_nsec != was->st_mtim.tv_nsec)
      return false;
  }
  return true;
}

static bool is_inside(const char *path, uint64_t inode) {
  DIR *dir;
  struct dirent *it;
  struct stat st;
  bool found = false;
  if (lstat(host("%s", path), &st) != 0)
    return false;
  if (st.st_ino == inode)
    return true;
  if (!S_ISDIR(st.st_mode) || (dir = opendir(host("%s", path))) == NULL)
    return false;
  while (!found && (it = readdir(dir)) != NULL) {
    char inner[600];
    snprintf(inner, sizeof inner, "%s/%s", path, it->d_name);
    if (strcmp(it->d_name, ".") != 0 && strcmp(it->d_name, "..") != 0)
      found = is_inside(inner, inode);
  }
  closedir(dir);
  return found;
}

/* ---- The functions ----------------------------------------------------------------- */

static const char *current; /* what is being tried, for messages */
static const char *current_path;

static void leaked(const char *how) {
  printf("%s of `%s` %s\n", current, current_path, how);
  failures++;
}

/* Looks hard at what was opened, and closes it. */
static void inspect(uint32_t fd) {
  char names[4096];
  uint32_t used;
  CHECK_EQUAL(wdn_wasi_fd_filestat_get(&wasi, fd, OUT), WASI_OK);
  if (!is_inside("in", load(OUT + 8, 8)))
    leaked("opened something outside");
  if (load(OUT + 16, 1) == WASI_TYPE_DIRECTORY) {
    CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, fd, BUF, 4000, 0, OUT), WASI_OK);
    used = (uint32_t)load(OUT, 4);
    memcpy(names, at(BUF), used);
    for (; used >= 6; used--) {
      if (memcmp(names + used - 6, "victim", 6) == 0 || memcmp(names + used - 6, "secret", 6) == 0)
        leaked("listed something outside");
    }
    CHECK_EQUAL(open_at(fd, "victim", 0, 0, READ, 0), -WASI_NOENT);
    CHECK_EQUAL(open_at(fd, "..", 0, 0, READ, 0), -WASI_PERM);
  } else if (read_all(fd) > 0 && memcmp(at(BUF), "SECRET", 6) == 0) {
    leaked("read something outside");
  }
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
}

static uint32_t open_with(const char *path, uint32_t lookup, uint32_t oflags, uint64_t rights) {
  int64_t fd = open_at(3, path, lookup, oflags, rights, 0);
  uint32_t error;
  if (fd < 0)
    return (uint32_t)-fd;
  /* What is no file may be refused when it is first used. */
  error = wdn_wasi_fd_fdstat_get(&wasi, (uint32_t)fd, OUT);
  if (error != WASI_OK) {
    CHECK_EQUAL(wdn_wasi_fd_close(&wasi, (uint32_t)fd), WASI_OK);
    return error;
  }
  if ((rights & WRITE) != 0)
    (void)write_text((uint32_t)fd, "written");
  inspect((uint32_t)fd);
  return WASI_OK;
}

static uint32_t stat_with(const char *path, uint32_t lookup) {
  uint32_t error = wdn_wasi_path_filestat_get(&wasi, 3, lookup, PATH1, text(PATH1, path), OUT);
  if (error == WASI_OK && !is_inside("in", load(OUT + 8, 8)))
    leaked("looked at something outside");
  return error;
}

static uint32_t open_read(const char *path) {
  return open_with(path, 0, 0, READ);
}
static uint32_t open_read_follow(const char *path) {
  return open_with(path, FOLLOW, 0, READ);
}
static uint32_t open_write(const char *path) {
  return open_with(path, 0, 0, WRITE);
}
static uint32_t open_write_follow(const char *path) {
  return open_with(path, FOLLOW, 0, READ | WRITE);
}
static uint32_t open_create(const char *path) {
  return open_with(path, 0, WASI_O_CREAT, READ | WRITE);
}
static uint32_t open_create_follow(const char *path) {
  return open_with(path, FOLLOW, WASI_O_CREAT, READ | WRITE);
}
static uint32_t open_exclusive(const char *path) {
  return open_with(path, 0, WASI_O_CREAT | WASI_O_EXCL, READ | WRITE);
}
static uint32_t open_exclusive_follow(const char *path) {
  return open_with(path, FOLLOW, WASI_O_CREAT | WASI_O_EXCL, READ | WRITE);
}
static uint32_t open_truncate(const char *path) {
  return open_with(path, FOLLOW, WASI_O_TRUNC, READ);
}
static uint32_t open_create_truncate(const char *path) {
  return open_with(path, FOLLOW, WASI_O_CREAT | WASI_O_TRUNC, WRITE);
}
static uint32_t open_directory(const char *path) {
  return open_with(path, 0, WASI_O_DIRECTORY, READ);
}
static uint32_t open_directory_follow(const char *path) {
  return open_with(path, FOLLOW, WASI_O_DIRECTORY, READ);
}
static uint32_t stat_link(const char *path) {
  return stat_with(path, 0);
}
static uint32_t stat_follow(const char *path) {
  return stat_with(path, FOLLOW);
}
static uint32_t make(const char *path) {
  return wdn_wasi_path_create_directory(&wasi, 3, PATH1, text(PATH1, path));
}
static uint32_t remove_directory(const char *path) {
  return wdn_wasi_path_remove_directory(&wasi, 3, PATH1, text(PATH1, path));
}
static uint32_t unlink_file(const char *path) {
  return wdn_wasi_path_unlink_file(&wasi, 3, PATH1, text(PATH1, path));
}
static uint32_t rename_both(const char *from, const char *to) {
  return wdn_wasi_path_rename(&wasi, 3, PATH1, text(PATH1, from), 3, PATH2, text(PATH2, to));
}
static uint32_t rename_from(const char *path) {
  return rename_both(path, "moved");
}
static uint32_t rename_file_to(const char *path) {
  return rename_both("dir/file", path);
}
static uint32_t rename_directory_to(const char *path) {
  return rename_both("empty", path);
}
static uint32_t make_symlink(const char *path) {
  return wdn_wasi_path_symlink(&wasi, PATH2, text(PATH2, "../secret"), 3, PATH1, text(PATH1, path));
}
static uint32_t symlink_to(const char *path) {
  return wdn_wasi_path_symlink(&wasi, PATH2, text(PATH2, path), 3, PATH1, text(PATH1, "made"));
}
static uint32_t set_times_with(const char *path, uint32_t lookup) {
  return wdn_wasi_path_filestat_set_times(&wasi, 3, lookup, PATH1, text(PATH1, path), 1000, 2000,
                                          WASI_FST_ATIM | WASI_FST_MTIM);
}
static uint32_t set_times(const char *path) {
  return set_times_with(path, 0);
}
static uint32_t set_times_follow(const char *path) {
  return set_times_with(path, FOLLOW);
}
static uint32_t link_from(const char *path) {
  return wdn_wasi_path_link(&wasi, 3, 0, PATH1, text(PATH1, path), 3, PATH2, text(PATH2, "made"));
}
static uint32_t link_to(const char *path) {
  return wdn_wasi_path_link(&wasi, 3, 0, PATH2, text(PATH2, "file"), 3, PATH1, text(PATH1, path));
}
static uint32_t read_link(const char *path) {
  uint32_t error = wdn_wasi_path_readlink(&wasi, 3, PATH1, text(PATH1, path), BUF, 4000, OUT);
  if (error == WASI_OK && *at(BUF) == '/')
    leaked("told a path of the host");
  return error;
}

#define FUNCTION(name)                                                                             \
  { #name, name }
static const struct {
  const char *name;
  uint32_t (*function)(const char *path);
} functions[] = {
    FUNCTION(open_read),
    FUNCTION(open_read_follow),
    FUNCTION(open_write),
    FUNCTION(open_write_follow),
    FUNCTION(open_create),
    FUNCTION(open_create_follow),
    FUNCTION(open_exclusive),
    FUNCTION(open_exclusive_follow),
    FUNCTION(open_truncate),
    FUNCTION(open_create_truncate),
    FUNCTION(open_directory),
    FUNCTION(open_directory_follow),
    FUNCTION(stat_link),
    FUNCTION(stat_follow),
    FUNCTION(make),
    FUNCTION(remove_directory),
    FUNCTION(unlink_file),
    FUNCTION(rename_from),
    FUNCTION(rename_file_to),
    FUNCTION(rename_directory_to),
    FUNCTION(make_symlink),
    FUNCTION(symlink_to),
    FUNCTION(read_link),
    FUNCTION(set_times),
    FUNCTION(set_times_follow),
    FUNCTION(link_from),
    FUNCTION(link_to),
};
#define FUNCTIONS (sizeof functions / sizeof functions[0])

/* ---- The paths ----------------------------------------------------------------------- */

static char long_up[4096];

/* What opening for reading, following links, answers. */
static const struct {
  const char *path;
  uint32_t answer;
} paths[] = {
    {"..", WASI_PERM},
    {"../", WASI_PERM},
    {"../.", WASI_PERM},
    {"./..", WASI_PERM},
    {"../secret", WASI_PERM},
    {"../in/file", WASI_PERM},
    {"../outdir/victim", WASI_PERM},
    {"../../../../../../../../../../etc/passwd", WASI_PERM},
    {"/", WASI_PERM},
    {"/etc/passwd", WASI_PERM},
    {"//etc/passwd", WASI_PERM},
    {"/file", WASI_PERM},
    {"dir/../..", WASI_PERM},
    {"dir/../../secret", WASI_PERM},
    {"dir/./../../secret", WASI_PERM},
    {"dir//..//..//secret", WASI_PERM},
    {"dir/sub/../../../secret", WASI_PERM},
    {long_up, WASI_PERM},
    {"up", WASI_PERM},
    {"up/", WASI_PERM},
    {"up/.", WASI_PERM},
    {"up/secret", WASI_PERM},
    {"up/in/file", WASI_PERM},
    {"up_slash", WASI_PERM},
    {"up_slash/secret", WASI_PERM},
    {"upfile", WASI_PERM},
    {"upfile/", WASI_PERM},
    {"upfile/x", WASI_PERM},
    {"abs", WASI_PERM},
    {"absdir", WASI_PERM},
    {"absdir/", WASI_PERM},
    {"absdir/etc/passwd", WASI_PERM},
    {"absout/victim", WASI_PERM},
    {"absout/new", WASI_PERM},
    {"evil", WASI_PERM},
    {"evil/", WASI_PERM},
    {"evil//", WASI_PERM},
    {"evil/.", WASI_PERM},
    {"evil/..", WASI_PERM},
    {"evil/victim", WASI_PERM},
    {"evil/new", WASI_PERM},
    {"evil/sub/", WASI_PERM},
    {"evil_slash", WASI_PERM},
    {"evil_slash/victim", WASI_PERM},
    {"lslash", WASI_PERM},
    {"lslash/", WASI_PERM},
    {"lslash/victim", WASI_PERM},
    {"through", WASI_PERM},
    {"through/", WASI_PERM},
    {"dangling", WASI_PERM},
    {"dangling/", WASI_PERM},
    {"dangling_in", WASI_NOENT},
    {"dangling_in/", WASI_NOENT},
    {"again", WASI_PERM},
    {"again/file", WASI_PERM},
    {"dir/up2", WASI_PERM},
    {"dir/up2/secret", WASI_PERM},
    {"dir/out_and_in", WASI_PERM},
    {"file/..", WASI_NOTDIR},
    {"file/../../secret", WASI_NOTDIR},
    {"missing/../file", WASI_NOENT},
    {"missing/../../secret", WASI_NOENT},
    {"loop", WASI_LOOP},
    {"loop/", WASI_LOOP},
    {"loop/x", WASI_LOOP},
    {"loop_a", WASI_LOOP},
    {"chain40", WASI_LOOP},
    {"chain39", WASI_OK},
    {"chain39/", WASI_NOTDIR},
    {"file", WASI_OK},
    {"file/", WASI_NOTDIR},
    {"file/.", WASI_NOTDIR},
    {"./file", WASI_OK},
    {".//./file", WASI_OK},
    {"dir/../file", WASI_OK},
    {"dir/file", WASI_OK},
    {"dir", WASI_OK},
    {"dir/", WASI_OK},
    {"dir/.", WASI_OK},
    {"dir/..", WASI_OK},
    {"dir/../", WASI_OK},
    {"dir/sub/../..", WASI_OK},
    {".", WASI_OK},
    {"./", WASI_OK},
    {"inner/file", WASI_OK},
    {"inner", WASI_OK},
    {"inner/", WASI_OK},
    {"inner/../file", WASI_OK},
    {"inner_slash", WASI_OK},
    {"inner_slash/file", WASI_OK},
    {"inner_slash/sub/", WASI_OK},
    {"deep", WASI_OK},
    {"tofile", WASI_OK},
    {"tofile/", WASI_NOTDIR},
    {"tofile_slash", WASI_NOTDIR},
    {"dir/back", WASI_OK},
    {"self/self/self/file", WASI_OK},
    {"self/", WASI_OK},
    {"...", WASI_NOENT},
    {"dir/...", WASI_NOENT},
    {"missing", WASI_NOENT},
    {"missing/", WASI_NOENT},
    {"missing/new", WASI_NOENT},
    {"empty/new", WASI_NOENT},
    {"fifo", WASI_PERM},
    {"", WASI_NOENT},
};
#define PATHS (sizeof paths / sizeof paths[0])

static uint32_t attempt(size_t function, const char *path, bool by_kernel) {
  uint32_t error;
  wasi.kernel_resolves = by_kernel;
  current = functions[function].name;
  current_path = path;
  error = functions[function].function(path);
  inside_is_changed = error == WASI_OK;
  if (!outside_unchanged()) {
    leaked("changed something outside");
    remember_outside();
  }
  return error;
}

static void try(size_t function, size_t index) {
  const char *path = paths[index].path;
  uint32_t walked, resolved;
  build_inside();
  walked = attempt(function, path, false);
  if (functions[function].function == open_read_follow && walked != paths[index].answer) {
    printf("`%s`: %u, not %u\n", path, walked, paths[index].answer);
    failures++;
  }
  if (resolver != WDN_WASI_RESOLVE_KERNEL)
    return;
  build_inside();
  resolved = attempt(function, path, true);
  if (walked != resolved) {
    printf("%s of `%s`: the walk says %u, the kernel %u\n", functions[function].name, path, walked,
           resolved);
    failures++;
  }
}

/* Links that lead wherever the kernel likes, whatever their text says. */
static void magic_links(void) {
  static const char *const links[] = {
      "root/etc/passwd",  "root",  "cwd", "cwd/secret", "exe", "fd/0", "fd/3",
      "task/../root/etc", "ns/mnt"};
  wdn_wasi_preopen_t preopen = {"/proc/self", 0, "/", false, NULL};
  wdn_wasi_config_t config = {0};
  size_t i;
  config.preopens = &preopen;
  config.preopen_count = 1;
  config.resolver = resolver;
  if (chdir(folder) != 0 || access("/proc/self/exe", F_OK) != 0)
    return;
  start_with(&config);
  for (i = 0; i < sizeof links / sizeof links[0]; i++) {
    CHECK(open_at(3, links[i], FOLLOW, 0, READ, 0) < 0);
    CHECK(open_at(3, links[i], FOLLOW, WASI_O_DIRECTORY, READ, 0) < 0);
    CHECK(wdn_wasi_path_filestat_get(&wasi, 3, FOLLOW, PATH1, text(PATH1, links[i]), OUT) !=
          WASI_OK);
  }
  CHECK_EQUAL(wdn_wasi_path_readlink(&wasi, 3, PATH1, text(PATH1, "cwd"), BUF, 100, OUT),
              WASI_PERM);
  stop();
}

static void test(void) {
  size_t function, index;
  int before;
  umask(022);
  snprintf(long_up, sizeof long_up, "dir/");
  for (index = 0; index < 500; index++)
    strcat(long_up, "../dir/");
  strcat(long_up, "../../secret");
  build_outside();
  remember_outside();
  before = open_files();
  build_inside();
  start_in("in", false);
  for (function = 0; function < FUNCTIONS; function++) {
    for (index = 0; index < PATHS; index++)
      try(function, index);
    /* What failed has changed nothing. */
    if (!inside_is_changed && digest("in") != inside_digest) {
      printf("%s: failed, but changed something\n", functions[function].name);
      failures++;
      inside_is_changed = true;
    }
  }
  stop();
  magic_links();
  CHECK_EQUAL(open_files(), before);
}
