//! Which operations of a document are chosen.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Error, METHODS};
use crate::limits::{MOST_SUGGESTIONS, SIMILAR};
use crate::pointer;

/// Chooses operations: those that any of these selectors name, in the
/// document's order. Without any selector, all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Selection {
    /// Operations by their operationId.
    pub operations: Vec<String>,
    /// Operations by their path, in which `*` stands for any text and `?` for
    /// any character.
    pub paths: Vec<String>,
    /// Operations by one of their tags.
    pub tags: Vec<String>,
}

impl Selection {
    /// Whether there is no selector, so that every operation is chosen.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty() && self.paths.is_empty() && self.tags.is_empty()
    }

    /// The document's paths with the chosen operations alone.
    pub(super) fn paths(&self, whole: &Value) -> Result<Map<String, Value>, Error> {
        if self.is_empty() {
            return Ok(path_items(whole));
        }
        let all: Vec<(&String, Cow<'_, Value>)> = items(whole).collect();
        self.check(&all)?;
        let mut chosen = Map::new();
        for (path, item) in &all {
            let Some(item) = item.as_object() else {
                continue;
            };
            let is_kept = |(member, value): &(&String, &Value)| {
                !METHODS.contains(&member.as_str()) || self.chooses(path, value)
            };
            let has_method = |(member, _): (&String, &Value)| METHODS.contains(&member.as_str());
            if !item.iter().filter(is_kept).any(has_method) {
                continue;
            }
            let kept = item.iter().filter(is_kept);
            let kept = kept.map(|(member, value)| (member.clone(), value.clone()));
            chosen.insert((*path).clone(), Value::Object(kept.collect()));
        }
        Ok(chosen)
    }

    fn chooses(&self, path: &str, operation: &Value) -> bool {
        let id = operation.get("operationId").and_then(Value::as_str);
        let is_wanted = |id: &str| self.operations.iter().any(|wanted| wanted == id);
        id.is_some_and(is_wanted)
            || self.paths.iter().any(|glob| glob_matches(glob, path))
            || tags(operation).any(|tag| self.tags.iter().any(|wanted| wanted == tag))
    }

    /// Every selector must match something.
    fn check(&self, items: &[(&String, Cow<'_, Value>)]) -> Result<(), Error> {
        let operations = || {
            let items = items.iter();
            items.flat_map(|(_, item)| METHODS.into_iter().filter_map(|method| item.get(method)))
        };
        let ids = || operations().filter_map(|operation| operation.get("operationId")?.as_str());
        let all_tags = || operations().flat_map(tags);
        let paths = || items.iter().map(|(path, _)| path.as_str());
        for wanted in &self.operations {
            if !ids().any(|id| id == wanted) {
                return Err(unmatched("operationId", wanted, ids()));
            }
        }
        for glob in &self.paths {
            if !paths().any(|path| glob_matches(glob, path)) {
                return Err(unmatched("path", glob, paths()));
            }
        }
        for wanted in &self.tags {
            if !all_tags().any(|tag| tag == wanted) {
                return Err(unmatched("tag", wanted, all_tags()));
            }
        }
        Ok(())
    }
}

/// The document's paths, each written out where it is a reference to an item that
/// stands elsewhere in the document (OpenAPI 3.0.3, "Path Item Object", `$ref`).
pub fn path_items(whole: &Value) -> Map<String, Value> {
    items(whole)
        .map(|(path, item)| (path.clone(), item.into_owned()))
        .collect()
}

/// As [`path_items`]; only what is written out is copied.
fn items(whole: &Value) -> impl Iterator<Item = (&String, Cow<'_, Value>)> {
    let paths = whole.get("paths").and_then(Value::as_object);
    paths.into_iter().flatten().map(|(path, item)| {
        let reference = item.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|reference| pointer::follow(whole, reference));
        let (Some((_, Value::Object(target))), Value::Object(beside)) = (target, item) else {
            return (path, Cow::Borrowed(item));
        };
        let mut written_out = target.clone();
        let beside = beside.iter().filter(|(name, _)| *name != "$ref");
        written_out.extend(beside.map(|(name, value)| (name.clone(), value.clone())));
        (path, Cow::Owned(Value::Object(written_out)))
    })
}

fn tags(operation: &Value) -> impl Iterator<Item = &str> {
    let tags = operation.get("tags").and_then(Value::as_array);
    tags.into_iter().flatten().filter_map(Value::as_str)
}

fn glob_matches(glob: &str, path: &str) -> bool {
    wildmatch::WildMatch::new(glob).matches(path)
}

fn unmatched<'n>(kind: &'static str, wanted: &str, names: impl Iterator<Item = &'n str>) -> Error {
    Error::Unmatched {
        kind,
        wanted: wanted.to_owned(),
        near: near(wanted, names),
    }
}

/// The names most similar to `wanted`, in backquotes, the best first.
pub(crate) fn near<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let wanted = wanted.to_lowercase();
    let mut scored: Vec<(f64, &str)> = names
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name))
        .filter(|(score, _)| *score >= SIMILAR)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored
        .into_iter()
        .take(MOST_SUGGESTIONS)
        .map(|(_, name)| format!("`{name}`"))
        .collect()
}
