//! The remembered names: what was public once keeps its name, whatever becomes of
//! the document.
//!
//! The file is made for people who merge: one line a name, sorted by what bears it,
//! so that two branches that add different operations rarely touch the same place.
//!
//! ```toml
//! [operations]
//! "GET /zones/{}/dns_records" = "dns_records.list"
//!
//! [types]
//! "dns-records_dns-record" = "dns_records::DnsRecord"
//! ```

use std::collections::{BTreeMap, BTreeSet};

/// What a name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// An operation, by [`operation_key`]: its resource and method (`zones.settings.get`).
    Operation,
    /// A type, by its component or by the place of its schema.
    Type,
    /// A field of a type, by the key of the type, `#` and the property.
    Field,
    /// A variant of an enumeration or a union, by the key of the type, `#` and the value.
    Variant,
    /// An argument or setter of an operation, by the key of the operation, `#` and
    /// location and name of the parameter.
    Parameter,
    /// A feature of the crate, by the resource that it switches on.
    Feature,
}

impl Kind {
    const ALL: [Self; 6] = [
        Self::Operation,
        Self::Type,
        Self::Field,
        Self::Variant,
        Self::Parameter,
        Self::Feature,
    ];

    /// The table of the file that holds names of this kind.
    pub const fn table(self) -> &'static str {
        match self {
            Self::Operation => "operations",
            Self::Type => "types",
            Self::Field => "fields",
            Self::Variant => "variants",
            Self::Parameter => "parameters",
            Self::Feature => "features",
        }
    }

    /// Whether a name of this kind can stand in the file once only. Names of the
    /// others are unique within what their key begins with.
    const fn is_unique(self) -> bool {
        matches!(self, Self::Operation | Self::Type | Self::Feature)
    }
}

/// Why a file of remembered names cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {problem}")]
pub struct Error {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with a file of remembered names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The file is not TOML.
    #[error("{0}; if a merge left its marks here, keep the lines of both sides")]
    Syntax(String),
    /// A table that this version does not know.
    #[error("the table `{0}` is not one of: {tables}; correct its name, or remove it", tables = tables())]
    Table(String),
    /// A line that is not `"key" = "name"`.
    #[error("a name is text, as in `\"GET /zones\" = \"zones.list\"`; `{0}` has something else")]
    Text(String),
    /// A name that Rust would not take.
    #[error("`{name}` is no name in Rust; correct it, or remove the line of `{key}`")]
    Name {
        /// What bears the name.
        key: String,
        /// The name.
        name: String,
    },
    /// Two have one name.
    #[error("`{name}` is the name of `{first}` and of `{second}`; remove the line that came later")]
    Taken {
        /// The name.
        name: String,
        /// Who has it by the order of the file.
        first: String,
        /// Who has it as well.
        second: String,
    },
}

fn tables() -> String {
    Kind::ALL.map(Kind::table).join(", ")
}

/// Names that were given before, and those that are given now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remembered {
    names: BTreeMap<Kind, BTreeMap<String, String>>,
    added: BTreeSet<(Kind, String)>,
}

