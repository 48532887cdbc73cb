//! Takes the result out of the envelope around a response.

use std::collections::HashSet;
use std::rc::Rc;

use crate::openapi::{Definition, Resolver, Schema, SchemaId};

pub use crate::protocol::EnvelopeKeys;

/// What an envelope holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enveloped {
    /// Nothing: the document promises no result.
    Nothing,
    /// A result, in the member that is for it.
    Result {
        /// Its schema.
        schema: SchemaId,
        /// Whether the response says which page of a list it is.
        paged: bool,
    },
    /// Members that the envelope does not have for itself, with the one that is
    /// for a result where it has one: the schema of an object of them.
    Members(SchemaId),
}

/// Reads `definition`, the merged object schema of a response that stands at `like`,
/// as an envelope.
///
/// Returns `None` where it is not one: an envelope has a property for success
/// and one for errors, under the names in `keys`.
pub fn unwrap(
    resolver: &Resolver<'_>,
    like: &Schema,
    definition: &Definition,
    keys: &EnvelopeKeys,
) -> Option<Enveloped> {
    if !is_envelope(definition, keys) {
        return None;
    }
    let own = [
        &keys.success,
        &keys.errors,
        &keys.messages,
        &keys.result_info,
    ];
    let members = || {
        let members = definition.properties();
        members.filter(|(name, _)| !own.contains(name))
    };
    if members().any(|(name, _)| *name != keys.result) {
        let properties = members().map(|(name, id)| (name.clone(), id)).collect();
        let object = Definition {
            properties: Some(Rc::new(properties)),
            ..definition.clone()
        };
        return Some(Enveloped::Members(resolver.make(like, object)));
    }
    Some(match definition.property(&keys.result) {
        None => Enveloped::Nothing,
        Some(schema) => Enveloped::Result {
            schema,
            paged: definition.property(&keys.result_info).is_some(),
        },
    })
}

fn is_envelope(definition: &Definition, keys: &EnvelopeKeys) -> bool {
    definition.property(&keys.success).is_some() && definition.property(&keys.errors).is_some()
}

/// The definition of a response that is said to be one of several envelopes: the one
/// that has the members of all others, each as any of them describes it. `None` where
/// one of the `alternatives` is no envelope.
pub fn fullest(
    resolver: &Resolver<'_>,
    alternatives: &[Rc<Definition>],
    keys: &EnvelopeKeys,
) -> Option<Definition> {
    if alternatives.is_empty() || !alternatives.iter().all(|it| is_envelope(it, keys)) {
        return None;
    }
    let names = alternatives.iter().flat_map(|it| it.properties());
    let names: HashSet<&String> = names.map(|(name, _)| name).collect();
    let has_all = |known: &&Rc<Definition>| known.properties().count() == names.len();
    let mut whole = Definition::clone(alternatives.iter().find(has_all)?);
    let mut properties = Rc::unwrap_or_clone(whole.properties.take()?);
    for (name, described) in &mut properties {
        let mut known = HashSet::new();
        let schemas = alternatives.iter().filter_map(|it| it.property(name));
        let distinct = schemas.filter(|id| known.insert(resolver.schema(*id).content));
        let distinct: Vec<SchemaId> = distinct.collect();
        if distinct.len() > 1 {
            let any = Definition {
                any_of: Some(distinct),
                ..Definition::default()
            };
            *described = resolver.make(&resolver.schema(*described), any);
        }
    }
    whole.properties = Some(Rc::new(properties));
    Some(whole)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::openapi::{Description, describe_value};

    fn described(schemas: Value) -> Description {
        describe_value(&json!({ "components": { "schemas": schemas } }))
    }

    /// What the schema `root` holds as an envelope: the pointer of its result, or the
    /// names of its members.
    fn unwrapped(root: Value) -> Option<String> {
        let description = described(json!({ "root": root }));
        let resolver = Resolver::new(&description);
        let root = description.components["root"];
        let definition = resolver.resolve(root).expect("a schema");
        let keys = EnvelopeKeys::default();
        let found = unwrap(&resolver, &resolver.schema(root), &definition, &keys)?;
        Some(match found {
            Enveloped::Nothing => "nothing".to_owned(),
            Enveloped::Result { schema, paged } => {
                format!("{} {paged}", resolver.schema(schema).pointer)
            }
            Enveloped::Members(schema) => {
                let members = resolver.resolve(schema).expect("a schema");
                let names = members.properties().map(|(name, _)| name.as_str());
                names.collect::<Vec<_>>().join(" ")
            }
        })
    }

    #[test]
    fn the_result_of_an_envelope_is_taken_out() {
        let enveloped = unwrapped(json!({
            "properties": {
                "success": { "type": "boolean" },
                "errors": { "type": "array" },
                "result": { "$ref": "#/components/schemas/Zone" }
            }
        }));
        let result = "/components/schemas/root/properties/result false";
        assert_eq!(enveloped.as_deref(), Some(result));
    }

    #[test]
    fn an_envelope_may_lack_a_result() {
        let enveloped = unwrapped(json!({
            "properties": { "success": {}, "errors": {}, "result_info": {} }
        }));
        assert_eq!(enveloped.as_deref(), Some("nothing"));
    }

    #[test]
    fn members_that_are_not_the_envelopes_own_are_the_result() {
        let enveloped = unwrapped(json!({
            "properties": { "success": {}, "errors": {}, "result": {}, "timing": {} }
        }));
        assert_eq!(enveloped.as_deref(), Some("result timing"));
    }

    /// The schemas that the `result` of the fullest of `alternatives` may have.
    fn fullest_of(alternatives: [Value; 2]) -> Option<usize> {
        let [a, b] = alternatives;
        let description = described(json!({ "a": a, "b": b }));
        let resolver = Resolver::new(&description);
        let all = ["a", "b"].map(|name| {
            let id = description.components[name];
            resolver.resolve(id).expect("a schema")
        });
        let whole = fullest(&resolver, &all, &EnvelopeKeys::default())?;
        let result = resolver
            .resolve(whole.property("result")?)
            .expect("a schema");
        Some(result.alternatives().map_or(1, <[_]>::len))
    }

    #[test]
    fn of_several_envelopes_the_fullest_counts() {
        let envelope = |more: Value| {
            let mut properties = json!({ "success": {}, "errors": {} });
            let members = properties.as_object_mut().expect("an object");
            members.extend(more.as_object().expect("an object").clone());
            json!({ "properties": properties })
        };
        let full = envelope(json!({ "result": {} }));
        assert_eq!(fullest_of([envelope(json!({})), full.clone()]), Some(1));
        assert_eq!(
            fullest_of([full.clone(), envelope(json!({ "other": {} }))]),
            None
        );
        let other = envelope(json!({ "result": { "type": "string" } }));
        assert_eq!(fullest_of([full, other]), Some(2));
    }

    #[test]
    fn an_object_that_only_has_a_result_is_no_envelope() {
        let lone = json!({ "properties": { "result": {}, "success": {} } });
        assert_eq!(unwrapped(lone), None);
        assert_eq!(unwrapped(json!({ "type": "string" })), None);
    }
}
