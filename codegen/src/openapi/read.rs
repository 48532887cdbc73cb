//! Reads a document: operations, what they take and give, who may call them.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::grammar::{self, NodeKind};
use super::read_schema::{self, Place, Schemas};
use super::{
    Description, Encoding, Example, Header, Location, MediaType, Operation, Parameter, Purpose,
    RequestBody, Requirement, Response, Role, SchemaId, SchemaKind, SchemeKind, SecurityScheme,
    Server, Style, Variable, words,
};
use crate::limits::LONGEST_PATH;
use crate::pointer;
use crate::slice;

/// Reads all of `document`.
pub(super) fn document(document: &Value) -> Description {
    let mut reader = Reader {
        document,
        schemas: Schemas::default(),
        parameters: HashMap::new(),
        bodies: HashMap::new(),
        responses: HashMap::new(),
    };
    let components = reader.components();
    let paths = document.get("paths").and_then(Value::as_object);
    let operations = paths.into_iter().flat_map(slice::operations);
    let operations = operations
        .filter_map(|(path, method, operation)| {
            if path.len() > LONGEST_PATH {
                reader.refuse(path, method);
                return None;
            }
            let item = paths.and_then(|paths| paths.get(path)?.as_object());
            Some(reader.operation(path, method, item, operation))
        })
        .collect();
    let member = |name: &str| document.get(name);
    let servers = servers(member("servers"));
    let security = requirements(member("security"));
    let schemes = reader.schemes();
    let info = |name: &str| document.pointer("/info")?.get(name)?.as_str();
    let root = document.as_object();
    let extensions = root.map(read_schema::extensions).unwrap_or_default();
    if let Some(root) = root {
        reader.unknown(NodeKind::Document, root, "");
    }
    let (schemas, by_pointer, unused) = reader.schemas.finish(document);
    let mut description = Description {
        title: info("title").unwrap_or_default().to_owned(),
        version: info("version").unwrap_or_default().to_owned(),
        description: document.pointer("/info/description").and_then(words),
        servers,
        security,
        schemes,
        operations,
        components,
        extensions,
        unused,
        schemas,
        by_pointer,
        subtypes: HashMap::new(),
    };
    description.subtypes = subtypes(&description);
    description
}

struct Reader<'d> {
    document: &'d Value,
    schemas: Schemas,
    /// What is read once and referred to often, by pointer.
    parameters: HashMap<String, Option<Rc<Parameter>>>,
    bodies: HashMap<String, Rc<RequestBody>>,
    responses: HashMap<String, Rc<Response>>,
}

impl<'d> Reader<'d> {
    fn components(&mut self) -> IndexMap<String, SchemaId> {
        let schemas = self.document.pointer("/components/schemas");
        let schemas = schemas.and_then(Value::as_object).into_iter().flatten();
        let place = Place::outermost(Role::Component, Purpose::Any);
        schemas
            .map(|(name, schema)| {
                let at = pointer::join("/components/schemas", name);
                (name.clone(), self.schemas.read(schema, &at, place))
            })
            .collect()
    }

    /// Says of an operation that it cannot be called.
    fn refuse(&mut self, path: &str, method: &str) {
        let at = pointer::join(&pointer::join("/paths", path), method);
        let why = format!("its path has more than {LONGEST_PATH} bytes, which no server takes");
        self.schemas.unused.add(&at, "operation", why);
    }

