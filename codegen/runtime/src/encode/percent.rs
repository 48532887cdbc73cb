//! Percent-encoding, and the characters that go without.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What `allowReserved` does not let through: reserved characters stay, but for
/// those that would end the value, and the sign for a space.
const UNSAFE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What a cookie's value cannot have (RFC 6265, section 4.1.1). A percent sign stays:
/// what a server set as a cookie may be encoded already.
const NO_COOKIE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\');

/// Whether a character of one byte is unreserved.
pub(crate) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Appends `text`, in which only unreserved characters stay as they are.
pub(crate) fn push(to: &mut String, text: &str) {
    to.extend(utf8_percent_encode(text, RESERVED));
}

/// Appends `text`, in which reserved characters stay, too.
pub(crate) fn push_reserved(to: &mut String, text: &str) {
    to.extend(utf8_percent_encode(text, UNSAFE));
}

/// Appends `text` as the value of a cookie.
pub(crate) fn push_cookie(to: &mut String, text: &str) {
    to.extend(utf8_percent_encode(text, NO_COOKIE));
}

/// `text`, in which only unreserved characters stay as they are.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_character_is_encoded_by_itself_as_within_a_text() {
        for char in ('\0'..='\u{100}').chain(['\u{2028}', '你', '\u{1f600}']) {
            let alone = encoded(&char.to_string());
            let within = encoded(&format!("a{char}b"));
            assert_eq!(within, format!("a{alone}b"));
            let stays = char.to_string().bytes().all(is_unreserved);
            assert_eq!(alone.starts_with('%'), !stays, "{char:?}");
        }
    }
}
