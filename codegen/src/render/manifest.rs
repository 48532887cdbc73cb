//! `Cargo.toml`.

use std::collections::BTreeSet;

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value, value};

use super::modules::uses_jiff;
use super::{Error, File, header, text, vendored};
use crate::plan::Runtime;
use crate::surface::{Format, Output, Package, Surface};

/// The edition and the oldest Rust that emitted code is for.
const EDITION: &str = "2024";
const RUST_VERSION: &str = "1.88";

/// Versions of what emitted code uses beside its runtime.
const BYTES: &str = "1.11";
const SERDE: &str = "1";
const SERDE_JSON: &str = "1";
const TOKIO: &str = "1";

/// Features that a client only hands on to its runtime.
const FORWARDED: [&str; 5] = ["aws-lc-rs", "blocking", "native-tls", "rustls", "tracing"];

/// The file.
pub fn files(surface: &Surface, runtime: &Runtime) -> Result<Vec<File>, Error> {
    let mut manifest = DocumentMut::new();
    manifest.insert("package", Item::Table(package(&surface.package)));
    if surface.is_split() {
        manifest.insert("package", Item::Table(with_docs(package(&surface.package))));
    }
    manifest.insert("features", Item::Table(features(surface)));
    manifest.insert("dependencies", Item::Table(dependencies(surface, runtime)?));
    // The first program of the README has a `main` of its own.
    let first = surface.readme.first.as_ref().map(|_| ["macros", "rt"]);
    let program = surface.program.as_ref().map(|_| ["io-util", "net"]);
    let uses: BTreeSet<&str> = first.into_iter().chain(program).flatten().collect();
    if !uses.is_empty() {
        let mut tokio = InlineTable::new();
        tokio.insert("version", TOKIO.into());
        tokio.insert("features", strings(uses).into());
        let mut development = Table::new();
        development.insert("tokio", value(tokio));
        manifest.insert("dev-dependencies", Item::Table(development));
    }
    Ok(vec![File {
        path: "Cargo.toml".to_owned(),
        text: format!("{}\n{manifest}", header("#")),
    }])
}

fn package(of: &Package) -> Table {
    let mut package = Table::new();
    let mut set = |key: &str, text: &str| package.insert(key, value(text::visible_line(text)));
    set("name", &of.name);
    set("version", &of.version);
    set("description", &of.description);
    set("edition", of.edition.as_deref().unwrap_or(EDITION));
    set("rust-version", RUST_VERSION);
    if let Some(license) = &of.license {
        set("license", license);
    }
    if let Some(repository) = &of.repository {
        set("repository", repository);
    }
    set("readme", "README.md");
    if !of.keywords.is_empty() {
        let keywords = of.keywords.iter().map(|word| text::visible_line(word));
        package.insert("keywords", value(keywords.collect::<Array>()));
    }
    package
}

/// `package` with what docs.rs needs to document all resources.
fn with_docs(mut package: Table) -> Table {
    let mut docs = Table::new();
    docs.insert("features", value(strings(["full"])));
    let mut metadata = Table::new();
    metadata.set_implicit(true);
    let mut outer = Table::new();
    outer.set_implicit(true);
    outer.insert("rs", Item::Table(docs));
    metadata.insert("docs", Item::Table(outer));
    package.insert("metadata", Item::Table(metadata));
    package
}

fn features(surface: &Surface) -> Table {
    let of = &surface.package;
    let mut features = Table::new();
    let on = of.all_by_default && surface.is_split();
    let default = ["rustls"].into_iter().chain(on.then_some("full"));
    features.insert("default", value(strings(default)));
    for name in FORWARDED {
        features.insert(name, value(strings([format!("{}/{name}", vendored::NAME)])));
    }
    if !surface.is_split() {
        return features;
    }
    for (name, is_used) in [("download", of.download), ("upload", of.upload)] {
        if is_used {
            features.insert(name, value(strings([format!("{}/{name}", vendored::NAME)])));
        }
    }
    let mut full: Array = of
        .features
        .iter()
        .map(|feature| feature.name.as_str())
        .collect();
    for name in full.iter_mut() {
        name.decor_mut().set_prefix("\n    ");
    }
    full.set_trailing("\n");
    full.set_trailing_comma(true);
    features.insert("full", value(full));
    if let Some(mut key) = features.key_mut("full") {
        let words = "\n# One for each resource of the API, and one for all.\n";
        key.leaf_decor_mut().set_prefix(words);
    }
    for feature in &of.features {
        features.insert(&feature.name, value(strings(&feature.enables)));
    }
    features
}

fn dependencies(surface: &Surface, runtime: &Runtime) -> Result<Table, Error> {
    let mut dependencies = Table::new();
    let gives_bytes = |output: &Output| *output == Output::Bytes;
    let has_bytes = surface.calls.iter().any(|call| match &call.output {
        Output::ByStatus { variants, .. } => variants.iter().any(|it| gives_bytes(&it.output)),
        output => gives_bytes(output),
    });
    if has_bytes {
        dependencies.insert("bytes", value(BYTES));
    }
    let mut own = InlineTable::new();
    match runtime {
        Runtime::Vendored => {
            own.insert("version", vendored::version()?.into());
            own.insert("path", vendored::FOLDER.into());
        }
        Runtime::Path(path) => {
            own.insert("path", path.as_str().into());
        }
        Runtime::Version(version) => {
            own.insert("version", version.as_str().into());
        }
    }
    own.insert("default-features", false.into());
    let of = &surface.package;
    let needed = [
        ("download", of.download && !surface.is_split()),
        ("jiff", uses_jiff(surface)),
        ("upload", of.upload && !surface.is_split()),
        ("uuid", surface.formats.contains(&Format::Uuid)),
    ];
    let needed = needed.iter().filter(|(_, is_needed)| *is_needed);
    let needed: Vec<&str> = needed.map(|(feature, _)| *feature).collect();
    if !needed.is_empty() {
        own.insert("features", strings(needed).into());
    }
    dependencies.insert(vendored::NAME, value(own));
    let mut serde = InlineTable::new();
    serde.insert("version", SERDE.into());
    serde.insert("features", strings(["derive"]).into());
    dependencies.insert("serde", value(serde));
    dependencies.insert("serde_json", value(SERDE_JSON));
    Ok(dependencies)
}

fn strings<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Array {
    let texts = texts.into_iter();
    texts.map(|text| Value::from(text.as_ref())).collect()
}
