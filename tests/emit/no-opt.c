static u32 t_f0(void *self, u32 v0_p) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  u32 v2 = v0_p;
  u32 v3 = !v2;
  if (v3)
    goto L1;
  u32 v4 = v0_p;
  u32 v5 = i32_load_forced(mem, v4, 0);
  (void)(v5);
L1:;
  u32 v6 = v0_p;
  u32 v7 = 1u;
  u32 v8 = v6 + v7;
  return v8;
}
