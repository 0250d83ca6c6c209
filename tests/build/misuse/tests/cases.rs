//! Each case is a program with one mistake, and what the compiler says about it:
//! `TRYBUILD=overwrite` writes it down anew.

#[test]
fn cases() {
    let cases = trybuild::TestCases::new();
    cases.pass("cases/right.rs");
    cases.compile_fail("cases/wrong_*.rs");
}
