//! The operators of a body that is known to be valid, one after the other.
//!
//! Reading a local and pushing a constant are half of all code, and take less time to
//! decode here than to go through a reader for everything.

use wasmparser::{
    BinaryReader, FrameKind, FrameStack, FunctionBody, Operator, VisitOperator,
    for_each_visit_operator,
};

/// A place in a body.
pub(super) struct Operators<'m> {
    wasm: &'m [u8],
    reader: BinaryReader<'m>,
}

impl<'m> Operators<'m> {
    /// Before the first operator of a body of this module.
    pub(super) fn new(wasm: &'m [u8], body: &FunctionBody<'m>) -> Self {
        let reader = body.get_binary_reader_for_operators().expect("validated");
        Operators { wasm, reader }
    }

    /// The next operator and its offset in the module.
    pub(super) fn next(&mut self) -> Option<(Operator<'m>, u32)> {
        if self.reader.eof() {
            return None;
        }
        let at = self.reader.original_position();
        let operator = match self.wasm[at as usize] {
            0x20 => Operator::LocalGet { local_index: self.index() },
            0x21 => Operator::LocalSet { local_index: self.index() },
            0x22 => Operator::LocalTee { local_index: self.index() },
            0x41 => Operator::I32Const { value: self.constant() },
            // An `else` is only valid in an `if`.
            0x05 => self.visit(FrameKind::If),
            _ => self.visit(FrameKind::Block),
        };
        Some((operator, at as u32))
    }

    fn index(&mut self) -> u32 {
        self.reader.read_u8().expect("validated");
        self.reader.read_var_u32().expect("validated")
    }

    fn constant(&mut self) -> i32 {
        self.reader.read_u8().expect("validated");
        self.reader.read_var_i32().expect("validated")
    }

    fn visit(&mut self, inside: FrameKind) -> Operator<'m> {
        self.reader.visit_operator(&mut Maker(inside)).expect("validated")
    }
}

/// Makes a value of each operator.
struct Maker(FrameKind);

impl FrameStack for Maker {
    fn current_frame(&self) -> Option<FrameKind> {
        Some(self.0)
    }
}

macro_rules! make {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($note:tt)*))*) => {
        $(fn $visit(&mut self $($(, $arg: $ty)*)?) -> Operator<'a> {
            Operator::$op $({ $($arg),* })?
        })*
    };
}

impl<'a> VisitOperator<'a> for Maker {
    type Output = Operator<'a>;
    for_each_visit_operator!(make);
}
