//! Which operations a diagnostic of the compiler concerns.

use std::collections::{BTreeMap, BTreeSet};

use codegen::GeneratedCrate;
use codegen::surface::{Call, TypeRef};

use crate::coverage::checker::Checker;
use crate::coverage::compile::Diagnostic;

/// What stands before a name where it is declared, or where code belongs to it.
const DECLARING: [&str; 6] = ["struct", "enum", "static", "impl", "for", "open_enum"];

/// Finds the operations behind places in an emitted crate.
pub struct Attribution<'a> {
    emitted: &'a GeneratedCrate,
    checker: &'a Checker,
    /// The ids of the operations that need a type, by the type's name.
    needed_by: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// The ids of operations by the names of what is there for them alone: the builder, the
    /// outcome by status, the static.
    own: BTreeMap<String, BTreeSet<&'a str>>,
}

impl<'a> Attribution<'a> {
    /// Takes the emitted crate and the checker that uses it.
    pub fn new(emitted: &'a GeneratedCrate, checker: &'a Checker) -> Self {
        let surface = &emitted.surface;
        let mut needed_by: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut own: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for call in &surface.calls {
            for name in needs(emitted, call) {
                needed_by.entry(name).or_default().insert(&call.operation);
            }
            let outcome = match call.output_type() {
                TypeRef::Outcome(name) => Some(name),
                _ => None,
            };
            let names = [call.builder.clone(), call.function.to_uppercase()];
            for name in names.into_iter().chain(outcome) {
                own.entry(name).or_default().insert(&call.operation);
            }
        }
        Self {
            emitted,
            checker,
            needed_by,
            own,
        }
    }

    /// The ids of the operations that `diagnostic` concerns: all of the crate,
    /// where it concerns what they share.
    pub fn operations(&self, diagnostic: &Diagnostic) -> BTreeSet<&'a str> {
        let place = diagnostic.place.as_ref();
        let found = place.and_then(|(file, line)| match file.split_once('/')? {
            ("client", file) => self.in_client(file, *line),
            ("checker", file) => self.in_checker(file, *line),
            _ => None,
        });
        let calls = self.emitted.surface.calls.iter();
        found
            .filter(|ids| !ids.is_empty())
            .unwrap_or_else(|| calls.map(|call| call.operation.as_str()).collect())
    }

    fn in_checker(&self, file: &str, line: usize) -> Option<BTreeSet<&'a str>> {
        let name = self.checker.type_at(file, line)?.named()?;
        self.needed_by.get(name).cloned()
    }

    fn in_client(&self, file: &str, line: usize) -> Option<BTreeSet<&'a str>> {
        let lines: Vec<&str> = self.emitted.files.get(file)?.lines().collect();
        let index = subject(&lines, line.checked_sub(1)?);
        let above = lines.get(..=index)?.iter().rev();
        if file.starts_with("src/types") {
            return above
                .filter_map(|line| declared(line))
                .find_map(|name| self.needed_by.get(name))
                .cloned();
        }
        if !file.starts_with("src/operations") {
            return None;
        }
        let mut methods = above.clone().filter_map(|line| method(line));
        let around = above.filter_map(|line| declared(line));
        match around
            .map(|name| (name, self.own.get(name)))
            .find(|(name, ids)| *name == "Client" || ids.is_some())?
        {
            (_, Some(ids)) => Some(ids.clone()),
            _ => {
                let name = methods.next()?;
                let call = self.emitted.surface.call(name)?;
                Some(BTreeSet::from([call.operation.as_str()]))
            }
        }
    }
}

/// The names of all types that a call sends and receives, and that these hold.
fn needs<'a>(emitted: &'a GeneratedCrate, call: &Call) -> BTreeSet<&'a str> {
    let surface = &emitted.surface;
    let mut needs = BTreeSet::new();
    let mut open: Vec<TypeRef> = call.sent();
    open.extend(call.received());
    while let Some(ty) = open.pop() {
        let item = ty.named().and_then(|name| surface.type_named(name));
        if let Some(item) = item
            && needs.insert(item.name.as_str())
        {
            open.extend(item.parts().into_iter().cloned());
        }
    }
    needs
}

