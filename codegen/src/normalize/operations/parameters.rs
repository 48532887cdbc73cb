//! Values for the path, the query, the headers and the cookies of a request.

use std::collections::HashMap;
use std::rc::Rc;

use super::{BUILDER_METHODS, Reader};
use crate::model::{Docs, Parameter, ParameterLocation, QueryStyle, Type, Written};
use crate::names::Scope;
use crate::normalize::Result;
use crate::normalize::types::{self, Direction};
use crate::openapi::{self, Location, Style};

/// The parameters of an operation.
pub(super) struct Parameters {
    /// Those of the path first, in the order of the template.
    pub sent: Vec<Parameter>,
    /// Those that go into cookies.
    pub cookies: Vec<Parameter>,
}

impl Reader<'_, '_, '_> {
    /// The parameters of the path item and of the operation.
    pub(super) fn parameters(
        &mut self,
        operation: &openapi::Operation,
        function: &str,
    ) -> Result<Parameters> {
        let mut found: Vec<Rc<openapi::Parameter>> = Vec::new();
        for parameter in &operation.parameters {
            // OpenAPI 3.0.3, "Parameter Object": these are said elsewhere.
            if parameter.location == Location::Header && is_said_elsewhere(&parameter.name) {
                let what = format!("parameter {}", parameter.name);
                let why = "media types and security schemes say what this header is";
                self.types.unused().add(&parameter.pointer, what, why);
                continue;
            }
            found.push(Rc::clone(parameter));
        }
        let places = places_in(&operation.path);
        found.sort_by_key(|parameter| match parameter.location {
            Location::Path => {
                let location = places.get(parameter.name.as_str());
                location.copied().unwrap_or(operation.path.len())
            }
            _ => usize::MAX,
        });
        let mut scope = Scope::with_reserved(BUILDER_METHODS);
        let mut parameters = Parameters {
            sent: Vec::with_capacity(found.len()),
            cookies: Vec::new(),
        };
        for described in found {
            let parameter = self.parameter(&described, function, &mut scope)?;
            if parameter.location == ParameterLocation::Cookie {
                let what = format!("cookie {}", parameter.name);
                let why = "cookies are left to the transport";
                self.types.unused().add(&described.pointer, what, why);
                parameters.cookies.push(parameter);
            } else {
                parameters.sent.push(parameter);
            }
        }
        Ok(parameters)
    }

    fn parameter(
        &mut self,
        parameter: &openapi::Parameter,
        function: &str,
        scope: &mut Scope,
    ) -> Result<Parameter> {
        let name = parameter.name.as_str();
        let mut docs = Docs {
            summary: None,
            description: parameter.description.clone(),
            example: parameter.example.clone(),
            deprecated: parameter.deprecated,
        };
        let described = match parameter.schema {
            Some(schema) => {
                let hint = format!("{function}_{name}");
                let ty = self.types.read(schema, &hint, Direction::Sent)?;
                let of_schema = types::docs(&*self.resolve(schema)?);
                docs.description = docs.description.or(of_schema.description);
                docs.example = docs.example.or(of_schema.example);
                ty
            }
            None => Type::Any,
        };
        // A list or an object has no one spelling in a path: callers spell it.
        let ty = match parameter.location {
            Location::Path if !self.types.is_scalar(&described) => Type::String,
            _ => described.clone(),
        };
        let location = match parameter.location {
            Location::Path => ParameterLocation::Path,
            Location::Query => ParameterLocation::Query(query_style(parameter)),
            Location::Header => ParameterLocation::Header,
            Location::Cookie => ParameterLocation::Cookie,
        };
        Ok(Parameter {
            rust_name: scope.claim_value(name),
            name: name.to_owned(),
            required: location == ParameterLocation::Path || parameter.required,
            location,
            ty,
            described,
            written: Written {
                style: parameter.style,
                explode: parameter.explode,
                allow_reserved: parameter.allow_reserved,
                media_type: parameter.media_type.clone(),
            },
            docs,
        })
    }
}

/// Where in a path each of the names in braces stands first.
fn places_in(path: &str) -> HashMap<&str, usize> {
    let mut places = HashMap::new();
    let mut rest = path;
    while let Some((_, from_brace)) = rest.split_once('{') {
        let Some((name, after)) = from_brace.split_once('}') else {
            break;
        };
        places.entry(name).or_insert(path.len() - from_brace.len());
        rest = after;
    }
    places
}

/// Whether a header is described by media types or security schemes.
fn is_said_elsewhere(name: &str) -> bool {
    ["accept", "authorization", "content-type"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

fn query_style(parameter: &openapi::Parameter) -> QueryStyle {
    if parameter.media_type.is_some() {
        return QueryStyle::Json;
    }
    match (parameter.style, parameter.explode) {
        (Style::DeepObject, _) => QueryStyle::DeepObject,
        (Style::SpaceDelimited, _) => QueryStyle::Space,
        (Style::PipeDelimited, _) => QueryStyle::Pipe,
        (_, false) => QueryStyle::FormJoined,
        (_, true) => QueryStyle::Form,
    }
}
