/* The port to Windows: directories, and what is done to names in them. Included by
 * windows.c. */

static wasi_errno_t keep(HANDLE handle, const port_open_t *how, port_file_t *file) {
  open_file_t *own = calloc(1, sizeof *own);
  uint8_t type = WASI_TYPE_UNKNOWN;
  wasi_errno_t error = own != NULL ? handle_type(handle, &type) : WASI_NOMEM;
  if (error != WASI_OK) {
    free(own);
    (void)CloseHandle(handle);
    return error;
  }
  own->handle = handle;
  own->directory = type == WASI_TYPE_DIRECTORY;
  own->readable = how->read;
  own->writable = how->write;
  own->append = (how->fdflags & WASI_FD_APPEND) != 0;
  *file = (port_file_t)own;
  return WASI_OK;
}

static const port_open_t plainly = {true, false, false, 0, 0};

static wasi_errno_t keep_directory(HANDLE handle, port_file_t *dir) {
  uint8_t type = WASI_TYPE_UNKNOWN;
  wasi_errno_t error = handle_type(handle, &type);
  if (error == WASI_OK && type != WASI_TYPE_DIRECTORY)
    error = type == WASI_TYPE_SYMLINK ? WASI_LOOP : WASI_NOTDIR;
  if (error == WASI_OK)
    return keep(handle, &plainly, dir);
  (void)CloseHandle(handle);
  return error;
}

/* The host's own path may lead anywhere. */
static wasi_errno_t port_open_preopen(const char *path, int fd, port_file_t *dir) {
  WCHAR units[PATH_LIMIT];
  HANDLE handle;
  if (path == NULL) {
    HANDLE from = handle_of(fd);
    if (!DuplicateHandle(GetCurrentProcess(), from, GetCurrentProcess(), &handle, 0, FALSE,
                         DUPLICATE_SAME_ACCESS))
      return port_error();
    return keep_directory(handle, dir);
  }
  if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, units, PATH_LIMIT) <= 0)
    return GetLastError() == ERROR_INSUFFICIENT_BUFFER ? WASI_NAMETOOLONG : WASI_NOENT;
  handle = CreateFileW(units, FILE_LIST_DIRECTORY | FILE_TRAVERSE | FILE_READ_ATTRIBUTES, SHARE_ALL,
                       NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
  return handle != INVALID_HANDLE_VALUE ? keep_directory(handle, dir) : port_error();
}

static wasi_errno_t port_open_stream(const char *path, bool write, port_file_t *file) {
  static const port_open_t append = {false, true, false, 0, WASI_FD_APPEND};
  WCHAR units[PATH_LIMIT];
  HANDLE handle;
  if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, units, PATH_LIMIT) <= 0)
    return GetLastError() == ERROR_INSUFFICIENT_BUFFER ? WASI_NAMETOOLONG : WASI_NOENT;
  handle = CreateFileW(units, write ? FILE_GENERIC_WRITE : FILE_GENERIC_READ, SHARE_ALL, NULL,
                       write ? CREATE_ALWAYS : OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
  if (handle == INVALID_HANDLE_VALUE)
    return port_error();
  return keep(handle, write ? &append : &plainly, file);
}

/* A file that was just opened, if it is what was asked for. */
static wasi_errno_t check_opened(HANDLE handle, const port_open_t *how) {
  FILE_END_OF_FILE_INFO empty;
  uint8_t type = WASI_TYPE_UNKNOWN;
  wasi_errno_t error = handle_type(handle, &type);
  if (error != WASI_OK)
    return error;
  if (type == WASI_TYPE_SYMLINK)
    return WASI_LOOP;
  if (type == WASI_TYPE_DIRECTORY)
    return how->write || (how->oflags & (WASI_O_CREAT | WASI_O_TRUNC)) != 0 ? WASI_ISDIR : WASI_OK;
  if ((how->oflags & WASI_O_TRUNC) == 0)
    return WASI_OK;
  empty.EndOfFile.QuadPart = 0;
  return port_result(SetFileInformationByHandle(handle, FileEndOfFileInfo, &empty, sizeof empty));
}

