//! Parameters that do not go together with their path, or with each other.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::Defect::{
    OptionalPathParameter, ParameterDeclaredTwice, PathAndQueryParameter, PathNamesParameterTwice,
    UndeclaredPathParameter, UnusedPathParameter,
};
use super::repair::{Findings, show_names};
use crate::openapi::grammar::{self, NodeKind};
use crate::pointer;
use crate::slice::{METHODS, PathKey, operations};

/// Declares what a path names and no parameter describes, as a required text.
pub(super) fn undeclared(document: &Value, findings: &mut Findings) {
    for (path, method, operation) in all_operations(document) {
        let item = document.get("paths").and_then(|paths| paths.get(path));
        let item = item.unwrap_or(&Value::Null);
        let at = pointer::join(&pointer::join("/paths", path), method);
        let own = operation.get("parameters").and_then(Value::as_array);
        let lists = [item.get("parameters").and_then(Value::as_array), own];
        let mut declared: HashSet<&str> = lists
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|parameter| key(document, parameter))
            .filter(|parameter| is_given(path, parameter))
            .map(|(_, name)| name)
            .collect();
        let missing: Vec<&str> = arguments(path)
            .filter(|name| declared.insert(name))
            .collect();
        if missing.is_empty() {
            continue;
        }
        let mut list = own.cloned().unwrap_or_default();
        list.extend(missing.iter().map(|name| {
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
        }));
        let names: Vec<String> = missing.iter().map(|name| format!("{{{name}}}")).collect();
        let reason = format!(
            "The path of `{} {path}` names {}, which no parameter describes; any text can be given for it.",
            method.to_uppercase(),
            show_names(names.iter().map(String::as_str))
        );
        let at = pointer::join(&at, "parameters");
        findings.set(UndeclaredPathParameter, at, Value::Array(list), reason);
    }
}

/// Removes parameters of a path that does not have them.
pub(super) fn unused(document: &Value, findings: &mut Findings) {
    each_list(document, |path, of, at, list| {
        let arguments: HashSet<&str> = arguments(path).collect();
        for (index, parameter) in list.iter().enumerate() {
            let Some(("path", name)) = key(document, parameter) else {
                continue;
            };
            if arguments.contains(name) {
                continue;
            }
            let reason = format!(
                "{of} declares the path parameter `{name}`, but the path `{path}` has no `{{{name}}}` to put it in."
            );
            findings.remove(UnusedPathParameter, format!("{at}/{index}"), reason);
        }
    });
}

/// Keeps the first of several parameters of one place and name in one list. An
/// operation may declare anew what its path item declares.
pub(super) fn declared_twice(document: &Value, findings: &mut Findings) {
    each_list(document, |_, of, at, list| {
        let mut seen = BTreeSet::new();
        for (index, parameter) in list.iter().enumerate() {
            let Some((place, name)) = key(document, parameter) else {
                continue;
            };
            if !seen.insert((place, name)) {
                let reason = format!(
                    "{of} declares the {place} parameter `{name}` more than once; the first counts."
                );
                findings.remove(ParameterDeclaredTwice, format!("{at}/{index}"), reason);
            }
        }
    });
}

/// Makes every path parameter required.
pub(super) fn optional(document: &Value, findings: &mut Findings) {
    grammar::walk(document, NodeKind::Document, "", &mut |site| {
        if site.kind != NodeKind::Parameter || site.reference().is_some() {
            return;
        }
        let is_path = site.value.get("in").and_then(Value::as_str) == Some("path");
        if is_path && site.value.get("required") != Some(&Value::Bool(true)) {
            let name = site.value.get("name").and_then(Value::as_str);
            let reason = format!(
                "The path parameter `{}` is not `required`, but there is no path without it.",
                name.unwrap_or_default()
            );
            let at = pointer::join(site.pointer, "required");
            findings.set(OptionalPathParameter, at, json!(true), reason);
        }
    });
}

