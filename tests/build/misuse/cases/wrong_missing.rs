//! A host provides every import.

use misuse::app;

struct Other;

impl app::Imports for Other {}

fn main() {
    let _ = app::Instance::new(Other);
}
