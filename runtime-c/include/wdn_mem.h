/* Loads and stores of linear memory.
 *
 * ADDRESS is the one place that turns a guest address into a host pointer. In
 * guard mode the sum of a 32-bit address, an offset below 2 GiB and an access
 * of at most 8 bytes stays inside the reservation by arithmetic alone. Elsewhere
 * IN_BOUNDS has tested it before. Included by wdn_gen.h. */
#ifndef WDN_MEM_H
#define WDN_MEM_H

/* A memory's size in a variable: as wide as is fast, since no memory has 4 GiB. */
#if UINTPTR_MAX > 0xffffffffu
typedef u64 wdn_size_t;
#else
typedef u32 wdn_size_t;
#endif

#define ADDRESS(mem, address, offset) ((mem) + (size_t)(u32)(address) + (size_t)(offset))

/* Gives back `address`, having checked that `end` bytes from it are inside a
 * memory of `size` bytes. `end` is at most the memory's minimum size, so the
 * subtraction cannot wrap, and compilers can count the loop around it. */
#define IN_BOUNDS(address, end, at) wdn_in_bounds(WDN_PASS_SELF size, (address), (end), (at))
WDN_INLINE u32 wdn_in_bounds(WDN_SELF wdn_size_t size, u32 address, u32 end, u32 at) {
  if (WDN_UNLIKELY(address > size - end))
    TRAP(MEMORY_OUT_OF_BOUNDS, at);
  return address;
}

/* The same where `end` may be more than the memory has. A memory is an object of C,
 * which is smaller than half of an address space: compilers rely on that. */
#define IN_BOUNDS_FAR(address, end, at)                                                            \
  wdn_in_bounds_far(WDN_PASS_SELF size, (address), (end), (at))
WDN_INLINE u32 wdn_in_bounds_far(WDN_SELF wdn_size_t size, u32 address, u64 end, u32 at) {
  if (WDN_UNLIKELY((sizeof(void *) < 8 && end > INT32_MAX) || address + end > size))
    TRAP(MEMORY_OUT_OF_BOUNDS, at);
  return address;
}

/* As statements, for the accesses that follow. */
#define CHECK(address, end, at) (void)wdn_in_bounds(WDN_PASS_SELF size, (address), (end), (at))
#define CHECK_FAR(address, end, at)                                                                \
  (void)wdn_in_bounds_far(WDN_PASS_SELF size, (address), (end), (at))

/* ---- Bytes of guest memory as integers of the host --------------------------- */

WDN_INLINE u8 wdn_read8(const u8 *p) {
  return *p;
}
WDN_INLINE void wdn_write8(u8 *p, u8 v) {
  *p = v;
}

#if WDN_GNU && !WDN_BIG_ENDIAN
#define WDN_RAW(bits)                                                                              \
  WDN_INLINE u##bits wdn_read##bits(const u8 *p) {                                                 \
    return *(const wdn_raw##bits##_t *)p;                                                          \
  }                                                                                                \
  WDN_INLINE void wdn_write##bits(u8 *p, u##bits v) {                                              \
    *(wdn_raw##bits##_t *)p = v;                                                                   \
  }
#elif WDN_GNU
#define WDN_RAW(bits)                                                                              \
  WDN_INLINE u##bits wdn_read##bits(const u8 *p) {                                                 \
    return __builtin_bswap##bits(*(const wdn_raw##bits##_t *)p);                                   \
  }                                                                                                \
  WDN_INLINE void wdn_write##bits(u8 *p, u##bits v) {                                              \
    *(wdn_raw##bits##_t *)p = __builtin_bswap##bits(v);                                            \
  }
#else
/* Byte by byte: right for every compiler, byte order and alignment. The last byte
 * first, because a store that goes past the end must trap before it writes. */
#define WDN_RAW(bits)                                                                              \
  WDN_INLINE u##bits wdn_read##bits(const u8 *p) {                                                 \
    u64 v = 0;                                                                                     \
    unsigned i;                                                                                    \
    for (i = bits / 8; i-- > 0;)                                                                   \
      v = v << 8 | p[i];                                                                           \
    return (u##bits)v;                                                                             \
  }                                                                                                \
  WDN_INLINE void wdn_write##bits(u8 *p, u##bits v) {                                              \
    unsigned i;                                                                                    \
    for (i = bits / 8; i-- > 0;)                                                                   \
      p[i] = (u8)((u64)v >> (8 * i));                                                              \
  }
#endif
WDN_RAW(16)
WDN_RAW(32)
WDN_RAW(64)

/* The same at an address of the guest. Memories are aligned, so an address is if its
 * place is; a constant offset that keeps it so is left out of the test, which
 * compilers then make once for several accesses. */
