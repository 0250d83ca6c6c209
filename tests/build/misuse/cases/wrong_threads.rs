//! Two threads do not use an instance at the same time.

use misuse::{Host, app};

fn main() {
    let instance = app::Instance::new(Host::default()).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| instance.host().calls);
        scope.spawn(|| instance.host().calls);
    });
}