/* A file is emptied after it was opened, because a link would be otherwise. */
static wasi_errno_t port_open_at(port_file_t dir, const char *name, const port_open_t *how,
                                 port_file_t *file) {
  const uint32_t exclusive = WASI_O_CREAT | WASI_O_EXCL;
  const uint32_t synchronous = WASI_FD_DSYNC | WASI_FD_SYNC | WASI_FD_RSYNC;
  ACCESS_MASK access = 0;
  ULONG disposition = FILE_OPEN, options = 0;
  HANDLE handle;
  wasi_errno_t error;
  access |= how->read ? FILE_GENERIC_READ : 0;
  access |= how->write ? FILE_GENERIC_WRITE : 0;
  access |= (how->oflags & WASI_O_TRUNC) != 0 ? FILE_WRITE_DATA : 0;
  if ((how->oflags & exclusive) == exclusive)
    disposition = FILE_CREATE;
  else if ((how->oflags & WASI_O_CREAT) != 0)
    disposition = FILE_OPEN_IF;
  options |= (how->oflags & WASI_O_DIRECTORY) != 0 ? FILE_DIRECTORY_FILE : 0;
  options |= (how->fdflags & synchronous) != 0 ? FILE_WRITE_THROUGH : 0;
  error = open_component(handle_of(dir), name, access, disposition, options, &handle);
  if (error != WASI_OK)
    return error;
  error = check_opened(handle, how);
  if (error == WASI_OK)
    return keep(handle, how, file);
  (void)CloseHandle(handle);
  return error;
}

static wasi_errno_t port_enter(port_file_t dir, const char *name, port_file_t *entered) {
  HANDLE handle;
  wasi_errno_t error = open_component(handle_of(dir), name, FILE_LIST_DIRECTORY | FILE_TRAVERSE,
                                      FILE_OPEN, FILE_DIRECTORY_FILE, &handle);
  return error == WASI_OK ? keep_directory(handle, entered) : error;
}

/* ---- Looking, and times ------------------------------------------------------------- */

static wasi_errno_t port_stat_at(port_file_t dir, const char *name, port_stat_t *stat) {
  HANDLE handle;
  wasi_errno_t error = open_component(handle_of(dir), name, 0, FILE_OPEN, 0, &handle);
  if (error != WASI_OK)
    return error;
  error = disk_stat(handle, stat);
  (void)CloseHandle(handle);
  return error;
}

static int64_t new_time(uint64_t time, uint32_t flags, uint32_t set, uint32_t set_now) {
  FILETIME now;
  if ((flags & set) != 0)
    return (int64_t)(time / 100 + EPOCH);
  if ((flags & set_now) == 0)
    return 0; /* keeps it */
  GetSystemTimePreciseAsFileTime(&now);
  return (int64_t)ticks_of(&now);
}

/* Takes the handle. */
static wasi_errno_t set_times(HANDLE handle, const port_times_t *times) {
  FILE_BASIC_INFO info;
  wasi_errno_t error;
  memset(&info, 0, sizeof info);
  info.LastAccessTime.QuadPart =
      new_time(times->atime, times->flags, WASI_FST_ATIM, WASI_FST_ATIM_NOW);
  info.LastWriteTime.QuadPart =
      new_time(times->mtime, times->flags, WASI_FST_MTIM, WASI_FST_MTIM_NOW);
  error = port_result(SetFileInformationByHandle(handle, FileBasicInfo, &info, sizeof info));
  (void)CloseHandle(handle);
  return error;
}

static wasi_errno_t port_set_times(port_file_t file, const port_times_t *times) {
  HANDLE handle;
  wasi_errno_t error = reopen(handle_of(file), FILE_WRITE_ATTRIBUTES, &handle);
  return error == WASI_OK ? set_times(handle, times) : error;
}

static wasi_errno_t port_set_times_at(port_file_t dir, const char *name,
                                      const port_times_t *times) {
  HANDLE handle;
  wasi_errno_t error =
      open_component(handle_of(dir), name, FILE_WRITE_ATTRIBUTES, FILE_OPEN, 0, &handle);
  return error == WASI_OK ? set_times(handle, times) : error;
}

/* ---- Links ------------------------------------------------------------------------- */

#define TAG_SYMLINK 0xa000000cu
#define TAG_JUNCTION 0xa0000003u

/* Reads of a link what it says, as text of WASI: with slashes, and one at the start
 * if it leads to a place of the whole system. Links of other kinds are taken for such. */
