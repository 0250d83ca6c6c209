/* A file system in memory.
 *
 * Nodes have names in directories and are kept while a name or an open file refers to
 * them. All memory is charged to the file system before it is allocated, so a guest
 * can use up its limit and nothing else. An entry of a directory has a serial number
 * that grows with time: a listing goes on after the last one it showed, whatever was
 * added or removed meanwhile. */
#include "wdn_wasi_memfs.h"
#include "wasi_fs.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_SIZE ((uint64_t)64 << 20)
#define DEFAULT_NODES 65536u
#define NAME_MAX_SIZE 255u
#define FILE_MAX ((uint64_t)INT32_MAX) /* bytes of one file, on any host */
#define DEVICE 1                       /* all there is */

typedef struct node node_t;

typedef struct entry {
  uint64_t serial;
  node_t *node; /* NULL once removed */
  uint32_t hash;
  uint32_t name_size;
  char *name; /* not terminated */
} entry_t;

struct node {
  uint8_t type;   /* WASI_TYPE_* */
  bool constant;  /* `data` is the host's and stays as it is */
  uint32_t names; /* entries that refer to it; the root has one */
  uint32_t opens;
  uint64_t inode;
  uint64_t atime, mtime, ctime;
  /* A regular file's contents, or a link's target. */
  uint8_t *data;
  uint64_t size;
  uint64_t capacity;
  /* A directory's entries, by serial number, and where each hash is among them,
   * plus one. */
  node_t *parent;
  entry_t *entries;
  uint32_t *table;
  uint32_t count, room, live;
  uint32_t table_size; /* 0 or a power of two, more than twice `room` */
  uint64_t key[2];     /* of the hashes: that of the file system, or its former one */
};

struct wdn_wasi_memfs {
  fs_in_memory_t head;
  uint64_t max_size, size;
  uint32_t max_nodes, nodes;
  uint64_t serial;
  node_t *root;
  const fs_guest_t *guest; /* whose doing it is; NULL: the host's */
};

/* What a handle is. */
typedef struct open_file {
  wdn_wasi_memfs_t *fs;
  node_t *node;
  fs_guest_t guest;
  uint64_t position;
  bool read, write, append;
} open_file_t;

#include "memfs_nodes.c"
#include "memfs_files.c"

/* ---- For hosts ----------------------------------------------------------------------- */

static wasi_errno_t open_root(fs_in_memory_t *self, const fs_guest_t *guest, port_file_t *dir) {
  static const port_open_t how = {true, false, false, 0, 0};
  wdn_wasi_memfs_t *fs = (wdn_wasi_memfs_t *)(void *)self;
  return open_node(fs, fs->root, guest, &how, dir);
}

wdn_wasi_memfs_t *wdn_wasi_memfs_create(const wdn_wasi_memfs_limits_t *limits) {
  wdn_wasi_memfs_t *fs = calloc(1, sizeof *fs);
  if (fs == NULL)
    return NULL;
  fs->head.fs = &mem_fs;
  fs->head.open_root = open_root;
  fs->max_size = limits != NULL && limits->max_size != 0 ? limits->max_size : DEFAULT_SIZE;
  fs->max_nodes = limits != NULL && limits->max_nodes != 0 ? limits->max_nodes : DEFAULT_NODES;
  if (node_new(fs, WASI_TYPE_DIRECTORY, &fs->root) != WASI_OK) {
    free(fs);
    return NULL;
  }
  fs->root->names = 1;
  return fs;
}

/* Without recursion: a directory's children are moved to the end of a list. */
void wdn_wasi_memfs_destroy(wdn_wasi_memfs_t *files) {
  node_t *next, *last;
  if (files == NULL)
    return;
  next = last = files->root;
  last->parent = NULL;
  while (next != NULL) {
    node_t *dir = next;
    uint32_t i;
    for (i = 0; i < dir->count; i++) {
      node_t *node = dir->entries[i].node;
      if (node == NULL || --node->names > 0)
        continue;
      if (node->type == WASI_TYPE_DIRECTORY) {
        node->parent = NULL;
        last->parent = node;
        last = node;
      } else {
        node_free(files, node);
      }
    }
    next = dir->parent;
    node_free(files, dir);
  }
  free(files);
}

/* The directory that a path's last component is in, and that component. Makes what
 * is missing on the way if `make_missing`. */