impl Remembered {
    /// Reads the text of `file`, whose name is only for errors.
    ///
    /// # Errors
    ///
    /// When the text is no TOML, or has a table, a name, or two equal names that no
    /// generated crate can have.
    pub fn parse(file: &str, text: &str) -> Result<Self, Error> {
        let fail = |line: usize, problem| Error {
            file: file.to_owned(),
            line,
            problem,
        };
        let document: toml::Table = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let before = text.get(..at).unwrap_or(text);
            fail(
                before.matches('\n').count() + 1,
                Problem::Syntax(error.message().to_owned()),
            )
        })?;
        let line_of = |key: &str| {
            let key = quoted(key);
            let found = text.lines().position(|line| line.trim().starts_with(&key));
            found.map_or(1, |index| index + 1)
        };
        let mut remembered = Self::default();
        for (table, lines) in &document {
            let kind = Kind::ALL.into_iter().find(|kind| kind.table() == table);
            let (Some(kind), Some(lines)) = (kind, lines.as_table()) else {
                let head = format!("[{table}]");
                let line = text.lines().position(|line| line.trim() == head);
                let line = line.map_or(1, |index| index + 1);
                return Err(fail(line, Problem::Table(table.clone())));
            };
            let mut owners = BTreeMap::new();
            for (key, name) in lines {
                let Some(name) = name.as_str() else {
                    return Err(fail(line_of(key), Problem::Text(key.clone())));
                };
                if !is_name(name, kind) {
                    let (key, name) = (key.clone(), name.to_owned());
                    return Err(fail(line_of(&key), Problem::Name { key, name }));
                }
                if let Some(first) = owners.insert(name, key)
                    && kind.is_unique()
                {
                    let problem = Problem::Taken {
                        name: name.to_owned(),
                        first: first.clone(),
                        second: key.clone(),
                    };
                    return Err(fail(line_of(key), problem));
                }
                let names = remembered.names.entry(kind).or_default();
                names.insert(key.clone(), name.to_owned());
            }
        }
        Ok(remembered)
    }

    /// The name that `key` was given.
    pub fn get(&self, kind: Kind, key: &str) -> Option<&str> {
        self.names.get(&kind)?.get(key).map(String::as_str)
    }

    /// Remembers that `key` is called `name`. What is remembered already stays;
    /// whether this was new.
    pub fn add(&mut self, kind: Kind, key: &str, name: &str) -> bool {
        let names = self.names.entry(kind).or_default();
        if names.contains_key(key) {
            return false;
        }
        names.insert(key.to_owned(), name.to_owned());
        self.added.insert((kind, key.to_owned()));
        true
    }

    /// All names of a kind with what bears them, also what is not in the document at
    /// hand: none of these may be given to anything else.
    pub fn names(&self, kind: Kind) -> impl Iterator<Item = (&str, &str)> {
        let names = self.names.get(&kind).into_iter().flatten();
        names.map(|(key, name)| (key.as_str(), name.as_str()))
    }

    /// What was added since the file was read: kind, key, name.
    pub fn added(&self) -> impl Iterator<Item = (Kind, &str, &str)> {
        self.added.iter().filter_map(|(kind, key)| {
            let name = self.get(*kind, key)?;
            Some((*kind, key.as_str(), name))
        })
    }

    /// The text of the file.
    pub fn to_toml(&self) -> String {
        let mut text = String::from(
            "# Names that were given, and are kept. `cargo xtask generate` adds new ones; a name\n\
             # that is changed here changes in the crate, which breaks its callers.\n\
             # One line a name, sorted: after a merge, keep the lines of both sides.\n",
        );
        for (kind, names) in &self.names {
            if names.is_empty() {
                continue;
            }
            text.push_str(&format!("\n[{}]\n", kind.table()));
            for (key, name) in names {
                text.push_str(&format!("{} = {}\n", quoted(key), quoted(name)));
            }
        }
        text
    }
}

/// What an operation is remembered by: its method and its path without the names of
/// the path's arguments, which documents change as they like.
///
/// ```
/// use codegen::names::remembered::operation_key;
///
/// assert_eq!(operation_key("get", "/zones/{zone_id}/dns"), "GET /zones/{}/dns");
/// ```
pub fn operation_key(method: &str, path: &str) -> String {
    let mut key = method.to_ascii_uppercase();
    key.push(' ');
    let mut depth = 0_usize;
    for character in path.chars() {
        match character {
            '{' => {
                depth += 1;
                if depth == 1 {
                    key.push_str("{}");
                }
            }
            '}' => depth = depth.saturating_sub(1),
            other if depth == 0 => key.push(other),
            _ => {}
        }
    }
    key
}

/// What each of several operations is remembered by: [`operation_key`], except where
/// paths differ in the names of their arguments alone, which no server can tell apart but
/// some documents have. Then all but the first of these, by their text, keep the names.
///
/// ```
/// use codegen::names::remembered::operation_keys;
///
/// let keys = operation_keys(&[("get", "/a/{name}"), ("get", "/a/{id}")]);
/// assert_eq!(keys, ["GET /a/{name}", "GET /a/{}"]);
/// ```
pub fn operation_keys(operations: &[(&str, &str)]) -> Vec<String> {
    let mut first: BTreeMap<String, &str> = BTreeMap::new();
    for (method, path) in operations {
        let known = first.entry(operation_key(method, path)).or_insert(path);
        *known = (*known).min(path);
    }
    let key = |(method, path): &(&str, &str)| {
        let key = operation_key(method, path);
        match first.get(&key) {
            Some(known) if known != path => format!("{} {path}", method.to_ascii_uppercase()),
            _ => key,
        }
    };
    operations.iter().map(key).collect()
}

