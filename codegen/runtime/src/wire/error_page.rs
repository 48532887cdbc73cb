//! Responses that are not in the API's own form: pages for people, and JSON of other
//! kinds.

use serde_json::{Map, Value};

use crate::protocol::ErrorPage;
use crate::text::one_line;
use crate::wire::message::Message;

/// How much of a page is searched, in bytes.
const SEARCHED: usize = 64 * 1024;

/// How long a title, or an excerpt in its place, may be, in characters.
const TITLE: usize = 200;

/// Whether a body begins as JSON does.
pub(crate) fn looks_like_json(body: &[u8]) -> bool {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    first.is_some_and(|byte| b"{[\"0123456789-tfn".contains(byte))
}

/// A page for people, or some other text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TextPage {
    /// The page's title; of plain text, its beginning.
    pub title: Option<String>,
    pub code: Option<u32>,
}

/// What a body that is no JSON is instead; `None` for nothing.
pub(crate) fn text_page(body: &[u8], page: &ErrorPage) -> Option<TextPage> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return None;
    }
    let text = String::from_utf8_lossy(body.get(..SEARCHED).unwrap_or(body));
    Some(TextPage {
        code: page.code_in_text.then(|| code(&text)).flatten(),
        title: title(&text).or_else(|| {
            let html = text.trim_start().starts_with('<');
            (!html).then(|| one_line(&text, TITLE))
        }),
    })
}

/// The title of an HTML page.
fn title(text: &str) -> Option<String> {
    // ASCII lower case keeps every position where it was.
    let lower = text.to_ascii_lowercase();
    let tag = lower.find("<title")?;
    let from = tag + lower.get(tag..)?.find('>')? + 1;
    let to = from + lower.get(from..)?.find("</title")?;
    let title = one_line(text.get(from..to)?, TITLE);
    (!title.is_empty()).then_some(title)
}

/// The number after "error code", or after "error".
fn code(text: &str) -> Option<u32> {
    let mut words = String::with_capacity(text.len());
    let mut tag = false;
    for char in text.chars() {
        match char {
            '<' => tag = true,
            '>' => tag = false,
            _ if tag => continue,
            _ => words.push(char.to_ascii_lowercase()),
        }
        if matches!(char, '<' | '>') {
            words.push(' ');
        }
    }
    let words: Vec<_> = words.split_whitespace().collect();
    words.iter().enumerate().find_map(|(index, word)| {
        if !word.ends_with("error") {
            return None;
        }
        let mut next = index + 1;
        if words.get(next)?.trim_end_matches(':') == "code" {
            next += 1;
        }
        let number = words
            .get(next)?
            .trim_end_matches(|char: char| !char.is_ascii_digit());
        (3..=5)
            .contains(&number.len())
            .then(|| number.parse().ok())?
    })
}

/// The message in a refusal that has no errors of the API's own form: problem
/// details (RFC 9457), or `error`, `message`, `error_description` or `detail`.
pub(crate) fn message(members: &Map<String, Value>, page: &ErrorPage) -> Option<Message> {
    let text = |name: &str| {
        members
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    if let Some(error @ Value::Object(_)) = members.get("error") {
        return Some(error.clone().into());
    }
    let parts = match text("title") {
        Some(title) => [Some(title), text("detail")],
        None => {
            let names = ["message", "error_description", "detail", "error"];
            [names.into_iter().find_map(text), None]
        }
    };
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return None;
    }
    let mut message = Message::from(Value::Object(members.clone()));
    message.message = parts.join(": ");
    if message.code == 0 {
        message.code = members
            .get(page.code_member)
            .and_then(Value::as_i64)
            .unwrap_or(0);
    }
    Some(message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PAGE: ErrorPage = ErrorPage::new().code_member("error_code").code_in_text();

    #[test]
    fn a_page_s_title_and_code_are_found() {
        for (page, title, code) in [
            (
                "<html><TITLE lang=en>\n 502\n Bad gateway </TITLE>",
                Some("502 Bad gateway"),
                None,
            ),
            (
                "<title>Access denied</title><h1><span>Error</span>\n<span>1015</span></h1>",
                Some("Access denied"),
                Some(1015),
            ),
            ("error code: 1020", Some("error code: 1020"), Some(1020)),
            ("<h1>Bad gateway <b>Error code 502</b>", None, Some(502)),
            ("upstream\nfailed", Some("upstream failed"), None),
            ("<html><title", None, None),
            ("<title></title>", None, None),
        ] {
            let expected = (title.map(str::to_owned), code);
            let found = text_page(page.as_bytes(), &PAGE).unwrap();
            assert_eq!((found.title, found.code), expected, "{page}");
            let plain = text_page(page.as_bytes(), &ErrorPage::new()).unwrap();
            assert_eq!((plain.title, plain.code), (expected.0, None), "{page}");
        }
        assert_eq!(text_page(b" \n", &PAGE), None);
    }

    #[test]
    fn a_title_is_bounded() {
        let page = format!("<title>{}</title>", "a\n".repeat(9000));
        assert!(title(&page).unwrap().len() < 300);
    }

    #[test]
    fn a_refusal_of_another_kind_says_why() {
        for (sent, code, text) in [
            (
                json!({ "title": "Error 1015", "detail": "slow down", "error_code": 1015 }),
                1015,
                "Error 1015: slow down",
            ),
            (json!({ "error": "no" }), 0, "no"),
            (json!({ "error": { "code": 9, "message": "no" } }), 9, "no"),
            (json!({ "code": 7, "message": "no" }), 7, "no"),
        ] {
            let message = message(sent.as_object().unwrap(), &PAGE).unwrap();
            assert_eq!(
                (message.code, message.message.as_str()),
                (code, text),
                "{sent}"
            );
        }
        assert_eq!(message(&Map::new(), &PAGE), None);
    }
}
