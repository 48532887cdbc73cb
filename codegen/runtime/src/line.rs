//! Text for one line of a log, whatever the server sent.

use std::fmt::{self, Write};

/// Writes to `out`, with every run of white space and control characters as one
/// space, and no more than a given number of characters.
pub(super) struct OneLine<'o> {
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

/// The first `limit` characters of `text`, on one line.
pub(super) fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::new();
    // Writing to a string does not fail.
    let _ = OneLine::new(&mut line, limit).write_str(text);
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_become_spaces() {
        assert_eq!(one_line(" a\r\n\tb\u{1b}[31m\u{85}c\n", 99), "a b [31m c");
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
