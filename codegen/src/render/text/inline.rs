//! What stands within a line.

use std::collections::HashMap;

/// Writes `text`, a line without line breaks, so that it is read as text, but for
/// code, emphasis and links that are whole within it.
pub fn inline(text: &str, out: &mut String) {
    Scanner::new(text).write(out, true);
}

/// `text` as code within a line, whatever it holds.
pub fn code(text: &str) -> String {
    if text.trim().is_empty() {
        // Code of nothing but blanks is no code.
        return "(nothing)".to_owned();
    }
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let touches = text.starts_with('`') || text.ends_with('`');
    // A blank on both sides is taken away by the reader.
    let loses = text.starts_with(' ') && text.ends_with(' ');
    if touches || loses {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

struct Scanner<'t> {
    text: &'t str,
    /// Where the run of backquotes that closes one of the same length begins, by
    /// where that begins.
    closing: HashMap<usize, usize>,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Self {
        let mut closing = HashMap::new();
        let mut last: HashMap<usize, usize> = HashMap::new();
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(found) = bytes[at..].iter().position(|byte| *byte == b'`') {
            let start = at + found;
            let length = run(bytes, start);
            if let Some(before) = last.insert(length, start) {
                closing.insert(before, start);
            }
            at = start + length;
        }
        Self { text, closing }
    }

    /// Writes the text; emphasis and links are kept where `is_outer`.
    fn write(&self, out: &mut String, is_outer: bool) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        // Stars and underscores that close an emphasis, by their place.
        let mut marks = Marks::default();
        if is_outer {
            marks = Marks::of(self);
        }
        while let Some(character) = self.text[at..].chars().next() {
            let taken = match character {
                '`' => self.code(at, out),
                '*' | '_' => marks.write(self.text, at, out),
                '[' if is_outer => self.link(at, out).unwrap_or_else(|| escape('[', out)),
                '<' if is_outer => self.address(at, out).unwrap_or_else(|| escape('<', out)),
                'h' if is_outer => self.bare(at, out).unwrap_or_else(|| plain('h', out)),
                '[' | ']' | '<' | '>' | '\\' | '~' => escape(character, out),
                '&' if bytes.get(at + 1).is_some_and(|next| is_entity_start(*next)) => {
                    escape('&', out)
                }
                '!' if bytes.get(at + 1) == Some(&b'[') => escape('!', out),
                other => plain(other, out),
            };
            at += taken;
        }
    }

    /// Where the text that code at `at` spans ends; with nothing to close it, none.
    fn code_end(&self, at: usize) -> Option<usize> {
        let closing = self.closing.get(&at)?;
        Some(closing + run(self.text.as_bytes(), at))
    }

    fn code(&self, at: usize, out: &mut String) -> usize {
        let length = run(self.text.as_bytes(), at);
        // Code of nothing but blanks would leave nothing, and what is behind it at the
        // start of the line.
        let held = self
            .code_end(at)
            .map(|end| (end, &self.text[at + length..end - length]))
            .filter(|(_, held)| !held.trim().is_empty());
        let Some((end, held)) = held else {
            for _ in 0..length {
                escape('`', out);
            }
            return length;
        };
        let is_padded = held.starts_with(' ') && held.ends_with(' ');
        let held = if is_padded {
            &held[1..held.len() - 1]
        } else {
            held
        };
        out.push_str(&code(held));
        end - at
    }

    /// The link `[label](address)` or `[label](address "title")` at `at`.
    fn link(&self, at: usize, out: &mut String) -> Option<usize> {
        let rest = &self.text[at + 1..];
        // A label with brackets or code is no label here: so no byte is looked at for
        // more than two brackets.
        let label = &rest[..rest.find(['[', ']', '`', '<'])?];
        let behind = rest[label.len()..].strip_prefix("](")?;
        let address = &behind[..behind.find(|c: char| !is_address(c))?];
        if label.trim().is_empty() || !is_absolute(address) {
            return None;
        }
        let behind = &behind[address.len()..];
        let (title, behind) = title(behind)?;
        let behind = behind.strip_prefix(')')?;
        out.push('[');
        Scanner::new(label).write(out, false);
        out.push_str("](");
        out.push_str(&address.replace('&', "\\&"));
        if let Some(title) = title {
            out.push_str(" \"");
            for character in title.chars() {
                if matches!(character, '"' | '\\' | '&' | '<' | '>' | '`' | '[' | ']') {
                    out.push('\\');
                }
                out.push(character);
            }
            out.push('"');
        }
        out.push(')');
        Some(self.text.len() - at - behind.len())
    }

    /// The address `<https://…>` at `at`.
    fn address(&self, at: usize, out: &mut String) -> Option<usize> {
        let rest = &self.text[at + 1..];
        let address = &rest[..rest.find(|c: char| !is_address(c))?];
        let is_closed = rest[address.len()..].starts_with('>');
        (is_closed && is_absolute(address)).then(|| {
            out.push('<');
            out.push_str(address);
            out.push('>');
            address.len() + 2
        })
    }

    /// An address that stands by itself.
    fn bare(&self, at: usize, out: &mut String) -> Option<usize> {
        let rest = &self.text[at..];
        let is_within = self.text[..at].ends_with(|c: char| c.is_alphanumeric());
        // Nothing is looked for behind what cannot be one, so that no text is read twice.
        if is_within || !is_absolute(rest) {
            return None;
        }
        let end = rest.find(|c: char| !is_address(c)).unwrap_or(rest.len());
        let address = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_', '\'']);
        is_absolute(address).then(|| {
            out.push('<');
            out.push_str(address);
            out.push('>');
            address.len()
        })
    }
}

