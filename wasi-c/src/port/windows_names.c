/* The port to Windows: what a name is, and how one is opened. Included by windows.c.
 *
 * A name is always one component, opened relative to its directory's handle and
 * with the request to open a link itself, so no link or junction is ever followed.
 * That is the system's native interface, which knows no drives, devices or "..";
 * names that mean something else to other programs do not exist for guests:
 * streams (a:b), devices (NUL.txt), a dot or space at the end, short forms
 * (PROGRA~1). Whether A and a are the same is up to the file system; mostly yes. */

/* Missing from some versions of winternl.h. */
NTSTATUS NTAPI NtQueryDirectoryFile(HANDLE dir, HANDLE event, PIO_APC_ROUTINE routine,
                                    PVOID context, PIO_STATUS_BLOCK status, PVOID data, ULONG size,
                                    FILE_INFORMATION_CLASS class_, BOOLEAN single,
                                    PUNICODE_STRING name, BOOLEAN restart);

#define STATUS_IS(status, code) ((ULONG)(status) == (ULONG)(code))
#define SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

static wasi_errno_t status_error(NTSTATUS status) {
  switch ((ULONG)status) {
  case 0xc00000baul: /* STATUS_FILE_IS_A_DIRECTORY */
    return WASI_ISDIR;
  case 0xc0000056ul: /* STATUS_DELETE_PENDING */
    return WASI_NOENT;
  case 0xc0000033ul: /* STATUS_OBJECT_NAME_INVALID */
    return WASI_NOENT;
  default:
    return error_of(RtlNtStatusToDosError(status));
  }
}

/* ---- Names ---------------------------------------------------------------------- */

#define COMPONENT_MAX 255

typedef struct component {
  WCHAR units[COMPONENT_MAX];
  UNICODE_STRING text; /* empty: the directory itself */
} component_t;

static WCHAR lower(WCHAR c) {
  return c >= 'A' && c <= 'Z' ? (WCHAR)(c - 'A' + 'a') : c;
}

/* Does `name`, up to its first dot and without spaces before that, spell `device`,
 * in which # is a digit, superscripts included? */
static bool is_device(const WCHAR *name, uint32_t size, const char *device) {
  uint32_t end = 0;
  while (end < size && name[end] != '.')
    end++;
  while (end > 0 && name[end - 1] == ' ')
    end--;
  for (; end > 0 && *device != 0; end--, name++, device++) {
    bool digit = (*name >= '0' && *name <= '9') || *name == 0xb9 || *name == 0xb2 || *name == 0xb3;
    if (*device == '#' ? !digit : lower(*name) != (WCHAR)*device)
      return false;
  }
  return end == 0 && *device == 0;
}

/* Would every program on this system take the name for that of a plain file? */
static bool is_plain(const WCHAR *name, uint32_t size) {
  /* The latter are the file system's own, at the root of a volume. */
  static const char *const devices[] = {"con",      "prn",     "aux",      "nul",     "com#",
                                        "lpt#",     "conin$",  "conout$",  "$mft",    "$mftmirr",
                                        "$logfile", "$volume", "$attrdef", "$bitmap", "$boot",
                                        "$badclus", "$secure", "$upcase",  "$extend"};
  uint32_t i;
  for (i = 0; i < size; i++) {
    if (name[i] < 0x20 || (name[i] < 0x80 && strchr("\"*/:<>?\\|", name[i]) != NULL))
      return false;
  }
  for (i = 0; i < sizeof devices / sizeof devices[0]; i++) {
    if (is_device(name, size, devices[i]))
      return false;
  }
  return name[size - 1] != '.' && name[size - 1] != ' ';
}

