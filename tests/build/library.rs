//! Libraries in C, by a compiler for WebAssembly that only pretends, and by the real one.

use std::fs;
use std::path::Path;

use libtest_mimic::{Completion, Failed};
use wardian_tests::tools;

use crate::WAT;
use crate::fake::{Package, demand, executable};

/// A package with C for WebAssembly, and a compiler for it that notes its arguments and
/// gives what another program would: lists of files, and a module.
pub(crate) fn c_package() -> Result<Package, Failed> {
    let package = Package::new()?;
    fs::write(package.path("app.wasm"), wat::parse_str(WAT)?)?;
    for name in ["one.c", "two words.c"] {
        fs::write(package.path(name), "int get(void) { return 1; }\n")?;
    }
    fs::create_dir(package.path("in c"))?;
    fs::write(package.path("in c/app.h"), "")?;
    fs::write(package.path("version"), "clang version 1\n")?;
    let script = r#"#!/bin/sh
case "$*" in *--version) cat version; exit ;; esac
line=$(for one; do printf '[%s]' "$one"; done)
echo "$line" >> "$WASM_LOG"
case " $* " in *' -c '*) . "$MEET" ;; esac
if [ -n "$FAIL" ]; then case "$*" in *"-c $FAIL"*) exit 1 ;; esac; fi
previous=
for one; do
    case "$previous" in
    -MF) list=$one ;;
    -c) printf 'x.o: %s \\\n in\\ c/app.h\n' "$(echo "$one" | sed 's/ /\\ /g')" > "$list" ;;
    -o) cat app.wasm > "$one" ;;
    esac
    previous=$one
done
"#;
    executable(&package.path("fake clang"), script)?;
    let clang = package.path("fake clang").display().to_string();
    let log = package.path("wasm log").display().to_string();
    Ok(package.set("CC_wasm32_wasi", &clang).set("WASM_LOG", &log))
}

pub(crate) fn arguments() -> Result<(), Failed> {
    let package = c_package()?.set("CFLAGS_wasm32_wasi", "-DONE -DTWO");
    let ran = package.works("library")?;
    let log = package.read("wasm log")?;
    let mut calls: Vec<_> = log.lines().collect();
    demand(calls.len() == 3 && calls[2].contains("-mexec-model"), &log)?;
    // They run at the same time.
    calls[..2].sort_by_key(|call| !call.contains("one.c"));
    for (call, file) in calls.iter().zip(["one.c", "two words.c"]) {
        let flags = "[--target=wasm32-wasi][-DONE][-DTWO][-I][in c][-DADD=1][-O2][-MD]";
        demand(call.starts_with(flags) && call.contains(&format!("[-c][{file}]")), call)?;
    }
    let links = ["[-mexec-model=reactor]", "/0.o]", "/1.o]", "[-Wl,--export=get]"];
    demand(links.iter().all(|it| calls[2].contains(it)), calls[2])?;
    let watched: Vec<_> =
        ran.stdout.lines().filter_map(|it| it.strip_prefix("cargo::rerun-if-changed=")).collect();
    demand(watched == ["one.c", "two words.c", "in c/app.h"], &format!("{watched:?}"))?;
    demand(ran.compiled.len() == 1, &format!("{:?}", ran.compiled))?;
    fs::remove_file(package.path("wasm log"))?;
    package.works("library_with")?;
    let log = package.read("wasm log")?;
    demand(log.contains("[-fno-builtin][-Os][-MD]"), &log)?;
    demand(package.read("out/wardian/app/app.c")?.contains("interrupt=flag"), "no change")
}

