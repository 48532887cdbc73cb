//! The plan: a person's choices about a client, read from TOML.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::normalize::envelope::EnvelopeKeys;

/// A person's choices about the client that is emitted from a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What the emitted crate is called.
    pub package: Package,
    /// The wrapper around every JSON answer; without it, answers are bare.
    pub envelope: Option<EnvelopeKeys>,
    /// Choices about operations, by operationId.
    #[serde(default)]
    pub methods: BTreeMap<String, MethodChoice>,
    /// Names of types: from the name in `components/schemas` to the Rust name.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
}

/// The `[package]` of the emitted crate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// The name, as cargo takes it.
    pub name: String,
    /// The version, as cargo takes it.
    pub version: String,
    /// One line about the crate.
    pub description: String,
}

/// Choices about one operation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MethodChoice {
    /// The name of the client's method.
    pub name: Option<String>,
    /// Whether it may be sent again when it is not known to have arrived; the
    /// HTTP method decides where nothing is said.
    pub idempotent: Option<bool>,
}

/// Why a plan cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {problem}")]
pub struct Error {
    /// The name of the plan's file.
    pub file: String,
    /// What is wrong, with the line and an excerpt.
    #[source]
    pub problem: toml::de::Error,
}

impl Plan {
    /// Reads a plan from the text of `file`, whose name only serves messages.
    ///
    /// # Errors
    ///
    /// Text that is not TOML, a key that plans do not have, and a value of
    /// another type, each with its line.
    pub fn parse(file: &str, text: &str) -> Result<Self, Error> {
        toml::from_str(text).map_err(|problem| Error {
            file: file.to_owned(),
            problem,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_of_the_checked_in_client_is_read() {
        let text = include_str!("../../openapi/client-certificates.toml");
        let plan = Plan::parse("client-certificates.toml", text).expect("a plan");
        assert_eq!(plan.package.name, "cloudflare-client-certificates");
        let choice = &plan.methods["reactivate-client-certificate"];
        assert_eq!(choice.idempotent, Some(true));
        assert_eq!(
            plan.envelope.expect("an envelope").result_info,
            "result_info"
        );
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_line() {
        let error = Plan::parse("plan.toml", "[package]\nname = \"a\"\nversio = \"1\"\n")
            .expect_err("a misspelt key");
        let text = error.to_string();
        assert!(text.starts_with("plan.toml: "), "{text}");
        assert!(text.contains("line 3") && text.contains("versio"), "{text}");
    }
}
