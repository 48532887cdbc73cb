//! `cargo xtask operations`: what a document has to choose from.

use std::path::PathBuf;
use std::process::ExitCode;

use codegen::slice;
use serde_json::Value;

use crate::input::{self, Error};
use crate::say;

#[derive(clap::Args)]
pub struct Arguments {
    /// The document, JSON or YAML; `-` for the standard input.
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
        let cell = |text: Option<&str>| say::line(&text.unwrap_or("-").replace(['\t', '\n'], " "));
        let word = |key: &str| cell(operation.get(key).and_then(Value::as_str));
        let tag = operation.get("tags").and_then(|tags| tags.get(0)?.as_str());
        let line = format!(
            "{}\t{}\t{}\t{}\t{}\n",
            word("operationId"),
            method.to_uppercase(),
            cell(Some(path)),
            cell(tag),
            word("summary")
        );
        if line.to_lowercase().contains(&wanted) {
            text.push_str(&line);
            shown += 1;
        }
    }
    say::print(&text);
    if shown == 0 {
        let problem =
            format!("no operation has `{wanted}` in its id, method, path, tag or summary");
        return Err(Error::Usage(problem));
    }
    Ok(ExitCode::SUCCESS)
}