/// What was compiled of the same texts by the same command is not compiled again; of several
/// files only those that need it are.
pub(crate) fn compiled_once() -> Result<(), Failed> {
    let package = c_package()?;
    let again = |package: &Package| -> Result<Vec<String>, Failed> {
        let _ = fs::remove_file(package.path("wasm log"));
        let out = package.works("library")?.stdout;
        let watched = out.lines().filter(|it| it.starts_with("cargo::rerun-if-changed="));
        demand(watched.count() == 3, &out)?;
        let log = fs::read_to_string(package.path("wasm log")).unwrap_or_default();
        let word = |line: &str| match line.split_once("[-c][") {
            Some((_, rest)) => rest.split(']').next().unwrap_or_default().to_string(),
            None => "link".to_string(),
        };
        let mut calls: Vec<String> = log.lines().map(word).collect();
        calls.sort();
        Ok(calls)
    };
    let check = |package: &Package, expected: &[&str], what: &str| -> Result<(), Failed> {
        let calls = again(package)?;
        demand(calls == expected, &format!("{what}: {calls:?}"))?;
        let calls = again(package)?;
        demand(calls.is_empty(), &format!("{what}, again: {calls:?}"))
    };
    let all = ["link", "one.c", "two words.c"];
    check(&package, &all, "the first time")?;
    fs::write(package.path("two words.c"), "int get(void) { return 2; }\n")?;
    check(&package, &["link", "two words.c"], "one file has changed")?;
    fs::write(package.path("in c/app.h"), "/* new */\n")?;
    check(&package, &all, "the header has changed")?;
    fs::write(package.path("version"), "clang version 2\n")?;
    check(&package, &all, "the compiler has changed")?;
    fs::remove_file(package.path("out/wardian-wasm/app/module.wasm"))?;
    check(&package, &["link"], "the module is gone")?;
    let package = package.set("CFLAGS_wasm32_wasi", "-DNEW");
    check(&package, &all, "the flags have changed")?;
    // What has failed is not done, and is tried again.
    fs::write(package.path("two words.c"), "int bad;\n")?;
    let package = package.set("FAIL", "two words.c");
    package.fails("library", "the C compiler for WebAssembly: ")?;
    package.fails("library", "the C compiler for WebAssembly: ")?;
    check(&package.without("FAIL"), &["link", "two words.c"], "it works again")
}

/// As far as cargo's jobserver allows, and never waiting for what it does not give.
pub(crate) fn parallel() -> Result<(), Failed> {
    let logs = |package: &Package| -> Result<bool, Failed> {
        package.works("library")?;
        Ok(package.read("log")?.contains("parallel"))
    };
    demand(logs(&c_package()?.watch_parallel()?.set("NUM_JOBS", "4"))?, "one after the other")?;
    demand(!logs(&c_package()?.watch_parallel()?.set("NUM_JOBS", "1"))?, "at the same time")?;
    for (tokens, expected) in [("", false), ("++", true)] {
        let package = c_package()?.watch_parallel()?.set("NUM_JOBS", "4");
        let Some((package, _server)) = package.jobserver(tokens)? else { return Ok(()) };
        demand(logs(&package)? == expected, &format!("{} tokens", tokens.len()))?;
    }
    Ok(())
}

/// Where there is no compiler for WebAssembly, a module that somebody made serves.
pub(crate) fn prebuilt() -> Result<(), Failed> {
    let watched = "cargo::rerun-if-changed=app.wasm";
    let package = c_package()?.set("CC_wasm32_wasi", "/nowhere/clang");
    let ran = package.works("prebuilt")?;
    demand(ran.stdout.contains(watched) && ran.compiled.len() == 1, &ran.stdout)?;
    let package = package.set("DOCS_RS", "1").set("CC", "/nowhere/cc");
    let ran = package.works("prebuilt")?;
    demand(ran.stdout.contains(watched) && ran.compiled.is_empty(), &ran.stdout)?;
    demand(package.path("out/app.rs").exists(), "no bindings")?;
    // Where there is one, it is used.
    let package = c_package()?;
    let ran = package.works("prebuilt")?;
    demand(!ran.stdout.contains(watched), &ran.stdout)?;
    demand(package.read("wasm log")?.contains("[one.c]"), "not compiled")
}

