/* From a path to one name in one open directory, without ever leaving the
 * directory that the guest was given.
 *
 * The result is used with a single call that does not follow links and gets no
 * slash, so nothing that happens to the tree in between can lead outside. Two
 * ways lead there: the kernel's (RESOLVE_BENEATH), and a walk that opens one
 * component after the other, expands links itself and answers ".." by going back
 * to the directory it came from, which it has kept open. */

#define LINKS_MAX 40     /* that one path may lead through */
#define ANCESTORS_MAX 64 /* directories that a walk keeps open for ".." */
#define ATTEMPTS_MAX 8   /* at what another process disturbs */

/* Where a path leads. The name may be "." and need not exist. */
typedef struct place {
  const fs_t *fs;
  port_file_t dir;
  bool close_dir;
  bool must_be_dir; /* the path ended in a slash */
  char name[PORT_NAME_LIMIT];
} place_t;

/* Which links that are the last component are followed. */
typedef enum follow {
  FOLLOW_NEVER = 0,
  FOLLOW_PLAIN = 1, /* those that no slash comes after */
  FOLLOW_SLASH = 2, /* the others */
  FOLLOW_ALWAYS = 3
} follow_t;

static bool follows(follow_t follow, const place_t *place) {
  return (follow & (place->must_be_dir ? FOLLOW_SLASH : FOLLOW_PLAIN)) != 0;
}

static void place_close(place_t *place) {
  if (place->close_dir)
    place->fs->close(place->dir);
  place->close_dir = false;
}

/* ---- The walk ------------------------------------------------------------------ */

typedef struct walk {
  const fs_t *fs;
  port_file_t base;                     /* the guest's */
  port_file_t ancestors[ANCESTORS_MAX]; /* opened on the way, the current one last */
  uint32_t depth;
  bool forgetful; /* more were opened than fit; the oldest are closed */
  uint32_t links;
  uint32_t at; /* in `path` */
  path_t path; /* what is left of it, and what links added */
} walk_t;

static port_file_t walk_here(const walk_t *walk) {
  return walk->depth > 0 ? walk->ancestors[walk->depth - 1] : walk->base;
}

static void walk_close(walk_t *walk) {
  while (walk->depth > 0)
    walk->fs->close(walk->ancestors[--walk->depth]);
}

static void walk_push(walk_t *walk, port_file_t dir) {
  if (walk->depth == ANCESTORS_MAX) {
    walk->fs->close(walk->ancestors[0]);
    memmove(walk->ancestors, walk->ancestors + 1, (ANCESTORS_MAX - 1) * sizeof(port_file_t));
    walk->depth--;
    walk->forgetful = true;
  }
  walk->ancestors[walk->depth++] = dir;
}

/* "..": never asked of the host. */
static wasi_errno_t walk_up(walk_t *walk) {
  if (walk->depth == 0)
    return WASI_PERM;
  walk->fs->close(walk->ancestors[--walk->depth]);
  return walk->depth == 0 && walk->forgetful ? WASI_NAMETOOLONG : WASI_OK;
}

/* Puts a link's target in place of its name, which ends at `end`; a slash that
 * follows stays. WASI_INVAL if it is no link. */
static wasi_errno_t walk_expand(walk_t *walk, const char *name, uint32_t end) {
  char target[PATH_LIMIT];
  size_t size = 0;
  size_t rest = walk->path.size - end;
  wasi_errno_t error = walk->fs->readlink_at(walk_here(walk), name, target, sizeof target, &size);
  if (error != WASI_OK)
    return error;
  if (size == 0)
    return WASI_NOENT;
  if (target[0] == '/')
    return WASI_PERM;
  if (++walk->links > LINKS_MAX)
    return WASI_LOOP;
  if (size + rest >= PATH_LIMIT)
    return WASI_NAMETOOLONG;
  memmove(walk->path.bytes + size, walk->path.bytes + end, rest + 1);
  memcpy(walk->path.bytes, target, size);
  walk->path.size = (uint32_t)(size + rest);
  walk->at = 0;
  return WASI_OK;
}

/* A component that another one follows. */
static wasi_errno_t walk_enter(walk_t *walk, const char *name, uint32_t end) {
  port_file_t dir;
  wasi_errno_t error = walk->fs->enter(walk_here(walk), name, &dir);
  if (error == WASI_OK) {
    walk_push(walk, dir);
    walk->at = end;
    return WASI_OK;
  }
  if (error != WASI_NOTDIR && error != WASI_LOOP)
    return error;
  error = walk_expand(walk, name, end);
  return error == WASI_INVAL ? WASI_NOTDIR : error;
}

