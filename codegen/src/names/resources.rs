//! Resources and methods: `dns_records().list` for `GET /zones/{zone_id}/dns_records`.
//!
//! Path and method say most of it, by rules that hold for any REST API: the fixed
//! words of a path are resources, at most three deep; what only says whose things are
//! meant (`/accounts/{account_id}`) is a scope, and versions are none; methods are
//! `list`, `get`, `create`, `update` (PUT), `edit` (PATCH), `delete`, or the action's
//! own word. Two operations that would have one name are told apart by their scope
//! (`list_for_zone`), then by version, by words of the path, by its arguments, and
//! last by number.
//!
//! The outcome does not depend on the order of the operations. It does depend on
//! which operations there are: a collection becomes a scope when much hangs on its
//! members, a word is an action until something else is done there, a name gets
//! longer when another operation has a better claim to it. So names that were given
//! are remembered, and [`Remembered`] ones come before all rules.

mod claim;
mod fold;
mod path;
mod tree;
mod verbs;

use std::collections::{BTreeMap, BTreeSet};

use super::plural::singular;
use super::remembered::{Kind, Remembered, operation_keys};
use super::words;
use path::{Path, Segment};
use tree::Facts;

/// An operation, as far as its name depends on it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Operation<'d> {
    /// The HTTP method, in any case.
    pub method: &'d str,
    /// The path, with its arguments in braces.
    pub path: &'d str,
    /// The operationId.
    pub id: Option<&'d str>,
    /// The first tag.
    pub tag: Option<&'d str>,
    /// The summary.
    pub summary: Option<&'d str>,
    /// Whether the response is a list of things, where that is known.
    pub is_list: Option<bool>,
}

/// Which levels of a resource are left out where its name stays clear without them. The
/// fewer there are, the shorter are calls, and the more depends a new name on what else
/// there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Depth {
    /// None, up to the third: `workers().scripts().tails()`.
    Full,
    /// Those between the first and the last: `workers().tails()`.
    #[default]
    Ends,
    /// Also a first one that only groups others: `tails()`.
    Short,
}

/// What is known about an API's paths beyond what they say. The default suits any.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Collections whose members are scopes, however little hangs on them.
    pub scopes: BTreeSet<String>,
    /// From how many different things below its members a collection is a scope.
    pub scope_fan_out: usize,
    /// What levels are called instead, by their words in the path in snake case.
    pub levels: BTreeMap<String, String>,
    /// Names that no resource at the top can have, for what else the crate's root has.
    pub reserved: BTreeSet<String>,
    /// Which levels are left out where names stay clear without them.
    pub depth: Depth,
    /// Whether several views of a thing are its methods (`traffic().summary`).
    pub reports: bool,
}

/// Rules as a file says them.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Preset {
    scopes: BTreeSet<String>,
    levels: BTreeMap<String, String>,
}

/// Why a file of rules cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {source}")]
pub struct RulesError {
    file: String,
    source: toml::de::Error,
}

impl Rules {
    /// The default, with what the TOML `text` of `file` says: `scopes`, an array, and
    /// `[levels]`, a table.
    ///
    /// # Errors
    ///
    /// When the text is no TOML, or says something else.
    pub fn parse(file: &str, text: &str) -> Result<Self, RulesError> {
        let preset: Preset = toml::from_str(text).map_err(|source| RulesError {
            file: file.to_owned(),
            source,
        })?;
        let of_words = |name: &String| words::words(name).join("_");
        Ok(Self {
            scopes: preset.scopes.iter().map(of_words).collect(),
            levels: preset
                .levels
                .iter()
                .map(|(level, name)| (of_words(level), of_words(name)))
                .collect(),
            ..Self::default()
        })
    }
}

impl Default for Rules {
    fn default() -> Self {
        let reserved = [
            "alloc",
            "build",
            "builder",
            "client",
            "client_runtime",
            "clone",
            "core",
            "error",
            "from_env",
            "inner",
            "new",
            "prelude",
            "protocol",
            "request",
            "runtime",
            "std",
            "types",
        ];
        Self {
            scopes: BTreeSet::new(),
            scope_fan_out: 8,
            levels: BTreeMap::new(),
            reserved: reserved.map(str::to_owned).into(),
            depth: Depth::default(),
            reports: true,
        }
    }
}

/// Where an operation is found in the client.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The resource's levels, outermost first; one to three.
    pub resource: Vec<String>,
    /// The method.
    pub method: String,
}

impl Place {
    /// The place as it is remembered: `zones.settings.get`.
    pub fn dotted(&self) -> String {
        format!("{}.{}", self.resource.join("."), self.method)
    }

    /// The place that `text` says: [`Place::dotted`] back again.
    pub fn parse(text: &str) -> Option<Self> {
        let (resource, method) = text.rsplit_once('.')?;
        Some(Self {
            resource: resource.split('.').map(str::to_owned).collect(),
            method: method.to_owned(),
        })
    }

    /// The place as a caller writes it: `zones().settings().get`.
    pub fn call(&self) -> String {
        format!("{}().{}", self.resource.join("()."), self.method)
    }
}