static node_t *find_parent(wdn_wasi_memfs_t *fs, const char *path, bool make_missing,
                           char name[NAME_MAX_SIZE + 1]) {
  node_t *dir = fs->root;
  fs->guest = NULL;
  for (;;) {
    size_t size = strcspn(path, "/");
    node_t *next;
    if (size == 0 || size > NAME_MAX_SIZE || dir->type != WASI_TYPE_DIRECTORY)
      return NULL;
    memcpy(name, path, size);
    name[size] = 0;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
      return NULL;
    if (path[size] == 0)
      return dir;
    next = look_up(dir, name);
    if (next == NULL &&
        (!make_missing || make(fs, dir, name, WASI_TYPE_DIRECTORY, &next) != WASI_OK))
      return NULL;
    dir = next;
    path += size + 1;
  }
}

bool wdn_wasi_memfs_add_directory(wdn_wasi_memfs_t *files, const char *path) {
  char name[NAME_MAX_SIZE + 1];
  node_t *dir = find_parent(files, path, true, name), *node;
  if (dir == NULL)
    return false;
  node = look_up(dir, name);
  if (node != NULL)
    return node->type == WASI_TYPE_DIRECTORY;
  return make(files, dir, name, WASI_TYPE_DIRECTORY, &node) == WASI_OK;
}

bool wdn_wasi_memfs_add_file(wdn_wasi_memfs_t *files, const char *path, const void *data,
                             size_t size, wdn_wasi_memfs_data_t how) {
  char name[NAME_MAX_SIZE + 1];
  node_t *dir = find_parent(files, path, true, name), *node;
  if (dir == NULL || size > FILE_MAX || look_up(dir, name) != NULL ||
      make(files, dir, name, WASI_TYPE_REGULAR, &node) != WASI_OK)
    return false;
  node->constant = true;
  node->data = (uint8_t *)(uintptr_t)data; /* never written to while it is constant */
  node->size = size;
  if (how == WDN_WASI_MEMFS_REFER || reserve_data(files, node, size) == WASI_OK)
    return true;
  remove_entry(files, dir, find_entry(dir, name, (uint32_t)strlen(name)));
  return false;
}

bool wdn_wasi_memfs_add_link(wdn_wasi_memfs_t *files, const char *path, const char *target) {
  char name[NAME_MAX_SIZE + 1];
  node_t *dir = find_parent(files, path, true, name);
  return dir != NULL && look_up(dir, name) == NULL &&
         make_link(files, dir, name, target) == WASI_OK;
}

const uint8_t *wdn_wasi_memfs_contents(wdn_wasi_memfs_t *files, const char *path, size_t *size) {
  static const uint8_t nothing;
  char name[NAME_MAX_SIZE + 1];
  node_t *dir = find_parent(files, path, false, name);
  const node_t *node = dir != NULL ? look_up(dir, name) : NULL;
  if (node == NULL || node->type != WASI_TYPE_REGULAR)
    return NULL;
  *size = (size_t)node->size;
  return node->data != NULL ? node->data : &nothing;
}

/* The directory at a path, which may be the root's, "". */
static const node_t *find_directory(wdn_wasi_memfs_t *fs, const char *path) {
  char name[NAME_MAX_SIZE + 1];
  node_t *dir = *path != 0 ? find_parent(fs, path, false, name) : NULL;
  const node_t *node = *path == 0 ? fs->root : dir != NULL ? look_up(dir, name) : NULL;
  return node != NULL && node->type == WASI_TYPE_DIRECTORY ? node : NULL;
}

bool wdn_wasi_memfs_list(wdn_wasi_memfs_t *files, const char *path, wdn_wasi_memfs_each_t each,
                         void *context) {
  const node_t *dir = find_directory(files, path);
  char name[NAME_MAX_SIZE + 1];
  uint32_t i;
  for (i = 0; dir != NULL && i < dir->count; i++) {
    const entry_t *entry = &dir->entries[i];
    if (entry->node == NULL)
      continue;
    memcpy(name, entry->name, entry->name_size);
    name[entry->name_size] = 0;
    each(context, name,
         entry->node->type == WASI_TYPE_DIRECTORY ? WDN_WASI_MEMFS_DIRECTORY
         : entry->node->type == WASI_TYPE_SYMLINK ? WDN_WASI_MEMFS_LINK
                                                  : WDN_WASI_MEMFS_FILE);
  }
  return dir != NULL;
}

uint64_t wdn_wasi_memfs_size(const wdn_wasi_memfs_t *files) {
  return files->size;
}
