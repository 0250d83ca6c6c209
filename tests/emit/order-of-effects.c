static u32 t_f0_f(void *self, u32 v0) {
  (void)self;
  return v0;
}

static u32 t_f1(void *self, u32 v0_p, u32 v1_v) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  u32 v3 = i32_load(mem, v0_p, 0);
  i32_store(mem, v0_p, 0, v1_v);
  return v3;
}

static u32 t_f2(void *self, u32 v0_x) {
  (void)self;
  u32 v2 = v0_x;
  v0_x = 7u;
  return v2 + v0_x;
}

static u32 t_f3(void *self) {
  t_t *const I = self;
  u32 v1 = I->g0_g;
  I->g0_g = 1u;
  return v1;
}

static u32 t_f4(void *self, u32 v0_p) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  u32 v2 = i32_load(mem, v0_p, 0);
  STACK_CHECK(3, 7, 0x5d);
  u32 v3 = t_f0_f(self, 1u);
  return v2 + v3;
}

static u32 t_f5(void *self, u32 v0_p) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  u32 v2 = i32_load(mem, v0_p, 0);
  u32 v3 = i32_div_s(self, 1u, v0_p, 0x74);
  return v2 + v3;
}
