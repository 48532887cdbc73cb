//! `oneOf` and `anyOf`: enums whose variants have meaningful names.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;

use super::alternatives::{self, Alternative, chosen_names, kind, required};
use super::tags::{self, Tag};
use super::{Place, Types, docs, scalar};
use crate::model::{Integer, Shape, Type, TypeDef, Variant};
use crate::names::Scope;
use crate::normalize::Result;
use crate::openapi::Definition;

impl Types<'_> {
    /// The union of the subtypes of a base that has a discriminator and does not list
    /// them, and of the base itself, for values that the discriminator does not know.
    pub(super) fn read_subtypes(
        &mut self,
        definition: &Definition,
        place: &Place,
    ) -> Result<Option<Type>> {
        let resolver = self.resolver;
        let subtypes = resolver.description().subtypes(place.id);
        let Some(discriminator) = definition
            .discriminator
            .as_ref()
            .filter(|_| !subtypes.is_empty())
        else {
            return Ok(None);
        };
        let mut found = Vec::with_capacity(subtypes.len() + 1);
        for subtype in subtypes.iter().copied() {
            let resolved = self.resolve(subtype)?;
            let values = tags::values_of(resolver, discriminator, subtype, &resolved);
            let tag = Tag {
                property: discriminator.property.clone(),
                values: values.into_iter().map(Value::String).collect(),
            };
            found.push((subtype, vec![tag]));
        }
        let base = Definition {
            discriminator: None,
            ..definition.clone()
        };
        let base = resolver.make(&resolver.schema(place.id), base);
        found.push((base, Vec::new()));
        let mut alternatives = alternatives::of_subtypes(resolver, found);
        if let Some(base) = alternatives.last_mut() {
            base.call("base");
        }
        self.define_union(alternatives, definition, place).map(Some)
    }

    pub(super) fn read_alternatives(
        &mut self,
        alternatives: Vec<Alternative>,
        schema: &Definition,
        place: &Place,
    ) -> Result<Type> {
        if let [only] = alternatives.as_slice() {
            // What is no more than this gives it its name.
            return if self.resolver.target(only.id) == Ok(only.id) {
                self.read_as(only.id, place)
            } else {
                self.read_schema(only.id, &place.hint)
            };
        }
        if let Some(ty) = self.read_scalars(&alternatives, schema, place) {
            return Ok(ty);
        }
        self.define_union(alternatives, schema, place)
    }

    fn define_union(
        &mut self,
        alternatives: Vec<Alternative>,
        schema: &Definition,
        place: &Place,
    ) -> Result<Type> {
        let name = self.claim(place);
        let itself = Type::Named(name.clone());
        self.remember(place, &itself);
        let words = chosen_names(&alternatives);
        let twins = self.twins(&alternatives, &words, place);
        let mut scope = Scope::with_reserved(["Unknown"]);
        let mut known: HashSet<Type> = HashSet::from([itself.clone(), Type::Any]);
        let mut variants: Vec<Variant> = Vec::with_capacity(alternatives.len());
        for (index, (alternative, word)) in alternatives.iter().zip(words).enumerate() {
            let hint = format!("{}_{word}", place.hint);
            let ty = self.read_schema(alternative.id, &hint)?;
            // What can be anything is what the union's `Unknown` is for; and a union that
            // is its own alternative says nothing more.
            if known.insert(ty.clone()) {
                let is_twin = twins.contains(&index);
                variants.push(Variant {
                    is_twin,
                    ..variant(scope.claim_type(&word), ty, alternative)
                });
            }
        }
        let lone = match variants.as_slice() {
            [] => Some(Type::Any),
            [only] => Some(only.ty.clone()),
            _ => None,
        };
        if let Some(ty) = lone
            && !self.mentions.contains_key(&name)
        {
            self.remember(place, &ty);
            return Ok(ty);
        }
        self.define(&name, place, docs(schema), Shape::Union(variants));
        Ok(itself)
    }

    /// The numbers of the alternatives that nothing tells from another one, which is
    /// said.
    fn twins(
        &mut self,
        alternatives: &[Alternative],
        words: &[String],
        place: &Place,
    ) -> HashSet<usize> {
        let groups = tags::twins(alternatives);
        for twins in &groups {
            let names = twins.iter().filter_map(|index| words.get(*index));
            let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
            let what = format!("alternatives {}", names.join(", "));
            let why = "nothing in the document tells them apart: a value that fits several of them equally well is left as it is";
            let pointer = self.resolver.schema(place.id).pointer.to_string();
            self.unused.add(&pointer, what, why);
        }
        groups.into_iter().flatten().collect()
    }

    /// The one type of alternatives that are all of one kind of scalar.
    fn read_scalars(
        &mut self,
        alternatives: &[Alternative],
        schema: &Definition,
        place: &Place,
    ) -> Option<Type> {
        let all = || {
            alternatives
                .iter()
                .map(|alternative| &*alternative.resolved)
        };
        let kinds: BTreeSet<&str> = all()
            .map(|it| match it.alternatives() {
                Some(_) => "object",
                None => kind(it),
            })
            .collect();
        let kinds: Vec<&str> = kinds.into_iter().collect();
        match kinds.as_slice() {
            ["bool"] => Some(Type::Bool),
            ["number"] | ["integer", "number"] => Some(Type::Number),
            ["integer"] => {
                let ranges: Vec<Integer> = all().map(scalar::integer).collect();
                let widest = [Integer::U64, Integer::I64]
                    .into_iter()
                    .find(|wide| ranges.contains(wide));
                Some(Type::Integer(widest.unwrap_or(Integer::I32)))
            }
            ["text"] => {
                let mut seen = HashSet::new();
                let values = all().filter_map(scalar::string_values).flatten();
                let values = values.filter(|value| seen.insert(value.clone()));
                let values: Vec<String> = values.collect();
                if values.is_empty() {
                    let types: Vec<Type> = all().map(scalar::string).collect();
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

fn variant(name: String, ty: Type, alternative: &Alternative) -> Variant {
    let texts = alternative.tags.iter().filter_map(|tag| {
        let texts: Option<Vec<String>> = tag
            .values
            .iter()
            .map(|value| value.as_str().map(str::to_owned))
            .collect();
        Some((tag.property.clone(), texts?))
    });
    let told_by = alternative.tags.iter();
    Variant {
        name,
        ty,
        tags: texts.collect(),
        told_by: told_by
            .map(|tag| (tag.property.clone(), tag.values.clone()))
            .collect(),
        required: required(&alternative.resolved),
        is_twin: false,
        is_boxed: false,
    }
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

    use super::*;

    /// The variants of the component `root`, or else its type.
    fn variants(schemas: serde_json::Value) -> Vec<String> {
        let document = json!({ "components": { "schemas": schemas } });
        let (ty, defs) = super::super::tests::read(&document);
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
