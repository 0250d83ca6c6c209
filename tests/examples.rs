//! Every example works as its README says.
//!
//! The `sh` blocks of `examples/*/README.md` run one after the other in a copy of the
//! repository's `examples`. A block that is meant to fail is followed by a `text` block
//! that begins with what it says; output that a `text` block shows must come.
//! `<!-- needs: tcc -->` names the programs without which an example is skipped.

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use wardian_tests::binary::wardian;
use wardian_tests::tools;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("below the root");
    let program = wardian();
    let mut trials = Vec::new();
    for entry in fs::read_dir(root.join("examples")).expect("there") {
        let folder = entry.expect("readable").path();
        // Packages are for the suite `crates`.
        if !folder.join("README.md").exists() || folder.join("Cargo.toml").exists() {
            continue;
        }
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let (root, program) = (root.to_path_buf(), program.clone());
        trials.push(Trial::ignorable_test(name, move || {
            let text = fs::read_to_string(folder.join("README.md"))?;
            let missing = tools::missing(needs(&text));
            if !missing.is_empty() {
                return tools::skip(&missing.join(", "));
            }
            check(&root, &folder, &program).map(|()| Completion::Completed)
        }));
    }
    assert!(!trials.is_empty(), "no examples");
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn needs(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().filter_map(|it| it.strip_prefix("<!-- needs:")?.strip_suffix("-->"));
    lines.flat_map(str::split_whitespace)
}

/// A fenced block: its language and its text.
struct Block {
    language: String,
    text: String,
}

fn blocks(readme: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        if let Some(language) = line.strip_prefix("```") {
            inside = !inside;
            if inside {
                blocks.push(Block { language: language.to_string(), text: String::new() });
            }
        } else if inside {
            let block = blocks.last_mut().expect("begun");
            block.text.push_str(line);
            block.text.push('\n');
        }
    }
    blocks
}

fn check(root: &Path, folder: &Path, program: &Path) -> Result<(), Failed> {
    let copy = tempfile::tempdir()?;
    copy_folder(&root.join("examples"), &copy.path().join("examples"))?;
    fs::copy(root.join("README.md"), copy.path().join("README.md"))?;
    let blocks = blocks(&fs::read_to_string(folder.join("README.md"))?);
    let mut run = 0;
    for (i, block) in blocks.iter().enumerate() {
        if block.language != "sh" {
            continue;
        }
        let expected = blocks.get(i + 1).filter(|next| next.language == "text");
        execute(block, expected, copy.path(), folder, program)?;
        run += 1;
    }
    if run == 0 { Err("the README has no commands".into()) } else { Ok(()) }
}

fn execute(
    block: &Block,
    expected: Option<&Block>,
    copy: &Path,
    folder: &Path,
    program: &Path,
) -> Result<(), Failed> {
    if block.text.contains("--target=wasm32-wasi") {
        return Ok(()); // how the module was made; needs another compiler
    }
    let program = program.display().to_string();
    let script = block.text.replace("cargo run --release --", &program);
    let output = Command::new("sh").arg("-ec").arg(&script).current_dir(copy).output()?;
    let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.push_str(&String::from_utf8_lossy(&output.stderr));
    let name = folder.display();
    let fails = expected.is_some_and(|it| it.text.starts_with("README.md: "));
    if output.status.success() == fails {
        return Err(format!("{name}: {script}{said}").into());
    }
    for line in expected.map_or("", |it| &it.text).lines() {
        if !said.contains(line) {
            return Err(format!("{name}: `{line}` is missing in\n{said}").into());
        }
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &PathBuf) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &target)?;
        } else {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}
