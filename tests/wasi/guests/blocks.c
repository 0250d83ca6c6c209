/* Large reads and writes: megabytes at once, in odd pieces, byte by byte, and
 * more buffers than a system takes in one call. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#define SIZE (8u << 20)

static uint32_t checksum(const uint8_t *data, size_t size) {
  uint32_t sum = 2166136261u;
  size_t i;
  for (i = 0; i < size; i++)
    sum = (sum ^ data[i]) * 16777619u;
  return sum;
}

/* All of it, in pieces of at most `piece`. */
static size_t transfer(int fd, uint8_t *data, size_t piece, int writes) {
  size_t done = 0;
  while (done < SIZE) {
    size_t size = SIZE - done < piece ? SIZE - done : piece;
    ssize_t n = writes ? write(fd, data + done, size) : read(fd, data + done, size);
    if (n <= 0)
      break;
    done += (size_t)n;
  }
  return done;
}

static size_t scatter(int fd, uint8_t *data, int writes) {
  static struct iovec pieces[600];
  size_t done = 0;
  while (done < SIZE) {
    int count = 0;
    size_t at = done;
    ssize_t n;
    for (; count < 600 && at < SIZE; count++) {
      size_t size = (size_t)count * 7 % 1000;
      size = size < SIZE - at ? size : SIZE - at;
      pieces[count].iov_base = data + at;
      pieces[count].iov_len = size;
      at += size;
    }
    n = writes ? writev(fd, pieces, count) : readv(fd, pieces, count);
    if (n <= 0)
      break;
    done += (size_t)n;
  }
  return done;
}

int main(void) {
  static const size_t pieces[] = {SIZE, 1 << 20, 65536, 4096, 12345};
  uint8_t *data = malloc(SIZE), *back = malloc(SIZE);
  uint32_t i, state = 1;
  int fd = open("blocks", O_RDWR | O_CREAT | O_TRUNC, 0644);
  FILE *file;
  for (i = 0; i < SIZE; i++) {
    state = state * 1664525 + 1013904223;
    data[i] = (uint8_t)(state >> 24);
  }
  printf("%08x\n", (unsigned)checksum(data, SIZE));
  for (i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
    lseek(fd, 0, SEEK_SET);
    printf("%u written", (unsigned)transfer(fd, data, pieces[i], 1));
    lseek(fd, 0, SEEK_SET);
    printf(", %u read", (unsigned)transfer(fd, back, pieces[i], 0));
    printf(", %08x\n", (unsigned)checksum(back, SIZE));
  }
  lseek(fd, 0, SEEK_SET);
  printf("%u gathered", (unsigned)scatter(fd, data, 1));
  lseek(fd, 0, SEEK_SET);
  printf(", %u scattered", (unsigned)scatter(fd, back, 0));
  printf(", %08x\n", (unsigned)checksum(back, SIZE));
  close(fd);
  file = fopen("blocks", "rb");
  for (i = 0; i < 200000; i++)
    back[i] = (uint8_t)getc(file);
  printf("%08x\n", (unsigned)checksum(back, 200000));
  fclose(file);
  printf("%d\n", read(0, back, 1) == 0); /* nothing on standard input */
  free(data);
  free(back);
  return 0;
}