/// The title that stands behind an address, if one does, and what is behind it.
fn title(text: &str) -> Option<(Option<&str>, &str)> {
    let behind = text.trim_start_matches(' ');
    let Some(quote) = behind.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        return Some((None, behind));
    };
    if behind.len() == text.len() {
        return None;
    }
    let held = &behind[1..];
    let end = held.find(quote)?;
    let title = &held[..end];
    if title.trim().is_empty() || title.contains(['\\', '[', ']']) {
        return None;
    }
    Some((Some(title), held[end + 1..].trim_start_matches(' ')))
}

/// Which stars and underscores stand for emphasis: pairs of equal runs of one or two,
/// without another between them.
#[derive(Default)]
struct Marks {
    /// The starts of the runs that are kept.
    kept: std::collections::HashSet<usize>,
}

impl Marks {
    fn of(scanner: &Scanner<'_>) -> Self {
        let text = scanner.text;
        let bytes = text.as_bytes();
        let mut kept = std::collections::HashSet::new();
        let mut open: Option<(usize, u8, usize)> = None;
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'`' => at = scanner.code_end(at).unwrap_or(at + run(bytes, at)),
                b'*' | b'_' => {
                    let length = run(bytes, at);
                    let before = text[..at].chars().next_back();
                    let after = text[at + length..].chars().next();
                    let this = (*byte, length);
                    let closes = open.filter(|(_, mark, wanted)| (*mark, *wanted) == this);
                    match closes {
                        Some((start, ..)) if is_word(before) && !is_word(after) => {
                            kept.extend([start, at]);
                            open = None;
                        }
                        _ => {
                            let opens = length <= 2 && !is_word(before) && is_word(after);
                            let is_free = before.is_none_or(|c| c == ' ' || c == '(');
                            open = (opens && is_free).then_some((at, *byte, length));
                        }
                    }
                    at += length;
                }
                // What is within brackets may become a link, or be escaped.
                b'[' | b']' | b'<' | b'>' | b'\\' | b'~' | b'&' | b'!' => {
                    open = None;
                    at += 1;
                }
                // An address keeps its marks.
                b'h' if text[at..].starts_with("http") => {
                    open = None;
                    at += 4;
                }
                _ => at += 1,
            }
        }
        Self { kept }
    }

    fn write(&self, text: &str, at: usize, out: &mut String) -> usize {
        let bytes = text.as_bytes();
        let length = run(bytes, at);
        let mark = &text[at..at + length];
        let before = text[..at].chars().next_back();
        let after = text[at + length..].chars().next();
        // Underscores in the middle of a word are letters.
        let is_letter = mark.starts_with('_') && is_word(before) && is_word(after);
        if is_letter || self.kept.contains(&at) {
            out.push_str(mark);
        } else {
            for character in mark.chars() {
                escape(character, out);
            }
        }
        length
    }
}

fn is_word(character: Option<char>) -> bool {
    character.is_some_and(char::is_alphanumeric)
}

/// How many bytes from `at` on are the same as the one there.
fn run(bytes: &[u8], at: usize) -> usize {
    let first = bytes[at];
    bytes[at..]
        .iter()
        .take_while(|byte| **byte == first)
        .count()
}

fn is_entity_start(byte: u8) -> bool {
    byte == b'#' || byte.is_ascii_alphanumeric()
}

/// Whether an address that stands as it is may hold `character`.
fn is_address(character: char) -> bool {
    character.is_ascii_graphic() && !"<>()[]{}\"'`|\\^".contains(character)
}

fn is_absolute(address: &str) -> bool {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

fn escape(character: char, out: &mut String) -> usize {
    out.push('\\');
    plain(character, out)
}

fn plain(character: char, out: &mut String) -> usize {
    out.push(character);
    character.len_utf8()
}