/// Whether `name` can be the name of something of this kind: identifiers, with what
/// parts them.
fn is_name(name: &str, kind: Kind) -> bool {
    let separator = match kind {
        Kind::Operation => ".",
        Kind::Feature => "-",
        _ => "::",
    };
    name.split(separator).all(|part| {
        let is_start = |first: char| first.is_ascii_alphabetic() || first == '_';
        let is_inner = |inner: char| inner.is_ascii_alphanumeric() || inner == '_';
        let is_identifier = part.starts_with(is_start) && part.chars().all(is_inner);
        match kind {
            Kind::Feature => !part.is_empty() && part.chars().all(is_inner),
            _ => is_identifier && !super::words::is_keyword(part),
        }
    })
}

/// `text` as a TOML string on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            other if other.is_control() => {
                quoted.push_str(&format!("\\u{:04X}", u32::from(other)));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_remembered_stays_as_it_is() {
        let mut remembered = Remembered::default();
        assert!(remembered.add(Kind::Operation, "GET /zones", "zones.list"));
        assert!(!remembered.add(Kind::Operation, "GET /zones", "zones.all"));
        assert_eq!(
            remembered.get(Kind::Operation, "GET /zones"),
            Some("zones.list")
        );
        assert_eq!(remembered.added().count(), 1);
        let again = Remembered::parse("names.toml", &remembered.to_toml()).unwrap();
        assert_eq!(again.added().count(), 0);
        assert_eq!(again.to_toml(), remembered.to_toml());
    }

    #[test]
    fn the_file_has_one_line_a_name_sorted() {
        let mut remembered = Remembered::default();
        remembered.add(Kind::Type, "zone", "zones::Zone");
        remembered.add(Kind::Operation, "GET /zones", "zones.list");
        remembered.add(Kind::Operation, "DELETE /zones/{}", "zones.delete");
        let text = remembered.to_toml();
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(
            lines,
            [
                "",
                "[operations]",
                r#""DELETE /zones/{}" = "zones.delete""#,
                r#""GET /zones" = "zones.list""#,
                "",
                "[types]",
                r#""zone" = "zones::Zone""#,
            ]
        );
    }

    #[test]
    fn an_error_names_the_file_the_line_and_the_way_out() {
        let error = |text: &str| {
            Remembered::parse("names.toml", text)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            error("[operations]\n\"GET /a\" = \"a.list\"\n\"GET /b\" = \"a.list\"\n"),
            "names.toml:3: `a.list` is the name of `GET /a` and of `GET /b`; \
             remove the line that came later"
        );
        assert!(error("[operations]\n<<<<<<< ours\n").starts_with("names.toml:2: "));
        assert_eq!(
            error("[types]\n\n\"a\" = \"fn\"\n"),
            "names.toml:3: `fn` is no name in Rust; correct it, or remove the line of `a`"
        );
        assert!(error("[typos]\n").starts_with("names.toml:1: the table `typos`"));
        assert!(error("[types]\n\"a\" = 1\n").starts_with("names.toml:2: a name is text"));
    }

    #[test]
    fn the_names_of_path_arguments_are_no_part_of_the_key() {
        assert_eq!(
            operation_key("patch", "/a/{x}/b/{y}.json"),
            "PATCH /a/{}/b/{}.json"
        );
    }

    proptest! {
        #[test]
        fn any_key_is_read_as_it_was_written(keys in prop::collection::btree_set("\\PC{0,12}|[\"\\\\\n\t\r]{1,4}", 0..8)) {
            let mut remembered = Remembered::default();
            for (index, key) in keys.iter().enumerate() {
                remembered.add(Kind::Type, key, &format!("T{index}"));
            }
            let text = remembered.to_toml();
            prop_assert_eq!(text.lines().filter(|line| line.contains(" = ")).count(), keys.len());
            let again = Remembered::parse("names.toml", &text).unwrap();
            for key in &keys {
                prop_assert_eq!(again.get(Kind::Type, key), remembered.get(Kind::Type, key));
            }
        }
    }
}
