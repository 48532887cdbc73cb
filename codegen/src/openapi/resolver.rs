//! Says what a schema is, once references are followed and parts are merged.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::all_of::{self, Disagreement};
use super::read_schema::content_text;
use super::schema::{ContentId, Definition, Schema, SchemaId, SchemaKind};
use super::{Description, Purpose, Role};
use crate::limits::MOST_MERGED;
use crate::type_check::{Kind, Schemas};

/// Why a schema cannot be resolved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    /// A `$ref` names nothing in the document.
    #[error("`$ref` to `{0}`, which is not in the document")]
    Missing(String),
    /// References and parts lead back to themselves.
    #[error(
        "`$ref`s or `allOf`s that never arrive at a schema, by way of `{0}`; one of them must be replaced by a definition"
    )]
    Endless(String),
    /// The parts of `allOf`s repeat more than can be merged.
    #[error(
        "merging the `allOf`s up to that of `{0}` copies more than {MOST_MERGED} properties; fewer schemas should repeat them"
    )]
    TooMuch(String),
}

type Resolved = Result<Rc<Definition>, Unresolved>;

/// Resolves the schemas of a description, each once, and adds those that are made of
/// others.
#[derive(Debug)]
pub struct Resolver<'d> {
    description: &'d Description,
    /// The schemas that were made; their ids follow those of the document.
    made: RefCell<Vec<Rc<Schema>>>,
    contents: RefCell<HashMap<String, ContentId>>,
    /// Where references end.
    ends: RefCell<HashMap<SchemaId, SchemaId>>,
    resolved: RefCell<HashMap<SchemaId, Resolved>>,
    pairs: RefCell<HashMap<(SchemaId, SchemaId), SchemaId>>,
    merged: Cell<usize>,
    disagreements: RefCell<Vec<Disagreement>>,
}

impl<'d> Resolver<'d> {
    /// A resolver that has not resolved anything yet.
    pub fn new(description: &'d Description) -> Self {
        Self {
            description,
            made: RefCell::default(),
            contents: RefCell::default(),
            ends: RefCell::default(),
            resolved: RefCell::default(),
            pairs: RefCell::default(),
            merged: Cell::new(0),
            disagreements: RefCell::default(),
        }
    }

