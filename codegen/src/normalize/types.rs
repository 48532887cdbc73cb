//! Turns the schemas of a document into types with claimed names.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::schema::{self, Unresolved};
use super::{Error, Result};
use crate::model::{Docs, Field, Shape, Type, TypeDef};
use crate::names::Scope;
use crate::pointer;

/// Names that an emitted crate needs for itself, or that Rust's prelude has.
const RESERVED: &[&str] = &[
    "Box", "BTreeMap", "Client", "Err", "Error", "Message", "None", "Ok", "Option", "Response",
    "Result", "Some", "String", "Value", "Vec",
];

/// The types of one document, named as they are met.
pub struct Types<'a> {
    document: &'a Value,
    /// The plan's choices: name in `components/schemas` to Rust name.
    chosen: &'a BTreeMap<String, String>,
    scope: Scope,
    /// What the schema at each pointer became; a named type stands here before
    /// its fields are read, so that a type may contain itself.
    by_pointer: BTreeMap<String, Type>,
    /// References that are being read.
    open: Vec<String>,
    defs: BTreeMap<String, TypeDef>,
}

impl<'a> Types<'a> {
    /// Starts without any type; `chosen` names win over the document's.
    pub fn new(document: &'a Value, chosen: &'a BTreeMap<String, String>) -> Self {
        let reserved = RESERVED
            .iter()
            .copied()
            .chain(chosen.values().map(String::as_str));
        Self {
            document,
            chosen,
            scope: Scope::with_reserved(reserved),
            by_pointer: BTreeMap::new(),
            open: Vec::new(),
            defs: BTreeMap::new(),
        }
    }

    /// Every named type met so far, by its Rust name.
    pub fn into_defs(self) -> BTreeMap<String, TypeDef> {
        self.defs
    }

    /// Whether every value of `ty` has one spelling without quotes or brackets.
    pub fn is_scalar(&self, ty: &Type) -> bool {
        match ty {
            Type::String | Type::Bool | Type::Integer { .. } | Type::Number => true,
            Type::Any | Type::List(_) | Type::Map(_) => false,
            Type::Named(name) => {
                let shape = self.defs.get(name).map(|def| &def.shape);
                matches!(shape, Some(Shape::Enum(_)))
            }
        }
    }

