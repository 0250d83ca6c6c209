/* What every kernel shares: fixed-width names, a generator of test data and a
 * checksum. Kernels include no other header and call no library, so that the
 * native and the WebAssembly build are the same program. */
#ifndef KERNEL_H
#define KERNEL_H

typedef __UINT8_TYPE__ u8;
typedef __UINT16_TYPE__ u16;
typedef __UINT32_TYPE__ u32;
typedef __UINT64_TYPE__ u64;
typedef __INT32_TYPE__ i32;
typedef __INT64_TYPE__ i64;

/* Does the kernel's work `n` times over data that it makes itself, so that
 * every call with the same `n` gives the same checksum. */
u64 bench_run(u32 n);

/* The next number of a xorshift sequence; `state` is never 0. */
static inline u32 next_random(u32 *state) {
  u32 x = *state;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  return *state = x;
}

/* A number in [0, 1). */
static inline double next_double(u32 *state) {
  return (double)(next_random(state) >> 8) / 16777216.0;
}

static inline u64 mix(u64 sum, u64 value) {
  sum = (sum ^ value) * 0x9e3779b97f4a7c15u;
  return sum ^ sum >> 29;
}

static inline u64 mix_double(u64 sum, double value) {
  union {
    double value;
    u64 bits;
  } u;
  u.value = value;
  return mix(sum, u.bits);
}

#endif
