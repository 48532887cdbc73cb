//! Turns the schemas of a document into types with claimed names.

mod alternatives;
mod object;
mod scalar;
pub(crate) mod tags;
mod union;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::rc::Rc;

use super::direction::Directions;
use super::{Error, Problem, Result};
use crate::limits::DEEPEST_UNNAMED;
use crate::model::{Docs, Shape, Type, TypeDef};
use crate::names::Scope;
use crate::openapi::{
    ContentId, Definition, Purpose, Resolver, Role, SchemaId, SchemaKind, Shape as ShapeOf,
    UnusedParts,
};
use crate::pointer;

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// In a request.
    Sent,
    /// In a response.
    Received,
}

/// The types of one document, named as they are met.
pub struct Types<'a> {
    resolver: &'a Resolver<'a>,
    /// The plan's choices: name in `components/schemas` to Rust name.
    chosen: &'a BTreeMap<String, String>,
    directions: Directions,
    /// Which way the values of what is being read go.
    direction: Direction,
    scope: Scope,
    /// What each schema became; a named type stands here before its fields are
    /// read, so that a type may contain itself.
    by_schema: HashMap<Key, Type>,
    /// What compositions became, by what they say: wherever parts are merged into a
    /// new whole, their own compositions come again, at a new place.
    by_content: HashMap<(ContentId, Direction), Type>,
    /// How many schemas lie around the one that is being read.
    depth: usize,
    /// How often each component is being read.
    open: HashMap<SchemaId, usize>,
    /// Objects that have a name and whose fields have not been read.
    put_off: VecDeque<PutOff>,
    defs: BTreeMap<String, TypeDef>,
    /// The names that unions with one alternative may give up, as nothing refers to
    /// them, by how often something does.
    mentions: HashMap<String, usize>,
    unused: UnusedParts,
}

/// An object whose name is claimed and whose fields are read later.
struct PutOff {
    place: Place,
    name: String,
    direction: Direction,
}

impl<'a> Types<'a> {
    /// Starts without any type; `chosen` names win over the document's, and what goes
    /// two ways becomes one type for requests and another for responses.
    pub fn new(
        resolver: &'a Resolver<'a>,
        chosen: &'a BTreeMap<String, String>,
        directions: Directions,
    ) -> Self {
        let reserved = chosen.values().map(String::as_str);
        Self {
            resolver,
            chosen,
            directions,
            direction: Direction::Received,
            scope: Scope::with_reserved(reserved),
            by_schema: HashMap::new(),
            by_content: HashMap::new(),
            depth: 0,
            open: HashMap::new(),
            put_off: VecDeque::new(),
            defs: BTreeMap::new(),
            mentions: HashMap::new(),
            unused: UnusedParts::default(),
        }
    }

