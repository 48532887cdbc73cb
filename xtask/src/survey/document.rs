//! One document of a survey, in a process of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use codegen::Plan;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::files::Changes;
use crate::input::{self, Error};
use crate::runtime::Choice;

/// The hidden command of one document.
pub const SURVEY_DOCUMENT: &str = "survey-document";

#[derive(clap::Args)]
pub struct Arguments {
    /// The document.
    file: PathBuf,
    /// What the crate is called.
    #[arg(long, default_value = "client-under-test")]
    package: String,
    /// Where the crate goes; nowhere if nothing is said.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Where the crate has its runtime from.
    #[arg(long, default_value = "vendored")]
    runtime: Choice,
}

/// What the generator made of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// A crate.
    Generated(Size),
    /// An error, which says this.
    Refused(String),
}

/// How large a crate is, and what had to be repaired for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// How many operations it has.
    pub operations: usize,
    /// How many types.
    pub types: usize,
    /// How many lines of Rust, without the runtime.
    pub lines: usize,
    /// How many repairs there were of each kind.
    pub repairs: BTreeMap<String, usize>,
}

/// Generates the crate of one document, and prints the verdict as JSON.
///
/// # Errors
///
/// The crate cannot be written. That the document is refused is a verdict.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let mut plan = Plan::for_package(&arguments.package);
    if let Some(out) = &arguments.out {
        plan.package.runtime = arguments.runtime.for_crate(out)?;
    }
    let verdict = match generate(&arguments.file, &plan) {
        Ok((files, size)) => {
            if let Some(out) = &arguments.out {
                Changes::between(out, &files)?.apply(out)?;
            }
            Verdict::Generated(size)
        }
        Err(error) => Verdict::Refused(error.to_string()),
    };
    let text = serde_json::to_string(&verdict).map_err(codegen::Error::from)?;
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}

fn generate(file: &Path, plan: &Plan) -> Result<(BTreeMap<String, String>, Size), Error> {
    let document = input::document(file)?;
    let (emitted, report) = codegen::generate(&document, plan)?;
    let report = serde_json::to_value(&report).map_err(codegen::Error::from)?;
    Ok((emitted.files, size(&report)))
}

/// Reads a report as it is written for other programs.
fn size(report: &Value) -> Size {
    let number = |key: &str| {
        let number = report.get(key).and_then(Value::as_u64).unwrap_or_default();
        usize::try_from(number).unwrap_or(usize::MAX)
    };
    let mut size = Size {
        operations: number("operations"),
        types: number("types"),
        lines: number("lines"),
        repairs: BTreeMap::new(),
    };
    let repairs = report.get("repairs").and_then(Value::as_array);
    for repair in repairs.into_iter().flatten() {
        let kind = repair.get("defect").and_then(Value::as_str);
        let kind = kind.unwrap_or("other").to_owned();
        *size.repairs.entry(kind).or_default() += 1;
    }
    size
}
