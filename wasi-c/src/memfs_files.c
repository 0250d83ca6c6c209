/* Of a file system in memory: what is done to open files and to names. Included by
 * memfs.c. */

/* What a handle means; what follows is the doing of its guest. */
static open_file_t *file_of(port_file_t file) {
  open_file_t *it = (open_file_t *)file;
  it->fs->guest = &it->guest;
  return it;
}

static wasi_errno_t open_node(wdn_wasi_memfs_t *fs, node_t *node, const fs_guest_t *guest,
                              const port_open_t *how, port_file_t *file) {
  open_file_t *opened = calloc(1, sizeof *opened);
  if (opened == NULL)
    return WASI_NOMEM;
  opened->fs = fs;
  opened->node = node;
  opened->guest = *guest;
  opened->read = how->read;
  opened->write = how->write;
  opened->append = (how->fdflags & WASI_FD_APPEND) != 0;
  node->opens++;
  *file = (port_file_t)opened;
  return WASI_OK;
}

static wasi_errno_t mem_close(port_file_t file) {
  open_file_t *it = file_of(file);
  it->node->opens--;
  node_drop(it->fs, it->node);
  it->fs->guest = NULL;
  free(it);
  return WASI_OK;
}

static void fill_stat(const node_t *node, port_stat_t *stat) {
  stat->device = DEVICE;
  stat->inode = node->inode;
  stat->type = node->type;
  stat->links = node->names;
  stat->size = node->type == WASI_TYPE_DIRECTORY ? 0 : node->size;
  stat->atime = node->atime;
  stat->mtime = node->mtime;
  stat->ctime = node->ctime;
}

static wasi_errno_t mem_stat(port_file_t file, port_stat_t *stat) {
  fill_stat(file_of(file)->node, stat);
  return WASI_OK;
}

/* A regular file that was opened for this. */
static wasi_errno_t check_access(const open_file_t *it, bool write) {
  if (write ? !it->write : !it->read)
    return WASI_BADF;
  return it->node->type == WASI_TYPE_REGULAR ? WASI_OK : WASI_ISDIR;
}

static wasi_errno_t read_at(const open_file_t *it, const port_buffer_t *buffers, uint32_t count,
                            uint64_t offset, size_t *done) {
  const node_t *node = it->node;
  wasi_errno_t error = check_access(it, false);
  uint32_t i;
  *done = 0;
  for (i = 0; error == WASI_OK && i < count && offset < node->size; i++) {
    uint64_t left = node->size - offset;
    size_t size = left < buffers[i].size ? (size_t)left : buffers[i].size;
    memcpy(buffers[i].data, node->data + offset, size);
    offset += size;
    *done += size;
  }
  return error;
}

static size_t sum_of(const port_buffer_t *buffers, uint32_t count) {
  size_t size = 0;
  uint32_t i;
  for (i = 0; i < count; i++)
    size += buffers[i].size;
  return size;
}

/* Writes less if there is no room for all. */
static wasi_errno_t write_at(open_file_t *it, const port_buffer_t *buffers, uint32_t count,
                             uint64_t offset, size_t *done) {
  node_t *node = it->node;
  uint64_t size = sum_of(buffers, count), end;
  wasi_errno_t error = check_access(it, true);
  uint32_t i;
  *done = 0;
  if (error != WASI_OK || size == 0)
    return error;
  if (offset >= FILE_MAX)
    return WASI_FBIG;
  end = size > FILE_MAX - offset ? FILE_MAX : offset + size;
  error = reserve_data(it->fs, node, end > node->size ? end : node->size);
  if (error == WASI_NOSPC && !node->constant) {
    end = node->capacity + (it->fs->max_size - it->fs->size); /* less than it was */
    error = offset < end ? reserve_data(it->fs, node, end) : WASI_NOSPC;
  }
  if (error != WASI_OK)
    return error;
  if (offset > node->size)
    memset(node->data + node->size, 0, (size_t)(offset - node->size));
  for (i = 0; i < count && offset < end; i++) {
    size_t part = buffers[i].size < end - offset ? buffers[i].size : (size_t)(end - offset);
    memmove(node->data + offset, buffers[i].data, part);
    offset += part;
    *done += part;
  }
  if (offset > node->size)
    node->size = offset;
  node->mtime = node->ctime = now(it->fs);
  return WASI_OK;
}

static wasi_errno_t mem_read(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                             size_t *done) {
  open_file_t *it = file_of(file);
  wasi_errno_t error = read_at(it, buffers, count, it->position, done);
  it->position += *done;
  return error;
}

static wasi_errno_t mem_write(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                              size_t *done) {
  open_file_t *it = file_of(file);
  uint64_t offset = it->append ? it->node->size : it->position;
  wasi_errno_t error = write_at(it, buffers, count, offset, done);
  if (error == WASI_OK && *done > 0)
    it->position = offset + *done;
  return error;
}

