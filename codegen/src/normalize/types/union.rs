//! `oneOf` and `anyOf`: enums whose variants have meaningful names.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Place, Types, docs, scalar};
use crate::model::{Integer, Shape, Type, TypeDef, Variant};
use crate::names::{self, Scope};
use crate::normalize::Result;
use crate::normalize::schema;

/// Keywords that say what a value looks like, and not only how it is limited.
const SHAPES: [&str; 9] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "enum",
    "items",
    "oneOf",
    "properties",
    "type",
];

/// Marks what stands beside alternatives, once it is made a part of each: it may
/// come from anywhere.
pub(super) const MERGED: &str = "x-merged";

/// One schema of a `oneOf` or `anyOf`.
pub(super) struct Alternative {
    /// Where it stands, relative to the schema around it.
    at: String,
    /// As the document has it, with what stands beside the alternatives.
    schema: Value,
    /// The same, resolved.
    resolved: Map<String, Value>,
    /// What it may be called, the best first.
    names: Vec<String>,
    /// Properties that tell it from the others, with their values.
    tags: Vec<(String, Vec<String>)>,
}

/// The alternatives of `schema`, which is resolved already, where it has any that
/// differ in shape.
///
/// Left out are those that only allow null, those that only limit what stands
/// beside them, and those equal to one before. The properties beside the
/// alternatives go into each of them that is an object.
pub(super) fn alternatives(
    document: &Value,
    schema: &Map<String, Value>,
) -> Option<Vec<Alternative>> {
    let keyword = ["oneOf", "anyOf"]
        .into_iter()
        .find(|keyword| schema.get(*keyword).is_some_and(Value::is_array))?;
    let list = schema.get(keyword)?.as_array()?;
    let beside = beside(schema);
    let mut found: Vec<Alternative> = Vec::with_capacity(list.len());
    for (index, alternative) in list.iter().enumerate() {
        let Ok(alone) = schema::resolve(document, alternative) else {
            continue;
        };
        if is_null(&alone.schema) || !has_shape(&alone.schema) {
            continue;
        }
        let is_object = matches!(scalar::type_word(&alone.schema), Some("object") | None);
        let whole = match &beside {
            Some(beside) if is_object => json!({ "allOf": [beside, alternative] }),
            _ => alternative.clone(),
        };
        let resolved = match schema::resolve(document, &whole) {
            Ok(resolved) => resolved.schema,
            Err(_) => alone.schema,
        };
        if found
            .iter()
            .any(|known| is_same(&known.resolved, &resolved))
        {
            continue;
        }
        found.push(Alternative {
            at: format!("/{keyword}/{index}"),
            names: own_names(schema, alternative, &resolved),
            schema: whole,
            resolved,
            tags: Vec::new(),
        });
    }
    if found.is_empty() {
        return None;
    }
    tag(document, &mut found);
    name_by_properties(&mut found);
    Some(found)
}

/// What stands beside the alternatives and has a shape of its own.
fn beside(schema: &Map<String, Value>) -> Option<Value> {
    let mut beside = Map::new();
    for keyword in ["type", "properties", "required", "additionalProperties"] {
        if let Some(value) = schema.get(keyword) {
            beside.insert(keyword.to_owned(), value.clone());
        }
    }
    beside.insert(MERGED.to_owned(), Value::Bool(true));
    beside
        .contains_key("properties")
        .then_some(Value::Object(beside))
}

fn is_null(schema: &Map<String, Value>) -> bool {
    let values = schema.get("enum").and_then(Value::as_array);
    schema.get("type").and_then(Value::as_str) == Some("null")
        || values.is_some_and(|values| values.iter().all(Value::is_null))
}

fn has_shape(schema: &Map<String, Value>) -> bool {
    SHAPES.iter().any(|keyword| schema.contains_key(*keyword))
}

/// Whether two schemas differ in nothing but their words and limits.
fn is_same(a: &Map<String, Value>, b: &Map<String, Value>) -> bool {
    let shape = |schema: &Map<String, Value>| -> Vec<(String, Value)> {
        let mut shape: Vec<_> = schema
            .iter()
            .filter(|(keyword, _)| SHAPES.contains(&keyword.as_str()) || *keyword == "required")
            .map(|(keyword, value)| (keyword.clone(), value.clone()))
            .collect();
        shape.sort_by(|a, b| a.0.cmp(&b.0));
        shape
    };
    shape(a) == shape(b)
}

/// Names that an alternative has by itself: the discriminator's, its title.
fn own_names(
    schema: &Map<String, Value>,
    alternative: &Value,
    resolved: &Map<String, Value>,
) -> Vec<String> {
    let reference = alternative.get("$ref").and_then(Value::as_str);
    let mapping = schema
        .get("discriminator")
        .and_then(|discriminator| discriminator.get("mapping")?.as_object());
    let component = reference.and_then(|reference| reference.rsplit('/').next());
    let mapped = mapping.into_iter().flatten().find_map(|(value, target)| {
        let target = target.as_str()?;
        (Some(target) == reference || Some(target) == component).then(|| value.clone())
    });
    let title = resolved.get("title").and_then(Value::as_str);
    let title = title.filter(|title| title.len() <= 40).map(str::to_owned);
    mapped.into_iter().chain(title).collect()
}

