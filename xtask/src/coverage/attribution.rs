//! Which operations a diagnostic of the compiler concerns.

use std::collections::{BTreeMap, BTreeSet};

use crate::coverage::catalog::Entry;
use crate::coverage::checker::Checker;
use crate::coverage::compile::Diagnostic;

/// Finds the operations behind places in an emitted crate.
pub struct Attribution<'a> {
    files: &'a BTreeMap<String, String>,
    entries: &'a [Entry],
    checker: &'a Checker,
    /// The ids of the operations that need a type, by the type's name.
    needed_by: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Attribution<'a> {
    /// Takes the texts of the emitted crate by path, its operations, and the
    /// checker that uses it.
    pub fn new(
        files: &'a BTreeMap<String, String>,
        entries: &'a [Entry],
        checker: &'a Checker,
    ) -> Self {
        Self {
            files,
            entries,
            checker,
            needed_by: needed_by(files, entries),
        }
    }

    /// The ids of the operations that `diagnostic` concerns: all of the crate,
    /// where it concerns what they share.
    pub fn operations(&self, diagnostic: &Diagnostic) -> BTreeSet<&'a str> {
        let all = || self.entries.iter().map(|entry| entry.id.as_str()).collect();
        let Some((file, line)) = &diagnostic.place else {
            return all();
        };
        let found = match file.split_once('/') {
            Some(("client", file)) => self.in_client(file, *line),
            Some(("checker", file)) => self.checker.type_at(file, *line).map(|ty| {
                let of_type = self
                    .entries
                    .iter()
                    .filter(|entry| entry.types().any(|own| own == ty));
                of_type.map(|entry| entry.id.as_str()).collect()
            }),
            _ => None,
        };
        found.filter(|ids| !ids.is_empty()).unwrap_or_else(all)
    }

    fn in_client(&self, file: &str, line: usize) -> Option<BTreeSet<&'a str>> {
        let text = self.files.get(file)?;
        if file.starts_with("src/operations") {
            let item = item_at(text, line)?;
            let of_item = self.entries.iter().filter(|entry| is_of(entry, item));
            return Some(of_item.map(|entry| entry.id.as_str()).collect());
        }
        if file.starts_with("src/types") {
            let Item::Type(name) = item_at(text, line)? else {
                return None;
            };
            return self.needed_by.get(name).cloned();
        }
        None
    }
}

/// Something that Rust code is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item<'t> {
    /// A struct or an enum, or the code that belongs to it.
    Type(&'t str),
    /// A method of the client.
    Method(&'t str),
    /// A static.
    Static(&'t str),
}

fn is_of(entry: &Entry, item: Item<'_>) -> bool {
    match item {
        Item::Type(name) => entry.builder.rsplit("::").next() == Some(name),
        Item::Method(name) => entry.function == name,
        Item::Static(name) => entry.function.to_uppercase() == name,
    }
}

/// What the code on `line`, from 1, is about: the item whose start is the last
/// before it. Documentation and attributes belong to what follows them.
fn item_at(text: &str, line: usize) -> Option<Item<'_>> {
    let mut items = items(text).peekable();
    let mut found = None;
    while let Some((start, item)) = items.next_if(|(start, _)| *start <= line) {
        found = Some((start, item));
    }
    found.map(|(_, item)| item)
}

/// Every item of a file with the line on which it starts, with its head.
fn items(text: &str) -> impl Iterator<Item = (usize, Item<'_>)> {
    let mut head = None;
    let mut is_client = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let code = line.trim_start();
        if code.starts_with("///") || code.starts_with("#[") {
            head.get_or_insert(index + 1);
            return None;
        }
        let start = head.take().unwrap_or(index + 1);
        if line.starts_with("impl") {
            is_client = line.starts_with("impl Client ");
        }
        let item = match line.len() - code.len() {
            0 => outer_item(line),
            4 if is_client => after(code, "pub fn ").map(Item::Method),
            _ => None,
        };
        item.map(|item| (start, item))
    })
}

/// The item that `line`, which is not indented, starts.
fn outer_item(line: &str) -> Option<Item<'_>> {
    let subject = || {
        let rest = line.strip_prefix("impl")?;
        let subject = match rest.split_once(" for ") {
            Some((_, subject)) => subject,
            None => rest.trim_start(),
        };
        Some(name(subject))
    };
    after(line, "pub struct ")
        .or_else(|| after(line, "pub enum "))
        .or_else(|| after(line, "open_enum!("))
        .or_else(subject)
        .filter(|name| !name.is_empty() && *name != "Client")
        .map(Item::Type)
        .or_else(|| after(line, "static ").map(Item::Static))
}

/// The identifier that follows `words`.
fn after<'t>(code: &'t str, words: &str) -> Option<&'t str> {
    code.strip_prefix(words).map(name)
}

/// The identifier at the start of `code`.
fn name(code: &str) -> &str {
    let end = code.find(|c: char| !c.is_alphanumeric() && c != '_');
    code.get(..end.unwrap_or(code.len())).unwrap_or_default()
}

