static void t_f0_dropped(void *self, u32 v0) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  (void)(i32_load_forced(mem, v0, 0));
}

static u32 t_f1_unused(void *self, u32 v0) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  (void)(i32_load_forced(mem, v0, 0));
  return 1u;
}

static u32 t_f2_sometimes(void *self, u32 v0, u32 v1) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  u32 v2_x = 0;
  v2_x = i32_load_forced(mem, v0, 0);
  if (v1) {
    return 0u;
  }
  return v2_x;
}

static u32 t_f3_sum(void *self, u32 v0_p, u32 v1_n) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  u32 v2_s = 0;
  do {
    v2_s = v2_s + i32_load(mem, v0_p, 0);
    v0_p = v0_p + 4u;
    v1_n = v1_n - 1u;
  } while (v1_n);
  return v2_s;
}
