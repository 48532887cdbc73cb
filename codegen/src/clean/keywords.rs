//! Keywords that restrict values of another type than the schema's.

use serde_json::{Value, json};

use super::Defect::KeywordOfAnotherType;
use super::describe::describe;
use super::malformed::{capital, members};
use super::repair::{Findings, show};
use super::schemas::Schemas;
use crate::openapi::grammar;
use crate::pointer;
use crate::type_check::Kind;

/// The keywords that only have an effect on values of some types.
const KEYWORDS: [(&str, &[Kind]); 15] = [
    ("properties", &[Kind::Object]),
    ("additionalProperties", &[Kind::Object]),
    ("required", &[Kind::Object]),
    ("minProperties", &[Kind::Object]),
    ("maxProperties", &[Kind::Object]),
    ("items", &[Kind::Array]),
    ("minItems", &[Kind::Array]),
    ("maxItems", &[Kind::Array]),
    ("uniqueItems", &[Kind::Array]),
    ("pattern", &[Kind::String]),
    ("minLength", &[Kind::String]),
    ("maxLength", &[Kind::String]),
    ("multipleOf", &[Kind::Integer, Kind::Number]),
    ("minimum", &[Kind::Integer, Kind::Number]),
    ("maximum", &[Kind::Integer, Kind::Number]),
];

/// Removes such keywords. Where one shows that the type is the mistake, or has
/// a counterpart for the type, that is put right instead.
pub(super) fn of_another_type(document: &Value, findings: &mut Findings) {
    let schemas = Schemas::of(document);
    grammar::each_schema(document, &mut |schema, at| {
        // Most schemas have none of these; only for the others are types looked up.
        let present = KEYWORDS
            .iter()
            .filter(|(keyword, _)| schema.contains_key(*keyword));
        let own = schema
            .get("type")
            .and_then(Value::as_str)
            .and_then(Kind::named);
        let fits_own = |kinds: &[Kind]| own.is_some_and(|own| kinds.contains(&own));
        if present.clone().all(|(_, kinds)| fits_own(kinds)) {
            return;
        }
        let types = schemas.kinds(document.pointer(at).unwrap_or(&Value::Null));
        if types.is_empty() {
            return;
        }
        let what = describe(document, at);
        let names: Vec<&str> = types.iter().map(|kind| kind.name()).collect();
        let names = names.join(" or ");
        let has_properties = members(schema, "properties").is_some_and(|own| !own.is_empty());
        let is_scalar = own.is_some_and(|own| !matches!(own, Kind::Object | Kind::Array));
        if is_scalar && has_properties && !schema.contains_key("enum") {
            let reason = format!(
                "{} has properties, but the type {}; only an object has properties.",
                capital(&what),
                show(schema.get("type").unwrap_or(&Value::Null))
            );
            findings.set(
                KeywordOfAnotherType,
                pointer::join(at, "type"),
                json!("object"),
                reason,
            );
            return;
        }
        let misplaced_items = members(schema, "properties")
            .and_then(|own| own.get("items"))
            .filter(|_| types == [Kind::Array])
            .filter(|_| schema.get("items").is_none_or(|items| *items == json!({})));
        if let Some(items) = misplaced_items {
            let reason = format!(
                "{} is an array that describes its items in a property called `items`, where it has no effect.",
                capital(&what)
            );
            findings.set(
                KeywordOfAnotherType,
                pointer::join(at, "items"),
                items.clone(),
                reason.clone(),
            );
            findings.remove(
                KeywordOfAnotherType,
                pointer::join(at, "properties"),
                reason,
            );
            return;
        }
        let foreign = present.filter(|(_, kinds)| !kinds.iter().any(|kind| types.contains(kind)));
        for (keyword, _) in foreign {
            let Some(value) = schema.get(*keyword) else {
                continue;
            };
            let keyword_at = pointer::join(at, keyword);
            if let Some(proper) = counterpart(keyword, &types)
                && !schema.contains_key(proper)
            {
                let reason = format!(
                    "`{keyword}` of {what} has no effect, since its type is {names}; `{proper}` is meant."
                );
                findings.rename(KeywordOfAnotherType, keyword_at, proper.to_owned(), reason);
                continue;
            }
            let reason = format!(
                "`{keyword}` ({}) of {what} has no effect, since its type is {names}.",
                show(value)
            );
            findings.remove(KeywordOfAnotherType, keyword_at, reason);
        }
    });
}

/// What `keyword` is called for the only type of `types`.
fn counterpart(keyword: &str, types: &[Kind]) -> Option<&'static str> {
    match (keyword, types) {
        ("minLength", [Kind::Array]) => Some("minItems"),
        ("maxLength", [Kind::Array]) => Some("maxItems"),
        _ => None,
    }
}
