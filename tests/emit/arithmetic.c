static u32 t_f0(void *self, u32 v0) {
  (void)self;
  return (u32)((i32)v0 / 10);
}

static u32 t_f1(void *self, u32 v0) {
  (void)self;
  return v0 % 10u;
}

static u32 t_f2(void *self, u32 v0, u32 v1) {
  u32 v3 = i32_div_s(self, v0, v1, 0x58);
  return v3;
}

static u32 t_f3(void *self, u32 v0, u32 v1) {
  (void)self;
  return (u32)(v0 < v1) - (u32)(v0 > v1);
}

static u64 t_f4(void *self, u64 v0, u64 v1) {
  (void)self;
  return v0 << (v1 & 63ull);
}

static u32 t_f5(void *self, u32 v0) {
  (void)self;
  return i32_shr_s(v0, 35u);
}

static u32 t_f6(void *self, u64 v0) {
  (void)self;
  return (u32)(v0 >> 32);
}

static u64 t_f7(void *self, u32 v0) {
  (void)self;
  return (u64)(u32)!v0;
}

static u32 t_f8(void *self, u32 v0, u32 v1, u32 v2) {
  (void)self;
  return ((v0 & 1u) != 0) ? v1 : v2;
}

static u32 t_f9(void *self, f32 v0) {
  u32 v2 = i32_trunc_f32_s(self, v0, 0x99);
  return v2;
}
