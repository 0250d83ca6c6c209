//! `wardian completions`.

use clap::CommandFactory;

use super::args::{Arguments, Completions};
use crate::driver::diagnostic::Result;

pub(crate) fn run(command: Completions) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(command.shell, &mut Arguments::command(), "wardian", &mut script);
    super::output::print(&script)
}
