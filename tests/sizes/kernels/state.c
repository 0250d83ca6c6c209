/* A state machine that tells kinds of numbers in a text apart, and counts. */
#include "kernels.h"

typedef enum state { START, INTEGER, FLOAT, EXPONENT, SCIENTIFIC, SIGN, INVALID, STATES } state_t;

static const char *const words[] = {"5012,",     "1234,",     "-874,",     "+122,",
                                    "35.54400,", ".1234500,", "-110.700,", "+0.64400,",
                                    "5.5e3,",    "-.1e-2,",   "-87e+83,",  "+0.6e-12,",
                                    "T0.3e-1F,", "-T.T++Tq,", "1T3.4e4z,", "34.0e-T^,"};

static uint8_t text[400];
static uint32_t seen[STATES], left[STATES];

static uint32_t is_digit(uint8_t c) {
  return c >= '0' && c <= '9';
}

/* The next number, of which `*at` is the first character. */
static state_t next_number(const uint8_t **at) {
  const uint8_t *p = *at;
  state_t state = START;
  for (; *p && state != INVALID; p++) {
    uint8_t c = *p;
    if (c == ',') {
      p++;
      break;
    }
    switch (state) {
    case START:
      if (is_digit(c))
        state = INTEGER;
      else if (c == '+' || c == '-')
        state = SIGN;
      else if (c == '.')
        state = FLOAT;
      else
        state = INVALID;
      left[START]++;
      break;
    case SIGN:
      if (is_digit(c))
        state = INTEGER;
      else
        state = c == '.' ? FLOAT : INVALID;
      left[SIGN]++;
      break;
    case INTEGER:
      if (c == '.') {
        state = FLOAT;
        left[INTEGER]++;
      } else if (!is_digit(c)) {
        state = INVALID;
        left[INTEGER]++;
      }
      break;
    case FLOAT:
      if (c == 'e' || c == 'E') {
        state = EXPONENT;
        left[FLOAT]++;
      } else if (!is_digit(c)) {
        state = INVALID;
        left[FLOAT]++;
      }
      break;
    case EXPONENT:
      state = c == '+' || c == '-' || is_digit(c) ? SCIENTIFIC : INVALID;
      left[EXPONENT]++;
      break;
    case SCIENTIFIC:
      if (!is_digit(c)) {
        state = INVALID;
        left[SCIENTIFIC]++;
      }
      break;
    default:
      break;
    }
  }
  *at = p;
  return state;
}

static uint32_t fill(uint32_t seed) {
  uint32_t size = 0;
  while (size < sizeof text - 12) {
    const char *word = words[(seed = seed * 1103515245 + 12345) >> 28];
    while (*word)
      text[size++] = (uint8_t)*word++;
  }
  text[size] = 0;
  return size;
}

uint32_t state(uint32_t rounds) {
  uint32_t size = fill(rounds), result = 0, i, k;
  for (i = 0; i < rounds; i++) {
    const uint8_t *at = text;
    while (*at)
      seen[next_number(&at)]++;
    for (k = i % 7; k < size; k += 7 + i % 5) {
      if (text[k] != ',')
        text[k] ^= (uint8_t)(i & 3);
    }
    for (k = 0; k < STATES; k++)
      result = result * 33 + seen[k] * 3 + left[k];
  }
  return result;
}