/* WASI_NOENT if no file can have the name. */
static wasi_errno_t to_component(const char *name, component_t *to) {
  int size = 0;
  to->text.Buffer = to->units;
  if (strcmp(name, ".") != 0) {
    size = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, name, (int)strlen(name), to->units,
                               COMPONENT_MAX);
    if (size <= 0)
      return GetLastError() == ERROR_INSUFFICIENT_BUFFER ? WASI_NAMETOOLONG : WASI_NOENT;
    if (!is_plain(to->units, (uint32_t)size))
      return WASI_NOENT;
  }
  to->text.Length = to->text.MaximumLength = (USHORT)(size * (int)sizeof(WCHAR));
  return WASI_OK;
}

/* A name of up to eight and three characters, with a tilde. */
static bool may_be_short(const component_t *name) {
  uint32_t size = name->text.Length / sizeof(WCHAR), dot = size, i;
  bool tilde = false;
  for (i = 0; i < size; i++) {
    if (name->units[i] == '.')
      dot = i;
    tilde |= name->units[i] == '~';
  }
  return tilde && dot <= 8 && size - dot <= 4;
}

/* ---- Opening ----------------------------------------------------------------------- */

static wasi_errno_t open_native(HANDLE dir, component_t *name, ACCESS_MASK access,
                                ULONG disposition, ULONG options, HANDLE *handle) {
  const ULONG always =
      0x00200000 /* FILE_OPEN_REPARSE_POINT */ | 0x00000020 /* FILE_SYNCHRONOUS_IO_NONALERT */;
  OBJECT_ATTRIBUTES attributes;
  IO_STATUS_BLOCK status;
  NTSTATUS result;
  InitializeObjectAttributes(&attributes, &name->text, OBJ_CASE_INSENSITIVE, dir, NULL);
  result =
      NtCreateFile(handle, access | FILE_READ_ATTRIBUTES | SYNCHRONIZE, &attributes, &status, NULL,
                   FILE_ATTRIBUTE_NORMAL, SHARE_ALL, disposition, options | always, NULL, 0);
  return NT_SUCCESS(result) ? WASI_OK : status_error(result);
}

/* Another handle of the same file. */
static wasi_errno_t reopen(HANDLE handle, ACCESS_MASK access, HANDLE *other) {
  component_t itself;
  (void)to_component(".", &itself);
  return open_native(handle, &itself, access, FILE_OPEN, 0, other);
}

/* Is the name only a short form of a file's, which the guest has no business with? */
static bool is_short_form(HANDLE dir, component_t *name) {
  union {
    FILE_BOTH_DIR_INFORMATION info;
    uint8_t room[sizeof(FILE_BOTH_DIR_INFORMATION) + 2 * COMPONENT_MAX];
  } entry;
  IO_STATUS_BLOCK status;
  HANDLE listing;
  NTSTATUS result;
  if (!may_be_short(name) || reopen(dir, FILE_LIST_DIRECTORY, &listing) != WASI_OK)
    return false;
  result = NtQueryDirectoryFile(listing, NULL, NULL, NULL, &status, &entry, sizeof entry,
                                FileBothDirectoryInformation, TRUE, &name->text, TRUE);
  (void)CloseHandle(listing);
  return NT_SUCCESS(result) &&
         CompareStringOrdinal(entry.info.FileName, (int)(entry.info.FileNameLength / sizeof(WCHAR)),
                              name->units, (int)(name->text.Length / sizeof(WCHAR)),
                              TRUE) != CSTR_EQUAL;
}

/* What every other function here goes through. */
static wasi_errno_t open_component(HANDLE dir, const char *name, ACCESS_MASK access,
                                   ULONG disposition, ULONG options, HANDLE *handle) {
  component_t component;
  wasi_errno_t error = to_component(name, &component);
  if (error == WASI_OK && is_short_form(dir, &component))
    error = WASI_NOENT;
  if (error == WASI_OK)
    return open_native(dir, &component, access, disposition, options, handle);
  /* No such file, and none can be made. */
  return error == WASI_NOENT && disposition != FILE_OPEN ? WASI_INVAL : error;
}