/* One component. `done` once `place` has the last one's name. */
static wasi_errno_t walk_step(walk_t *walk, follow_t follow, place_t *place, bool *done) {
  const char *path = walk->path.bytes;
  uint32_t start = walk->at + (uint32_t)strspn(path + walk->at, "/");
  uint32_t size = (uint32_t)strcspn(path + start, "/");
  uint32_t end = start + size;
  uint32_t next = end + (uint32_t)strspn(path + end, "/");
  wasi_errno_t error;
  if (size >= PORT_NAME_LIMIT)
    return WASI_NAMETOOLONG;
  memcpy(place->name, path + start, size);
  place->name[size] = 0;
  walk->at = end;
  if (size == 0) {
    strcpy(place->name, ".");
    place->must_be_dir = false; /* it is one */
    *done = true;
    return WASI_OK;
  }
  if (strcmp(place->name, ".") == 0)
    return WASI_OK;
  if (strcmp(place->name, "..") == 0)
    return walk_up(walk);
  if (path[next] != 0)
    return walk_enter(walk, place->name, end);
  place->must_be_dir = next > end;
  if (follows(follow, place)) {
    error = walk_expand(walk, place->name, end);
    if (error == WASI_OK)
      return WASI_OK;
    if (error != WASI_INVAL && error != WASI_NOENT)
      return error;
  }
  *done = true;
  return WASI_OK;
}

static wasi_errno_t resolve_by_walk(const fd_t *base, const path_t *path, follow_t follow,
                                    place_t *place) {
  walk_t walk;
  bool done = false;
  wasi_errno_t error = WASI_OK;
  walk.fs = base->fs;
  walk.base = base->file;
  walk.depth = 0;
  walk.forgetful = false;
  walk.links = 0;
  walk.at = 0;
  walk.path.size = path->size;
  memcpy(walk.path.bytes, path->bytes, path->size + 1);
  while (error == WASI_OK && !done)
    error = walk_step(&walk, follow, place, &done);
  if (error == WASI_OK) {
    place->fs = walk.fs;
    place->dir = walk_here(&walk);
    place->close_dir = walk.depth > 0;
    walk.depth -= place->close_dir;
  }
  walk_close(&walk);
  return error;
}

/* ---- The kernel's way ------------------------------------------------------------ */

static bool kernel_resolves(const wdn_wasi_t *wasi, const fd_t *dir) {
  return wasi->kernel_resolves && dir->fs->open_beneath != NULL;
}

/* WASI_AGAIN if the walk has to decide: the tree changes too quickly, or there is
 * a link that no path may lead through. */
static wasi_errno_t enter_beneath(const fd_t *base, const char *path, place_t *place) {
  uint32_t attempts = ATTEMPTS_MAX / 2;
  wasi_errno_t error;
  do
    error = base->fs->enter_beneath(base->file, path, &place->dir);
  while (error == WASI_AGAIN && --attempts > 0);
  place->close_dir = error == WASI_OK;
  return error == WASI_LOOP ? WASI_AGAIN : error;
}

/* Finds the last component; false if it is too long. */
static bool split(const path_t *path, size_t *start, place_t *place) {
  size_t end = path->size;
  while (end > 1 && path->bytes[end - 1] == '/')
    end--;
  for (*start = end; *start > 0 && path->bytes[*start - 1] != '/';)
    --*start;
  if (end - *start >= PORT_NAME_LIMIT)
    return false;
  memcpy(place->name, path->bytes + *start, end - *start);
  place->name[end - *start] = 0;
  place->must_be_dir = end < path->size;
  return true;
}

/* The kernel finds the parent; what the last component is, is looked at here.
 * WASI_AGAIN if the walk has to decide. */
static wasi_errno_t resolve_by_kernel(const fd_t *base, path_t *path, follow_t follow,
                                      place_t *place) {
  char byte;
  size_t used, start;
  wasi_errno_t error = WASI_OK;
  place->fs = base->fs;
  place->dir = base->file;
  if (!split(path, &start, place))
    return WASI_AGAIN;
  if (strcmp(place->name, ".") == 0 || strcmp(place->name, "..") == 0) {
    error = path->size == 1 ? WASI_OK : enter_beneath(base, path->bytes, place);
    strcpy(place->name, ".");
    place->must_be_dir = false;
    return error;
  }
  if (start > 0) {
    path->bytes[start] = 0;
    error = enter_beneath(base, path->bytes, place);
    path->bytes[start] = place->name[0];
  }
  if (error == WASI_OK && follows(follow, place) &&
      place->fs->readlink_at(place->dir, place->name, &byte, 1, &used) == WASI_OK) {
    place_close(place);
    return WASI_AGAIN;
  }
  return error;
}

/* ---- Either ------------------------------------------------------------------------ */

/* On success the caller closes the place. */
static wasi_errno_t resolve(const wdn_wasi_t *wasi, const fd_t *dir, path_t *path, follow_t follow,
                            place_t *place) {
  wasi_errno_t error = WASI_AGAIN;
  memset(place, 0, sizeof *place);
  if (kernel_resolves(wasi, dir))
    error = resolve_by_kernel(dir, path, follow, place);
  return error == WASI_AGAIN ? resolve_by_walk(dir, path, follow, place) : error;
}

/* What a place names. */
static wasi_errno_t place_stat(const place_t *place, port_stat_t *stat) {
  wasi_errno_t error = place->fs->stat_at(place->dir, place->name, stat);
  if (error == WASI_OK && place->must_be_dir && stat->type != WASI_TYPE_DIRECTORY)
    return WASI_NOTDIR;
  return error;
}
