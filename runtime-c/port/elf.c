/* Names of functions from the symbols of 64-bit ELF files, for messages about
 * faults. Part of posix.c, on Linux.
 *
 * /proc/self/maps tells which file the code was loaded from. All of the file's
 * symbols are looked through, and nothing in it is trusted: slow, but only on
 * request. */
#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Which file, and where in it ------------------------------------------------------------ */

/* Reads a file line by line, without the heap. Lines that are too long are cut. */
typedef struct wdn_lines {
  int file;
  size_t next, end;
  char buffer[1024];
  char line[600];
} wdn_lines_t;

static bool wdn_next_line(wdn_lines_t *lines) {
  size_t length = 0;
  for (;;) {
    char c;
    if (lines->next == lines->end) {
      ssize_t got = read(lines->file, lines->buffer, sizeof(lines->buffer));
      if (got <= 0)
        return false;
      lines->next = 0;
      lines->end = (size_t)got;
    }
    c = lines->buffer[lines->next++];
    if (c == '\n')
      break;
    if (length < sizeof(lines->line) - 1)
      lines->line[length++] = c;
  }
  lines->line[length] = 0;
  return true;
}

static u64 wdn_parse_hex(const char **text) {
  u64 value = 0;
  for (;; ++*text) {
    char c = **text;
    if (c >= '0' && c <= '9')
      value = value << 4 | (u64)(c - '0');
    else if (c >= 'a' && c <= 'f')
      value = value << 4 | (u64)(c - 'a' + 10);
    else
      return value;
  }
}

/* From a line such as "7f0000-7f1000 r-xp 00002000 08:01 123   /lib/libfoo.so":
 * the path, and where in the file `pc` is; NULL if the line is not about `pc`. */
static const char *wdn_match_mapping(const char *line, uintptr_t pc, u64 *offset) {
  u64 start = wdn_parse_hex(&line), end;
  if (*line++ != '-')
    return NULL;
  end = wdn_parse_hex(&line);
  if (pc < start || pc >= end || strlen(line) < 6)
    return NULL;
  line += 6; /* the permissions */
  *offset = wdn_parse_hex(&line) + (pc - start);
  return strchr(line, '/');
}

static bool wdn_find_mapping(uintptr_t pc, char *path, size_t size, u64 *offset) {
  wdn_lines_t lines;
  const char *found = NULL;
  lines.next = lines.end = 0;
  lines.file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (lines.file < 0)
    return false;
  while (found == NULL && wdn_next_line(&lines))
    found = wdn_match_mapping(lines.line, pc, offset);
  (void)close(lines.file);
  if (found == NULL || strlen(found) >= size)
    return false;
  memcpy(path, found, strlen(found) + 1);
  return true;
}

/* ---- The file ------------------------------------------------------------------------------- */

typedef struct wdn_image {
  const u8 *bytes;
  size_t size;
} wdn_image_t;

static bool wdn_map_image(const char *path, wdn_image_t *image) {
  struct stat status;
  void *bytes = MAP_FAILED;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return false;
  if (fstat(file, &status) == 0 && status.st_size > 0) {
    image->size = (size_t)status.st_size;
    bytes = mmap(NULL, image->size, PROT_READ, MAP_PRIVATE, file, 0);
  }
  (void)close(file);
  image->bytes = bytes;
  return bytes != MAP_FAILED;
}

/* `count` objects of `size` bytes at `offset`, or NULL if they are not all there,
 * or not aligned. */
static const void *wdn_image_at(const wdn_image_t *image, u64 offset, u64 count, u64 size) {
  if (offset > image->size || count > (image->size - offset) / size || offset % 8 != 0)
    return NULL;
  return image->bytes + offset;
}

/* The address, in the file's own terms, of what is at `offset` of it. */
static bool wdn_address_of_offset(const wdn_image_t *image, const Elf64_Ehdr *header, u64 offset,
                                  u64 *address) {
  const Elf64_Phdr *segments =
      wdn_image_at(image, header->e_phoff, header->e_phnum, sizeof(*segments));
  u32 i;
  for (i = 0; segments != NULL && i < header->e_phnum; i++) {
    if (segments[i].p_type == PT_LOAD && offset - segments[i].p_offset < segments[i].p_filesz) {
      *address = segments[i].p_vaddr + (offset - segments[i].p_offset);
      return true;
    }
  }
  return false;
}

/* The name of the function symbol around `address` in one symbol table. */
static bool wdn_search_symbols(const wdn_image_t *image, const Elf64_Shdr *table,
                               const Elf64_Shdr *strings, u64 address, char *name,
                               size_t name_size) {
  u64 count = table->sh_size / sizeof(Elf64_Sym), i;
  const Elf64_Sym *symbols = wdn_image_at(image, table->sh_offset, count, sizeof(*symbols));
  if (symbols == NULL || strings->sh_offset > image->size ||
      strings->sh_size > image->size - strings->sh_offset)
    return false;
  for (i = 0; i < count; i++) {
    const Elf64_Sym *symbol = &symbols[i];
    const char *start;
    u64 room;
    if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || symbol->st_shndx == SHN_UNDEF ||
        address - symbol->st_value >= symbol->st_size || symbol->st_name >= strings->sh_size)
      continue;
    start = (const char *)image->bytes + strings->sh_offset + symbol->st_name;
    room = strings->sh_size - symbol->st_name;
    if (memchr(start, 0, room < name_size ? (size_t)room : name_size) == NULL)
      continue;
    memcpy(name, start, strlen(start) + 1);
    return true;
  }
  return false;
}

static bool wdn_search_image(const wdn_image_t *image, u64 offset, char *name, size_t name_size) {
  const Elf64_Ehdr *header = wdn_image_at(image, 0, 1, sizeof(*header));
  const Elf64_Shdr *sections;
  u64 address = 0;
  u32 i;
  if (header == NULL || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_shentsize != sizeof(*sections) ||
      header->e_phentsize != sizeof(Elf64_Phdr) ||
      !wdn_address_of_offset(image, header, offset, &address))
    return false;
  sections = wdn_image_at(image, header->e_shoff, header->e_shnum, sizeof(*sections));
  for (i = 0; sections != NULL && i < header->e_shnum; i++) {
    if (sections[i].sh_type == SHT_SYMTAB && sections[i].sh_link < header->e_shnum &&
        wdn_search_symbols(image, &sections[i], &sections[sections[i].sh_link], address, name,
                           name_size))
      return true;
  }
  return false;
}

static bool wdn_port_symbol(uintptr_t pc, char *name, size_t size) {
  char path[512];
  wdn_image_t image = {NULL, 0};
  u64 offset = 0;
  bool found;
  if (!wdn_find_mapping(pc, path, sizeof(path), &offset) || !wdn_map_image(path, &image))
    return false;
  found = wdn_search_image(&image, offset, name, size);
  (void)munmap((void *)(uintptr_t)image.bytes, image.size);
  return found;
}
