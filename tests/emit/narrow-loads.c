static u32 t_f0(void *self, u32 v0) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  return (u32)i64_load_forced(mem, v0, 0);
}

static u32 t_f1(void *self, u32 v0) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  return i32_load_forced(mem, v0, 0) & 255u;
}

static u32 t_f2(void *self, u32 v0) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  return i32_load(mem, v0, 0) & 0x7f000000u;
}

static u32 t_f3(void *self, u32 v0) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  return i32_load8_u(mem, v0, 0) & 15u;
}

static void t_f4(void *self, u32 v0) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  i32_store8(mem, v0, 0, i32_load_forced(mem, v0, 0));
}

static void t_f5(void *self, u32 v0) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  if (i32_load_forced(mem, v0, 0)) {
  }
}

static u32 t_f6(void *self, u32 v0) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  u32 v1_x = 0;
  v1_x = i32_load_forced(mem, v0, 0);
  return v1_x ^ v1_x;
}
