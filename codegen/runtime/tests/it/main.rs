//! The runtime against servers that keep to HTTP, and against servers that do
//! not. Each test is named after what it promises.

mod acyclic;
mod auth;
mod bodies;
mod errors;
mod limits;
mod pages;
mod retries;
mod seams;
mod secrets;
mod sending;
mod servers;
mod support;
