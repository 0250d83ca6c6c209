/* SQLite under load: tables and indexes in memory, joins, grouping, sorting,
 * text and full-text search. SQLite is built for an operating system that has
 * nothing (SQLITE_OS_OTHER) and allocates from one array, so that the native
 * and the WebAssembly build are the same program and need no imports. */
#include "sqlite3.h"

#include <stdint.h>
#include <string.h>

#define HEAP_SIZE (24 << 20)

static _Alignas(16) char heap[HEAP_SIZE];
static uint64_t sum;
static uint32_t random_state;

/* ---- The operating system -------------------------------------------------- */

/* Everything is in memory: nothing is ever opened. */
static int open_nothing(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                        int *out_flags) {
  (void)vfs, (void)name, (void)flags, (void)out_flags;
  file->pMethods = 0;
  return SQLITE_CANTOPEN;
}

static int delete_nothing(sqlite3_vfs *vfs, const char *name, int sync) {
  (void)vfs, (void)name, (void)sync;
  return SQLITE_OK;
}

static int access_nothing(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
  (void)vfs, (void)name, (void)flags;
  *result = 0;
  return SQLITE_OK;
}

static int full_pathname(sqlite3_vfs *vfs, const char *name, int size, char *out) {
  (void)vfs;
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}

static int same_randomness(sqlite3_vfs *vfs, int size, char *out) {
  (void)vfs;
  memset(out, 7, (size_t)size);
  return size;
}

static int sleep_never(sqlite3_vfs *vfs, int microseconds) {
  (void)vfs;
  return microseconds;
}

static int same_time(sqlite3_vfs *vfs, double *days) {
  (void)vfs;
  *days = 2460000.5;
  return SQLITE_OK;
}

int sqlite3_os_init(void) {
  static sqlite3_vfs vfs = {.iVersion = 1,
                            .szOsFile = sizeof(sqlite3_file),
                            .mxPathname = 64,
                            .zName = "nothing",
                            .xOpen = open_nothing,
                            .xDelete = delete_nothing,
                            .xAccess = access_nothing,
                            .xFullPathname = full_pathname,
                            .xRandomness = same_randomness,
                            .xSleep = sleep_never,
                            .xCurrentTime = same_time};
  return sqlite3_vfs_register(&vfs, 1);
}

int sqlite3_os_end(void) {
  return SQLITE_OK;
}

/* ---- The load ---------------------------------------------------------------- */

static uint32_t next_random(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 17;
  return random_state ^= random_state << 5;
}

static void mix(uint64_t value) {
  sum = (sum ^ value) * 0x9e3779b97f4a7c15u;
  sum ^= sum >> 29;
}

static void mix_row(sqlite3_stmt *statement) {
  for (int i = 0; i < sqlite3_column_count(statement); i++) {
    switch (sqlite3_column_type(statement, i)) {
    case SQLITE_INTEGER:
      mix((uint64_t)sqlite3_column_int64(statement, i));
      break;
    case SQLITE_FLOAT:
      mix((uint64_t)(sqlite3_column_double(statement, i) * 1024));
      break;
    case SQLITE_TEXT:
      for (const unsigned char *s = sqlite3_column_text(statement, i); *s; s++)
        mix(*s);
      break;
    default:
      mix(0);
    }
  }
}

/* Runs all statements of `sql`, mixing rows and errors into the checksum. */
static void run(sqlite3 *db, const char *sql) {
  while (*sql) {
    sqlite3_stmt *statement = 0;
    int status = sqlite3_prepare_v2(db, sql, -1, &statement, &sql);
    if (status == SQLITE_OK && statement)
      while ((status = sqlite3_step(statement)) == SQLITE_ROW)
        mix_row(statement);
    mix((uint64_t)status);
    sqlite3_finalize(statement);
  }
}

static void make_words(char *text, uint32_t count) {
  static const char *const words[] = {"amber", "birch", "cedar", "delta", "ember", "flint",
                                      "grove", "heath", "inlet", "jetty", "knoll", "lemon",
                                      "marsh", "north", "ocean", "pearl", "quill", "river"};
  *text = 0;
  while (count-- > 0) {
    strcat(text, words[next_random() % 18]);
    strcat(text, count ? " " : "");
  }
}

static void insert_rows(sqlite3 *db, uint32_t rows) {
  sqlite3_stmt *item = 0, *note = 0;
  char text[256];
  sqlite3_prepare_v2(db, "insert into item values (?, ?, ?, ?)", -1, &item, 0);
  sqlite3_prepare_v2(db, "insert into note(rowid, body) values (?, ?)", -1, &note, 0);
  for (uint32_t i = 0; i < rows; i++) {
    make_words(text, 3 + next_random() % 6);
    sqlite3_bind_int(item, 1, (int)i);
    sqlite3_bind_int(item, 2, (int)(next_random() % 97));
    sqlite3_bind_int(item, 3, (int)(next_random() % 100000));
    sqlite3_bind_text(item, 4, text, -1, SQLITE_TRANSIENT);
    mix((uint64_t)sqlite3_step(item));
    sqlite3_reset(item);
    if (i % 4 == 0) {
      sqlite3_bind_int(note, 1, (int)i);
      sqlite3_bind_text(note, 2, text, -1, SQLITE_TRANSIENT);
      mix((uint64_t)sqlite3_step(note));
      sqlite3_reset(note);
    }
  }
  sqlite3_finalize(item);
  sqlite3_finalize(note);
}

static void load(sqlite3 *db, uint32_t rows) {
  run(db, "create table item(id integer primary key, kind int, price int, name text);"
          "create index item_kind on item(kind, price);"
          "create table kind(id integer primary key, label text);"
          "create virtual table note using fts5(body); begin");
  insert_rows(db, rows);
  run(db, "commit;"
          "insert into kind select distinct kind, 'kind ' || kind from item;"
          "select kind, count(*), sum(price), max(name) from item group by kind order by 3;"
          "select k.label, i.name from item i join kind k on k.id = i.kind"
          " where i.price between 1000 and 4000 order by i.name, i.id limit 50;"
          "select count(*) from item where name like '%ember%river%';"
          "select rowid from note where body match 'amber AND (quill OR pearl)' limit 40;"
          "select upper(substr(name, 2, 5)) u, count(*) from item group by u having u > 'H';"
          "with recursive f(n, a, b) as (select 1, 0, 1 union all"
          " select n + 1, b, (a + b) % 1000007 from f where n < 300) select sum(b) from f;"
          "update item set price = price * 3 % 65521 where kind % 3 = 1;"
          "delete from item where id % 7 = 3;"
          "select avg(price), total(length(name)) from item where kind in (select id from kind"
          " where label like '%7');"
          "select id, price, rank() over (partition by kind order by price, id) r from item"
          " where kind < 9 order by r desc, id limit 30;"
          "select json_extract(j, '$.a[1].b') from (select json_object('a', json_array(id,"
          " json_object('b', name))) j from item order by price, id limit 60);"
          "pragma integrity_check");
}

uint64_t bench_run(uint32_t n);
uint64_t bench_run(uint32_t n) {
  sqlite3 *db = 0;
  sum = 0, random_state = 42;
  sqlite3_config(SQLITE_CONFIG_HEAP, heap, HEAP_SIZE, 64);
  mix((uint64_t)sqlite3_open(":memory:", &db));
  load(db, n);
  mix((uint64_t)sqlite3_close(db));
  sqlite3_shutdown();
  return sum;
}
