//! WASI preview 1 in C: as source text, for tools that compile it, and with the feature `link`
//! compiled and linked, for hosts in Rust whose modules `wardian-build` gives WASI.

#[cfg(feature = "link")]
mod host;

#[cfg(feature = "link")]
pub use host::{Host, Output, State, Wasi};
#[cfg(feature = "link")]
use wardian_rt as _; // whose C this calls

/// The module that the functions are imported from.
pub const MODULE: &str = "wasi_snapshot_preview1";

/// The module of the version before, snapshot 0, which old programs import.
pub const MODULE_0: &str = "wasi_unstable";

/// Every file: its path below the folder, and its text. `src/wdn_wasi.c`, `src/memfs.c`
/// and `src/launch.c` are the ones to compile.
pub static FILES: &[(&str, &str)] = &[
    ("include/wdn_wasi.h", include_str!("../include/wdn_wasi.h")),
    ("include/wdn_wasi_bare.h", include_str!("../include/wdn_wasi_bare.h")),
    ("include/wdn_wasi_one.h", include_str!("../include/wdn_wasi_one.h")),
    ("include/wdn_launch.h", include_str!("../include/wdn_launch.h")),
    ("include/wdn_wasi_memfs.h", include_str!("../include/wdn_wasi_memfs.h")),
    ("src/wdn_wasi.c", include_str!("wdn_wasi.c")),
    ("src/launch.c", include_str!("launch.c")),
    ("src/launch_options.c", include_str!("launch_options.c")),
    ("src/launch_grants.c", include_str!("launch_grants.c")),
    ("src/launch_values.c", include_str!("launch_values.c")),
    ("src/abi.h", include_str!("abi.h")),
    ("src/wasi_fs.h", include_str!("wasi_fs.h")),
    ("src/wasi_port.h", include_str!("wasi_port.h")),
    ("src/address.h", include_str!("address.h")),
    ("src/guest.h", include_str!("guest.h")),
    ("src/fds.h", include_str!("fds.h")),
    ("src/fd.c", include_str!("fd.c")),
    ("src/file.c", include_str!("file.c")),
    ("src/dir.c", include_str!("dir.c")),
    ("src/resolve.c", include_str!("resolve.c")),
    ("src/path.c", include_str!("path.c")),
    ("src/poll.c", include_str!("poll.c")),
    ("src/snapshot0.c", include_str!("snapshot0.c")),
    ("src/rust.c", include_str!("rust.c")),
    ("src/sock.c", include_str!("sock.c")),
    ("src/proc.c", include_str!("proc.c")),
    ("src/memfs.c", include_str!("memfs.c")),
    ("src/memfs_nodes.c", include_str!("memfs_nodes.c")),
    ("src/memfs_files.c", include_str!("memfs_files.c")),
    ("src/bare/wdn_wasi_bare.c", include_str!("bare/wdn_wasi_bare.c")),
    ("src/bare/table.c", include_str!("bare/table.c")),
    ("src/bare/process.c", include_str!("bare/process.c")),
    ("src/bare/files.c", include_str!("bare/files.c")),
    ("src/bare/rom.c", include_str!("bare/rom.c")),
    ("src/bare/refused.c", include_str!("bare/refused.c")),
    ("src/port/posix.c", include_str!("port/posix.c")),
    ("src/port/posix_dir.c", include_str!("port/posix_dir.c")),
    ("src/port/posix_sock.c", include_str!("port/posix_sock.c")),
    ("src/port/launch_system.c", include_str!("port/launch_system.c")),
    ("src/port/windows.c", include_str!("port/windows.c")),
    ("src/port/windows_console.c", include_str!("port/windows_console.c")),
    ("src/port/windows_names.c", include_str!("port/windows_names.c")),
    ("src/port/windows_time.c", include_str!("port/windows_time.c")),
    ("src/port/windows_dir.c", include_str!("port/windows_dir.c")),
];

