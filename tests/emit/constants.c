static u32 t_f0(void *self) {
  (void)self;
  return 0x80000000u;
}

static u64 t_f1(void *self) {
  (void)self;
  return 0xffffffffffffffffull;
}

static WDN_FLOAT_RESULT f32 t_f2(void *self) {
  (void)self;
  return (-0.0f);
}

static WDN_FLOAT_RESULT f32 t_f3(void *self) {
  (void)self;
  return 0.1f;
}

static WDN_FLOAT_RESULT f64 t_f4(void *self) {
  (void)self;
  return f64_reinterpret_i64(0x7ff4000000000001ull);
}

static WDN_FLOAT_RESULT f64 t_f5(void *self) {
  (void)self;
  return f64_reinterpret_i64(0xfff0000000000000ull);
}

static WDN_FLOAT_RESULT f64 t_f6(void *self) {
  (void)self;
  return 1e300;
}

static u32 t_f7(void *self, u32 v0) {
  (void)self;
  return v0 - 8u;
}

static u32 t_f8(void *self, u32 v0) {
  (void)self;
  return (i32)v0 < -8;
}

static WDN_FLOAT_RESULT f64 t_f9(void *self, f64 v0) {
  (void)self;
  return f64_mul(v0, 1.0);
}