/// The ids of the operations that need a type, by the type's name.
fn needed_by<'a>(
    files: &'a BTreeMap<String, String>,
    entries: &'a [Entry],
) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let uses = uses(files);
    let mut needed_by: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for entry in entries {
        let builder = name(entry.builder.rsplit("::").next().unwrap_or_default());
        let mut open: Vec<&str> = vec![builder, &entry.function];
        open.extend(entry.types().flat_map(words));
        let mut seen = BTreeSet::new();
        while let Some(word) = open.pop() {
            if seen.insert(word)
                && let Some(used) = uses.get(word)
            {
                open.extend(used);
                needed_by.entry(word).or_default().insert(&entry.id);
            }
        }
    }
    needed_by
}

/// The types that each item mentions, by the item's name.
fn uses(files: &BTreeMap<String, String>) -> BTreeMap<&str, BTreeSet<&str>> {
    let written = |folder: &'static str| {
        files
            .iter()
            .filter(move |(path, _)| path.starts_with(folder))
            .map(|(_, text)| text.as_str())
    };
    let mut uses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut types = BTreeSet::new();
    for text in written("src/types") {
        types.extend(items(text).filter_map(|(_, item)| match item {
            Item::Type(name) => Some(name),
            _ => None,
        }));
    }
    for text in written("src/types").chain(written("src/operations")) {
        let mut items = items(text).peekable();
        let mut current = None;
        for (index, line) in text.lines().enumerate() {
            while let Some((_, item)) = items.next_if(|(start, _)| *start <= index + 1) {
                current = Some(match item {
                    Item::Type(name) | Item::Method(name) | Item::Static(name) => name,
                });
            }
            if let Some(name) = current
                && !line.trim_start().starts_with("//")
            {
                let used = words(line).filter(|word| types.contains(word));
                uses.entry(name).or_default().extend(used);
            }
        }
    }
    uses
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::{catalog, checker};

    const OPERATIONS: &str = "use crate::types;\n\
        \n\
        impl Client {\n    /// List.\n    pub fn list_parts(&self, kind: types::Kind) -> ListParts {\n        todo\n    }\n\
        \n    /// Get.\n    pub fn get_part(&self) -> GetPart {\n        todo\n    }\n}\n\
        \n\
        static LIST_PARTS: Operation = Operation {\n    id: \"list\",\n};\n\
        \n\
        /// A call.\n#[derive(Debug)]\npub struct ListParts {\n    request: Request,\n}\n\
        \n\
        impl ListParts {\n    pub fn get_part(self) -> Self {\n        self\n    }\n}\n";

    const TYPES: &str = "/// A part.\n#[derive(Debug)]\npub struct Part {\n    pub maker: Option<Maker>,\n}\n\
        \n\
        pub struct Maker {\n    name: String,\n}\n\
        \n\
        pub enum Kind {\n    Bolt,\n}\n\
        \n\
        impl From<&str> for Kind {\n    fn from() {}\n}\n\
        open_enum!(Kind);\n";

    fn attributed(file: &str, code: &str) -> Vec<String> {
        let files = BTreeMap::from([
            ("src/operations/parts.rs".to_owned(), OPERATIONS.to_owned()),
            ("src/types.rs".to_owned(), TYPES.to_owned()),
        ]);
        let entries = catalog::read(
            r#"[
                { "id": "list", "function": "list_parts", "builder": "operations::ListParts",
                  "body": null, "result": "Vec<types::Part>", "envelope": "absent" },
                { "id": "get", "function": "get_part", "builder": "operations::GetPart",
                  "body": null, "result": "types::Part", "envelope": "absent" }
            ]"#,
        );
        let entries = entries.expect("entries");
        let checker = checker::checker("shop", &entries, false);
        let path = format!("client/{file}");
        let text = files.get(file).map(String::as_str).unwrap_or_default();
        let line = text.lines().position(|line| line.contains(code));
        let diagnostic = Diagnostic {
            is_error: true,
            message: String::new(),
            place: line.map(|line| (path, line + 1)),
        };
        let attribution = Attribution::new(&files, &entries, &checker);
        let ids = attribution.operations(&diagnostic).into_iter();
        ids.map(str::to_owned).collect()
    }

    #[test]
    fn a_place_among_operations_concerns_the_operation_around_it() {
        let file = "src/operations/parts.rs";
        assert_eq!(attributed(file, "/// List."), ["list"]);
        assert_eq!(attributed(file, "GetPart {"), ["get"]);
        assert_eq!(attributed(file, "id: \"list\""), ["list"]);
        assert_eq!(attributed(file, "#[derive(Debug)]"), ["list"]);
        assert_eq!(attributed(file, "pub fn get_part(self)"), ["list"]);
    }

    #[test]
    fn a_place_in_a_type_concerns_the_operations_that_need_it() {
        assert_eq!(attributed("src/types.rs", "name: String"), ["get", "list"]);
        assert_eq!(attributed("src/types.rs", "fn from()"), ["list"]);
        assert_eq!(attributed("src/types.rs", "open_enum!"), ["list"]);
    }

    #[test]
    fn what_operations_share_concerns_them_all() {
        assert_eq!(attributed("src/lib.rs", "x"), ["get", "list"]);
        assert_eq!(
            attributed("src/operations/parts.rs", "use crate"),
            ["get", "list"]
        );
    }
}