/// The most levels that a resource has.
pub const MOST_LEVELS: usize = 3;

/// Words that say nothing without the thing that they belong to.
const DEPENDENT: [&str; 16] = [
    "activity",
    "config",
    "configuration",
    "details",
    "history",
    "info",
    "logs",
    "members",
    "metadata",
    "permissions",
    "roles",
    "settings",
    "stats",
    "status",
    "summary",
    "usage",
];

fn is_dependent(level: &str) -> bool {
    DEPENDENT.binary_search(&level).is_ok()
}

/// Gives each of `operations` its place in the client, in their order.
///
/// What `remembered` has stays; what it gives to an operation that is not among
/// these is given to no other.
pub fn places(operations: &[Operation<'_>], rules: &Rules, remembered: &Remembered) -> Vec<Place> {
    let asked = operations.len();
    // What was once there still counts, so that rules find what they found then.
    let texts: Vec<(&str, &str)> = operations
        .iter()
        .map(|operation| (operation.method, operation.path))
        .collect();
    let mut keys = operation_keys(&texts);
    let there: BTreeSet<String> = keys.iter().cloned().collect();
    let mut operations = operations.to_vec();
    for (key, _) in remembered.names(Kind::Operation) {
        if let Some((method, path)) = key.split_once(' ')
            && !there.contains(key)
        {
            keys.push(key.to_owned());
            operations.push(Operation {
                method,
                path,
                ..Operation::default()
            });
        }
    }
    let mut paths: Vec<Path> = operations
        .iter()
        .map(|operation| Path::parse(operation.path))
        .collect();
    let scopes = path::scopes(paths.iter(), rules);
    for path in &mut paths {
        path.take_scopes(&scopes);
    }
    let facts = Facts::gather(
        operations
            .iter()
            .zip(&paths)
            .map(|(operation, path)| (operation.method, path)),
    );
    let wishes: Vec<claim::Wish> = operations
        .iter()
        .zip(paths)
        .zip(keys)
        .map(|((operation, path), key)| wish(operation, (path, key), &facts, rules))
        .collect();
    let mut places = claim::claim(&wishes, rules, remembered);
    places.truncate(asked);
    places
}

/// What the operation would be called if it were alone.
fn wish(
    operation: &Operation<'_>,
    (path, key): (Path, String),
    facts: &Facts,
    rules: &Rules,
) -> claim::Wish {
    let found = verbs::find(operation, &path, facts, rules);
    let mut levels: Vec<Vec<String>> = Vec::new();
    let mut taken = 0;
    for (index, segment) in path.segments.iter().enumerate() {
        let Segment::Word(level) = segment else {
            continue;
        };
        if taken == found.levels {
            break;
        }
        taken += 1;
        // The first word is as often a product as a collection, and stays as it is.
        let renamed = rules.levels.get(&level.join("_"));
        let renamed: Option<Vec<String>> =
            renamed.map(|name| name.split('_').map(str::to_owned).collect());
        let level = renamed.as_deref().unwrap_or(level);
        let is_collection = taken > 1 && facts.is_collection_at(&path.segments[..=index]);
        let mut level = verbs::level_name(level, is_collection);
        // `dns_analytics` below `dns_firewall` is its `analytics`.
        if let Some(above) = levels.last() {
            let same = above.iter().zip(&level).take_while(|(a, b)| a == b).count();
            if same > 0 && same < level.len() {
                level.drain(..same);
            }
        }
        levels.push(level);
    }
    let is_bare = match levels.first() {
        Some(first) => is_dependent(&first.join("_")),
        None => true,
    };
    if is_bare && let Some(scope) = path.scopes.last() {
        levels.insert(0, scope.split('_').map(str::to_owned).collect());
    }
    if levels.is_empty() {
        levels.push(words::words(
            operation.tag.or(operation.id).unwrap_or("api"),
        ));
    }
    let resource: Vec<String> = levels.iter().flatten().cloned().collect();
    let verb = without_resource(found.verb, &resource);
    claim::Wish {
        key,
        levels: levels.iter().map(|level| words::snake(level)).collect(),
        verb,
        own: path.levels().split_off(found.levels).concat(),
        method: operation.method.to_ascii_lowercase(),
        scopes: path.scopes.clone(),
        versions: path.versions.clone(),
        arguments: path
            .segments
            .iter()
            .filter_map(|segment| match segment {
                Segment::Parameter(name) => Some(name.clone()),
                Segment::Word(_) => None,
            })
            .collect(),
    }
}

/// The verb without words that the resource says already: `delete` for `delete_tunnel`
/// of `tunnels`.
fn without_resource(verb: Vec<String>, resource: &[String]) -> Vec<String> {
    if verb.len() < 2 {
        return verb;
    }
    let said: Vec<String> = resource.iter().map(|word| singular(word)).collect();
    let mut short = vec![verb[0].clone()];
    let rest = verb[1..].iter();
    short.extend(rest.filter(|word| !said.contains(&singular(word))).cloned());
    short
}

#[cfg(test)]
mod tests;
