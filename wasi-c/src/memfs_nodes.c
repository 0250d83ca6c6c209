/* Of a file system in memory: nodes, their contents, and directories. Included by
 * memfs.c. */

/* ---- Memory ---------------------------------------------------------------------- */

static bool charge(wdn_wasi_memfs_t *fs, uint64_t size) {
  if (size > fs->max_size - fs->size)
    return false;
  fs->size += size;
  return true;
}

/* Changes a block that was charged; NULL and nothing changed if it must not be. */
static void *resize_block(wdn_wasi_memfs_t *fs, void *old, uint64_t old_size, uint64_t size) {
  void *block = NULL;
  if (size > old_size && !charge(fs, size - old_size))
    return NULL;
  if (size <= SIZE_MAX)
    block = realloc(old, size > 0 ? (size_t)size : 1);
  if (size > old_size && block == NULL)
    fs->size -= size - old_size;
  if (size < old_size && block != NULL)
    fs->size -= old_size - size;
  return block;
}

static void free_block(wdn_wasi_memfs_t *fs, void *block, uint64_t size) {
  if (block != NULL)
    fs->size -= size;
  free(block);
}

static uint64_t now(const wdn_wasi_memfs_t *fs) {
  return fs->guest != NULL ? fs->guest->now(fs->guest->wasi) : 0;
}

static wasi_errno_t node_new(wdn_wasi_memfs_t *fs, uint8_t type, node_t **made) {
  node_t *node;
  if (fs->nodes >= fs->max_nodes || !charge(fs, sizeof *node))
    return WASI_NOSPC;
  node = calloc(1, sizeof *node);
  if (node == NULL) {
    fs->size -= sizeof *node;
    return WASI_NOMEM;
  }
  fs->nodes++;
  node->type = type;
  node->inode = ++fs->serial;
  node->atime = node->mtime = node->ctime = now(fs);
  *made = node;
  return WASI_OK;
}

static void node_free(wdn_wasi_memfs_t *fs, node_t *node) {
  uint32_t i;
  for (i = 0; i < node->count; i++)
    free_block(fs, node->entries[i].name, node->entries[i].name_size);
  free_block(fs, node->entries, node->room * (uint64_t)sizeof(entry_t));
  free_block(fs, node->table, node->table_size * (uint64_t)sizeof(uint32_t));
  if (!node->constant)
    free_block(fs, node->data, node->capacity);
  free_block(fs, node, sizeof *node);
  fs->nodes--;
}

static void node_drop(wdn_wasi_memfs_t *fs, node_t *node) {
  if (node->names == 0 && node->opens == 0)
    node_free(fs, node);
}

/* ---- Directories ------------------------------------------------------------------- */

static uint64_t rotate(uint64_t x, unsigned bits) {
  return x << bits | x >> (64 - bits);
}

static void mix(uint64_t v[4]) {
  v[0] += v[1], v[2] += v[3];
  v[1] = rotate(v[1], 13) ^ v[0], v[3] = rotate(v[3], 16) ^ v[2];
  v[0] = rotate(v[0], 32);
  v[2] += v[1], v[0] += v[3];
  v[1] = rotate(v[1], 17) ^ v[2], v[3] = rotate(v[3], 21) ^ v[0];
  v[2] = rotate(v[2], 32);
}

/* SipHash-1-3: without the key nobody can find names whose hashes are alike, and make
 * every access of a directory a walk through all of it. */
static uint32_t hash_name(const uint64_t key[2], const char *name, uint32_t size) {
  uint64_t v[4], word = 0;
  uint32_t i;
  v[0] = key[0] ^ 0x736f6d6570736575u, v[1] = key[1] ^ 0x646f72616e646f6du;
  v[2] = key[0] ^ 0x6c7967656e657261u, v[3] = key[1] ^ 0x7465646279746573u;
  for (i = 0; i < size; i++) {
    word |= (uint64_t)(uint8_t)name[i] << (i % 8 * 8);
    if (i % 8 == 7) {
      v[3] ^= word, mix(v), v[0] ^= word;
      word = 0;
    }
  }
  word |= (uint64_t)size << 56;
  v[3] ^= word, mix(v), v[0] ^= word;
  v[2] ^= 0xff;
  mix(v), mix(v), mix(v);
  return (uint32_t)(v[0] ^ v[1] ^ v[2] ^ v[3]);
}

/* Where an entry of that name is, or NULL. */
static entry_t *find_entry(const node_t *dir, const char *name, uint32_t size) {
  uint32_t hash = hash_name(dir->key, name, size), at;
  if (dir->table_size == 0)
    return NULL;
  for (at = hash;; at++) {
    uint32_t place = dir->table[at & (dir->table_size - 1)];
    entry_t *entry;
    if (place == 0)
      return NULL;
    entry = &dir->entries[place - 1];
    if (entry->node != NULL && entry->hash == hash && entry->name_size == size &&
        memcmp(entry->name, name, size) == 0)
      return entry;
  }
}

static void enter_into_table(node_t *dir, uint32_t i) {
  uint32_t at = dir->entries[i].hash;
  while (dir->table[at & (dir->table_size - 1)] != 0)
    at++;
  dir->table[at & (dir->table_size - 1)] = i + 1;
}

/* Leaves out the removed entries, and goes over to a new key. */
static void compact(wdn_wasi_memfs_t *fs, node_t *dir) {
  uint32_t i, to = 0;
  bool rekey = memcmp(dir->key, fs->head.key, sizeof dir->key) != 0;
  memcpy(dir->key, fs->head.key, sizeof dir->key);
  memset(dir->table, 0, dir->table_size * sizeof(uint32_t));
  for (i = 0; i < dir->count; i++) {
    if (dir->entries[i].node == NULL) {
      free_block(fs, dir->entries[i].name, dir->entries[i].name_size);
      continue;
    }
    dir->entries[to] = dir->entries[i];
    if (rekey)
      dir->entries[to].hash =
          hash_name(dir->key, dir->entries[to].name, dir->entries[to].name_size);
    enter_into_table(dir, to++);
  }
  dir->count = to;
}

