static u32 t_f1_three(void *self, u32 v0, u32 v1, u32 v2) {
  (void)self;
  return v0;
}

static u32 t_f2(void *self, u32 v0_x) {
  (void)self;
  u32 v3 = v0_x;
  v0_x = v0_x + 1u;
  return v3 - v0_x;
}

static u32 t_f3(void *self) {
  t_t *const I = self;
  u32 v1 = I->g0_g;
  STACK_CHECK(3, 6, 0x5b);
  u32 v2 = t_f0_next(self);
  u32 v4 = t_f1_three(self, v1, v2, I->g0_g);
  return v4;
}

static u32 t_f4(void *self, u32 v0_p) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  u32 v2 = i32_load(mem, v0_p, 0);
  u32 v3 = i32_load(mem, v0_p, 4);
  STACK_CHECK(5, 8, 0x66);
  u32 v4 = t_f0_next(self);
  u32 v5 = t_f1_three(self, v2, v3, v4);
  return v5;
}

static void t_f5(void *self, u32 v0_p) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  STACK_CHECK(2, 4, 0x77);
  u32 v1 = t_f0_next(self);
  i32_store(mem, v1, 0, i32_load(mem, v0_p, 0));
}

static void t_f6(void *self, u32 v0_p) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  u32 v1 = i32_load(mem, v0_p, 0);
  STACK_CHECK(3, 4, 0x84);
  u32 v2 = t_f0_next(self);
  i32_store(mem, v1, 0, v2);
}

static u32 t_f7(void *self, u32 v0_p) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  u32 v2 = i32_load_forced(mem, v0_p, 0);
  STACK_CHECK(3, 8, 0x91);
  u32 v3 = t_f0_next(self);
  return (I->g0_g) ? v2 : v3;
}

static u32 t_f8(void *self, u32 v0_p) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  u32 v3 = 0;
  if (i32_load(mem, v0_p, 0)) {
    i32_store(mem, v0_p, 0, 0u);
    v3 = i32_load(mem, v0_p, 0);
  } else {
    STACK_CHECK(3, 10, 0x9e);
    u32 v5 = t_f0_next(self);
    v3 = v5;
  }
  return v3;
}

static u32 t_f0_next(void *self) {
  t_t *const I = self;
  u32 result;
  I->wdn.store->in_guest = I->f0.in_guest;
  result = ((t_sig0_t)I->f0.code)(I->f0.instance);
  I->wdn.store->in_guest = 1;
  return result;
}
