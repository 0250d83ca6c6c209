/* What C compilers spell differently, and what they must be told.
 *
 * The only header that tests for a compiler. Everything here has a fallback in
 * plain C99; an extension only makes the result faster or its diagnostics
 * better. Flags under which the emitted code would be wrong are refused here. */
#ifndef WDN_CC_H
#define WDN_CC_H

#include <float.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A file that has no floats may be compiled with whatever the host likes. */
#if !defined(WDN_CC_NO_FLOATS)
#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "wardian: -ffast-math breaks WebAssembly's floating point; compile without it"
#endif
#if defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || defined(__NO_SIGNED_ZEROS__)
#error "wardian: -funsafe-math-optimizations breaks WebAssembly's floating point"
#endif
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0
#error "wardian: floats must not be wider than they say; add -msse2 -mfpmath=sse (i386), -std=gnu99"
#endif
#if CHAR_BIT != 8 || DBL_MANT_DIG != 53 || FLT_MANT_DIG != 24
#error "wardian: needs 8-bit bytes and IEEE 754 float and double"
#endif
#endif

/* The compiler has what GNU C adds, rather than only say so. */
#if defined(__GNUC__) && !defined(__TINYC__) && !defined(__PCC__)
#define WDN_GNU 1
#else
#define WDN_GNU 0
#endif

/* The major versions of gcc itself, which others claim to be, and of clang. */
#if defined(__clang__)
#define WDN_GCC 0
#define WDN_CLANG __clang_major__
#elif WDN_GNU
#define WDN_GCC __GNUC__
#define WDN_CLANG 0
#else
#define WDN_GCC 0
#define WDN_CLANG 0
#endif

/* No rounding only once in `a * b + c`, which is what compilers do by default where
 * the processor can. gcc knows the standard's pragma but ignores it. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif WDN_GCC && (defined(__FP_FAST_FMA) || defined(__FP_FAST_FMAF))
#pragma GCC optimize("fp-contract=off")
#endif

#if WDN_GNU
#define WDN_NORETURN __attribute__((__noreturn__, __cold__, __noinline__))
#define WDN_COLD __attribute__((__cold__, __noinline__))
#define WDN_PURE __attribute__((__pure__)) /* changes nothing */
#define WDN_INLINE static inline __attribute__((__always_inline__, __unused__))
#define WDN_UNUSED __attribute__((__unused__))
#define WDN_HIDDEN __attribute__((__visibility__("hidden")))
#define WDN_LIKELY(x) __builtin_expect(!!(x), 1)
#define WDN_UNLIKELY(x) __builtin_expect(!!(x), 0)
#else
#define WDN_NORETURN
#define WDN_COLD
#define WDN_PURE
#define WDN_INLINE static inline
#define WDN_UNUSED
#define WDN_HIDDEN
#define WDN_LIKELY(x) (x)
#define WDN_UNLIKELY(x) (x)
#endif

/* After a call that never returns, where the compiler was not told so. A loop
 * without end keeps other compilers from asking where the result is. */
#if WDN_GNU
#define WDN_UNREACHABLE() __builtin_unreachable()
#else
#define WDN_UNREACHABLE()                                                                          \
  do {                                                                                             \
  } while (1)
#endif

/* Something that is always true, for compilers to know. It has no effect. */
#if WDN_CLANG
#define WDN_ASSUME(truth) __builtin_assume(truth)
#elif WDN_GNU
#define WDN_ASSUME(truth)                                                                          \
  do {                                                                                             \
    if (!(truth))                                                                                  \
      __builtin_unreachable();                                                                     \
  } while (0)
#else
#define WDN_ASSUME(truth) (void)0
#endif

#if defined(__BYTE_ORDER__) && defined(__ORDER_BIG_ENDIAN__)
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define WDN_BIG_ENDIAN 1
#endif
#endif
#ifndef WDN_BIG_ENDIAN
#define WDN_BIG_ENDIAN 0
#endif

/* Whether the processor's quiet NaNs are WebAssembly's signalling ones, by the opposite
 * of the bit that IEEE 754 recommends since 2008. */
#if (defined(__mips__) && !defined(__mips_nan2008)) || defined(__hppa__)
#define WDN_NAN_INVERTED 1
#else
#define WDN_NAN_INVERTED 0
#endif

