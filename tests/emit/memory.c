static void t_f0_copy(void *self, u32 v0_to, u32 v1_from) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  i64_store(mem, v0_to, 0, i64_load(mem, v1_from, 0));
  i64_store(mem, v0_to, 8, i64_load(mem, v1_from, 8));
}

static u32 t_f1_bytes(void *self, u32 v0_p) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  return i32_load8_s(mem, v0_p, 0) + i32_load16_u(mem, v0_p, 2);
}

static u32 t_f2_far(void *self, u32 v0_p) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  const wdn_size_t size = (wdn_size_t)I->m0.size;
  WDN_ASSUME(size >= 65536u);
  return i32_load(mem, IN_BOUNDS_FAR(v0_p, 2147483652u, 0x57), 2147483648);
}

static u32 t_f3_grow(void *self) {
  t_t *const I = self;
  u32 v1 = memory_grow(self, &I->m0, 1u);
  return v1 + (u32)(I->m0.size >> 16);
}
