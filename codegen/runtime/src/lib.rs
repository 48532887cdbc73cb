//! What clients of HTTP APIs share that are generated from OpenAPI documents:
//! authentication, sending, retries, limits, decoding, errors, pages.
//!
//! The crate knows no API. What differs from one to another is a
//! [`Protocol`](protocol::Protocol), which the client's code supplies.

mod call;
mod client;
mod encode;
mod error;
#[doc(hidden)]
pub mod internal;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod internals;
mod macros;
pub mod messages;
pub mod protocol;
mod response;
mod retry;
mod text;
mod transport;
mod values;
mod wire;

#[cfg(feature = "blocking")]
pub use call::blocking::{Blocking, BlockingPages};
#[cfg(feature = "download")]
pub use call::download::Download;
#[cfg(feature = "upload")]
pub use call::form_data::FormData;
pub use call::pages::Pages;
pub use call::request::Request;
#[cfg(feature = "upload")]
pub use call::upload::Upload;
#[cfg(feature = "download")]
pub use call::values::Values;
pub use encode::path::InvalidArgument;
pub use error::{
    ApiError, Call, ConfigError, DecodeError, DecodeProblem, Error, Head, Headers, RequestError,
    RequestProblem, TransportError, TransportProblem,
};
pub use messages::{Message, MessageSource, PageInfo};
pub use response::outcome::{Response, ResponseMeta};
pub use transport::hook::{Attempt, Hook};
pub use transport::limiter::RateLimiter;
pub use transport::options::CallOptions;
pub use wire::rate_limit::RateLimit;

// Their types are part of the interface of clients.
#[cfg(feature = "jiff")]
pub use jiff;
pub use reqwest;
pub use secrecy;
#[cfg(feature = "uuid")]
pub use uuid;
