//! What a document declares of its protocol.

use super::Placement;
use crate::openapi::{self, Description, SchemeKind};

/// What a document declares of its protocol.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// The URL of the first server, its variables at their defaults.
    pub server: Option<String>,
    /// The URL of the first server of each operation that has its own, or whose path
    /// has, with the operation's JSON pointer.
    pub of_operations: Vec<(String, String)>,
    /// The security schemes of its components, in their order.
    pub schemes: Vec<DeclaredScheme>,
    /// Every Security Requirement Object that an operation is subject to, each
    /// once, in the order in which they occur.
    pub requirements: Vec<Requirement>,
    /// Whether `security` occurs anywhere, be it empty.
    pub says_security: bool,
}

/// A security scheme as a document declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredScheme {
    /// Its key in `components/securitySchemes`.
    pub name: String,
    /// Its JSON pointer.
    pub pointer: String,
    /// Where its secret goes, or its `type` where clients do not know it.
    pub placement: Result<Placement, String>,
}

/// The names of schemes that are needed together; none where a request needs no
/// credentials.
pub type Requirement = Vec<String>;

impl Declared {
    /// What `description` declares.
    pub fn of(description: &Description) -> Self {
        let server = description.servers.first();
        let mut declared = Self {
            server: server.map(openapi::Server::default_url),
            of_operations: Vec::new(),
            schemes: description.schemes.iter().map(scheme).collect(),
            requirements: Vec::new(),
            says_security: description.security.is_some(),
        };
        for operation in &description.operations {
            if let Some(server) = operation.servers.first() {
                let pointer = operation.pointer.clone();
                declared.of_operations.push((pointer, server.default_url()));
            }
            declared.says_security |= operation.security.is_some();
            let asked_for = operation
                .security
                .as_ref()
                .or(description.security.as_ref());
            for requirement in asked_for.into_iter().flatten() {
                let names = names(requirement);
                if !declared.requirements.contains(&names) {
                    declared.requirements.push(names);
                }
            }
        }
        declared
    }
}

/// The names of the schemes that are needed together.
pub fn names(requirement: &openapi::Requirement) -> Requirement {
    requirement.schemes.keys().cloned().collect()
}

/// Where the secret of a scheme goes (OpenAPI 3.0.3, "Security Scheme Object"). Those
/// of OAuth 2 and OpenID Connect are bearer tokens to whoever has one.
fn scheme(scheme: &openapi::SecurityScheme) -> DeclaredScheme {
    let name = |name: &String| name.clone();
    DeclaredScheme {
        name: scheme.name.clone(),
        pointer: scheme.pointer.clone(),
        placement: match &scheme.kind {
            SchemeKind::Header(it) => Ok(Placement::Header { name: name(it) }),
            SchemeKind::Query(it) => Ok(Placement::Query { name: name(it) }),
            SchemeKind::Cookie(it) => Ok(Placement::Cookie { name: name(it) }),
            SchemeKind::Basic => Ok(Placement::Basic),
            SchemeKind::Bearer { .. } | SchemeKind::OAuth2 | SchemeKind::OpenIdConnect(_) => {
                Ok(Placement::Bearer)
            }
            SchemeKind::OtherHttp(other) => Err(format!("http {other}")),
            SchemeKind::Unknown(other) => Err(other.clone()),
        },
    }
}
