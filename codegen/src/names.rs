//! The names stage: a model becomes the public interface of a crate, whose names are
//! claimed here and nowhere else, each from a scope that hands it out once.

mod calls;
mod claim;
mod modules;
pub mod plural;
mod readme;
pub mod remembered;
pub mod resources;
mod samples;
pub mod short;
mod types;
pub mod words;

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use crate::limits::LONGEST_FILE_NAME;

pub use claim::{Facts, claim};
pub use words::{type_name, value_name};

/// A set of names in which each is handed out once.
///
/// Two spellings that differ only in case or punctuation (`x1-y`, `x1_y`)
/// would become one identifier, so the scope compares what they become.
#[derive(Debug, Default)]
pub struct Scope {
    taken: HashSet<String>,
    /// The number that the next claim of a name tries that was claimed before, so that
    /// many equal names take no more than a try each.
    next: HashMap<String, usize>,
}

impl Scope {
    /// A scope in which `reserved` names are taken from the start, given as the
    /// identifiers that they are in Rust.
    pub fn with_reserved<'a>(reserved: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            taken: reserved.into_iter().map(str::to_owned).collect(),
            next: HashMap::new(),
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

    /// Claims the name of a cargo feature nearest to `wanted`.
    pub fn claim_feature(&mut self, wanted: &str) -> String {
        self.claim(words::kebab(&words::words(wanted)), "-")
    }

    /// Takes `name` as it is; whether it was free.
    pub fn take(&mut self, name: &str) -> bool {
        !self.taken.contains(name) && self.taken.insert(name.to_owned())
    }

    fn claim(&mut self, name: String, separator: &str) -> String {
        if self.take(&name) {
            return name;
        }
        // `type_` becomes `type_2`: Rust warns of two underscores.
        let separator = if name.ends_with(separator) {
            ""
        } else {
            separator
        };
        let next = self.next.entry(name.clone()).or_insert(2);
        loop {
            let unique = format!("{name}{separator}{next}");
            *next += 1;
            if self.taken.insert(unique.clone()) {
                return unique;
            }
        }
    }
}

/// `name`, cut where it is too long for the name of a file; what is cut off is told
/// apart by its hash.
pub(crate) fn file_name(name: &str) -> String {
    if name.len() <= LONGEST_FILE_NAME {
        return name.to_owned();
    }
    let digest: String = Sha256::digest(name.as_bytes())
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    // Names are ASCII.
    let start: String = name.chars().take(LONGEST_FILE_NAME - 9).collect();
    format!("{}_{digest}", start.trim_end_matches('_'))
}

/// `text` as a sentence: its first letter is a capital, and it ends with a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => {
            let first: String = first.to_uppercase().collect();
            format!("{first}{}.", characters.as_str().trim_end_matches('.'))
        }
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use heck::ToUpperCamelCase;
    use std::collections::BTreeSet;

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
    fn a_keyword_that_is_claimed_again_has_one_underscore() {
        let mut scope = Scope::default();
        assert_eq!(scope.claim_value("type"), "type_");
        assert_eq!(scope.claim_value("Type"), "type_2");
        assert_eq!(scope.claim_value("TYPE"), "type_3");
    }

    #[test]
    fn ten_thousand_equal_names_take_a_try_each() {
        let mut scope = Scope::default();
        let tries: usize = (0..10_000)
            .map(|_| {
                let before = scope.next.get("a").copied().unwrap_or(1);
                scope.claim_value("a");
                scope.next.get("a").copied().unwrap_or(1) - before
            })
            .sum();
        assert!(tries <= 10_000, "{tries}");
        assert_eq!(scope.claim_value("a"), "a_10001");
    }

    #[test]
    fn other_alphabets_are_spelled_in_ascii() {
        assert_eq!(value_name("größe"), "grosse");
        assert_eq!(type_name("Имя"), "Imia");
        assert_eq!(value_name("名前"), "ming_qian");
    }

    #[test]
    fn a_name_that_no_file_could_have_is_cut_and_stays_its_own() {
        let (one, other) = ("a".repeat(300), format!("{}b", "a".repeat(299)));
        assert!(file_name(&one).len() <= LONGEST_FILE_NAME);
        assert_ne!(file_name(&one), file_name(&other));
        assert_eq!(file_name("zones"), "zones");
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
