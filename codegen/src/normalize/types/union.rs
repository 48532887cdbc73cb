//! `oneOf` and `anyOf`: enums whose variants have meaningful names.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::alternatives::{Alternative, chosen_names, kind, required};
use super::{Place, Types, docs, scalar};
use crate::model::{Integer, Shape, Type, TypeDef, Variant};
use crate::names::Scope;
use crate::normalize::Result;

impl Types<'_> {
    pub(super) fn read_alternatives(
        &mut self,
        alternatives: Vec<Alternative>,
        schema: &Map<String, Value>,
        place: &Place<'_>,
    ) -> Result<Type> {
        if let [only] = alternatives.as_slice() {
            let at = format!("{}{}", place.pointer, only.at);
            return self.read_inline(&only.schema, &at, place.hint, place.reference);
        }
        if let Some(ty) = self.read_scalars(&alternatives, schema, place) {
            return Ok(ty);
        }
        let name = self.claim(place);
        self.remember(place, &Type::Named(name.clone()));
        let itself = Type::Named(name.clone());
        let words = chosen_names(&alternatives);
        let mut scope = Scope::with_reserved(["Unknown"]);
        let mut variants: Vec<Variant> = Vec::with_capacity(alternatives.len());
        for (alternative, word) in alternatives.iter().zip(words) {
            let at = format!("{}{}", place.pointer, alternative.at);
            let hint = format!("{}_{word}", place.hint);
            let ty = self.read_schema(&alternative.schema, &at, &hint)?;
            // What can be anything is what the union's `Unknown` is for; and a union that
            // is its own alternative says nothing more.
            let is_new =
                ty != Type::Any && ty != itself && !variants.iter().any(|known| known.ty == ty);
            if is_new {
                variants.push(Variant {
                    name: scope.claim_type(&word),
                    ty,
                    tags: alternative.tags.clone(),
                    required: required(&alternative.resolved),
                });
            }
        }
        let lone = match variants.as_slice() {
            [] => Some(Type::Any),
            [only] => Some(only.ty.clone()),
            _ => None,
        };
        if let Some(ty) = lone
            && !self.defs.values().any(|def| mentions(def, &name))
        {
            self.remember(place, &ty);
            return Ok(ty);
        }
        self.define(&name, place.pointer, docs(schema), Shape::Union(variants));
        Ok(itself)
    }

    /// The one type of alternatives that are all of one kind of scalar.
    fn read_scalars(
        &mut self,
        alternatives: &[Alternative],
        schema: &Map<String, Value>,
        place: &Place<'_>,
    ) -> Option<Type> {
        let kinds: BTreeSet<&str> = alternatives
            .iter()
            .map(|alternative| {
                match alternative.resolved.contains_key("oneOf")
                    || alternative.resolved.contains_key("anyOf")
                {
                    true => "object",
                    false => kind(&alternative.resolved),
                }
            })
            .collect();
        let kinds: Vec<&str> = kinds.into_iter().collect();
        match kinds.as_slice() {
            ["bool"] => Some(Type::Bool),
            ["number"] | ["integer", "number"] => Some(Type::Number),
            ["integer"] => {
                let ranges: Vec<Integer> = alternatives
                    .iter()
                    .map(|alternative| scalar::integer(&alternative.resolved))
                    .collect();
                let widest = [Integer::U64, Integer::I64]
                    .into_iter()
                    .find(|wide| ranges.contains(wide));
                Some(Type::Integer(widest.unwrap_or(Integer::I32)))
            }
            ["text"] => {
                let mut values: Vec<String> = Vec::new();
                for value in alternatives
                    .iter()
                    .filter_map(|alternative| scalar::string_values(&alternative.resolved))
                    .flatten()
                {
                    if !values.contains(&value) {
                        values.push(value);
                    }
                }
                if values.is_empty() {
                    let types = alternatives
                        .iter()
                        .map(|alternative| scalar::string(&alternative.resolved));
                    let types: Vec<Type> = types.collect();
                    let first = types.first().cloned().unwrap_or(Type::String);
                    let is_one = types.iter().all(|ty| *ty == first);
                    return Some(if is_one { first } else { Type::String });
                }
                Some(self.define_enum(&values, schema, place))
            }
            _ => None,
        }
    }
}

fn mentions(def: &TypeDef, name: &str) -> bool {
    fn is(ty: &Type, name: &str) -> bool {
        match ty {
            Type::Named(known) => known == name,
            Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => is(inner, name),
            _ => false,
        }
    }
    def.shape.parts().any(|ty| is(ty, name))
}