static wasi_errno_t link_text(const uint8_t *data, DWORD size, char *text, size_t text_size,
                              size_t *used) {
  /* A tag, a length, two of padding; where the name is and how long, twice; flags,
   * if it is no junction. */
  DWORD tag, flags = 0, names = 16, i, count, out = 0;
  USHORT start, length;
  WCHAR units[PATH_LIMIT];
  char bytes[PATH_LIMIT];
  int got;
  if (size < 20)
    return WASI_INVAL;
  memcpy(&tag, data, 4);
  memcpy(&start, data + 8, 2);
  memcpy(&length, data + 10, 2);
  if (tag == TAG_SYMLINK) {
    memcpy(&flags, data + 16, 4);
    names = 20;
  }
  if (tag != TAG_SYMLINK && tag != TAG_JUNCTION)
    length = 0;
  count = length / (DWORD)sizeof(WCHAR);
  if (count >= PATH_LIMIT - 1 || names + start + length > size)
    return WASI_INVAL;
  if ((flags & 1) == 0) /* SYMLINK_FLAG_RELATIVE */
    units[out++] = '/';
  memcpy(units + out, data + names + start, length);
  for (i = out; i < out + count; i++)
    units[i] = units[i] == '\\' ? '/' : units[i];
  if (out + count == 0) {
    *used = 0;
    return WASI_OK;
  }
  got = WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, units, (int)(out + count), bytes,
                            PATH_LIMIT, NULL, NULL);
  if (got <= 0)
    return GetLastError() == ERROR_INSUFFICIENT_BUFFER ? WASI_NAMETOOLONG : WASI_ILSEQ;
  *used = (size_t)got < text_size ? (size_t)got : text_size;
  memcpy(text, bytes, *used);
  return WASI_OK;
}

static wasi_errno_t read_link_of(HANDLE handle, char *target, size_t size, size_t *used) {
  union {
    uint64_t alignment;
    uint8_t bytes[MAXIMUM_REPARSE_DATA_BUFFER_SIZE];
  } data;
  uint8_t type = WASI_TYPE_UNKNOWN;
  DWORD got = 0;
  wasi_errno_t error = handle_type(handle, &type);
  if (error != WASI_OK)
    return error;
  if (type != WASI_TYPE_SYMLINK)
    return WASI_INVAL;
  if (!DeviceIoControl(handle, 0x000900a8 /* FSCTL_GET_REPARSE_POINT */, NULL, 0, data.bytes,
                       sizeof data.bytes, &got, NULL))
    return port_error();
  return link_text(data.bytes, got, target, size, used);
}

static wasi_errno_t port_readlink_at(port_file_t dir, const char *name, char *target, size_t size,
                                     size_t *used) {
  HANDLE handle;
  wasi_errno_t error = open_component(handle_of(dir), name, 0, FILE_OPEN, 0, &handle);
  if (error != WASI_OK)
    return error;
  error = read_link_of(handle, target, size, used);
  (void)CloseHandle(handle);
  return error;
}

/* Not for guests: it takes a privilege, and to know what the target will be. */
static wasi_errno_t port_symlink_at(const char *target, port_file_t dir, const char *name) {
  port_stat_t stat;
  (void)target;
  return port_stat_at(dir, name, &stat) == WASI_OK ? WASI_EXIST : WASI_NOTSUP;
}

/* ---- Changing directories ------------------------------------------------------------ */

static wasi_errno_t port_mkdir_at(port_file_t dir, const char *name) {
  HANDLE handle;
  wasi_errno_t error = open_component(handle_of(dir), name, FILE_LIST_DIRECTORY, FILE_CREATE,
                                      FILE_DIRECTORY_FILE, &handle);
  if (error == WASI_OK)
    (void)CloseHandle(handle);
  return strcmp(name, ".") == 0 ? WASI_EXIST : error;
}

/* Tries the newer kind of request, which does what POSIX would even while somebody
 * has the file open, and then the older one. */
static wasi_errno_t set_information(HANDLE handle, void *data, ULONG size, ULONG newer,
                                    ULONG newer_flags, ULONG older, ULONG older_flags) {
  IO_STATUS_BLOCK io;
  NTSTATUS status;
  memcpy(data, &newer_flags, sizeof newer_flags);
  status = NtSetInformationFile(handle, &io, data, size, (FILE_INFORMATION_CLASS)newer);
  if (STATUS_IS(status, 0xc0000002) ||                                  /* NOT_IMPLEMENTED */
      STATUS_IS(status, 0xc0000003) || STATUS_IS(status, 0xc000000d) || /* INVALID_... */
      STATUS_IS(status, 0xc0000010) || STATUS_IS(status, 0xc00000bb)) { /* NOT_SUPPORTED */
    memcpy(data, &older_flags, sizeof older_flags);
    status = NtSetInformationFile(handle, &io, data, size, (FILE_INFORMATION_CLASS)older);
  }
  return NT_SUCCESS(status) ? WASI_OK : status_error(status);
}

#define INFO_RENAME 10
#define INFO_LINK 11
#define INFO_DISPOSITION 13
#define INFO_DISPOSITION_EX 64
#define INFO_RENAME_EX 65

