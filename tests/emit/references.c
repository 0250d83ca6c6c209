static void t_f0(void *self, u32 v0, void *v1) {
  t_t *const I = self;
  table_set_extern(self, &I->t0, v0, v1, 0x34);
}

static void *t_f1(void *self, u32 v0) {
  t_t *const I = self;
  void *v2 = table_get_extern(self, &I->t0, v0, 0x3b);
  return v2;
}

static u32 t_f2(void *self, void *v0) {
  (void)self;
  return !v0;
}

static u32 t_f3(void *self) {
  t_t *const I = self;
  u32 v3 = table_grow_extern(self, &I->t0, (void *)0, I->t0.size);
  return v3;
}