/* Whether a float in a register is a double already, so that promoting it is no
 * instruction, and a signalling NaN stays one. */
#if defined(__powerpc__) || defined(__PPC__) || defined(__alpha__)
#define WDN_PROMOTE_KEEPS 1
#else
#define WDN_PROMOTE_KEEPS 0
#endif

/* Whether the builtins for floor, ceil, trunc and rint are one instruction each,
 * rather than a call of libm, which may hand a signalling NaN through. */
#if WDN_GNU && defined(__OPTIMIZE__) && (defined(__SSE4_1__) || defined(__aarch64__))
#define WDN_ROUND_BUILTINS 1
#else
#define WDN_ROUND_BUILTINS 0
#endif

/* Whether a square root may be a call of libm all the same: some round twice, and hand
 * a signalling NaN through. x86 is then told which instruction is meant. */
#if defined(__OPTIMIZE__) && defined(__NO_MATH_ERRNO__)
#define WDN_SQRT_MAY_CALL 0
#else
#define WDN_SQRT_MAY_CALL 1
#endif
#if WDN_SQRT_MAY_CALL && WDN_GNU && defined(__SSE2__)
#define WDN_SQRT_X86 1
#else
#define WDN_SQRT_X86 0
#endif

/* Whether there is a builtin for square roots, of f64 and of f32, that needs no
 * library or may have one. */
#if WDN_GNU && __STDC_HOSTED__
#define WDN_SQRT_BUILTIN 1
#define WDN_SQRTF_BUILTIN 1
#elif WDN_GNU && defined(__NO_MATH_ERRNO__) && defined(__ARM_FP)
#define WDN_SQRT_BUILTIN ((__ARM_FP & 8) != 0)
#define WDN_SQRTF_BUILTIN ((__ARM_FP & 4) != 0)
#elif WDN_GNU && defined(__NO_MATH_ERRNO__) && defined(__riscv_fsqrt)
#define WDN_SQRT_BUILTIN (__riscv_flen >= 64)
#define WDN_SQRTF_BUILTIN (__riscv_flen >= 32)
#else
#define WDN_SQRT_BUILTIN 0
#define WDN_SQRTF_BUILTIN 0
#endif

/* Is `x` or `y` a NaN? */
#if WDN_GNU
#define WDN_UNORDERED(x, y) __builtin_isunordered(x, y)
#else
#define WDN_UNORDERED(x, y) ((x) != (x) || (y) != (y))
#endif

/* A number that other threads set, on its own: it orders nothing else. */
#if WDN_GNU
#define WDN_LOAD_RELAXED(p) __atomic_load_n(p, __ATOMIC_RELAXED)
#define WDN_STORE_RELAXED(p, v) __atomic_store_n(p, v, __ATOMIC_RELAXED)
#else
#define WDN_LOAD_RELAXED(p) (*(p)) /* volatile */
#define WDN_STORE_RELAXED(p, v) (*(p) = (v))
#endif

/* A variable that each thread has its own of; not defined where the compiler has
 * none. The model keeps a first use, in a fault handler, from allocating. */
#if WDN_GNU && defined(__ELF__)
#define WDN_THREAD_LOCAL __thread __attribute__((__tls_model__("initial-exec")))
#elif WDN_GNU
#define WDN_THREAD_LOCAL __thread
#endif

/* An integer of guest memory: any alignment, may alias anything. */
#if WDN_GNU
typedef uint16_t __attribute__((__may_alias__, __aligned__(1))) wdn_raw16_t;
typedef uint32_t __attribute__((__may_alias__, __aligned__(1))) wdn_raw32_t;
typedef uint64_t __attribute__((__may_alias__, __aligned__(1))) wdn_raw64_t;
typedef uint32_t __attribute__((__may_alias__)) wdn_aligned32_t;
#endif

/* Where compilers read such an integer byte by byte, for lack of an instruction, a
 * test whether it is aligned after all is faster. */
#if WDN_GNU && defined(__arm__) && !defined(__ARM_FEATURE_UNALIGNED)
#define WDN_STRICT_ALIGNMENT 1
#elif WDN_GNU && defined(__riscv) && !defined(__riscv_misaligned_fast)
#define WDN_STRICT_ALIGNMENT 1
#else
#define WDN_STRICT_ALIGNMENT 0
#endif

