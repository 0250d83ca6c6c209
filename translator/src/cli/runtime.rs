//! `wardian runtime`.

use super::args::Runtime;
use super::output;
use super::report::Report;
use crate::driver::diagnostic::{Doing, Result};
use crate::driver::library::Library;
use crate::driver::staging::Staging;

/// What their manifest is called.
pub(crate) const SET: &str = "wardian-runtime";

pub(crate) fn run(command: Runtime, report: &Report) -> Result<()> {
    let mut staging = Staging::new(&command.output)?;
    let libraries = Library::ALL.into_iter();
    let libraries = libraries.filter(|it| !command.no_wasi || *it != Library::Wasi);
    stage(&mut staging, libraries).doing("write to", &command.output)?;
    let placed = staging.place(command.force)?;
    output::placed(&placed, &command.output, report);
    Ok(())
}

/// Adds C libraries, as a set of their own: several modules may share them.
pub(crate) fn stage(
    staging: &mut Staging,
    libraries: impl Iterator<Item = Library>,
) -> std::io::Result<()> {
    staging.begin(SET, Default::default());
    for library in libraries {
        for (path, text) in library.files() {
            staging.add(&format!("{}/{path}", library.folder()), text.as_bytes())?;
        }
    }
    Ok(())
}
