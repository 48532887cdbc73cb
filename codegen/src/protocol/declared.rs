//! What a document declares of its protocol.

use super::Placement;

/// What a document declares of its protocol.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// The URL of the first server, its variables at their defaults.
    pub server: Option<String>,
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
