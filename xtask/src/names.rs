//! `cargo xtask names`: how the names of a document's client would read, and how far they
//! agree with those of an API's official clients.

mod official;
mod page;
mod read;
mod schemas;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use codegen::names::remembered::Remembered;
use codegen::names::resources::{self, Depth, Operation, Rules};

use crate::input::{self, Error, Selectors};

#[derive(clap::Args)]
pub struct Arguments {
    /// The document, JSON or YAML.
    #[arg(long, value_name = "FILE")]
    spec: PathBuf,
    /// What is known about the names of this API, as TOML (`codegen/presets/names`).
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// Which levels of resources are left out where what is left is clear.
    #[arg(long, value_enum, default_value_t = Levels::Ends)]
    levels: Levels,
    /// Names that official clients use, as CSV: method, path, resource, verb.
    #[arg(long, value_name = "FILE")]
    official: Option<PathBuf>,
    /// Where the page goes, as Markdown; without it, it is printed.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    selectors: Selectors,
}

/// Which levels of resources are left out.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Levels {
    /// None, up to the third.
    Full,
    /// Those between the first and the last.
    Ends,
    /// Also a first one that only groups others.
    Short,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let document = input::document(&arguments.spec)?;
    let cleaned = codegen::clean_document(&document, &arguments.selectors.selection())?;
    let mut rules = match &arguments.rules {
        Some(path) => Rules::parse(&path.display().to_string(), &text_of(path)?)
            .map_err(|error| Error::Usage(error.to_string()))?,
        None => Rules::default(),
    };
    rules.depth = match arguments.levels {
        Levels::Full => Depth::Full,
        Levels::Ends => Depth::Ends,
        Levels::Short => Depth::Short,
    };
    let official = match &arguments.official {
        Some(path) => official::parse(&text_of(path)?).map_err(|line| {
            let path = path.display();
            Error::Usage(format!(
                "{path}:{line}: expected are method, path, resource and verb, with commas between"
            ))
        })?,
        None => BTreeMap::new(),
    };
    let read = read::operations(cleaned.value());
    let operations: Vec<Operation<'_>> = read.iter().map(|(operation, _)| *operation).collect();
    let places = resources::places(&operations, &rules, &Remembered::default());
    let types = schemas::names(cleaned.value(), &read, &places);
    let name = arguments.spec.file_name().unwrap_or_default();
    let page = page::render(&page::Facts {
        document: &name.to_string_lossy(),
        operations: &operations,
        places: &places,
        types: &types,
        official: &official,
    });
    match &arguments.out {
        Some(path) => std::fs::write(path, page)
            .map_err(|error| Error::file(path, "cannot be written", error))?,
        None => print!("{page}"),
    }
    Ok(ExitCode::SUCCESS)
}

fn text_of(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|error| Error::file(path, "cannot be read", error))
}
