/* No memory has more than half of the address space, even where the system would give
 * it: compilers take for granted that no object has. */
#include "check.h"
#include "wdn.h"

int main(void) {
  static wdn_store_t store;
  const wdn_memorytype_t large = {{33000, 0, false}}, fair = {{1, 0, false}};
  const bool is_small = sizeof(void *) == 4;
  wdn_memory_t memory;
  EXPECT(wdn_memory_create(&store, &memory, &fair, 0));
  EXPECT_EQUAL(wdn_memory_grow(&memory, 33000), is_small ? UINT32_MAX : 1);
  EXPECT_EQUAL(memory.size, (is_small ? 1 : 33001) * (uint64_t)WDN_PAGE_SIZE);
  wdn_memory_destroy(&store, &memory);
  EXPECT(wdn_memory_create(&store, &memory, &large, 0) == !is_small);
  if (!is_small)
    wdn_memory_destroy(&store, &memory);
  return check_result();
}
