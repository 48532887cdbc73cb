//! `cargo xtask operations`: what a document has to choose from.

use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use codegen::slice;
use serde_json::Value;

use crate::input::{self, Error};

#[derive(clap::Args)]
pub struct Arguments {
    /// The document, JSON or YAML.
    #[arg(long, value_name = "FILE")]
    spec: PathBuf,
    /// Only operations of which some part has this text, in any case.
    filter: Option<String>,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let document = input::document(&arguments.spec)?;
    let wanted = arguments
        .filter
        .as_deref()
        .unwrap_or_default()
        .to_lowercase();
    let paths = slice::path_items(document.value());
    let mut text = String::new();
    let mut shown = 0_usize;
    for (path, method, operation) in slice::operations(&paths) {
        let word = |key: &str| operation.get(key).and_then(Value::as_str).unwrap_or("-");
        let tag = operation.get("tags").and_then(|tags| tags.get(0)?.as_str());
        let line = format!(
            "{}\t{}\t{path}\t{}\t{}\n",
            word("operationId"),
            method.to_uppercase(),
            tag.unwrap_or("-"),
            word("summary").replace(['\t', '\n'], " ")
        );
        if line.to_lowercase().contains(&wanted) {
            text.push_str(&line);
            shown += 1;
        }
    }
    // Whoever reads may have read enough (`| head`).
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            return Err(Error::file(&arguments.spec, "cannot be listed", error));
        }
        _ => {}
    }
    if shown == 0 {
        eprintln!("error: no operation has `{wanted}` in its id, method, path, tag or summary");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}
