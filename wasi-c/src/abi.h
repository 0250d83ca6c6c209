/* The numbers of WASI preview 1: errors, types, flags, rights, and the sizes of
 * the structures that a guest shares with us. Their bytes are read and written
 * one field at a time, by the offsets that each function names. */
#ifndef WASI_ABI_H
#define WASI_ABI_H

#include <stdint.h>

/* Error numbers, the specification's own; hosts' are mapped to them by name. */
typedef uint32_t wasi_errno_t;
enum {
  WASI_OK = 0,
  WASI_2BIG = 1,
  WASI_ACCES = 2,
  WASI_ADDRINUSE = 3,
  WASI_ADDRNOTAVAIL = 4,
  WASI_AFNOSUPPORT = 5,
  WASI_AGAIN = 6,
  WASI_ALREADY = 7,
  WASI_BADF = 8,
  WASI_BADMSG = 9,
  WASI_BUSY = 10,
  WASI_CANCELED = 11,
  WASI_CHILD = 12,
  WASI_CONNABORTED = 13,
  WASI_CONNREFUSED = 14,
  WASI_CONNRESET = 15,
  WASI_DEADLK = 16,
  WASI_DESTADDRREQ = 17,
  WASI_DOM = 18,
  WASI_DQUOT = 19,
  WASI_EXIST = 20,
  WASI_FAULT = 21,
  WASI_FBIG = 22,
  WASI_HOSTUNREACH = 23,
  WASI_IDRM = 24,
  WASI_ILSEQ = 25,
  WASI_INPROGRESS = 26,
  WASI_INTR = 27,
  WASI_INVAL = 28,
  WASI_IO = 29,
  WASI_ISCONN = 30,
  WASI_ISDIR = 31,
  WASI_LOOP = 32,
  WASI_MFILE = 33,
  WASI_MLINK = 34,
  WASI_MSGSIZE = 35,
  WASI_MULTIHOP = 36,
  WASI_NAMETOOLONG = 37,
  WASI_NETDOWN = 38,
  WASI_NETRESET = 39,
  WASI_NETUNREACH = 40,
  WASI_NFILE = 41,
  WASI_NOBUFS = 42,
  WASI_NODEV = 43,
  WASI_NOENT = 44,
  WASI_NOEXEC = 45,
  WASI_NOLCK = 46,
  WASI_NOLINK = 47,
  WASI_NOMEM = 48,
  WASI_NOMSG = 49,
  WASI_NOPROTOOPT = 50,
  WASI_NOSPC = 51,
  WASI_NOSYS = 52,
  WASI_NOTCONN = 53,
  WASI_NOTDIR = 54,
  WASI_NOTEMPTY = 55,
  WASI_NOTRECOVERABLE = 56,
  WASI_NOTSOCK = 57,
  WASI_NOTSUP = 58,
  WASI_NOTTY = 59,
  WASI_NXIO = 60,
  WASI_OVERFLOW = 61,
  WASI_OWNERDEAD = 62,
  WASI_PERM = 63,
  WASI_PIPE = 64,
  WASI_PROTO = 65,
  WASI_PROTONOSUPPORT = 66,
  WASI_PROTOTYPE = 67,
  WASI_RANGE = 68,
  WASI_ROFS = 69,
  WASI_SPIPE = 70,
  WASI_SRCH = 71,
  WASI_STALE = 72,
  WASI_TIMEDOUT = 73,
  WASI_TXTBSY = 74,
  WASI_XDEV = 75,
  WASI_NOTCAPABLE = 76
};

enum { WASI_CLOCK_REALTIME, WASI_CLOCK_MONOTONIC, WASI_CLOCK_PROCESS, WASI_CLOCK_THREAD };

enum {
  WASI_TYPE_UNKNOWN,
  WASI_TYPE_BLOCK,
  WASI_TYPE_CHARACTER,
  WASI_TYPE_DIRECTORY,
  WASI_TYPE_REGULAR,
  WASI_TYPE_DATAGRAM,
  WASI_TYPE_STREAM,
  WASI_TYPE_SYMLINK
};

enum { WASI_SEEK_SET, WASI_SEEK_CUR, WASI_SEEK_END };

#define WASI_LOOKUP_FOLLOW 1u

#define WASI_O_CREAT 1u
#define WASI_O_DIRECTORY 2u
#define WASI_O_EXCL 4u
#define WASI_O_TRUNC 8u
#define WASI_O_ALL 15u

