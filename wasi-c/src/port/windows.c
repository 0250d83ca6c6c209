/* The port to Windows 8 and later: files, clocks, waiting. Link ntdll.
 *
 * What the guest opens is a handle with a position of its own; what the host hands
 * in is a descriptor of the C library. wasi_port.h says what each function
 * promises; errors become WASI's by name. */

#undef _WIN32_WINNT
#define _WIN32_WINNT 0x0602 /* GetSystemTimePreciseAsFileTime */
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
#include <winternl.h>

#include <io.h>

/* Fills memory with random bytes: RtlGenRandom, by the name that it is exported by. */
BOOLEAN NTAPI SystemFunction036(PVOID data, ULONG size);

typedef struct open_file {
  HANDLE handle;
  uint64_t position;
  bool directory;
  bool readable;
  bool writable;
  bool append;
} open_file_t;

/* Descriptors are small numbers, and no pointer is: nothing is ever mapped to the
 * first and last 64 KiB of an address space. */
static open_file_t *own_file(port_file_t file) {
  return (uintptr_t)file + 0x10000 >= 0x20000 ? (open_file_t *)file : NULL;
}

static HANDLE handle_of(port_file_t file) {
  const open_file_t *own = own_file(file);
  if (own != NULL)
    return own->handle;
  return file >= 0 ? (HANDLE)_get_osfhandle((int)file) : INVALID_HANDLE_VALUE;
}

/* ---- Errors --------------------------------------------------------------------- */

static const uint16_t errors[][2] = {
    {ERROR_INVALID_FUNCTION, WASI_NOTSUP},
    {ERROR_FILE_NOT_FOUND, WASI_NOENT},
    {ERROR_PATH_NOT_FOUND, WASI_NOENT},
    {ERROR_TOO_MANY_OPEN_FILES, WASI_MFILE},
    {ERROR_ACCESS_DENIED, WASI_ACCES},
    {ERROR_INVALID_HANDLE, WASI_BADF},
    {ERROR_NOT_ENOUGH_MEMORY, WASI_NOMEM},
    {ERROR_OUTOFMEMORY, WASI_NOMEM},
    {ERROR_INVALID_DRIVE, WASI_NOENT},
    {ERROR_CURRENT_DIRECTORY, WASI_BUSY},
    {ERROR_NOT_SAME_DEVICE, WASI_XDEV},
    {ERROR_WRITE_PROTECT, WASI_ROFS},
    {ERROR_SHARING_VIOLATION, WASI_BUSY},
    {ERROR_LOCK_VIOLATION, WASI_BUSY},
    {ERROR_HANDLE_DISK_FULL, WASI_NOSPC},
    {ERROR_NOT_SUPPORTED, WASI_NOTSUP},
    {ERROR_BAD_NETPATH, WASI_NOENT},
    {ERROR_BAD_NET_NAME, WASI_NOENT},
    {ERROR_FILE_EXISTS, WASI_EXIST},
    {ERROR_INVALID_PARAMETER, WASI_INVAL},
    {ERROR_BROKEN_PIPE, WASI_PIPE},
    {ERROR_DISK_FULL, WASI_NOSPC},
    {ERROR_INVALID_NAME, WASI_NOENT},
    {ERROR_NEGATIVE_SEEK, WASI_INVAL},
    {ERROR_DIR_NOT_EMPTY, WASI_NOTEMPTY},
    {ERROR_BUSY, WASI_BUSY},
    {ERROR_ALREADY_EXISTS, WASI_EXIST},
    {ERROR_FILENAME_EXCED_RANGE, WASI_NAMETOOLONG},
    {ERROR_FILE_TOO_LARGE, WASI_FBIG},
    {ERROR_NO_DATA, WASI_PIPE},
    {ERROR_PIPE_NOT_CONNECTED, WASI_PIPE},
    {ERROR_DIRECTORY, WASI_NOTDIR},
    {ERROR_DELETE_PENDING, WASI_NOENT},
    {ERROR_NOACCESS, WASI_FAULT},
    {ERROR_NO_UNICODE_TRANSLATION, WASI_ILSEQ},
    {ERROR_TOO_MANY_LINKS, WASI_MLINK},
    {ERROR_USER_MAPPED_FILE, WASI_TXTBSY},
    {1295 /* ERROR_DISK_QUOTA_EXCEEDED */, WASI_DQUOT},
    {ERROR_PRIVILEGE_NOT_HELD, WASI_PERM},
    {ERROR_COMMITMENT_LIMIT, WASI_NOMEM},
    {ERROR_NO_SYSTEM_RESOURCES, WASI_NOMEM},
    {ERROR_CANT_RESOLVE_FILENAME, WASI_LOOP},
    {ERROR_NOT_A_REPARSE_POINT, WASI_INVAL},
};

