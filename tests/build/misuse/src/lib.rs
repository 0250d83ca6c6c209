//! Bindings, for the cases that use them in ways that must not compile.

pub mod app {
    wardian_rt::include_module!("app");
}

/// A host that does all right.
#[derive(Default)]
pub struct Host {
    pub calls: u64,
}

impl app::Imports for Host {
    fn env_log(
        caller: &mut app::Caller<'_, Host>,
        _: wardian_rt::Tainted<u32>,
    ) -> Result<u64, wardian_rt::Stop> {
        caller.host().calls += 1;
        Ok(caller.host().calls)
    }
}
