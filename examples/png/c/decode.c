/* What the host may ask of libpng: one call that turns a PNG file into pixels.
 *
 * libpng reports an error by a function that must not return, which elsewhere means
 * setjmp. Here the function tells the host what is wrong, which ends the call; all that
 * libpng had allocated goes with the instance's memory. */
#include <png.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef __wasm__
#define HOST(name) __attribute__((import_module("host"), import_name(name)))
#else
#define HOST(name)
#endif

/* Ends the call: the host notes why the image is refused, and does not come back. */
HOST("refuse") _Noreturn void refuse(const char *message, uint32_t size);

/* The decoded image: four bytes for each pixel, rows from top to bottom. */
typedef struct image {
  uint32_t width;
  uint32_t height;
  uint8_t *pixels;
} image_t;

typedef struct input {
  const uint8_t *data;
  size_t left;
} input_t;

static void fail(png_structp png, const char *message) {
  (void)png;
  refuse(message, (uint32_t)strlen(message));
}

static void ignore(png_structp png, const char *message) {
  (void)png;
  (void)message;
}

static void read_bytes(png_structp png, png_bytep to, size_t size) {
  input_t *input = png_get_io_ptr(png);
  if (size > input->left)
    png_error(png, "the file is too short");
  memcpy(to, input->data, size);
  input->data += size;
  input->left -= size;
}

/* Whatever the file has becomes red, green, blue and alpha, of eight bits each. */
static void use_rgba(png_structp png, png_infop info) {
  png_set_expand(png);
  png_set_scale_16(png);
  png_set_gray_to_rgb(png);
  png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
}

static void read_rows(png_structp png, image_t *image) {
  size_t stride = (size_t)image->width * 4;
  png_bytep *rows = malloc(image->height * sizeof(png_bytep));
  if (rows == NULL)
    png_error(png, "out of memory");
  for (uint32_t y = 0; y < image->height; y++)
    rows[y] = image->pixels + y * stride;
  png_read_image(png, rows);
  free(rows);
}

/* Decodes the PNG file of `size` bytes at `data`. */
image_t *decode(const uint8_t *data, uint32_t size, uint32_t max_pixels) {
  static image_t image;
  input_t input = {data, size};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, fail, ignore);
  png_infop info = png == NULL ? NULL : png_create_info_struct(png);
  if (info == NULL)
    fail(png, "out of memory");
  png_set_read_fn(png, &input, read_bytes);
  png_read_info(png, info);
  image.width = png_get_image_width(png, info);
  image.height = png_get_image_height(png, info);
  if (image.width > max_pixels / image.height)
    png_error(png, "the image is too large");
  use_rgba(png, info);
  if (png_get_rowbytes(png, info) != (size_t)image.width * 4)
    png_error(png, "the rows are not RGBA");
  image.pixels = malloc((size_t)image.width * image.height * 4);
  if (image.pixels == NULL)
    png_error(png, "out of memory");
  read_rows(png, &image);
  png_destroy_read_struct(&png, &info, NULL);
  return &image;
}