    /// What `value` at `at` is, or refers to, and where that is.
    fn followed(&self, value: &'d Value, at: &str) -> Option<(&'d Map<String, Value>, String)> {
        let (mut value, mut at) = (value, at.to_owned());
        let mut seen = HashSet::new();
        while let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            if !seen.insert(reference) {
                return None;
            }
            at = pointer::of_reference(reference)?.into_owned();
            value = self.document.pointer(&at)?;
        }
        Some((value.as_object()?, at))
    }

    /// Remembers the members of a value that are none that OpenAPI 3.0 knows.
    fn unknown(&mut self, kind: NodeKind, members: &Map<String, Value>, at: &str) {
        for name in members.keys() {
            if !name.starts_with("x-") && !grammar::is_known(kind, name) {
                let why = format!("it is no member of {kind} in OpenAPI 3.0");
                let at = pointer::join(at, name);
                self.schemas.unused.add(&at, name.as_str(), why);
            }
        }
    }

    fn operation(
        &mut self,
        path: &str,
        method: &'static str,
        item: Option<&'d Map<String, Value>>,
        operation: &'d Map<String, Value>,
    ) -> Operation {
        let item_at = pointer::join("/paths", path);
        let at = pointer::join(&item_at, method);
        self.unknown(NodeKind::Operation, operation, &at);
        let parameters = self.all_parameters(item, &item_at, operation, &at);
        let body = operation.get("requestBody");
        let body = body.and_then(|body| self.body(body, &pointer::join(&at, "requestBody")));
        let responses_at = pointer::join(&at, "responses");
        let responses = operation.get("responses").and_then(Value::as_object);
        let responses = responses.into_iter().flatten();
        let responses = responses
            .filter(|(status, _)| !grammar::is_extension(NodeKind::Response, status))
            .filter_map(|(status, response)| {
                let at = pointer::join(&responses_at, status);
                Some((status.clone(), self.response(response, &at)?))
            })
            .collect();
        let callbacks = operation.get("callbacks").and_then(Value::as_object);
        let callbacks: Vec<String> = callbacks
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect();
        let mut own_servers = servers(operation.get("servers"));
        if own_servers.is_empty() {
            own_servers = servers(item.and_then(|item| item.get("servers")));
        }
        let text = |name: &str| operation.get(name).and_then(words);
        let tags = operation.get("tags").and_then(Value::as_array);
        let tags = tags.into_iter().flatten().filter_map(Value::as_str);
        Operation {
            id: operation
                .get("operationId")
                .and_then(Value::as_str)
                .map(str::to_owned),
            method,
            path: path.to_owned(),
            summary: text("summary"),
            description: text("description"),
            deprecated: is_true(operation, "deprecated"),
            tags: tags.map(str::to_owned).collect(),
            parameters,
            body,
            responses,
            security: requirements(operation.get("security")),
            servers: own_servers,
            callbacks,
            extensions: read_schema::extensions(operation),
            pointer: at,
        }
    }

    /// The parameters of the path item and of the operation, which wins.
    fn all_parameters(
        &mut self,
        item: Option<&'d Map<String, Value>>,
        item_at: &str,
        operation: &'d Map<String, Value>,
        at: &str,
    ) -> Vec<Rc<Parameter>> {
        let shared = item.and_then(|item| item.get("parameters"));
        let own = operation.get("parameters");
        let mut found: Vec<Option<Rc<Parameter>>> = Vec::new();
        let mut known: HashMap<(Location, String), usize> = HashMap::new();
        for (parent, list) in [(item_at, shared), (at, own)] {
            let list = list.and_then(Value::as_array).into_iter().flatten();
            for (index, value) in list.enumerate() {
                let at = format!("{parent}/parameters/{index}");
                let Some(parameter) = self.parameter(value, &at) else {
                    continue;
                };
                let key = (parameter.location, parameter.name.clone());
                if let Some(earlier) = known.insert(key, found.len())
                    && let Some(slot) = found.get_mut(earlier)
                {
                    *slot = None;
                }
                found.push(Some(parameter));
            }
        }
        found.into_iter().flatten().collect()
    }

    fn parameter(&mut self, value: &'d Value, at: &str) -> Option<Rc<Parameter>> {
        let (members, at) = self.followed(value, at)?;
        if let Some(known) = self.parameters.get(&at) {
            return known.clone();
        }
        let parameter = self.new_parameter(members, &at).map(Rc::new);
        self.parameters.insert(at, parameter.clone());
        parameter
    }

    fn new_parameter(&mut self, members: &'d Map<String, Value>, at: &str) -> Option<Parameter> {
        self.unknown(NodeKind::Parameter, members, at);
        let name = members.get("name").and_then(Value::as_str);
        let location = match members.get("in").and_then(Value::as_str) {
            Some("path") => Location::Path,
            Some("query") => Location::Query,
            Some("header") => Location::Header,
            Some("cookie") => Location::Cookie,
            other => {
                let what = format!("parameter in {}", other.unwrap_or("nothing"));
                let why = "OpenAPI knows path, query, header and cookie";
                self.schemas.unused.add(at, what, why);
                return None;
            }
        };
        let own_style = members.get("style").and_then(Value::as_str);
        let style = own_style.and_then(Style::named).unwrap_or(match location {
            Location::Path | Location::Header => Style::Simple,
            Location::Query | Location::Cookie => Style::Form,
        });
        let explode = members.get("explode").and_then(Value::as_bool);
        let (schema, media_type) = self.parameter_schema(members, at, Role::Parameter);
        Some(Parameter {
            pointer: at.to_owned(),
            name: name.unwrap_or_default().to_owned(),
            location,
            required: is_true(members, "required"),
            description: members.get("description").and_then(words),
            deprecated: is_true(members, "deprecated"),
            style,
            explode: explode.unwrap_or(style == Style::Form),
            allow_reserved: is_true(members, "allowReserved"),
            media_type,
            schema,
            example: members.get("example").cloned(),
        })
    }

    /// The schema of a parameter or header, which may stand in its one media type
    /// (OpenAPI 3.0.3, "Parameter Object", `content`), and that media type.
    fn parameter_schema(
        &mut self,
        members: &'d Map<String, Value>,
        at: &str,
        role: Role,
    ) -> (Option<SchemaId>, Option<String>) {
        let place = Place::outermost(role, Purpose::Parameter);
        if let Some(schema) = members.get("schema") {
            let at = pointer::join(at, "schema");
            return (Some(self.schemas.read(schema, &at, place)), None);
        }
        let content = members.get("content").and_then(Value::as_object);
        let Some((media_type, media)) = content.and_then(|content| content.iter().next()) else {
            return (None, None);
        };
        let at = pointer::join(&pointer::join(at, "content"), media_type);
        let schema = media.get("schema").map(|schema| {
            let at = pointer::join(&at, "schema");
            self.schemas.read(schema, &at, place)
        });
        (schema, Some(media_type.clone()))
    }

    fn body(&mut self, value: &'d Value, at: &str) -> Option<Rc<RequestBody>> {
        let (members, at) = self.followed(value, at)?;
        if let Some(known) = self.bodies.get(&at) {
            return Some(Rc::clone(known));
        }
        self.unknown(NodeKind::RequestBody, members, &at);
        let place = Place::outermost(Role::Body, Purpose::Request);
        let body = Rc::new(RequestBody {
            description: members.get("description").and_then(words),
            required: is_true(members, "required"),
            content: self.content(members, &at, place),
            pointer: at.clone(),
        });
        self.bodies.insert(at, Rc::clone(&body));
        Some(body)
    }

    fn response(&mut self, value: &'d Value, at: &str) -> Option<Rc<Response>> {
        let (members, at) = self.followed(value, at)?;
        if let Some(known) = self.responses.get(&at) {
            return Some(Rc::clone(known));
        }
        self.unknown(NodeKind::Response, members, &at);
        let place = Place::outermost(Role::Response, Purpose::Response);
        let links = members.get("links").and_then(Value::as_object);
        let links = links.into_iter().flatten().map(|(name, _)| name.clone());
        let response = Rc::new(Response {
            description: members.get("description").and_then(words),
            headers: self.headers(members, &at),
            content: self.content(members, &at, place),
            links: links.collect(),
            pointer: at.clone(),
        });
        self.responses.insert(at, Rc::clone(&response));
        Some(response)
    }

    fn headers(&mut self, members: &'d Map<String, Value>, at: &str) -> Vec<Header> {
        let headers = members.get("headers").and_then(Value::as_object);
        let mut found = Vec::new();
        for (name, value) in headers.into_iter().flatten() {
            let at = pointer::join(&pointer::join(at, "headers"), name);
            let Some((header, at)) = self.followed(value, &at) else {
                continue;
            };
            let (schema, _) = self.parameter_schema(header, &at, Role::Header);
            found.push(Header {
                name: name.clone(),
                required: is_true(header, "required"),
                schema,
            });
        }
        found
    }

    fn content(
        &mut self,
        members: &'d Map<String, Value>,
        at: &str,
        place: Place,
    ) -> Vec<MediaType> {
        let content = members.get("content").and_then(Value::as_object);
        let mut found = Vec::new();
        for (name, media) in content.into_iter().flatten() {
            let at = pointer::join(&pointer::join(at, "content"), name);
            if let Some(media) = media.as_object() {
                found.push(self.media_type(name, media, &at, place));
            }
        }
        found
    }

    fn media_type(
        &mut self,
        name: &str,
        media: &'d Map<String, Value>,
        at: &str,
        place: Place,
    ) -> MediaType {
        self.unknown(NodeKind::MediaType, media, at);
        let schema = media.get("schema").map(|schema| {
            let at = pointer::join(at, "schema");
            self.schemas.read(schema, &at, place)
        });
        let mut examples = Vec::new();
        if let Some(value) = media.get("example") {
            let value = value.clone();
            let pointer = pointer::join(at, "example");
            examples.push(Example { pointer, value });
        }
        let named = media.get("examples").and_then(Value::as_object);
        for (name, example) in named.into_iter().flatten() {
            let at = pointer::join(&pointer::join(at, "examples"), name);
            if let Some((example, at)) = self.followed(example, &at)
                && let Some(value) = example.get("value")
            {
                let value = value.clone();
                let pointer = pointer::join(&at, "value");
                examples.push(Example { pointer, value });
            }
        }
        let encoding = media.get("encoding").and_then(Value::as_object);
        let encoding = encoding.into_iter().flatten();
        let encoding = encoding
            .filter_map(|(name, encoding)| {
                let at = pointer::join(&pointer::join(at, "encoding"), name);
                Some((name.clone(), self.encoding(encoding.as_object()?, &at)))
            })
            .collect();
        MediaType {
            pointer: at.to_owned(),
            name: name.to_owned(),
            schema,
            examples,
            encoding,
        }
    }

    fn encoding(&mut self, members: &'d Map<String, Value>, at: &str) -> Encoding {
        self.unknown(NodeKind::Encoding, members, at);
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        Encoding {
            content_type: text("contentType").map(str::to_owned),
            style: text("style").and_then(Style::named),
            explode: members.get("explode").and_then(Value::as_bool),
            allow_reserved: is_true(members, "allowReserved"),
            headers: self.headers(members, at),
        }
    }

    fn schemes(&self) -> Vec<SecurityScheme> {
        let schemes = self.document.pointer("/components/securitySchemes");
        let schemes = schemes.and_then(Value::as_object).into_iter().flatten();
        let schemes = schemes.filter_map(|(name, scheme)| {
            let at = pointer::join("/components/securitySchemes", name);
            let (members, at) = self.followed(scheme, &at)?;
            Some(SecurityScheme {
                name: name.clone(),
                pointer: at,
                description: members.get("description").and_then(words),
                kind: scheme_kind(members),
            })
        });
        schemes.collect()
    }
}