#if WDN_STRICT_ALIGNMENT && !WDN_BIG_ENDIAN
WDN_INLINE bool wdn_is_aligned(u32 address, u32 offset) {
  return WDN_LIKELY((((offset & 3) == 0 ? address : address + offset) & 3) == 0);
}
/* Called with an address of the guest, so that no pointer need be made before. */
WDN_COLD WDN_PURE WDN_UNUSED static u32 wdn_read32_bytes(const u8 *mem, size_t at) {
  const u8 *p = mem + at;
  return (u32)wdn_read16(p) | (u32)wdn_read16(p + 2) << 16;
}
/* The last byte first: see above. */
WDN_INLINE void wdn_write16_bytes(u8 *p, u16 v) {
  *(WDN_IN_ORDER u8 *)(p + 1) = (u8)(v >> 8);
  *(WDN_IN_ORDER u8 *)p = (u8)v;
}
WDN_COLD WDN_UNUSED static void wdn_write32_bytes(u8 *mem, size_t at, u32 v) {
  u8 *p = mem + at;
  wdn_write16_bytes(p + 2, (u16)(v >> 16));
  wdn_write16_bytes(p, (u16)v);
}
WDN_INLINE u32 wdn_read32_at(const u8 *mem, u32 address, u32 offset) {
  if (wdn_is_aligned(address, offset))
    return *(const wdn_aligned32_t *)ADDRESS(mem, address, offset);
  return wdn_read32_bytes(mem, (size_t)address + offset);
}
WDN_INLINE void wdn_write32_at(u8 *mem, u32 address, u32 offset, u32 v) {
  if (wdn_is_aligned(address, offset))
    *(WDN_IN_ORDER wdn_aligned32_t *)ADDRESS(mem, address, offset) = v;
  else
    wdn_write32_bytes(mem, (size_t)address + offset, v);
}
WDN_INLINE u64 wdn_read64_at(const u8 *mem, u32 address, u32 offset) {
  return wdn_read32_at(mem, address, offset) | (u64)wdn_read32_at(mem, address, offset + 4) << 32;
}
WDN_INLINE void wdn_write64_at(u8 *mem, u32 address, u32 offset, u64 v) {
  wdn_write32_at(mem, address, offset + 4, (u32)(v >> 32));
  wdn_write32_at(mem, address, offset, (u32)v);
}
#else
#define wdn_read32_at(mem, address, offset) wdn_read32(ADDRESS(mem, address, offset))
#define wdn_read64_at(mem, address, offset) wdn_read64(ADDRESS(mem, address, offset))
#define wdn_write32_at(mem, address, offset, v) wdn_write32(ADDRESS(mem, address, offset), v)
#define wdn_write64_at(mem, address, offset, v) wdn_write64(ADDRESS(mem, address, offset), v)
#endif
#define wdn_read8_at(mem, address, offset) wdn_read8(ADDRESS(mem, address, offset))
#define wdn_read16_at(mem, address, offset) wdn_read16(ADDRESS(mem, address, offset))
#define wdn_write8_at(mem, address, offset, v) wdn_write8(ADDRESS(mem, address, offset), v)
#if WDN_STRICT_ALIGNMENT && !WDN_BIG_ENDIAN && UINTPTR_MAX > 0xffffffffu
#define wdn_write16_at(mem, address, offset, v) wdn_write16_bytes(ADDRESS(mem, address, offset), v)
#else
#define wdn_write16_at(mem, address, offset, v) wdn_write16(ADDRESS(mem, address, offset), v)
#endif

/* Reads that no compiler may delete: of loads whose value is not needed, which
 * must trap all the same. The last byte is what can be out of bounds. */
#if WDN_GNU && !WDN_BIG_ENDIAN
#define WDN_FORCED(bits)                                                                           \
  WDN_INLINE u##bits wdn_read_forced##bits(const u8 *p) {                                          \
    return *(const volatile wdn_raw##bits##_t *)p;                                                 \
  }
typedef u8 wdn_raw8_t;
#else
#define WDN_FORCED(bits)                                                                           \
  WDN_INLINE u##bits wdn_read_forced##bits(const u8 *p) {                                          \
    u##bits v = wdn_read##bits(p);                                                                 \
    (void)*(const volatile u8 *)p;                                                                 \
    (void)*(const volatile u8 *)(p + bits / 8 - 1);                                                \
    return v;                                                                                      \
  }
#endif
WDN_FORCED(8)
WDN_FORCED(16)
WDN_FORCED(32)
WDN_FORCED(64)

/* The bits of a float, as WebAssembly and as the processor have them. They differ for
 * NaNs where it tells quiet ones apart by the opposite bit: then they are paired, each
 * kind with its own. Its default NaN, all ones but that bit, is the canonical one,
 * because that bit alone would be infinity. What this leaves over is a signalling NaN
 * with either. The same function leads back. */
