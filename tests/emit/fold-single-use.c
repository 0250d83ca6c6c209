static u32 t_f0(void *self, u32 v0, u32 v1) {
  (void)self;
  return (v0 + v1) * 3u;
}

static u32 t_f1(void *self, u32 v0, u32 v1) {
  u32 v5 = i32_div_u(self, 1u, v0, 0x3c);
  u32 v8 = i32_div_u(self, 2u, v1, 0x41);
  return v5 + v8;
}
