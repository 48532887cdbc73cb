//! Names of the emitted crate: claimed from a scope that hands each out once.

pub mod plural;
pub mod remembered;
pub mod resources;
pub mod short;
pub mod words;

use std::collections::BTreeSet;

use heck::{ToSnakeCase, ToUpperCamelCase};

/// A set of names in which each is handed out once.
///
/// Two spellings that differ only in case or punctuation (`x1-y`, `x1_y`)
/// would become one identifier, so the scope compares what they become.
#[derive(Debug, Default)]
pub struct Scope {
    taken: BTreeSet<String>,
}

impl Scope {
    /// A scope in which `reserved` names are taken from the start, given as the
    /// identifiers that they are in Rust.
    pub fn with_reserved<'a>(reserved: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            taken: reserved.into_iter().map(str::to_owned).collect(),
        }
    }

    /// Claims the type name nearest to `wanted`: `ClientCertificate` for
    /// `client_certificate`, `ClientCertificate2` where that is taken.
    pub fn claim_type(&mut self, wanted: &str) -> String {
        self.claim(type_name(wanted), "")
    }

    /// Claims the snake-case name nearest to `wanted`: `page_size` for
    /// `pageSize`, `page_size_2` where that is taken. Keywords get an underscore.
    pub fn claim_value(&mut self, wanted: &str) -> String {
        self.claim(value_name(wanted), "_")
    }

    /// Takes `name` as it is; whether it was free.
    pub fn take(&mut self, name: String) -> bool {
        self.taken.insert(name)
    }

    fn claim(&mut self, name: String, separator: &str) -> String {
        let mut unique = name.clone();
        let mut number = 2_usize;
        while !self.taken.insert(unique.clone()) {
            unique = format!("{name}{separator}{number}");
            number += 1;
        }
        unique
    }
}

/// The type name that `wanted` becomes, whatever it is made of: never empty,
/// never a keyword, always an identifier. It is its own type name, as progenitor
/// needs it, which brings every name into camel case again.
pub fn type_name(wanted: &str) -> String {
    let mut name = spell_symbols(wanted).to_upper_camel_case();
    // Digits may part words that were one (`E6AWd` has two, `E6Awd` has one), which
    // ends, since words only ever grow together.
    for _ in 0..name.len() {
        let again = name.to_upper_camel_case();
        if again == name {
            break;
        }
        name = again;
    }
    match name.chars().next() {
        None => "Empty".to_owned(),
        Some(first) if first.is_numeric() => format!("N{name}"),
        Some(_) if name == "Self" => "SelfValue".to_owned(),
        Some(_) => name,
    }
}

/// The name of a field, argument or function that `wanted` becomes.
pub fn value_name(wanted: &str) -> String {
    let name = spell_symbols(wanted).to_snake_case();
    match name.chars().next() {
        None => "empty".to_owned(),
        Some(first) if first.is_numeric() => format!("n{name}"),
        Some(_) if is_keyword(&name) => format!("{name}_"),
        Some(_) => name,
    }
}

/// Writes out what no identifier can hold, so that `<` and `<=` stay apart.
fn spell_symbols(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    for (index, character) in text.trim_start().char_indices() {
        let word = match character {
            // A sign, as of `-1` or of `-created_on`, which sorts downwards.
            '-' if index == 0 && text.len() > 1 => "minus",
            '<' => "less",
            '>' => "greater",
            '=' => "equal",
            '*' => "star",
            '+' => "plus",
            '!' => "not",
            '%' => "percent",
            '&' => "and",
            other if other.is_ascii_alphanumeric() => {
                spelled.push(other);
                continue;
            }
            _ => {
                spelled.push(' ');
                continue;
            }
        };
        spelled.push(' ');
        spelled.push_str(word);
        spelled.push(' ');
    }
    spelled
}

/// Whether Rust 2024 keeps `name` for itself, in any position.
fn is_keyword(name: &str) -> bool {
    // syn knows the words of Rust 2021.
    syn::parse_str::<syn::Ident>(name).is_err() || name == "gen"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_handed_out_once() {
        let mut scope = Scope::default();
        assert_eq!(scope.claim_value("x1-y"), "x1_y");
        assert_eq!(scope.claim_value("x1_y"), "x1_y_2");
        assert_eq!(scope.claim_type("Status"), "Status");
        assert_eq!(scope.claim_type("status"), "Status2");
    }

    #[test]
    fn a_numbered_name_does_not_take_one_that_was_claimed_before() {
        let mut scope = Scope::default();
        assert_eq!(scope.claim_type("status_2"), "Status2");
        assert_eq!(scope.claim_type("status"), "Status");
        assert_eq!(scope.claim_type("status"), "Status3");
    }

    #[test]
    fn reserved_names_are_taken_from_the_start() {
        let mut scope = Scope::with_reserved(["send"]);
        assert_eq!(scope.claim_value("send"), "send_2");
    }

    #[test]
    fn symbols_that_differ_become_names_that_differ() {
        let names: BTreeSet<_> = ["<", "<=", ">", ">=", "==", "*", "", "1", "-1"]
            .into_iter()
            .map(type_name)
            .collect();
        assert_eq!(names.len(), 9, "{names:?}");
    }

    #[test]
    fn a_type_name_is_its_own() {
        for wanted in [
            "E6aWDCl6-mnm_config",
            "a1B2c3D4e",
            "IPv6Address",
            "x-Y1z-2A",
        ] {
            let name = type_name(wanted);
            assert_eq!(type_name(&name), name, "{wanted}");
            assert_eq!(name.to_upper_camel_case(), name, "{wanted}");
        }
    }

    #[test]
    fn every_name_is_an_identifier() {
        for wanted in [
            "", "1", "self", "Self", "type", "a b", "é", "r#try", "_", "::", "9lives", "gen",
        ] {
            let type_name = type_name(wanted);
            let value_name = value_name(wanted);
            assert!(
                syn::parse_str::<syn::Ident>(&type_name).is_ok(),
                "{wanted:?} -> {type_name:?}"
            );
            assert_ne!(value_name, "gen");
            assert!(
                syn::parse_str::<syn::Ident>(&value_name).is_ok(),
                "{wanted:?} -> {value_name:?}"
            );
        }
    }
}
