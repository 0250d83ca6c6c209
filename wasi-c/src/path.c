/* path_*: what is done to a name in a directory. Each function finds the place,
 * by resolve.c, and makes one call there that follows nothing. */

/* ---- Opening ------------------------------------------------------------------- */

/* What is to be created has no slash at its end, not even by way of a link. */
static wasi_errno_t open_by_walk(const fd_t *dir, const path_t *path, const port_open_t *how,
                                 port_file_t *file) {
  place_t place = {0};
  port_open_t at = *how;
  bool creates = (how->oflags & WASI_O_CREAT) != 0;
  follow_t follow = (how->follow ? FOLLOW_PLAIN : FOLLOW_NEVER) | (creates ? 0 : FOLLOW_SLASH);
  wasi_errno_t error = resolve_by_walk(dir, path, follow, &place);
  if (error != WASI_OK)
    return error;
  if (place.must_be_dir)
    at.oflags |= WASI_O_DIRECTORY;
  error = place.must_be_dir && creates ? WASI_ISDIR
                                       : place.fs->open_at(place.dir, place.name, &at, file);
  place_close(&place);
  return error;
}

/* A link that appears where the walk saw none is followed by another walk. */
static wasi_errno_t open_path(const wdn_wasi_t *wasi, const fd_t *dir, const path_t *path,
                              const port_open_t *how, port_file_t *file) {
  uint32_t attempts = ATTEMPTS_MAX;
  wasi_errno_t error = WASI_AGAIN;
  while (kernel_resolves(wasi, dir) && error == WASI_AGAIN && attempts-- > ATTEMPTS_MAX / 2)
    error = dir->fs->open_beneath(dir->file, path->bytes, how, file);
  if (error != WASI_AGAIN && error != WASI_LOOP)
    return error;
  attempts = ATTEMPTS_MAX;
  do
    error = open_by_walk(dir, path, how, file);
  while (error == WASI_LOOP && how->follow && --attempts > 0);
  return error;
}

/* What it is, is looked at later, but what these flags make or let through is known. */
static void describe(const fd_t *dir, const port_open_t *how, fd_t *opened) {
  bool made = (how->oflags & WASI_O_EXCL) != 0 && (how->oflags & WASI_O_CREAT) != 0;
  bool directory = (how->oflags & WASI_O_DIRECTORY) != 0;
  opened->kind = made || directory ? FD_FILE : FD_NEW;
  opened->type = made ? WASI_TYPE_REGULAR : directory ? WASI_TYPE_DIRECTORY : WASI_TYPE_UNKNOWN;
  opened->fs = dir->fs;
  opened->readable = how->read;
  opened->writable = how->write;
  opened->read_only = dir->read_only;
  opened->limited = dir->limited;
  opened->fdflags = how->fdflags;
}

/* Rights say nothing but how the file will be used. */
static wasi_errno_t decode_open(const fd_t *dir, uint32_t lookup, uint32_t oflags, uint64_t rights,
                                uint32_t fdflags, port_open_t *how) {
  const uint64_t read = WASI_RIGHT_FD_READ | WASI_RIGHT_FD_READDIR;
  const uint64_t write = WASI_RIGHT_FD_WRITE | WASI_RIGHT_FD_DATASYNC | WASI_RIGHT_FD_ALLOCATE |
                         WASI_RIGHT_FD_FILESTAT_SET_SIZE;
  const uint32_t exclusive = WASI_O_CREAT | WASI_O_EXCL;
  if ((lookup & ~WASI_LOOKUP_FOLLOW) != 0 || (oflags & ~WASI_O_ALL) != 0 ||
      (fdflags & ~WASI_FD_ALL) != 0)
    return WASI_INVAL;
  if ((oflags & WASI_O_DIRECTORY) != 0 && (oflags & WASI_O_CREAT) != 0)
    return WASI_INVAL; /* some kernels create a file */
  how->write = (rights & write) != 0;
  how->read = (rights & read) != 0 || !how->write;
  how->follow = (lookup & WASI_LOOKUP_FOLLOW) != 0 && (oflags & exclusive) != exclusive;
  how->oflags = oflags;
  how->fdflags = fdflags;
  if (dir->read_only && (how->write || (oflags & (WASI_O_CREAT | WASI_O_TRUNC)) != 0))
    return WASI_PERM;
  return WASI_OK;
}

