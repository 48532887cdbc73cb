//! Turns the operations of a document into methods with claimed names.

mod body;
mod parameters;
mod responses;

use std::rc::Rc;

use super::envelope::EnvelopeKeys;
use super::types::Types;
use super::{Error, Result};
use crate::model::{Docs, Operation, Outcome, Type};
use crate::names::{self, Scope};
use crate::openapi::{self, Definition, MediaType, Resolver, SchemaId, Shape, UnusedParts};
use crate::plan::Plan;
use crate::protocol::Protocol;

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

/// Reads every operation of the document, in its order, and the types they need.
pub fn read(
    plan: &Plan,
    protocol: &Protocol,
    resolver: &Resolver<'_>,
    types: &mut Types<'_>,
) -> Result<Vec<Operation>> {
    let chosen = plan
        .methods
        .values()
        .filter_map(|choice| choice.name.as_deref());
    let mut functions = Methods::with_reserved(chosen);
    let described = &resolver.description().operations;
    // The document's own names come before those that are made of them.
    let names = described.iter().map(|operation| {
        let id = operation.name();
        let choice = plan.methods.get(&id).and_then(|choice| choice.name.clone());
        choice.unwrap_or_else(|| functions.claim(&id))
    });
    let names: Vec<String> = names.collect();
    let mut operations = Vec::new();
    for (operation, function) in described.iter().zip(names) {
        let mut reader = Reader {
            resolver,
            types,
            functions: &mut functions,
            envelope: protocol.envelope.as_ref(),
            permissions: protocol.permissions.as_deref(),
        };
        report_unused(operation, reader.types.unused());
        operations.extend(reader.read(plan, operation, function)?);
    }
    Ok(operations)
}

/// Says what an operation has that no client makes use of.
fn report_unused(operation: &openapi::Operation, unused: &mut UnusedParts) {
    let at = &operation.pointer;
    for name in &operation.callbacks {
        let why = "a client does not serve the calls that a server makes";
        unused.add(&format!("{at}/callbacks"), format!("callback {name}"), why);
    }
    for (_, response) in &operation.responses {
        for name in &response.links {
            let why = "what to do with a response is left to the caller";
            let at = format!("{}/links", response.pointer);
            unused.add(&at, format!("link {name}"), why);
        }
        for header in &response.headers {
            let why = "the caller finds it among the headers of the response, as text";
            let at = format!("{}/headers", response.pointer);
            unused.add(&at, format!("header {}", header.name), why);
        }
    }
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

struct Reader<'r, 'd, 't> {
    resolver: &'r Resolver<'d>,
    types: &'r mut Types<'t>,
    /// The client's methods.
    functions: &'r mut Methods,
    envelope: Option<&'r EnvelopeKeys>,
    /// The extension that lists permissions.
    permissions: Option<&'r str>,
}

