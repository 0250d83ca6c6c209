/* Names of functions from the symbols of Windows programs, for messages about
 * faults. Part of windows.c.
 *
 * A symbol of the COFF table that GNU linkers write says where a function begins,
 * not where it ends: the last one before is meant. All of the file's symbols are
 * looked through, and nothing in it is trusted: slow, but only on request. */
#include <string.h>

typedef struct wdn_image {
  const u8 *bytes;
  u64 size;
} wdn_image_t;

/* Of the file that the code at `base` was loaded from. */
static bool wdn_map_image(HMODULE base, wdn_image_t *image) {
  WCHAR path[1024];
  DWORD length = GetModuleFileNameW(base, path, 1024);
  LARGE_INTEGER size;
  HANDLE file, mapping;
  size.QuadPart = 0;
  image->bytes = NULL;
  if (length == 0 || length == 1024)
    return false;
  file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                     FILE_ATTRIBUTE_NORMAL, NULL);
  if (file == INVALID_HANDLE_VALUE)
    return false;
  mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
  if (mapping != NULL) {
    image->bytes = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0);
    (void)CloseHandle(mapping);
  }
  (void)GetFileSizeEx(file, &size);
  (void)CloseHandle(file);
  image->size = (u64)size.QuadPart;
  return image->bytes != NULL;
}

/* Copies `size` bytes from `offset`; false if they are not all there. */
static bool wdn_image_read(const wdn_image_t *image, u64 offset, void *to, size_t size) {
  if (offset > image->size || size > image->size - offset)
    return false;
  memcpy(to, image->bytes + offset, size);
  return true;
}

/* A symbol's name: eight bytes, or in the table of strings after the symbols. */
static bool wdn_symbol_name(const wdn_image_t *image, u64 strings, const IMAGE_SYMBOL *symbol,
                            char *name, size_t size) {
  u64 start = strings + symbol->N.Name.Long, room;
  char text[9] = {0};
  const char *from = text;
  size_t length;
  memcpy(text, symbol->N.ShortName, 8);
  length = strlen(text);
  if (symbol->N.Name.Short == 0) {
    if (start >= image->size)
      return false;
    room = image->size - start;
    from = (const char *)image->bytes + start;
    if (memchr(from, 0, room < size ? (size_t)room : size) == NULL)
      return false;
    length = strlen(from);
  }
  if (length >= size)
    return false;
  memcpy(name, from, length);
  name[length] = 0;
  return true;
}

/* Which section `address`, counted from the image's start, is in, from 1 on, and
 * where there. 0 if in none. */
static u32 wdn_section_of(const wdn_image_t *image, u64 sections, u32 count, u64 address,
                          u64 *offset) {
  IMAGE_SECTION_HEADER section;
  u32 i;
  for (i = 0; i < count; i++) {
    if (!wdn_image_read(image, sections + (u64)i * sizeof(section), &section, sizeof(section)))
      return 0;
    *offset = address - section.VirtualAddress;
    if (*offset < section.Misc.VirtualSize)
      return i + 1;
  }
  return 0;
}

static bool wdn_search_image(const wdn_image_t *image, u64 address, char *name, size_t size) {
  IMAGE_DOS_HEADER dos;
  IMAGE_NT_HEADERS headers;
  IMAGE_SYMBOL symbol, best;
  u64 sections, table, end, offset = 0;
  u32 i, section;
  bool found = false;
  if (!wdn_image_read(image, 0, &dos, sizeof(dos)) || dos.e_lfanew < 0 ||
      !wdn_image_read(image, (u64)dos.e_lfanew, &headers, sizeof(headers)))
    return false;
  sections = (u64)dos.e_lfanew + offsetof(IMAGE_NT_HEADERS, OptionalHeader) +
             headers.FileHeader.SizeOfOptionalHeader;
  section = wdn_section_of(image, sections, headers.FileHeader.NumberOfSections, address, &offset);
  table = headers.FileHeader.PointerToSymbolTable;
  end = table + (u64)headers.FileHeader.NumberOfSymbols * IMAGE_SIZEOF_SYMBOL;
  if (section == 0 || table == 0)
    return false;
  memset(&best, 0, sizeof(best));
  for (i = 0; i < headers.FileHeader.NumberOfSymbols; i += 1u + symbol.NumberOfAuxSymbols) {
    u64 at = table + (u64)i * IMAGE_SIZEOF_SYMBOL;
    if (!wdn_image_read(image, at, &symbol, IMAGE_SIZEOF_SYMBOL))
      return false;
    if ((u32)(u16)symbol.SectionNumber == section && ISFCN(symbol.Type) && symbol.Value <= offset &&
        (!found || symbol.Value >= best.Value)) {
      best = symbol;
      found = true;
    }
  }
  return found && wdn_symbol_name(image, end, &best, name, size);
}

static bool wdn_port_symbol(uintptr_t pc, char *name, size_t size) {
  const DWORD flags =
      GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
  HMODULE base = NULL;
  wdn_image_t image;
  bool found;
  if (!GetModuleHandleExW(flags, (LPCWSTR)pc, &base) || !wdn_map_image(base, &image))
    return false;
  found = wdn_search_image(&image, pc - (uintptr_t)base, name, size);
  (void)UnmapViewOfFile(image.bytes);
  return found;
}