static wasi_errno_t error_of(DWORD code) {
  size_t i;
  for (i = 0; i < sizeof errors / sizeof errors[0]; i++) {
    if (errors[i][0] == code)
      return errors[i][1];
  }
  return WASI_IO;
}

static wasi_errno_t port_error(void) {
  return error_of(GetLastError());
}

/* The answer of a call that gives FALSE if it failed. */
static wasi_errno_t port_result(BOOL result) {
  return result ? WASI_OK : port_error();
}

/* ---- Files ------------------------------------------------------------------ */

static wasi_errno_t port_close(port_file_t file) {
  open_file_t *own = own_file(file);
  wasi_errno_t error;
  if (own == NULL)
    return WASI_BADF;
  error = port_result(CloseHandle(own->handle));
  free(own);
  return error;
}

/* Windows counts from 1601, in units of 100 ns. */
#define EPOCH ((uint64_t)116444736000000000)

static uint64_t nanoseconds(uint64_t ticks) {
  if (ticks < EPOCH)
    return 0;
  return ticks - EPOCH > UINT64_MAX / 100 ? UINT64_MAX : (ticks - EPOCH) * 100;
}

static uint64_t ticks_of(const FILETIME *time) {
  return (uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime;
}

/* Links are of the kinds whose data name another place: symbolic links, junctions.
 * To other reparse points the system's own rules for files apply. */
static bool is_link(DWORD attributes, DWORD tag) {
  return (attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 && (tag & 0x20000000u) != 0;
}

static uint8_t file_type(DWORD attributes, DWORD tag) {
  return is_link(attributes, tag)                       ? WASI_TYPE_SYMLINK
         : (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? WASI_TYPE_DIRECTORY
                                                        : WASI_TYPE_REGULAR;
}

static wasi_errno_t handle_type(HANDLE handle, uint8_t *type) {
  FILE_ATTRIBUTE_TAG_INFO info;
  if (!GetFileInformationByHandleEx(handle, FileAttributeTagInfo, &info, sizeof info))
    return port_error();
  *type = file_type(info.FileAttributes, info.ReparseTag);
  return WASI_OK;
}

/* Of a file or directory; nothing else is below a directory. */
static wasi_errno_t disk_stat(HANDLE handle, port_stat_t *stat) {
  BY_HANDLE_FILE_INFORMATION info;
  FILE_BASIC_INFO basic;
  wasi_errno_t error = handle_type(handle, &stat->type);
  if (error != WASI_OK)
    return error;
  if (!GetFileInformationByHandle(handle, &info) ||
      !GetFileInformationByHandleEx(handle, FileBasicInfo, &basic, sizeof basic))
    return port_error();
  stat->device = info.dwVolumeSerialNumber;
  stat->inode = (uint64_t)info.nFileIndexHigh << 32 | info.nFileIndexLow;
  stat->links = info.nNumberOfLinks;
  stat->size = (uint64_t)info.nFileSizeHigh << 32 | info.nFileSizeLow;
  stat->atime = nanoseconds(ticks_of(&info.ftLastAccessTime));
  stat->mtime = nanoseconds(ticks_of(&info.ftLastWriteTime));
  stat->ctime = nanoseconds((uint64_t)basic.ChangeTime.QuadPart);
  return WASI_OK;
}

/* Of what the host handed in. Pipes have no type in WASI. */
static wasi_errno_t stream_stat(HANDLE handle, port_stat_t *stat) {
  memset(stat, 0, sizeof *stat);
  stat->links = 1;
  switch (GetFileType(handle)) {
  case FILE_TYPE_DISK:
    return disk_stat(handle, stat);
  case FILE_TYPE_CHAR:
    stat->type = WASI_TYPE_CHARACTER;
    return WASI_OK;
  case FILE_TYPE_PIPE:
    stat->type = WASI_TYPE_UNKNOWN;
    return WASI_OK;
  default:
    return WASI_BADF;
  }
}

static wasi_errno_t port_stat(port_file_t file, port_stat_t *stat) {
  const open_file_t *own = own_file(file);
  return own != NULL ? disk_stat(own->handle, stat) : stream_stat(handle_of(file), stat);
}

#include "windows_console.c"

/* ---- Reading and writing ------------------------------------------------------- */

/* Where a transfer takes place: at the system's own position, at the end, or as
 * many bytes from the start. */
#define AT_POSITION UINT64_MAX
#define AT_END (UINT64_MAX - 1)

static DWORD transfer_size(size_t size) {
  return size < 0x7fffffff ? (DWORD)size : 0x7fffffff;
}

static wasi_errno_t read_once(HANDLE handle, const port_buffer_t *buffer, uint64_t at,
                              size_t *done) {
  OVERLAPPED place;
  DWORD got = 0, error;
  memset(&place, 0, sizeof place);
  place.Offset = (DWORD)at;
  place.OffsetHigh = (DWORD)(at >> 32);
  *done = 0;
  if (ReadFile(handle, buffer->data, transfer_size(buffer->size), &got,
               at != AT_POSITION ? &place : NULL)) {
    *done = got;
    return WASI_OK;
  }
  error = GetLastError();
  return error == ERROR_HANDLE_EOF || error == ERROR_BROKEN_PIPE ? WASI_OK : error_of(error);
}

static wasi_errno_t write_once(HANDLE handle, const port_buffer_t *buffer, uint64_t at,
                               size_t *done) {
  OVERLAPPED place;
  DWORD put = 0;
  memset(&place, 0, sizeof place);
  place.Offset = at == AT_END ? 0xffffffff : (DWORD)at;
  place.OffsetHigh = at == AT_END ? 0xffffffff : (DWORD)(at >> 32);
  *done = 0;
  if (!WriteFile(handle, buffer->data, transfer_size(buffer->size), &put,
                 at != AT_POSITION ? &place : NULL))
    return port_error();
  *done = put;
  return WASI_OK;
}

/* One buffer after the other; ends with the first that is short. What a pipe or a
 * console has to read came at once, so only one of these is read into. */
static wasi_errno_t transfer(HANDLE handle, const port_buffer_t *buffers, uint32_t count,
                             uint64_t at, bool is_write, bool whole, size_t *done) {
  static uint8_t nowhere;
  static const port_buffer_t nothing = {&nowhere, 0};
  bool console = at == AT_POSITION && is_console(handle);
  uint32_t i;
  *done = 0;
  if (count == 0) {
    buffers = &nothing;
    count = 1;
  }
  for (i = 0; i < count; i++) {
    uint64_t place = at < AT_END ? at + *done : at;
    size_t moved = 0;
    wasi_errno_t error = console    ? is_write ? console_write(handle, &buffers[i], &moved)
                                               : console_read(handle, &buffers[i], &moved)
                            : is_write ? write_once(handle, &buffers[i], place, &moved)
                                    : read_once(handle, &buffers[i], place, &moved);
    if (error != WASI_OK)
      return *done > 0 ? WASI_OK : error;
    *done += moved;
    if (moved < buffers[i].size || (!is_write && !whole))
      break;
  }
  return WASI_OK;
}

static wasi_errno_t port_read(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                              size_t *done) {
  open_file_t *own = own_file(file);
  HANDLE handle = handle_of(file);
  wasi_errno_t error;
  if (own == NULL) {
    bool whole = GetFileType(handle) == FILE_TYPE_DISK;
    /* Nothing would ask a pipe for its next message, and a console waits. */
    if (count == 0 && !whole) {
      *done = 0;
      return WASI_OK;
    }
    return transfer(handle, buffers, count, AT_POSITION, false, whole, done);
  }
  if (own->directory)
    return WASI_ISDIR;
  if (!own->readable)
    return WASI_BADF;
  error = transfer(handle, buffers, count, own->position, false, true, done);
  own->position += *done;
  return error;
}

static wasi_errno_t port_write(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                               size_t *done) {
  open_file_t *own = own_file(file);
  LARGE_INTEGER size;
  wasi_errno_t error;
  if (own == NULL)
    return transfer(handle_of(file), buffers, count, AT_POSITION, true, true, done);
  if (!own->writable)
    return WASI_BADF;
  if (!own->append) {
    error = transfer(own->handle, buffers, count, own->position, true, true, done);
    own->position += *done;
    return error;
  }
  error = transfer(own->handle, buffers, count, AT_END, true, true, done);
  if (*done > 0 && GetFileSizeEx(own->handle, &size))
    own->position = (uint64_t)size.QuadPart;
  return error;
}

/* The system moves its own position even so; it is put back. */
static wasi_errno_t stream_transfer_at(HANDLE handle, const port_buffer_t *buffers, uint32_t count,
                                       uint64_t offset, bool is_write, size_t *done) {
  LARGE_INTEGER zero, before;
  wasi_errno_t error;
  zero.QuadPart = 0;
  if (GetFileType(handle) != FILE_TYPE_DISK)
    return WASI_SPIPE;
  if (!SetFilePointerEx(handle, zero, &before, FILE_CURRENT))
    return port_error();
  error = transfer(handle, buffers, count, offset, is_write, true, done);
  if (!SetFilePointerEx(handle, before, NULL, FILE_BEGIN) && error == WASI_OK)
    error = port_error();
  return error;
}

static wasi_errno_t file_transfer_at(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                                     int64_t offset, bool is_write, size_t *done) {
  const open_file_t *own = own_file(file);
  uint32_t i;
  uint64_t end = (uint64_t)offset;
  *done = 0;
  for (i = 0; i < count; i++)
    end += buffers[i].size; /* 2 GiB at most, all in all */
  if (end > INT64_MAX)
    return WASI_INVAL;
  if (own == NULL)
    return stream_transfer_at(handle_of(file), buffers, count, (uint64_t)offset, is_write, done);
  if (own->directory)
    return is_write ? WASI_BADF : WASI_ISDIR;
  if (is_write ? !own->writable : !own->readable)
    return WASI_BADF;
  return transfer(own->handle, buffers, count, (uint64_t)offset, is_write, true, done);
}

static wasi_errno_t port_pread(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                               int64_t offset, size_t *done) {
  return file_transfer_at(file, buffers, count, offset, false, done);
}

static wasi_errno_t port_pwrite(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                                int64_t offset, size_t *done) {
  return file_transfer_at(file, buffers, count, offset, true, done);
}

static wasi_errno_t stream_seek(HANDLE handle, int64_t offset, uint32_t whence,
                                uint64_t *position) {
  static const DWORD whences[] = {FILE_BEGIN, FILE_CURRENT, FILE_END};
  LARGE_INTEGER to, now;
  to.QuadPart = offset;
  if (GetFileType(handle) != FILE_TYPE_DISK)
    return WASI_SPIPE;
  if (!SetFilePointerEx(handle, to, &now, whences[whence]))
    return port_error();
  *position = (uint64_t)now.QuadPart;
  return WASI_OK;
}

static wasi_errno_t port_seek(port_file_t file, int64_t offset, uint32_t whence,
                              uint64_t *position) {
  open_file_t *own = own_file(file);
  LARGE_INTEGER from;
  from.QuadPart = 0;
  if (own == NULL)
    return stream_seek(handle_of(file), offset, whence, position);
  if (whence == WASI_SEEK_CUR)
    from.QuadPart = (int64_t)own->position;
  else if (whence == WASI_SEEK_END && !GetFileSizeEx(own->handle, &from))
    return port_error();
  if (offset < 0 ? from.QuadPart + offset < 0 : from.QuadPart > INT64_MAX - offset)
    return offset < 0 ? WASI_INVAL : WASI_OVERFLOW;
  own->position = (uint64_t)(from.QuadPart + offset);
  *position = own->position;
  return WASI_OK;
}

/* What was not opened for writing has nothing of ours to be written back. */
static wasi_errno_t port_sync(port_file_t file, bool data_only) {
  HANDLE handle = handle_of(file);
  (void)data_only;
  if (own_file(file) == NULL && GetFileType(handle) != FILE_TYPE_DISK)
    return WASI_INVAL;
  if (FlushFileBuffers(handle) || GetLastError() == ERROR_ACCESS_DENIED)
    return WASI_OK;
  return port_error();
}

static wasi_errno_t port_resize(port_file_t file, int64_t size) {
  const open_file_t *own = own_file(file);
  FILE_END_OF_FILE_INFO info;
  info.EndOfFile.QuadPart = size;
  if (own != NULL && !own->writable)
    return WASI_INVAL;
  return port_result(
      SetFileInformationByHandle(handle_of(file), FileEndOfFileInfo, &info, sizeof info));
}

static wasi_errno_t port_set_append(port_file_t file, bool append) {
  open_file_t *own = own_file(file);
  if (own == NULL)
    return WASI_NOTSUP;
  own->append = append;
  return WASI_OK;
}

/* How the host opened it, as far as the system says. */
static wasi_errno_t port_stream(port_file_t file, port_stream_t *stream) {
  HANDLE handle = handle_of(file);
  PUBLIC_OBJECT_BASIC_INFORMATION info;
  port_stat_t stat;
  wasi_errno_t error = stream_stat(handle, &stat);
  if (error != WASI_OK)
    return error;
  memset(stream, 0, sizeof *stream);
  stream->type = stat.type;
  stream->terminal = is_console(handle);
  stream->read = stream->write = true;
  if (NT_SUCCESS(NtQueryObject(handle, ObjectBasicInformation, &info, sizeof info, NULL))) {
    stream->read = (info.GrantedAccess & FILE_READ_DATA) != 0;
    stream->write = (info.GrantedAccess & (FILE_WRITE_DATA | FILE_APPEND_DATA)) != 0;
    if ((info.GrantedAccess & (FILE_WRITE_DATA | FILE_APPEND_DATA)) == FILE_APPEND_DATA &&
        stat.type == WASI_TYPE_REGULAR)
      stream->fdflags = WASI_FD_APPEND;
  }
  return WASI_OK;
}

#include "windows_names.c"

#include "windows_dir.c"

#include "windows_time.c"

/* ---- The rest -------------------------------------------------------------------- */

static wasi_errno_t port_random(uint8_t *data, size_t size) {
  while (size > 0) {
    ULONG some = size < 0x10000000 ? (ULONG)size : 0x10000000;
    if (!SystemFunction036(data, some))
      return WASI_IO;
    data += some;
    size -= some;
  }
  return WASI_OK;
}

/* No host has a way to pass a socket in yet. */
static wasi_errno_t port_accept(port_file_t file, port_file_t *accepted) {
  (void)file;
  (void)accepted;
  return WASI_NOTSOCK;
}

static wasi_errno_t port_recv(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                              uint32_t flags, size_t *done, bool *truncated) {
  (void)file;
  (void)buffers;
  (void)count;
  (void)flags;
  (void)done;
  (void)truncated;
  return WASI_NOTSOCK;
}

static wasi_errno_t port_send(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                              size_t *done) {
  (void)file;
  (void)buffers;
  (void)count;
  (void)done;
  return WASI_NOTSOCK;
}

static wasi_errno_t port_shutdown(port_file_t file, uint32_t how) {
  (void)file;
  (void)how;
  return WASI_NOTSOCK;
}

/* The strings of a block in UTF-8, and pointers to them; their number and size first,
 * without `words`. What is not Unicode, and the drives' directories, are left out. */
static size_t environment_words(const WCHAR *block, char **words, char *to, size_t *count) {
  size_t total = 0;
  *count = 0;
  for (; *block != 0; block += wcslen(block) + 1) {
    int size = WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, block, -1, NULL, 0, NULL, NULL);
    if (size <= 0 || *block == '=')
      continue;
    if (words != NULL) {
      (void)WideCharToMultiByte(CP_UTF8, 0, block, -1, to + total, size, NULL, NULL);
      words[*count] = to + total;
    }
    total += (size_t)size;
    ++*count;
  }
  return total;
}

static char **environment;

static BOOL CALLBACK read_environment(INIT_ONCE *once, void *parameter, void **context) {
  WCHAR *block = GetEnvironmentStringsW();
  size_t count, size;
  (void)once;
  (void)parameter;
  (void)context;
  if (block == NULL)
    return FALSE;
  size = environment_words(block, NULL, NULL, &count);
  environment = malloc((count + 1) * sizeof *environment + size);
  if (environment != NULL) {
    (void)environment_words(block, environment, (char *)(environment + count + 1), &count);
    environment[count] = NULL;
  }
  (void)FreeEnvironmentStringsW(block);
  return environment != NULL;
}

/* In UTF-8, as it is when somebody first asks; like that of other systems, it belongs
 * to the process. */
static char **port_environment(void) {
  static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
  return InitOnceExecuteOnce(&once, read_environment, NULL, NULL) ? environment : NULL;
}

/* There are no signals. */
static void port_mute(port_muted_t *muted) {
  (void)muted;
}

static void port_unmute(const port_muted_t *muted, bool early) {
  (void)muted;
  (void)early;
}

static bool port_limits_files(void) {
  return false;
}

static void port_yield(void) {
  (void)SwitchToThread();
}