fn scheme_kind(members: &Map<String, Value>) -> SchemeKind {
    let text = |name: &str| {
        let text = members.get(name).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    match (text("type").as_str(), text("in").as_str()) {
        ("apiKey", "header") => SchemeKind::Header(text("name")),
        ("apiKey", "query") => SchemeKind::Query(text("name")),
        ("apiKey", "cookie") => SchemeKind::Cookie(text("name")),
        ("http", _) => match text("scheme").to_ascii_lowercase().as_str() {
            "basic" => SchemeKind::Basic,
            "bearer" => SchemeKind::Bearer {
                format: members.get("bearerFormat").and_then(words),
            },
            other => SchemeKind::OtherHttp(other.to_owned()),
        },
        ("oauth2", _) => SchemeKind::OAuth2,
        ("openIdConnect", _) => SchemeKind::OpenIdConnect(text("openIdConnectUrl")),
        (other, _) => SchemeKind::Unknown(other.to_owned()),
    }
}

fn is_true(members: &Map<String, Value>, name: &str) -> bool {
    members.get(name) == Some(&Value::Bool(true))
}

fn requirements(value: Option<&Value>) -> Option<Vec<Requirement>> {
    let list = value?.as_array()?;
    let requirements = list.iter().filter_map(|requirement| {
        let schemes = requirement.as_object()?.iter();
        let schemes = schemes.map(|(name, scopes)| {
            let scopes = scopes.as_array().into_iter().flatten();
            let scopes = scopes.filter_map(Value::as_str).map(str::to_owned);
            (name.clone(), scopes.collect())
        });
        Some(Requirement {
            schemes: schemes.collect(),
        })
    });
    Some(requirements.collect())
}

fn servers(value: Option<&Value>) -> Vec<Server> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    let servers = list.filter_map(|server| {
        let variables = server.get("variables").and_then(Value::as_object);
        let variables = variables.into_iter().flatten();
        let variables = variables.map(|(name, variable)| (name.clone(), self::variable(variable)));
        Some(Server {
            url: server.get("url")?.as_str()?.to_owned(),
            description: server.get("description").and_then(words),
            variables: variables.collect(),
        })
    });
    servers.collect()
}

