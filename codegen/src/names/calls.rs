//! The calls of a crate.

use super::claim::{Facts, TypeNames};
use super::types::{docs, type_ref};
use super::{Scope, modules, samples, type_name};
use crate::model::{self, Api, Operation, Outcome, ParameterLocation, PartKind};
use crate::surface::{
    Alternative, Body, BodyField, Call, Encoding, Envelope, FieldEncoding, Kind, Location, Output,
    Paging, Parameter, ParameterStyle, Part, PartContent, PathStyle, QueryStyle, StatusOutput,
    Surface, TypeRef,
};

/// The client's own methods, and one that it implements a trait with.
const OF_CLIENT: [&str; 8] = [
    "borrow", "builder", "clone", "core", "fmt", "from_env", "new", "request",
];

/// Methods that builders have beside their setters, and what the client's methods
/// call their own values.
pub const OF_BUILDERS: [&str; 10] = [
    "body",
    "clone",
    "form",
    "into_stream",
    "options",
    "part",
    "request",
    "send",
    "send_raw",
    "send_stream",
];

/// The calls of `api`, whose types are in `surface`.
pub fn calls(api: &Api, names: &TypeNames, facts: &Facts<'_>, surface: &Surface) -> Vec<Call> {
    let mut functions = Scope::with_reserved(OF_CLIENT);
    let mut builders = Scope::default();
    let mut outputs = Scope::default();
    let mut by_status: std::collections::HashMap<&str, String> = std::collections::HashMap::new();
    let claimed: Vec<(String, String)> = api
        .operations
        .iter()
        .map(|operation| {
            loop {
                let function = functions.claim_value(&operation.function);
                let builder = format!("{}Call", type_name(&function));
                if builders.take(&builder) {
                    break (function, builder);
                }
            }
        })
        .collect();
    let operations = api.operations.iter().zip(claimed);
    operations
        .map(|(operation, (function, builder))| {
            // The calls for several kinds of body of one operation give the same.
            let status_name = match &operation.outcome {
                Outcome::ByStatus { name, .. } => by_status
                    .entry(name)
                    .or_insert_with(|| {
                        outputs.claim_type(&format!("{}Output", type_name(&function)))
                    })
                    .clone(),
                _ => String::new(),
            };
            let reader = Reader {
                api,
                operation,
                names,
                facts,
                surface,
            };
            let mut call = reader.call(function, builder, &status_name);
            call.sample = samples::sample(&call, surface);
            call
        })
        .collect()
}

struct Reader<'a> {
    api: &'a Api,
    operation: &'a Operation,
    names: &'a TypeNames,
    facts: &'a Facts<'a>,
    surface: &'a Surface,
}

