/* The kernels as the C compiler makes them for the processor. */
#define RUN(kernel, rounds) kernel(rounds)

static void begin(void (*body)(void *arg)) {
  body(NULL);
}
