//! Text of a document, made harmless for rustdoc and Markdown. Every text that comes
//! from a document and goes into documentation goes through this module.
//!
//! Documents write Markdown of many kinds, for many renderers. Paragraphs, bullets
//! and numbered items, emphasis, code within a line and links to absolute addresses
//! are kept where they can do no harm; everything else is shown as the text that it
//! is. What comes out has no block of code, so that nothing of it is ever compiled or
//! run as a doc test, no HTML, no heading and no definition, and it ends where it ends:
//! what is written behind it is no part of it.
//!
//! All of it takes time in proportion to the text.

mod inline;
mod lines;

use std::borrow::Cow;

/// `text` as blocks of Markdown: paragraphs and lists.
pub fn block(text: &str) -> String {
    lines::blocks(&visible(text))
}

/// `text` in one line of Markdown, for the middle of a paragraph.
pub fn line(text: &str) -> String {
    let text = visible(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut out = String::with_capacity(text.len());
    lines::paragraph_line(&words.join(" "), &mut out);
    out
}

/// `text` as code within a line, which shows it as it is; its line breaks become
/// blanks.
pub fn code(text: &str) -> String {
    let text = visible(text);
    let text: String = text
        .chars()
        .map(|character| if character == '\n' { ' ' } else { character })
        .collect();
    inline::code(&text)
}

/// [`code`] for a cell of a table.
pub fn code_cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// `text` with its line breaks as `\n` alone, and a visible sign in place of what has
/// no look of its own: control characters, and those that turn the direction in
/// which text is read (rustc refuses them in comments).
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\r' => {
                if rest.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\u{2028}' | '\u{2029}' | '\u{85}' => out.push('\n'),
            '\t' => out.push(' '),
            other if is_invisible(other) => out.push(char::REPLACEMENT_CHARACTER),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

/// [`visible`] in one line.
pub fn visible_line(text: &str) -> String {
    let text = visible(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

fn is_invisible(character: char) -> bool {
    let turns = matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let breaks = matches!(character, '\u{2028}' | '\u{2029}' | '\u{FEFF}');
    turns || breaks || (character.is_control() && character != '\n')
}

#[cfg(test)]
mod tests;