/// Finds the properties that tell the alternatives apart: enums that share no
/// value from one alternative to another.
fn tag(document: &Value, alternatives: &mut [Alternative]) {
    let enums: Vec<BTreeMap<&String, Vec<String>>> = alternatives
        .iter()
        .map(|alternative| {
            let properties = alternative.resolved.get("properties");
            let properties = properties.and_then(Value::as_object);
            let enums = properties
                .into_iter()
                .flatten()
                .filter_map(|(name, property)| {
                    let resolved = schema::resolve(document, property).ok()?.schema;
                    Some((name, scalar::string_values(&resolved)?))
                });
            enums.collect()
        })
        .collect();
    let names: BTreeSet<&String> = enums.iter().flat_map(BTreeMap::keys).copied().collect();
    let mut tags: Vec<Vec<(String, Vec<String>)>> = vec![Vec::new(); alternatives.len()];
    for name in names {
        let having: Vec<(usize, &Vec<String>)> = enums
            .iter()
            .enumerate()
            .filter_map(|(index, enums)| Some((index, enums.get(name)?)))
            .collect();
        let all: Vec<&String> = having
            .iter()
            .flat_map(|(_, values)| values.iter())
            .collect();
        let distinct: BTreeSet<&String> = all.iter().copied().collect();
        if having.len() < 2 || distinct.len() < all.len() {
            continue;
        }
        for (index, values) in having {
            if let Some(tags) = tags.get_mut(index) {
                tags.push((name.clone(), values.clone()));
            }
        }
    }
    for (alternative, tags) in alternatives.iter_mut().zip(tags) {
        alternative.tags = tags;
    }
}

/// Adds names by what tells an alternative from the others: the value of a tag,
/// its component, a property that no other has, its JSON type.
fn name_by_properties(alternatives: &mut [Alternative]) {
    let properties: Vec<BTreeSet<String>> = alternatives
        .iter()
        .map(|alternative| {
            let properties = alternative.resolved.get("properties");
            let properties = properties.and_then(Value::as_object);
            properties
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone())
                .collect()
        })
        .collect();
    for (index, alternative) in alternatives.iter_mut().enumerate() {
        let tag = alternative
            .tags
            .iter()
            .find_map(|(_, values)| match values.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            });
        let reference = alternative
            .schema
            .get("$ref")
            .or_else(|| alternative.schema.pointer("/allOf/1/$ref"));
        let component = reference.and_then(Value::as_str);
        let component = component.and_then(|reference| reference.rsplit('/').next());
        let is_own = |name: &&String| {
            properties
                .iter()
                .enumerate()
                .all(|(other, names)| other == index || !names.contains(*name))
        };
        let own_properties = alternative
            .resolved
            .get("properties")
            .and_then(Value::as_object);
        let own = own_properties
            .into_iter()
            .flatten()
            .map(|(name, _)| name)
            .find(is_own);
        let names = [
            tag,
            component.map(str::to_owned),
            own.cloned(),
            Some(kind(&alternative.resolved).to_owned()),
        ];
        alternative.names.extend(names.into_iter().flatten());
    }
}

/// What a value of the schema is, in one word.
fn kind(schema: &Map<String, Value>) -> &'static str {
    match scalar::type_word(schema) {
        Some("string") => "text",
        Some("boolean") => "bool",
        Some("integer") => "integer",
        Some("number") => "number",
        Some("array") => "list",
        _ => "object",
    }
}

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
        self.by_pointer
            .insert(place.key.clone(), Type::Named(name.clone()));
        let words = chosen_names(&alternatives);
        let mut scope = Scope::with_reserved(["Unknown"]);
        let mut variants: Vec<Variant> = Vec::with_capacity(alternatives.len());
        for (alternative, word) in alternatives.iter().zip(words) {
            let at = format!("{}{}", place.pointer, alternative.at);
            let hint = format!("{}_{word}", place.hint);
            let ty = self.read_schema(&alternative.schema, &at, &hint)?;
            // What can be anything is what the union's `Unknown` is for.
            let is_new = ty != Type::Any && !variants.iter().any(|known| known.ty == ty);
            if is_new {
                variants.push(Variant {
                    name: scope.claim_type(&word),
                    ty,
                    tags: alternative.tags.clone(),
                    required: required(&alternative.resolved),
                });
            }
        }
        let itself = Type::Named(name.clone());
        if let [only] = variants.as_slice()
            && only.ty != itself
            && !self.defs.values().any(|def| mentions(def, &name))
        {
            let ty = only.ty.clone();
            self.by_pointer.insert(place.key.clone(), ty.clone());
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

fn required(schema: &Map<String, Value>) -> Vec<String> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let required = schema.get("required").and_then(Value::as_array);
    required
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|name| properties.is_some_and(|properties| properties.contains_key(*name)))
        .map(str::to_owned)
        .collect()
}

/// A name for each alternative: the best of its names that is no other's.
fn chosen_names(alternatives: &[Alternative]) -> Vec<String> {
    let spelled: Vec<Vec<String>> = alternatives
        .iter()
        .map(|alternative| {
            alternative
                .names
                .iter()
                .map(|name| names::type_name(name))
                .collect()
        })
        .collect();
    let is_others = |index: usize, name: &String| {
        spelled
            .iter()
            .enumerate()
            .any(|(other, names)| other != index && names.contains(name))
    };
    alternatives
        .iter()
        .zip(&spelled)
        .enumerate()
        .map(|(index, (alternative, names))| {
            let best = names.iter().position(|name| !is_others(index, name));
            let best = best.and_then(|best| alternative.names.get(best));
            let name = best.or(alternative.names.first());
            name.cloned().unwrap_or_else(|| "other".to_owned())
        })
        .collect()
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
