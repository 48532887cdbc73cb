//! Turns the operations of a document into methods with claimed names.

mod answers;
mod body;
mod parameters;

use serde_json::{Map, Value};

use super::envelope::EnvelopeKeys;
use super::schema::{self, Unresolved};
use super::types::{self, Types};
use super::{Error, Result};
use crate::model::{Operation, Outcome, Type};
use crate::names::{self, Scope};
use crate::plan::Plan;
use crate::pointer;
use crate::slice;

/// Names of every builder's own methods.
pub const BUILDER_METHODS: [&str; 9] = [
    "body",
    // What the client's methods call their own values.
    "form",
    "into_stream",
    "options",
    "part",
    "request",
    "send",
    "send_raw",
    "send_stream",
];

/// Reads every operation of `document`, in its order, and the types they need.
pub fn read<'d>(document: &'d Value, plan: &Plan, types: &mut Types<'d>) -> Result<Vec<Operation>> {
    let mut operations = Vec::new();
    let chosen = plan
        .methods
        .values()
        .filter_map(|choice| choice.name.as_deref());
    let mut functions = Methods::with_reserved(chosen);
    let paths = document.get("paths").and_then(Value::as_object);
    // The document's own names come before those that are made of them.
    let mut names = Vec::new();
    for (path, method, operation) in paths.into_iter().flat_map(slice::operations) {
        let id = id(operation, method, path);
        let choice = plan.methods.get(&id).and_then(|choice| choice.name.clone());
        names.push(choice.unwrap_or_else(|| functions.claim(&id)));
    }
    let all = paths.into_iter().flat_map(slice::operations);
    for ((path, method, operation), function) in all.zip(names) {
        let item_pointer = pointer::join("/paths", path);
        let mut reader = Reader {
            document,
            types,
            functions: &mut functions,
            envelope: plan.envelope.as_ref(),
            pointer: pointer::join(&item_pointer, method),
            item_pointer: &item_pointer,
        };
        let item = paths.and_then(|paths| paths.get(path));
        let item = item.unwrap_or(&Value::Null);
        operations.extend(reader.read(path, method, item, operation, (plan, function))?);
    }
    Ok(operations)
}

/// The names of the client's methods, and of the builders that they return: each is
/// handed out once in either spelling.
struct Methods {
    methods: Scope,
    builders: Scope,
}

impl Methods {
    fn with_reserved<'n>(methods: impl Iterator<Item = &'n str> + Clone) -> Self {
        let builders: Vec<String> = methods.clone().map(names::type_name).collect();
        Self {
            methods: Scope::with_reserved(methods),
            builders: Scope::with_reserved(builders.iter().map(String::as_str)),
        }
    }

    fn claim(&mut self, wanted: &str) -> String {
        loop {
            let method = self.methods.claim_value(wanted);
            if self.builders.take(&names::type_name(&method)) {
                return method;
            }
        }
    }
}

/// The operationId, or what stands for it.
fn id(operation: &Map<String, Value>, method: &str, path: &str) -> String {
    match operation.get("operationId").and_then(Value::as_str) {
        Some(id) => id.to_owned(),
        None => format!("{method} {path}"),
    }
}

struct Reader<'r, 'd> {
    document: &'d Value,
    types: &'r mut Types<'d>,
    /// The client's methods.
    functions: &'r mut Methods,
    envelope: Option<&'r EnvelopeKeys>,
    /// Of the operation.
    pointer: String,
    /// Of the path item around it.
    item_pointer: &'r str,
}

impl Reader<'_, '_> {
    /// The operation, once for each kind of body that it takes.
    fn read(
        &mut self,
        path: &str,
        method: &str,
        item: &Value,
        operation: &Map<String, Value>,
        (plan, function): (&Plan, String),
    ) -> Result<Vec<Operation>> {
        let id = id(operation, method, path);
        let choice = plan.methods.get(&id).cloned().unwrap_or_default();
        let parameters = self.parameters(path, item, operation, &function)?;
        let (outcome, envelope) = self.outcome(operation, &function)?;
        let bodies = self.bodies(operation, &function, &parameters)?;
        let read = Operation {
            id,
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            docs: types::docs(operation),
            permissions: permissions(operation),
            idempotent: choice
                .idempotent
                .unwrap_or(matches!(method, "get" | "head" | "put" | "delete")),
            parameters,
            body: None,
            outcome,
            envelope,
            alternatives: self.alternatives(operation)?,
            answer_example: self.answer_example(operation)?,
            resource: resource(path, operation),
            function,
        };
        let mut all = Vec::with_capacity(bodies.len().max(1));
        for (index, (suffix, body)) in bodies.into_iter().enumerate() {
            let function = match index {
                0 => read.function.clone(),
                _ => self.functions.claim(&format!("{}_{suffix}", read.function)),
            };
            all.push(Operation {
                function,
                body: Some(body),
                ..read.clone()
            });
        }
        if all.is_empty() {
            all.push(read);
        }
        Ok(all)
    }

    fn resolve(&self, value: &Value, at: &str) -> Result<Map<String, Value>> {
        schema::resolve(self.document, value)
            .map(|resolved| resolved.schema)
            .map_err(|problem: Unresolved| Error::unresolved(at, problem))
    }
}

/// The essence of a media type: without parameters, in lower case.
fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence.ends_with("+json")
}

