/* Paths and directories of the file system in ROM.
 *
 * There are no directories but those that the paths of files imply: one is the first
 * entry that is below it, and how much of that entry's path is its own. So a path is
 * looked up one component after the other, where it is, and needs no room. */

/* Is `part`, which contains no NUL, how `text` begins? */
static bool begins_with(const char *text, const char *part, uint32_t size) {
  uint32_t i;
  for (i = 0; i < size; i++) {
    if (text[i] != part[i])
      return false;
  }
  return true;
}

/* What entry `k` is called in the directory `dir`, or NULL if it is elsewhere. */
static const char *name_below(const wdn_wasi_bare_t *wasi, const wdn_wasi_bare_file_t *dir,
                              uint32_t k) {
  const char *path = wasi->config->rom[k].path;
  if (dir->path_size == 0)
    return path;
  if (!begins_with(path, wasi->config->rom[dir->entry].path, dir->path_size) ||
      path[dir->path_size] != '/')
    return NULL;
  return path + dir->path_size + 1;
}

static bool ends_name(char c) {
  return c == 0 || c == '/';
}

/* Replaces `at` by what is called `name` in it. */
static bool enter(const wdn_wasi_bare_t *wasi, wdn_wasi_bare_file_t *at, const char *name,
                  uint32_t size) {
  uint32_t k;
  for (k = at->entry; k < wasi->config->rom_count; k++) {
    const char *found = name_below(wasi, at, k);
    if (found != NULL && begins_with(found, name, size) && ends_name(found[size])) {
      at->entry = k;
      at->path_size = (uint32_t)(found + size - wasi->config->rom[k].path);
      return true;
    }
  }
  return false;
}

/* Replaces `at` by the directory that it is in. */
static void leave(const wdn_wasi_bare_t *wasi, wdn_wasi_bare_file_t *at) {
  const char *path = at->path_size != 0 ? wasi->config->rom[at->entry].path : NULL;
  while (at->path_size > 0 && path[--at->path_size] != '/') {
  }
  while (at->entry > 0 && name_below(wasi, at, at->entry - 1) != NULL)
    at->entry--;
}

/* The path below a directory, checked and looked up. It never leaves that directory,
 * not even for a moment. */
static wasi_errno_t look_up(const wdn_wasi_bare_t *wasi, uint32_t fd, uint32_t path_at,
                            uint32_t size, wdn_wasi_bare_file_t *found) {
  const char *path = (const char *)guest_at(wasi, path_at, size);
  const wdn_wasi_bare_file_t *dir = file_at(wasi, fd);
  uint32_t i = 0, depth = 0;
  if (dir == NULL || !is_directory(wasi, dir))
    return is_open(wasi, fd) ? WASI_NOTDIR : WASI_BADF;
  if (path == NULL)
    return WASI_FAULT;
  if (size == 0)
    return WASI_NOENT;
  if (path[0] == '/')
    return WASI_PERM;
  for (i = 0; i < size; i++) {
    if (path[i] == 0)
      return WASI_INVAL;
  }
  *found = *dir;
  found->position = 0;
  for (i = 0; i < size;) {
    const char *name = path + i;
    uint32_t length = 0;
    while (i < size && path[i] != '/') {
      i++;
      length++;
    }
    /* Whatever follows the first component, even if only a slash, is in a directory. */
    if (name != path && !is_directory(wasi, found))
      return WASI_NOTDIR;
    while (i < size && path[i] == '/')
      i++;
    if (length == 0 || (length == 1 && name[0] == '.'))
      continue;
    if (length == 2 && name[0] == '.' && name[1] == '.') {
      if (depth-- == 0)
        return WASI_PERM;
      leave(wasi, found);
    } else {
      if (!enter(wasi, found, name, length))
        return WASI_NOENT;
      depth++;
    }
  }
  return path[size - 1] == '/' && !is_directory(wasi, found) ? WASI_NOTDIR : WASI_OK;
}

