static wdn_il_t t_f1_pair(void *self, u32 v0) {
  (void)self;
  {
    wdn_il_t results;
    results.r0 = v0;
    results.r1 = (u64)(i64)(i32)v0;
    return results;
  }
}

static u64 t_f2_use(void *self) {
  STACK_CHECK(4, 6, 0x38);
  t_f0_log(self, 1u, 2.5);
  u64 v3;
  {
    wdn_il_t results = t_f1_pair(self, 3u);
    v3 = results.r1;
  }
  return v3;
}

static void t_f0_log(void *self, u32 a0, f64 a1) {
  t_t *const I = self;
  I->wdn.store->in_guest = I->f0.in_guest;
  ((t_sig0_t)I->f0.code)(I->f0.instance, a0, a1);
  I->wdn.store->in_guest = 1;
}
