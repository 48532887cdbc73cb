//! What the lines of a text are.

use super::inline::{code, inline};
use crate::limits::MOST_DIGITS;

/// Writes `text`, which is [`visible`](super::visible), as paragraphs and lists.
pub fn blocks(text: &str) -> String {
    let mut writer = Writer::default();
    let mut fence: Option<Fence> = None;
    for line in text.trim().lines() {
        if let Some(open) = fence {
            if open.is_closed_by(line) {
                fence = None;
                writer.end_block();
            } else {
                writer.code(line.trim_end());
            }
            continue;
        }
        fence = Fence::opened_by(line);
        if fence.is_some() {
            writer.end_paragraph();
        } else {
            writer.line(line.trim());
        }
    }
    writer.out.truncate(writer.out.trim_end().len());
    writer.out
}

/// Writes a line of a paragraph, so that it is nothing else.
pub fn paragraph_line(line: &str, out: &mut String) {
    let is_rule = line
        .chars()
        .all(|c| matches!(c, '-' | '=' | ':' | '|' | ' '));
    let number = line.bytes().take_while(u8::is_ascii_digit).count();
    let is_number = number > 0
        && matches!(line.as_bytes().get(number), Some(b'.' | b')'))
        && matches!(line.as_bytes().get(number + 1), None | Some(b' '));
    if is_rule && !line.is_empty() || line.starts_with(['#', '+', '-']) {
        // The underline of a heading or of a table, a heading, a bullet.
        out.push('\\');
        let first = line.chars().next().unwrap_or('\\');
        out.push(first);
        inline(&line[first.len_utf8()..], out);
    } else if is_number {
        // The number of an item.
        out.push_str(&line[..number]);
        out.push('\\');
        out.push_str(&line[number..=number]);
        inline(&line[number + 1..], out);
    } else {
        inline(line, out);
    }
}

/// A block of code that is open.
#[derive(Clone, Copy)]
struct Fence {
    mark: char,
    length: usize,
}

impl Fence {
    fn opened_by(line: &str) -> Option<Self> {
        let line = line.trim_start();
        let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let length = line.chars().take_while(|c| *c == mark).count();
        // What has backquotes behind its fence is code within a line.
        let is_inline = mark == '`' && line[length..].contains('`');
        (length >= 3 && !is_inline).then_some(Self { mark, length })
    }

    fn is_closed_by(self, line: &str) -> bool {
        let line = line.trim();
        line.len() >= self.length && line.chars().all(|c| c == self.mark)
    }
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Whether the last line belongs to a paragraph that may go on.
    in_paragraph: bool,
    /// Whether the last line is one of a block of code.
    in_code: bool,
    /// How far the text of the list's items stands in, where a list is open.
    indent: usize,
    /// Whether the last block is a list, and a numbered one.
    in_list: bool,
    is_numbered: bool,
}

impl Writer {
    fn line(&mut self, line: &str) {
        if line.is_empty() {
            self.end_block();
            return;
        }
        if let Some((marker, held)) = self.item(line) {
            if self.in_paragraph && self.indent == 0 {
                self.end_block();
            }
            self.new_line();
            self.out.push_str(&marker);
            self.indent = marker.len();
            self.in_list = true;
            paragraph_line(held, &mut self.out);
        } else if let Some(heading) = heading(line) {
            self.end_block();
            self.new_line();
            self.out.push_str("**");
            let plain: String = heading.chars().filter(|c| !"*_`".contains(*c)).collect();
            // Without marks of its own, there is none that could close ours.
            inline(&plain, &mut self.out);
            self.out.push_str("**");
            (self.in_paragraph, self.in_list) = (true, false);
            self.end_block();
            return;
        } else {
            self.in_list = self.indent > 0;
            self.new_line();
            self.out.push_str(&" ".repeat(self.indent));
            paragraph_line(line, &mut self.out);
        }
        self.in_paragraph = true;
    }

    /// The marker to write for an item, and what it holds.
    fn item<'l>(&mut self, line: &'l str) -> Option<(String, &'l str)> {
        if let Some(held) = line.strip_prefix(['-', '*', '+'])
            && held.starts_with(' ')
            && !held.trim().is_empty()
            && !is_rule(line)
        {
            self.change_list(false);
            return Some(("- ".to_owned(), held.trim()));
        }
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let held = line[digits..].strip_prefix(['.', ')'])?;
        let goes_on = self.in_list && self.is_numbered;
        let is_item = (1..=MOST_DIGITS).contains(&digits)
            && held.starts_with(' ')
            && !held.trim().is_empty()
            && (line[..digits] == *"1" || goes_on);
        is_item.then(|| {
            self.change_list(true);
            (format!("{}. ", &line[..digits]), held.trim())
        })
    }

    fn change_list(&mut self, is_numbered: bool) {
        if self.in_list && self.is_numbered != is_numbered {
            self.end_block();
        }
        self.is_numbered = is_numbered;
    }

    /// A line of a block of code becomes code within a line.
    fn code(&mut self, line: &str) {
        if line.trim().is_empty() {
            self.end_block();
            return;
        }
        if self.in_code {
            // A line break that is kept.
            self.out.push('\\');
        }
        self.new_line();
        self.out.push_str(&" ".repeat(self.indent));
        self.out.push_str(&code(line));
        (self.in_paragraph, self.in_code) = (true, true);
    }

    fn new_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        self.in_code = false;
    }

    /// Ends the paragraph, but no list.
    fn end_paragraph(&mut self) {
        if self.in_paragraph {
            self.out.push_str("\n\n");
        }
        (self.in_paragraph, self.in_code) = (false, false);
    }

    fn end_block(&mut self) {
        self.end_paragraph();
        self.indent = 0;
    }
}

fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|c| *c != ' ');
    let first = marks.next();
    marks.clone().count() >= 2 && marks.all(|c| Some(c) == first)
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let text = text.trim().trim_end_matches('#').trim_end();
    let is_plain = text.starts_with(|c: char| c.is_alphanumeric())
        && text.ends_with(|c: char| c.is_alphanumeric() || "?!.:)".contains(c));
    ((1..=6).contains(&level) && line[level..].starts_with(' ') && is_plain).then_some(text)
}
