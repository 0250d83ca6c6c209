static WDN_FLOAT_RESULT f64 t_f0(void *self, f64 v0, f64 v1) {
  (void)self;
  return v0 * v1 - v1;
}

static WDN_FLOAT_RESULT f64 t_f1(void *self, f64 v0, f64 v1) {
  (void)self;
  return v0 / (v0 + v1);
}

static WDN_FLOAT_RESULT f32 t_f2(void *self, f32 v0, f32 v1) {
  (void)self;
  return f32_min(f32_abs(v0), f32_neg(v1));
}

static u32 t_f3(void *self, f64 v0) {
  (void)self;
  return !(v0 < 1.0);
}

static WDN_FLOAT_RESULT f64 t_f4(void *self, f64 v0) {
  (void)self;
  return f64_sub(v0, 0.0);
}

static WDN_FLOAT_RESULT f64 t_f5(void *self, f64 v0) {
  (void)self;
  return f64_add((-0.0), v0);
}

static WDN_FLOAT_RESULT f64 t_f6(void *self, f64 v0) {
  (void)self;
  return f64_mul(v0, f64_reinterpret_i64(0x7ff8000000000000ull));
}

static WDN_FLOAT_RESULT f64 t_f7(void *self) {
  (void)self;
  return f64_add(0.1, 0.2);
}

static WDN_FLOAT_RESULT f32 t_f8(void *self, f32 v0) {
  (void)self;
  return f32_demote_f64(f64_promote_f32(v0));
}

static WDN_FLOAT_RESULT f32 t_f9(void *self, f32 v0) {
  (void)self;
  return f32_reinterpret_i32(i32_reinterpret_f32(v0));
}

static WDN_FLOAT_RESULT f64 t_f10(void *self, u32 v0) {
  (void)self;
  return f64_convert_i32_u((i32)v0 < 3);
}
