//! An import has the type that the module wants.

use misuse::app;
use wardian_rt::{Stop, Tainted};

struct Other;

impl app::Imports for Other {
    fn env_log(_: &mut app::Caller<'_, Other>, at: Tainted<u64>) -> Result<u32, Stop> {
        Ok(at.verify(|at| at as u32))
    }
}

fn main() {
    let _ = app::Instance::new(Other);
}
