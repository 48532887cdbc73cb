//! `cargo xtask slice`: a part of a document that stands alone.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::input::{self, Error, Selectors};
use crate::say;

#[derive(clap::Args)]
pub struct Arguments {
    /// The document, JSON or YAML; `-` for the standard input.
    #[arg(long, value_name = "FILE")]
    spec: PathBuf,
    /// Where the fragment goes, as JSON; to the standard output if nothing is said.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    selectors: Selectors,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let document = input::document(&arguments.spec)?;
    let slice = codegen::slice_document(&document, &arguments.selectors.selection())?;
    let text = format!("{:#}\n", slice.value());
    match &arguments.out {
        None => say::print_json(&text),
        Some(out) => {
            std::fs::write(out, text)
                .map_err(|error| Error::file(out, "cannot be written", error))?;
            let out = say::line(&out.display().to_string());
            say::print(&format!("{out}: {}\n", slice.summary()));
        }
    }
    Ok(ExitCode::SUCCESS)
}