static wasi_errno_t mem_pread(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                              int64_t offset, size_t *done) {
  return read_at(file_of(file), buffers, count, (uint64_t)offset, done);
}

/* At the end of a file that is appended to, as on Linux. */
static wasi_errno_t mem_pwrite(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                               int64_t offset, size_t *done) {
  open_file_t *it = file_of(file);
  return write_at(it, buffers, count, it->append ? it->node->size : (uint64_t)offset, done);
}

static wasi_errno_t mem_seek(port_file_t file, int64_t offset, uint32_t whence,
                             uint64_t *position) {
  open_file_t *it = file_of(file);
  uint64_t base = whence == WASI_SEEK_SET   ? 0
                  : whence == WASI_SEEK_CUR ? it->position
                                            : it->node->size;
  uint64_t magnitude = offset < 0 ? 0 - (uint64_t)offset : (uint64_t)offset;
  if (offset < 0 ? magnitude > base : magnitude > INT64_MAX - base)
    return WASI_INVAL;
  it->position = offset < 0 ? base - magnitude : base + magnitude;
  *position = it->position;
  return WASI_OK;
}

static wasi_errno_t mem_sync(port_file_t file, bool data_only) {
  (void)file;
  (void)data_only;
  return WASI_OK;
}

static wasi_errno_t mem_resize(port_file_t file, int64_t size) {
  open_file_t *it = file_of(file);
  if (!it->write || it->node->type != WASI_TYPE_REGULAR)
    return WASI_INVAL;
  return set_size(it->fs, it->node, (uint64_t)size);
}

static wasi_errno_t mem_set_append(port_file_t file, bool append) {
  file_of(file)->append = append;
  return WASI_OK;
}

static void set_node_times(const wdn_wasi_memfs_t *fs, node_t *node, const port_times_t *times) {
  uint64_t present = now(fs);
  if ((times->flags & WASI_FST_ATIM) != 0)
    node->atime = times->atime;
  else if ((times->flags & WASI_FST_ATIM_NOW) != 0)
    node->atime = present;
  if ((times->flags & WASI_FST_MTIM) != 0)
    node->mtime = times->mtime;
  else if ((times->flags & WASI_FST_MTIM_NOW) != 0)
    node->mtime = present;
  node->ctime = present;
}

static wasi_errno_t mem_set_times(port_file_t file, const port_times_t *times) {
  set_node_times(file_of(file)->fs, file_of(file)->node, times);
  return WASI_OK;
}

/* ---- Names ------------------------------------------------------------------------- */

static wasi_errno_t check_name(const char *name) {
  return strlen(name) > NAME_MAX_SIZE ? WASI_NAMETOOLONG : WASI_OK;
}

/* The node of a name that must exist. */
static wasi_errno_t need(port_file_t dir, const char *name, node_t **node) {
  *node = look_up(file_of(dir)->node, name);
  if (*node != NULL)
    return WASI_OK;
  return check_name(name) != WASI_OK ? WASI_NAMETOOLONG : WASI_NOENT;
}

static wasi_errno_t check_open(const node_t *node, const port_open_t *how) {
  const uint32_t exclusive = WASI_O_CREAT | WASI_O_EXCL;
  if ((how->oflags & exclusive) == exclusive)
    return WASI_EXIST;
  if (node->type == WASI_TYPE_SYMLINK)
    return (how->oflags & WASI_O_DIRECTORY) != 0 ? WASI_NOTDIR : WASI_LOOP;
  if (node->type != WASI_TYPE_DIRECTORY)
    return (how->oflags & WASI_O_DIRECTORY) != 0 ? WASI_NOTDIR : WASI_OK;
  return how->write || (how->oflags & (WASI_O_CREAT | WASI_O_TRUNC)) != 0 ? WASI_ISDIR : WASI_OK;
}

static wasi_errno_t mem_open_at(port_file_t dir, const char *name, const port_open_t *how,
                                port_file_t *file) {
  open_file_t *in = file_of(dir);
  node_t *node;
  wasi_errno_t error = need(dir, name, &node);
  if (error == WASI_OK) {
    error = check_open(node, how);
    if (error == WASI_OK && (how->oflags & WASI_O_TRUNC) != 0 && node->size > 0)
      error = set_size(in->fs, node, 0);
    return error == WASI_OK ? open_node(in->fs, node, &in->guest, how, file) : error;
  }
  if (error != WASI_NOENT || (how->oflags & WASI_O_CREAT) == 0)
    return error;
  error = make(in->fs, in->node, name, WASI_TYPE_REGULAR, &node);
  if (error != WASI_OK)
    return error;
  error = open_node(in->fs, node, &in->guest, how, file);
  if (error != WASI_OK)
    remove_entry(in->fs, in->node, find_entry(in->node, name, (uint32_t)strlen(name)));
  return error;
}