uint32_t wdn_wasi_path_open(void *context, uint32_t fd, uint32_t lookup, uint32_t path_at,
                            uint32_t path_size, uint32_t oflags, uint64_t rights,
                            uint64_t rights_inheriting, uint32_t fdflags, uint32_t opened_at) {
  wdn_wasi_t *wasi = context;
  uint8_t *out = guest_at(wasi, opened_at, 4);
  fd_t *dir;
  fd_t opened;
  uint32_t number = 0;
  path_t path;
  port_open_t how;
  wasi_errno_t error = fd_get_directory(wasi, fd, &dir);
  (void)rights_inheriting; /* rights are not enforced */
  if (error == WASI_OK)
    error = out != NULL ? guest_path(wasi, path_at, path_size, &path) : WASI_FAULT;
  if (error == WASI_OK)
    error = decode_open(dir, lookup, oflags, rights, fdflags, &how);
  if (error == WASI_OK)
    error = fd_reserve(wasi, &number);
  if (error != WASI_OK)
    return error;
  memset(&opened, 0, sizeof opened);
  dir = &wasi->fds[fd]; /* the table may have moved */
  error = open_path(wasi, dir, &path, &how, &opened.file);
  if (error != WASI_OK)
    return error;
  describe(dir, &how, &opened);
  wasi->fds[number] = opened;
  put_u32(out, number);
  return WASI_OK;
}

/* ---- Looking --------------------------------------------------------------------- */

static wasi_errno_t stat_path(const wdn_wasi_t *wasi, const fd_t *dir, path_t *path,
                              follow_t follow, port_stat_t *stat) {
  uint32_t attempts = ATTEMPTS_MAX;
  place_t place;
  wasi_errno_t error;
  do {
    error = resolve(wasi, dir, path, follow, &place);
    if (error != WASI_OK)
      return error;
    error = place_stat(&place, stat);
    place_close(&place);
    if (error != WASI_OK || follow != FOLLOW_ALWAYS || stat->type != WASI_TYPE_SYMLINK)
      return error;
  } while (--attempts > 0); /* a link appeared where there was none */
  return WASI_LOOP;
}

static wasi_errno_t path_stat_get(wdn_wasi_t *wasi, uint32_t fd, uint32_t lookup, uint32_t path_at,
                                  uint32_t path_size, uint32_t stat_at, const filestat_t *layout) {
  uint8_t *out = guest_at(wasi, stat_at, layout->size);
  fd_t *dir;
  path_t path;
  port_stat_t stat;
  follow_t follow = (lookup & WASI_LOOKUP_FOLLOW) != 0 ? FOLLOW_ALWAYS : FOLLOW_SLASH;
  wasi_errno_t error = fd_get_directory(wasi, fd, &dir);
  if (error == WASI_OK)
    error = out != NULL ? guest_path(wasi, path_at, path_size, &path) : WASI_FAULT;
  if (error == WASI_OK && (lookup & ~WASI_LOOKUP_FOLLOW) != 0)
    error = WASI_INVAL;
  if (error == WASI_OK)
    error = stat_path(wasi, dir, &path, follow, &stat);
  if (error == WASI_OK)
    put_stat(wasi, out, &stat, layout);
  return error;
}

uint32_t wdn_wasi_path_filestat_get(void *context, uint32_t fd, uint32_t lookup, uint32_t path,
                                    uint32_t path_size, uint32_t stat_at) {
  return path_stat_get(context, fd, lookup, path, path_size, stat_at, &filestat_layout);
}

