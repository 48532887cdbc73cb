//! `cargo xtask clean`: what a document got wrong, and the document without it.

use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use codegen::clean::{self, Repair};
use serde_json::Value;

use crate::input::{self, Error, Selectors};

/// How many repairs are shown one by one without being asked for.
const MOST_SHOWN: usize = 40;

/// How many characters of a value are shown in one line.
const LONGEST_SHOWN: usize = 100;

#[derive(clap::Args)]
pub struct Arguments {
    /// The document, JSON or YAML.
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
    let repairs = cleaned.repairs();
    if let Some(out) = &arguments.out {
        input::write_json(out, cleaned.value())?;
    }
    if let Some(report) = &arguments.report {
        input::write_json(report, repairs)?;
    }
    let mut text = format!(
        "{}: operations {}, repairs {}\n",
        arguments.spec.display(),
        cleaned.operations(),
        repairs.len()
    );
    text.push_str(&table(repairs));
    if arguments.all || repairs.len() <= MOST_SHOWN {
        for repair in repairs {
            text.push_str(&record(repair));
        }
    } else {
        text.push_str("\nEach of them: --all, or --report FILE.json\n");
    }
    // Whoever reads may have read enough (`| head`).
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Error::file(&arguments.spec, "cannot be reported on", error))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
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

/// One repair, as a person reads it.
fn record(repair: &Repair) -> String {
    let change = match repair.is_note() {
        true => "noted, and left as it is".to_owned(),
        false => format!(
            "{} → {}",
            shown(repair.before.as_ref()),
            shown(repair.after.as_ref())
        ),
    };
    format!(
        "\n{}: {}\n    at {}\n    {change}\n",
        repair.defect, repair.reason, repair.pointer
    )
}

fn shown(value: Option<&Value>) -> String {
    let Some(value) = value else {
        return "nothing".to_owned();
    };
    let text = value.to_string();
    match text.char_indices().nth(LONGEST_SHOWN) {
        None => text,
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}
