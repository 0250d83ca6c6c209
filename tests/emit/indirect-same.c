static u32 t_f0_f(void *self, u32 v0) {
  (void)self;
  return v0;
}

static void t_f1_g(void *self) {
  (void)self;
}

static u32 t_f2(void *self, u32 v0) {
  STACK_CHECK(2, 3, 0x59);
  u32 v2 = ((t_sig0_t)wdn_const_indirect_same(self, t_table0, 4u, v0, 2, 0x5e))(self, 1u);
  return v2;
}

static void t_f3(void *self, u32 v0) {
  STACK_CHECK(1, 1, 0x63);
  ((t_sig1_t)wdn_const_indirect(self, t_table0, 4u, v0, 2, 0x66))(self);
}

static u32 t_f4(void *self, u32 v0) {
  STACK_CHECK(2, 3, 0x6b);
  u32 v2 = ((t_sig0_t)wdn_const_indirect(self, t_table1, 4u, v0, 1, 0x70))(self, 1u);
  return v2;
}

static u32 t_f5(void *self, u32 v0) {
  STACK_CHECK(2, 3, 0x75);
  u32 v2 = ((t_sig0_t)wdn_const_indirect(self, t_table2, 3u, v0, 1, 0x7a))(self, 1u);
  return v2;
}

static void t_f6(void *self, u32 v0) {
  STACK_CHECK(1, 1, 0x7f);
  ((t_sig1_t)wdn_const_indirect(self, t_table3, 3u, v0, 2, 0x82))(self);
}
