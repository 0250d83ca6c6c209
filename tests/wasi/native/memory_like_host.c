/* The file system in memory does what the host's does: random operations on both,
 * side by side, through the same functions, have the same outcome. Descriptor 3 is a
 * directory of the host, 4 the root of one in memory; file k of one is that of the
 * other.
 *
 * not on: windows (makes symbolic links) */
#include "world.h"

#include "wdn_wasi_memfs.h"

#define OPERATIONS 20000
#define FILES 6

static uint64_t seed = 0x9e3779b97f4a7c15u * 37 + 3; /* meets removed directories */

static uint32_t below(uint32_t n) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (uint32_t)(seed >> 33) % n;
}

/* Descriptors of the same file, one of each kind; 0 if it is not open. */
static uint32_t open_fds[2][FILES];

static const char *random_path(void) {
  static const char *const parts[] = {"a", "b", "c", "d", ".", "..", "a", "b", "link"};
  static char paths[2][64];
  static unsigned next;
  char *path = paths[next++ % 2];
  uint32_t i, count = 1 + below(3);
  path[0] = 0;
  for (i = 0; i < count; i++) {
    if (i > 0)
      strcat(path, below(20) == 0 ? "//" : "/");
    strcat(path, parts[below(i == 0 && count == 1 ? 4 : 9)]);
  }
  if (below(12) == 0)
    strcat(path, "/");
  return path;
}

/* What happened on one side: an error, and everything that the guest can see. */
typedef struct outcome {
  uint32_t error;
  uint64_t numbers[6];
  char text[300];
} outcome_t;

typedef struct operation {
  uint32_t what, file, other, size, offset, oflags, lookup, fdflags, whence;
  uint64_t rights;
  const char *path, *path2;
} operation_t;

static void do_open(uint32_t side, const operation_t *it, outcome_t *out) {
  uint32_t slot = it->file;
  int64_t fd;
  if (open_fds[side][slot] != 0)
    wdn_wasi_fd_close(&wasi, open_fds[side][slot]);
  open_fds[side][slot] = 0;
  fd = open_at(3 + side, it->path, it->lookup, it->oflags, it->rights, it->fdflags);
  if (fd < 0)
    out->error = (uint32_t)-fd;
  else
    open_fds[side][slot] = (uint32_t)fd;
}

static void see_stat(outcome_t *out) {
  out->numbers[0] = load(OUT + 16, 1);
  if (out->numbers[0] == WASI_TYPE_DIRECTORY)
    return;
  out->numbers[1] = load(OUT + 24, 8);
  out->numbers[2] = load(OUT + 32, 8);
}

/* Names, in order. */
static void see_listing(outcome_t *out) {
  char names[8][8];
  uint32_t at_ = BUF, end = BUF + (uint32_t)load(OUT, 4), count = 0, i;
  while (at_ < end && count < 8) {
    uint32_t size = (uint32_t)load(at_ + 16, 4);
    snprintf(names[count], sizeof names[0], "%.*s:%d", (int)size, (const char *)at(at_ + 24),
             (int)load(at_ + 20, 1));
    for (i = count; i > 0 && strcmp(names[i], names[i - 1]) < 0; i--) {
      char other[8];
      memcpy(other, names[i], 8);
      memcpy(names[i], names[i - 1], 8);
      memcpy(names[i - 1], other, 8);
    }
    count++;
    at_ += 24 + size;
  }
  for (i = 0; i < count; i++) {
    strcat(out->text, names[i]);
    strcat(out->text, " ");
  }
}

static void do_file(uint32_t side, const operation_t *it, outcome_t *out) {
  uint32_t fd = open_fds[side][it->file];
  uint32_t i;
  store(OUT, 8, 0);
  for (i = 0; i < it->size; i++)
    *at(BUF + i) = (uint8_t)(it->offset + i);
  iov(0, BUF, it->size / 2);
  iov(1, BUF + it->size / 2, it->size - it->size / 2);
  switch (it->what) {
  case 10:
    out->error = wdn_wasi_fd_write(&wasi, fd, IOVS, 2, OUT);
    break;
  case 11:
    out->error = wdn_wasi_fd_pwrite(&wasi, fd, IOVS, 2, it->offset, OUT);
    break;
  case 12:
    out->error = wdn_wasi_fd_read(&wasi, fd, IOVS, 2, OUT);
    memcpy(out->text, at(BUF), load(OUT, 4));
    break;
  case 13:
    out->error = wdn_wasi_fd_pread(&wasi, fd, IOVS, 2, it->offset, OUT);
    memcpy(out->text, at(BUF), load(OUT, 4));
    break;
  case 14:
    out->error = wdn_wasi_fd_seek(&wasi, fd, (uint64_t)((int64_t)it->offset - 90), it->whence, OUT);
    break;
  case 15:
    out->error = wdn_wasi_fd_filestat_set_size(&wasi, fd, it->offset);
    break;
  case 16:
    out->error = wdn_wasi_fd_fdstat_set_flags(&wasi, fd, it->fdflags);
    break;
  case 17:
    out->error = wdn_wasi_fd_filestat_set_times(&wasi, fd, 0, (uint64_t)it->offset * 1000000000,
                                                WASI_FST_MTIM);
    break;
  case 18:
    out->error = wdn_wasi_fd_filestat_get(&wasi, fd, OUT);
    if (out->error == WASI_OK)
      see_stat(out);
    return;
  default:
    out->error = wdn_wasi_fd_readdir(&wasi, fd, BUF, 4000, 0, OUT);
    if (out->error == WASI_OK)
      see_listing(out);
    return;
  }
  if (out->error == WASI_OK)
    out->numbers[0] = load(OUT, 8);
}

