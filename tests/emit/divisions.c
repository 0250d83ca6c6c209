static u64 t_f0(void *self, u64 v0) {
  (void)self;
  return v0 / 8ull;
}

static u32 t_f1(void *self, u32 v0) {
  (void)self;
  return (u32)((i32)v0 % -7);
}

static u32 t_f2(void *self, u32 v0) {
  (void)self;
  return (u32)((i32)v0 / (i32)0x80000000u);
}

static u32 t_f3(void *self, u32 v0) {
  u32 v2 = i32_div_s(self, v0, 0xffffffffu, 0x4d);
  return v2;
}

static u32 t_f4(void *self, u32 v0) {
  u32 v2 = i32_rem_u(self, v0, 0u, 0x55);
  return v2;
}

static void t_f5(void *self, u32 v0, u32 v1) {
  (void)(i32_div_u(self, v0, v1, 0x5d));
}

static void t_f6(void *self, u32 v0) {
  (void)self;
}
