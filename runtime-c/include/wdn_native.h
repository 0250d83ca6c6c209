/* For a native library behind the bindings of a sandboxed one: C++17, in the generated
 * NAME_rs.cc, which says how many functions of the host there can be and where their
 * numbers begin. Addresses go to Rust as 32-bit numbers, as the sandboxed library's do;
 * src/native.rs knows which is which. */
#ifndef WDN_NATIVE_H
#define WDN_NATIVE_H

#include <stdlib.h> /* malloc and free, as every guest exports them */
#include <string.h>

#include <type_traits>
#include <utility>

#include "wdn_rust.h"

extern "C" uint32_t wdn_rs_to_guest(const volatile void *pointer);
extern "C" void *wdn_rs_from_guest(uint32_t address);
extern "C" [[noreturn]] void wdn_rs_nobody(void);

namespace {

/* An instance has functions of the host, and no memory. */
struct wdn_native_slot {
  wdn_rs_slot_t *slot;
  uint32_t params;
};
struct wdn_native_instance {
  wdn_instance_t common;
  wdn_native_slot slots[WDN_RS_SLOTS + 1];
};

/* The one that the host called last: a function pointer of the library's says which of its
 * instance's functions it is, and not which instance that is. */
thread_local wdn_native_instance *wdn_native_current = nullptr;

template <class T>
constexpr bool wdn_native_is_function = std::is_function_v<std::remove_pointer_t<T>>;

/* A word that Rust has as a value of type T, and back. A `long` has 32 bits there. */
template <class T> T wdn_native_from(uint64_t word);

template <class T> uint64_t wdn_native_word(T value) {
  if constexpr (std::is_pointer_v<T>)
    return wdn_rs_to_guest(reinterpret_cast<const volatile void *>(value));
  else if constexpr (std::is_same_v<T, float>)
    return wdn_rs_from_f32(value);
  else if constexpr (std::is_same_v<T, double>)
    return wdn_rs_from_f64(value);
  else
    return static_cast<uint64_t>(value);
}

/* The function that the library calls for one of the host's. */
template <unsigned N, class R, class... A> R wdn_native_thunk(A... args) {
  uint64_t values[sizeof...(A) + 1] = {wdn_native_word(args)...};
  if (wdn_native_current == nullptr)
    wdn_rs_nobody();
  const wdn_native_slot &it = wdn_native_current->slots[N];
  if (it.slot == nullptr || it.params != sizeof...(A))
    wdn_trap_host(wdn_native_current, 1);
  wdn_rs_call(it.slot, values);
  if constexpr (!std::is_void_v<R>)
    return wdn_native_from<R>(values[0]);
}

template <class T> struct wdn_native_signature;
template <class R, class... A> struct wdn_native_signature<R (*)(A...)> {
  template <unsigned... N>
  static auto find(unsigned index, std::integer_sequence<unsigned, N...>) -> R (*)(A...) {
    R (*const all[])(A...) = {wdn_native_thunk<N, R, A...>..., nullptr};
    return all[index];
  }
};

template <class T> T wdn_native_from(uint64_t word) {
  const uint32_t low = static_cast<uint32_t>(word);
  if constexpr (wdn_native_is_function<T>) {
    const uint32_t index = low - WDN_RS_FIRST;
    return index >= WDN_RS_SLOTS ? nullptr
                                 : wdn_native_signature<T>::find(
                                       index, std::make_integer_sequence<unsigned, WDN_RS_SLOTS>());
  } else if constexpr (std::is_pointer_v<T>) {
    return static_cast<T>(wdn_rs_from_guest(low));
  } else if constexpr (std::is_same_v<T, float>) {
    return wdn_rs_to_f32(word);
  } else if constexpr (std::is_same_v<T, double>) {
    return wdn_rs_to_f64(word);
  } else if constexpr (std::is_same_v<T, long> || (std::is_signed_v<T> && sizeof(T) <= 4)) {
    return static_cast<T>(static_cast<int32_t>(low));
  } else {
    return static_cast<T>(word);
  }
}

/* An argument: it becomes whatever the parameter is. */
struct wdn_native_argument {
  uint64_t word;
  template <class T> operator T() const {
    return wdn_native_from<T>(word);
  }
};
[[maybe_unused]] wdn_native_argument wdn_native_pass(uint32_t x) {
  return {x};
}
[[maybe_unused]] wdn_native_argument wdn_native_pass(uint64_t x) {
  return {x};
}
[[maybe_unused]] float wdn_native_pass(float x) {
  return x;
}
[[maybe_unused]] double wdn_native_pass(double x) {
  return x;
}

/* A result, as Rust has it. */
template <class T, class R> T wdn_native_give(R result) {
  if constexpr (std::is_floating_point_v<T>)
    return static_cast<T>(result);
  else
    return static_cast<T>(wdn_native_word(result));
}

[[maybe_unused]] uint32_t wdn_native_instantiate(void *self, void *host, void *store) {
  wdn_native_instance *instance = static_cast<wdn_native_instance *>(self);
  memset(self, 0, sizeof(*instance));
  instance->common.store = static_cast<wdn_store_t *>(store);
  instance->common.host = host;
  instance->common.state = WDN_READY;
  return WDN_DONE;
}

[[maybe_unused]] bool wdn_native_set(void *self, uint32_t index, uint32_t params,
                                     wdn_rs_slot_t *slot) {
  if (index - WDN_RS_FIRST >= WDN_RS_SLOTS)
    return false;
  static_cast<wdn_native_instance *>(self)->slots[index - WDN_RS_FIRST] = {slot, params};
  return true;
}

/* Gives what was current. */
[[maybe_unused]] wdn_native_instance *wdn_native_enter(void *self) {
  wdn_native_instance *outer = wdn_native_current;
  wdn_native_current = static_cast<wdn_native_instance *>(self);
  return outer;
}

} // namespace

#endif
