/* A guest that calls WASI with whatever the input says, on files in memory.
 *
 * The input is an image of guest memory and then calls: see `take`. What must hold
 * afterwards: a file system that can only be read is as it was, the host has no more
 * descriptors open than before, nothing was written beyond the limits, and the
 * sanitizers have nothing to say about memory; it is an allocation of just its size.
 *
 * calls.h, made from the list of functions, has one case for each. */
#include "wdn_wasi.h"
#include "wdn_wasi_memfs.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MEMORY_SIZE 0x3000u
#define IMAGE 0x100u /* where the image goes */
#define MAX_CALLS 200
#define MAX_WRITTEN 100000u
#define MAX_FILES 300000u

typedef struct input {
  const uint8_t *data;
  size_t size;
} input_t;

typedef struct instance {
  wdn_instance_t wdn;
  wdn_memory_t memory;
} instance_t;

static instance_t instance;
static wdn_wasi_t wasi;
static jmp_buf exit_jump;

static void demand(int condition, const char *what) {
  if (condition)
    return;
  fprintf(stderr, "not so: %s\n", what);
  abort();
}

void wdn_exit(void *self, int32_t code) {
  (void)code;
  demand(self == &instance, "the instance that exits is the guest's");
  longjmp(exit_jump, 1);
}

/* ---- The input ---------------------------------------------------------------- */

static uint64_t bytes(input_t *in, unsigned count) {
  uint64_t value = 0;
  unsigned i;
  for (i = 0; i < count && in->size > 0; i++, in->size--)
    value |= (uint64_t)*in->data++ << (8 * i);
  return value;
}

/* An argument: a small number, a place in the image, an edge, or any number. */
static uint64_t take(input_t *in) {
  static const uint64_t edges[] = {
      MEMORY_SIZE, MEMORY_SIZE - 1, MEMORY_SIZE - 4, MEMORY_SIZE - 8, MEMORY_SIZE - 64, 0x7fffffff,
      0x80000000,  0xfffffff8,      0xffffffff,      0x100000000,     INT64_MAX,        UINT64_MAX,
      0x20000000,  0x1000,          0x2000,          1000000000};
  uint8_t byte = (uint8_t)bytes(in, 1);
  if (byte < 0x40)
    return byte;
  if (byte < 0xc0)
    return IMAGE + (byte - 0x40u) * 4;
  if (byte < 0xd0)
    return edges[byte - 0xc0];
  return bytes(in, byte < 0xe0 ? 2 : byte < 0xf0 ? 4 : 8);
}

static uint32_t take_i32(input_t *in) {
  return (uint32_t)take(in);
}

static uint64_t take_i64(input_t *in) {
  return take(in);
}

/* ---- The guest ------------------------------------------------------------------ */

/* Nobody waits for a guest here: clocks are due at once. */
static void hurry(uint32_t subscriptions, uint32_t count, uint32_t size, uint32_t timeout) {
  uint32_t i;
  for (i = 0; i < count && i < 1024; i++) {
    uint64_t at = subscriptions + (uint64_t)i * size + timeout;
    if (at + 8 > MEMORY_SIZE)
      return;
    memset(instance.memory.data + at + 1, 0, 7);
  }
}

#include "calls.h"

static const wdn_export_t exports[] = {
    {{"memory", 6}, WDN_MEMORY, 0, 0, offsetof(instance_t, memory), false},
};

static void make_guest(input_t *in) {
  size_t image = (size_t)bytes(in, 2) % 1024;
  instance.memory.data = malloc(MEMORY_SIZE);
  demand(instance.memory.data != NULL, "there is memory");
  instance.memory.size = MEMORY_SIZE;
  memset(instance.memory.data, 0, MEMORY_SIZE);
  if (image > in->size)
    image = in->size;
  if (image > 0)
    memcpy(instance.memory.data + IMAGE, in->data, image);
  in->data += image;
  in->size -= image;
}