fn permissions(operation: &Map<String, Value>) -> Vec<String> {
    operation
        .get("x-cfPermissionsRequired")
        .and_then(|permissions| permissions.get("enum"))
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// What an operation is about: its first tag, or else the first word of its path.
fn resource(path: &str, operation: &Map<String, Value>) -> String {
    let tags = operation.get("tags").and_then(Value::as_array);
    let tag = tags.and_then(|tags| tags.first()?.as_str());
    let word = || {
        path.split('/')
            .find(|part| !part.is_empty() && !part.starts_with('{'))
    };
    let name = names::value_name(tag.or_else(word).unwrap_or("api"));
    match CRATES.contains(&name.as_str()) {
        true => format!("{name}_api"),
        false => name,
    }
}

/// Crates that the modules of an emitted crate name: none of these may hide them.
const CRATES: [&str; 10] = [
    "alloc",
    "bytes",
    "core",
    "futures_core",
    "jiff",
    "reqwest",
    "serde",
    "serde_json",
    "std",
    "uuid",
];

/// The name of the builder that an operation's method returns.
pub fn builder_name(operation: &Operation) -> String {
    names::type_name(&operation.function)
}

/// The named type of a list's items, where the outcome is such a list.
pub fn item_type(outcome: &Outcome) -> Option<&Type> {
    match outcome {
        Outcome::Json {
            ty: Type::List(item),
            ..
        } => Some(item),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    const ENVELOPE: &str = r#"
        [package]
        name = "shop"
        version = "1.0.0"
        description = "A shop"
        [envelope]
        success = "success"
        errors = "errors"
        messages = "messages"
        result = "result"
        result_info = "result_info"
    "#;

    fn document() -> Value {
        json!({
            "paths": { "/shops/{shop_id}/parts/{id}": {
                "parameters": [
                    { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }
                ],
                "get": {
                    "operationId": "get-part",
                    "x-cfPermissionsRequired": { "enum": ["#parts:read"] },
                    "parameters": [
                        { "name": "id", "in": "query", "schema": { "type": "integer" } },
                        { "name": "shop_id", "in": "path", "required": true, "schema": { "type": "string" } }
                    ],
                    "responses": { "200": { "content": { "application/json": { "schema": {
                        "properties": {
                            "success": { "type": "boolean" },
                            "errors": { "type": "array" },
                            "result": { "type": "array", "nullable": true, "items": { "type": "string" } }
                        }
                    } } } } }
                }
            } }
        })
    }

    fn get_part() -> Operation {
        let document = document();
        let plan = Plan::parse("plan.toml", ENVELOPE).expect("a plan");
        let chosen = BTreeMap::new();
        let mut types = Types::new(&document, &chosen, Default::default());
        let mut operations = read(&document, &plan, &mut types).expect("readable operations");
        operations.remove(0)
    }

    #[test]
    fn path_parameters_come_first_in_the_order_of_the_template() {
        let names: Vec<_> = get_part()
            .parameters
            .into_iter()
            .map(|parameter| (parameter.rust_name, parameter.required))
            .collect();
        assert_eq!(
            names,
            [
                ("shop_id".to_owned(), true),
                ("id".to_owned(), true),
                ("id_2".to_owned(), false)
            ]
        );
    }

    #[test]
    fn the_outcome_is_what_the_envelope_holds() {
        let operation = get_part();
        assert_eq!(
            operation.outcome,
            Outcome::Json {
                ty: Type::List(Box::new(Type::String)),
                nullable: true,
                paged: false,
            }
        );
        assert_eq!(operation.permissions, ["#parts:read"]);
        assert!(operation.idempotent);
    }

    #[test]
    fn what_media_types_and_security_say_is_no_parameter() {
        let mut document = document();
        let operation = &mut document["paths"]["/shops/{shop_id}/parts/{id}"]["get"];
        for name in ["Accept", "authorization", "Content-Type", "X-Trace"] {
            let header = json!({ "name": name, "in": "header", "schema": { "type": "string" } });
            let parameters = operation["parameters"].as_array_mut().expect("a list");
            parameters.push(header);
        }
        let plan = Plan::parse("plan.toml", ENVELOPE).expect("a plan");
        let chosen = BTreeMap::new();
        let mut types = Types::new(&document, &chosen, Default::default());
        let operations = read(&document, &plan, &mut types).expect("readable operations");
        let headers: Vec<&str> = operations[0]
            .parameters
            .iter()
            .filter(|parameter| parameter.place == crate::model::Place::Header)
            .map(|parameter| parameter.name.as_str())
            .collect();
        assert_eq!(headers, ["X-Trace"]);
    }

    #[test]
    fn a_method_and_its_builder_have_names_of_their_own_and_the_documents_come_first() {
        let operation = |id: &str| json!({ "operationId": id, "responses": {} });
        let mut make = operation("make");
        make["requestBody"] = json!({ "content": {
            "application/json": { "schema": { "type": "string" } }, "text/plain": {}
        } });
        let document = json!({ "paths": {
            "/a": { "get": operation("list-1"), "put": operation("list1") },
            "/b": { "get": operation("clone"), "post": make },
            "/c": { "get": operation("make_plain") }
        } });
        let plan = Plan::parse("plan.toml", ENVELOPE).expect("a plan");
        let chosen = BTreeMap::new();
        let mut types = Types::new(&document, &chosen, Default::default());
        let operations = read(&document, &plan, &mut types).expect("readable operations");
        let names: Vec<(&str, String)> = operations
            .iter()
            .map(|operation| (operation.function.as_str(), builder_name(operation)))
            .collect();
        let expected = [
            ("list_1", "List1"),
            ("list1_2", "List12"),
            ("clone", "Clone"),
            ("make", "Make"),
            ("make_plain_2", "MakePlain2"),
            ("make_plain", "MakePlain"),
        ];
        assert_eq!(
            names,
            expected.map(|(function, builder)| (function, builder.to_owned()))
        );
    }
}