    /// What no type makes use of.
    pub fn unused(&mut self) -> &mut UnusedParts {
        &mut self.unused
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

    /// The type of the schema `id`, whose values go in `direction`. `hint` is its
    /// name, should it need one and have none in the document.
    ///
    /// # Errors
    ///
    /// A schema that never arrives at a type.
    pub fn read(&mut self, id: SchemaId, hint: &str, direction: Direction) -> Result<Type> {
        self.direction = direction;
        let ty = self.read_schema(id, hint)?;
        while let Some(next) = self.put_off.pop_front() {
            self.direction = next.direction;
            self.read_put_off(&next)?;
        }
        self.direction = direction;
        Ok(ty)
    }

    fn read_put_off(&mut self, next: &PutOff) -> Result<()> {
        let definition = self.resolve(next.place.id)?;
        let kept = self.of_this_direction(&definition, &next.place)?;
        self.read_fields(&definition, &kept, &next.place, &next.name)
    }

    fn read_schema(&mut self, id: SchemaId, hint: &str) -> Result<Type> {
        let end = self.resolver.target(id);
        let end = end.map_err(|problem| self.unresolved(id, problem))?;
        let is_component = self.resolver.schema(id).role == Role::Component;
        if end == id && (!is_component || self.resolver.is_made(id)) {
            return self.read_whole(id, hint, false);
        }
        if let Some(ty) = self.by_schema.get(&self.key(end)) {
            return Ok(ty.clone());
        }
        // A list may lead back to itself by way of a struct, which the second
        // reading finds named; what has no name by then may hold anything.
        let open = self.open.entry(end).or_default();
        if *open > 1 {
            let pointer = self.resolver.schema(end).pointer.to_string();
            let why = "a list of itself has no type of Rust by itself: its items may be anything";
            self.unused.add(&pointer, "items", why);
            return Ok(Type::Any);
        }
        *open += 1;
        let component = self.component(end);
        let ty = self.read_whole(end, component.as_deref().unwrap_or(hint), true);
        if let Some(open) = self.open.get_mut(&end) {
            *open -= 1;
        }
        let ty = ty?;
        let key = self.key(end);
        self.by_schema.insert(key, ty.clone());
        Ok(ty)
    }

    /// The last name in the pointer of `id`.
    fn component(&self, id: SchemaId) -> Option<String> {
        let schema = self.resolver.schema(id);
        let (_, name) = pointer::split_last(&schema.pointer)?;
        Some(name.into_owned())
    }

    /// The type of an item of a list or a value of a map, which may be null.
    fn read_member(&mut self, id: SchemaId, hint: &str) -> Result<Type> {
        let ty = self.read_schema(id, hint)?;
        let is_nullable = self.is_nullable(&*self.resolve(id)?);
        Ok(if is_nullable && ty != Type::Any {
            Type::Nullable(Box::new(ty))
        } else {
            ty
        })
    }

    /// Whether null is a value of what `definition` describes: by itself, or as one of
    /// its alternatives.
    pub fn is_nullable(&self, definition: &Definition) -> bool {
        definition.is_nullable()
            || definition.all_alternatives().any(|alternative| {
                let resolved = self.resolver.resolve(alternative);
                resolved.is_ok_and(|it| it.is_null_alone() || it.is_nullable())
            })
    }

    fn read_whole(&mut self, id: SchemaId, hint: &str, is_component: bool) -> Result<Type> {
        if let Some(ty) = self.by_schema.get(&self.key(id)) {
            return Ok(ty.clone());
        }
        if self.depth == DEEPEST_UNNAMED {
            return Err(self.unresolved(id, Problem::TooDeep));
        }
        self.depth += 1;
        let place = self.place(id, hint, is_component);
        let ty = self.read_definition(&place);
        self.depth -= 1;
        ty
    }

    /// The type of `id` in the place and under the name of `place`, which is no more
    /// than that.
    fn read_as(&mut self, id: SchemaId, place: &Place) -> Result<Type> {
        if let Some(ty) = self.by_schema.get(&self.key(id)) {
            return Ok(ty.clone());
        }
        let place = Place {
            hint: place.hint.clone(),
            component: place.component.clone(),
            ..self.place(id, &place.hint, false)
        };
        self.read_definition(&place)
    }

    fn read_definition(&mut self, place: &Place) -> Result<Type> {
        let (id, hint) = (place.id, place.hint.as_str());
        if let Some(ty) = place
            .content
            .and_then(|content| self.by_content.get(&content))
        {
            return Ok(ty.clone());
        }
        // An alias keeps the name and the place of what it stands for.
        if let Some(target) = alias(self.resolver, id) {
            return self.read_schema(target, hint);
        }
        let definition = self.resolve(id)?;
        if let Some(ty) = self.read_subtypes(&definition, place)? {
            return Ok(ty);
        }
        if let Some(alternatives) = alternatives::of(self.resolver, &definition) {
            return self.read_alternatives(alternatives, &definition, place);
        }
        if let Some(values) = scalar::string_values(&definition) {
            return Ok(self.define_enum(&values, &definition, place));
        }
        match definition.own_shape() {
            ShapeOf::String => Ok(scalar::string(&definition)),
            ShapeOf::Boolean => Ok(Type::Bool),
            ShapeOf::Integer => Ok(Type::Integer(scalar::integer(&definition))),
            ShapeOf::Number => {
                let is_received = self.directions.is_received(self.resolver, id);
                Ok(scalar::number(&definition, is_received))
            }
            ShapeOf::Array(Some(items)) => {
                let ty = self.read_member(items, &format!("{}_item", place.hint))?;
                Ok(Type::List(Box::new(ty)))
            }
            ShapeOf::Array(None) => Ok(Type::List(Box::new(Type::Any))),
            _ => self.read_object(&definition, place),
        }
    }

    fn define_enum(&mut self, values: &[String], schema: &Definition, place: &Place) -> Type {
        let name = self.claim(place);
        let mut variants = Scope::with_reserved(["Unknown"]);
        let values = values.iter();
        let values = values.map(|value| (value.clone(), variants.claim_type(value)));
        let shape = Shape::Enum(values.collect());
        self.define(&name, place, docs(schema), shape);
        let ty = Type::Named(name);
        self.remember(place, &ty);
        ty
    }

    fn resolve(&self, id: SchemaId) -> Result<Rc<Definition>> {
        let resolved = self.resolver.resolve(id);
        resolved.map_err(|problem| self.unresolved(id, problem))
    }

    fn unresolved(&self, id: SchemaId, problem: impl Into<Problem>) -> Error {
        Error::new(&self.resolver.schema(id).pointer, problem)
    }

    /// Under which the type of `id` is remembered: what holds `readOnly` or
    /// `writeOnly` parts is one type for each direction.
    fn key(&self, id: SchemaId) -> Key {
        let is_two_way = self.directions.is_two_way(self.resolver, id);
        (id, is_two_way.then_some(self.direction))
    }

    /// Where `id` stands, and what it would be called.
    fn place(&self, id: SchemaId, hint: &str, is_component: bool) -> Place {
        let key = self.key(id);
        let schema = self.resolver.schema(id);
        let is_composed = matches!(
            &schema.kind,
            SchemaKind::Definition(definition) if !definition.all_of.is_empty()
        );
        // Of two types for one component, the received one has its name.
        let is_input = is_component && key.1 == Some(Direction::Sent);
        Place {
            id,
            hint: if is_input {
                format!("{hint}_input")
            } else {
                hint.to_owned()
            },
            component: self.component(id).filter(|_| is_component && !is_input),
            key,
            content: (is_composed && !is_component).then_some((schema.content, self.direction)),
            asked_for: match schema.purpose {
                Purpose::Request => object::asked_for(self.resolver, id),
                _ => BTreeSet::new(),
            },
        }
    }

    /// Lets what refers to the schema at `place` from within find its type.
    fn remember(&mut self, place: &Place, ty: &Type) {
        self.by_schema.insert(place.key, ty.clone());
        if let Some(content) = place.content {
            self.by_content.insert(content, ty.clone());
        }
    }

    fn claim(&mut self, place: &Place) -> String {
        let component = place.component.as_ref();
        match component.and_then(|component| self.chosen.get(component)) {
            Some(chosen) => chosen.clone(),
            None => self.scope.claim_type(&place.hint),
        }
    }

    fn define(&mut self, name: &str, place: &Place, docs: Docs, shape: Shape) {
        for ty in shape.parts() {
            if let Some(name) = ty.name() {
                *self.mentions.entry(name.to_owned()).or_default() += 1;
            }
        }
        let def = TypeDef {
            pointer: self.resolver.schema(place.id).pointer.to_string(),
            docs,
            shape,
            sent: false,
            received: false,
        };
        self.defs.insert(name.to_owned(), def);
    }
}

/// The reference that `id` is no more than, but for words and marks beside it, and the
/// type that its target has anyway.
fn alias(resolver: &Resolver<'_>, id: SchemaId) -> Option<SchemaId> {
    let schema = resolver.schema(id);
    let definition = match &schema.kind {
        SchemaKind::Reference(_) => return Some(id),
        SchemaKind::Definition(definition) => definition,
        SchemaKind::Any | SchemaKind::Missing(_) => return None,
    };
    let [only] = definition.all_of.as_slice() else {
        return None;
    };
    let alone = Definition {
        title: definition.title.clone(),
        description: definition.description.clone(),
        example: definition.example.clone(),
        default: definition.default.clone(),
        marks: definition.marks,
        extensions: definition.extensions.clone(),
        all_of: definition.all_of.clone(),
        types: definition.types.clone(),
        ..Definition::default()
    };
    let is_of_type = || {
        let target = resolver.resolve(*only);
        target.is_ok_and(|target| target.types == definition.types)
    };
    if !definition.types.is_empty() && !is_of_type() {
        return None;
    }
    let is_reference = matches!(resolver.schema(*only).kind, SchemaKind::Reference(_));
    (is_reference && alone == **definition).then_some(*only)
}

/// Where a schema stands, and what it is called.
#[derive(Clone)]
struct Place {
    id: SchemaId,
    /// Its name, where the document has none.
    hint: String,
    /// The name of the component that it is, where that is free.
    component: Option<String>,
    key: Key,
    /// What it says, where it is a composition, and the direction.
    content: Option<(ContentId, Direction)>,
    /// The properties that a schema written for a request asks for by itself.
    asked_for: BTreeSet<String>,
}

/// A schema, and the direction where the types of the two differ.
type Key = (SchemaId, Option<Direction>);

/// What the document says of a schema.
pub(super) fn docs(schema: &Definition) -> Docs {
    Docs {
        summary: None,
        description: schema.description.clone(),
        example: schema.example.clone(),
        deprecated: schema.marks.deprecated == Some(true),
    }
}

#[cfg(test)]
mod tests;
