//! Tables, for a terminal and for a page in Markdown.

use std::fmt::Write;

/// How narrow a column of text is made at most, so that a row fits its line.
const NARROWEST: usize = 24;

/// How wide a line is where the output is no terminal.
const DEFAULT_WIDTH: usize = 140;

/// A table with a line of what its columns are.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// What the columns are called. A name that begins with `>` is of a column of
    /// numbers, which end at the same place.
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows. A name that begins with `>` is of numbers.
    pub fn new(head: &[&'static str]) -> Self {
        Self {
            head: head.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row, from which control characters are taken out: cells come from
    /// documents of others.
    pub fn row<C: ToString>(&mut self, cells: impl IntoIterator<Item = C>) {
        let plain = |cell: C| {
            let text = cell.to_string();
            text.replace(|c: char| c.is_control() || is_invisible(c), " ")
        };
        self.rows.push(cells.into_iter().map(plain).collect());
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Aligned lines that are no longer than `width`, as far as numbers allow.
    pub fn text(&self, width: usize) -> String {
        let names: Vec<String> = self.head.iter().map(|name| name_of(name)).collect();
        let lines = || std::iter::once(&names).chain(&self.rows);
        let mut widths: Vec<usize> = (0..names.len())
            .map(|index| {
                let cells = lines().filter_map(|cells| cells.get(index));
                cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
            })
            .collect();
        // Two blanks before every column.
        while widths.iter().sum::<usize>() + 2 * widths.len() > width {
            let mut of_text: Vec<(usize, &mut usize)> = widths.iter_mut().enumerate().collect();
            of_text.retain(|(index, width)| {
                !self.head.get(*index).is_some_and(|name| is_number(name)) && **width > NARROWEST
            });
            let Some((_, widest)) = of_text.into_iter().max_by_key(|(_, width)| **width) else {
                break;
            };
            *widest -= 1;
        }
        let mut text = String::new();
        for cells in lines() {
            let mut line = String::new();
            for ((cell, width), name) in cells.iter().zip(&widths).zip(&self.head) {
                let cell = shortened(cell, *width);
                let _ = match is_number(name) {
                    true => write!(line, "  {cell:>width$}"),
                    false => write!(line, "  {cell:<width$}"),
                };
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// The table in Markdown.
    pub fn markdown(&self) -> String {
        let escaped = |cell: &String| {
            let cell = cell.replace('\\', "\\\\").replace('|', "\\|");
            cell.replace('<', "&lt;").replace('[', "\\[")
        };
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut text = line(self.head.iter().map(|name| name_of(name)).collect());
        let rule = |name: &&str| if is_number(name) { "---:" } else { "---" }.to_owned();
        text += &line(self.head.iter().map(rule).collect());
        for row in &self.rows {
            text += &line(row.iter().map(escaped).collect());
        }
        text
    }
}

/// How wide a line of the standard output may be.
pub fn width() -> usize {
    let size = terminal_size::terminal_size();
    size.map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0))
}

/// A size in bytes, as a person reads it.
pub fn bytes(size: u64) -> String {
    let mib = size as f64 / f64::from(1 << 20);
    match mib {
        mib if mib >= 1024.0 => format!("{:.2} GiB", mib / 1024.0),
        mib => format!("{mib:.0} MiB"),
    }
}

/// A time, as a person reads it.
pub fn seconds(time: std::time::Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds < 0.1 => format!("{:.0} ms", seconds * 1000.0),
        seconds if seconds < 100.0 => format!("{seconds:.2} s"),
        seconds => format!("{seconds:.0} s"),
    }
}

/// A whole number with its thousands apart.
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How many of `all` there are, in hundredths.
pub fn share(part: usize, all: usize) -> String {
    match all {
        0 => String::new(),
        all => format!("{:.2} %", part as f64 * 100.0 / all as f64),
    }
}

fn is_number(name: &str) -> bool {
    name.starts_with('>')
}

fn name_of(name: &str) -> String {
    name.trim_start_matches('>').to_owned()
}

fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Whether a character changes how others are shown, and is not seen itself.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(&["reason", ">documents"]);
        table.row(["a | b", "12"]);
        table.row(["there is no `info`, and that is a pity\u{1b}[31m", "3"]);
        table
    }

    #[test]
    fn columns_are_aligned_and_long_text_is_cut() {
        assert_eq!(
            table().text(40),
            "  reason                       documents\n  \
               a | b                               12\n  \
               there is no `info`, and th…          3\n"
        );
    }

    #[test]
    fn a_table_is_written_in_markdown() {
        assert_eq!(
            table().markdown(),
            "| reason | documents |\n| --- | ---: |\n| a \\| b | 12 |\n\
             | there is no `info`, and that is a pity \\[31m | 3 |\n"
        );
    }

    #[test]
    fn figures_are_written_for_people() {
        assert_eq!(count(125_205), "125,205");
        assert_eq!(count(12), "12");
        assert_eq!(bytes(5 << 30), "5.00 GiB");
        assert_eq!(bytes(50 << 20), "50 MiB");
        assert_eq!(share(1, 3), "33.33 %");
        assert_eq!(seconds(std::time::Duration::from_millis(42)), "42 ms");
        assert_eq!(seconds(std::time::Duration::from_millis(1500)), "1.50 s");
    }
}
