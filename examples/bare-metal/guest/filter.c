/* Smooths the readings of a sensor: the median of the last five forgets outliers, and an
 * average that forgets slowly takes what is left. This is the part that is updated in
 * the field, and that nobody quite trusts. */
#define EXPORT(name) __attribute__((__export_name__(#name))) name
#define IMPORT(name) __attribute__((__import_module__("board"), __import_name__(#name))) name

/* Of the firmware: told of readings that are far off. */
void IMPORT(outlier)(int reading);

#define WINDOW 5
#define FAR 500

static int window[WINDOW];
static unsigned count;
static int average; /* in sixteenths */

static int median(void) {
  int sorted[WINDOW], i, j;
  for (i = 0; i < WINDOW; i++) {
    int reading = window[i];
    for (j = i; j > 0 && sorted[j - 1] > reading; j--)
      sorted[j] = sorted[j - 1];
    sorted[j] = reading;
  }
  return sorted[WINDOW / 2];
}

/* Takes a reading; returns what the sensor measures. */
int EXPORT(feed)(int reading) {
  int i, middle;
  if (count == 0) {
    for (i = 0; i < WINDOW; i++)
      window[i] = reading;
    average = reading * 16;
  }
  window[count++ % WINDOW] = reading;
  middle = median();
  if (reading - middle > FAR || middle - reading > FAR)
    outlier(reading);
  average += middle - average / 16;
  return average / 16;
}

/* What an update that was not tested might do. */
static volatile int sink;

static int endless_depth(int depth) {
  return sink < 0 ? 0 : endless_depth(depth + 1) + sink;
}

static int add(int a, int b) {
  return a + b;
}

static void *volatile anything = (void *)add;

int EXPORT(fail)(int how) {
  switch (how) {
  case 0: /* writes to an address outside of its memory */
    *(volatile int *)0x7fffff00 = how;
    break;
  case 1: /* never ends */
    for (;;)
      sink++;
  case 2: /* needs all of the stack, and more */
    return endless_depth(sink);
  case 3: /* calls something that is no such function */
    return ((int (*)(int))anything)(how);
  }
  return 0;
}