impl Reader<'_, '_, '_> {
    /// The operation, once for each kind of body that it takes.
    fn read(
        &mut self,
        plan: &Plan,
        operation: &openapi::Operation,
        function: String,
    ) -> Result<Vec<Operation>> {
        let id = operation.name();
        let choice = plan.methods.get(&id).cloned().unwrap_or_default();
        let parameters = self.parameters(operation, &function)?;
        let (outcome, envelope) = self.outcome(operation, &function)?;
        let bodies = self.bodies(operation, &function, &parameters.sent)?;
        let body = operation.body.as_ref();
        let read = Operation {
            id,
            method: operation.method.to_ascii_uppercase(),
            path: operation.path.clone(),
            docs: Docs {
                summary: operation.summary.clone(),
                description: operation.description.clone(),
                example: None,
                deprecated: operation.deprecated,
            },
            permissions: self
                .permissions
                .map_or_else(Vec::new, |it| permissions(operation, it)),
            idempotent: choice.idempotent.unwrap_or(matches!(
                operation.method,
                "get" | "head" | "put" | "delete"
            )),
            parameters: parameters.sent,
            body: None,
            outcome,
            envelope,
            alternatives: self.alternatives(operation),
            response_example: response_example(operation),
            resource: resource(operation),
            cookies: parameters.cookies,
            security: operation.security.clone(),
            servers: operation.servers.clone(),
            content_types: Vec::new(),
            encoding: Default::default(),
            body_docs: body.and_then(|body| body.description.clone()),
            function,
        };
        let mut all = Vec::with_capacity(bodies.len().max(1));
        for (index, taken) in bodies.into_iter().enumerate() {
            let function = match index {
                0 => read.function.clone(),
                _ => self
                    .functions
                    .claim(&format!("{}_{}", read.function, taken.word)),
            };
            all.push(Operation {
                function,
                body: Some(taken.body),
                content_types: taken.content_types,
                encoding: taken.encoding,
                ..read.clone()
            });
        }
        if all.is_empty() {
            all.push(read);
        }
        Ok(all)
    }

    fn resolve(&self, id: SchemaId) -> Result<Rc<Definition>> {
        let resolved = self.resolver.resolve(id);
        resolved.map_err(|problem| Error::new(&self.resolver.schema(id).pointer, problem))
    }

    /// Whether `media` is JSON: by its name, or because it may be of any type and has
    /// a schema that only JSON has values of.
    fn is_json(&self, media: &MediaType) -> bool {
        media.is_json() || (is_any(&media.essence()) && self.has_members(media.schema))
    }

    fn has_members(&self, schema: Option<SchemaId>) -> bool {
        let resolved = schema.and_then(|schema| self.resolver.resolve(schema).ok());
        let shape = |id: &SchemaId| self.resolver.resolve(*id).ok();
        resolved.is_some_and(|it| match it.shape() {
            Shape::Object | Shape::Array(_) => true,
            Shape::Alternatives(alternatives) => alternatives
                .iter()
                .filter_map(shape)
                .any(|it| matches!(it.own_shape(), Shape::Object | Shape::Array(_))),
            _ => false,
        })
    }
}

/// Whether a media type stands for any.
fn is_any(essence: &str) -> bool {
    matches!(essence, "*/*" | "application/*" | "*")
}

fn response_example(operation: &openapi::Operation) -> Option<serde_json::Value> {
    let (_, response) = operation.successes().into_iter().next()?;
    let content = response.content.iter();
    let mut examples = content.filter_map(|media| media.examples.first());
    examples.next().map(|example| example.value.clone())
}

/// The permissions that the extension called `name` lists.
fn permissions(operation: &openapi::Operation, name: &str) -> Vec<String> {
    let listed = operation
        .extensions
        .get(name)
        .and_then(|permissions| permissions.get("enum")?.as_array());
    let listed = listed.into_iter().flatten();
    listed
        .filter_map(|it| it.as_str().map(str::to_owned))
        .collect()
}

/// What an operation is about: its first tag, or else the first word of its path.
fn resource(operation: &openapi::Operation) -> String {
    let tag = operation.tags.first().map(String::as_str);
    let word = || {
        let mut parts = operation.path.split('/');
        parts.find(|part| !part.is_empty() && !part.starts_with('{'))
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

    use serde_json::{Value, json};

    use super::*;
    use crate::openapi::describe_value;

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
                    "x-permissions": { "enum": ["#parts:read"] },
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

    fn operations(document: &Value) -> Vec<Operation> {
        let description = describe_value(document);
        let plan = Plan::parse("plan.toml", ENVELOPE).expect("a plan");
        let chosen = BTreeMap::new();
        let resolver = Resolver::new(&description);
        let mut types = Types::new(&resolver, &chosen, Default::default());
        let protocol = Protocol {
            envelope: plan.envelope.clone(),
            permissions: Some("x-permissions".to_owned()),
            ..Protocol::default()
        };
        read(&plan, &protocol, &resolver, &mut types).expect("readable operations")
    }

    fn get_part() -> Operation {
        operations(&document()).remove(0)
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
        let operations = operations(&document);
        let headers: Vec<&str> = operations[0]
            .parameters
            .iter()
            .filter(|parameter| parameter.location == crate::model::ParameterLocation::Header)
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
        let operations = operations(&document);
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
