//! What differs from one client to another.

/// Where requests go unless the caller says otherwise.
pub const BASE_URL: &str = "https://api.cloudflare.com/client/v4";

/// Whether answers to requests of the caller's own come in the envelope, too.
pub const ENVELOPE: bool = true;

/// How this client names itself to the server.
pub const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// The environment variables that `Client::from_env` reads.
pub const TOKEN_VARIABLE: &str = "CLOUDFLARE_API_TOKEN";
/// The account's email, for use with [`KEY_VARIABLE`].
pub const EMAIL_VARIABLE: &str = "CLOUDFLARE_EMAIL";
/// The account's global key, for use with [`EMAIL_VARIABLE`].
pub const KEY_VARIABLE: &str = "CLOUDFLARE_API_KEY";
/// A user service key.
pub const USER_SERVICE_KEY_VARIABLE: &str = "CLOUDFLARE_API_USER_SERVICE_KEY";
/// A base URL other than [`BASE_URL`].
pub const BASE_URL_VARIABLE: &str = "CLOUDFLARE_BASE_URL";
