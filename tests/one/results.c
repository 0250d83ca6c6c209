/* Several results of every type, references among them; and references that are exported. */
#include "app.h"
#include "check.h"

int main(void) {
  int mine;
  wdn_ref_t three;
  wdn_ilfdre_t all;
  wdn_rr_t none;
  void *const *nothing = app_nothing();
  CHECK_EQUAL(app_init(), WDN_OK);
  CHECK(*nothing == NULL);
  *app_anything() = &mine;
  CHECK(*app_anything() == &mine);
  CHECK_EQUAL(app_try_all(&mine, &all), WDN_OK);
  CHECK_EQUAL(all.r0, 1);
  CHECK_EQUAL(all.r1, 2);
  CHECK(all.r2 == 3.5f);
  CHECK(all.r3 == 4.5);
  three = all.r4;
  CHECK(three.code != NULL);
  CHECK(all.r5 == &mine);
  CHECK_EQUAL(app_try_none(&none), WDN_OK);
  CHECK(none.r0.code == NULL);
  CHECK(none.r1.code == three.code && none.r1.type == three.type);
  return failures != 0;
}
