//! Sample values, as expressions.

use serde::{Deserialize, Serialize};

/// How a caller would write a call.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The arguments of the client's method.
    pub arguments: Vec<Expr>,
    /// One setter of the builder, and what it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setter: Option<(String, Expr)>,
}

/// An expression of Rust that makes a sample value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expr {
    /// A text.
    Text(String),
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// `None`.
    None,
    /// `Vec::new()`.
    EmptyList,
    /// `Default::default()`.
    Default,
    /// `serde_json::Value::Null`.
    JsonNull,
    /// A known value of an enum: `types::Status::Active`.
    Variant {
        /// The enum.
        ty: String,
        /// Its variant.
        variant: String,
    },
    /// A value of an enum that this version does not know, from its text.
    UnknownText(String),
    /// A value of a union that this version does not know, from JSON.
    UnknownJson(String),
    /// `types::Zone::new(…)`.
    New {
        /// The struct.
        ty: String,
        /// What its required fields hold.
        arguments: Vec<Expr>,
    },
    /// `serde_json::from_str::<types::Zone>(…)`: a struct with more fields than a sample
    /// can write out.
    Parsed(String),
    /// What a file or other content holds: a text stands in for it.
    Content,
    /// `[Upload::file("file")]`.
    Files,
}
