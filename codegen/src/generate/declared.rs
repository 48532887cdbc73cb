//! What a clean document declares of its protocol, read from its tree.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::pointer;
use crate::protocol::{Declared, DeclaredScheme, Placement, Requirement};
use crate::slice;

/// The credentials that operations ask for, by method (in capitals) and path.
pub type Security = BTreeMap<(String, String), Vec<Requirement>>;

/// What `document`, whose first server is `server`, declares.
pub fn declared(document: &Value, server: &str) -> (Declared, Security) {
    let schemes = document.pointer("/components/securitySchemes");
    let schemes = schemes.and_then(Value::as_object).into_iter().flatten();
    let whole = document.get("security");
    let mut declared = Declared {
        server: (!server.is_empty()).then(|| server.to_owned()),
        schemes: schemes
            .map(|(name, scheme)| declared_scheme(name, scheme))
            .collect(),
        requirements: Vec::new(),
        says_security: whole.is_some(),
    };
    let mut security = Security::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, method, operation) in paths.into_iter().flat_map(slice::operations) {
        let own = operation.get("security");
        declared.says_security |= own.is_some();
        let Some(requirements) = own.or(whole).map(requirements) else {
            continue;
        };
        for requirement in &requirements {
            if !declared.requirements.contains(requirement) {
                declared.requirements.push(requirement.clone());
            }
        }
        let key = (method.to_ascii_uppercase(), path.to_owned());
        security.insert(key, requirements);
    }
    (declared, security)
}

fn requirements(security: &Value) -> Vec<Requirement> {
    let alternatives = security.as_array().into_iter().flatten();
    let together = alternatives.filter_map(Value::as_object);
    together
        .map(|schemes| schemes.keys().cloned().collect())
        .collect()
}

fn declared_scheme(name: &str, scheme: &Value) -> DeclaredScheme {
    DeclaredScheme {
        name: name.to_owned(),
        pointer: pointer::join("/components/securitySchemes", name),
        placement: scheme.as_object().map_or(Err(String::new()), placement),
    }
}

/// Where the secret of a scheme goes (OpenAPI 3.0.3, "Security Scheme Object"). Those
/// of OAuth 2 and OpenID Connect are bearer tokens to whoever has one.
fn placement(scheme: &Map<String, Value>) -> Result<Placement, String> {
    let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
    let name = text("name").to_owned();
    match (text("type"), text("in")) {
        ("http", _) if text("scheme").eq_ignore_ascii_case("bearer") => Ok(Placement::Bearer),
        ("http", _) if text("scheme").eq_ignore_ascii_case("basic") => Ok(Placement::Basic),
        ("oauth2" | "openIdConnect", _) => Ok(Placement::Bearer),
        ("apiKey", "header") => Ok(Placement::Header { name }),
        ("apiKey", "query") => Ok(Placement::Query { name }),
        ("apiKey", "cookie") => Ok(Placement::Cookie { name }),
        ("http", _) => Err(format!("http {}", text("scheme"))),
        (kind, _) => Err(kind.to_owned()),
    }
}
