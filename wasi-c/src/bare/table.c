/* The guest's descriptors: 0 to 2 are the host's callbacks, from 3 on they are the
 * host's array of open files, of which the first is the ROM's directory. */

/* A firmware without a ROM saves a quarter of the code with it. */
#if defined(WDN_WASI_BARE_NO_FILES)
#define FILES false
#else
#define FILES true
#endif

#define FIRST_FILE 3u
#define NO_ENTRY UINT32_MAX

static uint8_t *guest_at(const wdn_wasi_bare_t *wasi, uint32_t address, uint32_t size) {
  return memory_at(wasi->memory, address, size);
}

static bool is_stream(const wdn_wasi_bare_t *wasi, uint32_t fd) {
  return fd < FIRST_FILE && (wasi->closed >> fd & 1) == 0;
}

/* NULL if it is no open file or directory. */
static wdn_wasi_bare_file_t *file_at(const wdn_wasi_bare_t *wasi, uint32_t fd) {
  uint32_t index = fd - FIRST_FILE; /* of a stream, too large */
  if (!FILES || index >= wasi->file_count || wasi->files[index].entry == NO_ENTRY)
    return NULL;
  return &wasi->files[index];
}

/* A path that is not the whole of an entry's is that of a directory. */
static bool is_directory(const wdn_wasi_bare_t *wasi, const wdn_wasi_bare_file_t *file) {
  return file->path_size == 0 || wasi->config->rom[file->entry].path[file->path_size] != 0;
}

/* A file with content; WASI_SPIPE is a stream. */
static wasi_errno_t get_file(const wdn_wasi_bare_t *wasi, uint32_t fd,
                             wdn_wasi_bare_file_t **file) {
  *file = file_at(wasi, fd);
  if (*file == NULL)
    return is_stream(wasi, fd) ? WASI_SPIPE : WASI_BADF;
  return is_directory(wasi, *file) ? WASI_ISDIR : WASI_OK;
}

static bool is_open(const wdn_wasi_bare_t *wasi, uint32_t fd) {
  return file_at(wasi, fd) != NULL || is_stream(wasi, fd);
}

/* What is left of a file after its position. */
static uint32_t file_left(const wdn_wasi_bare_t *wasi, const wdn_wasi_bare_file_t *file) {
  uint32_t size = wasi->config->rom[file->entry].size;
  return file->position < size ? size - (uint32_t)file->position : 0;
}

void wdn_wasi_bare_init(wdn_wasi_bare_t *wasi, const wdn_wasi_bare_config_t *config,
                        wdn_wasi_bare_file_t *files, uint32_t file_count) {
  uint32_t i;
  if (!FILES)
    file_count = 0;
  memset(wasi, 0, sizeof *wasi);
  wasi->config = config;
  wasi->files = files;
  wasi->file_count = file_count;
  for (i = 0; i < file_count; i++)
    files[i].entry = NO_ENTRY;
  if (file_count > 0)
    memset(&files[0], 0, sizeof files[0]);
}

void wdn_wasi_bare_attach(wdn_wasi_bare_t *wasi, void *instance, const wdn_module_t *module) {
  uint32_t i;
  wasi->instance = instance;
  wasi->end = NULL;
  wasi->memory = NULL;
  for (i = 0; i < module->export_count; i++) {
    const wdn_export_t *it = &module->exports[i];
    if (it->kind == WDN_MEMORY && !it->imported && it->name.size == 6 &&
        memcmp(it->name.bytes, "memory", 6) == 0)
      wasi->memory = (const wdn_memory_t *)(const void *)((uint8_t *)instance + it->slot);
  }
}

uint32_t wdn_wasi_fd_close(void *context, uint32_t fd) {
  wdn_wasi_bare_t *wasi = context;
  wdn_wasi_bare_file_t *file = file_at(wasi, fd);
  if (file != NULL)
    file->entry = NO_ENTRY;
  else if (is_stream(wasi, fd))
    wasi->closed |= 1u << fd;
  else
    return WASI_BADF;
  return WASI_OK;
}

/* Streams stay where they are. */
uint32_t wdn_wasi_fd_renumber(void *context, uint32_t from, uint32_t to) {
  wdn_wasi_bare_t *wasi = context;
  wdn_wasi_bare_file_t *old = file_at(wasi, from), *new = file_at(wasi, to);
  if (!is_open(wasi, from) || !is_open(wasi, to))
    return WASI_BADF;
  if (from == to)
    return WASI_OK;
  if (old == NULL || new == NULL)
    return WASI_NOTSUP;
  *new = *old;
  old->entry = NO_ENTRY;
  return WASI_OK;
}
