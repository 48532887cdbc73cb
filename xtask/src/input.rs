//! Reads what a person gives, documents, plans and selectors, and writes what they
//! ask for as JSON.

use std::path::{Path, PathBuf};

use codegen::slice::Selection;
use codegen::{Document, Plan};

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

/// Reads the document in `path`, JSON or YAML.
pub fn document(path: &Path) -> Result<Document, Error> {
    let bytes = std::fs::read(path).map_err(|error| Error::file(path, "cannot be read", error))?;
    let document = Document::parse(&path.display().to_string(), &bytes);
    Ok(document.map_err(codegen::Error::from)?)
}

/// Reads the plan in `path`.
pub fn plan(path: &Path) -> Result<Plan, Error> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Error::file(path, "cannot be read", error))?;
    let plan = Plan::parse(&path.display().to_string(), &text);
    Ok(plan.map_err(codegen::Error::from)?)
}

/// The root of this workspace, where the default files lie.
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Writes `value` to `path` as JSON that a person can read.
pub fn write_json(path: &Path, value: &(impl serde::Serialize + ?Sized)) -> Result<(), Error> {
    let value = serde_json::to_value(value).map_err(codegen::Error::from)?;
    std::fs::write(path, format!("{value:#}\n"))
        .map_err(|error| Error::file(path, "cannot be written", error))
}