/* Makes the table of hashes twice as large as what it will be asked to hold. */
static bool grow_table(wdn_wasi_memfs_t *fs, node_t *dir, uint32_t size) {
  uint32_t *table = resize_block(fs, dir->table, dir->table_size * (uint64_t)sizeof(uint32_t),
                                 size * (uint64_t)sizeof(uint32_t));
  if (table == NULL)
    return false;
  dir->table = table;
  dir->table_size = size;
  compact(fs, dir);
  return true;
}

/* Has room for one more entry. */
static bool reserve_entry(wdn_wasi_memfs_t *fs, node_t *dir) {
  uint32_t room = dir->room > 0 ? dir->room * 2 : 4;
  entry_t *entries;
  if (dir->count < dir->room)
    return true;
  if (dir->room > 0 && dir->live <= dir->room / 2) {
    compact(fs, dir);
    return true;
  }
  if (dir->table_size < room * 2 && !grow_table(fs, dir, room * 2))
    return false;
  entries = resize_block(fs, dir->entries, dir->room * (uint64_t)sizeof(entry_t),
                         room * (uint64_t)sizeof(entry_t));
  if (entries == NULL)
    return false;
  dir->entries = entries;
  dir->room = room;
  return true;
}

/* Gives a node a name. */
static wasi_errno_t add_entry(wdn_wasi_memfs_t *fs, node_t *dir, const char *name, node_t *node) {
  uint32_t size = (uint32_t)strlen(name);
  char *copy;
  entry_t *entry;
  if (size > NAME_MAX_SIZE)
    return WASI_NAMETOOLONG;
  if (dir->names == 0)
    return WASI_NOENT; /* it was removed while somebody had it open */
  if (!reserve_entry(fs, dir))
    return WASI_NOSPC;
  copy = resize_block(fs, NULL, 0, size);
  if (copy == NULL)
    return WASI_NOSPC;
  memcpy(copy, name, size);
  entry = &dir->entries[dir->count];
  entry->serial = ++fs->serial;
  entry->node = node;
  entry->hash = hash_name(dir->key, name, size);
  entry->name = copy;
  entry->name_size = size;
  enter_into_table(dir, dir->count++);
  dir->live++;
  node->names++;
  if (node->type == WASI_TYPE_DIRECTORY)
    node->parent = dir;
  dir->mtime = dir->ctime = node->ctime = now(fs);
  return WASI_OK;
}

static void remove_entry(wdn_wasi_memfs_t *fs, node_t *dir, entry_t *entry) {
  node_t *node = entry->node;
  entry->node = NULL;
  dir->live--;
  dir->mtime = dir->ctime = node->ctime = now(fs);
  if (--node->names == 0)
    node->parent = NULL; /* which may go before it, if it is open */
  node_drop(fs, node);
}

/* A node by its name in a directory. */
static node_t *look_up(node_t *dir, const char *name) {
  entry_t *entry;
  if (strcmp(name, ".") == 0)
    return dir;
  entry = find_entry(dir, name, (uint32_t)strlen(name));
  return entry != NULL ? entry->node : NULL;
}

/* Makes a node with a name. */
static wasi_errno_t make(wdn_wasi_memfs_t *fs, node_t *dir, const char *name, uint8_t type,
                         node_t **made) {
  wasi_errno_t error = node_new(fs, type, made);
  if (error != WASI_OK)
    return error;
  error = add_entry(fs, dir, name, *made);
  if (error != WASI_OK)
    node_free(fs, *made);
  return error;
}

/* ---- Contents ------------------------------------------------------------------------ */

/* The contents are the file's own and have room for `size` bytes. */
static wasi_errno_t reserve_data(wdn_wasi_memfs_t *fs, node_t *node, uint64_t size) {
  uint64_t capacity = node->capacity;
  uint8_t *data;
  if (size > FILE_MAX)
    return WASI_FBIG;
  if (!node->constant && size <= capacity)
    return WASI_OK;
  if (node->constant) {
    uint64_t kept = node->size < size ? node->size : size;
    data = resize_block(fs, NULL, 0, size);
    if (data == NULL)
      return WASI_NOSPC;
    if (kept > 0)
      memcpy(data, node->data, (size_t)kept);
    node->constant = false;
    capacity = size;
  } else {
    capacity = size > capacity + capacity / 2 ? size : capacity + capacity / 2;
    data = resize_block(fs, node->data, node->capacity, capacity);
    if (data == NULL) {
      capacity = size; /* with nothing to spare */
      data = resize_block(fs, node->data, node->capacity, capacity);
    }
    if (data == NULL)
      return WASI_NOSPC;
  }
  node->data = data;
  node->capacity = capacity;
  return WASI_OK;
}

/* Makes a file longer, by zeros, or shorter. */
static wasi_errno_t set_size(wdn_wasi_memfs_t *fs, node_t *node, uint64_t size) {
  uint64_t old = node->size;
  wasi_errno_t error = reserve_data(fs, node, size);
  if (error != WASI_OK)
    return error;
  if (size > old) {
    memset(node->data + old, 0, (size_t)(size - old));
  } else if (size < node->capacity / 4) {
    uint8_t *data = resize_block(fs, node->data, node->capacity, size);
    node->data = data != NULL ? data : node->data;
    node->capacity = data != NULL ? size : node->capacity;
  }
  node->size = size;
  node->mtime = node->ctime = now(fs);
  return WASI_OK;
}
