static u32 t_f1_core__fmt__Write__write_str(void *self, u32 v0_self, u32 v1_caf_) {
  t_t *const I = self;
  u32 v2_for = 0;
  v2_for = v0_self + v1_caf_;
  STACK_CHECK(3, 10, 0x47);
  t_f0_std__io__print(self, v2_for);
  return v2_for - I->g0___stack_pointer;
}

static u32 t_f2____int_x____(void *self, u32 v0__) {
  (void)self;
  return v0__;
}

static void t_f3_a_function_whose_name_is_much_longer_tha(void *self) {
  (void)self;
}

static void t_f0_std__io__print(void *self, u32 a0) {
  t_t *const I = self;
  I->wdn.store->in_guest = I->f0.in_guest;
  ((t_sig0_t)I->f0.code)(I->f0.instance, a0);
  I->wdn.store->in_guest = 1;
}