static wdn_wasi_memfs_t *make_files(void) {
  static const wdn_wasi_memfs_limits_t limits = {MAX_FILES, 100};
  wdn_wasi_memfs_t *files = wdn_wasi_memfs_create(&limits);
  demand(files != NULL && wdn_wasi_memfs_add_file(files, "f", "content", 7, WDN_WASI_MEMFS_COPY) &&
             wdn_wasi_memfs_add_file(files, "d/g", "constant", 8, WDN_WASI_MEMFS_REFER) &&
             wdn_wasi_memfs_add_link(files, "l", "d/g") &&
             wdn_wasi_memfs_add_link(files, "up", "../x") &&
             wdn_wasi_memfs_add_link(files, "d/loop", "../d/loop"),
         "there are files");
  return files;
}

static int open_files(void) {
  int fd, count = 0;
  for (fd = 0; fd < 64; fd++)
    count += fcntl(fd, F_GETFD) >= 0;
  return count;
}

static void check_kept(wdn_wasi_memfs_t *kept, uint64_t size) {
  size_t length = 0;
  const uint8_t *data = wdn_wasi_memfs_contents(kept, "f", &length);
  demand(data != NULL && length == 7 && memcmp(data, "content", 7) == 0, "f is as it was");
  data = wdn_wasi_memfs_contents(kept, "d/g", &length);
  demand(data != NULL && length == 8 && memcmp(data, "constant", 8) == 0, "d/g is as it was");
  demand(wdn_wasi_memfs_size(kept) == size, "what can only be read has its size");
}

static void run_guest(input_t *in) {
  volatile uint32_t i;
  for (i = 0; i < MAX_CALLS && in->size > 0; i++) {
    if (setjmp(exit_jump) == 0)
      call((uint32_t)bytes(in, 1), in);
    demand(wasi.written <= MAX_WRITTEN, "the limit of what is written");
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const args[] = {"program", "argument"};
  static const char *const env[] = {"NAME=value"};
  static uint8_t text[] = "input", output[100];
  wdn_wasi_memfs_t *files = make_files(), *kept = make_files();
  wdn_wasi_buffer_t streams[2];
  wdn_wasi_preopen_t preopens[2] = {{NULL, 0, "/", false, NULL}, {NULL, 0, "/kept", true, NULL}};
  wdn_wasi_config_t config;
  wdn_module_t module;
  input_t in;
  int before = open_files();
  uint64_t kept_size = wdn_wasi_memfs_size(kept);
  in.data = data;
  in.size = size;
  memset(&config, 0, sizeof config);
  memset(&module, 0, sizeof module);
  module.exports = exports;
  module.export_count = 1;
  preopens[0].memory = files;
  preopens[1].memory = kept;
  streams[0].data = text;
  streams[0].size = 5;
  streams[1].data = output;
  streams[1].size = sizeof output;
  streams[0].used = streams[1].used = 0;
  config.args = args;
  config.arg_count = 2;
  config.env = env;
  config.env_count = 1;
  config.stdio[0].kind = config.stdio[1].kind = WDN_WASI_BUFFER;
  config.stdio[0].buffer = &streams[0];
  config.stdio[1].buffer = &streams[1];
  config.preopens = preopens;
  config.preopen_count = 2;
  config.max_fds = 20;
  config.max_written = MAX_WRITTEN;
  make_guest(&in);
  demand(wdn_wasi_init(&wasi, &config, NULL), "it can be made");
  wdn_wasi_attach(&wasi, &instance, &module);
  run_guest(&in);
  wdn_wasi_destroy(&wasi);
  demand(wdn_wasi_memfs_size(files) <= MAX_FILES, "the limit of files");
  check_kept(kept, kept_size);
  demand(open_files() == before, "the host's descriptors are as they were");
  free(instance.memory.data);
  wdn_wasi_memfs_destroy(files);
  wdn_wasi_memfs_destroy(kept);
  return 0;
}

#if defined(REPLAY)
/* Without a fuzzer: runs the files that are named. */
int main(int argc, char **argv) {
  static uint8_t data[1 << 20];
  int i;
  for (i = 1; i < argc; i++) {
    FILE *file = fopen(argv[i], "rb");
    size_t size;
    demand(file != NULL, argv[i]);
    size = fread(data, 1, sizeof data, file);
    fclose(file);
    LLVMFuzzerTestOneInput(data, size);
  }
  printf("%d inputs\n", argc - 1);
  return 0;
}
#endif