static void do_path(uint32_t side, const operation_t *it, outcome_t *out) {
  uint32_t dir = 3 + side, size = text(PATH1, it->path), size2 = text(PATH2, it->path2);
  switch (it->what) {
  case 0:
  case 1:
  case 2:
    do_open(side, it, out);
    break;
  case 3:
    out->error = wdn_wasi_path_create_directory(&wasi, dir, PATH1, size);
    break;
  case 4:
    out->error = wdn_wasi_path_remove_directory(&wasi, dir, PATH1, size);
    break;
  case 5:
    out->error = wdn_wasi_path_unlink_file(&wasi, dir, PATH1, size);
    break;
  case 6:
    out->error = wdn_wasi_path_rename(&wasi, dir, PATH1, size, dir, PATH2, size2);
    break;
  case 7:
    out->error = wdn_wasi_path_link(&wasi, dir, 0, PATH1, size, dir, PATH2, size2);
    break;
  case 8:
    out->error = wdn_wasi_path_symlink(&wasi, PATH2, size2, dir, PATH1, size);
    break;
  default:
    out->error = wdn_wasi_path_filestat_get(&wasi, dir, it->lookup, PATH1, size, OUT);
    if (out->error == WASI_OK)
      see_stat(out);
    if (out->error == WASI_OK && out->numbers[0] == WASI_TYPE_SYMLINK) {
      CHECK_EQUAL(wdn_wasi_path_readlink(&wasi, dir, PATH1, size, BUF, 100, OUT), WASI_OK);
      memcpy(out->text, at(BUF), load(OUT, 4));
    }
  }
}

static operation_t random_operation(void) {
  static const uint64_t rights[] = {READ, WRITE, READ | WRITE, READ | WRITE};
  operation_t it;
  memset(&it, 0, sizeof it);
  it.what = below(20);
  it.file = below(FILES);
  it.size = below(200);
  it.offset = below(300);
  it.oflags = below(3) == 0 ? WASI_O_DIRECTORY : below(8) & (WASI_O_CREAT | WASI_O_EXCL);
  it.oflags |= below(6) == 0 ? WASI_O_TRUNC : 0;
  it.lookup = below(2);
  it.fdflags = below(3) == 0 ? WASI_FD_APPEND : 0;
  it.whence = below(3);
  it.rights = rights[below(4)];
  it.path = random_path();
  it.path2 = random_path();
  return it;
}

static void perform(uint32_t side, const operation_t *it, outcome_t *out) {
  memset(out, 0, sizeof *out);
  if (it->what >= 10)
    do_file(side, it, out);
  else
    do_path(side, it, out);
}

static void compare(uint32_t number, const operation_t *it) {
  outcome_t host_, memory;
  perform(0, it, &host_);
  perform(1, it, &memory);
  if (host_.error == memory.error && memcmp(&host_, &memory, sizeof host_) == 0)
    return;
  printf("operation %u (%u) file %u, `%s`, `%s`, oflags %u lookup %u flags %u: "
         "error %u, %u; %" PRIu64 " %" PRIu64 " %" PRIu64 ", %" PRIu64 " %" PRIu64 " %" PRIu64
         "; `%.80s`, `%.80s`\n",
         number, it->what, it->file, it->path, it->path2, it->oflags, it->lookup, it->fdflags,
         host_.error, memory.error, host_.numbers[0], host_.numbers[1], host_.numbers[2],
         memory.numbers[0], memory.numbers[1], memory.numbers[2], host_.text, memory.text);
  CHECK(!"the same outcome");
}

static void test(void) {
  wdn_wasi_memfs_t *files = wdn_wasi_memfs_create(NULL);
  wdn_wasi_preopen_t preopens[2] = {{NULL, 0, "/", false, NULL}, {NULL, 0, "/m", false, NULL}};
  wdn_wasi_config_t config = {0};
  uint32_t i, slot, side;
  CHECK(files != NULL);
  preopens[0].host = folder;
  preopens[1].memory = files;
  config.preopens = preopens;
  config.preopen_count = 2;
  config.resolver = resolver;
  start_with(&config);
  for (i = 0; i < OPERATIONS && failures < 3; i++) {
    operation_t it = random_operation();
    if (it.what >= 10 && open_fds[0][it.file] == 0)
      it.what = below(3);
    compare(i, &it);
    for (slot = 0; slot < FILES; slot++)
      CHECK_EQUAL(open_fds[0][slot] != 0, open_fds[1][slot] != 0);
  }
  for (side = 0; side < 2; side++) {
    CHECK_EQUAL(wdn_wasi_path_rename(&wasi, 3 + side, PATH1, text(PATH1, "none"), 4 - side, PATH2,
                                     text(PATH2, "none")),
                WASI_XDEV);
  }
  stop();
  wdn_wasi_memfs_destroy(files);
}
