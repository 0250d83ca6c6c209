static u32 t_f0(void *self, u32 v0, u32 v1) {
  (void)self;
  return (v0 + v1) * 3u;
}

static u32 t_f1(void *self, u32 v0, u32 v1) {
  u32 v3 = i32_div_u(self, 1u, v0, 0x3c);
  u32 v4 = i32_div_u(self, 2u, v1, 0x41);
  return v3 + v4;
}
