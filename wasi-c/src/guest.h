/* What the guest of a wdn_wasi_t hands over. What is longer than a number is copied
 * once and then validated, so that a guest that changes its memory meanwhile gains
 * nothing. */
#ifndef WASI_GUEST_H
#define WASI_GUEST_H

#include "address.h"
#include "abi.h"
#include "wasi_port.h"
#include "wdn_wasi.h"

#include <string.h>

/* No call moves more than this, nor from more places: short counts are legal. */
#define GUEST_TRANSFER_MAX 0x7fffffffu
#define GUEST_BUFFERS_MAX 1024u

/* A path has fewer bytes than this, symbolic links expanded included. */
#define PATH_LIMIT 4096u

typedef struct path {
  uint32_t size;
  char bytes[PATH_LIMIT]; /* terminated */
} path_t;

/* The memory can come into being, move and grow between two calls. */
static const wdn_memory_t *guest_memory(const wdn_wasi_t *wasi) {
  uint8_t *slot;
  if (!wasi->has_memory)
    return NULL;
  slot = (uint8_t *)wasi->instance + wasi->memory_slot;
  return wasi->imports_memory ? *(wdn_memory_t **)(void *)slot : (wdn_memory_t *)(void *)slot;
}

/* `size` bytes of the guest, or NULL if any of them is outside its memory. */
static uint8_t *guest_at(const wdn_wasi_t *wasi, uint32_t address, uint64_t size) {
  return memory_at(guest_memory(wasi), address, size);
}

/* An array: the product cannot overflow. */
static uint8_t *guest_array(const wdn_wasi_t *wasi, uint32_t address, uint32_t count,
                            uint32_t element_size) {
  return guest_at(wasi, address, (uint64_t)count * element_size);
}

/* An array of iovecs as buffers of the host. Empty ones are left out; beyond
 * the limits the rest is, which makes the transfer a short one. */
static wasi_errno_t guest_buffers(const wdn_wasi_t *wasi, uint32_t iovs, uint32_t iov_count,
                                  port_buffer_t *buffers, uint32_t *count) {
  const uint8_t *iov = guest_array(wasi, iovs, iov_count, WASI_IOVEC_SIZE);
  uint32_t left = GUEST_TRANSFER_MAX;
  uint32_t used = 0;
  if (iov == NULL)
    return WASI_FAULT;
  for (; iov_count > 0 && used < GUEST_BUFFERS_MAX; iov_count--, iov += WASI_IOVEC_SIZE) {
    uint32_t size = get_u32(iov + 4);
    uint8_t *data = guest_at(wasi, get_u32(iov), size);
    if (data == NULL)
      return WASI_FAULT;
    if (size > left)
      size = left;
    if (size == 0)
      continue;
    buffers[used].data = data;
    buffers[used++].size = size;
    left -= size;
  }
  *count = used;
  return WASI_OK;
}

/* The length of the UTF-8 sequence at `p`, of `size` bytes; 0 if it is none. */
static uint32_t utf8_length(const uint8_t *p, uint32_t size) {
  uint32_t length = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
  uint32_t i;
  if (length == 0 || length > size || p[0] > 0xf4)
    return 0;
  for (i = 1; i < length; i++) {
    if ((p[i] & 0xc0) != 0x80)
      return 0;
  }
  if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) || /* long, surrogate */
      (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
    return 0;
  return length;
}

/* Text for the host: neither empty nor too long, without NUL, in UTF-8. */
static wasi_errno_t guest_text(const wdn_wasi_t *wasi, uint32_t address, uint32_t size,
                               path_t *text) {
  const uint8_t *from = guest_at(wasi, address, size);
  uint32_t i, length;
  if (from == NULL)
    return WASI_FAULT;
  if (size == 0)
    return WASI_NOENT;
  if (size >= PATH_LIMIT)
    return WASI_NAMETOOLONG;
  memcpy(text->bytes, from, size);
  text->bytes[size] = 0;
  text->size = size;
  if (memchr(text->bytes, 0, size) != NULL)
    return WASI_INVAL;
  for (i = 0; i < size; i += length) {
    length = utf8_length((const uint8_t *)text->bytes + i, size - i);
    if (length == 0)
      return WASI_ILSEQ;
  }
  return WASI_OK;
}

/* A path below a directory. */
static wasi_errno_t guest_path(const wdn_wasi_t *wasi, uint32_t address, uint32_t size,
                               path_t *path) {
  wasi_errno_t error = guest_text(wasi, address, size, path);
  return error == WASI_OK && path->bytes[0] == '/' ? WASI_PERM : error;
}

static void put_filestat(uint8_t *p, const port_stat_t *stat) {
  put_u64(p, stat->device);
  put_u64(p + 8, stat->inode);
  put_u64(p + 16, stat->type); /* a byte and its padding */
  put_u64(p + 24, stat->links);
  put_u64(p + 32, stat->size);
  put_u64(p + 40, stat->atime);
  put_u64(p + 48, stat->mtime);
  put_u64(p + 56, stat->ctime);
}

/* How a guest wants to be told about files: snapshot 0 differs. */
typedef struct filestat {
  uint32_t size;
  void (*put)(uint8_t *out, const port_stat_t *stat);
} filestat_t;

static const filestat_t filestat_layout = {WASI_FILESTAT_SIZE, put_filestat};

#endif
