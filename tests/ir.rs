//! The passes leave `ir/NAME.wat` as `ir/NAME.ir` says: the text form of every
//! function.
//!
//! The first line of a file may say `;; bounds`, `;; static` or `;; no-opt`. `BLESS=1 cargo test
//! --test ir` writes the `.ir` files; review the difference.

use std::path::{Path, PathBuf};
use std::{env, fs};

use libtest_mimic::{Arguments, Failed, Trial};
use wardian::{Instances, Memory, Options, StaticSize};

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ir");
    let files = fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("readable").path()).collect();
    files.retain(|path| path.extension().is_some_and(|it| it == "wat"));
    files.sort();
    assert!(!files.is_empty(), "no cases");
    let trial = |path: PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        Trial::test(name, move || check(&path))
    };
    libtest_mimic::run(&Arguments::from_args(), files.into_iter().map(trial).collect()).exit();
}

fn check(wat: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(wat)?;
    let (memory, optimize) = match text.lines().next().unwrap_or_default() {
        ";; bounds" => (Memory::Bounds, true),
        ";; static" => (Memory::Static(StaticSize::Declared), true),
        ";; no-opt" => (Memory::Guard, false),
        _ => (Memory::Guard, true),
    };
    let one = matches!(memory, Memory::Static(_));
    let instances = if one { Instances::One } else { Instances::Many };
    let options = Options { memory, optimize, instances, ..Options::default() };
    let got = wardian::dump_ir(&wat::parse_str(&text)?, &options)?;
    let path = wat.with_extension("ir");
    if env::var_os("BLESS").is_some() {
        return Ok(fs::write(path, got)?);
    }
    let want = fs::read_to_string(&path).unwrap_or_default();
    if want == got {
        return Ok(());
    }
    let same = want.lines().zip(got.lines()).take_while(|(a, b)| a == b).count();
    let from = |text: &str| text.lines().skip(same).take(6).collect::<Vec<_>>().join("\n");
    Err(format!("line {}:\nexpected\n{}\ngot\n{}", same + 1, from(&want), from(&got)).into())
}