#if WDN_NAN_INVERTED
WDN_INLINE u32 wdn_f32_nan(u32 bits) {
  u32 payload = bits & 0x007fffffu;
  if ((bits & 0x7f800000u) != 0x7f800000u || payload == 0 || payload == 0x007fffffu)
    return bits;
  return bits ^ (payload == 0x00400000u || payload == 0x003fffffu ? 0x007fffffu : 0x00400000u);
}
WDN_INLINE u64 wdn_f64_nan(u64 bits) {
  const u64 all = 0x000fffffffffffffull, quiet = 0x0008000000000000ull;
  u64 payload = bits & all;
  if ((bits >> 52 & 0x7ff) != 0x7ff || payload == 0 || payload == all)
    return bits;
  return bits ^ (payload == quiet || payload == quiet - 1 ? all : quiet);
}
#else
#define wdn_f32_nan(bits) (bits)
#define wdn_f64_nan(bits) (bits)
#endif

WDN_INLINE f32 wdn_f32_from_bits(u32 bits) {
  union {
    u32 bits;
    f32 value;
  } u;
  u.bits = wdn_f32_nan(bits);
  return u.value;
}
WDN_INLINE u32 wdn_f32_bits(f32 value) {
  union {
    f32 value;
    u32 bits;
  } u;
  u.value = value;
  return wdn_f32_nan(u.bits);
}
WDN_INLINE f64 wdn_f64_from_bits(u64 bits) {
  union {
    u64 bits;
    f64 value;
  } u;
  u.bits = wdn_f64_nan(bits);
  return u.value;
}
WDN_INLINE u64 wdn_f64_bits(f64 value) {
  union {
    f64 value;
    u64 bits;
  } u;
  u.value = value;
  return wdn_f64_nan(u.bits);
}

/* ---- The instructions, one line each ------------------------------------------ */

#define WDN_LOAD(name, type, bits, convert)                                                        \
  WDN_INLINE type name(const u8 *mem, u32 address, u32 offset) {                                   \
    return (type)convert(wdn_read##bits##_at(mem, address, offset));                               \
  }                                                                                                \
  WDN_INLINE type name##_forced(const u8 *mem, u32 address, u32 offset) {                          \
    return (type)convert(wdn_read_forced##bits(ADDRESS(mem, address, offset)));                    \
  }
#define WDN_STORE(name, type, bits, convert)                                                       \
  WDN_INLINE void name(u8 *mem, u32 address, u32 offset, type value) {                             \
    wdn_write##bits##_at(mem, address, offset, (u##bits)convert(value));                           \
  }

WDN_LOAD(i32_load, u32, 32, )
WDN_LOAD(i32_load8_s, u32, 8, (i32)(i8))
WDN_LOAD(i32_load8_u, u32, 8, )
WDN_LOAD(i32_load16_s, u32, 16, (i32)(i16))
WDN_LOAD(i32_load16_u, u32, 16, )
WDN_LOAD(i64_load, u64, 64, )
WDN_LOAD(i64_load8_s, u64, 8, (i64)(i8))
WDN_LOAD(i64_load8_u, u64, 8, )
WDN_LOAD(i64_load16_s, u64, 16, (i64)(i16))
WDN_LOAD(i64_load16_u, u64, 16, )
WDN_LOAD(i64_load32_s, u64, 32, (i64)(i32))
WDN_LOAD(i64_load32_u, u64, 32, )
#if WDN_GNU && !WDN_BIG_ENDIAN && !WDN_STRICT_ALIGNMENT && !defined(__i386__) && !WDN_NAN_INVERTED
/* Without a detour through integers, which gcc would keep in integer registers. */
typedef f32 __attribute__((__may_alias__, __aligned__(1))) wdn_raw_f32_t;
typedef f64 __attribute__((__may_alias__, __aligned__(1))) wdn_raw_f64_t;
#define WDN_FLOAT(type, bits)                                                                      \
  WDN_INLINE type type##_load(const u8 *mem, u32 address, u32 offset) {                            \
    return *(const wdn_raw_##type##_t *)ADDRESS(mem, address, offset);                             \
  }                                                                                                \
  WDN_INLINE type type##_load_forced(const u8 *mem, u32 address, u32 offset) {                     \
    return wdn_##type##_from_bits(wdn_read_forced##bits(ADDRESS(mem, address, offset)));           \
  }                                                                                                \
  WDN_INLINE void type##_store(u8 *mem, u32 address, u32 offset, type value) {                     \
    *(wdn_raw_##type##_t *)ADDRESS(mem, address, offset) = value;                                  \
  }
WDN_FLOAT(f32, 32)
WDN_FLOAT(f64, 64)
#else
WDN_LOAD(f32_load, f32, 32, wdn_f32_from_bits)
WDN_LOAD(f64_load, f64, 64, wdn_f64_from_bits)
WDN_STORE(f32_store, f32, 32, wdn_f32_bits)
WDN_STORE(f64_store, f64, 64, wdn_f64_bits)
#endif

WDN_STORE(i32_store, u32, 32, )
WDN_STORE(i32_store8, u32, 8, )
WDN_STORE(i32_store16, u32, 16, )
WDN_STORE(i64_store, u64, 64, )
WDN_STORE(i64_store8, u64, 8, )
WDN_STORE(i64_store16, u64, 16, )
WDN_STORE(i64_store32, u64, 32, )

#endif
