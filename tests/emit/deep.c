static u32 t_f0(void *self, u32 v0) {
  (void)self;
  u32 v16 = i32_rotl(i32_rotl(i32_rotl(i32_rotl(i32_rotl(v0, 1u) * (v0 + 0u), 2u) * (v0 + 1u), 3u) * (v0 + 2u), 4u) * (v0 + 3u), 5u) * (v0 + 4u);
  u32 v31 = i32_rotl(i32_rotl(i32_rotl(i32_rotl(i32_rotl(v16, 6u) * (v0 + 5u), 7u) * (v0 + 6u), 8u) * (v0 + 7u), 9u) * (v0 + 8u), 10u) * (v0 + 9u);
  u32 v46 = i32_rotl(i32_rotl(i32_rotl(i32_rotl(i32_rotl(v31, 11u) * (v0 + 10u), 12u) * (v0 + 11u), 13u) * (v0 + 12u), 14u) * (v0 + 13u), 15u) * (v0 + 14u);
  u32 v61 = i32_rotl(i32_rotl(i32_rotl(i32_rotl(i32_rotl(v46, 16u) * (v0 + 15u), 17u) * (v0 + 16u), 18u) * (v0 + 17u), 19u) * (v0 + 18u), 20u) * (v0 + 19u);
  u32 v76 = i32_rotl(i32_rotl(i32_rotl(i32_rotl(i32_rotl(v61, 21u) * (v0 + 20u), 22u) * (v0 + 21u), 23u) * (v0 + 22u), 24u) * (v0 + 23u), 25u) * (v0 + 24u);
  u32 v91 = i32_rotl(i32_rotl(i32_rotl(i32_rotl(i32_rotl(v76, 26u) * (v0 + 25u), 27u) * (v0 + 26u), 28u) * (v0 + 27u), 29u) * (v0 + 28u), 30u) * (v0 + 29u);
  u32 v106 = i32_rotl(i32_rotl(i32_rotl(i32_rotl(i32_rotl(v91, 31u) * (v0 + 30u), 1u) * (v0 + 31u), 2u) * (v0 + 32u), 3u) * (v0 + 33u), 4u) * (v0 + 34u);
  u32 v121 = i32_rotl(i32_rotl(i32_rotl(i32_rotl(i32_rotl(v106, 5u) * (v0 + 35u), 6u) * (v0 + 36u), 7u) * (v0 + 37u), 8u) * (v0 + 38u), 9u) * (v0 + 39u);
  return v121;
}
