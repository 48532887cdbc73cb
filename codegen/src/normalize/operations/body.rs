//! What a request carries, for each media type that it may be of.

use indexmap::IndexMap;

use super::{BUILDER_METHODS, Reader, is_any};
use crate::model::{Body, Parameter, Part, PartKind, Type};
use crate::names::Scope;
use crate::normalize::Result;
use crate::normalize::types::{self, Direction};
use crate::openapi::{self, Definition, Encoding, MediaType, SchemaId, is_json};

/// A body that an operation takes.
pub(super) struct Taken {
    pub body: Body,
    /// The word that tells its method from the others'.
    pub word: String,
    /// The media types of bytes that are passed on as they are.
    pub content_types: Vec<String>,
    /// How its properties are written.
    pub encoding: IndexMap<String, Encoding>,
}

impl Reader<'_, '_, '_> {
    /// The bodies that the operation takes, the preferred one first. All that are
    /// passed on as they are make one. None where it takes no body.
    pub(super) fn bodies(
        &mut self,
        operation: &openapi::Operation,
        function: &str,
        parameters: &[Parameter],
    ) -> Result<Vec<Taken>> {
        let Some(body) = &operation.body else {
            return Ok(Vec::new());
        };
        let mut content: Vec<&MediaType> = body.content.iter().collect();
        content.sort_by_key(|media| self.preference(media));
        let mut bodies: Vec<Taken> = Vec::new();
        let mut plain: Option<usize> = None;
        for media in content {
            let Some(body) = self.body(media, function, body.required, parameters)? else {
                continue;
            };
            let essence = media.essence();
            if let Body::Content { media_type, .. } = &body {
                let media_type = media_type.clone();
                if let Some(taken) = plain.and_then(|index| bodies.get_mut(index)) {
                    taken.content_types.push(media_type);
                    continue;
                }
                plain = Some(bodies.len());
            }
            let word = match essence.as_str() {
                "application/x-www-form-urlencoded" => "form",
                "multipart/form-data" => "multipart",
                other => other.rsplit('/').next().unwrap_or_default(),
            };
            let is_taken = bodies.iter().any(|taken| taken.word == word);
            let word = if is_taken { &essence } else { word };
            bodies.push(Taken {
                word: word.to_owned(),
                content_types: match &body {
                    Body::Content { media_type, .. } => vec![media_type.clone()],
                    _ => Vec::new(),
                },
                body,
                encoding: media.encoding.clone(),
            });
        }
        Ok(bodies)
    }

    fn body(
        &mut self,
        media: &MediaType,
        function: &str,
        required: bool,
        parameters: &[Parameter],
    ) -> Result<Option<Body>> {
        let hint = format!("{function}_body");
        let essence = media.essence();
        Ok(Some(match (essence.as_str(), media.schema) {
            (_, Some(schema)) if self.is_json(media) => Body::Json {
                media_type: if is_any(&essence) {
                    "application/json".to_owned()
                } else {
                    media.name.clone()
                },
                ty: self.types.read(schema, &hint, Direction::Sent)?,
                required,
            },
            // JSON of which nothing is said is no body.
            (_, None) if self.is_json(media) => return Ok(None),
            ("application/x-www-form-urlencoded", Some(schema)) => Body::Form {
                ty: self.types.read(schema, &hint, Direction::Sent)?,
                required,
            },
            ("multipart/form-data", Some(schema)) => Body::Multipart {
                parts: self.parts(schema, &media.encoding, function, parameters)?,
                required,
            },
            _ => Body::Content {
                // What may be anything is said to be bytes.
                media_type: if is_any(&essence) {
                    "application/octet-stream".to_owned()
                } else {
                    media.name.clone()
                },
                required,
            },
        }))
    }

    /// The parts of a `multipart/form-data` body (OpenAPI 3.0.3, "Special
    /// Considerations for multipart Content"). Those of alternatives are united: a
    /// part is required where every alternative requires it.
    fn parts(
        &mut self,
        schema: SchemaId,
        encoding: &IndexMap<String, Encoding>,
        function: &str,
        parameters: &[Parameter],
    ) -> Result<Vec<Part>> {
        let whole = self.resolve(schema)?;
        let alternatives = whole.all_alternatives().map(|id| self.resolve(id));
        let alternatives = alternatives.collect::<Result<Vec<_>>>()?;
        let is_in_all = |name: &String| {
            !alternatives.is_empty() && alternatives.iter().all(|it| it.required.contains(name))
        };
        let taken = parameters
            .iter()
            .map(|parameter| parameter.rust_name.as_str());
        let mut scope = Scope::with_reserved(BUILDER_METHODS.into_iter().chain(taken));
        let mut parts: IndexMap<String, Part> = IndexMap::new();
        for definition in std::iter::once(&whole).chain(&alternatives) {
            for (name, property) in definition.properties() {
                // `<any part name>` stands for names that the caller chooses.
                let is_placeholder = name.contains(['<', '>']);
                if is_placeholder || parts.contains_key(name) {
                    continue;
                }
                let resolved = self.resolve(property)?;
                if resolved.marks.read_only == Some(true) {
                    continue;
                }
                let hint = format!("{function}_{name}");
                let part = Part {
                    rust_name: scope.claim_value(name),
                    required: whole.required.contains(name) || is_in_all(name),
                    kind: self.part_kind(property, &resolved, encoding.get(name), &hint)?,
                    docs: types::docs(&resolved),
                    name: name.clone(),
                };
                parts.insert(name.clone(), part);
            }
        }
        Ok(parts.into_values().collect())
    }

    fn part_kind(
        &mut self,
        property: SchemaId,
        resolved: &Definition,
        encoding: Option<&Encoding>,
        hint: &str,
    ) -> Result<PartKind> {
        // What the document says is JSON is JSON, text or not.
        let media_type = encoding.and_then(|encoding| encoding.content_type.as_deref());
        let ty = self.types.read(property, hint, Direction::Sent)?;
        let is_file = |definition: &Definition| {
            let format = definition.format.as_deref();
            matches!(format, Some("binary" | "byte" | "base64"))
        };
        Ok(match &ty {
            _ if media_type.is_some_and(is_json) => PartKind::Value(ty),
            Type::String => PartKind::File,
            Type::Any if is_file(resolved) => PartKind::File,
            Type::List(item) if **item == Type::String => match resolved.items {
                Some(items) if is_file(&*self.resolve(items)?) => PartKind::Files,
                _ => PartKind::Value(ty),
            },
            _ => PartKind::Value(ty),
        })
    }

    /// How late a media type comes among several: JSON first, which is typed whole.
    fn preference(&self, media: &MediaType) -> u8 {
        match media.essence().as_str() {
            _ if self.is_json(media) => 0,
            "multipart/form-data" => 1,
            "application/x-www-form-urlencoded" => 2,
            _ => 3,
        }
    }
}