/// The line that the one at `index` belongs to: documentation and attributes belong to
/// what follows them.
fn subject(lines: &[&str], index: usize) -> usize {
    let is_head = |line: &&str| {
        let code = line.trim_start();
        code.starts_with("///") || code.starts_with("#[")
    };
    let heads = lines.iter().skip(index).take_while(|line| is_head(line));
    (index + heads.count()).min(lines.len().saturating_sub(1))
}

/// The name that a line declares, or begins the code of.
fn declared(line: &str) -> Option<&str> {
    let mut before = "";
    // Of `impl Trait for Name`, the last one counts.
    let mut found = None;
    for word in words(line) {
        if DECLARING.contains(&before) {
            found = Some(word);
        }
        before = word;
    }
    found.filter(|_| !line.starts_with("    "))
}

/// The method that a line of `impl Client` begins.
fn method(line: &str) -> Option<&str> {
    words(line.strip_prefix("    pub fn ")?).next()
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::{catalog, checker};

    /// The crate of a document with two operations, which share a type.
    fn emitted() -> GeneratedCrate {
        catalog::tests::emitted(
            r##"{ "/parts": { "get": { "operationId": "list-parts", "responses": { "200": {
                "description": "A", "content": { "application/json": { "schema": {
                    "type": "array", "items": { "$ref": "#/components/schemas/Part" } } } } } } } },
                "/parts/{id}": { "get": { "operationId": "get-part",
                "parameters": [
                    { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
                    { "name": "kind", "in": "query", "schema": { "$ref": "#/components/schemas/Kind" } }
                ],
                "responses": { "200": { "description": "A", "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Part" } } } } } } } }"##,
            r##"{ "Part": { "type": "object", "properties": {
                    "maker": { "$ref": "#/components/schemas/Maker" } } },
                "Maker": { "type": "object", "properties": { "name": { "type": "string" } } },
                "Kind": { "type": "string", "enum": ["bolt", "nut"] } }"##,
        )
    }

    /// The operations of a diagnostic on the first line with `code` in a file that starts
    /// with `path`.
    fn attributed(path: &str, code: &str) -> Vec<String> {
        let emitted = emitted();
        let checker = checker::checker("checker", &emitted.surface);
        let mut places = emitted.files.iter().filter_map(|(file, text)| {
            let line = text.lines().position(|line| line.contains(code))?;
            file.starts_with(path).then_some((file, line + 1))
        });
        let (file, line) = places.next().expect("the code");
        let diagnostic = Diagnostic {
            is_error: true,
            message: String::new(),
            place: Some((format!("client/{file}"), line)),
        };
        let attribution = Attribution::new(&emitted, &checker);
        let ids = attribution.operations(&diagnostic).into_iter();
        ids.map(str::to_owned).collect()
    }

    #[test]
    fn a_place_among_operations_concerns_the_operation_around_it() {
        for code in [
            "pub fn get_part",
            "static GET_PART",
            "pub struct GetPartCall",
            "impl GetPartCall",
            "pub fn kind(",
        ] {
            assert_eq!(attributed("src/operations/", code), ["get-part"], "{code}");
        }
        assert_eq!(
            attributed("src/operations/", "pub fn list_parts"),
            ["list-parts"]
        );
    }

    #[test]
    fn a_place_in_a_type_concerns_the_operations_that_need_it() {
        let both = ["get-part", "list-parts"];
        assert_eq!(attributed("src/types", "pub struct Maker"), both);
        assert_eq!(attributed("src/types", "pub maker"), both);
        assert_eq!(attributed("src/types", "pub enum Kind"), ["get-part"]);
        assert_eq!(attributed("src/types", "    Bolt"), ["get-part"]);
    }

    #[test]
    fn what_operations_share_concerns_them_all() {
        let both = ["get-part", "list-parts"];
        assert_eq!(attributed("src/lib.rs", "mod"), both);
        assert_eq!(attributed("src/client.rs", "struct Client"), both);
    }
}
