//! What every operation of this client goes through: authentication, sending,
//! retries, decoding, errors, pages.

pub mod auth;
#[cfg(feature = "blocking")]
pub mod blocking;
pub mod builder;
pub mod client;
pub mod config;
pub mod decode;
pub mod error;
pub mod foreign;
pub mod hook;
pub mod limiter;
pub mod line;
pub mod message;
pub mod open_enum;
pub mod operation;
pub mod options;
pub mod pages;
pub mod path;
pub mod problem;
pub mod query;
pub mod rate_limit;
pub mod request;
pub mod response;
pub mod retry;
pub mod send;
pub mod tls;
pub mod trace;

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
pub use response::Response;
