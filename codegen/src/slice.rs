//! The slice stage: the chosen operations of a document, and everything that
//! they refer to.
//!
//! A slice keeps its parts where the document has them, so that a JSON pointer
//! means the same in both.

mod closure;
mod path_key;
mod select;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value};

pub use path_key::PathKey;
pub(crate) use select::near;
pub use select::{Selection, path_items};

use crate::document::Document;
use crate::pointer;

/// The members of a path item that are operations, in the order of OpenAPI
/// 3.0.3 ("Path Item Object").
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Members of the document that a slice keeps besides paths and components.
const HEAD: [&str; 5] = ["openapi", "info", "servers", "security", "externalDocs"];

/// A self-contained part of a document. Only [`slice()`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    value: Value,
    /// The objects to which YAML's merge key has given members, by their
    /// pointers, with the names of those.
    merged: Vec<(String, Vec<String>)>,
}

impl Slice {
    /// The slice as a document of its own.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// What the slice has, for a person: `operations 5, components 17`.
    pub fn summary(&self) -> String {
        let members = |pointer: &str| self.value.pointer(pointer).and_then(Value::as_object);
        let operations = members("/paths").map_or(0, |paths| operations(paths).count());
        let components: usize = members("/components")
            .into_iter()
            .flatten()
            .map(|(_, section)| section.as_object().map_or(0, Map::len))
            .sum();
        format!("operations {operations}, components {components}")
    }

    /// The slice, and the objects to which YAML's merge key `<<` has given members,
    /// with the names of those.
    pub(crate) fn into_parts(self) -> (Value, Vec<(String, Vec<String>)>) {
        (self.value, self.merged)
    }
}

/// Why a document cannot be sliced.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A selector names nothing in the document.
    #[error("no operation has the {kind} `{wanted}`{}", suggestions(near))]
    Unmatched {
        /// `operationId`, `path` or `tag`.
        kind: &'static str,
        /// What was asked for.
        wanted: String,
        /// What the document has instead, the most similar first.
        near: Vec<String>,
    },
    /// A `$ref` leads nowhere.
    #[error(
        "the `$ref` to `{target}` points to nothing in this document; correct the reference, or add what is missing (the file may be cut off)"
    )]
    Dangling {
        /// Where the `$ref` is.
        pointer: String,
        /// What it says.
        target: String,
    },
    /// References that lead back to themselves without a schema on the way.
    #[error(
        "the `$ref` to `{target}` leads back to itself; one of the references on the way must be replaced by a definition"
    )]
    Circle {
        /// Where the `$ref` is.
        pointer: String,
        /// What it says.
        target: String,
    },
}

impl Error {
    /// Where in the document, for an error that has a place there.
    pub fn pointer(&self) -> Option<&str> {
        match self {
            Self::Unmatched { .. } => None,
            Self::Dangling { pointer, .. } | Self::Circle { pointer, .. } => Some(pointer),
        }
    }
}

fn suggestions(near: &[String]) -> String {
    match near {
        [] => String::new(),
        near => format!("; did you mean {}?", near.join(", or ")),
    }
}

/// Cuts the operations of `selection`, and all that they refer to, out of
/// `document`; an empty selection takes every operation.
///
/// # Errors
///
/// A selector that matches nothing, and a `$ref` of the chosen part that leads
/// nowhere in this document, or back to itself.
pub fn slice(document: &Document, selection: &Selection) -> Result<Slice, Error> {
    let whole = document.value();
    let paths = selection.paths(whole)?;
    let mut head: Map<String, Value> = Map::new();
    for name in HEAD {
        if let Some(value) = whole.get(name) {
            head.insert(name.to_owned(), value.clone());
        }
    }
    let tags = used_tags(whole, &paths);
    let needed = Needed::by(whole, &paths)?;
    let components = needed.components(whole);
    for name in needed.others() {
        if let (false, Some(value)) = (head.contains_key(&*name), whole.get(&*name)) {
            head.insert(name.into_owned(), value.clone());
        }
    }
    if !tags.is_empty() {
        head.insert("tags".to_owned(), Value::Array(tags));
    }
    if whole.get("paths").is_some_and(Value::is_object) {
        head.insert("paths".to_owned(), Value::Object(paths));
    }
    if !components.is_empty() || needed.reached.contains("/components") {
        head.insert("components".to_owned(), Value::Object(components));
    }
    let value = Value::Object(head);
    let merged = document.merged().iter();
    let merged = merged.filter(|(at, _)| value.pointer(at).is_some());
    Ok(Slice {
        merged: merged.cloned().collect(),
        value,
    })
}

