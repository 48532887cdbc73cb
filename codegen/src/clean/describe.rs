//! Names a place of a document as a person would.

use serde_json::Value;

use crate::openapi::grammar::{self, Children, NodeKind};
use crate::pointer;

/// What `pointer` points to, in words: ``the property `status` of the schema
/// `Zone` ``, ``the response 4XX of `GET /zones` ``. A pointer to a keyword is
/// named by what the keyword belongs to.
pub(super) fn describe(document: &Value, pointer: &str) -> String {
    let mut labels: Vec<String> = Vec::new();
    let mut place = NodeKind::Document;
    let mut value = document;
    let mut path = String::new();
    let segments: Vec<_> = pointer.split('/').skip(1).map(pointer::unescape).collect();
    let mut rest = segments.as_slice();
    while let [member, tail @ ..] = rest {
        let Some(held) = grammar::children(place, member) else {
            break;
        };
        value = value.get(&**member).unwrap_or(&Value::Null);
        let (inner, name) = match held {
            Children::One(inner) => {
                rest = tail;
                (inner, None)
            }
            Children::List(inner) | Children::Map(inner) => {
                let [name, after @ ..] = tail else {
                    break;
                };
                rest = after;
                value = child(value, name);
                (inner, Some(&**name))
            }
        };
        match (place, name) {
            (NodeKind::Document, Some(name)) => path = name.to_owned(),
            (NodeKind::PathItem, None) => {
                labels.push(format!("`{} {path}`", member.to_uppercase()));
            }
            (NodeKind::PathItem, Some(_)) => labels.push(format!("the path `{path}`")),
            _ => {}
        }
        labels.extend(label(place, member, inner, name, value));
        place = inner;
    }
    if labels.is_empty() && !path.is_empty() {
        return format!("the path `{path}`");
    }
    labels.reverse();
    match labels.is_empty() {
        true => "the document".to_owned(),
        false => labels.join(" of "),
    }
}

fn child<'v>(value: &'v Value, name: &str) -> &'v Value {
    let found = match value {
        Value::Array(items) => name
            .parse::<usize>()
            .ok()
            .and_then(|index| items.get(index)),
        other => other.get(name),
    };
    found.unwrap_or(&Value::Null)
}

/// The words for one step, from a parent at `place` to a value at `inner`.
fn label(
    place: NodeKind,
    member: &str,
    inner: NodeKind,
    name: Option<&str>,
    value: &Value,
) -> Option<String> {
    let number = || name.and_then(|name| Some(name.parse::<usize>().ok()? + 1));
    Some(match (inner, name) {
        (NodeKind::Parameter, Some(name)) => {
            let own = value.get("name").and_then(Value::as_str);
            format!("the parameter `{}`", own.unwrap_or(name))
        }
        (NodeKind::RequestBody, None) => "the request body".to_owned(),
        (NodeKind::RequestBody, Some(name)) => format!("the request body `{name}`"),
        (NodeKind::Response, Some(name)) if place == NodeKind::Operation => {
            format!("the response {name}")
        }
        (NodeKind::Response, Some(name)) => format!("the response `{name}`"),
        (NodeKind::Header, Some(name)) => format!("the header `{name}`"),
        (NodeKind::Example, Some(name)) => format!("the example `{name}`"),
        (NodeKind::Schema, name) => match (place, member, name) {
            (NodeKind::Components, _, Some(name)) => format!("the schema `{name}`"),
            (_, "properties", Some(name)) => format!("the property `{name}`"),
            (_, "items", _) => "each item".to_owned(),
            (_, "additionalProperties", _) => "each value".to_owned(),
            (_, "not", _) => "what is excluded".to_owned(),
            (_, "allOf", _) => format!("part {}", number()?),
            (_, "oneOf" | "anyOf", _) => format!("alternative {}", number()?),
            _ => return None,
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn places_are_named_from_the_inside_out() {
        let document = json!({
            "paths": { "/a": { "get": { "parameters": [{ "name": "page" }] } } }
        });
        for (pointer, words) in [
            (
                "/components/schemas/a~1b/properties/c/type",
                "the property `c` of the schema `a/b`",
            ),
            (
                "/components/schemas/a/allOf/0/items",
                "each item of part 1 of the schema `a`",
            ),
            (
                "/paths/~1a/get/parameters/0/schema",
                "the parameter `page` of `GET /a`",
            ),
            (
                "/paths/~1a/get/responses/4XX/content/application~1json/schema/oneOf/1",
                "alternative 2 of the response 4XX of `GET /a`",
            ),
            ("/paths/~1a", "the path `/a`"),
            ("", "the document"),
        ] {
            assert_eq!(describe(&document, pointer), words);
        }
    }
}
