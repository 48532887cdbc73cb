//! The crate that decodes and encodes examples with the types of an emitted
//! crate.

use std::collections::BTreeMap;

use codegen::surface::{Surface, TypeRef};

use crate::coverage::catalog;

/// How many types a module of the checker takes on.
const TYPES_IN_MODULE: usize = 200;

/// How many lines a module has above its first type.
const LINES_ABOVE: usize = 8;

const MAIN: &str = include_str!("checker/main.rs.txt");

/// The source of a checker, and what it knows.
#[derive(Debug)]
pub struct Checker {
    /// Texts by their path in the crate.
    pub files: BTreeMap<String, String>,
    /// Types by the number under which the checker knows them.
    pub types: Vec<TypeRef>,
}

/// Writes the checker `name` for the crate that `surface` describes, which lies in the
/// folder `client` beside it.
pub fn checker(name: &str, surface: &Surface) -> Checker {
    let types = catalog::types(surface);
    let mut files = BTreeMap::new();
    let mut modules = Vec::new();
    for (index, chunk) in types.chunks(TYPES_IN_MODULE).enumerate() {
        let module = format!("types_{index}");
        files.insert(format!("src/{module}.rs"), module_text(chunk));
        modules.push(module);
    }
    let declared: String = modules
        .iter()
        .map(|module| format!("mod {module};\n"))
        .collect();
    let joined: String = modules
        .iter()
        .map(|module| format!("    {module}::CHECKS,\n"))
        .collect();
    let main = MAIN
        .replace("// modules\n", &declared)
        .replace("    // checks\n", &joined);
    files.insert("src/main.rs".to_owned(), main);
    files.insert("Cargo.toml".to_owned(), manifest(name, surface));
    Checker { files, types }
}

fn manifest(name: &str, surface: &Surface) -> String {
    let package = &surface.package.name;
    let features = match surface.is_split() {
        true => ", features = [\"full\"]",
        false => "",
    };
    format!(
        "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\nclient = {{ package = {package:?}, path = \"../client\"{features} }}\n\
         client-runtime = {{ path = \"../client/runtime\" }}\n\
         serde = \"1\"\n\
         serde_json = {{ version = \"1\", features = [\"raw_value\"] }}\n\
         serde_path_to_error = \"0.1\"\n"
    )
}

/// A line for each type, so that a diagnostic's line tells the type.
fn module_text(types: &[TypeRef]) -> String {
    let mut text = "#![allow(unused_imports)]\n\
        use std::collections::BTreeMap;\n\
        \n\
        use client::types;\n\
        \n\
        use crate::{Check, round_trip};\n\
        \n\
        pub const CHECKS: &[Check] = &[\n"
        .to_owned();
    for ty in types {
        text.push_str(&format!("    round_trip::<{}>,\n", catalog::spelled(ty)));
    }
    text.push_str("];\n");
    text
}

impl Checker {
    /// The type on line `line` of `file`, a path in the checker's crate.
    pub fn type_at(&self, file: &str, line: usize) -> Option<&TypeRef> {
        let module = file.strip_prefix("src/types_")?.strip_suffix(".rs")?;
        let module: usize = module.parse().ok()?;
        let index = line.checked_sub(LINES_ABOVE + 1)?;
        let found = self.types.get(module * TYPES_IN_MODULE + index)?;
        (index < TYPES_IN_MODULE).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A crate with operations of as many types.
    fn surface(count: usize) -> Surface {
        let operations = (0..count).map(|index| {
            format!(
                r##""/p{index}": {{ "get": {{ "operationId": "o{index}", "responses": {{ "200": {{
                    "description": "T", "content": {{ "application/json": {{
                        "schema": {{ "$ref": "#/components/schemas/T{index}" }} }} }} }} }} }} }}"##
            )
        });
        let schemas = (0..count).map(|index| {
            format!(r#""T{index}": {{ "properties": {{ "p{index}": {{ "type": "string" }} }} }}"#)
        });
        let joined = |texts: Vec<String>| format!("{{ {} }}", texts.join(","));
        catalog::tests::emitted(&joined(operations.collect()), &joined(schemas.collect())).surface
    }

    #[test]
    fn each_type_is_known_once_and_found_by_its_line() {
        let checker = checker("checker", &surface(210));
        assert_eq!(checker.types.len(), 210);
        for (file, text) in &checker.files {
            for (index, line) in text.lines().enumerate() {
                let written = line
                    .trim()
                    .strip_prefix("round_trip::<")
                    .and_then(|rest| rest.strip_suffix(">,"));
                if file.starts_with("src/types_") {
                    let found = checker.type_at(file, index + 1).map(catalog::spelled);
                    assert_eq!(found.as_deref(), written, "{file}:{index}");
                }
            }
        }
    }

    #[test]
    fn the_marks_in_the_program_are_filled() {
        let checker = checker("checker", &surface(1));
        let main = &checker.files["src/main.rs"];
        assert!(main.contains("\nmod types_0;\n"), "{main}");
        assert!(main.contains("    types_0::CHECKS,\n"), "{main}");
    }
}
