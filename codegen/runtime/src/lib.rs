//! What every operation of this client goes through: authentication, sending,
//! retries, decoding, errors, pages.

mod auth;
#[cfg(feature = "blocking")]
mod blocking;
mod builder;
mod client;
mod config;
mod decode;
mod error;
mod foreign;
mod hook;
#[cfg(any(test, feature = "internals"))]
pub mod internals;
mod limiter;
mod line;
mod message;
#[allow(unused, reason = "a client may be without any enum")]
pub(crate) mod open_enum;
mod operation;
mod options;
mod pages;
mod path;
mod problem;
mod query;
mod rate_limit;
mod request;
mod response;
mod retry;
mod send;
mod tls;
mod tolerant;
mod trace;

pub use auth::Credentials;
#[cfg(feature = "blocking")]
pub use blocking::{Blocking, BlockingPages};
pub use builder::ClientBuilder;
pub use client::Client;
pub use error::Error;
pub use hook::{Attempt, Hook};
pub use message::{Message, MessageSource, PageInfo};
#[allow(unused_imports, reason = "a client may be without any enum")]
pub(crate) use open_enum::open_enum;
pub use operation::Operation;
pub use options::CallOptions;
pub use pages::Pages;
pub use path::InvalidArgument;
pub use problem::{
    AnswerError, AnswerProblem, ApiError, Call, ConfigError, Head, Headers, RequestError,
    RequestProblem, TransportError, TransportProblem,
};
pub use query::QueryStyle;
pub use rate_limit::RateLimit;
pub use request::Request;
// Their types are part of this client's interface.
pub use reqwest;
pub use response::Response;
pub use secrecy;