impl Reader<'_> {
    fn call(&self, function: String, builder: String, status_name: &str) -> Call {
        let operation = self.operation;
        let mut scope = Scope::with_reserved(OF_BUILDERS);
        let alternatives = self.alternatives(&mut scope);
        let parameters = self.parameters(&mut scope);
        let body = operation
            .body
            .as_ref()
            .map(|body| self.body(body, &mut scope));
        Call {
            operation: operation.id.clone(),
            method: operation.method.clone(),
            path: operation.path.clone(),
            server: self.facts.protocol.server_of(&operation.servers),
            module: modules::module_name(&operation.resource),
            idempotent: operation.idempotent,
            security: self
                .facts
                .security_of(self.api, operation.security.as_ref()),
            docs: docs(&operation.docs),
            permissions: operation.permissions.clone(),
            paging: self.paging(),
            parameters,
            body,
            output: self.output(&operation.outcome, status_name),
            envelope: envelope(operation.envelope),
            alternatives,
            response_example: operation.response_example.clone(),
            sample: Default::default(),
            function,
            builder,
        }
    }

    fn alternatives(&self, scope: &mut Scope) -> Vec<Alternative> {
        let alternatives = self.operation.alternatives.iter();
        let alternatives = alternatives.map(|alternative| Alternative {
            media_type: alternative.media_type.clone(),
            method: scope.claim_value(&alternative.method),
            is_text: alternative.is_text,
        });
        alternatives.collect()
    }

    fn parameters(&self, scope: &mut Scope) -> Vec<Parameter> {
        let parameters = self.operation.parameters.iter();
        let parameters = parameters.chain(&self.operation.cookies);
        let parameters = parameters.map(|parameter| {
            let (location, ty, style) = self.written(parameter);
            Parameter {
                name: parameter.name.clone(),
                rust_name: scope.claim_value(&parameter.rust_name),
                location,
                style,
                required: parameter.required,
                ty,
                docs: docs(&parameter.docs),
            }
        });
        parameters.collect()
    }

    /// Where a parameter goes, what it takes, and how that is written.
    fn written(&self, parameter: &model::Parameter) -> (Location, TypeRef, ParameterStyle) {
        let written = &parameter.written;
        let ty = self.type_ref(&parameter.ty);
        let is_whole = matches!(ty, TypeRef::List(_) | TypeRef::Map(_) | TypeRef::Type(_));
        match parameter.location {
            // What the model leaves to the caller to spell has a style of its own.
            ParameterLocation::Path if parameter.described != parameter.ty => {
                let style = ParameterStyle::Path {
                    style: match written.style {
                        model::Style::Label => PathStyle::Label,
                        model::Style::Matrix => PathStyle::Matrix,
                        _ => PathStyle::Simple,
                    },
                    explode: written.explode,
                };
                (Location::Path, self.type_ref(&parameter.described), style)
            }
            ParameterLocation::Path => {
                let style = match written.style {
                    model::Style::Label => PathStyle::Label,
                    model::Style::Matrix => PathStyle::Matrix,
                    _ => return (Location::Path, ty, ParameterStyle::Default),
                };
                let explode = written.explode;
                (Location::Path, ty, ParameterStyle::Path { style, explode })
            }
            ParameterLocation::Query(style) => {
                let style = query_style(style);
                let style = match (written.allow_reserved, style) {
                    (true, style) => ParameterStyle::QueryReserved(style),
                    (false, QueryStyle::Form) => ParameterStyle::Default,
                    (false, style) => ParameterStyle::Query(style),
                };
                (Location::Query, ty, style)
            }
            ParameterLocation::Header if is_whole && written.explode => {
                (Location::Header, ty, ParameterStyle::HeaderExploded)
            }
            ParameterLocation::Header => (Location::Header, ty, ParameterStyle::Default),
            ParameterLocation::Cookie if is_whole && !written.explode => {
                (Location::Cookie, ty, ParameterStyle::CookieJoined)
            }
            ParameterLocation::Cookie => (Location::Cookie, ty, ParameterStyle::Default),
        }
    }

    /// How fields of a form, or parts of one, are written.
    fn encodings(&self) -> Vec<FieldEncoding> {
        let encodings = self.operation.encoding.iter();
        let encodings = encodings.map(|(name, encoding)| FieldEncoding {
            name: name.clone(),
            style: form_style(encoding),
            allow_reserved: encoding.allow_reserved,
            content_type: encoding.content_type.clone(),
        });
        encodings.filter(FieldEncoding::says_something).collect()
    }

    fn body(&self, body: &model::Body, scope: &mut Scope) -> Body {
        let (ty, required, encoding) = match body {
            model::Body::Multipart { parts, required } => {
                let optional = !*required && parts.iter().all(|part| !part.required);
                let parts = parts.iter().map(|part| self.part(part, scope));
                return Body::Parts {
                    parts: parts.collect(),
                    encodings: self.encodings(),
                    optional,
                };
            }
            model::Body::Content {
                media_type,
                required,
            } => {
                let media_types = match self.operation.content_types.as_slice() {
                    [] => vec![media_type.clone()],
                    several => several.to_vec(),
                };
                let is_range = |media_type: &String| media_type.ends_with("/*");
                return Body::Content {
                    is_chosen: media_types.len() > 1
                        || media_types.iter().any(|it| is_range(it) && it != "*/*"),
                    media_types,
                    required: *required,
                };
            }
            model::Body::Json {
                media_type,
                ty,
                required,
            } => (ty, *required, Encoding::Json(media_type.clone())),
            model::Body::Form { ty, required } => (ty, *required, Encoding::Form(self.encodings())),
        };
        let ty = self.type_ref(ty);
        if let Some(fields) = self.fields(&ty, required, scope) {
            return Body::Fields {
                ty: ty.named().unwrap_or_default().to_owned(),
                fields,
                optional: !required,
                encoding,
            };
        }
        Body::Whole {
            ty,
            required,
            encoding,
        }
    }

    /// The fields of a body, where they are given one by one. Additional properties,
    /// and fields that it would not do without, are for a value made by itself.
    fn fields(&self, ty: &TypeRef, required: bool, scope: &mut Scope) -> Option<Vec<BodyField>> {
        let TypeRef::Type(name) = ty else {
            return None;
        };
        let Kind::Struct {
            fields,
            additional: None,
        } = &self.surface.type_named(name)?.kind
        else {
            return None;
        };
        if !required && fields.iter().any(|field| field.required) {
            return None;
        }
        let named = fields.iter();
        let named: Vec<String> = named
            .map(|field| scope.claim_value(&field.rust_name))
            .collect();
        let given = fields
            .iter()
            .zip(named)
            .map(|(field, rust_name)| BodyField {
                field: field.rust_name.clone(),
                rust_name,
                null_setter: field
                    .null_setter
                    .as_ref()
                    .map(|name| scope.claim_value(name)),
            });
        Some(given.collect())
    }

    fn part(&self, part: &model::Part, scope: &mut Scope) -> Part {
        Part {
            name: part.name.clone(),
            rust_name: scope.claim_value(&part.rust_name),
            content: match &part.kind {
                PartKind::File => PartContent::File,
                PartKind::Files => PartContent::Files,
                PartKind::Value(ty) => PartContent::Value(self.type_ref(ty)),
            },
            required: part.required,
            docs: docs(&part.docs),
        }
    }

    fn output(&self, outcome: &Outcome, status_name: &str) -> Output {
        match outcome {
            Outcome::Json { ty, nullable, .. } => Output::Json {
                ty: self.type_ref(ty),
                nullable: *nullable,
            },
            Outcome::Nothing => Output::Nothing,
            Outcome::Text => Output::Text,
            Outcome::Bytes => Output::Bytes,
            Outcome::ByStatus { outcomes, .. } => {
                let mut scope = Scope::default();
                let variants = outcomes.iter().map(|one| StatusOutput {
                    statuses: one.statuses.clone(),
                    variant: scope.claim_type(&one.variant),
                    output: self.output(&one.outcome, ""),
                    envelope: envelope(one.envelope),
                });
                Output::ByStatus {
                    name: status_name.to_owned(),
                    variants: variants.collect(),
                }
            }
        }
    }

    /// How the pages of its list are turned, where it is one that comes in pages.
    fn paging(&self) -> Option<Paging> {
        let Outcome::Json {
            ty: model::Type::List(_),
            paged: true,
            ..
        } = &self.operation.outcome
        else {
            return None;
        };
        let pages = self.facts.protocol.pages.as_ref()?;
        let has = |name: &&String| {
            let mut parameters = self.operation.parameters.iter();
            parameters.any(|parameter| {
                parameter.name == **name
                    && matches!(parameter.location, ParameterLocation::Query(_))
            })
        };
        let paging = Paging {
            page: pages.page.as_ref().filter(has).cloned(),
            cursor: pages.cursor.as_ref().filter(has).cloned(),
        };
        (paging != Paging::default()).then_some(paging)
    }

    fn type_ref(&self, ty: &model::Type) -> TypeRef {
        type_ref(ty, self.names)
    }
}

