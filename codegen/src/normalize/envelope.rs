//! Takes the result out of the envelope around an answer.

use serde_json::{Map, Value, json};

pub use crate::protocol::EnvelopeKeys;

/// What an envelope holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Enveloped {
    /// Nothing: the document promises no result.
    Nothing,
    /// A result, in the member that is for it.
    Result {
        /// Its schema.
        schema: Value,
        /// Whether the answer says which page of a list it is.
        paged: bool,
    },
    /// Members that the envelope does not have for itself, with the one that is
    /// for a result where it has one: the schema of an object of them.
    Members(Value),
}

/// Reads `schema`, the merged object schema of an answer, as an envelope.
///
/// Returns `None` where it is not one: an envelope has a property for success
/// and one for errors, under the names in `keys`.
pub fn unwrap(schema: &Map<String, Value>, keys: &EnvelopeKeys) -> Option<Enveloped> {
    let properties = schema.get("properties")?.as_object()?;
    if !properties.contains_key(&keys.success) || !properties.contains_key(&keys.errors) {
        return None;
    }
    let own = [
        &keys.success,
        &keys.errors,
        &keys.messages,
        &keys.result_info,
    ];
    let mut members = properties.clone();
    members.retain(|name, _| !own.contains(&name));
    if members.keys().any(|name| *name != keys.result) {
        let mut object = schema.clone();
        object.insert("properties".to_owned(), Value::Object(members));
        return Some(Enveloped::Members(Value::Object(object)));
    }
    Some(match members.shift_remove(&keys.result) {
        None => Enveloped::Nothing,
        Some(schema) => Enveloped::Result {
            schema,
            paged: properties.contains_key(&keys.result_info),
        },
    })
}

/// The schema of an answer that is said to be one of several envelopes: the one
/// that has the members of all others, each as any of them describes it. Any other
/// schema is its own.
pub fn fullest(
    alternatives: &[Map<String, Value>],
    keys: &EnvelopeKeys,
) -> Option<Map<String, Value>> {
    let members = |schema: &'_ Map<String, Value>| -> Option<Map<String, Value>> {
        unwrap(schema, keys)?;
        schema.get("properties")?.as_object().cloned()
    };
    let all: Option<Vec<Map<String, Value>>> = alternatives.iter().map(members).collect();
    let all = all?;
    let has_all = |known: &Map<String, Value>| {
        let mut names = all.iter().flat_map(Map::keys);
        names.all(|name| known.contains_key(name))
    };
    let index = all.iter().position(has_all)?;
    let mut whole = alternatives.get(index)?.clone();
    let mut properties = all.get(index)?.clone();
    for (name, described) in &mut properties {
        let mut distinct: Vec<&Value> = Vec::new();
        for schema in all.iter().filter_map(|members| members.get(name)) {
            if !distinct.contains(&schema) {
                distinct.push(schema);
            }
        }
        if distinct.len() > 1 {
            *described = json!({ "anyOf": distinct });
        }
    }
    whole.insert("properties".to_owned(), Value::Object(properties));
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unwrap_value(schema: Value) -> Option<Enveloped> {
        let schema = schema.as_object().expect("an object schema");
        unwrap(schema, &EnvelopeKeys::default())
    }

    #[test]
    fn the_result_of_an_envelope_is_taken_out() {
        let enveloped = unwrap_value(json!({
            "properties": {
                "success": { "type": "boolean" },
                "errors": { "type": "array" },
                "result": { "$ref": "#/components/schemas/Zone" }
            }
        }));
        assert_eq!(
            enveloped,
            Some(Enveloped::Result {
                schema: json!({ "$ref": "#/components/schemas/Zone" }),
                paged: false,
            })
        );
    }

    #[test]
    fn an_envelope_may_lack_a_result() {
        let enveloped = unwrap_value(json!({
            "properties": { "success": {}, "errors": {}, "result_info": {} }
        }));
        assert_eq!(enveloped, Some(Enveloped::Nothing));
    }

    #[test]
    fn members_that_are_not_the_envelopes_own_are_the_result() {
        let enveloped = unwrap_value(json!({
            "properties": { "success": {}, "errors": {}, "result": {}, "timing": {} }
        }));
        let members = json!({ "properties": { "result": {}, "timing": {} } });
        assert_eq!(enveloped, Some(Enveloped::Members(members)));
    }

    #[test]
    fn of_several_envelopes_the_fullest_counts() {
        let envelope = |more: &[&str]| {
            let names = ["success", "errors"].iter().chain(more);
            let properties: Map<String, Value> =
                names.map(|name| ((*name).to_owned(), json!({}))).collect();
            json!({ "properties": properties })
                .as_object()
                .expect("an object")
                .clone()
        };
        let keys = EnvelopeKeys::default();
        let full = envelope(&["result"]);
        assert_eq!(
            fullest(&[envelope(&[]), full.clone()], &keys),
            Some(full.clone())
        );
        assert_eq!(fullest(&[full.clone(), envelope(&["other"])], &keys), None);
        let mut other = full.clone();
        other["properties"]["result"] = json!({ "type": "string" });
        let both = fullest(&[full, other], &keys).expect("an envelope");
        assert_eq!(
            both["properties"]["result"],
            json!({ "anyOf": [{}, { "type": "string" }] })
        );
    }

    #[test]
    fn an_object_that_only_has_a_result_is_no_envelope() {
        assert_eq!(
            unwrap_value(json!({ "properties": { "result": {}, "success": {} } })),
            None
        );
        assert_eq!(unwrap_value(json!({ "type": "string" })), None);
    }
}