uint32_t wdn_wasi_path_open(void *context, uint32_t fd, uint32_t lookup, uint32_t path,
                            uint32_t path_size, uint32_t oflags, uint64_t rights,
                            uint64_t rights_inheriting, uint32_t fdflags, uint32_t opened) {
  const wdn_wasi_bare_t *wasi = context;
  uint8_t *out = guest_at(wasi, opened, 4);
  wdn_wasi_bare_file_t found;
  uint32_t i;
  wasi_errno_t error = look_up(wasi, fd, path, path_size, &found);
  (void)rights_inheriting; /* rights are not enforced */
  if (error != WASI_OK && error != WASI_NOENT)
    return error;
  if (out == NULL)
    return WASI_FAULT;
  if (lookup > WASI_LOOKUP_FOLLOW || oflags > WASI_O_ALL || fdflags > WASI_FD_ALL ||
      (oflags & (WASI_O_CREAT | WASI_O_DIRECTORY)) == (WASI_O_CREAT | WASI_O_DIRECTORY))
    return WASI_INVAL;
  if ((oflags & (WASI_O_CREAT | WASI_O_TRUNC)) != 0 ||
      (rights & (WASI_RIGHT_FD_WRITE | WASI_RIGHT_FD_DATASYNC | WASI_RIGHT_FD_ALLOCATE |
                 WASI_RIGHT_FD_FILESTAT_SET_SIZE)) != 0)
    return WASI_PERM;
  if (error == WASI_OK && (oflags & WASI_O_DIRECTORY) != 0 && !is_directory(wasi, &found))
    error = WASI_NOTDIR;
  if (error != WASI_OK)
    return error;
  for (i = 0; i < wasi->file_count; i++) {
    if (wasi->files[i].entry == NO_ENTRY) {
      wasi->files[i] = found;
      put_u32(out, i + FIRST_FILE);
      return WASI_OK;
    }
  }
  return WASI_MFILE;
}

/* There are no links to follow. */
uint32_t wdn_wasi_path_filestat_get(void *context, uint32_t fd, uint32_t lookup, uint32_t path,
                                    uint32_t path_size, uint32_t stat) {
  const wdn_wasi_bare_t *wasi = context;
  uint8_t *out = guest_at(wasi, stat, WASI_FILESTAT_SIZE);
  wdn_wasi_bare_file_t found;
  wasi_errno_t error = look_up(wasi, fd, path, path_size, &found);
  if (error != WASI_OK)
    return error;
  if (out == NULL)
    return WASI_FAULT;
  if (lookup > WASI_LOOKUP_FOLLOW)
    return WASI_INVAL;
  put_filestat(wasi, out, &found);
  return WASI_OK;
}

/* ---- Directories ----------------------------------------------------------------- */

/* The entry with a cookie: 0 and 1 are the directory itself and the one it is in,
 * 2 + k is entry k of the ROM. False if that is elsewhere, or counts already: in one
 * directory with the entry before it. */
static bool list_entry(const wdn_wasi_bare_t *wasi, const wdn_wasi_bare_file_t *dir,
                       uint32_t cookie, const char **name, uint32_t *name_size,
                       wdn_wasi_bare_file_t *entry) {
  const char *before;
  uint32_t size = 0;
  *entry = *dir;
  if (cookie < 2) {
    if (cookie == 1)
      leave(wasi, entry);
    *name = "..";
    *name_size = cookie + 1;
    return true;
  }
  *name = name_below(wasi, dir, cookie - 2);
  if (*name == NULL)
    return false;
  while (!ends_name((*name)[size]))
    size++;
  entry->entry = cookie - 2;
  entry->path_size = (uint32_t)(*name + size - wasi->config->rom[cookie - 2].path);
  *name_size = size;
  before = cookie > 2 ? name_below(wasi, dir, cookie - 3) : NULL;
  return size != 0 && !(before != NULL && begins_with(before, *name, size) && before[size] == '/');
}

/* Writes as much of the record as fits; how much of it there is. */
static uint32_t put_dirent(const wdn_wasi_bare_t *wasi, uint8_t *out, uint32_t room,
                           uint32_t cookie, const char *name, uint32_t name_size,
                           const wdn_wasi_bare_file_t *entry) {
  uint8_t header[WASI_DIRENT_SIZE];
  uint32_t head = room < WASI_DIRENT_SIZE ? room : WASI_DIRENT_SIZE;
  uint32_t rest = room - head < name_size ? room - head : name_size;
  put_u64(header, cookie + 1);
  put_inode(header + 8, entry);
  put_u32(header + 16, name_size);
  put_u32(header + 20, type_of(wasi, entry));
  memcpy(out, header, head);
  memcpy(out + head, name, rest);
  return head + rest;
}

