//! The figures of a benchmark, for a person: in a terminal, and as a page.

use std::time::Duration;

use serde::Serialize;

use crate::bench::check::Checked;
use crate::bench::measure::{Figures, Generated};
use crate::bench::peers::OURS;
use crate::table::{Table, bytes, count, seconds};

/// All that was measured.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Figured {
    /// The day.
    pub date: String,
    /// The document's file.
    pub document: String,
    /// How many operations it has.
    pub operations: usize,
    /// How often everything was run.
    pub runs: usize,
    /// Whether this program is built without optimisation.
    pub is_debug: bool,
    /// Generating the whole document, ours first.
    pub whole: Vec<Generated>,
    /// Generating the checked-in fragment.
    pub fragment: Vec<Generated>,
    /// Generating parts of documents: the part, how many operations it has.
    pub parts: Vec<(String, usize, Generated)>,
    /// Checking the crates.
    pub checked: Vec<Checked>,
    /// How the peers are installed that are not.
    pub missing: Vec<(&'static str, &'static str)>,
}

impl Figured {
    /// All of it for a terminal of `width`.
    pub fn text(&self, width: usize) -> String {
        let mut text = format!("{}\n", self.headline());
        for (title, table) in self.tables() {
            text += &format!("\n{title}\n{}", table.text(width));
        }
        let mut next = Vec::new();
        if self.is_debug {
            next.push("These figures are of a debug build. Measure a release build:".to_owned());
            next.push("  cargo run --release --package xtask -- bench …".to_owned());
        }
        if self.checked.is_empty() {
            next.push("See what the compiler needs for the crates with: --check ours".to_owned());
        }
        if !next.is_empty() {
            text += &format!("\n{}\n", next.join("\n"));
        }
        text
    }

    /// All of it in Markdown. `command` is what made it.
    pub fn markdown(&self, command: &str) -> String {
        let mut text = format!(
            "# Benchmark\n\n{} Made on {} by:\n\n```sh\n{command}\n```\n",
            self.headline(),
            self.date
        );
        if self.is_debug {
            text += "\nThese figures are of a debug build, and say nothing.\n";
        }
        for (title, table) in self.tables() {
            text += &format!("\n## {title}\n\n{}", table.markdown());
        }
        text
    }

    fn headline(&self) -> String {
        format!(
            "{} with {} operations, medians of {} runs, every generator in turn on the same \
             machine. A ratio is to ours.",
            self.document,
            count(self.operations),
            self.runs
        )
    }

    fn tables(&self) -> Vec<(&'static str, Table)> {
        let mut tables = vec![
            ("Generating the whole document", generated(&self.whole)),
            ("Generating the fragment", generated(&self.fragment)),
            ("Time by size", self.parts()),
            (
                "Checking the crate, without its dependencies",
                self.checked(),
            ),
            ("Not installed here", self.missing()),
        ];
        tables.retain(|(_, table)| !table.is_empty());
        tables
    }

    fn parts(&self) -> Table {
        let head = [
            "part",
            ">operations",
            ">time",
            ">processor time",
            ">of one operation",
            ">to the first",
        ];
        let mut table = Table::new(&head);
        let mut first = None;
        for (part, operations, generated) in &self.parts {
            let mut row = vec![part.clone(), count(*operations)];
            match &generated.outcome {
                Ok((figures, _)) => {
                    let of_one = figures.cpu.as_secs_f64() / (*operations).max(1) as f64;
                    let first = *first.get_or_insert(of_one);
                    row.push(seconds(figures.wall));
                    row.push(seconds(figures.cpu));
                    row.push(format!("{:.2} ms", of_one * 1000.0));
                    row.push(ratio(of_one, first));
                }
                Err(failure) => row.push(failure.clone()),
            }
            table.row(row);
        }
        table
    }

    fn checked(&self) -> Table {
        let head = [
            "generator",
            ">processor time",
            ">ratio",
            ">memory",
            ">ratio",
            ">errors",
            ">warnings",
            "",
        ];
        let mut table = Table::new(&head);
        let figures = |one: &Checked| one.outcome.as_ref().ok().map(|compiled| compiled.figures);
        let ours = self.checked.iter().find(|one| one.tool == OURS);
        let ours = ours.and_then(figures);
        for one in &self.checked {
            let mut row = vec![one.tool.clone()];
            match &one.outcome {
                Ok(compiled) => {
                    row.extend(cpu_and_memory(compiled.figures, ours));
                    row.push(count(compiled.errors));
                    row.push(count(compiled.warnings));
                    row.push(match &compiled.first {
                        Some(error) => format!("does not compile: {error}"),
                        None => String::new(),
                    });
                }
                Err(failure) => {
                    row.extend(std::iter::repeat_n(String::new(), head.len() - 2));
                    row.push(failure.clone());
                }
            }
            table.row(row);
        }
        table
    }

