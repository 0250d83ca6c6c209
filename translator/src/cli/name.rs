//! Checks the names that users give to modules.

/// Accepts a name that the user gives.
pub(crate) fn parse(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) || !text.chars().all(plain) {
        return Err(
            "not a C identifier of letters, digits and `_` that starts with a letter".into()
        );
    }
    if wardian::Options::name_from(text) != text {
        return Err("C or the runtime uses this name".into());
    }
    Ok(text.to_string())
}
