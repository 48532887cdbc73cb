//! The Cargo.toml of an emitted crate: the runtime's own, made to stand alone.

use toml::{Table, Value};

use super::features::{self, Part};
use crate::model::{Api, Format};
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
/// features and dependencies of the runtime, and what `api` needs besides: a
/// feature for each resource, parts of the runtime, formats. `with_program` adds
/// what its example programs need.
pub fn manifest(package: &Package, api: &Api, with_program: bool) -> Result<String, Error> {
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
    let parts = features::parts(api);
    let resources = features::resources(api);
    if !resources.is_empty() {
        out.push_str("\n[package.metadata.docs.rs]\nfeatures = [\"full\"]\n");
    }
    let part_of = |feature: &str| Part::ALL.into_iter().find(|part| part.name() == feature);
    // What a part needs of the dependencies, where it is no feature here.
    let mut merged: Vec<String> = Vec::new();
    out.push_str("\n[features]\n");
    let of_clients = table(&runtime, "features").filter(|(feature, _)| *feature != INTERNALS);
    for (feature, enables) in of_clients {
        let enables = strings(enables);
        match part_of(feature) {
            Some(part) if !parts.contains(&part) => {}
            Some(_) if resources.is_empty() => merged.extend(enables),
            _ if feature == "default" => {
                let all = !resources.is_empty() && features::all_by_default(api);
                let enables: Vec<String> = enables
                    .into_iter()
                    .filter(|enabled| part_of(enabled).is_none())
                    .chain(all.then(|| "full".to_owned()))
                    .collect();
                out.push_str(&format!("default = {enables:?}\n"));
            }
            _ => out.push_str(&format!("{feature} = {enables:?}\n")),
        }
    }
    if !resources.is_empty() {
        out.push_str("\n# One for each resource of the API, and one for all.\nfull = [\n");
        for feature in resources.keys() {
            out.push_str(&format!("    {feature:?},\n"));
        }
        out.push_str("]\n");
    }
    for (feature, enables) in &resources {
        out.push_str(&format!("{feature} = {enables:?}\n"));
    }
    out.push_str("\n[dependencies]\n");
    let versions = shared("dependencies").ok_or_else(|| Error("no versions".to_owned()))?;
    let mut dependencies: Vec<(&str, Value)> = Vec::new();
    for (name, wanted) in table(&runtime, "dependencies") {
        dependencies.push((name, with_features(name, wanted, &merged)));
    }
    let formats = api.formats();
    let is_used = |format: &Format| formats.contains(format);
    if [Format::DateTime, Format::Date].iter().any(is_used) {
        dependencies.push(("jiff", Value::Table(Table::new())));
    }
    if is_used(&Format::Uuid) {
        dependencies.push(("uuid", Value::Table(Table::new())));
    }
    dependencies.sort_by_key(|(name, _)| *name);
    for (name, wanted) in &dependencies {
        let dependency = dependency(name, wanted, versions)?;
        out.push_str(&format!("{name} = {dependency}\n"));
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

fn strings(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A dependency that also has those of `enabled` (`reqwest/stream`) that are its.
fn with_features(name: &str, wanted: &Value, enabled: &[String]) -> Value {
    let own = enabled.iter().filter_map(|enabled| {
        let (of, feature) = enabled.split_once('/')?;
        (of == name).then(|| Value::String(feature.to_owned()))
    });
    let own: Vec<Value> = own.collect();
    let mut wanted = wanted.clone();
    if let (Some(table), false) = (wanted.as_table_mut(), own.is_empty()) {
        let features = table
            .entry("features")
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Some(features) = features.as_array_mut() {
            features.extend(own);
        }
    }
    wanted
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
            ..Package::default()
        };
        let text = manifest(&package, &Api::default(), true).expect("a manifest");
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
