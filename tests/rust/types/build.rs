fn main() {
    wardian_build::Library::new("shapes")
        .c_files(["c/shapes.c"])
        .exports(["malloc", "free", "fill", "check", "size"])
        .compile();
    wardian_build::Types::new("c/shapes.h").define("CORNERS", "3").generate("shapes_types");
}
