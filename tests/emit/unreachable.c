static void t_f0_f(void *self) {
  (void)self;
}

static u32 t_f1(void *self, u32 v0) {
  (void)self;
  return 1u;
}

static u32 t_f2(void *self, u32 v0) {
  (void)self;
  u32 v2 = 0;
  v2 = v0;
  goto L1;
L1:;
  return v2;
}

static void t_f3(void *self, u32 v0) {
  if (v0) {
    return;
  } else {
    TRAP(UNREACHABLE, 0x4e);
  }
  STACK_CHECK(1, 1, 0x47);
  t_f0_f(self);
}

static void t_f4(void *self) {
  STACK_CHECK(0, 0, 0x54);
  for (;;) {
    t_f0_f(self);
  }
}
