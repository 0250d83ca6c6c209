//! What a handler hears, what it may do, and what documents may not.

use super::{Error, Handler, Parser, parse};
use std::ops::ControlFlow::{self, Break, Continue};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Writes down what it hears. Elements have names that mean something to it.
#[derive(Default)]
struct Log(String);

impl Handler for Log {
    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) -> ControlFlow<()> {
        if name == "panic" {
            panic!("as asked");
        }
        self.0 += &format!("<{name}");
        attributes.iter().for_each(|(key, value)| self.0 += &format!(" {key}={value:?}"));
        self.0 += ">";
        if name == "stop" { Break(()) } else { Continue(()) }
    }

    fn end(&mut self, name: &str) -> ControlFlow<()> {
        self.0 += &format!("</{name}>");
        Continue(())
    }

    fn text(&mut self, text: &str) -> ControlFlow<()> {
        self.0 += text;
        Continue(())
    }
}

fn log(document: &[u8]) -> Result<String, Error> {
    parse(document, Log::default()).map(|log| log.0)
}

#[test]
fn elements_attributes_and_text_are_heard() {
    let document = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY e 'en&#116;ity'>]>\
                    <a x='1' y='&quot;&#x20AC;'>be<b/>&e;</a><!-- no -->";
    let heard = "<a x=\"1\" y=\"\\\"€\">be<b></b>entity</a>";
    assert_eq!(log(document.as_bytes()).as_deref(), Ok(heard));
    // The same in pieces of one byte, and in another encoding.
    let mut parser = Parser::new(Log::default()).expect("a sandbox");
    document.bytes().for_each(|byte| parser.feed(&[byte]).expect("it is well-formed"));
    assert_eq!(parser.finish().expect("it is complete").0, heard);
    let wide: Vec<u8> =
        "\u{feff}<a>é</a>".encode_utf16().flat_map(|unit| unit.to_le_bytes()).collect();
    assert_eq!(log(&wide).as_deref(), Ok("<a>é</a>"));
}

#[test]
fn documents_may_be_large() {
    let count = 50_000;
    let document = format!("<a>{}</a>", "<b c='d'>e</b>".repeat(count));
    let heard = log(document.as_bytes()).expect("it is well-formed");
    assert_eq!(heard, format!("<a>{}</a>", "<b c=\"d\">e</b>".repeat(count)));
}

#[test]
fn mistakes_have_a_place() {
    let Err(Error::Malformed { line, column, reason }) = log(b"<a>\n <b></c></a>") else {
        panic!("it is not well-formed");
    };
    assert_eq!((line, column, reason.as_str()), (2, 6, "mismatched tag"));
    for bad in [&b""[..], b"a", b"<a", b"<a>\xff</a>", b"<a>&nothing;</a>", b"<a/><b/>"] {
        assert!(matches!(log(bad), Err(Error::Malformed { .. })), "{bad:?}");
    }
}

#[test]
fn a_handler_stops_the_parser() {
    let mut parser = Parser::new(Log::default()).expect("a sandbox");
    assert_eq!(parser.feed(b"<a><b/><stop/><c/></a>"), Err(Error::Stopped));
    assert!(parser.feed(b"more").is_err());
}

/// The panic passes by expat, whose frames are C, and arrives where it belongs. Nothing
/// else notices.
#[test]
fn a_panic_of_the_handler_arrives() {
    let mut other = Parser::new(Log::default()).expect("a sandbox");
    other.feed(b"<other>").expect("it is well-formed");
    let mut parser = Parser::new(Log::default()).expect("a sandbox");
    let feed = || parser.feed(b"<a><panic/></a>");
    let panic = catch_unwind(AssertUnwindSafe(feed)).expect_err("it panics");
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"as asked"));
    // What was in the middle of something is not used again.
    assert!(matches!(parser.feed(b"<b/>"), Err(Error::Trap(_))));
    drop(parser);
    other.feed(b"</other>").expect("it is well-formed");
    assert_eq!(other.finish().expect("it is complete").0, "<other></other>");
}

/// A few entities that become many: the sandbox has no memory for them, or the time is up.
#[test]
fn a_bomb_stays_inside() {
    struct Count(u64);
    impl Handler for Count {
        fn text(&mut self, text: &str) -> ControlFlow<()> {
            self.0 += text.len() as u64;
            if self.0 > 1 << 20 { Break(()) } else { Continue(()) }
        }
    }
    let mut entities = "<!ENTITY l0 'laughter'>".to_string();
    for i in 1..=9 {
        let before = format!("&l{};", i - 1).repeat(10);
        entities += &format!("<!ENTITY l{i} '{before}'>");
    }
    let document = format!("<!DOCTYPE a [{entities}]><a>&l9;</a>");
    assert!(matches!(parse(document.as_bytes(), Count(0)), Err(Error::Stopped)));
}

/// Damaged documents, in eight threads at once: events or an error, and nothing worse.
#[test]
fn damage_is_an_error() {
    let document = b"<?xml version='1.0' encoding='UTF-8'?><!DOCTYPE r [<!ENTITY e 'x'>\
        <!ELEMENT r (#PCDATA)><!ATTLIST r k CDATA 'v'>]><r k='v'>a&e;<![CDATA[b]]><?p q?></r>";
    let count = |seed: u32| {
        let mut state = seed;
        let mut random = |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % below
        };
        let mut fine = 0;
        for _ in 0..250 {
            let mut damaged = document.to_vec();
            for _ in 0..=random(4) {
                let (at, byte) = (random(damaged.len()), random(256) as u8);
                damaged[at] = byte;
            }
            fine += usize::from(parse(&damaged, Log::default()).is_ok());
        }
        fine
    };
    let fine: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..=8).map(|seed| scope.spawn(move || count(seed))).collect();
        threads.into_iter().map(|it| it.join().expect("no panic")).sum()
    });
    assert!((1..1500).contains(&fine), "{fine} of 2000");
}