/* Of the parts of such a write, which are to happen in the order they are written in,
 * where memories may be guarded: a part that faults must be the first. */
#if WDN_STRICT_ALIGNMENT && UINTPTR_MAX > 0xffffffffu
#define WDN_IN_ORDER volatile
#else
#define WDN_IN_ORDER
#endif

/* The address of the current frame, to compare with the stack's limit. */
#if defined(__GNUC__) || defined(__TINYC__)
#define WDN_FRAME_ADDRESS() ((uintptr_t)__builtin_frame_address(0))
#elif defined(_MSC_VER)
void *_AddressOfReturnAddress(void); /* of <intrin.h> */
#define WDN_FRAME_ADDRESS() ((uintptr_t)_AddressOfReturnAddress())
#else
#define WDN_FRAME_ADDRESS() wdn_frame_address()
static inline uintptr_t wdn_frame_address(void) {
  volatile char here = 0;
  return (uintptr_t)&here;
}
#endif

/* The stack pointer, where it takes one instruction; else where the frame is. After
 * WDN_KEEP_CALL no call before it can become a jump, which would turn endless recursion
 * into an endless loop. */
#if WDN_GNU && (defined(__arm__) || defined(__aarch64__))
#define WDN_STACK_POINTER(sp) __asm__ volatile("mov %0, sp" : "=r"(sp))
#elif WDN_GNU && defined(__riscv)
#define WDN_STACK_POINTER(sp) __asm__ volatile("mv %0, sp" : "=r"(sp))
#elif WDN_GNU && defined(__x86_64__)
#define WDN_STACK_POINTER(sp) __asm__ volatile("mov %%rsp, %0" : "=r"(sp))
#elif WDN_GNU && defined(__i386__)
#define WDN_STACK_POINTER(sp) __asm__ volatile("mov %%esp, %0" : "=r"(sp))
#else
#define WDN_STACK_POINTER(sp) (void)((sp) = WDN_FRAME_ADDRESS())
#define WDN_STACK_POINTER_IS_FRAME 1
#endif
#if WDN_GNU
#define WDN_KEEP_CALL() __asm__ volatile("")
#else
#define WDN_KEEP_CALL() (void)0
#endif

/* Ends everything, without a word. */
#if WDN_GNU
#define WDN_ABORT() __builtin_trap()
#else
#define WDN_ABORT()                                                                                \
  do {                                                                                             \
  } while (1)
#endif

/* Declares `name`: where the current frame is. A compiler that turned the last
 * call of a function into a jump would turn endless recursion into an endless
 * loop; it does not while a callee might know the address of a variable of the
 * frame, which is what the statement without instructions makes it believe. */
#if defined(__SANITIZE_ADDRESS__)
#define WDN_FAKE_STACK 1 /* variables may be elsewhere */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WDN_FAKE_STACK 1
#endif
#endif
#if WDN_GNU && !defined(WDN_FAKE_STACK)
#define WDN_FRAME(name)                                                                            \
  char name##_byte;                                                                                \
  uintptr_t name;                                                                                  \
  __asm__ volatile("" : "=r"(name) : "0"(&name##_byte))
#elif WDN_GNU
#define WDN_FRAME(name)                                                                            \
  char name##_byte;                                                                                \
  uintptr_t name = WDN_FRAME_ADDRESS();                                                            \
  __asm__ volatile("" ::"r"(&name##_byte))
#else
#define WDN_FRAME(name) uintptr_t name = WDN_FRAME_ADDRESS()
#endif

/* A bound of the frame of a function, in bytes: optimised, what is live at once;
 * otherwise compilers give each variable and each intermediate result a place.
 * `words` counts variables and what is passed in memory, `exprs` nodes. */
#if defined(__OPTIMIZE__)
#define WDN_FRAME_BYTES(words, exprs) ((uintptr_t)(128 + 8 * (uintptr_t)(words)))
#else
#define WDN_FRAME_BYTES(words, exprs)                                                              \
  ((uintptr_t)(256 + 16 * (uintptr_t)(words) + 80 * (uintptr_t)(exprs)))
#endif

#endif