fn variable(value: &Value) -> Variable {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let values = value.get("enum").and_then(Value::as_array);
    Variable {
        default: value.get("default").and_then(text).unwrap_or_default(),
        values: values.into_iter().flatten().filter_map(text).collect(),
        description: value.get("description").and_then(words),
    }
}

/// The components that are made by `allOf` of one that has a discriminator and no
/// list of alternatives, by that one; also those that are made of others of them.
fn subtypes(description: &Description) -> HashMap<SchemaId, Vec<SchemaId>> {
    let definition = |id: SchemaId| match &description.schemas.get(id.index())?.kind {
        SchemaKind::Definition(definition) => Some(definition),
        _ => None,
    };
    let mut children: HashMap<SchemaId, Vec<SchemaId>> = HashMap::new();
    for id in description.components.values().copied() {
        for part in definition(id).into_iter().flat_map(|it| &it.all_of) {
            let part = description.schemas.get(part.index());
            if let Some(SchemaKind::Reference(base)) = part.map(|part| &part.kind) {
                children.entry(*base).or_default().push(id);
            }
        }
    }
    let mut found = HashMap::new();
    for base in description.components.values().copied() {
        let is_base = definition(base)
            .is_some_and(|it| it.discriminator.is_some() && it.alternatives().is_none());
        if !is_base {
            continue;
        }
        let mut seen = HashSet::from([base]);
        let mut all = Vec::new();
        let mut open = vec![base];
        while let Some(next) = open.pop() {
            let children = children.get(&next).into_iter().flatten().copied();
            let new: Vec<SchemaId> = children.filter(|child| seen.insert(*child)).collect();
            all.extend(&new);
            open.extend(new);
        }
        if !all.is_empty() {
            all.sort_unstable();
            found.insert(base, all);
        }
    }
    found
}
