static u32 t_f0_sum(void *self, u32 v0_p) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  const wdn_size_t size = (wdn_size_t)I->m0.size;
  WDN_ASSUME(size >= 65536u);
  CHECK(v0_p, 12u, 0x2c);
  return i32_load(mem, v0_p, 0) + i32_load(mem, v0_p, 4) + i32_load(mem, v0_p, 8);
}

static u32 t_f1_fields(void *self, u32 v0_p) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  const wdn_size_t size = (wdn_size_t)I->m0.size;
  WDN_ASSUME(size >= 65536u);
  CHECK(v0_p, 16u, 0x42);
  return i32_load(mem, v0_p, 4) - i32_load(mem, v0_p, 12);
}

static void t_f2_stores(void *self, u32 v0_p) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  const wdn_size_t size = (wdn_size_t)I->m0.size;
  WDN_ASSUME(size >= 65536u);
  i32_store(mem, IN_BOUNDS(v0_p, 12u, 0x5a), 8, 1u);
  i32_store(mem, v0_p, 0, 2u);
  i32_store(mem, IN_BOUNDS(v0_p, 20u, 0x68), 16, 3u);
}

static u32 t_f3_constant(void *self) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  return i32_load(mem, 1024u, 0);
}

static u32 t_f4_next(void *self, u32 v0_p) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  const wdn_size_t size = (wdn_size_t)I->m0.size;
  WDN_ASSUME(size >= 65536u);
  CHECK(v0_p, 8u, 0x82);
  return i32_load(mem, v0_p, 4) + i32_load(mem, v0_p, 0);
}