/// Puts the variants of every union in order, those that accept the least first.
pub(super) fn order(defs: &mut BTreeMap<String, TypeDef>) {
    let ranks: Vec<(String, Vec<Specificity>)> = defs
        .iter()
        .filter_map(|(name, def)| match &def.shape {
            Shape::Union(variants) => {
                let ranks = variants.iter().map(|variant| specificity(variant, defs));
                Some((name.clone(), ranks.collect()))
            }
            _ => None,
        })
        .collect();
    for (name, ranks) in ranks {
        let Some(Shape::Union(variants)) = defs.get_mut(&name).map(|def| &mut def.shape) else {
            continue;
        };
        let mut ranked: Vec<_> = ranks.into_iter().zip(variants.drain(..)).collect();
        ranked.sort_by_key(|(rank, _)| Reverse(*rank));
        variants.extend(ranked.into_iter().map(|(_, variant)| variant));
    }
}

/// How little a variant accepts: rank of its kind, required fields, all fields.
type Specificity = (u8, usize, usize);

fn specificity(variant: &Variant, defs: &BTreeMap<String, TypeDef>) -> Specificity {
    match &variant.ty {
        Type::Named(name) => match defs.get(name).map(|def| &def.shape) {
            Some(Shape::Struct { fields, .. }) => (7, variant.required.len(), fields.len()),
            Some(Shape::Enum(values)) => (3, 0, values.len()),
            Some(Shape::Union(_)) | None => (1, 0, 0),
        },
        Type::Bool => (6, 0, 0),
        Type::Integer(_) => (5, 0, 0),
        Type::Number => (4, 0, 0),
        Type::Formatted(_) => (3, 0, 0),
        Type::String | Type::List(_) | Type::Map(_) | Type::Nullable(_) => (2, 0, 0),
        Type::Any => (0, 0, 0),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Components, Direction};
    use super::*;

    /// The variants of the component `root`, or else its type.
    fn variants(schemas: Value) -> Vec<String> {
        let document = json!({ "components": { "schemas": schemas } });
        let chosen = BTreeMap::new();
        let mut types = Types::new(&document, &chosen, Components::default());
        let root = json!({ "$ref": "#/components/schemas/root" });
        let ty = types.read(&root, "", "unused", Direction::Received);
        let ty = ty.expect("a readable schema");
        let defs = types.into_defs();
        let shape = match &ty {
            Type::Named(name) => &defs[name].shape,
            _ => return vec![format!("{ty:?}")],
        };
        match shape {
            Shape::Union(variants) => variants
                .iter()
                .map(|variant| variant.name.clone())
                .collect(),
            Shape::Struct { fields, .. } => fields.iter().map(|field| field.name.clone()).collect(),
            Shape::Enum(values) => values.iter().map(|(value, _)| value.clone()).collect(),
        }
    }

    #[test]
    fn a_variant_is_named_by_its_title_its_tag_its_component_or_what_only_it_has() {
        let object = |property: &str| json!({ "type": "object", "properties": { property: {} } });
        let mut titled = object("a");
        titled["title"] = json!("The first");
        let tagged = |kind: &str| json!({ "properties": { "x": {}, "kind": { "enum": [kind] } } });
        let names = variants(json!({
            "root": { "oneOf": [
                titled, tagged("second"), tagged("third"),
                { "$ref": "#/components/schemas/fourth" }, object("fifth"),
                { "type": "string" }, { "type": "null" }
            ] },
            "fourth": { "properties": { "x": {}, "y": {}, "z": {} } }
        }));
        assert_eq!(
            names,
            ["Fourth", "Second", "Third", "TheFirst", "Fifth", "Text"]
        );
    }

    #[test]
    fn a_discriminator_names_its_variants() {
        let names = variants(json!({
            "root": {
                "oneOf": [{ "$ref": "#/components/schemas/a" }, { "$ref": "#/components/schemas/b" }],
                "discriminator": { "propertyName": "kind", "mapping": {
                    "big": "#/components/schemas/a", "small": "b"
                } }
            },
            "a": { "title": "An A", "properties": { "x": {} } },
            "b": { "title": "A B", "properties": { "y": {} } }
        }));
        assert_eq!(names, ["Big", "Small"]);
    }

    #[test]
    fn properties_beside_alternatives_go_into_each() {
        let names = variants(json!({ "root": {
            "properties": { "id": {} },
            "oneOf": [{ "required": ["id"] }, { "minProperties": 1 }]
        } }));
        assert_eq!(names, ["id"]);
        let names = variants(json!({ "root": {
            "properties": { "id": {} },
            "anyOf": [{ "properties": { "ip": {} } }]
        } }));
        assert_eq!(names, ["id", "ip"]);
    }

    #[test]
    fn alternatives_of_one_kind_of_scalar_are_one_type() {
        let number = json!({ "root": { "anyOf": [
            { "type": "number", "minimum": 60 }, { "type": "number", "enum": [1] }
        ] } });
        assert_eq!(variants(number), ["Number"]);
        let text = json!({ "root": { "oneOf": [
            { "type": "string", "enum": ["a", "b"] }, { "type": "string", "enum": ["b", "c"] }
        ] } });
        assert_eq!(variants(text), ["a", "b", "c"]);
    }
}
