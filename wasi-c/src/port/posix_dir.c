/* The port to POSIX systems: directories, and what is done to names in them.
 * Included by posix.c. */

#include <dirent.h>

/* Not every system says ELOOP where a link is not to be followed. */
static wasi_errno_t open_error(void) {
#if defined(EFTYPE)
  if (errno == EFTYPE)
    return WASI_LOOP;
#endif
  return errno == EMLINK ? WASI_LOOP : port_error();
}

/* What a guest keeps open must not get a number that the host's own standard
 * streams had and may have again. */
static wasi_errno_t keep(int fd, port_file_t *file) {
  if (fd >= 0 && fd < 3) {
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    int error = errno;
    close(fd);
    errno = error;
    fd = moved;
  }
  *file = fd;
  return fd >= 0 ? WASI_OK : open_error();
}

static wasi_errno_t port_open_preopen(const char *path, int fd, port_file_t *dir) {
  struct stat st;
  if (path != NULL)
    return keep(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), dir);
  if (fstat(fd, &st) != 0)
    return port_error();
  return S_ISDIR(st.st_mode) ? keep(fcntl(fd, F_DUPFD_CLOEXEC, 3), dir) : WASI_NOTDIR;
}

static wasi_errno_t port_open_stream(const char *path, bool write, port_file_t *file) {
  int flags = write ? O_WRONLY | O_CREAT | O_APPEND | O_TRUNC : O_RDONLY;
  wasi_errno_t error = keep(open(path, flags | O_CLOEXEC | O_NOCTTY, 0666), file);
  struct stat st;
  if (error == WASI_OK && fstat((int)*file, &st) == 0 && S_ISDIR(st.st_mode)) {
    error = WASI_ISDIR;
    close((int)*file);
  }
  return error;
}

/* NONBLOCK in any case: a FIFO or device without a peer would block otherwise,
 * and what we keep open does not care. */
static int open_flags(const port_open_t *how) {
  int flags = O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  flags |= how->read && how->write ? O_RDWR : how->write ? O_WRONLY : O_RDONLY;
  flags |= (how->oflags & WASI_O_CREAT) != 0 ? O_CREAT : 0;
  flags |= (how->oflags & WASI_O_DIRECTORY) != 0 ? O_DIRECTORY : 0;
  flags |= (how->oflags & WASI_O_EXCL) != 0 ? O_EXCL : 0;
  flags |= (how->oflags & WASI_O_TRUNC) != 0 ? O_TRUNC : 0;
  flags |= (how->fdflags & WASI_FD_APPEND) != 0 ? O_APPEND : 0;
  flags |= (how->fdflags & WASI_FD_DSYNC) != 0 ? O_DSYNC : 0;
  flags |= (how->fdflags & (WASI_FD_SYNC | WASI_FD_RSYNC)) != 0 ? O_SYNC : 0;
  return flags;
}

static wasi_errno_t port_open_at(port_file_t dir, const char *name, const port_open_t *how,
                                 port_file_t *file) {
  return keep(openat((int)dir, name, open_flags(how) | O_NOFOLLOW, 0666), file);
}

