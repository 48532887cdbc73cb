//! What goes to the terminal. Text of a document, of a plan or of the disk may hold
//! anything: nothing of it moves the cursor, rings, turns the direction of writing round
//! or starts a line of its own.

use std::io::{ErrorKind, Write as _};

/// `text` in one line, with escapes in place of what a terminal would act on.
pub fn line(text: &str) -> String {
    escaped(text, |_| false, |c| c.escape_default().to_string())
}

/// As [`line()`], but with line breaks and tabs as they are: for text that was laid out
/// here, or that is a file.
pub fn lines(text: &str) -> String {
    let is_layout = |c| matches!(c, '\n' | '\t');
    escaped(text, is_layout, |c| c.escape_default().to_string())
}

/// Prints `text`, whose lines were laid out here, to the standard output.
///
/// Nothing is printed where nobody reads any more (`| head`).
pub fn print(text: &str) {
    write(&lines(text));
}

/// Prints JSON to the standard output, with JSON's own escapes, so that whoever reads it
/// gets every character as it was.
pub fn print_json(text: &str) {
    let is_layout = |c| matches!(c, '\n' | '\t');
    let text = escaped(text, is_layout, |c| {
        let mut units = [0; 2];
        let units = c.encode_utf16(&mut units).iter();
        units.map(|unit| format!("\\u{unit:04x}")).collect()
    });
    write(&text);
}

/// Prints a message, whose lines were laid out here, to the standard error.
pub fn note(text: &str) {
    eprintln!("{}", lines(text));
}

/// As [`note`], and nothing where there is nothing to say.
pub fn note_unless_empty(text: &str) {
    if !text.is_empty() {
        note(text.trim_end_matches('\n'));
    }
}

fn write(text: &str) {
    let mut out = std::io::stdout().lock();
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush())
        && error.kind() != ErrorKind::BrokenPipe
    {
        eprintln!("error: the standard output cannot be written: {error}");
    }
}

fn escaped(text: &str, is_kept: impl Fn(char) -> bool, escape: impl Fn(char) -> String) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_acted_on(c) && !is_kept(c) {
            shown.push_str(&escape(c));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Whether a terminal does something else with `c` than to show it: controls, line
/// separators, marks and overrides of the direction of writing, tags, and what cannot be
/// seen. The joiners of emoji and of some scripts are text.
fn is_acted_on(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_acts_on_is_escaped() {
        for (text, shown) in [
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("a\r\nb\tc\u{7}", "a\\r\\nb\\tc\\u{7}"),
            ("\u{9b}31m\u{7f}", "\\u{9b}31m\\u{7f}"),
            ("\u{202e}gnp.exe\u{2069}", "\\u{202e}gnp.exe\\u{2069}"),
            ("a\u{2028}b\u{feff}", "a\\u{2028}b\\u{feff}"),
            ("naïve 日本 👩\u{200d}🚀 \\n", "naïve 日本 👩\u{200d}🚀 \\n"),
        ] {
            assert_eq!(line(text), shown);
        }
    }

    #[test]
    fn lines_that_were_laid_out_stay() {
        assert_eq!(lines("a\n\tb\r\u{1b}"), "a\n\tb\\r\\u{1b}");
    }
}