    /// The type of the schema at `pointer`. `hint` is its name, should it need
    /// one and have none in the document.
    pub fn read(&mut self, schema: &Value, pointer: &str, hint: &str) -> Result<Type> {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
            return self.read_inline(schema, pointer, hint, None);
        };
        let at = reference.trim_start_matches('#');
        if let Some(ty) = self.by_pointer.get(at) {
            return Ok(ty.clone());
        }
        // A list may lead back to itself by way of a struct, which the second
        // reading finds named; what has no name by then never ends.
        if self.open.iter().filter(|open| *open == reference).count() > 1 {
            let problem = Unresolved::Endless(reference.to_owned());
            return Err(Error::unresolved(pointer, problem));
        }
        let target = schema::target(self.document, reference)
            .map_err(|problem| Error::unresolved(pointer, problem))?;
        let name = reference.rsplit('/').next().unwrap_or(hint);
        self.open.push(reference.to_owned());
        let ty = self.read_inline(target, at, name, Some(reference));
        self.open.pop();
        let ty = ty?;
        self.by_pointer.insert(at.to_owned(), ty.clone());
        Ok(ty)
    }

    fn read_inline(
        &mut self,
        schema: &Value,
        pointer: &str,
        hint: &str,
        reference: Option<&str>,
    ) -> Result<Type> {
        if let Some(ty) = self.by_pointer.get(pointer) {
            return Ok(ty.clone());
        }
        // An alias keeps the name and the place of what it stands for.
        if schema.get("$ref").is_some() {
            return self.read(schema, pointer, hint);
        }
        let resolved = schema::resolve(self.document, schema)
            .map_err(|problem| Error::unresolved(pointer, problem))?
            .schema;
        if let Some(alternatives) = alternatives(&resolved) {
            return self.read_alternatives(&alternatives, &resolved, pointer, hint, reference);
        }
        if let Some(values) = string_values(&resolved) {
            let name = self.claim(hint, reference);
            let mut variants = Scope::with_reserved(["Unknown"]);
            let shape = Shape::Enum(
                values
                    .into_iter()
                    .map(|value| {
                        let variant = variants.claim_type(&value);
                        (value, variant)
                    })
                    .collect(),
            );
            self.define(&name, pointer, docs(&resolved), shape);
            return Ok(Type::Named(name));
        }
        match resolved.get("type").and_then(Value::as_str) {
            Some("string") => Ok(Type::String),
            Some("boolean") => Ok(Type::Bool),
            Some("integer") => Ok(integer(&resolved)),
            Some("number") => Ok(Type::Number),
            Some("array") => {
                let items = resolved.get("items").unwrap_or(&Value::Null);
                let ty = self.read(items, &format!("{pointer}/items"), &format!("{hint}_item"))?;
                Ok(Type::List(Box::new(ty)))
            }
            _ => self.read_object(&resolved, pointer, hint, reference),
        }
    }

    /// An object: a struct where properties are named, else a map; and what is
    /// no object either can be anything.
    fn read_object(
        &mut self,
        schema: &Map<String, Value>,
        pointer: &str,
        hint: &str,
        reference: Option<&str>,
    ) -> Result<Type> {
        let properties = schema.get("properties").and_then(Value::as_object);
        if let Some(properties) = properties.filter(|properties| !properties.is_empty()) {
            return self.read_struct(schema, properties, pointer, hint, reference);
        }
        match schema.get("additionalProperties") {
            Some(values @ Value::Object(_)) => {
                let at = format!("{pointer}/additionalProperties");
                let ty = self.read(values, &at, &format!("{hint}_value"))?;
                Ok(Type::Map(Box::new(ty)))
            }
            _ if schema.get("type").and_then(Value::as_str) == Some("object") => {
                Ok(Type::Map(Box::new(Type::Any)))
            }
            _ => Ok(Type::Any),
        }
    }

    fn read_struct(
        &mut self,
        schema: &Map<String, Value>,
        properties: &Map<String, Value>,
        pointer: &str,
        hint: &str,
        reference: Option<&str>,
    ) -> Result<Type> {
        let name = self.claim(hint, reference);
        let ty = Type::Named(name.clone());
        self.by_pointer.insert(pointer.to_owned(), ty);
        let required = schema.get("required").and_then(Value::as_array);
        let mut scope = Scope::default();
        let mut fields = Vec::with_capacity(properties.len());
        for (property, schema) in properties {
            let at = pointer::join(&format!("{pointer}/properties"), property);
            let ty = self.read(schema, &at, &format!("{hint}_{property}"))?;
            let resolved = schema::resolve(self.document, schema)
                .map_err(|problem| Error::unresolved(&at, problem))?
                .schema;
            let nullable = resolved.get("nullable") == Some(&Value::Bool(true));
            fields.push(Field {
                name: property.clone(),
                rust_name: scope.claim_value(property),
                ty,
                required: !nullable
                    && required.is_some_and(|names| names.iter().any(|name| name == property)),
                docs: docs(&resolved),
            });
        }
        self.define(&name, pointer, docs(schema), Shape::Struct(fields));
        Ok(Type::Named(name))
    }

    fn read_alternatives(
        &mut self,
        alternatives: &[&Value],
        schema: &Map<String, Value>,
        pointer: &str,
        hint: &str,
        reference: Option<&str>,
    ) -> Result<Type> {
        let [first, rest @ ..] = alternatives else {
            return Ok(Type::Any);
        };
        if rest.is_empty() {
            return self.read(first, pointer, hint);
        }
        let name = self.claim(hint, reference);
        let ty = Type::Named(name.clone());
        self.by_pointer.insert(pointer.to_owned(), ty);
        let mut scope = Scope::with_reserved(["Unknown"]);
        let mut variants: Vec<(String, Type)> = Vec::with_capacity(alternatives.len());
        let keyword = if schema.contains_key("oneOf") {
            "oneOf"
        } else {
            "anyOf"
        };
        for (index, alternative) in alternatives.iter().enumerate() {
            let word = alternative_name(alternative);
            let at = format!("{pointer}/{keyword}/{index}");
            let ty = self.read(alternative, &at, &format!("{hint}_{word}"))?;
            if !variants.iter().any(|(_, known)| *known == ty) {
                variants.push((scope.claim_type(&word), ty));
            }
        }
        self.define(&name, pointer, docs(schema), Shape::Union(variants));
        Ok(Type::Named(name))
    }

    fn claim(&mut self, hint: &str, reference: Option<&str>) -> String {
        let component = reference.and_then(|reference| reference.rsplit('/').next());
        match component.and_then(|component| self.chosen.get(component)) {
            Some(chosen) => chosen.clone(),
            None => self.scope.claim_type(hint),
        }
    }

    fn define(&mut self, name: &str, pointer: &str, docs: Docs, shape: Shape) {
        let def = TypeDef {
            pointer: pointer.to_owned(),
            docs,
            shape,
            sent: false,
            received: false,
        };
        self.defs.insert(name.to_owned(), def);
    }
}

