/* What is measured, by number: shared by the guest and its host. */
#ifndef ROWS_H
#define ROWS_H

enum {
  WRITE_1,
  WRITE_8,
  WRITE_64,
  READ_1,
  READ_8,
  READ_64,
  CLOCK,
  RANDOM_64,
  RANDOM_4096,
  OPEN_1,
  OPEN_3,
  OPEN_8,
  READDIR,
  ROWS
};

#define ENTRIES 10000 /* of the directory that READDIR lists once for each time */

static const char *const row_names[ROWS] = {
    "fd_write_1",  "fd_write_8",  "fd_write_64", "fd_read_1",   "fd_read_8",
    "fd_read_64",  "clock_time",  "random_64",   "random_4096", "path_open_1",
    "path_open_3", "path_open_8", "fd_readdir"};
static const char *const row_paths[3] = {"f", "a/b/f", "a/b/c/d/e/g/h/f"};

#endif