static wasi_errno_t mem_enter(port_file_t dir, const char *name, port_file_t *entered) {
  static const port_open_t how = {false, false, false, 0, 0};
  const open_file_t *in = file_of(dir);
  node_t *node;
  wasi_errno_t error = need(dir, name, &node);
  if (error == WASI_OK && node->type != WASI_TYPE_DIRECTORY)
    error = WASI_NOTDIR;
  return error == WASI_OK ? open_node(in->fs, node, &in->guest, &how, entered) : error;
}

static wasi_errno_t mem_stat_at(port_file_t dir, const char *name, port_stat_t *stat) {
  node_t *node;
  wasi_errno_t error = need(dir, name, &node);
  if (error == WASI_OK)
    fill_stat(node, stat);
  return error;
}

static wasi_errno_t mem_readlink_at(port_file_t dir, const char *name, char *target, size_t size,
                                    size_t *used) {
  node_t *node;
  wasi_errno_t error = need(dir, name, &node);
  if (error != WASI_OK)
    return error;
  if (node->type != WASI_TYPE_SYMLINK)
    return WASI_INVAL;
  *used = node->size < size ? (size_t)node->size : size;
  memcpy(target, node->data, *used);
  return WASI_OK;
}

static wasi_errno_t mem_set_times_at(port_file_t dir, const char *name, const port_times_t *times) {
  node_t *node;
  wasi_errno_t error = need(dir, name, &node);
  if (error == WASI_OK)
    set_node_times(file_of(dir)->fs, node, times);
  return error;
}

/* A name that must not exist. */
static wasi_errno_t need_no(port_file_t dir, const char *name) {
  node_t *node;
  wasi_errno_t error = need(dir, name, &node);
  return error == WASI_OK ? WASI_EXIST : error == WASI_NOENT ? WASI_OK : error;
}

static wasi_errno_t mem_mkdir_at(port_file_t dir, const char *name) {
  node_t *made;
  wasi_errno_t error = need_no(dir, name);
  return error == WASI_OK
             ? make(file_of(dir)->fs, file_of(dir)->node, name, WASI_TYPE_DIRECTORY, &made)
             : error;
}

static wasi_errno_t mem_unlink_at(port_file_t dir, const char *name, bool directory) {
  node_t *in = file_of(dir)->node, *node;
  wasi_errno_t error = need(dir, name, &node);
  if (error != WASI_OK)
    return error;
  if (node == in)
    return directory ? WASI_INVAL : WASI_ISDIR;
  if (node->type == WASI_TYPE_DIRECTORY) {
    if (!directory)
      return WASI_ISDIR;
    if (node->live > 0)
      return WASI_NOTEMPTY;
  } else if (directory) {
    return WASI_NOTDIR;
  }
  remove_entry(file_of(dir)->fs, in, find_entry(in, name, (uint32_t)strlen(name)));
  return WASI_OK;
}

static bool is_inside(const node_t *dir, const node_t *outer) {
  for (; dir != NULL && dir != outer; dir = dir->parent) {
  }
  return dir != NULL;
}

/* May `node`, which is in `from`, take the place of `old`, or of nothing, in `to`? */
static wasi_errno_t check_rename(const node_t *node, const node_t *from, const node_t *to,
                                 const node_t *old) {
  if (is_inside(to, node))
    return WASI_INVAL;
  if (old == NULL)
    return WASI_OK;
  if (is_inside(from, old))
    return WASI_NOTEMPTY;
  if (old->type != WASI_TYPE_DIRECTORY)
    return node->type == WASI_TYPE_DIRECTORY ? WASI_NOTDIR : WASI_OK;
  if (node->type != WASI_TYPE_DIRECTORY)
    return WASI_ISDIR;
  return old->live > 0 ? WASI_NOTEMPTY : WASI_OK;
}

static wasi_errno_t mem_rename_at(port_file_t dir, const char *name, port_file_t new_dir,
                                  const char *new_name) {
  wdn_wasi_memfs_t *fs = file_of(dir)->fs;
  node_t *from = file_of(dir)->node, *to = file_of(new_dir)->node, *node, *old;
  wasi_errno_t error;
  if (fs != file_of(new_dir)->fs)
    return WASI_XDEV;
  if (strcmp(name, ".") == 0 || strcmp(new_name, ".") == 0)
    return WASI_BUSY;
  error = need(dir, name, &node);
  if (error == WASI_OK)
    error = check_name(new_name);
  if (error != WASI_OK)
    return error;
  old = look_up(to, new_name);
  if (old == node)
    return WASI_OK;
  error = check_rename(node, from, to, old);
  if (error != WASI_OK)
    return error;
  /* The new name first: it is what can fail. Until the old one is gone, both are
   * found, the new one only if there was none. */
  error = add_entry(fs, to, new_name, node);
  if (error != WASI_OK)
    return error;
  if (old != NULL) {
    /* The table finds the older of two entries of one name. */
    remove_entry(fs, to, find_entry(to, new_name, (uint32_t)strlen(new_name)));
  }
  remove_entry(fs, from, find_entry(from, name, (uint32_t)strlen(name)));
  return WASI_OK;
}