static wasi_errno_t delete_handle(HANDLE handle) {
  /* DELETE, POSIX_SEMANTICS, IGNORE_READONLY_ATTRIBUTE; and just a byte */
  ULONG flags = 0;
  return set_information(handle, &flags, sizeof flags, INFO_DISPOSITION_EX, 1 | 2 | 0x10,
                         INFO_DISPOSITION, 1);
}

static wasi_errno_t port_unlink_at(port_file_t dir, const char *name, bool directory) {
  HANDLE handle;
  uint8_t type = WASI_TYPE_UNKNOWN;
  wasi_errno_t error;
  if (strcmp(name, ".") == 0)
    return directory ? WASI_INVAL : WASI_ISDIR;
  error = open_component(handle_of(dir), name, DELETE, FILE_OPEN, 0, &handle);
  if (error != WASI_OK)
    return error;
  error = handle_type(handle, &type);
  if (error == WASI_OK && directory && type != WASI_TYPE_DIRECTORY)
    error = WASI_NOTDIR;
  if (error == WASI_OK && !directory && type == WASI_TYPE_DIRECTORY)
    error = WASI_ISDIR;
  if (error == WASI_OK)
    error = delete_handle(handle);
  (void)CloseHandle(handle);
  return error;
}

/* FILE_RENAME_INFORMATION and FILE_LINK_INFORMATION, with room for a name. */
typedef struct new_name {
  ULONG flags; /* or a byte: replace */
  HANDLE dir;
  ULONG size; /* in bytes */
  WCHAR name[COMPONENT_MAX + 1];
} new_name_t;

static wasi_errno_t to_new_name(port_file_t dir, const char *name, new_name_t *to) {
  component_t component;
  wasi_errno_t error = to_component(name, &component);
  if (error == WASI_OK && is_short_form(handle_of(dir), &component))
    error = WASI_NOENT;
  if (error != WASI_OK)
    return error == WASI_NOENT ? WASI_INVAL : error;
  memset(to, 0, sizeof *to);
  to->dir = handle_of(dir);
  to->size = component.text.Length;
  memcpy(to->name, component.units, component.text.Length);
  return WASI_OK;
}

/* What stands in the way of a rename: files replace files, directories empty
 * directories, which the system would refuse. `done` if both are the same file. */
static wasi_errno_t make_way(const port_stat_t *from, bool same_name, port_file_t dir,
                             const char *name, bool *done) {
  port_stat_t to;
  wasi_errno_t error = port_stat_at(dir, name, &to);
  bool is_dir = from->type == WASI_TYPE_DIRECTORY;
  *done = false;
  if (error != WASI_OK)
    return error == WASI_NOENT ? WASI_OK : error;
  if (to.device == from->device && to.inode == from->inode) {
    *done = !same_name; /* but the case of its letters may change */
    return WASI_OK;
  }
  if (to.type == WASI_TYPE_DIRECTORY && !is_dir)
    return WASI_ISDIR;
  if (to.type != WASI_TYPE_DIRECTORY && is_dir)
    return WASI_NOTDIR;
  return is_dir ? port_unlink_at(dir, name, true) : WASI_OK;
}

/* Two names that differ in the case of letters only. */
static bool is_same_name(const char *a, const char *b) {
  component_t first, second;
  return to_component(a, &first) == WASI_OK && to_component(b, &second) == WASI_OK &&
         CompareStringOrdinal(first.units, (int)(first.text.Length / sizeof(WCHAR)), second.units,
                              (int)(second.text.Length / sizeof(WCHAR)), TRUE) == CSTR_EQUAL;
}

static wasi_errno_t port_rename_at(port_file_t dir, const char *name, port_file_t new_dir,
                                   const char *new_name) {
  HANDLE handle;
  port_stat_t stat;
  new_name_t to;
  bool done = false;
  wasi_errno_t error;
  if (strcmp(name, ".") == 0 || strcmp(new_name, ".") == 0)
    return WASI_BUSY;
  error = open_component(handle_of(dir), name, DELETE, FILE_OPEN, 0, &handle);
  if (error != WASI_OK)
    return error;
  error = disk_stat(handle, &stat);
  if (error == WASI_OK)
    error = to_new_name(new_dir, new_name, &to);
  if (error == WASI_OK)
    error = make_way(&stat, is_same_name(name, new_name), new_dir, new_name, &done);
  if (error == WASI_OK && !done) /* REPLACE_IF_EXISTS, POSIX_SEMANTICS */
    error = set_information(handle, &to, sizeof to, INFO_RENAME_EX, 1 | 2, INFO_RENAME, 1);
  (void)CloseHandle(handle);
  return error;
}

