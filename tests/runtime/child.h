/* Runs code that ends its process. Include it first: it asks for POSIX. */
#ifndef CHILD_H
#define CHILD_H

#ifdef _WIN32
#include "../windows/child.h"
#else

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The wait status of a process that runs `body`, or exits with 0 if that returns. */
static inline int child_status(void (*body)(void)) {
  int status = -1;
  pid_t child;
  fflush(stdout);
  child = fork();
  if (child == 0) {
    struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    body();
    fflush(stdout);
    _exit(0);
  }
  if (child > 0)
    (void)waitpid(child, &status, 0);
  return status;
}

/* The signal that a process running `body` dies of, or 0. */
static inline int child_signal(void (*body)(void)) {
  int status = child_status(body);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/* The code that a process running `body` exits with, or -1. */
static inline int child_exit(void (*body)(void)) {
  int status = child_status(body);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
#endif
