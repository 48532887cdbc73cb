//! Brings messages to what they have in common: the same reason of two documents is
//! the same text.

/// Words in backquotes that stay: what OpenAPI calls its parts, with which the reason
/// is another one.
const WORDS: [&str; 26] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "components",
    "content",
    "enum",
    "in",
    "info",
    "info.title",
    "info.version",
    "items",
    "name",
    "oneOf",
    "openapi",
    "operationId",
    "parameters",
    "paths",
    "properties",
    "required",
    "responses",
    "schema",
    "security",
    "servers",
    "swagger",
    "type",
];

/// `message` without its place and what differs from document to document: what is
/// quoted, and numbers. `file` is the document of which it speaks.
pub fn reason(message: &str, file: &str) -> String {
    let message = without_place(message, file);
    let message = without_quoted(&message);
    let message = without_numbers(&message);
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Takes `file:1:2 (at `/a`): ` from the front of a message.
fn without_place(message: &str, file: &str) -> String {
    let Some(rest) = message.strip_prefix(file) else {
        return message.to_owned();
    };
    let rest = rest.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit());
    let rest = match rest.strip_prefix(" (at `") {
        // A pointer may hold anything but ends where the message begins.
        Some(pointer) => pointer.split_once("`): ").map_or(rest, |(_, rest)| rest),
        None => rest,
    };
    rest.trim_start_matches(": ").trim_start().to_owned()
}

/// Puts `…` in place of what stands in quotes, unless it is a word of OpenAPI's.
fn without_quoted(message: &str) -> String {
    let mut text = String::new();
    let mut rest = message;
    while let Some(at) = rest.find(['`', '"', '“']) {
        let (before, quoted) = rest.split_at(at);
        text.push_str(before);
        let open = quoted.chars().next().unwrap_or('`');
        let close = if open == '“' { '”' } else { open };
        let inner = quoted.get(open.len_utf8()..).unwrap_or_default();
        let Some((inner, after)) = inner.split_once(close) else {
            text.push_str(quoted);
            return text;
        };
        let inner = if WORDS.contains(&inner) { inner } else { "…" };
        text.push(open);
        text.push_str(inner);
        text.push(close);
        rest = after;
    }
    text.push_str(rest);
    text
}

/// Puts `N` in place of whole numbers; of versions, two numbers stay.
fn without_numbers(message: &str) -> String {
    let mut text = String::new();
    let mut rest = message;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(at);
        text.push_str(before);
        let end = number.find(|c: char| !c.is_ascii_digit() && c != '.');
        let (number, after) = number.split_at(end.unwrap_or(number.len()));
        // The point at the end of a sentence is no part of a number.
        let point = if number.ends_with('.') { "." } else { "" };
        let number = number.trim_end_matches('.');
        let is_in_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '[');
        let parts: Vec<&str> = number.split('.').collect();
        match *parts {
            _ if is_in_word => text.push_str(number),
            [major, minor, ..] => text.push_str(&format!("{major}.{minor}")),
            _ => text.push('N'),
        }
        text.push_str(point);
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::reason;

    #[test]
    fn the_same_reason_of_two_documents_is_the_same_text() {
        for (message, expected) in [
            (
                "a b/c.json:1:20 (at `/paths/~1a`): the key `x` is given twice, first on line 3. Remove one.",
                "the key `…` is given twice, first on line N. Remove one.",
            ),
            (
                "a b/c.json: the document has no operations",
                "the document has no operations",
            ),
            (
                "a b/c.json:4:2: this document is of OpenAPI 3.1.0, and only 3.0.x is taken.",
                "this document is of OpenAPI 3.1, and only 3.0.x is taken.",
            ),
            (
                "a b/c.json:4:2 (at `/info`): `info.version` must be text, but is the number 17",
                "`info.version` must be text, but is the number N",
            ),
            (
                "error[E0308]: mismatched types",
                "error[E0308]: mismatched types",
            ),
            ("unused variable: `a", "unused variable: `a"),
        ] {
            assert_eq!(reason(message, "a b/c.json"), expected);
        }
    }
}