/* A target that is absolute on the host is no business of the guest's. */
static wasi_errno_t read_link(const wdn_wasi_t *wasi, const fd_t *dir, path_t *path, char *target,
                              size_t *size) {
  place_t place;
  port_stat_t stat;
  wasi_errno_t error = resolve(wasi, dir, path, FOLLOW_SLASH, &place);
  if (error != WASI_OK)
    return error;
  error = place.fs->readlink_at(place.dir, place.name, target, PATH_LIMIT, size);
  if (error == WASI_INVAL && place.must_be_dir && place_stat(&place, &stat) == WASI_NOTDIR)
    error = WASI_NOTDIR;
  place_close(&place);
  return error == WASI_OK && *size > 0 && target[0] == '/' ? WASI_PERM : error;
}

/* What does not fit is cut off, as the specification has it. */
uint32_t wdn_wasi_path_readlink(void *context, uint32_t fd, uint32_t path_at, uint32_t path_size,
                                uint32_t buf, uint32_t buf_size, uint32_t size_at) {
  wdn_wasi_t *wasi = context;
  uint8_t *out = guest_at(wasi, buf, buf_size);
  uint8_t *size_out = guest_at(wasi, size_at, 4);
  fd_t *dir;
  path_t path;
  char target[PATH_LIMIT];
  size_t size = 0;
  wasi_errno_t error = fd_get_directory(wasi, fd, &dir);
  if (error == WASI_OK && (out == NULL || size_out == NULL))
    error = WASI_FAULT;
  if (error == WASI_OK)
    error = guest_path(wasi, path_at, path_size, &path);
  if (error == WASI_OK)
    error = read_link(wasi, dir, &path, target, &size);
  if (error != WASI_OK)
    return error;
  size = size < buf_size ? size : buf_size;
  memcpy(out, target, size);
  put_u32(size_out, (uint32_t)size);
  return WASI_OK;
}

/* ---- Changing -------------------------------------------------------------------- */

/* The place of a name that is to be changed. */
static wasi_errno_t find(wdn_wasi_t *wasi, uint32_t fd, uint32_t path_at, uint32_t path_size,
                         follow_t follow, place_t *place) {
  fd_t *dir;
  path_t path;
  wasi_errno_t error = fd_get_directory(wasi, fd, &dir);
  if (error == WASI_OK)
    error = guest_path(wasi, path_at, path_size, &path);
  if (error == WASI_OK && dir->read_only)
    error = WASI_PERM;
  return error == WASI_OK ? resolve(wasi, dir, &path, follow, place) : error;
}

uint32_t wdn_wasi_path_filestat_set_times(void *context, uint32_t fd, uint32_t lookup,
                                          uint32_t path, uint32_t path_size, uint64_t atime,
                                          uint64_t mtime, uint32_t flags) {
  place_t place;
  port_stat_t stat;
  port_times_t times;
  follow_t follow = (lookup & WASI_LOOKUP_FOLLOW) != 0 ? FOLLOW_ALWAYS : FOLLOW_SLASH;
  wasi_errno_t error = decode_times(atime, mtime, flags, &times);
  if ((lookup & ~WASI_LOOKUP_FOLLOW) != 0)
    error = WASI_INVAL;
  if (error == WASI_OK)
    error = find(context, fd, path, path_size, follow, &place);
  if (error != WASI_OK)
    return error;
  if (place.must_be_dir)
    error = place_stat(&place, &stat);
  if (error == WASI_OK)
    error = place.fs->set_times_at(place.dir, place.name, &times);
  place_close(&place);
  return error;
}

uint32_t wdn_wasi_path_create_directory(void *context, uint32_t fd, uint32_t path,
                                        uint32_t path_size) {
  place_t place;
  wasi_errno_t error = find(context, fd, path, path_size, FOLLOW_NEVER, &place);
  if (error != WASI_OK)
    return error;
  error = place.fs->mkdir_at(place.dir, place.name);
  place_close(&place);
  return error;
}

uint32_t wdn_wasi_path_remove_directory(void *context, uint32_t fd, uint32_t path,
                                        uint32_t path_size) {
  place_t place;
  wasi_errno_t error = find(context, fd, path, path_size, FOLLOW_NEVER, &place);
  if (error != WASI_OK)
    return error;
  error = place.fs->unlink_at(place.dir, place.name, true);
  place_close(&place);
  return error;
}