static wasi_errno_t port_enter(port_file_t dir, const char *name, port_file_t *entered) {
  *entered = openat((int)dir, name, OPEN_ENTER | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  return *entered >= 0 ? WASI_OK : open_error();
}

static wasi_errno_t port_stat_at(port_file_t dir, const char *name, port_stat_t *stat) {
  struct stat st;
  if (fstatat((int)dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
    return port_error();
  convert_stat(&st, stat);
  return WASI_OK;
}

static wasi_errno_t port_readlink_at(port_file_t dir, const char *name, char *target, size_t size,
                                     size_t *used) {
  return transferred(readlinkat((int)dir, name, target, size), used);
}

static wasi_errno_t port_set_times_at(port_file_t dir, const char *name,
                                      const port_times_t *times) {
  struct timespec both[2];
  convert_times(times, both);
  return port_result(utimensat((int)dir, name, both, AT_SYMLINK_NOFOLLOW));
}

static wasi_errno_t port_mkdir_at(port_file_t dir, const char *name) {
  return port_result(mkdirat((int)dir, name, 0777));
}

static wasi_errno_t port_unlink_at(port_file_t dir, const char *name, bool directory) {
  return port_result(unlinkat((int)dir, name, directory ? AT_REMOVEDIR : 0));
}

static wasi_errno_t port_rename_at(port_file_t dir, const char *name, port_file_t new_dir,
                                   const char *new_name) {
  return port_result(renameat((int)dir, name, (int)new_dir, new_name));
}

static wasi_errno_t port_link_at(port_file_t dir, const char *name, port_file_t new_dir,
                                 const char *new_name) {
  return port_result(linkat((int)dir, name, (int)new_dir, new_name, 0));
}

static wasi_errno_t port_symlink_at(const char *target, port_file_t dir, const char *name) {
  return port_result(symlinkat(target, (int)dir, name));
}

/* ---- Lookups that the kernel keeps below a directory ---------------------------- */

#if defined(__linux__)

#ifndef SYS_openat2
#define SYS_openat2 437
#endif

/* struct open_how of <linux/openat2.h>, which old systems do not have. */
typedef struct beneath {
  uint64_t flags;
  uint64_t mode;
  uint64_t resolve;
} beneath_t;
#define RESOLVE_NO_MAGICLINKS_ 0x02
#define RESOLVE_BENEATH_ 0x08

static int open_beneath(port_file_t dir, const char *path, int flags) {
  beneath_t how;
  how.flags = (uint64_t)(unsigned)flags;
  how.mode = (flags & O_CREAT) != 0 ? 0666 : 0;
  how.resolve = RESOLVE_BENEATH_ | RESOLVE_NO_MAGICLINKS_;
  return (int)syscall(SYS_openat2, (int)dir, path, &how, sizeof how);
}

#else

static int open_beneath(port_file_t dir, const char *path, int flags) {
  (void)dir;
  (void)path;
  (void)flags;
  errno = ENOSYS;
  return -1;
}

#endif

static wasi_errno_t beneath_error(wasi_errno_t error) {
  return error == WASI_XDEV ? WASI_PERM : error;
}

static bool port_has_beneath(port_file_t dir) {
  int fd = open_beneath(dir, ".", OPEN_ENTER | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0)
    close(fd);
  return fd >= 0;
}

static wasi_errno_t port_open_beneath(port_file_t dir, const char *path, const port_open_t *how,
                                      port_file_t *file) {
  int flags = open_flags(how) | (how->follow ? 0 : O_NOFOLLOW);
#ifdef O_LARGEFILE
  flags |= O_LARGEFILE;
#endif
  return beneath_error(keep(open_beneath(dir, path, flags), file));
}

static wasi_errno_t port_enter_beneath(port_file_t dir, const char *path, port_file_t *entered) {
  *entered = open_beneath(dir, path, OPEN_ENTER | O_DIRECTORY | O_CLOEXEC);
  return *entered >= 0 ? WASI_OK : beneath_error(port_error());
}

/* ---- Listings ---------------------------------------------------------------------- */

struct port_listing {
  DIR *dir;
};

/* By opening the directory anew, so that the listing's position is its own. */
static wasi_errno_t port_list(port_file_t dir, port_listing_t **listing) {
  wasi_errno_t error = WASI_NOMEM;
  int fd = openat((int)dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return port_error();
  *listing = malloc(sizeof **listing);
  if (*listing != NULL) {
    (*listing)->dir = fdopendir(fd);
    if ((*listing)->dir != NULL)
      return WASI_OK;
    error = port_error();
  }
  close(fd);
  free(*listing);
  return error;
}

static uint8_t entry_type(DIR *dir, const struct dirent *it) {
  struct stat st;
#if defined(DT_UNKNOWN)
  switch (it->d_type) {
  case DT_REG:
    return WASI_TYPE_REGULAR;
  case DT_DIR:
    return WASI_TYPE_DIRECTORY;
  case DT_LNK:
    return WASI_TYPE_SYMLINK;
  case DT_CHR:
    return WASI_TYPE_CHARACTER;
  case DT_BLK:
    return WASI_TYPE_BLOCK;
  case DT_SOCK:
    return WASI_TYPE_STREAM;
  case DT_FIFO:
    return WASI_TYPE_UNKNOWN;
  default:
    break;
  }
#endif
  if (fstatat(dirfd(dir), it->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
    return WASI_TYPE_UNKNOWN;
  return file_type(st.st_mode);
}

static wasi_errno_t port_list_next(port_listing_t *listing, port_entry_t *entry) {
  const struct dirent *it;
  size_t size;
  do {
    errno = 0;
    it = readdir(listing->dir);
    if (it == NULL && errno != 0)
      return port_error();
    size = it != NULL ? strlen(it->d_name) : 0;
  } while (size >= sizeof entry->name); /* longer than any path may have */
  entry->name_size = (uint32_t)size;
  if (it != NULL) {
    memcpy(entry->name, it->d_name, size);
    entry->inode = (uint64_t)it->d_ino;
    entry->type = entry_type(listing->dir, it);
  }
  return WASI_OK;
}

static void port_list_rewind(port_listing_t *listing) {
  rewinddir(listing->dir);
}

static void port_list_close(port_listing_t *listing) {
  closedir(listing->dir);
  free(listing);
}
