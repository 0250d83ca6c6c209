static u32 t_f0_while(void *self, u32 v0_n) {
  (void)self;
  u32 v1_s = 0;
  for (;;) {
    if (v0_n == 0)
      break;
    v1_s = v1_s + v0_n;
    v0_n = v0_n - 1u;
  }
  return v1_s;
}

static u32 t_f1_do(void *self, u32 v0_n) {
  (void)self;
  u32 v1_s = 0;
  do {
    v1_s = v1_s + v0_n;
    v0_n = v0_n - 1u;
  } while (v0_n);
  return v1_s;
}

static void t_f2_continue(void *self, u32 v0_n) {
  (void)self;
L1:;
  do {
    if ((v0_n & 1u) != 0)
      goto L1;
    v0_n = v0_n >> 1;
  } while (v0_n);
}

static u32 t_f3_params(void *self, u32 v0_n) {
  (void)self;
  u32 v4 = 0, v5 = 0, v6 = 0;
  v5 = v0_n;
  v6 = 1u;
  for (;;) {
    u32 v9 = v5 * v6;
    if (v0_n < 2u) {
      return v9;
    }
    v0_n = v0_n - 1u;
    v5 = v9;
    v6 = v0_n;
  }
  return v4;
}
