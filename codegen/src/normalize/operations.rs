//! Turns the operations of a document into methods with claimed names.

use serde_json::{Map, Value};

use super::envelope::{self, EnvelopeKeys};
use super::schema::{self, Unresolved};
use super::types::{self, Types};
use super::{Error, Result};
use crate::model::{Body, Operation, Outcome, Parameter, Place, QueryStyle, Type};
use crate::names::{self, Scope};
use crate::plan::Plan;
use crate::pointer;
use crate::slice::METHODS;

/// Names of every builder's own methods.
pub const BUILDER_METHODS: [&str; 5] = ["body", "into_stream", "options", "send", "send_raw"];

/// Names of the client's own methods.
const CLIENT_METHODS: [&str; 4] = ["builder", "from_env", "new", "request"];

/// Reads every operation of `document`, in its order, and the types they need.
pub fn read<'d>(document: &'d Value, plan: &Plan, types: &mut Types<'d>) -> Result<Vec<Operation>> {
    let mut operations = Vec::new();
    let chosen = plan
        .methods
        .values()
        .filter_map(|choice| choice.name.as_deref());
    let mut functions = Scope::with_reserved(CLIENT_METHODS.into_iter().chain(chosen));
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        let item_pointer = pointer::join("/paths", path);
        for method in METHODS {
            let Some(operation) = item.get(method).and_then(Value::as_object) else {
                continue;
            };
            let mut reader = Reader {
                document,
                types,
                envelope: plan.envelope.as_ref(),
                pointer: pointer::join(&item_pointer, method),
                item_pointer: &item_pointer,
            };
            operations.push(reader.read(path, method, item, operation, &mut functions, plan)?);
        }
    }
    Ok(operations)
}

struct Reader<'r, 'd> {
    document: &'d Value,
    types: &'r mut Types<'d>,
    envelope: Option<&'r EnvelopeKeys>,
    /// Of the operation.
    pointer: String,
    /// Of the path item around it.
    item_pointer: &'r str,
}

impl Reader<'_, '_> {
    fn read(
        &mut self,
        path: &str,
        method: &str,
        item: &Value,
        operation: &Map<String, Value>,
        functions: &mut Scope,
        plan: &Plan,
    ) -> Result<Operation> {
        let id = match operation.get("operationId").and_then(Value::as_str) {
            Some(id) => id.to_owned(),
            None => format!("{method} {path}"),
        };
        let choice = plan.methods.get(&id).cloned().unwrap_or_default();
        let function = match choice.name {
            Some(name) => name,
            None => functions.claim_value(&id),
        };
        let parameters = self.parameters(path, item, operation, &function)?;
        let (outcome, enveloped) = self.outcome(operation, &function)?;
        Ok(Operation {
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            docs: types::docs(operation),
            permissions: permissions(operation),
            idempotent: choice
                .idempotent
                .unwrap_or(matches!(method, "get" | "head" | "put" | "delete")),
            parameters,
            body: self.body(operation, &function)?,
            outcome,
            enveloped,
            answer_example: self.answer_example(operation)?,
            resource: resource(path, operation),
            function,
            id,
        })
    }

    /// The parameters of the path item and of the operation, which wins; those
    /// of the path first, in the order of the template.
    fn parameters(
        &mut self,
        path: &str,
        item: &Value,
        operation: &Map<String, Value>,
        function: &str,
    ) -> Result<Vec<Parameter>> {
        let shared = item.get("parameters").and_then(Value::as_array);
        let own = operation.get("parameters").and_then(Value::as_array);
        let placed = [
            (self.item_pointer.to_owned(), shared),
            (self.pointer.clone(), own),
        ];
        let mut found: Vec<(String, &str, Map<String, Value>)> = Vec::new();
        for (parent, list) in placed {
            for (index, parameter) in list.into_iter().flatten().enumerate() {
                let at = format!("{parent}/parameters/{index}");
                let parameter = self.resolve(parameter, &at)?;
                let place = match parameter.get("in").and_then(Value::as_str) {
                    Some("path") => "path",
                    Some("query") => "query",
                    Some("header") => "header",
                    // Cookies are the transport's business.
                    _ => continue,
                };
                let same = |other: &(String, &str, Map<String, Value>)| {
                    other.1 == place && other.2.get("name") == parameter.get("name")
                };
                found.retain(|other| !same(other));
                found.push((at, place, parameter));
            }
        }
        found.sort_by_key(|(_, place, parameter)| {
            let template = format!("{{{}}}", name_of(parameter));
            match *place {
                "path" => path.find(&template).unwrap_or(path.len()),
                _ => usize::MAX,
            }
        });
        let mut scope = Scope::with_reserved(BUILDER_METHODS);
        found
            .into_iter()
            .map(|(at, place, parameter)| {
                self.parameter(&at, place, &parameter, function, &mut scope)
            })
            .collect()
    }

    fn parameter(
        &mut self,
        at: &str,
        place: &str,
        parameter: &Map<String, Value>,
        function: &str,
        scope: &mut Scope,
    ) -> Result<Parameter> {
        let name = name_of(parameter);
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        let hint = format!("{function}_{name}");
        let ty = self.types.read(schema, &format!("{at}/schema"), &hint)?;
        // A list or an object has no one spelling in a path: callers spell it.
        let ty = match place {
            "path" if !self.types.is_scalar(&ty) => Type::String,
            _ => ty,
        };
        let mut docs = types::docs(parameter);
        let of_schema = types::docs(&self.resolve(schema, at)?);
        docs.description = docs.description.or(of_schema.description);
        docs.example = docs.example.or(of_schema.example);
        let place = match place {
            "path" => Place::Path,
            "query" => Place::Query(query_style(parameter)),
            _ => Place::Header,
        };
        Ok(Parameter {
            rust_name: scope.claim_value(name),
            name: name.to_owned(),
            required: place == Place::Path || parameter.get("required") == Some(&Value::Bool(true)),
            place,
            ty,
            docs,
        })
    }

