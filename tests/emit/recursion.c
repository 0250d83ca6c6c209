static u32 t_f0_fib(void *self, u32 v0_n) {
  u32 v5 = 0;
  if (v0_n < 2u) {
    v5 = v0_n;
  } else {
    STACK_CHECK(4, 25, 0x18);
    u32 v10 = t_f0_fib(self, v0_n - 1u);
    u32 v14 = t_f0_fib(self, v0_n - 2u);
    v5 = v10 + v14;
  }
  return v5;
}
