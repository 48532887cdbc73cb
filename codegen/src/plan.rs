//! The plan: a person's choices about a client, read from TOML.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::clean::{Defect, REFUSABLE};
use crate::names;
use crate::protocol::{EnvelopeKeys, PageParameters};
use crate::slice::Selection;

/// A person's choices about the client that is emitted from a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What the emitted crate is called.
    pub package: Package,
    /// What is known about the API: the name of a [`Preset`](crate::protocol::Preset).
    /// Where none is named, the document's server decides.
    pub preset: Option<String>,
    /// The envelope around every JSON response, in place of the preset's; without
    /// both, responses are bare.
    pub envelope: Option<EnvelopeKeys>,
    /// The query parameters that turn the pages of a list, in place of the
    /// preset's; without both, no list is a stream.
    pub pages: Option<PageParameters>,
    /// Choices about operations, by operationId.
    #[serde(default)]
    pub methods: BTreeMap<String, MethodChoice>,
    /// Names of types: from the name in `components/schemas` to the Rust name.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
    /// Which operations of the document are emitted; all, if nothing is said.
    #[serde(default)]
    pub select: Selection,
    /// What may be repaired that would be refused otherwise.
    #[serde(default)]
    pub clean: CleanChoice,
    /// The example program of the emitted crate.
    pub example: Option<Program>,
    /// The file that this was read from, for messages.
    #[serde(skip)]
    pub file: String,
    /// The text that this was read from.
    #[serde(skip)]
    pub text: String,
}

/// Which repairs a person allows although they end up in public names, and which
/// a person does not want.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CleanChoice {
    /// Kinds of defect, by their names; see [`REFUSABLE`].
    pub allow: Vec<String>,
    /// Kinds of defect that are errors instead of being repaired, by their names;
    /// see [`Defect`].
    pub deny: Vec<String>,
}

/// An example program that calls one operation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// The program's name.
    pub name: String,
    /// The operationId of the operation that it calls.
    pub operation: String,
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
    /// The licence, as SPDX spells it. None is claimed where nothing is said.
    pub license: Option<String>,
    /// The URL of the crate's sources.
    pub repository: Option<String>,
    /// The edition of Rust; the runtime's where nothing is said.
    pub edition: Option<String>,
    /// Words to find the crate by.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Where the crate has its runtime from.
    #[serde(default)]
    pub runtime: Runtime,
}

/// Where an emitted crate has its runtime from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Runtime {
    /// From its own folder `runtime`, file for file as codegen carries it.
    #[default]
    Vendored,
    /// From this path, as seen from the crate's folder.
    Path(String),
    /// From the registry, in this version.
    Version(String),
}

impl Package {
    /// Whether cargo takes the name and the version.
    ///
    /// # Errors
    ///
    /// The entry that is wrong, and a sentence about what to write instead.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        self.check_name().map_err(|problem| ("name", problem))?;
        match semver::Version::parse(&self.version) {
            Ok(_) => Ok(()),
            Err(error) => {
                let problem = format!(
                    "`{}` is no version ({error}); write it as `1.2.3`",
                    self.version
                );
                Err(("version", problem))
            }
        }
    }

    fn check_name(&self) -> Result<(), String> {
        let name = &self.name;
        let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !starts_well || !name.chars().all(is_plain) {
            return Err(format!(
                "`{name}` is no name of a crate: use letters, digits, `-` and `_`, a letter first"
            ));
        }
        if syn::parse_str::<syn::Ident>(&name.replace('-', "_")).is_err() {
            return Err(format!(
                "`{name}` is a word of Rust's own; choose another name"
            ));
        }
        Ok(())
    }
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