    fn missing(&self) -> Table {
        let mut table = Table::new(&["generator", "install it with"]);
        for (name, install) in &self.missing {
            table.row([*name, *install]);
        }
        table
    }
}

fn generated(all: &[Generated]) -> Table {
    let head = [
        "generator",
        ">lines",
        ">ratio",
        ">time",
        ">ratio",
        ">processor time",
        ">ratio",
        ">memory",
        ">ratio",
        "",
    ];
    let mut table = Table::new(&head);
    let ours = all.iter().find(|one| one.tool == OURS);
    let ours = ours.and_then(|one| one.outcome.as_ref().ok());
    for one in all {
        let name = match one.tool.as_str() {
            OURS => OURS.to_owned(),
            name => format!("{name} {}", one.version).trim_end().to_owned(),
        };
        let mut row = vec![name];
        match &one.outcome {
            Ok((figures, lines)) => {
                row.push(count(*lines));
                row.push(
                    ours.map_or_else(String::new, |(_, ours)| ratio(*lines as f64, *ours as f64)),
                );
                row.push(seconds(figures.wall));
                row.push(
                    ours.map_or_else(String::new, |(ours, _)| of_times(figures.wall, ours.wall)),
                );
                row.extend(cpu_and_memory(*figures, ours.map(|(ours, _)| *ours)));
                row.push(String::new());
            }
            Err(failure) => {
                row.extend(std::iter::repeat_n(String::new(), head.len() - 2));
                row.push(failure.clone());
            }
        }
        table.row(row);
    }
    table
}

/// The processor time and the memory, each with its ratio to ours.
fn cpu_and_memory(figures: Figures, ours: Option<Figures>) -> [String; 4] {
    let [cpu, memory] = match ours {
        Some(ours) => [
            of_times(figures.cpu, ours.cpu),
            ratio(figures.memory as f64, ours.memory as f64),
        ],
        None => Default::default(),
    };
    [seconds(figures.cpu), cpu, bytes(figures.memory), memory]
}

fn of_times(time: Duration, ours: Duration) -> String {
    ratio(time.as_secs_f64(), ours.as_secs_f64())
}

fn ratio(figure: f64, ours: f64) -> String {
    if ours > 0.0 {
        format!("{:.2}", figure / ours)
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(tool: &str, outcome: Result<u64, &str>) -> Generated {
        Generated {
            tool: tool.to_owned(),
            version: "1.2.3".to_owned(),
            outcome: match outcome {
                Ok(seconds) => Ok((
                    Figures {
                        wall: Duration::from_secs(seconds),
                        cpu: Duration::from_secs(seconds),
                        memory: seconds << 20,
                    },
                    1000,
                )),
                Err(failure) => Err(failure.to_owned()),
            },
            folder: Default::default(),
        }
    }

    #[test]
    fn peers_stand_beside_ours_as_ratios_and_what_they_do_not_manage_is_said() {
        let all = [
            one(OURS, Ok(2)),
            one("ploidy", Ok(3)),
            one("oas3-gen", Err("panics")),
        ];
        let table = generated(&all).markdown();
        let rows: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(
            rows,
            [
                "| ours | 1,000 | 1.00 | 2.00 s | 1.00 | 2.00 s | 1.00 | 2 MiB | 1.00 |  |",
                "| ploidy 1.2.3 | 1,000 | 1.00 | 3.00 s | 1.50 | 3.00 s | 1.50 | 3 MiB | 1.50 |  |",
                "| oas3-gen 1.2.3 |  |  |  |  |  |  |  |  | panics |",
            ]
        );
    }

    #[test]
    fn the_time_of_one_operation_is_compared_with_that_in_the_smallest_part() {
        let parts = vec![
            ("1/2".to_owned(), 100, one(OURS, Ok(1))),
            ("all".to_owned(), 200, one(OURS, Ok(3))),
        ];
        let figured = Figured {
            parts,
            ..Figured::default()
        };
        let table = figured.parts().markdown();
        assert!(
            table.ends_with("| all | 200 | 3.00 s | 3.00 s | 15.00 ms | 1.50 |\n"),
            "{table}"
        );
    }
}
