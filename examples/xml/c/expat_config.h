/* What expat's configure script would have found for WebAssembly. */
#ifndef EXPAT_CONFIG_H
#define EXPAT_CONFIG_H

#define BYTEORDER 1234
#define HAVE_MEMMOVE 1
#define XML_CONTEXT_BYTES 1024
#define XML_DTD 1
#define XML_NS 1

/* The salt of hash tables comes from the host: the module needs no clock. */
#define time(unused) 1

#endif
