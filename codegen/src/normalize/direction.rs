//! What a request carries, and what a response.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::model::{Api, Null, Shape, Type, TypeDef};
use crate::openapi::{Definition, Description, Operation, Resolver, SchemaId, SchemaKind};

/// What requests and responses make of a document's schemas.
#[derive(Debug, Clone, Default)]
pub struct Directions {
    sent: HashSet<SchemaId>,
    received: HashSet<SchemaId>,
    /// Those that hold a `readOnly` or `writeOnly` schema, directly or by way of
    /// others.
    marked: HashSet<SchemaId>,
    /// Those that are the whole body of a request.
    bodies: HashSet<SchemaId>,
}

impl Directions {
    /// Those of `description`.
    pub fn of(description: &Description) -> Self {
        let outermost = |parts: fn(&Operation) -> Vec<SchemaId>| -> Vec<SchemaId> {
            description.operations.iter().flat_map(parts).collect()
        };
        let edges = Edges::of(description);
        Self {
            sent: edges.reach(outermost(sent), |_| true),
            received: edges.reach(outermost(received), |_| true),
            marked: edges.marked(description),
            bodies: edges.reach(outermost(bodies), |is_within| !is_within),
        }
    }

    /// Whether a request carries something else of `id` than a response does: both
    /// reach it, and something in it is `readOnly` or `writeOnly`. What was made of
    /// other schemas counts as reached by both.
    pub fn is_two_way(&self, resolver: &Resolver<'_>, id: SchemaId) -> bool {
        if resolver.is_made(id) {
            return self.is_marked(resolver, id);
        }
        self.marked.contains(&id) && self.sent.contains(&id) && self.received.contains(&id)
    }

    /// Whether a response may hold it.
    pub fn is_received(&self, resolver: &Resolver<'_>, id: SchemaId) -> bool {
        resolver.is_made(id) || self.received.contains(&id)
    }

    /// Whether it is the whole body of a request, or a part or alternative of one.
    pub fn is_body(&self, id: SchemaId) -> bool {
        self.bodies.contains(&id)
    }

    fn is_marked(&self, resolver: &Resolver<'_>, id: SchemaId) -> bool {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if self.marked.contains(&id) {
                return true;
            }
            if resolver.is_made(id)
                && let SchemaKind::Definition(definition) = &resolver.schema(id).kind
            {
                if has_mark(definition) {
                    return true;
                }
                open.extend(definition.children());
            }
        }
        false
    }
}

fn has_mark(definition: &Definition) -> bool {
    let marks = definition.marks;
    marks.read_only == Some(true) || marks.write_only == Some(true)
}

fn bodies(operation: &Operation) -> Vec<SchemaId> {
    let content = operation.body.iter().flat_map(|body| &body.content);
    content.filter_map(|media| media.schema).collect()
}

fn sent(operation: &Operation) -> Vec<SchemaId> {
    let parameters = operation.parameters.iter();
    let parameters = parameters.filter_map(|parameter| parameter.schema);
    parameters.chain(bodies(operation)).collect()
}

fn received(operation: &Operation) -> Vec<SchemaId> {
    let responses = operation.responses.iter();
    let content = responses.flat_map(|(_, response)| &response.content);
    content.filter_map(|media| media.schema).collect()
}

/// Which schemas stand in which, and whether as values within their values.
struct Edges {
    inner: HashMap<SchemaId, Vec<(SchemaId, bool)>>,
}

impl Edges {
    fn of(description: &Description) -> Self {
        let inner = description.schemas().map(|(id, schema)| {
            let inner: Vec<(SchemaId, bool)> = match &schema.kind {
                SchemaKind::Reference(target) => vec![(*target, false)],
                SchemaKind::Definition(definition) => {
                    let same = definition.all_of.iter().copied();
                    let same = same.chain(definition.all_alternatives());
                    let same: HashSet<SchemaId> = same.collect();
                    let subtypes = description.subtypes(id).iter().map(|id| (*id, false));
                    let children = definition.children();
                    let children = children.map(|child| (child, !same.contains(&child)));
                    children.chain(subtypes).collect()
                }
                SchemaKind::Any | SchemaKind::Missing(_) => Vec::new(),
            };
            (id, inner)
        });
        Self {
            inner: inner.collect(),
        }
    }

