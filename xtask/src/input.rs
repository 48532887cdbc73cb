//! Reads what a person gives, documents, plans and selectors, and writes what they
//! ask for as JSON.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use codegen::slice::Selection;
use codegen::{Document, Plan};

use crate::say;

/// Why a command ends without having done its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// codegen refuses the document or the plan.
    #[error(transparent)]
    Codegen(#[from] codegen::Error),
    /// A file cannot be read or written.
    #[error("{}: {doing}: {source}", path.display())]
    File {
        path: PathBuf,
        doing: &'static str,
        source: std::io::Error,
    },
    /// A report cannot be written as JSON.
    #[error("the report cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The arguments do not go together.
    #[error("{0}")]
    Usage(String),
}

impl Error {
    /// The error of doing something with the file `path`.
    pub fn file(path: &Path, doing: &'static str, source: std::io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            doing,
            source,
        }
    }
}

/// Which operations of a document are meant; all, if nothing is said.
#[derive(clap::Args, Debug, Default)]
pub struct Selectors {
    /// The operation with this operationId; may be given several times.
    #[arg(long = "operation", value_name = "ID")]
    operations: Vec<String>,
    /// The operations whose path fits, with `*` for any text; may be given several times.
    #[arg(long = "path", value_name = "GLOB")]
    paths: Vec<String>,
    /// The operations with this tag; may be given several times.
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
}

impl Selectors {
    /// The selection, as codegen takes it.
    pub fn selection(&self) -> Selection {
        let mut selection = Selection::default();
        selection.operations.clone_from(&self.operations);
        selection.paths.clone_from(&self.paths);
        selection.tags.clone_from(&self.tags);
        selection
    }
}

/// Reads the document in `path`, JSON or YAML; `-` stands for the standard input.
pub fn document(path: &Path) -> Result<Document, Error> {
    if let Some(url) = url(path) {
        let command = std::env::args().nth(1).unwrap_or_default();
        return Err(Error::Usage(format!(
            "a document is read from a file or from the standard input, and not fetched; fetch it with: \
             curl --fail --location '{}' | cargo xtask {command} --spec -",
            url.replace('\'', "%27")
        )));
    }
    let bytes = match is_stdin(path) {
        true => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .lock()
                .read_to_end(&mut bytes)
                .map(|_| bytes)
        }
        false => std::fs::read(path),
    };
    let bytes =
        bytes.map_err(|error| Error::file(Path::new(&name(path)), "cannot be read", error))?;
    let document = Document::parse(&name(path), &bytes);
    Ok(document.map_err(codegen::Error::from)?)
}

/// Whether `path` stands for the standard input.
pub fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// What is shown while the document in `path` is read.
pub fn reading(path: &Path) -> String {
    format!("reading {}", name(path))
}

/// What a document is called, in messages and in what is generated: one line.
fn name(path: &Path) -> String {
    match is_stdin(path) {
        true => "stdin".to_owned(),
        false => say::line(&path.display().to_string()),
    }
}

/// `path`, if it is no path but a URL.
fn url(path: &Path) -> Option<&str> {
    let text = path.to_str()?;
    let (scheme, rest) = text.split_once("://")?;
    let is_scheme = ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    (is_scheme && !rest.is_empty()).then_some(text)
}

/// Reads the plan in `path`.
pub fn plan(path: &Path) -> Result<Plan, Error> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Error::file(path, "cannot be read", error))?;
    let plan = Plan::parse(&say::line(&path.display().to_string()), &text);
    Ok(plan.map_err(codegen::Error::from)?)
}

/// The root of this workspace, where the default files lie.
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Writes `value` to `path` as JSON that a person can read.
pub fn write_json(path: &Path, value: &(impl serde::Serialize + ?Sized)) -> Result<(), Error> {
    let value = serde_json::to_value(value)?;
    std::fs::write(path, format!("{value:#}\n"))
        .map_err(|error| Error::file(path, "cannot be written", error))
}
