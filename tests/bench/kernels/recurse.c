/* Recursive calls that do almost nothing else: Fibonacci, Ackermann, Tak. */
/* n: 90 */
#include "kernel.h"

static __attribute__((noinline)) u32 fib(u32 n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

static __attribute__((noinline)) u32 ackermann(u32 m, u32 n) {
  if (m == 0)
    return n + 1;
  return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

static __attribute__((noinline)) i32 tak(i32 x, i32 y, i32 z) {
  if (y >= x)
    return z;
  return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y));
}

u64 bench_run(u32 n) {
  u64 sum = 0;
  for (u32 round = 0; round < n; round++) {
    sum = mix(sum, fib(25 + round % 3));
    sum = mix(sum, ackermann(2, 280 + round % 5));
    sum = mix(sum, ackermann(3, 6));
    sum = mix(sum, (u32)tak(16, 11, (i32)(round % 4) + 3));
  }
  return sum;
}
