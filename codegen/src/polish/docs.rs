//! Doc comments out of the document's words, such that rustdoc takes them.

use serde_json::Value;
use syn::{Attribute, parse_quote};

use crate::model::Docs;

/// One `#[doc]` attribute for each line of `text`.
pub fn attributes(text: &str) -> Vec<Attribute> {
    text.lines()
        .map(|line| {
            let line = line.trim_end();
            let line = if line.is_empty() {
                String::new()
            } else {
                format!(" {line}")
            };
            parse_quote!(#[doc = #line])
        })
        .collect()
}

/// The text for a field, a type or an argument: what the document says, then
/// its example. `fallback` stands where the document says nothing.
pub fn text(docs: &Docs, fallback: &str) -> String {
    let mut text = match (&docs.summary, &docs.description) {
        (Some(summary), Some(description)) if !same_sentence(summary, description) => {
            format!("{}\n\n{}", escape(summary), escape(description))
        }
        (_, Some(said)) | (Some(said), None) => escape(said),
        (None, None) => escape(fallback),
    };
    if !text.ends_with(['.', '!', '?', ':', '`', ')']) && !text.contains('\n') {
        text.push('.');
    }
    if let Some(example) = example(docs.example.as_ref()) {
        text.push_str(&format!("\n\nExample: `{example}`."));
    }
    text
}

/// "A" or "An", as `name` is spoken.
pub fn article(name: &str) -> &'static str {
    match name.starts_with(['A', 'E', 'I', 'O']) {
        true => "An",
        false => "A",
    }
}

/// The attribute of what the document advises against.
pub fn deprecated(docs: &Docs) -> Option<Attribute> {
    docs.deprecated
        .then(|| parse_quote!(#[deprecated = "the API's document advises against its use"]))
}

fn same_sentence(a: &str, b: &str) -> bool {
    let plain = |text: &str| text.trim_end_matches('.').trim().to_lowercase();
    plain(a) == plain(b)
}

/// A scalar example that fits one line of code in Markdown.
fn example(example: Option<&Value>) -> Option<String> {
    let text = match example? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    let fits = !text.is_empty() && text.len() <= 80 && !text.contains(['`', '\n', '\r']);
    fits.then_some(text)
}

/// Makes Markdown of what was written for another renderer: brackets that are
/// no links, angle brackets that are no tags, bare addresses, indented blocks
/// that rustdoc would compile.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut in_fence = false;
    for line in text.trim().lines() {
        if !escaped.is_empty() {
            escaped.push('\n');
        }
        if is_fence(line) {
            in_fence = !in_fence;
            escaped.push_str(if in_fence { "```text" } else { "```" });
        } else if in_fence {
            escaped.push_str(line);
        } else {
            escape_line(line.trim(), &mut escaped);
        }
    }
    if in_fence {
        escaped.push_str("\n```");
    }
    escaped
}

/// Whether a line begins or ends a block of code: what has backquotes behind its
/// fence is code within a line.
fn is_fence(line: &str) -> bool {
    let line = line.trim_start();
    match line.strip_prefix("```") {
        Some(info) => !info.contains('`'),
        None => line.starts_with("~~~"),
    }
}

fn escape_line(line: &str, escaped: &mut String) {
    let mut rest = line;
    while let Some(character) = rest.chars().next() {
        let taken = match character {
            // Code as it stands, where it is closed on this line.
            '`' => match rest[1..].find('`') {
                Some(end) => {
                    escaped.push_str(&rest[..end + 2]);
                    end + 2
                }
                None => {
                    escaped.push_str("\\`");
                    1
                }
            },
            '[' => match link(rest) {
                Some(end) => {
                    escaped.push_str(&rest[..end]);
                    end
                }
                None => {
                    escaped.push_str("\\[");
                    1
                }
            },
            ']' | '<' | '>' => {
                escaped.push('\\');
                escaped.push(character);
                1
            }
            'h' if rest.starts_with("https://") || rest.starts_with("http://") => {
                let end = rest
                    .find(|c: char| c.is_whitespace() || "<>()[]\"'`|".contains(c))
                    .unwrap_or(rest.len());
                let address = rest[..end].trim_end_matches(['.', ',', ';', ':']);
                escaped.push_str(&format!("<{address}>"));
                address.len()
            }
            other => {
                escaped.push(other);
                other.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
}

/// The length of the inline link with an absolute address that `text` starts with.
fn link(text: &str) -> Option<usize> {
    let middle = text.find("](")?;
    let label = &text[1..middle];
    let end = middle + text[middle..].find(')')?;
    let address = &text[middle + 2..end];
    let absolute = address.starts_with("https://") || address.starts_with("http://");
    let plain = !label.contains(['[', ']', '<']) && !address.contains([' ', '<', '(']);
    (absolute && plain).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_code_stay_and_everything_else_is_escaped() {
        assert_eq!(
            escape("See [limits](https://a.b/c) for `a[0]`, <b> and [x]."),
            "See [limits](https://a.b/c) for `a[0]`, \\<b\\> and \\[x\\]."
        );
    }

    #[test]
    fn a_bare_address_becomes_a_link() {
        assert_eq!(escape("At https://a.b/c?d=e."), "At <https://a.b/c?d=e>.");
    }

    #[test]
    fn a_fence_that_is_left_open_is_closed_and_never_compiled() {
        assert_eq!(escape("```\nlet x"), "```text\nlet x\n```");
    }

    #[test]
    fn fences_of_tildes_are_fences_and_backquotes_within_a_line_are_not() {
        assert_eq!(escape("~~~\nlet x\n~~~"), "```text\nlet x\n```");
        assert_eq!(escape("```a``` <b>"), "```a``` \\<b\\>");
    }

    #[test]
    fn an_example_follows_the_description() {
        let docs = Docs {
            description: Some("Days of validity".to_owned()),
            example: Some(Value::from(3650)),
            ..Docs::default()
        };
        assert_eq!(text(&docs, ""), "Days of validity.\n\nExample: `3650`.");
    }
}