/// Drops the components that nothing in `document` refers to any longer. Where
/// a reference leads nowhere, all are kept.
pub(crate) fn drop_unused_components(document: &mut Value) {
    let paths = document.get("paths").and_then(Value::as_object);
    let Some(Ok(needed)) = paths.map(|paths| Needed::by(document, paths)) else {
        return;
    };
    let Some(members) = document.as_object_mut() else {
        return;
    };
    let Some(sections) = members.get_mut("components").and_then(Value::as_object_mut) else {
        return;
    };
    sections.retain(|section, components| {
        let Some(components) = components.as_object_mut() else {
            return false;
        };
        let at = pointer::join("/components", section);
        components.retain(|name, _| needed.has(section, &at, name));
        !components.is_empty() || needed.reached.contains(&at)
    });
    if sections.is_empty() && !needed.reached.contains("/components") {
        members.shift_remove("components");
    }
}

/// The components that some paths need.
struct Needed {
    /// By their pointers.
    reached: BTreeSet<String>,
    /// The names of security schemes, which no `$ref` leads to.
    schemes: HashSet<String>,
}

impl Needed {
    fn by(whole: &Value, paths: &Map<String, Value>) -> Result<Self, Error> {
        Ok(Self {
            reached: closure::reach(whole, paths)?,
            schemes: used_schemes(whole, paths),
        })
    }

    /// The needed components, by their sections.
    fn components(&self, whole: &Value) -> Map<String, Value> {
        let mut components = Map::new();
        let sections = whole.get("components").and_then(Value::as_object);
        for (section, members) in sections.into_iter().flatten() {
            let at = pointer::join("/components", section);
            let members = members.as_object().into_iter().flatten();
            let kept: Map<String, Value> = members
                .filter(|(name, _)| self.has(section, &at, name))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            if !kept.is_empty() || self.reached.contains(&at) {
                components.insert(section.clone(), Value::Object(kept));
            }
        }
        components
    }

    /// The members of the document, other than its paths and components, in which
    /// something is needed.
    fn others(&self) -> BTreeSet<Cow<'_, str>> {
        let reached = self.reached.iter();
        let first = reached
            .filter_map(|at| at.split('/').nth(1))
            .map(pointer::unescape);
        first
            .filter(|name| name != "paths" && name != "components")
            .collect()
    }

    /// Whether the component `name` of `section`, which is at `at`, is needed.
    fn has(&self, section: &str, at: &str, name: &str) -> bool {
        match section {
            "securitySchemes" => self.schemes.contains(name),
            // A reference may also lead to all of them.
            _ => {
                self.reached.contains(&pointer::join(at, name))
                    || self.reached.contains(at)
                    || self.reached.contains("/components")
            }
        }
    }
}

/// Every operation of `paths`, as (path, method, operation), in order.
pub fn operations(
    paths: &Map<String, Value>,
) -> impl Iterator<Item = (&str, &'static str, &Map<String, Value>)> {
    paths.iter().flat_map(|(path, item)| {
        METHODS.into_iter().filter_map(move |method| {
            let operation = item.get(method)?.as_object()?;
            Some((path.as_str(), method, operation))
        })
    })
}

