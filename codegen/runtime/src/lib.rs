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
