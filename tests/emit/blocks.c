static u32 t_f0_nested(void *self, u32 v0, u32 v1) {
  (void)self;
  u32 v4 = 0, v6 = 0;
  u32 v3 = v0;
  u32 v5 = 3u;
  v4 = 7u;
  if (v0)
    goto L1;
  v6 = 7u;
  if (v1 == 0) {
    v6 = v1;
  }
  v4 = v5 * v6;
L1:;
  return v3 + v4;
}

static wdn_il_t t_f1_two(void *self, u32 v0) {
  (void)self;
  u32 v3 = 0;
  u64 v4 = 0;
  v3 = 1u;
  v4 = 2ull;
  if (v0 == 0) {
    v3 = 3u;
    v4 = 4ull;
  }
  {
    wdn_il_t results;
    results.r0 = v3;
    results.r1 = v4;
    return results;
  }
}

static u32 t_f2_table(void *self, u32 v0) {
  (void)self;
  u32 v2 = 0, v3 = 0;
  v2 = 5u;
  v3 = 5u;
  switch (v0) {
  case 1:
    goto L2;
  default:
    goto L1;
  }
L2:;
  v2 = v3 + 1u;
L1:;
  return v2;
}

static u32 t_f3_passed(void *self, u32 v0) {
  (void)self;
  u32 v3 = 0;
  u32 v2 = v0;
  if (v0) {
    v3 = v2 + 1u;
  } else {
    v3 = v2;
  }
  return v3;
}

static u32 t_f4_below(void *self, u32 v0) {
  (void)self;
  u32 v2 = v0;
  v0 = 9u;
  if (v0 == 0) {
    v0 = 8u;
  }
  return v2 - v0;
}
