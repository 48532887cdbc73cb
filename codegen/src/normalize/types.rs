//! Turns the schemas of a document into types with claimed names.

mod alternatives;
mod object;
mod scalar;
mod union;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::all_of::{self, Conflict};
use super::direction::Components;
use super::schema::{self, Unresolved};
use super::{Error, Result, direction};
use crate::model::{Docs, Shape, Type, TypeDef};
use crate::names::Scope;
use crate::pointer;

/// How deep schemas may lie in each other, by way of references too.
const DEEPEST: usize = 128;

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// In a request.
    Sent,
    /// In an answer.
    Received,
}

/// The types of one document, named as they are met.
pub struct Types<'a> {
    document: &'a Value,
    /// The plan's choices: name in `components/schemas` to Rust name.
    chosen: &'a BTreeMap<String, String>,
    components: Components,
    /// Which way the values of what is being read go.
    direction: Direction,
    scope: Scope,
    /// What the schema at each pointer became; a named type stands here before
    /// its fields are read, so that a type may contain itself.
    by_pointer: BTreeMap<Key, Type>,
    /// What compositions became, by their text: wherever parts are merged into a new
    /// whole, their own compositions come again, at a new place.
    by_content: BTreeMap<Key, Type>,
    /// How many schemas lie around the one that is being read.
    depth: usize,
    /// References that are being read.
    open: Vec<String>,
    defs: BTreeMap<String, TypeDef>,
    /// Where parts of an `allOf` contradicted each other, by pointer.
    conflicts: BTreeMap<String, Conflict>,
}

impl<'a> Types<'a> {
    /// Starts without any type; `chosen` names win over the document's, and each of
    /// the `components` that go two ways becomes one type for requests and another
    /// for answers.
    pub fn new(
        document: &'a Value,
        chosen: &'a BTreeMap<String, String>,
        components: Components,
    ) -> Self {
        let reserved = chosen.values().map(String::as_str);
        Self {
            document,
            chosen,
            components,
            direction: Direction::Received,
            scope: Scope::with_reserved(reserved),
            by_pointer: BTreeMap::new(),
            by_content: BTreeMap::new(),
            depth: 0,
            open: Vec::new(),
            defs: BTreeMap::new(),
            conflicts: BTreeMap::new(),
        }
    }

    /// Every contradiction that was decided so far, in the order of their pointers.
    pub fn take_conflicts(&mut self) -> Vec<Conflict> {
        std::mem::take(&mut self.conflicts).into_values().collect()
    }

    /// Remembers what was decided in the schema at `pointer`.
    pub fn note(&mut self, pointer: &str, conflicts: Vec<Conflict>) {
        for conflict in conflicts {
            let pointer = format!("{pointer}{}", conflict.pointer);
            let conflict = Conflict {
                pointer: pointer.clone(),
                ..conflict
            };
            self.conflicts.insert(pointer, conflict);
        }
    }

    /// Every named type met so far, by its Rust name.
    pub fn into_defs(mut self) -> BTreeMap<String, TypeDef> {
        union::order(&mut self.defs);
        self.defs
    }

    /// Whether every value of `ty` has one spelling without quotes or brackets.
    pub fn is_scalar(&self, ty: &Type) -> bool {
        match ty {
            Type::String | Type::Bool | Type::Integer(_) | Type::Number | Type::Formatted(_) => {
                true
            }
            Type::Any | Type::List(_) | Type::Map(_) | Type::Nullable(_) => false,
            Type::Named(name) => {
                let shape = self.defs.get(name).map(|def| &def.shape);
                matches!(shape, Some(Shape::Enum(_)))
            }
        }
    }

    /// The type of the schema at `pointer`, whose values go in `direction`. `hint`
    /// is its name, should it need one and have none in the document.
    pub fn read(
        &mut self,
        schema: &Value,
        pointer: &str,
        hint: &str,
        direction: Direction,
    ) -> Result<Type> {
        self.direction = direction;
        self.read_schema(schema, pointer, hint)
    }

