//! The one sink of all C text. It knows lines and indentation, and no C.

/// Text under construction.
#[derive(Default)]
pub(crate) struct Out {
    text: String,
    indent: usize,
}

/// Something that can be printed.
pub(crate) trait Put {
    /// Appends it.
    fn put(&self, out: &mut Out);
}

/// Prints its arguments one after the other.
macro_rules! put {
    ($out:expr $(, $part:expr)+ $(,)?) => {{
        $( $crate::emit::out::Put::put(&$part, $out.sink()); )+
    }};
}

/// Prints its arguments as one line.
macro_rules! line {
    ($out:expr $(, $part:expr)* $(,)?) => {{
        $out.sink().begin();
        $( $crate::emit::out::Put::put(&$part, $out.sink()); )*
        $out.sink().end();
    }};
}

pub(crate) use {line, put};

/// A number in hexadecimal, as C writes it.
pub(crate) struct Hex(pub(crate) u64);

/// Bytes inside a C string literal, without the quotes.
pub(crate) struct Escaped<'a>(pub(crate) &'a [u8]);

impl Out {
    /// Itself, whether a macro is given the sink or a reference to it.
    pub(crate) fn sink(&mut self) -> &mut Out {
        self
    }

    /// Empty, with room for so many bytes, in the memory that a text had.
    pub(crate) fn reusing(mut text: String, bytes: usize) -> Out {
        text.clear();
        text.reserve(bytes);
        Out { text, indent: 0 }
    }

    /// Starts a line.
    pub(crate) fn begin(&mut self) {
        for _ in 0..self.indent {
            self.text.push_str("  ");
        }
    }

    /// Ends a line.
    pub(crate) fn end(&mut self) {
        self.text.push('\n');
    }

    /// Lines from here on are one level deeper.
    pub(crate) fn deeper(&mut self) {
        self.indent += 1;
    }

    /// Lines from here on are one level less deep.
    pub(crate) fn shallower(&mut self) {
        self.indent -= 1;
    }

    /// The text so far.
    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// How many bytes there are so far.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// Takes back everything after the first `len` bytes.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.text.truncate(len);
    }

    #[inline]
    fn decimal(&mut self, value: u64) {
        if value < 10 {
            self.text.push(char::from(b'0' + value as u8)); // most are
        } else {
            self.text.push_str(itoa::Buffer::new().format(value));
        }
    }

    fn hexadecimal(&mut self, value: u64) {
        let digits = (64 - value.leading_zeros()).div_ceil(4).max(1);
        for digit in (0..digits).rev() {
            let digit = value >> (4 * digit) & 15;
            self.text.push(char::from(b"0123456789abcdef"[digit as usize]));
        }
    }
}

impl Put for &str {
    fn put(&self, out: &mut Out) {
        out.text.push_str(self);
    }
}

impl Put for String {
    fn put(&self, out: &mut Out) {
        out.text.push_str(self);
    }
}

impl Put for &String {
    fn put(&self, out: &mut Out) {
        out.text.push_str(self);
    }
}

impl<const N: usize> Put for [&str; N] {
    fn put(&self, out: &mut Out) {
        self.iter().for_each(|part| part.put(out));
    }
}

impl Put for u32 {
    fn put(&self, out: &mut Out) {
        out.decimal(u64::from(*self));
    }
}

impl Put for u64 {
    fn put(&self, out: &mut Out) {
        out.decimal(*self);
    }
}

impl Put for usize {
    fn put(&self, out: &mut Out) {
        out.decimal(*self as u64);
    }
}

impl Put for Hex {
    fn put(&self, out: &mut Out) {
        out.text.push_str("0x");
        out.hexadecimal(self.0);
    }
}

impl Put for Escaped<'_> {
    fn put(&self, out: &mut Out) {
        for byte in self.0 {
            match byte {
                // A `?` could begin a trigraph.
                b'"' | b'\\' | b'?' | 0..0x20 | 0x7f.. => {
                    out.text.push('\\');
                    for shift in [6, 3, 0] {
                        out.text.push(char::from(b'0' + (byte >> shift & 7)));
                    }
                }
                _ => out.text.push(char::from(*byte)),
            }
        }
    }
}
