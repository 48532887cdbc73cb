//! What every operation of this client goes through: authentication, sending,
//! retries, decoding, errors, pages.

pub mod auth;
pub mod client;
pub mod config;
pub mod decode;
pub mod error;
pub mod message;
pub mod open_enum;
pub mod operation;
pub mod options;
pub mod pages;
pub mod path;
pub mod query;
pub mod request;
pub mod response;
pub mod retry;
pub mod send;
