/* Counts lines, words and bytes of the files named, or of standard input. */
#include <ctype.h>
#include <stdio.h>

typedef struct {
  unsigned long lines, words, bytes;
} counts_t;

static counts_t count(FILE *file) {
  counts_t n = {0, 0, 0};
  int c, in_word = 0;
  while ((c = getc(file)) != EOF) {
    n.bytes++;
    n.lines += c == '\n';
    n.words += !isspace(c) && !in_word;
    in_word = !isspace(c);
  }
  return n;
}

static void print(counts_t n, const char *name) {
  printf("%7lu %7lu %7lu %s\n", n.lines, n.words, n.bytes, name);
}

int main(int argc, char **argv) {
  counts_t total = {0, 0, 0};
  int failed = 0;
  if (argc < 2)
    print(count(stdin), "");
  for (int i = 1; i < argc; i++) {
    FILE *file = fopen(argv[i], "rb");
    if (file == NULL) {
      perror(argv[i]);
      failed = 1;
      continue;
    }
    counts_t n = count(file);
    fclose(file);
    print(n, argv[i]);
    total.lines += n.lines, total.words += n.words, total.bytes += n.bytes;
  }
  if (argc > 2)
    print(total, "total");
  return failed;
}