fn query_style(style: model::QueryStyle) -> QueryStyle {
    match style {
        model::QueryStyle::Form => QueryStyle::Form,
        model::QueryStyle::FormJoined => QueryStyle::FormJoined,
        model::QueryStyle::Space => QueryStyle::Space,
        model::QueryStyle::Pipe => QueryStyle::Pipe,
        model::QueryStyle::DeepObject => QueryStyle::DeepObject,
        model::QueryStyle::Json => QueryStyle::Json,
    }
}

/// The style of a field, where the document gives it one.
fn form_style(encoding: &model::Encoding) -> Option<QueryStyle> {
    if encoding.style.is_none() && encoding.explode.is_none() {
        return None;
    }
    Some(match encoding.style {
        Some(model::Style::SpaceDelimited) => QueryStyle::Space,
        Some(model::Style::PipeDelimited) => QueryStyle::Pipe,
        Some(model::Style::DeepObject) => QueryStyle::DeepObject,
        // `form` stands apart unless it is said not to.
        _ if encoding.explode == Some(false) => QueryStyle::FormJoined,
        _ => QueryStyle::Form,
    })
}

fn envelope(envelope: model::Envelope) -> Envelope {
    match envelope {
        model::Envelope::None => Envelope::None,
        model::Envelope::Member => Envelope::Member,
        model::Envelope::Flattened => Envelope::Flattened,
    }
}
