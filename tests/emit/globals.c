static u32 t_f0(void *self) {
  t_t *const I = self;
  I->g0_sp = I->g0_sp - 16u;
  return I->g0_sp + 99u;
}
