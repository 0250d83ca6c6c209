static u32 t_f0(void *self, u32 v0_p) {
  t_t *const I = self;
  u8 *const mem = I->m0.data;
  u32 v2 = !v0_p;
  if (v2)
    goto L1;
  u32 v3 = i32_load_forced(mem, v0_p, 0);
  (void)(v3);
L1:;
  u32 v4 = v0_p + 1u;
  return v4;
}