    /// What `outermost` lead to, by the edges that `follows` takes.
    fn reach(&self, outermost: Vec<SchemaId>, follows: fn(bool) -> bool) -> HashSet<SchemaId> {
        let mut reached = HashSet::new();
        let mut open = outermost;
        while let Some(id) = open.pop() {
            if reached.insert(id) {
                let inner = self.inner.get(&id).into_iter().flatten();
                let inner = inner.filter(|(_, is_within)| follows(*is_within));
                open.extend(inner.map(|(inner, _)| *inner));
            }
        }
        reached
    }

    fn marked(&self, description: &Description) -> HashSet<SchemaId> {
        let mut outer: HashMap<SchemaId, Vec<SchemaId>> = HashMap::new();
        for (id, inner) in &self.inner {
            for (inner, _) in inner {
                outer.entry(*inner).or_default().push(*id);
            }
        }
        let own = description.schemas().filter(|(_, schema)| {
            matches!(&schema.kind, SchemaKind::Definition(definition) if has_mark(definition))
        });
        let mut open: Vec<SchemaId> = own.map(|(id, _)| id).collect();
        let mut marked = HashSet::new();
        while let Some(id) = open.pop() {
            if marked.insert(id) {
                open.extend(outer.get(&id).into_iter().flatten());
            }
        }
        marked
    }
}

/// Marks every type of `api` as sent, as received, or as both. Every field of what
/// is received becomes optional, none of them tells null from nothing, and its whole
/// numbers are wide.
pub fn mark(api: &mut Api) {
    for operation in &api.operations {
        let sent = operation.sent();
        sent.for_each(|ty| spread(ty, &mut api.types, &|def| &mut def.sent));
        let received = operation.received();
        received.for_each(|ty| spread(ty, &mut api.types, &|def| &mut def.received));
    }
    for operation in &mut api.operations {
        operation.received_mut().for_each(Type::widen);
    }
    for def in api.types.values_mut().filter(|def| def.received) {
        def.shape.parts_mut().for_each(Type::widen);
        if let Shape::Struct { fields, rest } = &mut def.shape {
            // What has no name beside what has one may be of another type than is said,
            // which must not make the whole unreadable.
            if let Some(rest) = rest.as_mut().filter(|_| !fields.is_empty()) {
                rest.ty = Type::Any;
            }
            for field in fields {
                field.optional = true;
                field.nullable = false;
            }
        }
    }
    for def in api.types.values_mut().filter(|def| !def.sent) {
        if let Shape::Struct { fields, .. } = &mut def.shape {
            for field in fields {
                field.null = Null::Never;
            }
        }
    }
}

fn spread(
    ty: &Type,
    types: &mut BTreeMap<String, TypeDef>,
    mark: &impl Fn(&mut TypeDef) -> &mut bool,
) {
    let mut open = vec![ty.clone()];
    while let Some(ty) = open.pop() {
        match ty {
            Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => open.push(*inner),
            Type::Named(name) => {
                let Some(def) = types.get_mut(&name) else {
                    continue;
                };
                if !std::mem::replace(mark(def), true) {
                    open.extend(def.shape.parts().cloned());
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::openapi::describe_value;

    #[test]
    fn a_component_of_both_ways_with_a_marked_property_is_two() {
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let media = |name: &str| json!({ "content": { "application/json": { "schema": reference(name) } } });
        let description = describe_value(&json!({
            "paths": { "/a": { "put": {
                "requestBody": media("zone"),
                "responses": { "200": media("zone"), "201": media("answer") }
            } } },
            "components": { "schemas": {
                "zone": { "properties": { "owner": reference("owner"), "plan": reference("plan") } },
                "owner": { "properties": { "id": { "readOnly": true } } },
                "plan": { "properties": { "name": {} } },
                "answer": { "properties": { "at": { "readOnly": true } } }
            } }
        }));
        let directions = Directions::of(&description);
        let resolver = Resolver::new(&description);
        let components = description.components.iter();
        let two_way = components.filter(|(_, id)| directions.is_two_way(&resolver, **id));
        let two_way: Vec<&str> = two_way.map(|(name, _)| name.as_str()).collect();
        assert_eq!(two_way, ["zone", "owner"]);
    }
}