static wasi_errno_t mem_link_at(port_file_t dir, const char *name, port_file_t new_dir,
                                const char *new_name) {
  node_t *node;
  wasi_errno_t error = need(dir, name, &node);
  if (error == WASI_OK)
    error = need_no(new_dir, new_name);
  if (error != WASI_OK)
    return error;
  if (file_of(dir)->fs != file_of(new_dir)->fs)
    return WASI_XDEV;
  if (node->type == WASI_TYPE_DIRECTORY)
    return WASI_PERM;
  return add_entry(file_of(dir)->fs, file_of(new_dir)->node, new_name, node);
}

static wasi_errno_t make_link(wdn_wasi_memfs_t *fs, node_t *dir, const char *name,
                              const char *target) {
  size_t size = strlen(target);
  node_t *node;
  wasi_errno_t error = make(fs, dir, name, WASI_TYPE_SYMLINK, &node);
  if (error != WASI_OK)
    return error;
  error = reserve_data(fs, node, size);
  if (error != WASI_OK) {
    remove_entry(fs, dir, find_entry(dir, name, (uint32_t)strlen(name)));
    return error;
  }
  if (size > 0)
    memcpy(node->data, target, size);
  node->size = size;
  return WASI_OK;
}

static wasi_errno_t mem_symlink_at(const char *target, port_file_t dir, const char *name) {
  wasi_errno_t error = need_no(dir, name);
  return error == WASI_OK ? make_link(file_of(dir)->fs, file_of(dir)->node, name, target) : error;
}

/* ---- Listings ------------------------------------------------------------------------ */

struct port_listing {
  port_file_t dir;
  uint32_t dots;  /* how many of "." and ".." were shown */
  uint64_t after; /* the serial number of the last entry shown */
};

static wasi_errno_t mem_list(port_file_t dir, port_listing_t **listing) {
  wasi_errno_t error;
  *listing = calloc(1, sizeof **listing);
  if (*listing == NULL)
    return WASI_NOMEM;
  error = mem_enter(dir, ".", &(*listing)->dir);
  if (error != WASI_OK)
    free(*listing);
  return error;
}

static void show(port_entry_t *entry, const node_t *node, const char *name, uint32_t size) {
  entry->inode = node->inode;
  entry->type = node->type;
  entry->name_size = size;
  memcpy(entry->name, name, size);
}

static wasi_errno_t mem_list_next(port_listing_t *listing, port_entry_t *entry) {
  const node_t *dir = file_of(listing->dir)->node;
  uint32_t low = 0, high = dir->count;
  entry->name_size = 0;
  if (dir->names == 0)
    return WASI_OK; /* removed, it has not even those */
  if (listing->dots < 2) {
    const node_t *parent = dir->parent != NULL ? dir->parent : dir;
    listing->dots++;
    show(entry, listing->dots == 1 ? dir : parent, "..", listing->dots);
    return WASI_OK;
  }
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (dir->entries[middle].serial <= listing->after)
      low = middle + 1;
    else
      high = middle;
  }
  while (low < dir->count && dir->entries[low].node == NULL)
    low++;
  if (low < dir->count) {
    listing->after = dir->entries[low].serial;
    show(entry, dir->entries[low].node, dir->entries[low].name, dir->entries[low].name_size);
  }
  return WASI_OK;
}

static void mem_list_rewind(port_listing_t *listing) {
  listing->dots = 0;
  listing->after = 0;
}

static void mem_list_close(port_listing_t *listing) {
  mem_close(listing->dir);
  free(listing);
}

static const fs_t mem_fs = {
    mem_close,        mem_stat,       mem_read,      mem_write,     mem_pread,
    mem_pwrite,       mem_seek,       mem_sync,      mem_resize,    mem_set_append,
    mem_set_times,    mem_open_at,    mem_enter,     mem_stat_at,   mem_readlink_at,
    mem_set_times_at, mem_mkdir_at,   mem_unlink_at, mem_rename_at, mem_link_at,
    mem_symlink_at,   NULL,           NULL,          mem_list,      mem_list_next,
    mem_list_rewind,  mem_list_close,
};