/// Why a plan cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is no plan.
    #[error("{file}:{line}:{column}: {problem}; correct the plan here")]
    Unreadable {
        /// The name of the plan's file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The character in the line, from 1.
        column: usize,
        /// What is wrong.
        problem: String,
    },
    /// The package's name or version is none that cargo takes.
    #[error("{file}:{line}: {problem}")]
    BadPackage {
        /// The name of the plan's file.
        file: String,
        /// The line of the entry, from 1.
        line: usize,
        /// What is wrong, and what to write instead.
        problem: String,
    },
    /// An entry names something that the document does not have.
    #[error(
        "{file}:{line}: `{entry}` names `{key}`, which {missing}; correct the entry, or remove it"
    )]
    MatchesNothing {
        /// The name of the plan's file.
        file: String,
        /// The line of the entry, from 1.
        line: usize,
        /// The table that the entry stands in, or the entry itself at the top level.
        entry: String,
        /// The entry.
        key: String,
        /// What is missing, with what is near.
        missing: String,
    },
    /// A chosen name is none in Rust, or is chosen twice.
    #[error("{file}:{line}: the name `{name}` {problem}; choose another")]
    BadName {
        /// The name of the plan's file.
        file: String,
        /// The line of the entry, from 1.
        line: usize,
        /// The name.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl Plan {
    /// Reads a plan from the text of `file`, whose name only serves messages.
    ///
    /// # Errors
    ///
    /// Text that is not TOML, a key that plans do not have, a value of another
    /// type, and a name that Rust does not take, each with its line.
    pub fn parse(file: &str, text: &str) -> Result<Self, Error> {
        let parsed = toml::from_str::<Self>(text);
        let plan = Self {
            file: file.to_owned(),
            text: text.to_owned(),
            ..parsed.map_err(|problem| unreadable(file, text, &problem))?
        };
        plan.package
            .check()
            .map_err(|(key, problem)| Error::BadPackage {
                file: file.to_owned(),
                line: plan.line_of("package", key),
                problem,
            })?;
        plan.check_names()?;
        plan.check_allowed()?;
        plan.check_denied()?;
        Ok(plan)
    }

    /// The plan for a document that comes without one: all of its operations,
    /// under the document's names.
    pub fn for_package(name: &str) -> Self {
        Self {
            package: Package {
                name: name.to_owned(),
                version: "0.1.0".to_owned(),
                description: format!("API client {name}"),
                ..Package::default()
            },
            file: "plan".to_owned(),
            ..Self::default()
        }
    }

    /// The line on which `key` stands in `table` (`""` is the top level), from 1;
    /// the first where the plan does not come from a file.
    pub fn line_of(&self, table: &str, key: &str) -> usize {
        let offset = self.offset_of(table, key);
        let before = self.text.get(..offset.unwrap_or(0)).unwrap_or_default();
        before.matches('\n').count() + 1
    }

    /// Whether `key` stands in `table`, and is not a default.
    pub(crate) fn says(&self, table: &str, key: &str) -> bool {
        self.offset_of(table, key).is_some()
    }

    fn offset_of(&self, table: &str, key: &str) -> Option<usize> {
        let parsed = toml::de::DeTable::parse(&self.text).ok()?;
        let root = parsed.get_ref();
        let members = match table {
            "" => root,
            table => root.get(table)?.get_ref().as_table()?,
        };
        let (key, _) = members.iter().find(|(name, _)| name.get_ref() == key)?;
        Some(key.span().start)
    }

    /// The error for the entry `key` of `table`, by which `wanted` is named and
    /// is not among the `known`.
    pub fn matches_nothing<'n>(
        &self,
        table: &'static str,
        key: &str,
        wanted: &str,
        kind: &str,
        known: impl Iterator<Item = &'n str>,
    ) -> Error {
        let near = crate::slice::near(wanted, known);
        let missing = match near.as_slice() {
            [] => format!("is no {kind} of the document"),
            near => format!(
                "is no {kind} of the document (near it: {})",
                near.join(", ")
            ),
        };
        Error::MatchesNothing {
            file: self.file.clone(),
            line: self.line_of(table, key),
            entry: match table {
                "" => key.to_owned(),
                table => format!("[{table}]"),
            },
            key: wanted.to_owned(),
            missing,
        }
    }

    /// Whether the selection is the plan's own, and not one given beside it.
    pub(crate) fn selects_by_itself(&self) -> bool {
        toml::from_str::<Self>(&self.text).is_ok_and(|own| own.select == self.select)
    }

    /// The kinds of defect that may be repaired although the repair ends up in
    /// public names: those of `[clean] allow`, and all where the plan is not a
    /// person's, who could have been asked.
    pub(crate) fn allowed(&self) -> Vec<Defect> {
        if self.text.is_empty() {
            return REFUSABLE.to_vec();
        }
        let names = self.clean.allow.iter();
        names.filter_map(|name| Defect::named(name)).collect()
    }

    /// The kinds of defect of `[clean] deny`.
    pub(crate) fn denied(&self) -> Vec<Defect> {
        let names = self.clean.deny.iter();
        names.filter_map(|name| Defect::named(name)).collect()
    }

    fn check_denied(&self) -> Result<(), Error> {
        let is_allowed = |name: &String| self.clean.allow.contains(name);
        let wrong = |name: &&String| Defect::named(name).is_none() || is_allowed(name);
        let Some(name) = self.clean.deny.iter().find(wrong) else {
            return Ok(());
        };
        let known = Defect::ALL.iter().map(|defect| defect.name());
        let missing = match crate::slice::near(name, known).as_slice() {
            _ if is_allowed(name) => "is both allowed and denied".to_owned(),
            [] => "is no kind of defect".to_owned(),
            near => format!("is no kind of defect (near it: {})", near.join(", ")),
        };
        Err(Error::MatchesNothing {
            file: self.file.clone(),
            line: self.line_of("clean", "deny"),
            entry: "[clean]".to_owned(),
            key: name.clone(),
            missing,
        })
    }

    fn check_allowed(&self) -> Result<(), Error> {
        let is_refusable =
            |name: &&String| Defect::named(name).is_some_and(|defect| REFUSABLE.contains(&defect));
        let Some(name) = self.clean.allow.iter().find(|name| !is_refusable(name)) else {
            return Ok(());
        };
        let known: Vec<&str> = REFUSABLE.iter().map(|defect| defect.name()).collect();
        let near = crate::slice::near(name, known.iter().copied());
        let missing = match (Defect::named(name), near.as_slice()) {
            (Some(_), _) => "is repaired without being allowed".to_owned(),
            (None, []) => format!(
                "is no defect that can be allowed: `{}` are",
                known.join("` and `")
            ),
            (None, near) => format!(
                "is no defect that can be allowed (near it: {})",
                near.join(", ")
            ),
        };
        Err(Error::MatchesNothing {
            file: self.file.clone(),
            line: self.line_of("clean", "allow"),
            entry: "[clean]".to_owned(),
            key: name.clone(),
            missing,
        })
    }

    fn check_names(&self) -> Result<(), Error> {
        let methods = self.methods.iter().filter_map(|(key, choice)| {
            let name = choice.name.as_ref()?;
            Some(("methods", key, name, names::value_name(name)))
        });
        let types = self
            .types
            .iter()
            .map(|(key, name)| ("types", key, name, names::type_name(name)));
        let mut seen = std::collections::BTreeSet::new();
        for (table, key, name, proper) in methods.chain(types) {
            let problem = match () {
                () if *name != proper => {
                    format!("is not as Rust spells names (that is `{proper}`)")
                }
                () if !seen.insert((table, name)) => "is chosen twice".to_owned(),
                () => continue,
            };
            return Err(Error::BadName {
                file: self.file.clone(),
                line: self.line_of(table, key),
                name: name.clone(),
                problem,
            });
        }
        Ok(())
    }
}