    /// The document that is resolved.
    pub fn description(&self) -> &'d Description {
        self.description
    }

    /// Where parts of an `allOf` said different things, so far.
    pub fn disagreements(&self) -> Vec<Disagreement> {
        self.disagreements.borrow().clone()
    }

    /// The schema of `id`, as it is written.
    pub fn schema(&self, id: SchemaId) -> Rc<Schema> {
        let known = self.description.schemas.get(id.index());
        let made = || {
            let index = id.index() - self.description.schemas.len();
            self.made.borrow().get(index).map(Rc::clone)
        };
        known.map(Rc::clone).or_else(made).unwrap_or_else(|| {
            // No id is made without its schema.
            Rc::new(Schema {
                pointer: "".into(),
                role: Role::Component,
                purpose: Purpose::Any,
                is_within: false,
                content: ContentId(0),
                kind: SchemaKind::Any,
            })
        })
    }

    /// Whether `id` was made of other schemas, and stands nowhere in the document.
    pub fn is_made(&self, id: SchemaId) -> bool {
        id.index() >= self.description.schemas.len()
    }

    /// The schema that `id` refers to in the end; `id` itself if it is no reference.
    ///
    /// # Errors
    ///
    /// A reference to nothing, and references in a circle.
    pub fn target(&self, id: SchemaId) -> Result<SchemaId, Unresolved> {
        let mut way = Vec::new();
        let mut end = id;
        loop {
            if let Some(known) = self.ends.borrow().get(&end) {
                end = *known;
                break;
            }
            let schema = self.schema(end);
            match &schema.kind {
                SchemaKind::Reference(next) => {
                    if way.len() > self.description.schemas.len() {
                        return Err(Unresolved::Endless(format!("#{}", schema.pointer)));
                    }
                    way.push(end);
                    end = *next;
                }
                SchemaKind::Missing(reference) => {
                    return Err(Unresolved::Missing(reference.to_string()));
                }
                SchemaKind::Any | SchemaKind::Definition(_) => break,
            }
        }
        let mut ends = self.ends.borrow_mut();
        ends.extend(way.into_iter().map(|id| (id, end)));
        Ok(end)
    }

    /// What `id` says, without references and `allOf` at its top: parts are merged,
    /// and what stands beside an `allOf` counts as its last part.
    ///
    /// # Errors
    ///
    /// See [`Unresolved`].
    pub fn resolve(&self, id: SchemaId) -> Resolved {
        let id = self.target(id)?;
        if let Some(known) = self.resolved.borrow().get(&id) {
            return known.clone();
        }
        // Parts are resolved before what is made of them, without recursion: they may
        // lie in each other as deep as the document likes.
        let mut open = vec![(id, false)];
        let mut around: HashSet<SchemaId> = HashSet::new();
        while let Some((id, are_parts_done)) = open.pop() {
            if self.resolved.borrow().contains_key(&id) && !are_parts_done {
                continue;
            }
            let schema = self.schema(id);
            let definition = match &schema.kind {
                SchemaKind::Definition(definition) => Rc::clone(definition),
                _ => Rc::default(),
            };
            if definition.all_of.is_empty() {
                self.remember(id, Ok(definition));
            } else if are_parts_done {
                around.remove(&id);
                self.remember(id, self.merged(id, &schema, &definition));
            } else if !around.insert(id) {
                let endless = Unresolved::Endless(format!("#{}", schema.pointer));
                self.remember(id, Err(endless));
            } else {
                open.push((id, true));
                for part in definition.all_of.iter().rev() {
                    match self.target(*part) {
                        Ok(part) => open.push((part, false)),
                        Err(problem) => self.remember(id, Err(problem)),
                    }
                }
            }
        }
        let resolved = self.resolved.borrow().get(&id).cloned();
        resolved.unwrap_or_else(|| Ok(Rc::default()))
    }

    fn remember(&self, id: SchemaId, resolved: Resolved) {
        self.resolved.borrow_mut().entry(id).or_insert(resolved);
    }

    /// The parts of `definition`, which are resolved, and itself in one.
    fn merged(&self, id: SchemaId, schema: &Schema, definition: &Definition) -> Resolved {
        let mut parts = Vec::with_capacity(definition.all_of.len() + 1);
        for part in &definition.all_of {
            let target = self.target(*part)?;
            let known = self.resolved.borrow().get(&target).cloned();
            let mut part = match known {
                Some(resolved) => resolved?,
                None => Rc::default(),
            };
            if self.leads_back(&part, id) {
                let mut alone = Definition::clone(&part);
                alone.one_of = None;
                alone.any_of = None;
                part = Rc::new(alone);
            }
            // What tells the subtypes of a base apart says nothing of one of them.
            if part.discriminator.is_some() && part.alternatives().is_none() {
                let mut alone = Definition::clone(&part);
                alone.discriminator = None;
                part = Rc::new(alone);
            }
            parts.push(part);
        }
        let mut beside = definition.clone();
        beside.all_of = Vec::new();
        parts.push(Rc::new(beside));
        let size: usize = parts.iter().map(|part| size(part)).sum();
        self.merged.set(self.merged.get().saturating_add(size));
        if self.merged.get() > MOST_MERGED {
            return Err(Unresolved::TooMuch(format!("#{}", schema.pointer)));
        }
        let (merged, found) = all_of::merge(self, schema, &parts);
        self.disagreements.borrow_mut().extend(found);
        Ok(Rc::new(merged))
    }

    /// Whether `part`, of which `id` is made, lists `id` as one of its alternatives:
    /// then it is the base of a hierarchy, and not a choice once more.
    fn leads_back(&self, part: &Definition, id: SchemaId) -> bool {
        part.discriminator.is_some()
            && part
                .all_alternatives()
                .any(|alternative| self.target(alternative) == Ok(id))
    }

    /// A schema that was not in the document: `definition` at the place of `like`.
    pub fn make(&self, like: &Schema, definition: Definition) -> SchemaId {
        let content = {
            let content = |id: SchemaId| Some(self.schema(id).content);
            let text = content_text(&definition, &content);
            let mut contents = self.contents.borrow_mut();
            // Those of the document are below the number of its schemas.
            let next = self.description.schemas.len() + contents.len();
            *contents.entry(text).or_insert(ContentId(next as u32))
        };
        let schema = Schema {
            pointer: Rc::clone(&like.pointer),
            role: like.role,
            purpose: like.purpose,
            is_within: like.is_within,
            content,
            kind: SchemaKind::Definition(Rc::new(definition)),
        };
        let mut made = self.made.borrow_mut();
        let id = SchemaId((self.description.schemas.len() + made.len()) as u32);
        made.push(Rc::new(schema));
        id
    }

    /// A reference to `id`, as it would stand elsewhere in the document.
    #[cfg(test)]
    pub(crate) fn reference_to(&self, id: SchemaId) -> SchemaId {
        let like = self.schema(id);
        let reference = self.make(&like, Definition::default());
        let mut made = self.made.borrow_mut();
        let index = reference.index() - self.description.schemas.len();
        if let Some(schema) = made.get_mut(index).map(Rc::make_mut) {
            schema.kind = SchemaKind::Reference(id);
        }
        reference
    }

    /// The schema of what is both `first` and `second`, of which the latter wins.
    pub fn both(&self, first: SchemaId, second: SchemaId) -> SchemaId {
        if let Some(known) = self.pairs.borrow().get(&(first, second)) {
            return *known;
        }
        let definition = Definition {
            all_of: vec![first, second],
            ..Definition::default()
        };
        let like = self.schema(second);
        let id = self.make(&like, definition);
        self.pairs.borrow_mut().insert((first, second), id);
        id
    }
}

/// How much is copied to merge `part`.
fn size(part: &Definition) -> usize {
    let properties = part.properties.as_ref().map_or(0, |all| all.len());
    properties + part.required.len() + part.all_alternatives().count() + 1
}

impl Schemas for Resolver<'_> {
    type Schema = SchemaId;
    type Definition = Rc<Definition>;

    fn identity(&self, schema: SchemaId) -> usize {
        schema.index()
    }

    fn definitions(&self, schema: SchemaId) -> Vec<Rc<Definition>> {
        self.resolve(schema).into_iter().collect()
    }

    fn kinds(&self, definition: &Rc<Definition>) -> Option<Vec<Kind>> {
        (!definition.types.is_empty()).then(|| definition.types.clone())
    }

    fn alternatives(&self, definition: &Rc<Definition>) -> Vec<Vec<SchemaId>> {
        let lists = [&definition.one_of, &definition.any_of];
        lists.into_iter().flatten().cloned().collect()
    }

    fn property(&self, definition: &Rc<Definition>, name: &str) -> Option<SchemaId> {
        definition.property(name)
    }

    fn additional(&self, definition: &Rc<Definition>) -> Option<SchemaId> {
        definition.additional_values()
    }

    fn items(&self, definition: &Rc<Definition>) -> Option<SchemaId> {
        definition.items
    }
}
