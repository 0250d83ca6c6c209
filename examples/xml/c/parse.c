/* What the host may ask of expat, and what expat tells the host as it reads: elements and
 * text, by functions that the host defines. Each of them says whether to go on. */
#include <expat.h>
#include <stdint.h>
#include <string.h>

#ifdef __wasm__
#define HOST(name) __attribute__((import_module("host"), import_name(name)))
#else
#define HOST(name)
#endif

/* `attributes` are pairs of strings, name and value, and then NULL. */
HOST("start_element") uint32_t start_element(const char *name, const char **attributes);
HOST("end_element") uint32_t end_element(const char *name);
HOST("text") uint32_t text(const char *text, uint32_t size);

static XML_Parser parser;

/* Where the parser is. The host reads it. */
typedef struct position {
  uint32_t line;
  uint32_t column;
  const char *error; /* NULL if there is none */
} position_t;

static void go_on(uint32_t wanted) {
  if (!wanted)
    XML_StopParser(parser, XML_FALSE);
}

static void XMLCALL on_start(void *data, const XML_Char *name, const XML_Char **attributes) {
  (void)data;
  go_on(start_element(name, attributes));
}

static void XMLCALL on_end(void *data, const XML_Char *name) {
  (void)data;
  go_on(end_element(name));
}

static void XMLCALL on_text(void *data, const XML_Char *chars, int size) {
  (void)data;
  go_on(text(chars, (uint32_t)size));
}

/* Begins a document. `salt` makes collisions in hash tables hard to provoke. */
uint32_t begin(uint32_t salt) {
  if (parser != NULL)
    XML_ParserFree(parser);
  parser = XML_ParserCreate(NULL);
  if (parser == NULL)
    return 0;
  XML_SetHashSalt(parser, salt | 1);
  XML_SetElementHandler(parser, on_start, on_end);
  XML_SetCharacterDataHandler(parser, on_text);
  return 1;
}

/* Where the next `size` bytes of the document have to be written, or NULL. */
void *buffer(uint32_t size) {
  return XML_GetBuffer(parser, (int)size);
}

/* Reads `size` bytes from there. */
position_t *feed(uint32_t size, uint32_t last) {
  static position_t position;
  enum XML_Status status = XML_ParseBuffer(parser, (int)size, (int)last);
  position.line = (uint32_t)XML_GetCurrentLineNumber(parser);
  position.column = (uint32_t)XML_GetCurrentColumnNumber(parser);
  position.error = status == XML_STATUS_OK ? NULL : XML_ErrorString(XML_GetErrorCode(parser));
  return &position;
}