/// What the document says of a schema.
pub(super) fn docs(schema: &Map<String, Value>) -> Docs {
    let text = |keyword: &str| {
        schema
            .get(keyword)
            .and_then(Value::as_str)
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    Docs {
        summary: text("summary"),
        description: text("description"),
        example: schema.get("example").cloned(),
        deprecated: schema.get("deprecated") == Some(&Value::Bool(true)),
    }
}

/// The schemas of a `oneOf` or `anyOf`, without those that only allow null.
fn alternatives(schema: &Map<String, Value>) -> Option<Vec<&Value>> {
    let list = schema.get("oneOf").or_else(|| schema.get("anyOf"))?;
    let is_null = |schema: &&Value| schema.get("type").and_then(Value::as_str) == Some("null");
    Some(list.as_array()?.iter().filter(|s| !is_null(s)).collect())
}

/// What a variant is called: by its title, its component, or its type.
fn alternative_name(schema: &Value) -> String {
    let text = |keyword: &str| schema.get(keyword).and_then(Value::as_str);
    text("title")
        .or_else(|| text("$ref").and_then(|reference| reference.rsplit('/').next()))
        .or_else(|| text("type"))
        .unwrap_or("other")
        .to_owned()
}

/// The values of an enum of strings; `None` for any other schema.
fn string_values(schema: &Map<String, Value>) -> Option<Vec<String>> {
    if schema.get("type").and_then(Value::as_str) != Some("string") {
        return None;
    }
    let values: Vec<String> = schema
        .get("enum")?
        .as_array()?
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    (!values.is_empty()).then_some(values)
}

fn integer(schema: &Map<String, Value>) -> Type {
    let bits = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => 32,
        _ => 64,
    };
    Type::Integer { bits }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(document: &Value) -> (Type, BTreeMap<String, TypeDef>) {
        let chosen = BTreeMap::new();
        let mut types = Types::new(document, &chosen);
        let root = json!({ "$ref": "#/components/schemas/root" });
        let ty = types.read(&root, "", "unused").expect("a readable schema");
        (ty, types.into_defs())
    }

    #[test]
    fn an_object_becomes_a_struct_with_its_fields_in_order() {
        let (ty, defs) = read(&json!({ "components": { "schemas": { "root": {
            "type": "object",
            "required": ["z"],
            "properties": { "z": { "type": "integer" }, "a-b": { "type": "array", "items": { "type": "string" } } }
        } } } }));
        assert_eq!(ty, Type::Named("Root".to_owned()));
        let Shape::Struct(fields) = &defs["Root"].shape else {
            panic!("{:?}", defs["Root"]);
        };
        assert_eq!(fields[0].name, "z");
        assert!(fields[0].required);
        assert_eq!(fields[1].rust_name, "a_b");
        assert_eq!(fields[1].ty, Type::List(Box::new(Type::String)));
    }

    #[test]
    fn a_type_may_contain_itself() {
        let (_, defs) = read(&json!({ "components": { "schemas": { "root": {
            "type": "object",
            "properties": { "parts": { "type": "array", "items": { "$ref": "#/components/schemas/root" } } }
        } } } }));
        let Shape::Struct(fields) = &defs["Root"].shape else {
            panic!("{:?}", defs["Root"]);
        };
        let itself = Type::Named("Root".to_owned());
        assert_eq!(fields[0].ty, Type::List(Box::new(itself)));
    }

    #[test]
    fn a_list_may_contain_itself_by_way_of_an_object() {
        let (ty, defs) = read(&json!({ "components": { "schemas": { "root": {
            "type": "array",
            "items": { "properties": { "trace": { "$ref": "#/components/schemas/root" } } }
        } } } }));
        let Shape::Struct(fields) = &defs["RootItem"].shape else {
            panic!("{defs:?}");
        };
        assert_eq!(fields[0].ty, ty);
        assert_eq!(defs.len(), 1);
    }

    #[test]
    fn lists_that_only_contain_themselves_are_refused() {
        let document = json!({ "components": { "schemas": {
            "root": { "type": "array", "items": { "$ref": "#/components/schemas/root" } }
        } } });
        let chosen = BTreeMap::new();
        let root = json!({ "$ref": "#/components/schemas/root" });
        let error = Types::new(&document, &chosen).read(&root, "", "unused");
        assert!(error.is_err());
    }

    #[test]
    fn values_that_become_one_identifier_get_variants_of_their_own() {
        let (_, defs) = read(&json!({ "components": { "schemas": { "root": {
            "type": "string", "enum": ["ASC", "asc", "<", "<="]
        } } } }));
        let Shape::Enum(values) = &defs["Root"].shape else {
            panic!("{:?}", defs["Root"]);
        };
        let variants: Vec<_> = values.iter().map(|(_, variant)| variant.as_str()).collect();
        assert_eq!(variants, ["Asc", "Asc2", "Less", "LessEqual"]);
    }

    #[test]
    fn alternatives_are_named_after_what_they_are() {
        let (_, defs) = read(&json!({ "components": { "schemas": {
            "root": { "oneOf": [
                { "$ref": "#/components/schemas/address" }, { "type": "string" }, { "type": "null" }
            ] },
            "address": { "type": "object", "properties": { "ip": { "type": "string" } } }
        } } }));
        assert_eq!(
            defs["Root"].shape,
            Shape::Union(vec![
                ("Address".to_owned(), Type::Named("Address".to_owned())),
                ("String".to_owned(), Type::String),
            ])
        );
    }
}