    fn body(&mut self, operation: &Map<String, Value>, function: &str) -> Result<Option<Body>> {
        let Some(body) = operation.get("requestBody") else {
            return Ok(None);
        };
        let at = pointer::join(&self.pointer, "requestBody");
        let body = self.resolve(body, &at)?;
        let content = body.get("content").and_then(Value::as_object);
        let Some(content) = content else {
            return Ok(None);
        };
        if let Some((media_type, schema)) = json_schema(content) {
            let at = format!(
                "{}/schema",
                pointer::join(&format!("{at}/content"), media_type)
            );
            let ty = self.types.read(schema, &at, &format!("{function}_body"))?;
            let required = body.get("required") == Some(&Value::Bool(true));
            return Ok(Some(Body::Json { ty, required }));
        }
        Ok(content.keys().next().map(|media_type| Body::Bytes {
            media_type: media_type.clone(),
        }))
    }

    /// What the first of the success responses holds, and whether it comes in
    /// the envelope.
    fn outcome(
        &mut self,
        operation: &Map<String, Value>,
        function: &str,
    ) -> Result<(Outcome, bool)> {
        let responses = operation.get("responses").and_then(Value::as_object);
        let success = responses
            .into_iter()
            .flatten()
            .find(|(status, _)| status.starts_with('2'));
        let Some((status, response)) = success else {
            return Ok((Outcome::Nothing, false));
        };
        let at = pointer::join(&pointer::join(&self.pointer, "responses"), status);
        let response = self.resolve(response, &at)?;
        let Some(content) = response.get("content").and_then(Value::as_object) else {
            return Ok((Outcome::Nothing, false));
        };
        let Some((media_type, schema)) = json_schema(content) else {
            let is_text = |media_type: &String| media_type.starts_with("text/");
            let outcome = match content.keys().next() {
                None => Outcome::Nothing,
                Some(media_type) if is_text(media_type) => Outcome::Text,
                Some(_) => Outcome::Bytes,
            };
            return Ok((outcome, false));
        };
        let at = format!(
            "{}/schema",
            pointer::join(&format!("{at}/content"), media_type)
        );
        let resolved = self.resolve(schema, &at)?;
        let enveloped = self
            .envelope
            .and_then(|keys| envelope::unwrap(&resolved, keys));
        let is_enveloped = enveloped.is_some();
        let (schema, paged) = match enveloped {
            None => (schema.clone(), false),
            Some(envelope::Enveloped { result: None, .. }) => {
                return Ok((Outcome::Nothing, true));
            }
            Some(envelope::Enveloped {
                result: Some(result),
                paged,
            }) => (result, paged),
        };
        let ty = self
            .types
            .read(&schema, &at, &format!("{function}_result"))?;
        let nullable = self.resolve(&schema, &at)?.get("nullable") == Some(&Value::Bool(true));
        let outcome = Outcome::Json {
            ty,
            nullable,
            paged,
        };
        Ok((outcome, is_enveloped))
    }

    /// The example that the document gives for the JSON of a success.
    fn answer_example(&self, operation: &Map<String, Value>) -> Result<Option<Value>> {
        let responses = operation.get("responses").and_then(Value::as_object);
        let success = responses
            .into_iter()
            .flatten()
            .find(|(status, _)| status.starts_with('2'));
        let Some((_, response)) = success else {
            return Ok(None);
        };
        let response = self.resolve(response, &self.pointer)?;
        let content = response.get("content").and_then(Value::as_object);
        Ok(content.into_iter().flatten().find_map(|(_, media)| {
            let named = || {
                let examples = media.get("examples")?.as_object()?;
                examples.values().next()?.get("value")
            };
            media.get("example").or_else(named).cloned()
        }))
    }

    fn resolve(&self, value: &Value, at: &str) -> Result<Map<String, Value>> {
        schema::resolve(self.document, value)
            .map(|resolved| resolved.schema)
            .map_err(|problem: Unresolved| Error::unresolved(at, problem))
    }
}

fn name_of(parameter: &Map<String, Value>) -> &str {
    parameter
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// OpenAPI 3.0.3, "Parameter Object": `style` and `explode` with their defaults.
fn query_style(parameter: &Map<String, Value>) -> QueryStyle {
    let style = parameter.get("style").and_then(Value::as_str);
    let explode = parameter.get("explode").and_then(Value::as_bool);
    match (style, explode) {
        (Some("deepObject"), _) => QueryStyle::DeepObject,
        (Some("spaceDelimited"), _) => QueryStyle::Space,
        (Some("pipeDelimited"), _) => QueryStyle::Pipe,
        (_, Some(false)) => QueryStyle::FormJoined,
        _ => QueryStyle::Form,
    }
}

/// The schema of the JSON media type among `content`, where there is one.
fn json_schema(content: &Map<String, Value>) -> Option<(&String, &Value)> {
    content
        .iter()
        .filter(|(media_type, _)| {
            let essence = media_type.split(';').next().unwrap_or_default().trim();
            essence == "application/json" || essence.ends_with("+json")
        })
        .find_map(|(media_type, media)| Some((media_type, media.get("schema")?)))
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
    names::value_name(tag.or_else(word).unwrap_or("api"))
}

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
        let mut types = Types::new(&document, &chosen);
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
}
