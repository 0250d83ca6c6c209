/* Sockets that the host passes in: listening, connected, and what is none.
 *
 * not on: windows (has none among its descriptors) */
#include "world.h"

#include <sys/socket.h>
#include <sys/un.h>

static int sockets[3]; /* listening, connected, datagrams */
static int peer, datagram_peer;

static struct sockaddr_un address_of(const char *name) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  snprintf(address.sun_path, sizeof address.sun_path, "%s", host("%s", name));
  return address;
}

static void start_sockets(void) {
  struct sockaddr_un address = address_of("socket");
  wdn_wasi_preopen_t preopen = {NULL, 0, "/", false, NULL};
  wdn_wasi_config_t config = {0};
  int pair[2];
  preopen.host = folder;
  sockets[0] = socket(AF_UNIX, SOCK_STREAM, 0);
  must(sockets[0], "socket");
  unlink(address.sun_path);
  must(bind(sockets[0], (struct sockaddr *)&address, sizeof address), "bind");
  must(listen(sockets[0], 4), "listen");
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "socketpair");
  sockets[1] = pair[0];
  peer = pair[1];
  must(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), "socketpair");
  sockets[2] = pair[0];
  datagram_peer = pair[1];
  config.preopens = &preopen;
  config.preopen_count = 1;
  config.sockets = sockets;
  config.socket_count = 3;
  config.resolver = resolver;
  start_with(&config);
}

static void stop_sockets(void) {
  int i;
  stop();
  for (i = 0; i < 3; i++)
    CHECK_EQUAL(close(sockets[i]), 0); /* still the host's */
  close(peer);
  close(datagram_peer);
}

static uint32_t receive(uint32_t fd, uint32_t size, uint32_t flags) {
  iov(0, BUF, size / 2);
  iov(1, BUF + size / 2, size - size / 2);
  memset(at(BUF), 0, 100);
  return wdn_wasi_sock_recv(&wasi, fd, IOVS, 2, flags, OUT, OUT2);
}

static uint32_t send_text(uint32_t fd, const char *what) {
  iov(0, BUF, text(BUF, what));
  return wdn_wasi_sock_send(&wasi, fd, IOVS, 1, 0, OUT);
}

static void check_connected(void) {
  char got[20] = {0};
  CHECK_EQUAL(send_text(5, "to the peer"), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 11);
  CHECK_EQUAL(read(peer, got, sizeof got), 11);
  CHECK(strcmp(got, "to the peer") == 0);
  CHECK_EQUAL(write(peer, "abcdef", 6), 6);
  CHECK_EQUAL(receive(5, 4, WASI_RECV_PEEK), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 4);
  CHECK_EQUAL(load(OUT2, 2), 0);
  CHECK_EQUAL(receive(5, 6, WASI_RECV_WAITALL), WASI_OK);
  CHECK(memcmp(at(BUF), "abcdef", 6) == 0);
  /* They are streams, too. */
  CHECK_EQUAL(write(peer, "xy", 2), 2);
  iov(0, BUF, 10);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 5, IOVS, 1, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 2);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 5, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 1), WASI_TYPE_STREAM);
  CHECK((load(OUT + 8, 8) & WASI_RIGHT_SOCK_SHUTDOWN) != 0);
}

static void check_nonblocking(void) {
  uint32_t error;
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, 5, WASI_FD_NONBLOCK), WASI_OK);
  CHECK_EQUAL(receive(5, 4, 0), WASI_AGAIN);
  CHECK_EQUAL(write(peer, "ab", 2), 2);
  alarm(60); /* ends this program if the call waits */
  CHECK_EQUAL(receive(5, 4, WASI_RECV_WAITALL), WASI_OK);
  alarm(0);
  CHECK_EQUAL(load(OUT, 4), 2);
  do {
    iov(0, 0, MEMORY_SIZE - 1);
    error = wdn_wasi_sock_send(&wasi, 5, IOVS, 1, 0, OUT);
  } while (error == WASI_OK);
  CHECK_EQUAL(error, WASI_AGAIN);
  /* A datagram is whole or not at all. */
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, 6, WASI_FD_NONBLOCK), WASI_OK);
  iov(0, 0, 2000);
  CHECK_EQUAL(wdn_wasi_sock_send(&wasi, 6, IOVS, 1, 0, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 2000);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, 4, WASI_FD_NONBLOCK), WASI_OK);
  CHECK_EQUAL(wdn_wasi_sock_accept(&wasi, 4, 0, OUT), WASI_AGAIN);
  CHECK_EQUAL(fcntl(sockets[0], F_GETFL) & O_NONBLOCK, 0); /* the host's stays as it is */
}