static wasi_errno_t port_link_at(port_file_t dir, const char *name, port_file_t new_dir,
                                 const char *new_name) {
  HANDLE handle;
  new_name_t to;
  uint8_t type = WASI_TYPE_UNKNOWN;
  wasi_errno_t error =
      open_component(handle_of(dir), name, FILE_WRITE_ATTRIBUTES, FILE_OPEN, 0, &handle);
  if (error != WASI_OK)
    return error;
  error = handle_type(handle, &type);
  if (error == WASI_OK && type == WASI_TYPE_DIRECTORY)
    error = WASI_PERM;
  if (error == WASI_OK)
    error = strcmp(new_name, ".") == 0 ? WASI_EXIST : to_new_name(new_dir, new_name, &to);
  if (error == WASI_OK)
    error = set_information(handle, &to, sizeof to, INFO_LINK, 0, INFO_LINK, 0);
  (void)CloseHandle(handle);
  return error;
}

/* ---- Lookups of whole paths: nothing that the system could be asked for --------------- */

static bool port_has_beneath(port_file_t dir) {
  (void)dir;
  return false;
}

static wasi_errno_t port_open_beneath(port_file_t dir, const char *path, const port_open_t *how,
                                      port_file_t *file) {
  (void)dir;
  (void)path;
  (void)how;
  (void)file;
  return WASI_NOSYS;
}

static wasi_errno_t port_enter_beneath(port_file_t dir, const char *path, port_file_t *entered) {
  (void)dir;
  (void)path;
  (void)entered;
  return WASI_NOSYS;
}

/* ---- Listings ---------------------------------------------------------------------- */

struct port_listing {
  HANDLE handle;
  bool restart;
  bool ended;
  DWORD at; /* of the next entry; UINT32_MAX: more must be read first */
  union {
    uint64_t alignment;
    uint8_t bytes[16384];
  } entries;
};

/* By opening the directory anew, so that the listing's position is its own. */
static wasi_errno_t port_list(port_file_t dir, port_listing_t **listing) {
  wasi_errno_t error;
  *listing = calloc(1, sizeof **listing);
  if (*listing == NULL)
    return WASI_NOMEM;
  error = reopen(handle_of(dir), FILE_LIST_DIRECTORY, &(*listing)->handle);
  if (error != WASI_OK) {
    free(*listing);
    return error;
  }
  (*listing)->at = UINT32_MAX;
  return WASI_OK;
}

/* Again from the start means by another handle: not every system looks anew for one
 * that it has listed the directory for. */
static wasi_errno_t list_more(port_listing_t *listing) {
  if (listing->restart) {
    HANDLE again;
    wasi_errno_t error = reopen(listing->handle, FILE_LIST_DIRECTORY, &again);
    if (error != WASI_OK)
      return error;
    (void)CloseHandle(listing->handle);
    listing->handle = again;
    listing->restart = false;
  }
  if (GetFileInformationByHandleEx(listing->handle, FileIdBothDirectoryInfo, listing->entries.bytes,
                                   sizeof listing->entries.bytes)) {
    listing->at = 0;
    return WASI_OK;
  }
  listing->ended = GetLastError() == ERROR_NO_MORE_FILES || GetLastError() == ERROR_FILE_NOT_FOUND;
  return listing->ended ? WASI_OK : port_error();
}

/* Leaves names out that are not Unicode: the guest could not use them. */
static wasi_errno_t port_list_next(port_listing_t *listing, port_entry_t *entry) {
  int size = 0;
  while (size == 0) {
    const FILE_ID_BOTH_DIR_INFO *info;
    if (listing->at == UINT32_MAX && !listing->ended) {
      wasi_errno_t error = list_more(listing);
      if (error != WASI_OK)
        return error;
    }
    if (listing->ended)
      break;
    info = (const FILE_ID_BOTH_DIR_INFO *)(const void *)(listing->entries.bytes + listing->at);
    listing->at = info->NextEntryOffset != 0 ? listing->at + info->NextEntryOffset : UINT32_MAX;
    size = WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, info->FileName,
                               (int)(info->FileNameLength / sizeof(WCHAR)), entry->name,
                               PORT_NAME_LIMIT - 1, NULL, NULL);
    entry->inode = (uint64_t)info->FileId.QuadPart;
    entry->type = file_type(info->FileAttributes, info->EaSize); /* which holds a link's tag */
  }
  entry->name_size = (uint32_t)size;
  return WASI_OK;
}

static void port_list_rewind(port_listing_t *listing) {
  listing->restart = true;
  listing->ended = false;
  listing->at = UINT32_MAX;
}

static void port_list_close(port_listing_t *listing) {
  (void)CloseHandle(listing->handle);
  free(listing);
}
