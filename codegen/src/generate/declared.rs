//! What a document declares of its protocol.

use std::collections::BTreeMap;

use crate::model::{SchemeKind, SecurityScheme};
use crate::openapi::{Description, Requirement};
use crate::protocol::{self, Declared, DeclaredScheme, Placement};

/// The credentials that operations ask for, by method (in capitals) and path.
pub type Security = BTreeMap<(String, String), Vec<protocol::Requirement>>;

/// What the document that `description` is of declares.
pub fn declared(description: &Description) -> (Declared, Security) {
    let server = description.servers.first();
    let mut declared = Declared {
        server: server.map(|server| server.default_url()),
        schemes: description.schemes.iter().map(declared_scheme).collect(),
        requirements: Vec::new(),
        says_security: !description.security.is_empty(),
    };
    let mut security = Security::new();
    for operation in &description.operations {
        declared.says_security |= operation.security.is_some();
        let asked_for = match &operation.security {
            Some(own) => own,
            None if description.security.is_empty() => continue,
            None => &description.security,
        };
        let asked_for: Vec<protocol::Requirement> = asked_for.iter().map(names).collect();
        for requirement in &asked_for {
            if !declared.requirements.contains(requirement) {
                declared.requirements.push(requirement.clone());
            }
        }
        let key = (
            operation.method.to_ascii_uppercase(),
            operation.path.clone(),
        );
        security.insert(key, asked_for);
    }
    (declared, security)
}

fn names(requirement: &Requirement) -> protocol::Requirement {
    requirement.schemes.keys().cloned().collect()
}

fn declared_scheme(scheme: &SecurityScheme) -> DeclaredScheme {
    DeclaredScheme {
        name: scheme.name.clone(),
        pointer: scheme.pointer.clone(),
        placement: placement(&scheme.kind),
    }
}

/// Where the secret of a scheme goes (OpenAPI 3.0.3, "Security Scheme Object"). Those
/// of OAuth 2 and OpenID Connect are bearer tokens to whoever has one.
fn placement(kind: &SchemeKind) -> Result<Placement, String> {
    match kind {
        SchemeKind::Header(name) => Ok(Placement::Header { name: name.clone() }),
        SchemeKind::Query(name) => Ok(Placement::Query { name: name.clone() }),
        SchemeKind::Cookie(name) => Ok(Placement::Cookie { name: name.clone() }),
        SchemeKind::Basic => Ok(Placement::Basic),
        SchemeKind::Bearer { .. } | SchemeKind::OAuth2 | SchemeKind::OpenIdConnect(_) => {
            Ok(Placement::Bearer)
        }
        SchemeKind::OtherHttp(name) => Err(format!("http {name}")),
        SchemeKind::Unknown(kind) => Err(kind.clone()),
    }
}
