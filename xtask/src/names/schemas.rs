//! Finds the schemas of a document that become types, as far as lengths of names
//! depend on them: what is equal is one, and belongs where all its users meet.

use std::collections::{BTreeMap, BTreeSet};

use codegen::names::remembered::Remembered;
use codegen::names::resources::{Operation, Place as Method};
use codegen::names::short::{
    Owner, Place, Prefixes, Renames, Role, Step, TypeName, Wish, candidates, common_module,
    telling_properties, type_names,
};
use serde_json::{Map, Value};

use super::read;

/// Members of a schema that say nothing about its shape.
const SILENT: [&str; 9] = [
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "readOnly",
    "title",
    "writeOnly",
];

/// How deep schemas are followed.
const DEEPEST: usize = 24;

/// A type: the places where its schema stands, and the resources that use it.
#[derive(Default)]
struct Found<'d> {
    places: BTreeSet<Place<'d>>,
    users: BTreeSet<Vec<String>>,
}

/// What is walked through, and what was found so far.
struct Walk<'d> {
    document: &'d Value,
    types: BTreeMap<String, Found<'d>>,
    user: Vec<String>,
    seen: BTreeSet<&'d str>,
}

/// Names for all types that the operations of `document` use, with their methods.
pub fn names<'d>(
    document: &'d Value,
    operations: &[(Operation<'d>, &'d Map<String, Value>)],
    methods: &'d [Method],
) -> Vec<TypeName> {
    let mut walk = Walk {
        document,
        types: BTreeMap::new(),
        user: Vec::new(),
        seen: BTreeSet::new(),
    };
    for ((_, operation), method) in operations.iter().zip(methods) {
        walk.user.clone_from(&method.resource);
        walk.seen.clear();
        walk.operation(operation, method);
    }
    let components = document.pointer("/components/schemas");
    let components = components.and_then(Value::as_object);
    let prefixes = Prefixes::of(
        components
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str()),
    );
    let mut wishes = Vec::new();
    for (shape, found) in walk.types {
        // Components come first, then what stands nearest to its owner.
        let is_inline = |place: &Place<'_>| {
            !(place.steps.is_empty() && matches!(place.owner, Owner::Component(_)))
        };
        let best = found
            .places
            .iter()
            .min_by_key(|place| (is_inline(place), place.steps.len(), *place));
        if let Some(place) = best {
            wishes.push(Wish {
                key: shape,
                module: common_module(found.users.iter().map(Vec::as_slice)),
                rank: u8::from(is_inline(place)),
                candidates: candidates(place, &prefixes, &Renames::default()),
            });
        }
    }
    type_names(wishes, &Remembered::default())
        .into_values()
        .collect()
}

impl<'d> Walk<'d> {
    fn operation(&mut self, operation: &'d Map<String, Value>, method: &'d Method) {
        let owner = |role| Owner::Operation {
            resource: method.resource.last().map_or("", String::as_str),
            method: &method.method,
            role,
        };
        let parameters = operation.get("parameters").and_then(Value::as_array);
        for parameter in parameters.into_iter().flatten() {
            let parameter = read::resolve(self.document, parameter);
            let name = parameter.get("name").and_then(Value::as_str);
            if let (Some(name), Some(schema)) = (name, parameter.get("schema")) {
                self.schema(schema, owner(Role::Parameter(name)), &mut Vec::new());
            }
        }
        if let Some(body) = operation.get("requestBody") {
            for schema in contents(read::resolve(self.document, body)) {
                self.schema(schema, owner(Role::Body), &mut Vec::new());
            }
        }
        let responses = operation.get("responses").and_then(Value::as_object);
        for (status, response) in responses.into_iter().flatten() {
            if !status.starts_with('2') {
                continue;
            }
            for schema in contents(read::resolve(self.document, response)) {
                let content = read::property(self.document, schema, "result", 0);
                let schema = content.unwrap_or(schema);
                self.schema(schema, owner(Role::Response), &mut Vec::new());
            }
        }
    }

