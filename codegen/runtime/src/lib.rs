//! What every operation of this client goes through: authentication, sending,
//! retries, decoding, errors, pages.

mod auth;
mod client;
mod config;
mod decode;
mod error;
mod message;
mod open_enum;
mod operation;
mod options;
mod pages;
mod path;
mod query;
mod request;
mod response;
mod retry;
mod send;

pub use client::{Client, ClientBuilder};
pub use error::{
    AnswerError, AnswerProblem, ApiError, Call, ConfigError, Error, Head, Headers, RequestError,
    RequestProblem, TransportError, TransportProblem,
};
pub use message::{Message, MessageSource, PageInfo};
#[allow(unused_imports, reason = "a client may be without any enum")]
pub(crate) use open_enum::open_enum;
pub use operation::Operation;
pub use options::CallOptions;
pub use pages::Pages;
pub use path::InvalidArgument;
pub use query::QueryStyle;
pub use request::Request;
pub use response::Response;
