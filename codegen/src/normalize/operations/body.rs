//! What a request carries, for each media type that it may be of.

use serde_json::{Map, Value};

use super::{BUILDER_METHODS, Reader, essence, is_json};
use crate::model::{Body, Parameter, Part, PartKind, Type};
use crate::names::Scope;
use crate::normalize::types::{self, Direction};
use crate::normalize::{Result, schema};
use crate::pointer;

impl Reader<'_, '_> {
    /// The bodies that the operation takes, the preferred one first, each with the
    /// word that tells its method from the others'. None where it takes no body.
    pub(super) fn bodies(
        &mut self,
        operation: &Map<String, Value>,
        function: &str,
        parameters: &[Parameter],
    ) -> Result<Vec<(String, Body)>> {
        let Some(body) = operation.get("requestBody") else {
            return Ok(Vec::new());
        };
        let at = match body.get("$ref").and_then(Value::as_str) {
            Some(reference) => reference.trim_start_matches('#').to_owned(),
            None => pointer::join(&self.pointer, "requestBody"),
        };
        let body = self.resolve(body, &at)?;
        let required = body.get("required") == Some(&Value::Bool(true));
        let content = body.get("content").and_then(Value::as_object);
        let mut media_types: Vec<(&String, &Value)> = content.into_iter().flatten().collect();
        media_types.sort_by_key(|(media_type, _)| preference(media_type));
        let mut bodies: Vec<(String, Body)> = Vec::with_capacity(media_types.len());
        for (media_type, media) in media_types {
            let at = pointer::join(&format!("{at}/content"), media_type);
            let Some(body) = self.body(media_type, media, &at, function, required, parameters)?
            else {
                continue;
            };
            let essence = essence(media_type);
            let word = match essence.as_str() {
                "application/x-www-form-urlencoded" => "form",
                "multipart/form-data" => "multipart",
                other => other.rsplit('/').next().unwrap_or_default(),
            };
            let is_taken = bodies.iter().any(|(taken, _)| taken == word);
            let word = if is_taken {
                essence.clone()
            } else {
                word.to_owned()
            };
            bodies.push((word, body));
        }
        Ok(bodies)
    }

    fn body(
        &mut self,
        media_type: &str,
        media: &Value,
        at: &str,
        function: &str,
        required: bool,
        parameters: &[Parameter],
    ) -> Result<Option<Body>> {
        let schema = media.get("schema");
        let at_schema = format!("{at}/schema");
        let hint = format!("{function}_body");
        let essence = essence(media_type);
        Ok(Some(match (essence.as_str(), schema) {
            (_, Some(schema)) if is_json(media_type) => Body::Json {
                media_type: media_type.to_owned(),
                ty: self
                    .types
                    .read(schema, &at_schema, &hint, Direction::Sent)?,
                required,
            },
            // JSON of which nothing is said is no body.
            (_, None) if is_json(media_type) => return Ok(None),
            ("application/x-www-form-urlencoded", Some(schema)) => Body::Form {
                ty: self
                    .types
                    .read(schema, &at_schema, &hint, Direction::Sent)?,
                required,
            },
            ("multipart/form-data", Some(schema)) => {
                let encoding = media.get("encoding");
                Body::Multipart {
                    parts: self.parts(schema, encoding, &at_schema, function, parameters)?,
                    required,
                }
            }
            _ => Body::Content {
                media_type: media_type.to_owned(),
                required,
            },
        }))
    }

    /// The parts of a `multipart/form-data` body (OpenAPI 3.0.3, "Special
    /// Considerations for multipart Content"). Those of alternatives are united: a
    /// part is required where every alternative requires it.
    fn parts(
        &mut self,
        schema: &Value,
        encoding: Option<&Value>,
        at: &str,
        function: &str,
        parameters: &[Parameter],
    ) -> Result<Vec<Part>> {
        let whole = self.resolve(schema, at)?;
        let mut schemas = vec![(at.to_owned(), whole.clone())];
        for keyword in ["oneOf", "anyOf"] {
            let alternatives = whole.get(keyword).and_then(Value::as_array);
            for (index, alternative) in alternatives.into_iter().flatten().enumerate() {
                let at = format!("{at}/{keyword}/{index}");
                let alternative = self.resolve(alternative, &at)?;
                schemas.push((at, alternative));
            }
        }
        let taken = parameters
            .iter()
            .map(|parameter| parameter.rust_name.as_str());
        let mut scope = Scope::with_reserved(BUILDER_METHODS.into_iter().chain(taken));
        let mut parts: Vec<Part> = Vec::new();
        for (at, schema) in &schemas {
            let properties = schema.get("properties").and_then(Value::as_object);
            for (name, property) in properties.into_iter().flatten() {
                // `<any part name>` stands for names that the caller chooses.
                let is_placeholder = name.contains(['<', '>']);
                if is_placeholder || parts.iter().any(|part| part.name == *name) {
                    continue;
                }
                let at = pointer::join(&format!("{at}/properties"), name);
                let resolved = self.resolve(property, &at)?;
                if resolved.get("readOnly") == Some(&Value::Bool(true)) {
                    continue;
                }
                let is_in_all = schemas.len() > 1
                    && schemas
                        .iter()
                        .skip(1)
                        .all(|(_, schema)| schema::requires(schema, name));
                let hint = format!("{function}_{name}");
                parts.push(Part {
                    rust_name: scope.claim_value(name),
                    required: schema::requires(&whole, name) || is_in_all,
                    kind: self.part_kind(property, &resolved, encoding, name, (&at, &hint))?,
                    docs: types::docs(&resolved),
                    name: name.clone(),
                });
            }
        }
        Ok(parts)
    }

    fn part_kind(
        &mut self,
        property: &Value,
        resolved: &Map<String, Value>,
        encoding: Option<&Value>,
        name: &str,
        (at, hint): (&str, &str),
    ) -> Result<PartKind> {
        // What the document says is JSON is JSON, text or not.
        let media_type =
            encoding.and_then(|encoding| encoding.get(name)?.get("contentType")?.as_str());
        let ty = self.types.read(property, at, hint, Direction::Sent)?;
        let is_file = |schema: &Map<String, Value>| {
            let format = schema.get("format").and_then(Value::as_str);
            matches!(format, Some("binary" | "byte" | "base64"))
        };
        Ok(match &ty {
            _ if media_type.is_some_and(is_json) => PartKind::Value(ty),
            Type::String => PartKind::File,
            Type::Any if is_file(resolved) => PartKind::File,
            Type::List(item) if **item == Type::String => {
                let items = resolved.get("items").unwrap_or(&Value::Null);
                match is_file(&self.resolve(items, at)?) {
                    true => PartKind::Files,
                    false => PartKind::Value(ty),
                }
            }
            _ => PartKind::Value(ty),
        })
    }
}

/// How late a media type comes among several: JSON first, which is typed whole.
fn preference(media_type: &str) -> u8 {
    match essence(media_type).as_str() {
        _ if is_json(media_type) => 0,
        "multipart/form-data" => 1,
        "application/x-www-form-urlencoded" => 2,
        _ => 3,
    }
}
