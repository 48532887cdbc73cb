//! The Cargo.toml of an emitted crate: the runtime's own, made to stand alone.

use toml::{Table, Value};

use crate::plan::Package;

const RUNTIME: &str = include_str!("../../runtime/Cargo.toml");
const WORKSPACE: &str = include_str!("../../../Cargo.toml");

/// The runtime's feature for its own fuzz target and benchmarks.
const INTERNALS: &str = "internals";

/// Why the runtime's manifest cannot be carried over; a defect of codegen.
#[derive(Debug, thiserror::Error)]
#[error("the runtime's manifest cannot be carried over: {0}")]
pub struct Error(String);

/// The Cargo.toml of `package`, with the edition, minimal Rust version,
/// features and dependencies of the runtime. `with_program` adds what its
/// example programs need.
pub fn manifest(package: &Package, with_program: bool) -> Result<String, Error> {
    let runtime: Table = RUNTIME.parse().map_err(|error| Error(format!("{error}")))?;
    let workspace: Table = WORKSPACE
        .parse()
        .map_err(|error| Error(format!("{error}")))?;
    let shared = workspace.get("workspace").and_then(Value::as_table);
    let shared = |key: &str| shared.and_then(|shared| shared.get(key)?.as_table());
    let text = |key: &str| -> Result<&str, Error> {
        let value = shared("package").and_then(|package| package.get(key)?.as_str());
        value.ok_or_else(|| Error(format!("the workspace has no `{key}`")))
    };
    let mut out = format!(
        "[package]\nname = {:?}\nversion = {:?}\ndescription = {:?}\nedition = {:?}\n\
         rust-version = {:?}\nlicense = {:?}\nreadme = \"README.md\"\n",
        package.name,
        package.version,
        package.description,
        text("edition")?,
        text("rust-version")?,
        text("license")?,
    );
    out.push_str("\n[features]\n");
    let features = table(&runtime, "features").filter(|(feature, _)| *feature != INTERNALS);
    for (feature, enables) in features {
        out.push_str(&format!("{feature} = {enables}\n"));
    }
    out.push_str("\n[dependencies]\n");
    let versions = shared("dependencies").ok_or_else(|| Error("no versions".to_owned()))?;
    for (name, wanted) in table(&runtime, "dependencies") {
        out.push_str(&format!(
            "{name} = {}\n",
            dependency(name, wanted, versions)?
        ));
    }
    if with_program {
        let version = versions
            .get("tokio")
            .and_then(|tokio| tokio.get("version"))
            .and_then(Value::as_str)
            .unwrap_or("1");
        out.push_str(&format!(
            "\n[dev-dependencies]\ntokio = {{ version = {version:?}, features = \
             [\"io-util\", \"macros\", \"net\", \"rt\"] }}\n"
        ));
    }
    Ok(out)
}

fn table<'t>(manifest: &'t Table, key: &str) -> impl Iterator<Item = (&'t String, &'t Value)> {
    let table = manifest.get(key).and_then(Value::as_table);
    table.into_iter().flatten()
}

/// A dependency with the workspace's version and features in place of
/// `workspace = true`.
fn dependency(name: &str, wanted: &Value, versions: &Table) -> Result<String, Error> {
    let shared = versions.get(name);
    let version =
        shared.and_then(|shared| shared.as_str().or_else(|| shared.get("version")?.as_str()));
    let version = version.ok_or_else(|| Error(format!("`{name}` has no version")))?;
    let defaults = shared
        .and_then(|shared| shared.get("default-features")?.as_bool())
        .unwrap_or(true);
    let optional = wanted.get("optional").and_then(Value::as_bool) == Some(true);
    // tokio's features in the workspace are those of tests.
    let sources = match name {
        "tokio" => [Some(wanted), None],
        _ => [shared, Some(wanted)],
    };
    let mut features: Vec<&str> = sources
        .into_iter()
        .flatten()
        .filter_map(|source| source.get("features")?.as_array())
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    features.sort_unstable();
    features.dedup();
    if defaults && features.is_empty() && !optional {
        return Ok(format!("{version:?}"));
    }
    let mut parts = vec![format!("version = {version:?}")];
    if !defaults {
        parts.push("default-features = false".to_owned());
    }
    if !features.is_empty() {
        parts.push(format!("features = {features:?}"));
    }
    if optional {
        parts.push("optional = true".to_owned());
    }
    Ok(format!("{{ {} }}", parts.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_stands_alone() {
        let package = Package {
            name: "shop".to_owned(),
            version: "1.2.3".to_owned(),
            description: "A \"shop\"".to_owned(),
        };
        let text = manifest(&package, true).expect("a manifest");
        let parsed: Table = text.parse().expect("TOML");
        assert!(!text.contains("workspace"), "{text}");
        assert!(!text.contains("internals"), "{text}");
        assert_eq!(
            parsed["package"]["description"].as_str(),
            Some("A \"shop\"")
        );
        assert_eq!(
            parsed["dependencies"]["reqwest"]["default-features"].as_bool(),
            Some(false)
        );
    }
}
