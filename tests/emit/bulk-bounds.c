static void t_f0_f(void *self) {
  (void)self;
}

static void t_f1(void *self, u32 v0) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  const wdn_size_t size = (wdn_size_t)I->m0.size;
  WDN_ASSUME(size >= 65536u);
  memory_fill(self, &I->m0, v0, 255u, 16u, 0x43);
  memory_copy(self, &I->m0, &I->m0, 0u, v0, i32_load(mem, IN_BOUNDS(v0, 4u, 0x4c), 0), 0x4f);
  memory_init(self, &I->m0, t_data0, I->data0_size, v0, 1u, 3u, 0x59);
  I->data0_size = 0;
  i32_store(mem, 4u, 0, (u32)(I->m0.size >> 16));
}

static void t_f2(void *self, u32 v0) {
  t_t *const I = self;
  table_init(self, &I->t0, t_element0, I->element0_size, v0, 0u, 1u, 0x70);
  I->element0_size = 0;
  table_copy(self, &I->t0, &I->t0, 0u, v0, 1u, 0x7d);
  table_fill_func(self, &I->t0, 0u, (wdn_func_t){(wdn_code_t)t_f0_f, &t_type0, self}, I->t0.size, 0x88);
}

static u32 t_f3(void *self, u32 v0) {
  t_t *const I = self;
  u8 *mem = I->m0.data;
  wdn_size_t size = (wdn_size_t)I->m0.size;
  WDN_ASSUME(size >= 65536u);
  u32 v2 = i32_load(mem, IN_BOUNDS(v0, 4u, 0x90), 0);
  u32 v3 = memory_grow(self, &I->m0, 1u);
  mem = I->m0.data;
  size = (wdn_size_t)I->m0.size;
  WDN_ASSUME(size >= 65536u);
  if (v3 == 0xffffffffu) {
    return 0u;
  }
  return v2 + i32_load(mem, v0, 0);
}