    fn schema(&mut self, schema: &'d Value, owner: Owner<'d>, steps: &mut Vec<Step<'d>>) {
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let name = target.rsplit('/').next().unwrap_or_default();
            let found = read::resolve(self.document, schema);
            let is_new = self.seen.insert(name);
            if is_new {
                self.schema(found, Owner::Component(name), &mut Vec::new());
            }
            return;
        }
        if steps.len() > DEEPEST {
            return;
        }
        if is_type(schema) {
            let found = self.types.entry(shape(schema)).or_default();
            found.users.insert(self.user.clone());
            found.places.insert(Place {
                owner,
                steps: steps.clone(),
            });
        }
        self.within(schema, owner, steps);
    }

    /// What stands within a schema.
    fn within(&mut self, schema: &'d Value, owner: Owner<'d>, steps: &mut Vec<Step<'d>>) {
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            self.step(Step::Property(name), property, owner, steps);
        }
        if let Some(items) = schema.get("items") {
            self.step(Step::Item, items, owner, steps);
        }
        if let Some(values) = schema
            .get("additionalProperties")
            .filter(|it| it.is_object())
        {
            self.step(Step::Value, values, owner, steps);
        }
        let parts = |key: &str| schema.get(key).and_then(Value::as_array);
        for key in ["oneOf", "anyOf"] {
            let alternatives = parts(key).map_or(&[][..], Vec::as_slice);
            let properties = |schema: &'d Value| {
                let schema = read::resolve(self.document, schema);
                let properties = schema.get("properties").and_then(Value::as_object);
                properties
                    .into_iter()
                    .flatten()
                    .map(|(name, _)| name.as_str())
                    .collect()
            };
            let properties: Vec<Vec<&str>> = alternatives.iter().map(properties).collect();
            let telling = telling_properties(&properties);
            for (alternative, telling) in alternatives.iter().zip(telling) {
                let title = alternative.get("title").and_then(Value::as_str);
                self.step(
                    Step::Alternative(title.or(telling)),
                    alternative,
                    owner,
                    steps,
                );
            }
        }
        // The parts become one with the whole; only what is within them is a type.
        for part in parts("allOf").into_iter().flatten() {
            match part.get("$ref").and_then(Value::as_str) {
                Some(target) => {
                    let name = target.rsplit('/').next().unwrap_or_default();
                    let found = read::resolve(self.document, part);
                    if self.seen.insert(name) {
                        self.within(found, Owner::Component(name), &mut Vec::new());
                    }
                }
                None => self.within(part, owner, steps),
            }
        }
    }

    fn step(
        &mut self,
        step: Step<'d>,
        schema: &'d Value,
        owner: Owner<'d>,
        steps: &mut Vec<Step<'d>>,
    ) {
        steps.push(step);
        self.schema(schema, owner, steps);
        steps.pop();
    }
}

fn contents(holder: &Value) -> impl Iterator<Item = &Value> {
    let content = holder.get("content").and_then(Value::as_object);
    let media = content.into_iter().flatten();
    media.filter_map(|(_, media)| media.get("schema"))
}

/// Whether a schema becomes a type with a name: a struct, an enumeration, a union.
fn is_type(schema: &Value) -> bool {
    let count = |key: &str| match schema.get(key) {
        Some(Value::Array(members)) => members.len(),
        Some(Value::Object(members)) => members.len(),
        _ => 0,
    };
    let is_text = schema.get("type").and_then(Value::as_str) == Some("string");
    count("properties") > 0
        || (is_text && count("enum") > 0)
        || count("oneOf") > 1
        || count("anyOf") > 1
        || count("allOf") > 1
}

/// The schema without what says nothing about its shape: equal for equal types.
fn shape(schema: &Value) -> String {
    fn strip(value: &Value, is_schema: bool) -> Value {
        match value {
            Value::Object(members) => {
                let kept = members.iter().filter(|(key, _)| {
                    !is_schema || !(SILENT.contains(&key.as_str()) || key.starts_with("x-"))
                });
                // The members of `properties` are names, not keywords.
                let stripped: BTreeMap<_, _> = kept
                    .map(|(key, member)| (key, strip(member, !is_schema || key != "properties")))
                    .collect();
                serde_json::to_value(stripped).unwrap_or_default()
            }
            Value::Array(members) => members.iter().map(|member| strip(member, true)).collect(),
            other => other.clone(),
        }
    }
    strip(schema, true).to_string()
}