uint32_t wdn_wasi_fd_readdir(void *context, uint32_t fd, uint32_t buf, uint32_t buf_size,
                             uint64_t cookie, uint32_t size) {
  const wdn_wasi_bare_t *wasi = context;
  const wdn_wasi_bare_file_t *dir = file_at(wasi, fd);
  uint8_t *out = guest_at(wasi, buf, buf_size);
  uint8_t *size_out = guest_at(wasi, size, 4);
  wdn_wasi_bare_file_t entry;
  uint32_t used = 0, name_size;
  const char *name;
  if (dir == NULL || !is_directory(wasi, dir))
    return is_open(wasi, fd) ? WASI_NOTDIR : WASI_BADF;
  if (out == NULL || size_out == NULL)
    return WASI_FAULT;
  for (; cookie < (uint64_t)wasi->config->rom_count + 2 && used < buf_size; cookie++) {
    if (list_entry(wasi, dir, (uint32_t)cookie, &name, &name_size, &entry))
      used +=
          put_dirent(wasi, out + used, buf_size - used, (uint32_t)cookie, name, name_size, &entry);
  }
  put_u32(size_out, used);
  return WASI_OK;
}

/* ---- The one preopen ------------------------------------------------------------- */

/* Its name, or NULL if the descriptor is none. */
static const char *preopen_name(const wdn_wasi_bare_t *wasi, uint32_t fd) {
  const wdn_wasi_bare_file_t *file = file_at(wasi, fd);
  if (fd != FIRST_FILE || file == NULL || file->path_size != 0)
    return NULL;
  return wasi->config->rom_name != NULL ? wasi->config->rom_name : "/";
}

uint32_t wdn_wasi_fd_prestat_get(void *context, uint32_t fd, uint32_t stat) {
  const wdn_wasi_bare_t *wasi = context;
  const char *name = preopen_name(wasi, fd);
  uint8_t *out = guest_at(wasi, stat, WASI_PRESTAT_SIZE);
  if (name == NULL)
    return WASI_BADF;
  if (out == NULL)
    return WASI_FAULT;
  put_u32(out, 0); /* a directory: the only kind there is */
  put_u32(out + 4, text_size(name) - 1);
  return WASI_OK;
}

/* The name is not terminated. */
uint32_t wdn_wasi_fd_prestat_dir_name(void *context, uint32_t fd, uint32_t path,
                                      uint32_t path_size) {
  const wdn_wasi_bare_t *wasi = context;
  const char *name = preopen_name(wasi, fd);
  uint8_t *out = guest_at(wasi, path, path_size);
  uint32_t size;
  if (name == NULL)
    return WASI_BADF;
  if (out == NULL)
    return WASI_FAULT;
  size = text_size(name) - 1;
  if (path_size < size)
    return WASI_NAMETOOLONG;
  memcpy(out, name, size);
  return WASI_OK;
}

/* ---- For hosts ------------------------------------------------------------------- */

/* No component that is empty, except after the last slash, or means something else. */
static bool is_plain(const char *path) {
  const char *name = path;
  for (;; path++) {
    if (!ends_name(*path))
      continue;
    if (path == name)
      return *path == 0 && path[-1] == '/';
    if ((path - name == 1 && name[0] == '.') ||
        (path - name == 2 && name[0] == '.' && name[1] == '.'))
      return false;
    if (*path == 0)
      return true;
    name = path + 1;
  }
}

const char *wdn_wasi_bare_check(const wdn_wasi_bare_config_t *config) {
  uint32_t i;
  for (i = 0; i < config->rom_count; i++) {
    const char *path = config->rom[i].path;
    uint32_t size = text_size(path);
    if (size == 1 || path[0] == '/' || !is_plain(path))
      return "a path has a component that is none";
    if (i > 0) {
      const char *before = config->rom[i - 1].path;
      uint32_t before_size = text_size(before);
      if (memcmp(before, path, size < before_size ? size : before_size) >= 0)
        return "the paths are not in order";
      if (begins_with(path, before, before_size - 1) && path[before_size - 1] == '/')
        return "a file is also a directory";
    }
  }
  return NULL;
}