static void check_datagrams(void) {
  CHECK_EQUAL(write(datagram_peer, "0123456789", 10), 10);
  CHECK_EQUAL(receive(6, 4, 0), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 4);
  CHECK_EQUAL(load(OUT2, 2), WASI_RECV_TRUNCATED);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 6, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 1), WASI_TYPE_DATAGRAM);
  CHECK_EQUAL(wdn_wasi_fd_filestat_get(&wasi, 6, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT + 16, 1), WASI_TYPE_DATAGRAM);
}

static void check_accept(void) {
  struct sockaddr_un address = address_of("socket");
  int client = socket(AF_UNIX, SOCK_STREAM, 0), before;
  uint32_t fd;
  char got[20] = {0};
  must(client, "socket");
  must(connect(client, (struct sockaddr *)&address, sizeof address), "connect");
  before = open_files();
  CHECK_EQUAL(wdn_wasi_sock_accept(&wasi, 4, 64, OUT), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_sock_accept(&wasi, 4, WASI_FD_APPEND, OUT), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_sock_accept(&wasi, 4, WASI_FD_NONBLOCK, OUT), WASI_OK);
  fd = (uint32_t)load(OUT, 4);
  CHECK_EQUAL(fd, 7);
  CHECK_EQUAL(receive(fd, 10, 0), WASI_AGAIN);
  CHECK_EQUAL(send_text(fd, "hello"), WASI_OK);
  CHECK_EQUAL(read(client, got, sizeof got), 5);
  CHECK_EQUAL(wdn_wasi_sock_shutdown(&wasi, fd, WASI_SHUT_WR), WASI_OK);
  CHECK_EQUAL(read(client, got, sizeof got), 0);
  CHECK_EQUAL(send_text(fd, "more"), WASI_PIPE); /* and no signal */
  CHECK_EQUAL(wdn_wasi_sock_shutdown(&wasi, fd, WASI_SHUT_RD | WASI_SHUT_WR), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
  CHECK_EQUAL(open_files(), before);
  close(client);
}

/* Every function refuses what is no socket, in the same way. */
static void check_refusals(void) {
  static const struct {
    uint32_t fd, error;
  } cases[] = {{0, WASI_NOTSOCK}, {3, WASI_NOTSOCK}, {7, WASI_NOTSOCK}, {99, WASI_BADF}};
  uint32_t i;
  CHECK_EQUAL(must_open("file", WASI_O_CREAT, READ | WRITE), 7);
  for (i = 0; i < 4; i++) {
    uint32_t fd = cases[i].fd, error = cases[i].error;
    CHECK_EQUAL(wdn_wasi_sock_accept(&wasi, fd, 0, OUT), error);
    CHECK_EQUAL(receive(fd, 4, 0), error);
    CHECK_EQUAL(send_text(fd, "x"), error);
    CHECK_EQUAL(wdn_wasi_sock_shutdown(&wasi, fd, 1), error);
  }
  CHECK_EQUAL(wdn_wasi_sock_shutdown(&wasi, 5, 0), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_sock_shutdown(&wasi, 5, 4), WASI_INVAL);
  CHECK_EQUAL(receive(5, 4, 4), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_sock_send(&wasi, 5, IOVS, 1, 1, OUT), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_sock_accept(&wasi, 4, 0, MEMORY_SIZE - 3), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi_sock_recv(&wasi, 5, IOVS, 1, 0, OUT, MEMORY_SIZE - 1), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi_sock_recv(&wasi, 5, IOVS, 1, 0, MEMORY_SIZE - 3, OUT), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi_sock_recv(&wasi, 5, MEMORY_SIZE - 7, 1, 0, OUT, OUT2), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi_sock_send(&wasi, 5, MEMORY_SIZE - 7, 1, 0, OUT), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi_sock_send(&wasi, 5, IOVS, 1, 0, 0xffffffff), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi_proc_raise(&wasi, 9), WASI_NOTSUP);
}

static void test(void) {
  start_sockets();
  check_refusals();
  wdn_wasi_fd_close(&wasi, 7);
  check_accept();
  check_datagrams();
  check_connected();
  check_nonblocking();
  stop_sockets();
}
