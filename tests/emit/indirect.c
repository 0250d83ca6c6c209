static u32 t_f0_f(void *self, u32 v0) {
  (void)self;
  return v0;
}

static u32 t_f1(void *self, u32 v0) {
  STACK_CHECK(2, 3, 0x3d);
  u32 v2 = ((t_sig0_t)wdn_const_indirect(self, t_table0, 2u, v0, 1, 0x42))(self, 1u);
  return v2;
}

static u32 t_f2(void *self, u32 v0) {
  t_t *const I = self;
  u32 v2 = 0;
  STACK_CHECK(2, 3, 0x47);
  {
    const wdn_func_t *const callee = wdn_indirect(self, &I->t1, v0, &t_type0, 0x4c);
    v2 = ((t_sig0_t)callee->code)(callee->instance, 1u);
  }
  return v2;
}
