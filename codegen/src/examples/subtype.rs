//! Which schema describes an object whose own one has subtypes.

use serde_json::{Map, Value};

/// The subtype of `schema` that `members` are of, going by its `discriminator`: the
/// schema that the mapping names, or the component called like the value.
///
/// A schema with `oneOf` or `anyOf` lists its alternatives itself (OpenAPI 3.0.3,
/// "Discriminator Object").
pub(super) fn subtype(
    document: &Value,
    schema: &Map<String, Value>,
    members: &Map<String, Value>,
) -> Option<Value> {
    if schema.contains_key("oneOf") || schema.contains_key("anyOf") {
        return None;
    }
    let discriminator = schema.get("discriminator")?;
    let property = discriminator.get("propertyName")?.as_str()?;
    let value = members.get(property)?.as_str()?;
    let mapped = discriminator
        .get("mapping")
        .and_then(|mapping| mapping.get(value));
    let name = mapped.and_then(Value::as_str).unwrap_or(value);
    let reference = if name.starts_with('#') {
        name.to_owned()
    } else {
        format!("#{}", crate::pointer::join("/components/schemas", name))
    };
    document.pointer(reference.strip_prefix('#')?)?;
    Some(serde_json::json!({ "$ref": reference }))
}
