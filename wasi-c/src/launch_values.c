/* Of the main program of a translated command: values of WebAssembly as they are typed
 * and printed. Included by launch.c. */

/* Decimal or 0x hexadecimal, signed or unsigned, of so many bits. */
static bool parse_integer(const char *text, unsigned bits, uint64_t *value) {
  const uint64_t max = bits == 32 ? UINT32_MAX : UINT64_MAX;
  bool negative = *text == '-';
  unsigned base = 10;
  uint64_t magnitude = 0;
  text += negative || *text == '+';
  if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text += 2;
  }
  if (*text == 0)
    return false;
  for (; *text != 0; text++) {
    const char *digits = "0123456789abcdef";
    int c = *text >= 'A' && *text <= 'F' ? *text - 'A' + 'a' : *text;
    const char *found = strchr(digits, c);
    uint64_t digit = found != NULL ? (uint64_t)(found - digits) : base;
    if (digit >= base || magnitude > (max - digit) / base)
      return false;
    magnitude = magnitude * base + digit;
  }
  if (negative && magnitude > max / 2 + 1)
    return false;
  *value = (negative ? 0 - magnitude : magnitude) & max;
  return true;
}

/* All of `text` is a number; strtod would pass over spaces before it. */
static bool parse_float(const char *text, bool is_f32, wdn_value_t *value) {
  char *end = NULL;
  if (*text == 0 || strchr(" \t\n\v\f\r", *text) != NULL)
    return false;
  if (is_f32)
    value->f32 = strtof(text, &end);
  else
    value->f64 = strtod(text, &end);
  return *end == 0;
}

static bool parse_value(const char *text, wdn_valtype_t type, wdn_value_t *value) {
  uint64_t integer = 0;
  memset(value, 0, sizeof *value);
  switch (type) {
  case WDN_I32:
    if (!parse_integer(text, 32, &integer))
      return false;
    value->i32 = (uint32_t)integer;
    return true;
  case WDN_I64:
    return parse_integer(text, 64, &value->i64);
  case WDN_F32:
    return parse_float(text, true, value);
  case WDN_F64:
    return parse_float(text, false, value);
  default:
    return false;
  }
}

/* A number with the fewest digits that read back as the same, without an
 * exponent. `digits` is what printf's %e made of its magnitude. */
static void print_digits(const char *digits) {
  char text[32];
  size_t count = 0, i;
  long point = strtol(strchr(digits, 'e') + 1, NULL, 10) + 1;
  for (; *digits != 'e'; digits++) {
    if (*digits != '.')
      text[count++] = *digits;
  }
  while (count > 1 && text[count - 1] == '0')
    count--;
  if (point <= 0) {
    fputs("0.", stdout);
    for (; point < 0; point++)
      fputc('0', stdout);
    fwrite(text, 1, count, stdout);
    return;
  }
  for (i = 0; i < count || (long)i < point; i++) {
    if ((long)i == point)
      fputc('.', stdout);
    fputc(i < count ? text[i] : '0', stdout);
  }
}

static void print_float(double value, bool is_f32) {
  char digits[40];
  int precision = 0;
  if (value != value) {
    fputs("NaN", stdout);
    return;
  }
  if ((wdn_f64_bits(value) >> 63) != 0) {
    fputc('-', stdout);
    value = -value;
  }
  if (value > 1.7976931348623157e308) {
    fputs("inf", stdout);
    return;
  }
  if (value == 0) {
    fputc('0', stdout);
    return;
  }
  do
    snprintf(digits, sizeof digits, "%.*e", precision, value);
  while (++precision < 17 &&
         (is_f32 ? strtof(digits, NULL) != (float)value : strtod(digits, NULL) != value));
  print_digits(digits);
}

static void print_value(const wdn_value_t *value, wdn_valtype_t type) {
  switch (type) {
  case WDN_I32:
    printf("%" PRId32, (int32_t)value->i32);
    break;
  case WDN_I64:
    printf("%" PRId64, (int64_t)value->i64);
    break;
  case WDN_F32:
    print_float(value->f32, true);
    break;
  case WDN_F64:
    print_float(value->f64, false);
    break;
  case WDN_FUNCREF:
    fputs(value->func.code != 0 ? "<funcref>" : "<null funcref>", stdout);
    break;
  default:
    fputs(value->ext != NULL ? "<externref>" : "<null externref>", stdout);
    break;
  }
  fputc('\n', stdout);
}
