/* Scanning text: word and line counts, substring search, length, comparison. */
/* n: 260 */
#include "kernel.h"

#define SIZE 40000

static char text[SIZE + 1];
static u32 counts[256];

static void make_text(void) {
  static const char letters[] = "etaoinshrdlucmfwypvbgkqjxz";
  u32 random = 10, at = 0, column = 0;
  while (at + 12 < SIZE) {
    u32 length = 1 + next_random(&random) % 10;
    for (u32 i = 0; i < length; i++) {
      u32 r = next_random(&random) % 676;
      text[at++] = letters[r % 26 < r / 26 ? r % 26 : r / 26];
    }
    column += length + 1;
    text[at++] = column > 70 ? (column = 0, '\n') : ' ';
  }
  text[at] = 0;
}

static u32 length_of(const char *s) {
  const char *p = s;
  while (*p)
    p++;
  return (u32)(p - s);
}

static u32 count_words(const char *s) {
  u32 words = 0, in_word = 0;
  for (; *s; s++) {
    u32 is_letter = *s != ' ' && *s != '\n' && *s != '\t';
    words += is_letter & !in_word;
    in_word = is_letter;
  }
  return words;
}

static const char *find(const char *s, const char *what) {
  for (; *s; s++) {
    if (*s != *what)
      continue;
    u32 i = 1;
    while (what[i] && s[i] == what[i])
      i++;
    if (!what[i])
      return s;
  }
  return 0;
}

static u32 count_lines(const char *s, u32 size) {
  u32 lines = 0;
  for (u32 i = 0; i < size; i++)
    lines += s[i] == '\n';
  return lines;
}

static void count_letters(const char *s) {
  for (; *s; s++)
    counts[(u8)*s]++;
}

u64 bench_run(u32 n) {
  static const char *const words[] = {"the", "tea ", "oint", "zebra", "aa", "sh\n", "eten"};
  u64 sum = 0;
  make_text();
  for (u32 i = 0; i < 256; i++)
    counts[i] = 0;
  for (u32 round = 0; round < n; round++) {
    u32 size = length_of(text);
    sum = mix(sum, size + count_words(text));
    sum = mix(sum, count_lines(text, size));
    for (u32 i = 0; i < 7; i++)
      for (const char *at = text; (at = find(at, words[i])) != 0; at++)
        sum += (u32)(at - text);
    count_letters(text);
    text[round * 37 % size] = 'e';
  }
  for (u32 i = 0; i < 256; i++)
    sum = mix(sum, counts[i]);
  return sum;
}
