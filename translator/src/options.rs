//! What a caller chooses. Every choice is made at translation time and is
//! recorded in the output.

/// How many instances of the module a program can have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Instances {
    /// As many as it likes: everything an instance can change is in a struct.
    #[default]
    Many,
    /// One, in variables of the generated C: for machines without an operating system.
    One,
}

impl Instances {
    /// The name on the command line and in the output.
    pub fn name(self) -> &'static str {
        match self {
            Instances::Many => "many",
            Instances::One => "one",
        }
    }
}

/// How a linear memory is kept in bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Memory {
    /// Reserve all that an address can reach and let the MMU trap: 64-bit hosts only.
    #[default]
    Guard,
    /// Compare every address with the memory's size: works anywhere.
    Bounds,
    /// An array of this size, of which there is one: see [`Instances::One`].
    Static(StaticSize),
}

/// The size of an array that is a linear memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StaticSize {
    /// What the module declares as its minimum.
    #[default]
    Declared,
    /// Up to the module's `__heap_base`, where nothing can use more; else as declared.
    Auto,
    /// So many bytes: less than declared is a cap, more is room to grow.
    Bytes(u32),
}

impl Memory {
    /// The name on the command line and in the output.
    pub fn name(self) -> &'static str {
        match self {
            Memory::Guard => "guard",
            Memory::Bounds => "bounds",
            Memory::Static(_) => "static",
        }
    }

    /// The same with the size.
    pub fn text(self) -> String {
        match self {
            Memory::Static(StaticSize::Auto) => "static:auto".to_string(),
            Memory::Static(StaticSize::Bytes(bytes)) => ["static:", &bytes.to_string()].concat(),
            other => other.name().to_string(),
        }
    }
}

/// How a guest that runs too long is stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interrupt {
    /// Not at all.
    #[default]
    None,
    /// By a flag that any thread may set: looked at in every iteration of a loop and
    /// at the beginning of functions that call others.
    Flag,
    /// When it has passed these places so often: each takes a unit of its fuel. The
    /// number is what every outermost entry starts with. For [`Instances::One`].
    Fuel(u32),
}

impl Interrupt {
    /// The name on the command line and in the output.
    pub fn name(self) -> &'static str {
        match self {
            Interrupt::None => "none",
            Interrupt::Flag => "flag",
            Interrupt::Fuel(_) => "fuel",
        }
    }

    /// The same with the number.
    pub fn text(self) -> String {
        match self {
            Interrupt::Fuel(units) => ["fuel:", &units.to_string()].concat(),
            other => other.name().to_string(),
        }
    }
}

/// What a trap does, in a program with [`Instances::One`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trap {
    /// Goes back to where the guest was entered.
    #[default]
    Longjmp,
    /// Calls a function of the host's that does not return.
    Callback,
    /// Stops the machine or the process.
    Abort,
}

impl Trap {
    /// The name on the command line and in the output.
    pub fn name(self) -> &'static str {
        match self {
            Trap::Longjmp => "longjmp",
            Trap::Callback => "callback",
            Trap::Abort => "abort",
        }
    }
}

/// What a trap says about its place, in a program with [`Instances::One`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrapInfo {
    /// The offset of the instruction in the `.wasm`.
    #[default]
    Offset,
    /// The offset of the function's body, which makes the code smaller.
    Function,
    /// Nothing, which makes it smaller still.
    None,
}

impl TrapInfo {
    /// The name on the command line and in the output.
    pub fn name(self) -> &'static str {
        match self {
            TrapInfo::Offset => "offset",
            TrapInfo::Function => "function",
            TrapInfo::None => "none",
        }
    }
}

/// How the host's stack is kept from overflowing, in a program with [`Instances::One`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stack {
    /// Compare the stack pointer with a limit, so many bytes below where the guest was
    /// entered; 0: what the runtime knows about the stack.
    Address(u32),
    /// Count the calls in progress, up to so many.
    Depth(u32),
    /// Not at all: the host knows that the stack is large enough.
    None,
}

impl Default for Stack {
    fn default() -> Self {
        Stack::Address(0)
    }
}

impl Stack {
    /// The name on the command line and in the output.
    pub fn text(self) -> String {
        match self {
            Stack::Address(0) => "address".to_string(),
            Stack::Address(bytes) => ["address:", &bytes.to_string()].concat(),
            Stack::Depth(calls) => ["depth:", &calls.to_string()].concat(),
            Stack::None => "none".to_string(),
        }
    }
}

/// What a module may not contain: such a module is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refuse {
    /// Memories that grow.
    pub grow: bool,
    /// Floating-point numbers.
    pub float: bool,
    /// Calls through tables.
    pub indirect: bool,
    /// Functions whose stack frame may have more bytes than this.
    pub max_frame: Option<u32>,
}

/// The options of a translation.
#[derive(Clone, Debug)]
pub struct Options {
    /// Prefix of every C symbol and name of the files; made into a name by
    /// [`Options::name_from`] if it is none.
    pub name: String,
    /// How many instances a program can have.
    pub instances: Instances,
    /// How memory accesses are kept in bounds.
    pub memory: Memory,
    /// How the guest can be stopped.
    pub interrupt: Interrupt,
    /// What a trap does.
    pub trap: Trap,
    /// What a trap says about its place.
    pub trap_info: TrapInfo,
    /// How the host's stack is kept from overflowing.
    pub stack: Stack,
    /// What the module may not contain.
    pub refuse: Refuse,
    /// Run the passes of `opt`. Off, the output is slower and longer, and right all the same.
    pub optimize: bool,
    /// Bytes of C that a file should have, about; larger modules are split.
    pub shard_size: usize,
    /// The exported functions that the host sees, or all. Of the others, and of what only
    /// they call, nothing becomes C. Other exports, and `_initialize`, which whoever makes an
    /// instance calls, stay. Names that no function has are ignored.
    pub exports: Option<Vec<String>>,
    /// Elements by which table 0 becomes larger, for functions of the host. Without a table
    /// of functions that the module defines, none.
    pub host_slots: u32,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            name: "module".to_string(),
            instances: Instances::default(),
            memory: Memory::default(),
            interrupt: Interrupt::default(),
            trap: Trap::default(),
            trap_info: TrapInfo::default(),
            stack: Stack::default(),
            refuse: Refuse::default(),
            optimize: true,
            shard_size: 1_500_000,
            exports: None,
            host_slots: 0,
        }
    }
}

impl Options {
    /// A name made from any text, such as a file's stem: an identifier that C and
    /// the runtime have no other use for. A name that is fine stays as it is.
    pub fn name_from(text: &str) -> String {
        crate::name::from(text)
    }

    /// Is there one instance?
    pub(crate) fn is_one(&self) -> bool {
        self.instances == Instances::One
    }

    /// The choices that have an effect with one instance, as text.
    pub fn text(&self) -> String {
        let mut text = ["memory=", &self.memory.text(), " optimize="].concat();
        text.push_str(if self.optimize { "yes" } else { "no" });
        text.push_str(&[" interrupt=", &self.interrupt.text()].concat());
        if self.is_one() {
            let stack = self.stack.text();
            let (trap, info) = (self.trap.name(), self.trap_info.name());
            let more = [" instances=one trap=", trap, " trap-info=", info, " stack=", &stack];
            text.push_str(&more.concat());
        }
        text
    }
}