/* A name that is no directory's has no slash after it; `error` is what is said if
 * it is one's after all. */
static wasi_errno_t no_slash(const place_t *place, wasi_errno_t error) {
  port_stat_t stat;
  wasi_errno_t found;
  if (!place->must_be_dir)
    return WASI_OK;
  found = place_stat(place, &stat);
  return found == WASI_OK ? error : found;
}

uint32_t wdn_wasi_path_unlink_file(void *context, uint32_t fd, uint32_t path, uint32_t path_size) {
  place_t place;
  wasi_errno_t error = find(context, fd, path, path_size, FOLLOW_NEVER, &place);
  if (error != WASI_OK)
    return error;
  error = no_slash(&place, WASI_ISDIR);
  if (error == WASI_OK)
    error = place.fs->unlink_at(place.dir, place.name, false);
  place_close(&place);
  return error;
}

/* Only a directory has a name that ends in a slash, before and after. */
static wasi_errno_t rename_place(const place_t *from, const place_t *to) {
  port_stat_t stat;
  if (from->must_be_dir || to->must_be_dir) {
    wasi_errno_t error = from->fs->stat_at(from->dir, from->name, &stat);
    if (error != WASI_OK)
      return error;
    if (stat.type != WASI_TYPE_DIRECTORY)
      return WASI_NOTDIR;
  }
  return from->fs != to->fs ? WASI_XDEV
                            : from->fs->rename_at(from->dir, from->name, to->dir, to->name);
}

uint32_t wdn_wasi_path_rename(void *context, uint32_t fd, uint32_t old_path, uint32_t old_path_size,
                              uint32_t new_fd, uint32_t new_path, uint32_t new_path_size) {
  place_t from, to;
  wasi_errno_t error = find(context, fd, old_path, old_path_size, FOLLOW_NEVER, &from);
  if (error != WASI_OK)
    return error;
  error = find(context, new_fd, new_path, new_path_size, FOLLOW_NEVER, &to);
  if (error == WASI_OK) {
    error = rename_place(&from, &to);
    place_close(&to);
  }
  place_close(&from);
  return error;
}

/* Both directories can be changed, or a file that can only be read would get a
 * name under which it can be written. */
uint32_t wdn_wasi_path_link(void *context, uint32_t fd, uint32_t lookup, uint32_t old_path,
                            uint32_t old_path_size, uint32_t new_fd, uint32_t new_path,
                            uint32_t new_path_size) {
  place_t from, to;
  wasi_errno_t error =
      lookup == 0 ? find(context, fd, old_path, old_path_size, FOLLOW_NEVER, &from) : WASI_INVAL;
  if (error != WASI_OK)
    return error;
  error = find(context, new_fd, new_path, new_path_size, FOLLOW_NEVER, &to);
  if (error == WASI_OK) {
    error = no_slash(&from, WASI_PERM);
    if (error == WASI_OK)
      error = no_slash(&to, WASI_EXIST);
    if (error == WASI_OK)
      error = from.fs != to.fs ? WASI_XDEV : from.fs->link_at(from.dir, from.name, to.dir, to.name);
    place_close(&to);
  }
  place_close(&from);
  return error;
}

/* A relative target may lead anywhere: that is decided whenever it is followed. */
uint32_t wdn_wasi_path_symlink(void *context, uint32_t target_at, uint32_t target_size, uint32_t fd,
                               uint32_t path, uint32_t path_size) {
  wdn_wasi_t *wasi = context;
  path_t target;
  place_t place;
  fd_t *dir;
  wasi_errno_t error = fd_get(wasi, fd, &dir);
  if (error == WASI_OK)
    error = guest_path(wasi, target_at, target_size, &target);
  if (error == WASI_OK)
    error = find(wasi, fd, path, path_size, FOLLOW_NEVER, &place);
  if (error != WASI_OK)
    return error;
  error = no_slash(&place, WASI_EXIST);
  if (error == WASI_OK)
    error = place.fs->symlink_at(target.bytes, place.dir, place.name);
  place_close(&place);
  return error;
}
