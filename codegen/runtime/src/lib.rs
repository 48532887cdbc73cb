//! What every operation of this client goes through: authentication, sending,
//! retries, decoding, errors, pages.
//!
//! The modules behind a `cfg` other than that of `blocking` are carried by a client
//! whose operations need them, and then without it.

mod answer;
mod auth;
#[cfg(feature = "blocking")]
mod blocking;
mod builder;
mod client;
mod config;
mod decode;
#[cfg(feature = "download")]
mod download;
mod draft;
mod error;
mod foreign;
#[cfg(test)]
mod formatted;
mod hook;
#[cfg(any(test, feature = "internals"))]
pub mod internals;
mod limiter;
mod line;
mod message;
#[cfg(test)]
mod nullable;
#[cfg(any(test, feature = "internals"))]
#[allow(unused, reason = "types of clients use it")]
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
mod source;
mod tls;
mod tolerant;
mod trace;
mod undecoded;
#[cfg(test)]
mod union;
#[cfg(feature = "upload")]
mod upload;

pub use auth::Credentials;
#[cfg(feature = "blocking")]
pub use blocking::{Blocking, BlockingPages};
pub use builder::ClientBuilder;
pub use client::Client;
#[cfg(feature = "download")]
pub use download::Download;
pub use error::Error;
#[cfg(test)]
#[allow(unused_imports, reason = "types of clients use it")]
pub(crate) use formatted::formatted;
pub use hook::{Attempt, Hook};
pub use message::{Message, MessageSource, PageInfo};
#[cfg(test)]
#[allow(unused_imports, reason = "types of clients use it")]
pub(crate) use nullable::nullable;
#[cfg(any(test, feature = "internals"))]
#[allow(unused_imports, reason = "types of clients use it")]
pub(crate) use open_enum::open_enum;
pub use operation::{Envelope, Operation};
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
pub use undecoded::Undecoded;
#[cfg(test)]
#[allow(unused_imports, reason = "types of clients use it")]
pub(crate) use union::Choice;
#[cfg(feature = "upload")]
pub use upload::{FormData, Upload};