/// Removes a query parameter that copies a path parameter, with its name and its
/// schema. One of the same name but another schema is another parameter: it is
/// noted, and stays.
pub(super) fn path_and_query(document: &Value, findings: &mut Findings) {
    // Those of a path item are met once for each of its operations.
    let mut met: BTreeSet<String> = BTreeSet::new();
    for (path, method, operation) in all_operations(document) {
        let item = pointer::join("/paths", path);
        let own = pointer::join(&item, method);
        let item_list = document
            .pointer(&item)
            .and_then(|item| item.get("parameters")?.as_array());
        let own_list = operation.get("parameters").and_then(Value::as_array);
        let placed: Vec<(String, &Value)> = [(item, item_list), (own, own_list)]
            .into_iter()
            .flat_map(|(at, list)| {
                let list = list.into_iter().flatten().enumerate();
                list.map(move |(index, parameter)| (format!("{at}/parameters/{index}"), parameter))
            })
            .collect();
        let mut in_path: HashMap<&str, &Value> = HashMap::new();
        for (_, parameter) in &placed {
            if let Some(("path", name)) = key(document, parameter) {
                in_path.entry(name).or_insert(parameter);
            }
        }
        for (at, parameter) in &placed {
            let Some(("query", name)) = key(document, parameter) else {
                continue;
            };
            let Some(argument) = in_path.get(name) else {
                continue;
            };
            if !met.insert(at.clone()) {
                continue;
            }
            let operation = format!("{} {path}", method.to_uppercase());
            if schema_of(document, argument) == schema_of(document, parameter) {
                let reason = format!(
                    "`{operation}` takes `{name}` in its path, and as a query parameter of the same schema, which is a copy."
                );
                findings.remove(PathAndQueryParameter, at.clone(), reason);
            } else {
                let reason = format!(
                    "`{operation}` takes `{name}` in its path, and another parameter of that name in its query; both are kept."
                );
                findings.note(PathAndQueryParameter, at.clone(), reason);
            }
        }
    }
}

/// Notes a path that names one argument several times. One value is put in all
/// of the places, which the described API may or may not want.
pub(super) fn named_twice(document: &Value, findings: &mut Findings) {
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, _) in paths.into_iter().flatten() {
        let mut seen = BTreeSet::new();
        let mut twice = BTreeSet::new();
        for name in arguments(path) {
            if !seen.insert(name) {
                twice.insert(name);
            }
        }
        for name in twice {
            let reason = format!(
                "The path `{path}` names `{{{name}}}` more than once, so one value is put in each of the places."
            );
            let at = pointer::join("/paths", path);
            findings.note_name(PathNamesParameterTwice, at, reason);
        }
    }
}

/// Whether a parameter of this place and name gives an argument of `path`. Those in
/// the query that some keys of paths have may be declared as what they are.
pub(super) fn is_given(path: &str, (place, name): &(&str, &str)) -> bool {
    let is_in_query = || {
        let query = PathKey::of(path).query.unwrap_or_default();
        arguments(query).any(|argument| argument == *name)
    };
    *place == "path" || (*place == "query" && is_in_query())
}

/// The names in the braces of a path template.
pub(super) fn arguments(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

fn all_operations(
    document: &Value,
) -> impl Iterator<Item = (&str, &'static str, &Map<String, Value>)> {
    let paths = document.get("paths").and_then(Value::as_object);
    paths.into_iter().flat_map(operations)
}

/// The parameter itself, by its reference if it is one.
fn resolve<'d>(document: &'d Value, parameter: &'d Value) -> &'d Value {
    let mut resolved = parameter;
    // References to references are few; a circle ends here.
    for _ in 0..8 {
        let target = resolved
            .get("$ref")
            .and_then(|reference| pointer::follow(document, reference.as_str()?));
        match target {
            Some((_, target)) => resolved = target,
            None => break,
        }
    }
    resolved
}

/// Whether a parameter is a reference that leads out of the document.
pub(super) fn is_elsewhere(document: &Value, parameter: &Value) -> bool {
    resolve(document, parameter).get("$ref").is_some()
}

/// Where a parameter goes, and its name.
pub(super) fn key<'d>(document: &'d Value, parameter: &'d Value) -> Option<(&'d str, &'d str)> {
    let parameter = resolve(document, parameter);
    let text = |member: &str| parameter.get(member)?.as_str();
    Some((text("in")?, text("name")?))
}

/// The schema of a parameter, without an `allOf` that holds it alone.
fn schema_of<'d>(document: &'d Value, parameter: &'d Value) -> Option<&'d Value> {
    let schema = resolve(document, parameter).get("schema")?;
    let alone = schema
        .as_object()
        .filter(|members| members.len() == 1)
        .and_then(|members| members.get("allOf")?.as_array());
    match alone.map(Vec::as_slice) {
        Some([only]) => Some(only),
        _ => Some(schema),
    }
}

/// Shows `visit` each list of parameters below a path: the path, whose list it
/// is, its pointer, and the list.
fn each_list<'d>(document: &'d Value, mut visit: impl FnMut(&'d str, &str, &str, &'d [Value])) {
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        let at = pointer::join("/paths", path);
        let own = METHODS.into_iter().filter_map(|method| {
            let of = format!("`{} {path}`", method.to_uppercase());
            Some((of, pointer::join(&at, method), item.get(method)?))
        });
        let shared = (format!("The path `{path}`"), at.clone(), item);
        for (of, at, owner) in std::iter::once(shared).chain(own) {
            if let Some(list) = owner.get("parameters").and_then(Value::as_array) {
                visit(path, &of, &pointer::join(&at, "parameters"), list);
            }
        }
    }
}
