static u32 t_f0(void *self, u32 v0) {
  (void)self;
  switch (v0) {
  case 0:
    goto L4;
  case 1:
  case 2:
    goto L3;
  case 3:
    goto L2;
  default:
    goto L1;
  }
L4:;
  return 10u;
L3:;
  return 20u;
L2:;
  return 30u;
L1:;
  return 40u;
}
