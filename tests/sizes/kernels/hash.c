/* Hashes of keys and a cipher of words: rotations, products and a table with open
 * addresses. */
#include "kernels.h"

#define SLOTS 64

typedef struct slot {
  uint32_t key;
  uint32_t count;
} slot_t;

static slot_t slots[SLOTS];
static uint8_t message[128];

static uint32_t rotl(uint32_t x, uint32_t n) {
  return x << n | x >> (32 - n);
}

static uint32_t fnv(const uint8_t *data, uint32_t size) {
  uint32_t h = 2166136261u;
  while (size-- > 0)
    h = (h ^ *data++) * 16777619u;
  return h;
}

static uint32_t read32(const uint8_t *p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t murmur(const uint8_t *data, uint32_t size, uint32_t seed) {
  uint32_t h = seed, i;
  for (i = 0; i + 4 <= size; i += 4) {
    h ^= rotl(read32(data + i) * 0xcc9e2d51u, 15) * 0x1b873593u;
    h = rotl(h, 13) * 5 + 0xe6546b64u;
  }
  h ^= size;
  h ^= h >> 16;
  h *= 0x85ebca6bu;
  h ^= h >> 13;
  h *= 0xc2b2ae35u;
  return h ^ h >> 16;
}

/* Eight rounds of adding, rotating and xoring over a state of four words. */
static void mix(uint32_t *s) {
  uint32_t i;
  for (i = 0; i < 8; i++) {
    s[0] += s[1];
    s[3] = rotl(s[3] ^ s[0], 16);
    s[2] += s[3];
    s[1] = rotl(s[1] ^ s[2], 12);
    s[0] += s[1];
    s[3] = rotl(s[3] ^ s[0], 8);
    s[2] += s[3];
    s[1] = rotl(s[1] ^ s[2], 7);
  }
}

static uint32_t count(uint32_t key) {
  uint32_t at = key * 2654435769u >> 26;
  uint32_t tries;
  for (tries = 0; tries < SLOTS; tries++) {
    slot_t *slot = &slots[(at + tries) % SLOTS];
    if (slot->count == 0 || slot->key == key) {
      slot->key = key;
      return ++slot->count;
    }
  }
  slots[at].key = key;
  return slots[at].count = 1;
}

uint32_t hash(uint32_t rounds) {
  uint32_t words[4] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  uint32_t result = 0, i, k;
  for (i = 0; i < rounds; i++) {
    for (k = 0; k < sizeof message; k++)
      message[k] = (uint8_t)(k + i * 3);
    result ^= fnv(message, sizeof message);
    result += murmur(message, sizeof message - i % 4, result);
    words[0] ^= result;
    mix(words);
    for (k = 0; k < 32; k++)
      result += count((words[k % 4] >> k) & 127);
  }
  return result + words[0] + words[3];
}
