//! Text for one line of a log, whatever the server sent.

use std::error::Error;
use std::fmt::{self, Write};

/// Writes to `out`, with every run of white space and control characters as one
/// space, without characters that change how others look, and no more than a given
/// number of characters.
pub(crate) struct OneLine<'o> {
    out: &'o mut dyn Write,
    left: usize,
    gap: bool,
    begun: bool,
    full: bool,
}

impl<'o> OneLine<'o> {
    pub fn new(out: &'o mut dyn Write, limit: usize) -> Self {
        Self {
            out,
            left: limit,
            gap: false,
            begun: false,
            full: false,
        }
    }
}

impl Write for OneLine<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for char in text.chars() {
            if char.is_whitespace() || char.is_control() {
                self.gap = self.begun;
                continue;
            }
            if is_invisible(char) {
                continue;
            }
            let width = 1 + usize::from(self.gap);
            if self.full || self.left < width {
                if !std::mem::replace(&mut self.full, true) {
                    self.out.write_char('…')?;
                }
                return Ok(());
            }
            if std::mem::take(&mut self.gap) {
                self.out.write_char(' ')?;
            }
            self.out.write_char(char)?;
            self.left -= width;
            self.begun = true;
        }
        Ok(())
    }
}

/// Whether a character is not seen itself: signs of direction, joiners, fillers,
/// marks of order and language. In a log they make one text look like another.
fn is_invisible(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// The first `limit` characters of `text`, on one line.
pub(crate) fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::new();
    // Writing to a string does not fail.
    let _ = OneLine::new(&mut line, limit).write_str(text);
    line
}

/// What an error and all behind it say.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        next = cause.source();
    }
    one_line(&text, 500)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_become_spaces() {
        assert_eq!(one_line(" a\r\n\tb\u{1b}[31m\u{85}c\n", 99), "a b [31m c");
    }

    #[test]
    fn nothing_changes_how_the_rest_looks() {
        let hidden = "a\u{202e}b\u{2066}c\u{200b}d\u{feff}e\u{e0041}f\u{2028}g\u{0}h";
        assert_eq!(one_line(hidden, 99), "abcdef g h");
        assert_eq!(one_line("é 你好 שלום", 99), "é 你好 שלום");
    }

    #[test]
    fn a_long_text_ends_in_an_ellipsis() {
        assert_eq!(one_line("abcdef", 3), "abc…");
        assert_eq!(one_line("abc", 3), "abc");
        assert_eq!(one_line("", 0), "");
    }

    #[test]
    fn what_follows_a_full_line_is_left_out() {
        let mut text = String::new();
        let mut line = OneLine::new(&mut text, 4);
        for part in ["ab", " c", "d", "ef", " gh"] {
            line.write_str(part).unwrap();
        }
        assert_eq!(text, "ab c…");
    }
}
