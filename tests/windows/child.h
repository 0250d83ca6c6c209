/* What ../runtime/child.h does, without fork: the program starts itself anew, goes
 * the same way up to the same call, and runs the body there. Its output until
 * then counts for nothing. */
#ifndef WINDOWS_CHILD_H
#define WINDOWS_CHILD_H

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

#include <process.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../runtime/check.h"

/* Starts the program with the variable CHILD set to `number`; its exit code. */
static inline DWORD child_run(unsigned number) {
  STARTUPINFOW startup;
  PROCESS_INFORMATION process;
  WCHAR file[1024], text[16];
  DWORD code = 0xffffffff;
  memset(&startup, 0, sizeof(startup));
  startup.cb = sizeof(startup);
  (void)_snwprintf(text, 16, L"%u", number);
  if (GetModuleFileNameW(NULL, file, 1024) == 0 || !SetEnvironmentVariableW(L"CHILD", text))
    return code;
  if (CreateProcessW(file, NULL, NULL, NULL, FALSE, DETACHED_PROCESS, NULL, NULL, &startup,
                     &process)) {
    (void)WaitForSingleObject(process.hProcess, INFINITE);
    (void)GetExitCodeProcess(process.hProcess, &code);
    (void)CloseHandle(process.hProcess);
    (void)CloseHandle(process.hThread);
  }
  return code;
}

/* Ends the process with the exception's code, without a debugger or a message. */
static inline LONG CALLBACK child_dies(EXCEPTION_POINTERS *exception) {
  (void)exception;
  return EXCEPTION_EXECUTE_HANDLER;
}

/* The exit code of a process that runs `body`, or 0 if that returns. In that
 * process: 0 for all others, whose results do not matter. */
static inline DWORD child_code(void (*body)(void)) {
  static unsigned calls;
  const char *number = getenv("CHILD");
  calls++;
  if (number == NULL) {
    fflush(stdout);
    return child_run(calls);
  }
  if (strtoul(number, NULL, 10) != calls)
    return 0;
  (void)SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
  (void)SetUnhandledExceptionFilter(child_dies);
  check_failures = 0;
  body();
  _exit(0);
}

/* The signal of POSIX that stands for how it ended, or 0. */
static inline int child_signal(void (*body)(void)) {
  DWORD code = child_code(body);
  return code == EXCEPTION_ACCESS_VIOLATION ? SIGSEGV : code == 3 ? SIGABRT : 0;
}

static inline int child_exit(void (*body)(void)) {
  return (int)child_code(body);
}

#endif