fn unreadable(file: &str, text: &str, error: &toml::de::Error) -> Error {
    let start = error.span().map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
    Error::Unreadable {
        file: file.to_owned(),
        line: before.matches('\n').count() + 1,
        column,
        problem: error.message().replace('\n', ", "),
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
        assert_eq!(plan.preset.as_deref(), Some("cloudflare"));
        let runtime = Runtime::Path("../codegen/runtime".to_owned());
        assert_eq!(plan.package.runtime, runtime);
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_line() {
        let error = Plan::parse("plan.toml", "[package]\nname = \"a\"\nversio = \"1\"\n")
            .expect_err("a misspelt key");
        let text = error.to_string();
        assert!(text.starts_with("plan.toml:3:1: "), "{text}");
        assert!(text.contains("versio"), "{text}");
    }

    #[test]
    fn a_name_that_rust_does_not_take_is_refused_with_its_line() {
        let text = format!("{PACKAGE}[methods]\na = {{ name = \"getZone\" }}\n");
        let error = Plan::parse("plan.toml", &text).expect_err("camel case");
        assert_eq!(
            error.to_string(),
            "plan.toml:6: the name `getZone` is not as Rust spells names (that is `get_zone`); choose another"
        );
    }

    #[test]
    fn a_name_chosen_twice_is_refused() {
        let text = format!("{PACKAGE}[types]\na = \"Zone\"\nb = \"Zone\"\n");
        let error = Plan::parse("plan.toml", &text).expect_err("chosen twice");
        assert!(error.to_string().starts_with("plan.toml:7: "), "{error}");
    }

    #[test]
    fn a_defect_that_cannot_be_allowed_is_refused_with_what_is_near() {
        for (name, missing) in [
            (
                "duplicate-operation-ids",
                "is no defect that can be allowed (near it: `duplicate-operation-id`)",
            ),
            (
                "x",
                "is no defect that can be allowed: `duplicate-operation-id` and `undeclared-path-parameter` are",
            ),
            ("null-in-enum", "is repaired without being allowed"),
        ] {
            let text = format!("{PACKAGE}[clean]\nallow = [\"{name}\"]\n");
            let error = Plan::parse("plan.toml", &text).expect_err("not to be allowed");
            assert_eq!(
                error.to_string(),
                format!(
                    "plan.toml:6: `[clean]` names `{name}`, which {missing}; correct the entry, or remove it"
                )
            );
        }
    }

    #[test]
    fn a_defect_that_cannot_be_denied_is_refused_with_what_is_near() {
        for (choice, name, missing) in [
            (
                "deny = [\"unknown-types\"]",
                "unknown-types",
                "is no kind of defect (near it: `unknown-type`, `unknown-format`)",
            ),
            ("deny = [\"x\"]", "x", "is no kind of defect"),
            (
                "allow = [\"duplicate-operation-id\"]\ndeny = [\"duplicate-operation-id\"]",
                "duplicate-operation-id",
                "is both allowed and denied",
            ),
        ] {
            let text = format!("{PACKAGE}[clean]\n{choice}\n");
            let error = Plan::parse("plan.toml", &text).expect_err("not to be denied");
            let message = format!(
                "`[clean]` names `{name}`, which {missing}; correct the entry, or remove it"
            );
            assert!(error.to_string().ends_with(&message), "{error}");
        }
    }

    #[test]
    fn a_plan_allows_what_it_names() {
        let text = format!("{PACKAGE}[clean]\nallow = [\"duplicate-operation-id\"]\n");
        let plan = Plan::parse("plan.toml", &text).expect("a plan");
        assert_eq!(plan.allowed(), [Defect::DuplicateOperationId]);
        assert_eq!(Plan::for_package("a").allowed(), REFUSABLE);
    }

    const PACKAGE: &str = "[package]\nname = \"a\"\nversion = \"1.0.0\"\ndescription = \"\"\n";
}
