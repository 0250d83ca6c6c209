/* What ../wasi/native/world.h uses of POSIX, for Windows: the programs' own side
 * of the tests, never the library's. */
#ifndef WINDOWS_POSIX_H
#define WINDOWS_POSIX_H

#undef _WIN32_WINNT
#define _WIN32_WINNT 0x0602
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

#include <direct.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* windows.h has these in other meanings. */
#undef DELETE
#undef IN
#undef OUT

/* io.h has one that a program here has too. */
#define tell tell_

#define setenv(name, value, replace) (_putenv_s(name, value))

/* No text mode: what is written is what the file has. */
int _CRT_fmode = _O_BINARY;

#define mkdir(path, mode) (_mkdir(path))
#define lstat(path, status) (stat(path, status))
#define rename(from, to)                                                                           \
  (MoveFileExA(from, to, MOVEFILE_REPLACE_EXISTING) ? 0 : (errno = EACCES, -1))

/* There are links, but not for everybody to make, nor under wine. */
static inline int symlink(const char *target, const char *path) {
  (void)target;
  (void)path;
  errno = ENOSYS;
  return -1;
}

/* Handles that this process has open. */
static inline int windows_open_files(void) {
  DWORD count = 0;
  return GetProcessHandleCount(GetCurrentProcess(), &count) ? (int)count : -1;
}

#endif