pub(crate) fn vendored() -> Result<(), Failed> {
    let package = c_package()?;
    package.works("library_translate")?;
    fs::rename(package.path("out/wardian/app"), package.path("committed"))?;
    demand(package.works("library_verify")?.stdout.contains("fresh"), "stale at once")?;
    // Another compiler makes another module.
    fs::write(package.path("app.wasm"), wat::parse_str(WAT.replace("shl", "shr_u"))?)?;
    fs::write(package.path("version"), "clang version 2\n")?;
    let said = package.works("library_verify")?.stdout;
    demand(said.contains("committed C is out of date: app.c"), &said)?;
    let package = package.set("CC_wasm32_wasi", "/nowhere/clang");
    let ran = package.works("library_vendored")?;
    demand(ran.compiled[0].contains("committed/app.c"), &ran.compiled[0])?;
    demand(package.path("out/app.rs").exists(), "no bindings")
}

pub(crate) fn errors() -> Result<(), Failed> {
    let words = "the C compiler for WebAssembly: ";
    c_package()?.set("CC_wasm32_wasi", "/nowhere/clang").fails("library", words)?;
    let package = c_package()?;
    executable(&package.path("fake clang"), "#!/bin/sh\necho one.c:1: bad >&2\nexit 3\n")?;
    package.fails("library", words)?;
    let said = package.run("library")?.stdout;
    let all = ["cargo::error=one.c:1: bad", "cargo::error=help: it needs clang"];
    demand(all.iter().all(|it| said.contains(it)), &said)
}

/// The compiler itself makes a module of two files, and of its functions the host may
/// call one.
pub(crate) fn by_clang() -> Result<Completion, Failed> {
    let missing = tools::missing(["clang", "wasm-ld", "cc"]);
    if !missing.is_empty() {
        return tools::skip(&missing.join(", "));
    }
    if !Path::new("/usr/include/wasm32-wasi").exists() {
        return tools::skip("wasi-libc");
    }
    let package = Package::new()?;
    fs::create_dir(package.path("in c"))?;
    fs::write(package.path("in c/app.h"), "int other(const char *text);\n")?;
    let get = "#include \"app.h\"\nint get(void) { return other(\"forty-one\") + ADD; }\n";
    fs::write(package.path("one.c"), get)?;
    let other = "#include <string.h>\nint other(const char *text) { return (int)strlen(text); }\n";
    fs::write(package.path("two words.c"), other)?;
    let ran = package.works("library")?;
    demand(ran.stdout.contains("cargo::rerun-if-changed=in c/app.h"), &ran.stdout)?;
    let header = package.read("out/wardian/app/app.h")?;
    demand(header.contains("app_get(") && !header.contains("app_other("), &header)?;
    demand(package.path("out/libwardian_app.a").exists(), "no library")?;
    Ok(Completion::Completed)
}

/// What cargo is told about the headers of which types are made, and about bad ones.
pub(crate) fn types() -> Result<Completion, Failed> {
    if !tools::has_libclang() {
        return tools::skip("libclang");
    }
    let package = Package::new()?;
    fs::create_dir(package.path("in c"))?;
    fs::write(
        package.path("in c/types.h"),
        "#include \"other.h\"\nstruct a { long b; other c; };\n",
    )?;
    fs::write(package.path("in c/other.h"), "typedef int other;\nstruct elsewhere { int a; };\n")?;
    let ran = package.works("types")?;
    for file in ["in c/types.h", "in c/other.h"] {
        let line = format!("cargo::rerun-if-changed={file}");
        demand(ran.stdout.contains(&line), &format!("no `{line}` in\n{}", ran.stdout))?;
    }
    let text = package.read("out/app_types.rs")?;
    let all = ["pub struct a {", "pub b: i32,", "pub c: other,", "pub type other = i32;"];
    demand(all.iter().all(|it| text.contains(it)) && !text.contains("elsewhere"), &text)?;
    fs::write(package.path("in c/types.h"), "struct a { none b; };\n")?;
    package.fails("types", "the types of a header: ")?;
    fs::remove_file(package.path("in c/types.h"))?;
    package.fails("types", "the types of a header: ")?;
    Ok(Completion::Completed)
}
