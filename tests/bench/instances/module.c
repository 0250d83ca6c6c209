/* A small module for the measurement of instances: a function to call, some
 * data, a table and a page of zeroes. */
typedef __UINT32_TYPE__ u32;

static u32 counters[64] = {1, 2, 3};
static u32 zeroes[4096];

static u32 add(u32 a, u32 b) {
  return a + b;
}
static u32 multiply(u32 a, u32 b) {
  return a * b;
}
static u32 (*volatile const operations[])(u32, u32) = {add, multiply};

/* Touches memory and the table, as a first call would. */
u32 first(u32 x) {
  zeroes[x & 4095] = x;
  return operations[x & 1](counters[x & 63]++, x) + zeroes[(x + 1) & 4095];
}

/* Does nothing, so that a call of it costs what a call costs. */
u32 nothing(u32 x) {
  return x + 1;
}
