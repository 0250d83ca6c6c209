/* What the host may ask of zstd: to compress or decompress a stream, a buffer at a time.
 *
 * Input and output pass through two buffers in the instance's memory, so that a stream may
 * be longer than that memory. */
#include <stdint.h>
#include <zstd.h>
#include <zstd_errors.h>

/* Where the buffers are, and what the last step did. The host reads it. */
typedef struct stream {
  uint8_t *input;
  uint8_t *output;
  uint32_t capacity; /* of each buffer */
  uint32_t consumed; /* bytes of input */
  uint32_t produced; /* bytes of output */
  uint32_t more;     /* 0 if the frame is complete and all of it was written */
  const char *error; /* NULL if there is none */
} stream_t;

#define CAPACITY (128u << 10)
#define NO_MEMORY ((size_t)0 - ZSTD_error_memory_allocation)

static uint8_t input_buffer[CAPACITY];
static uint8_t output_buffer[CAPACITY];
static stream_t stream = {input_buffer, output_buffer, CAPACITY, 0, 0, 0, NULL};
static ZSTD_CCtx *compressor;
static ZSTD_DCtx *decompressor;

static stream_t *finish(size_t result, size_t consumed, size_t produced) {
  stream.error = ZSTD_isError(result) ? ZSTD_getErrorName(result) : NULL;
  stream.consumed = (uint32_t)consumed;
  stream.produced = (uint32_t)produced;
  stream.more = result != 0;
  return &stream;
}

/* Begins a frame, and forgets one that was begun. */
stream_t *begin_compression(int32_t level) {
  if (compressor == NULL)
    compressor = ZSTD_createCCtx();
  if (compressor == NULL)
    return finish(NO_MEMORY, 0, 0);
  size_t result = ZSTD_CCtx_reset(compressor, ZSTD_reset_session_and_parameters);
  if (!ZSTD_isError(result))
    result = ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, level);
  if (!ZSTD_isError(result))
    result = ZSTD_CCtx_setParameter(compressor, ZSTD_c_checksumFlag, 1);
  return finish(result, 0, 0);
}

/* Compresses these bytes of the input buffer, which end the frame if `last`. */
stream_t *compress(uint32_t start, uint32_t end, uint32_t last) {
  ZSTD_inBuffer in = {input_buffer, end, start};
  ZSTD_outBuffer out = {output_buffer, CAPACITY, 0};
  ZSTD_EndDirective how = last ? ZSTD_e_end : ZSTD_e_continue;
  size_t result = ZSTD_compressStream2(compressor, &out, &in, how);
  return finish(result, in.pos - start, out.pos);
}

stream_t *begin_decompression(void) {
  if (decompressor == NULL)
    decompressor = ZSTD_createDCtx();
  if (decompressor == NULL)
    return finish(NO_MEMORY, 0, 0);
  return finish(ZSTD_DCtx_reset(decompressor, ZSTD_reset_session_only), 0, 0);
}

/* Decompresses from these bytes of the input buffer. */
stream_t *decompress(uint32_t start, uint32_t end) {
  ZSTD_inBuffer in = {input_buffer, end, start};
  ZSTD_outBuffer out = {output_buffer, CAPACITY, 0};
  size_t result = ZSTD_decompressStream(decompressor, &out, &in);
  return finish(result, in.pos - start, out.pos);
}
