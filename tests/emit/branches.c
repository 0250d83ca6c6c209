static u32 t_f0_early(void *self, u32 v0) {
  (void)self;
  if ((i32)v0 >= 0) {
    v0 = 5u;
  }
  return v0;
}

static u32 t_f1_if(void *self, u32 v0) {
  (void)self;
  u32 v2 = 0;
  if (v0) {
    v2 = 1u;
  } else {
    v2 = 2u;
  }
  return v2;
}

static WDN_FLOAT_RESULT f64 t_f2_max(void *self, f64 v0, f64 v1) {
  (void)self;
  if (v0 > v1) {
    return v0;
  }
  return v1;
}

static u32 t_f3_value(void *self, u32 v0) {
  (void)self;
  u32 v2 = 0;
  v2 = 10u;
  if (v0 == 0) {
    v2 = 20u;
  }
  return v2;
}

static u32 t_f4_never(void *self, u32 v0) {
  if (v0) {
    TRAP(UNREACHABLE, 0x66);
  }
  return 0u;
}
