//! The options for small machines: what their values mean, and which go together.

use clap::ValueEnum;
use wardian::{Interrupt, Memory, Options, Refuse, Stack, StaticSize};

use super::args::{Instances, Translation, Trap, TrapInfo};
use crate::driver::diagnostic::{Code, Diagnostic, Result};

/// A number of bytes, maybe with k or m.
fn bytes(text: &str) -> std::result::Result<u32, String> {
    let (digits, unit) = match text.as_bytes().last() {
        Some(b'k' | b'K') => (&text[..text.len() - 1], 1 << 10),
        Some(b'm' | b'M') => (&text[..text.len() - 1], 1 << 20),
        _ => (text, 1u32),
    };
    let number: Option<u32> = digits.parse().ok().filter(|_| !digits.starts_with('+'));
    let number = number.and_then(|it| it.checked_mul(unit)).filter(|it| *it > 0);
    number.ok_or_else(|| "a size is a number of bytes, maybe with k or m".to_string())
}

fn number(text: &str) -> std::result::Result<u32, String> {
    let number = text.parse().ok().filter(|it| *it > 0 && !text.starts_with('+'));
    number.ok_or_else(|| "expected a number from 1 on".to_string())
}

/// The value of `--memory`.
pub(super) fn memory(text: &str) -> std::result::Result<Memory, String> {
    match (text, text.strip_prefix("static:")) {
        ("guard", _) => Ok(Memory::Guard),
        ("bounds", _) => Ok(Memory::Bounds),
        ("static", _) => Ok(Memory::Static(StaticSize::Declared)),
        (_, Some("auto")) => Ok(Memory::Static(StaticSize::Auto)),
        (_, Some(size)) => Ok(Memory::Static(StaticSize::Bytes(bytes(size)?))),
        _ => Err("possible values: guard, bounds, static, static:auto, static:SIZE".to_string()),
    }
}

/// The value of `--interrupt`.
pub(super) fn interrupt(text: &str) -> std::result::Result<Interrupt, String> {
    match (text, text.strip_prefix("fuel:")) {
        ("none", _) => Ok(Interrupt::None),
        ("flag", _) => Ok(Interrupt::Flag),
        (_, Some(units)) => Ok(Interrupt::Fuel(number(units)?)),
        _ => Err("possible values: none, flag, fuel:N".to_string()),
    }
}

/// The value of `--stack`.
pub(super) fn stack(text: &str) -> std::result::Result<Stack, String> {
    match (text.strip_prefix("address:"), text.strip_prefix("depth:")) {
        _ if text == "address" => Ok(Stack::Address(0)),
        _ if text == "none" => Ok(Stack::None),
        (Some(size), _) => Ok(Stack::Address(bytes(size)?)),
        (_, Some(calls)) => Ok(Stack::Depth(number(calls)?)),
        _ => Err("possible values: address, address:SIZE, depth:N, none".to_string()),
    }
}

/// Puts the options into those of the translation, which has the others.
pub(super) fn apply(typed: &Translation, options: &mut Options) {
    let profile = &typed.profile;
    if typed.instances == Instances::One {
        options.instances = wardian::Instances::One;
        if typed.memory.is_none() {
            options.memory = Memory::Static(StaticSize::Declared);
        }
    }
    options.trap = profile.trap.map_or(options.trap, Trap::meaning);
    options.trap_info = profile.trap_info.map_or(options.trap_info, TrapInfo::meaning);
    options.stack = profile.stack.unwrap_or(options.stack);
    options.refuse = Refuse {
        grow: profile.no_grow,
        float: profile.no_float,
        indirect: profile.no_indirect,
        max_frame: profile.max_frame,
    };
}

/// The same from what a manifest says of a module of one instance.
pub(super) fn read<'t>(
    text: &impl Fn(&str) -> &'t str,
    options: &mut Options,
) -> std::result::Result<(), String> {
    options.instances = Instances::from_str(text("instances"), false)?.meaning();
    options.trap = Trap::from_str(text("trap"), false)?.meaning();
    options.trap_info = TrapInfo::from_str(text("trap_info"), false)?.meaning();
    options.stack = stack(text("stack"))?;
    Ok(())
}

/// Refuses what does not go together.
pub(super) fn check(typed: &Translation) -> Result<()> {
    let one = typed.instances == Instances::One;
    let is_static = matches!(typed.memory, Some(Memory::Static(_)));
    if one && typed.memory.is_some() && !is_static {
        let message = "with `--instances=one` memory is an array";
        return Err(Diagnostic::new(Code::Usage, message).help("use `--memory=static:SIZE`"));
    }
    let only_one = [
        (is_static, "--memory=static"),
        (typed.profile.trap.is_some_and(|it| it != Trap::Longjmp), "--trap"),
        (matches!(typed.profile.stack, Some(Stack::Depth(_))), "--stack=depth"),
        (matches!(typed.profile.stack, Some(Stack::Address(1..))), "--stack=address:BYTES"),
        (matches!(typed.interrupt, Interrupt::Fuel(_)), "--interrupt=fuel"),
    ];
    match only_one.iter().find(|(typed, _)| *typed && !one) {
        Some((_, option)) => {
            let message = format!("`{option}` is for modules of one instance");
            Err(Diagnostic::new(Code::Usage, message).help("add `--instances=one`"))
        }
        None => Ok(()),
    }
}

/// A program that this makes is one of WASI, for hosts with an operating system.
pub(super) fn check_program(options: &Options) -> Result<()> {
    if options.instances == wardian::Instances::Many {
        return Ok(());
    }
    let message = "`--instances=one` is for firmware, and this makes a program of its own";
    Err(Diagnostic::new(Code::Usage, message)
        .help("use `wardian build --emit=lib` or `--emit=obj`, or `wardian translate`"))
}

impl Instances {
    fn meaning(self) -> wardian::Instances {
        match self {
            Instances::Many => wardian::Instances::Many,
            Instances::One => wardian::Instances::One,
        }
    }
}

impl Trap {
    fn meaning(self) -> wardian::Trap {
        match self {
            Trap::Longjmp => wardian::Trap::Longjmp,
            Trap::Callback => wardian::Trap::Callback,
            Trap::Abort => wardian::Trap::Abort,
        }
    }
}

impl TrapInfo {
    fn meaning(self) -> wardian::TrapInfo {
        match self {
            TrapInfo::Offset => wardian::TrapInfo::Offset,
            TrapInfo::Function => wardian::TrapInfo::Function,
            TrapInfo::None => wardian::TrapInfo::None,
        }
    }
}