/// Every function of [`MODULE`] that exists, in the header's order: its name, and its
/// signature, with `i` for i32 and `I` for i64. In C its name starts with `wdn_wasi_`.
pub static FUNCTIONS: &[(&str, &str)] = &[
    ("args_get", "ii:i"),
    ("args_sizes_get", "ii:i"),
    ("environ_get", "ii:i"),
    ("environ_sizes_get", "ii:i"),
    ("clock_res_get", "ii:i"),
    ("clock_time_get", "iIi:i"),
    ("fd_advise", "iIIi:i"),
    ("fd_allocate", "iII:i"),
    ("fd_close", "i:i"),
    ("fd_datasync", "i:i"),
    ("fd_fdstat_get", "ii:i"),
    ("fd_fdstat_set_flags", "ii:i"),
    ("fd_fdstat_set_rights", "iII:i"),
    ("fd_filestat_get", "ii:i"),
    ("fd_filestat_set_size", "iI:i"),
    ("fd_filestat_set_times", "iIIi:i"),
    ("fd_pread", "iiiIi:i"),
    ("fd_prestat_get", "ii:i"),
    ("fd_prestat_dir_name", "iii:i"),
    ("fd_pwrite", "iiiIi:i"),
    ("fd_read", "iiii:i"),
    ("fd_readdir", "iiiIi:i"),
    ("fd_renumber", "ii:i"),
    ("fd_seek", "iIii:i"),
    ("fd_sync", "i:i"),
    ("fd_tell", "ii:i"),
    ("fd_write", "iiii:i"),
    ("path_create_directory", "iii:i"),
    ("path_filestat_get", "iiiii:i"),
    ("path_filestat_set_times", "iiiiIIi:i"),
    ("path_link", "iiiiiii:i"),
    ("path_open", "iiiiiIIii:i"),
    ("path_readlink", "iiiiii:i"),
    ("path_remove_directory", "iii:i"),
    ("path_rename", "iiiiii:i"),
    ("path_symlink", "iiiii:i"),
    ("path_unlink_file", "iii:i"),
    ("poll_oneoff", "iiii:i"),
    ("proc_exit", "i:"),
    ("proc_raise", "i:i"),
    ("random_get", "ii:i"),
    ("sched_yield", ":i"),
    ("sock_accept", "iii:i"),
    ("sock_recv", "iiiiii:i"),
    ("sock_send", "iiiii:i"),
    ("sock_shutdown", "ii:i"),
];

/// The functions of [`MODULE_0`] that differ from those of the same name and signature
/// in [`MODULE`]. In C their names start with `wdn_wasi0_`.
pub static FUNCTIONS_0: &[&str] =
    &["fd_filestat_get", "fd_seek", "path_filestat_get", "poll_oneoff"];
/// What [`MODULE_0`] does not have.
const LATER: &[&str] = &["sock_accept"];

/// The name in C and the signature, as in [`FUNCTIONS`], of an imported function.
pub fn function(module: &str, name: &str) -> Option<(String, &'static str)> {
    let (_, signature) = FUNCTIONS.iter().find(|(it, _)| *it == name)?;
    match module {
        MODULE => Some((format!("wdn_wasi_{name}"), signature)),
        MODULE_0 if LATER.contains(&name) => None,
        MODULE_0 if FUNCTIONS_0.contains(&name) => Some((format!("wdn_wasi0_{name}"), signature)),
        MODULE_0 => Some((format!("wdn_wasi_{name}"), signature)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{FILES, FUNCTIONS, FUNCTIONS_0};

    fn code(c_type: &str) -> &'static str {
        match c_type {
            "uint32_t" => "i",
            "uint64_t" => "I",
            "void" => "",
            other => panic!("no WebAssembly type: {other}"),
        }
    }

    /// `uint32_t wdn_wasi_NAME(void *wasi, uint32_t fd, ...)` as an entry of the table.
    fn entry(declaration: &str) -> Option<(String, String)> {
        let (head, tail) = declaration.trim().split_once('(')?;
        let (result, name) = head.rsplit_once(' ')?;
        let mut params = tail.strip_suffix(')')?.split(',').map(str::trim);
        if params.next() != Some("void *wasi") {
            return None;
        }
        let params: String = params.map(|it| code(it.split(' ').next().unwrap_or(""))).collect();
        let name = name.strip_prefix("wdn_wasi_")?;
        Some((name.to_string(), format!("{params}:{}", code(result.trim()))))
    }

    #[test]
    fn table_agrees_with_header() {
        let header = include_str!("../include/wdn_wasi.h");
        let functions = header.split_once("and terms. */").expect("the functions' section").1;
        let (functions, older) = functions.split_once("/* ----").expect("that of snapshot 0");
        let declared: Vec<_> =
            functions.split(';').filter_map(|it| entry(&it.replace('\n', " "))).collect();
        for name in FUNCTIONS_0 {
            assert!(older.contains(&format!("wdn_wasi0_{name}(void *wasi, ")), "{name}");
        }
        let listed: Vec<_> =
            FUNCTIONS.iter().map(|(name, sig)| (name.to_string(), sig.to_string())).collect();
        assert_eq!(declared, listed);
    }

    #[test]
    fn every_file_is_listed() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        for folder in ["include", "src", "src/port", "src/bare"] {
            for file in std::fs::read_dir(root.join(folder)).expect("a folder of sources") {
                let name = file.expect("an entry").file_name().into_string().expect("ASCII");
                let path = format!("{folder}/{name}");
                let is_c = name.ends_with(".c") || name.ends_with(".h");
                assert_eq!(is_c, FILES.iter().any(|(listed, _)| *listed == path), "{path}");
            }
        }
    }
}