    fn read_schema(&mut self, schema: &Value, pointer: &str, hint: &str) -> Result<Type> {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
            return self.read_inline(schema, pointer, hint, None);
        };
        let at = reference.trim_start_matches('#');
        let target = schema::target(self.document, reference)
            .map_err(|problem| Error::unresolved(pointer, problem))?;
        let key = self.key(at, target);
        if let Some(ty) = self.by_pointer.get(&key) {
            return Ok(ty.clone());
        }
        // A list may lead back to itself by way of a struct, which the second
        // reading finds named; what has no name by then never ends.
        if self.open.iter().filter(|open| *open == reference).count() > 1 {
            let problem = Unresolved::Endless(reference.to_owned());
            return Err(Error::unresolved(pointer, problem));
        }
        let name = reference.rsplit('/').next().unwrap_or(hint);
        self.open.push(reference.to_owned());
        let ty = self.read_inline(target, at, name, Some(reference));
        self.open.pop();
        let ty = ty?;
        self.by_pointer.insert(key, ty.clone());
        Ok(ty)
    }

    /// The type of an item of a list or a value of a map, which may be null.
    fn read_member(&mut self, schema: &Value, pointer: &str, hint: &str) -> Result<Type> {
        let ty = self.read_schema(schema, pointer, hint)?;
        let is_nullable =
            self.resolve(schema, pointer)?.get("nullable") == Some(&Value::Bool(true));
        Ok(match is_nullable && ty != Type::Any {
            true => Type::Nullable(Box::new(ty)),
            false => ty,
        })
    }

    fn read_inline(
        &mut self,
        schema: &Value,
        pointer: &str,
        hint: &str,
        reference: Option<&str>,
    ) -> Result<Type> {
        if self.depth == DEEPEST {
            let problem = Unresolved::Endless(pointer.to_owned());
            return Err(Error::unresolved(pointer, problem));
        }
        self.depth += 1;
        let ty = self.read_whole(schema, pointer, hint, reference);
        self.depth -= 1;
        ty
    }

    fn read_whole(
        &mut self,
        schema: &Value,
        pointer: &str,
        hint: &str,
        reference: Option<&str>,
    ) -> Result<Type> {
        let key = self.key(pointer, schema);
        if let Some(ty) = self.by_pointer.get(&key) {
            return Ok(ty.clone());
        }
        let is_composed = reference.is_none() && schema.get("allOf").is_some();
        let content = is_composed.then(|| (schema.to_string(), Some(self.direction)));
        if let Some(ty) = content
            .as_ref()
            .and_then(|content| self.by_content.get(content))
        {
            return Ok(ty.clone());
        }
        // An alias keeps the name and the place of what it stands for.
        if let Some(target) = alias(schema) {
            return self.read_schema(target, pointer, hint);
        }
        // Of two types for one component, the received one has its name.
        let is_input = reference.is_some() && key.1 == Some(Direction::Sent);
        let input = format!("{hint}_input");
        let place = Place {
            pointer,
            hint: if is_input { &input } else { hint },
            reference: reference.filter(|_| !is_input),
            key,
            content,
            asked_for: match is_for_requests(pointer) {
                true => object::asked_for(schema),
                false => BTreeSet::new(),
            },
        };
        let resolved = schema::resolve(self.document, schema)
            .map_err(|problem| Error::unresolved(pointer, problem))?;
        self.note(pointer, resolved.conflicts);
        let resolved = resolved.schema;
        if let Some(alternatives) = alternatives::of(self.document, &resolved) {
            return self.read_alternatives(alternatives, &resolved, &place);
        }
        if let Some(values) = scalar::string_values(&resolved) {
            return Ok(self.define_enum(&values, &resolved, &place));
        }
        match scalar::type_word(&resolved) {
            Some("string") => Ok(scalar::string(&resolved)),
            Some("boolean") => Ok(Type::Bool),
            Some("integer") => Ok(Type::Integer(scalar::integer(&resolved))),
            Some("number") => Ok(Type::Number),
            Some("array") => {
                let items = resolved.get("items").unwrap_or(&Value::Null);
                let at = format!("{pointer}/items");
                let ty = self.read_member(items, &at, &format!("{}_item", place.hint))?;
                Ok(Type::List(Box::new(ty)))
            }
            _ => self.read_object(&resolved, &place),
        }
    }

    fn define_enum(
        &mut self,
        values: &[String],
        schema: &Map<String, Value>,
        place: &Place<'_>,
    ) -> Type {
        let name = self.claim(place);
        let mut variants = Scope::with_reserved(["Unknown"]);
        let values = values.iter();
        let values = values.map(|value| (value.clone(), variants.claim_type(value)));
        let shape = Shape::Enum(values.collect());
        self.define(&name, place.pointer, docs(schema), shape);
        let ty = Type::Named(name);
        self.remember(place, &ty);
        ty
    }

    fn resolve(&self, schema: &Value, pointer: &str) -> Result<Map<String, Value>> {
        schema::resolve(self.document, schema)
            .map(|resolved| resolved.schema)
            .map_err(|problem| Error::unresolved(pointer, problem))
    }

    /// Under which the type of `schema` is remembered: what holds `readOnly` or
    /// `writeOnly` parts is one type for each direction.
    fn key(&self, pointer: &str, schema: &Value) -> Key {
        let is_two_way = self
            .components
            .two_way
            .contains(pointer::component_of(pointer))
            && direction::is_two_way(schema, &self.components.two_way);
        (pointer.to_owned(), is_two_way.then_some(self.direction))
    }

    /// Lets what refers to the schema at `place` from within find its type.
    fn remember(&mut self, place: &Place<'_>, ty: &Type) {
        self.by_pointer.insert(place.key.clone(), ty.clone());
        if let Some(content) = &place.content {
            self.by_content.insert(content.clone(), ty.clone());
        }
    }

    fn claim(&mut self, place: &Place<'_>) -> String {
        let component = place
            .reference
            .and_then(|reference| reference.rsplit('/').next());
        match component.and_then(|component| self.chosen.get(component)) {
            Some(chosen) => chosen.clone(),
            None => self.scope.claim_type(place.hint),
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

/// The reference that `schema` is no more than, but for words and marks beside it.
fn alias(schema: &Value) -> Option<&Value> {
    let members = schema.as_object()?;
    if members.contains_key("$ref") {
        return Some(schema);
    }
    let [only] = members.get("allOf")?.as_array()?.as_slice() else {
        return None;
    };
    let is_mark = |keyword: &str| {
        all_of::is_annotation(keyword)
            || matches!(
                keyword,
                "allOf" | "deprecated" | "nullable" | "readOnly" | "writeOnly"
            )
    };
    let is_alone = members.keys().all(|keyword| is_mark(keyword));
    (is_alone && only.get("$ref").is_some()).then_some(only)
}

/// Where a schema stands, and what it is called.
struct Place<'p> {
    pointer: &'p str,
    /// Its name, where the document has none.
    hint: &'p str,
    /// The reference that led here, where one did and its component's name is free.
    reference: Option<&'p str>,
    key: Key,
    /// Its text, where it is a composition, and the direction.
    content: Option<Key>,
    /// The properties that a schema written for a request asks for by itself.
    asked_for: BTreeSet<String>,
}

/// Whether what is at `pointer` was written for requests.
fn is_for_requests(pointer: &str) -> bool {
    pointer.contains("/requestBody/") || pointer.starts_with("/components/requestBodies/")
}

/// A pointer, and the direction where the types of the two differ.
type Key = (String, Option<Direction>);

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

#[cfg(test)]
mod tests;