/// The document's descriptions of the tags that the operations carry.
fn used_tags(whole: &Value, paths: &Map<String, Value>) -> Vec<Value> {
    let used: HashSet<&Value> = operations(paths)
        .filter_map(|(_, _, operation)| operation.get("tags")?.as_array())
        .flatten()
        .collect();
    let tags = whole.get("tags").and_then(Value::as_array);
    tags.into_iter()
        .flatten()
        .filter(|tag| tag.get("name").is_some_and(|name| used.contains(name)))
        .cloned()
        .collect()
}

/// The names of the security schemes that the document or an operation asks for.
fn used_schemes(whole: &Value, paths: &Map<String, Value>) -> HashSet<String> {
    let own = operations(paths).filter_map(|(_, _, operation)| operation.get("security"));
    whole
        .get("security")
        .into_iter()
        .chain(own)
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(Value::as_object)
        .flat_map(|requirement| requirement.keys().cloned())
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(value: &Value) -> Document {
        Document::parse("shop.json", value.to_string().as_bytes()).expect("a document")
    }

    fn shop() -> Value {
        json!({
            "openapi": "3.0.3",
            "info": { "title": "Shop", "version": "1" },
            "security": [{ "token": [] }],
            "tags": [{ "name": "Parts" }, { "name": "Shops" }],
            "paths": {
                "/parts": {
                    "parameters": [{ "$ref": "#/components/parameters/page" }],
                    "get": {
                        "operationId": "list-parts",
                        "tags": ["Parts"],
                        "responses": { "200": { "description": "", "content": { "application/json": {
                            "schema": { "$ref": "#/components/schemas/part" }
                        } } } }
                    },
                    "post": { "operationId": "add-part", "tags": ["Parts"], "responses": {} }
                },
                "/shops": { "get": { "operationId": "list-shops", "tags": ["Shops"], "responses": {} } }
            },
            "components": {
                "parameters": { "page": { "name": "page", "in": "query", "schema": { "type": "integer" } } },
                "schemas": {
                    "part": { "properties": { "whole": { "$ref": "#/components/schemas/part" }, "a/b": { "$ref": "#/components/schemas/a~1b" } } },
                    "a/b": { "type": "string" },
                    "shop": { "type": "object" }
                },
                "securitySchemes": { "token": { "type": "http", "scheme": "bearer" }, "key": {} }
            }
        })
    }

    #[test]
    fn a_slice_has_what_its_operations_reach_and_nothing_else() {
        let mut selection = Selection::default();
        selection.operations.push("list-parts".to_owned());
        let slice = slice(&document(&shop()), &selection).expect("a slice");
        let value = slice.value();
        assert_eq!(value.pointer("/paths/~1parts/post"), None);
        assert_eq!(value.pointer("/paths/~1shops"), None);
        assert_eq!(value["tags"], json!([{ "name": "Parts" }]));
        assert_eq!(
            value["components"],
            json!({
                "parameters": shop()["components"]["parameters"],
                "schemas": {
                    "part": shop()["components"]["schemas"]["part"],
                    "a/b": { "type": "string" }
                },
                "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } }
            })
        );
    }

    #[test]
    fn data_is_told_from_schemas_by_its_place() {
        let mut shop = shop();
        let gone = json!({ "$ref": "#/components/schemas/gone" });
        shop["components"]["schemas"]["part"] = json!({
            // Data, though it looks like a schema or like a parent of references.
            "example": { "type": "a wheel", "link": gone },
            "default": { "type": "object", "$ref": "#/components/schemas/gone" },
            "enum": [gone],
            "x-internal": gone,
            "properties": {
                // Schemas, though they are called like data.
                "enum": { "$ref": "#/components/schemas/shop" },
                "example": { "allOf": [{ "$ref": "#/components/schemas/a~1b" }] },
                "$ref": { "type": "string" }
            }
        });
        let mut selection = Selection::default();
        selection.operations.push("list-parts".to_owned());
        let slice = slice(&document(&shop), &selection).expect("a slice");
        let schemas = &slice.value()["components"]["schemas"];
        let names: Vec<_> = schemas.as_object().expect("schemas").keys().collect();
        assert_eq!(names, ["part", "a/b", "shop"]);
    }

    #[test]
    fn no_selector_takes_every_operation() {
        let slice = slice(&document(&shop()), &Selection::default()).expect("a slice");
        assert_eq!(slice.value()["paths"], shop()["paths"]);
    }

    #[test]
    fn paths_are_chosen_by_glob_and_tags_by_name() {
        let by_path = Selection {
            paths: vec!["/sh*".to_owned()],
            ..Selection::default()
        };
        let by_tag = Selection {
            tags: vec!["Shops".to_owned()],
            ..Selection::default()
        };
        for selection in [by_path, by_tag] {
            let slice = slice(&document(&shop()), &selection).expect("a slice");
            let paths: Vec<_> = slice.value()["paths"]
                .as_object()
                .expect("paths")
                .keys()
                .cloned()
                .collect();
            assert_eq!(paths, ["/shops"]);
        }
    }

    #[test]
    fn a_selector_that_matches_nothing_offers_what_is_near() {
        let selection = Selection {
            operations: vec!["list-part".to_owned()],
            ..Selection::default()
        };
        let error = slice(&document(&shop()), &selection).expect_err("no such operation");
        assert_eq!(
            error.to_string(),
            "no operation has the operationId `list-part`; did you mean `list-parts`, or `list-shops`?"
        );
    }

    #[test]
    fn a_reference_to_nothing_is_an_error_at_its_place() {
        let mut shop = shop();
        shop["components"]["schemas"]["part"]["properties"]["whole"]["$ref"] =
            json!("#/components/schemas/gone");
        let error =
            slice(&document(&shop), &Selection::default()).expect_err("a dangling reference");
        assert_eq!(
            error.pointer(),
            Some("/components/schemas/part/properties/whole/$ref")
        );
    }

    #[test]
    fn a_path_that_refers_to_an_item_elsewhere_has_its_operations() {
        let mut shop = shop();
        let item = shop["paths"]["/shops"].take();
        shop["x-items"] = json!({ "shops": item });
        shop["paths"]["/shops"] = json!({ "$ref": "#/x-items/shops", "summary": "Shops" });
        let selection = Selection {
            operations: vec!["list-shops".to_owned()],
            ..Selection::default()
        };
        let slice = slice(&document(&shop), &selection).expect("a slice");
        let item = &slice.value()["paths"]["/shops"];
        assert_eq!(item["get"]["operationId"], "list-shops");
        assert_eq!(item["summary"], "Shops");
    }

    #[test]
    fn references_in_a_circle_are_an_error() {
        let mut shop = shop();
        shop["components"]["schemas"]["a/b"] = json!({ "$ref": "#/components/schemas/shop" });
        shop["components"]["schemas"]["shop"] = json!({ "$ref": "#/components/schemas/a~1b" });
        let error = slice(&document(&shop), &Selection::default()).expect_err("a circle");
        assert!(matches!(error, Error::Circle { .. }), "{error}");
    }

    #[test]
    fn a_reference_into_a_component_reaches_all_of_that_component() {
        let mut shop = shop();
        shop["components"]["schemas"]["a/b"] =
            json!({ "$ref": "#/components/schemas/shop/properties/name" });
        shop["components"]["schemas"]["shop"] = json!({ "properties": {
            "name": { "type": "string" },
            "owner": { "$ref": "#/components/schemas/owner" }
        } });
        shop["components"]["schemas"]["owner"] = json!({ "type": "string" });
        let slice = slice(&document(&shop), &Selection::default()).expect("a slice");
        let owner = slice.value().pointer("/components/schemas/owner");
        assert_eq!(owner, Some(&json!({ "type": "string" })));
    }
}
