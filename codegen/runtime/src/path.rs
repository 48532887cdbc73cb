//! Path templates, and the arguments that go into them.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// How often an argument is decoded in search of dots.
const DECODED: usize = 9;

/// Why an argument cannot stand in a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidArgument {
    /// It is empty, so that the path would name something else.
    #[error("the path argument `{0}` is empty")]
    Empty(&'static str),
    /// It is `.` or `..`, in some spelling: URLs are normalised, and the request
    /// would go to another path.
    #[error("the path argument `{0}` is a dot segment, which would change the path")]
    Dots(&'static str),
    /// The template names an argument that was not given.
    #[error("the path argument `{0}` was not given")]
    Missing(String),
}

/// Checks and escapes one argument.
///
/// # Errors
///
/// An argument that is empty or a dot segment, written out or percent-encoded.
pub fn escape(name: &'static str, value: String) -> Result<String, InvalidArgument> {
    if value.is_empty() {
        return Err(InvalidArgument::Empty(name));
    }
    // Servers and proxies may decode once more than they should.
    let mut decoded = Cow::Borrowed(value.as_str());
    for _ in 0..DECODED {
        if matches!(decoded.as_ref(), "." | "..") {
            return Err(InvalidArgument::Dots(name));
        }
        if !decoded.contains('%') {
            break;
        }
        let next = percent_decode_str(&decoded).decode_utf8_lossy();
        decoded = Cow::Owned(next.into_owned());
    }
    let escaped = match Cow::from(utf8_percent_encode(&value, RESERVED)) {
        Cow::Owned(escaped) => Some(escaped),
        Cow::Borrowed(_) => None,
    };
    Ok(escaped.unwrap_or(value))
}

/// Puts escaped arguments into `template`, and the whole behind `root`, with one
/// slash between.
///
/// # Errors
///
/// An argument of the template that is not among `arguments`.
pub fn expand(
    root: &str,
    template: &str,
    arguments: &[(&'static str, String)],
) -> Result<String, InvalidArgument> {
    let mut path = String::with_capacity(root.len() + template.len() + 64);
    path.push_str(root.trim_end_matches('/'));
    path.push('/');
    let mut rest = template.trim_start_matches('/');
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        let argument = arguments.iter().find(|(known, _)| *known == name);
        let (_, value) = argument.ok_or_else(|| InvalidArgument::Missing(name.to_owned()))?;
        path.push_str(before);
        path.push_str(value);
        rest = behind;
    }
    path.push_str(rest);
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_escaped_to_one_segment() {
        for (value, escaped) in [
            ("a/b", "a%2Fb"),
            ("é", "%C3%A9"),
            ("a b", "a%20b"),
            ("%2F", "%252F"),
            ("a.b_c-d~e", "a.b_c-d~e"),
            ("?#", "%3F%23"),
        ] {
            assert_eq!(escape("id", value.to_owned()).as_deref(), Ok(escaped));
        }
    }

    #[test]
    fn dot_segments_in_any_spelling_and_nothing_at_all_are_refused() {
        for value in [".", "..", "%2e%2e", "%2E", ".%2e", "%252e%252e"] {
            assert_eq!(
                escape("id", value.to_owned()),
                Err(InvalidArgument::Dots("id")),
                "{value}"
            );
        }
        assert_eq!(
            escape("id", String::new()),
            Err(InvalidArgument::Empty("id"))
        );
        // One that no server decodes to the end takes no time either.
        assert!(escape("id", format!("%{}2e", "25".repeat(500_000))).is_ok());
    }

    #[test]
    fn a_template_takes_its_arguments_by_name() {
        let arguments = [("b", "2".to_owned()), ("a", "1".to_owned())];
        assert_eq!(
            expand("/v4/", "/x/{a}/y/{b}.json", &arguments).as_deref(),
            Ok("/v4/x/1/y/2.json")
        );
        assert_eq!(
            expand("", "x/{c}", &arguments),
            Err(InvalidArgument::Missing("c".to_owned()))
        );
    }
}
