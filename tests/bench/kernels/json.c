/* A recursive-descent parser of JSON over text that it first writes. */
/* n: 900 */
#include "kernel.h"

#define SIZE 60000

static char text[SIZE + 200];
static u32 text_size;

typedef struct reader {
  const char *p;
  u32 objects, arrays, strings, deepest, errors;
  double numbers;
  u64 keys;
} reader_t;

static void put(const char *s) {
  while (*s)
    text[text_size++] = *s++;
}

static void put_number(u32 value) {
  char digits[12];
  u32 count = 0;
  do {
    digits[count++] = (char)('0' + value % 10);
  } while (value /= 10);
  while (count-- > 0)
    text[text_size++] = digits[count];
}

static void write_value(u32 *random, u32 depth) {
  u32 r = next_random(random) >> 7;
  if (text_size > SIZE - 400 || depth > 12)
    r = 3 + r % 5;
  switch (r % 8) {
  case 0:
  case 1:
    put("{");
    for (u32 i = 0; i < 2 + r / 64 % 5; i++) {
      put(i ? ", \"key" : "\"id");
      put_number(i * 7);
      put("\": ");
      write_value(random, depth + 1);
    }
    put("}");
    break;
  case 2:
    put("[");
    for (u32 i = 0; i < 1 + r / 64 % 9; i++) {
      if (i)
        put(",\n  ");
      write_value(random, depth + 1);
    }
    put("]");
    break;
  case 3:
    put("-");
    put_number(r % 1000);
    put(".");
    put_number(r / 8 % 1000);
    put("e2");
    break;
  case 4:
    put("\"a \\\"quoted\\\" word and \\u00e9\"");
    break;
  case 5:
    put(r / 8 % 2 ? "true" : "null");
    break;
  default:
    put_number(r);
  }
}

static char skip_space(reader_t *in) {
  while (*in->p == ' ' || *in->p == '\n' || *in->p == '\t' || *in->p == '\r')
    in->p++;
  return *in->p;
}

static u64 read_string(reader_t *in) {
  u64 hash = 14695981039346656037u;
  for (in->p++; *in->p != '"'; in->p++) {
    if (*in->p == 0) {
      in->errors++;
      return hash;
    }
    if (*in->p == '\\')
      in->p++;
    hash = (hash ^ (u8)*in->p) * 1099511628211u;
  }
  in->p++;
  in->strings++;
  return hash;
}

static double read_number(reader_t *in) {
  double value = 0, scale = 1;
  int negative = *in->p == '-';
  in->p += negative;
  for (; *in->p >= '0' && *in->p <= '9'; in->p++)
    value = value * 10 + (*in->p - '0');
  if (*in->p == '.')
    for (in->p++; *in->p >= '0' && *in->p <= '9'; in->p++)
      value += (scale /= 10) * (*in->p - '0');
  if (*in->p == 'e')
    for (in->p++; *in->p >= '0' && *in->p <= '9'; in->p++)
      for (int i = *in->p - '0'; i > 0; i--)
        value *= 10;
  return negative ? -value : value;
}

static void read_value(reader_t *in, u32 depth);

static void read_members(reader_t *in, u32 depth, char end) {
  in->p++;
  if (skip_space(in) == end) {
    in->p++;
    return;
  }
  for (;;) {
    if (end == '}') {
      if (skip_space(in) != '"')
        break;
      in->keys += read_string(in);
      if (skip_space(in) != ':')
        break;
      in->p++;
    }
    read_value(in, depth + 1);
    char next = skip_space(in);
    if (next == end) {
      in->p++;
      return;
    }
    if (next != ',')
      break;
    in->p++;
  }
  in->errors++;
}

static void read_word(reader_t *in, const char *word) {
  for (; *word; word++, in->p++) {
    if (*in->p != *word) {
      in->errors++;
      return;
    }
  }
}

static void read_value(reader_t *in, u32 depth) {
  if (depth > in->deepest)
    in->deepest = depth;
  switch (skip_space(in)) {
  case '{':
    in->objects++;
    read_members(in, depth, '}');
    break;
  case '[':
    in->arrays++;
    read_members(in, depth, ']');
    break;
  case '"':
    in->keys ^= read_string(in);
    break;
  case 't':
    read_word(in, "true");
    break;
  case 'n':
    read_word(in, "null");
    break;
  default:
    in->numbers += read_number(in);
  }
}

u64 bench_run(u32 n) {
  u32 random = 22;
  u64 sum = 0;
  text_size = 0;
  put("[");
  while (text_size < SIZE - 500) {
    write_value(&random, 0);
    put(", ");
  }
  put("0]");
  text[text_size] = 0;
  for (u32 round = 0; round < n; round++) {
    reader_t in = {text, 0, 0, 0, 0, 0, 0, 0};
    read_value(&in, 0);
    sum = mix_double(mix(sum, in.keys), in.numbers);
    sum = mix(sum, in.objects + 3 * in.arrays + 5 * in.strings + 7 * in.deepest + 11 * in.errors);
  }
  return sum;
}
