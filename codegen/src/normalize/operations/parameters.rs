//! Values for the path, the query and the headers of a request.

use serde_json::{Map, Value};

use super::{BUILDER_METHODS, Reader};
use crate::model::{Parameter, Place, QueryStyle, Type};
use crate::names::Scope;
use crate::normalize::Result;
use crate::normalize::types::{self, Direction};
use crate::pointer;

impl Reader<'_, '_> {
    /// The parameters of the path item and of the operation, which wins; those
    /// of the path first, in the order of the template.
    pub(super) fn parameters(
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
                    // OpenAPI 3.0.3, "Parameter Object": these are said elsewhere.
                    Some("header") if is_said_elsewhere(name_of(&parameter)) => continue,
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
        let (schema, at_schema) = schema_of(parameter, at);
        let hint = format!("{function}_{name}");
        let ty = self
            .types
            .read(schema, &at_schema, &hint, Direction::Sent)?;
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
}

/// The schema of a parameter, which may stand in its one media type (OpenAPI
/// 3.0.3, "Parameter Object", `content`), and where that is.
fn schema_of<'p>(parameter: &'p Map<String, Value>, at: &str) -> (&'p Value, String) {
    let content = parameter.get("content").and_then(Value::as_object);
    let media = content.and_then(|content| content.iter().next());
    match (parameter.get("schema"), media) {
        (None, Some((media_type, media))) => {
            let at = pointer::join(&format!("{at}/content"), media_type);
            (
                media.get("schema").unwrap_or(&Value::Null),
                format!("{at}/schema"),
            )
        }
        (schema, _) => (schema.unwrap_or(&Value::Null), format!("{at}/schema")),
    }
}

fn name_of(parameter: &Map<String, Value>) -> &str {
    parameter
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// Whether a header is described by media types or security schemes.
fn is_said_elsewhere(name: &str) -> bool {
    ["accept", "authorization", "content-type"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

/// OpenAPI 3.0.3, "Parameter Object": `style` and `explode` with their defaults.
fn query_style(parameter: &Map<String, Value>) -> QueryStyle {
    if parameter.contains_key("content") && !parameter.contains_key("schema") {
        return QueryStyle::Json;
    }
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