#define WASI_FD_APPEND 1u
#define WASI_FD_DSYNC 2u
#define WASI_FD_NONBLOCK 4u
#define WASI_FD_RSYNC 8u
#define WASI_FD_SYNC 16u
#define WASI_FD_ALL 31u

#define WASI_FST_ATIM 1u
#define WASI_FST_ATIM_NOW 2u
#define WASI_FST_MTIM 4u
#define WASI_FST_MTIM_NOW 8u
#define WASI_FST_ALL 15u

#define WASI_ADVICE_MAX 5u

/* Rights are reported, because guests derive what to ask for from them; only
 * those that path_open translates into a mode of access mean anything here. */
#define WASI_RIGHT_FD_DATASYNC ((uint64_t)1 << 0)
#define WASI_RIGHT_FD_READ ((uint64_t)1 << 1)
#define WASI_RIGHT_FD_SEEK ((uint64_t)1 << 2)
#define WASI_RIGHT_FD_FDSTAT_SET_FLAGS ((uint64_t)1 << 3)
#define WASI_RIGHT_FD_SYNC ((uint64_t)1 << 4)
#define WASI_RIGHT_FD_TELL ((uint64_t)1 << 5)
#define WASI_RIGHT_FD_WRITE ((uint64_t)1 << 6)
#define WASI_RIGHT_FD_ADVISE ((uint64_t)1 << 7)
#define WASI_RIGHT_FD_ALLOCATE ((uint64_t)1 << 8)
#define WASI_RIGHT_PATH_CREATE_DIRECTORY ((uint64_t)1 << 9)
#define WASI_RIGHT_PATH_CREATE_FILE ((uint64_t)1 << 10)
#define WASI_RIGHT_PATH_LINK_SOURCE ((uint64_t)1 << 11)
#define WASI_RIGHT_PATH_LINK_TARGET ((uint64_t)1 << 12)
#define WASI_RIGHT_PATH_OPEN ((uint64_t)1 << 13)
#define WASI_RIGHT_FD_READDIR ((uint64_t)1 << 14)
#define WASI_RIGHT_PATH_READLINK ((uint64_t)1 << 15)
#define WASI_RIGHT_PATH_RENAME_SOURCE ((uint64_t)1 << 16)
#define WASI_RIGHT_PATH_RENAME_TARGET ((uint64_t)1 << 17)
#define WASI_RIGHT_PATH_FILESTAT_GET ((uint64_t)1 << 18)
/* 19 is a right to something that no function does. */
#define WASI_RIGHT_PATH_FILESTAT_SET_TIMES ((uint64_t)1 << 20)
#define WASI_RIGHT_FD_FILESTAT_GET ((uint64_t)1 << 21)
#define WASI_RIGHT_FD_FILESTAT_SET_SIZE ((uint64_t)1 << 22)
#define WASI_RIGHT_FD_FILESTAT_SET_TIMES ((uint64_t)1 << 23)
#define WASI_RIGHT_PATH_SYMLINK ((uint64_t)1 << 24)
#define WASI_RIGHT_PATH_REMOVE_DIRECTORY ((uint64_t)1 << 25)
#define WASI_RIGHT_PATH_UNLINK_FILE ((uint64_t)1 << 26)
#define WASI_RIGHT_POLL_FD_READWRITE ((uint64_t)1 << 27)
#define WASI_RIGHT_SOCK_SHUTDOWN ((uint64_t)1 << 28)
#define WASI_RIGHT_SOCK_ACCEPT ((uint64_t)1 << 29)

#define WASI_RECV_PEEK 1u
#define WASI_RECV_WAITALL 2u
#define WASI_RECV_TRUNCATED 1u
#define WASI_SHUT_RD 1u
#define WASI_SHUT_WR 2u

#define WASI_SUBSCRIPTION_CLOCK 0u
#define WASI_SUBSCRIPTION_READ 1u
#define WASI_SUBSCRIPTION_WRITE 2u
#define WASI_SUBSCRIPTION_ABSTIME 1u
#define WASI_EVENT_HANGUP 1u

#define WASI_IOVEC_SIZE 8u
#define WASI_PRESTAT_SIZE 8u
#define WASI_FDSTAT_SIZE 24u
#define WASI_FILESTAT_SIZE 64u
#define WASI_DIRENT_SIZE 24u
#define WASI_SUBSCRIPTION_SIZE 48u
#define WASI_EVENT_SIZE 32u

#endif
