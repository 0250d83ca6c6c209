static u32 t_f0_fib(void *self, u32 v0_n) {
  u32 v3 = 0;
  if (v0_n < 2u) {
    v3 = v0_n;
  } else {
    STACK_CHECK(4, 18, 0x18);
    u32 v5 = t_f0_fib(self, v0_n - 1u);
    u32 v7 = t_f0_fib(self, v0_n - 2u);
    v3 = v5 + v7;
  }
  return v3;
}
