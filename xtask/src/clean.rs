//! `cargo xtask clean`: what a document got wrong, and the document without it.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use codegen::clean::{self, Repair};

use crate::input::{self, Error, Selectors};
use crate::{repairs, say};

/// How many repairs are shown one by one without being asked for.
const MOST_SHOWN: usize = 40;

#[derive(clap::Args)]
pub struct Arguments {
    /// The document, JSON or YAML; `-` for the standard input.
    #[arg(long, value_name = "FILE")]
    spec: PathBuf,
    /// Where the cleaned document goes, as JSON.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Where the repairs go, as a JSON array of records.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Show each repair, however many there are.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    selectors: Selectors,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let document = input::document(&arguments.spec)?;
    let cleaned = codegen::clean_document(&document, &arguments.selectors.selection())?;
    let found = cleaned.repairs();
    if let Some(out) = &arguments.out {
        input::write_json(out, cleaned.value())?;
    }
    if let Some(report) = &arguments.report {
        input::write_json(report, found)?;
    }
    let mut text = format!(
        "{}: operations {}, repairs {}\n",
        say::line(document.file()),
        cleaned.operations(),
        found.len()
    );
    text.push_str(&table(found));
    if arguments.all || found.len() <= MOST_SHOWN {
        for repair in found {
            text.push_str(&repairs::record(repair));
        }
    } else {
        text.push_str("\nEach of them: --all, or --report FILE.json\n");
    }
    say::print(&text);
    Ok(ExitCode::SUCCESS)
}

/// The kinds of defect, with how often each was met and what it means.
fn table(repairs: &[Repair]) -> String {
    let counts = clean::count(repairs);
    let width = counts.keys().map(|defect| defect.name().len()).max();
    let width = width.unwrap_or_default();
    let mut text = String::new();
    for (defect, count) in counts {
        // Writing into a string does not fail.
        let _ = writeln!(text, "{count:>6}  {defect:width$}  {}", defect.meaning());
    }
    text
}
