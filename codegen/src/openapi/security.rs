//! Who may call, and where: security schemes, what operations ask for, servers.

use indexmap::IndexMap;

/// A way to prove who is calling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Its name among the components.
    pub name: String,
    /// Where it is described, as a JSON pointer.
    pub pointer: String,
    /// `description`.
    pub description: Option<String>,
    /// What it is.
    pub kind: SchemeKind,
}

/// What a security scheme is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemeKind {
    /// A key in a header.
    Header(String),
    /// A key in the query.
    Query(String),
    /// A key in a cookie.
    Cookie(String),
    /// `Authorization: Basic`.
    Basic,
    /// `Authorization: Bearer`.
    Bearer {
        /// How the token is made, for people.
        format: Option<String>,
    },
    /// Another scheme of `Authorization`, by its name.
    OtherHttp(String),
    /// OAuth 2: its token is sent as a bearer token.
    OAuth2,
    /// OpenID Connect: its token is sent as a bearer token.
    OpenIdConnect(String),
    /// None that OpenAPI knows, by the word that the document has for it.
    Unknown(String),
}

/// Security schemes that an operation asks for all at once, each with the scopes;
/// none for one that can be called by anybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirement {
    /// The names of the schemes, with the scopes.
    pub schemes: IndexMap<String, Vec<String>>,
}

/// A server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Server {
    /// The URL as the document has it, with names in braces for its variables.
    pub url: String,
    /// `description`.
    pub description: Option<String>,
    /// Its variables by their names.
    pub variables: IndexMap<String, Variable>,
}

/// A variable of a server's URL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variable {
    /// `default`.
    pub default: String,
    /// `enum`.
    pub values: Vec<String>,
    /// `description`.
    pub description: Option<String>,
}

impl Server {
    /// The URL with its variables at their defaults, without a slash at its end
    /// (OpenAPI 3.0.3, "Server Variable Object").
    pub fn default_url(&self) -> String {
        let mut url = self.url.trim_end_matches('/').to_owned();
        for (name, variable) in &self.variables {
            url = url.replace(&format!("{{{name}}}"), &variable.default);
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variables_of_a_server_stand_at_their_defaults() {
        let region = Variable {
            default: "eu".to_owned(),
            ..Variable::default()
        };
        let server = Server {
            url: "https://{region}.example.com/v1/".to_owned(),
            variables: [("region".to_owned(), region)].into_iter().collect(),
            ..Server::default()
        };
        assert_eq!(server.default_url(), "https://eu.example.com/v1");
    }
}
