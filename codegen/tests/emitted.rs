//! What holds of every emitted crate, whatever its document says.

use std::collections::BTreeMap;

use codegen::surface::Surface;
use codegen::{Document, GeneratedCrate, Plan, generate};
use serde_json::{Value, json};

fn emit(document: &Value, plan: &Plan) -> GeneratedCrate {
    let document = Document::parse("api.json", document.to_string().as_bytes());
    let (emitted, _) = generate(&document.expect("a document"), plan).expect("a crate");
    emitted
}

/// A document with one operation, `operation` at `GET /things/{thing_id}`, and `schemas`.
fn document(operation: Value, schemas: Value) -> Value {
    let mut get = json!({
        "operationId": "get-thing",
        "tags": ["things"],
        "parameters": [{
            "name": "thing_id", "in": "path", "required": true, "schema": { "type": "string" }
        }],
        "responses": { "200": { "description": "It.", "content": { "application/json": {
            "schema": { "$ref": "#/components/schemas/Thing" }
        } } } }
    });
    for (name, value) in operation.as_object().into_iter().flatten() {
        get[name] = value.clone();
    }
    let mut all =
        json!({ "Thing": { "type": "object", "properties": { "a": { "type": "string" } } } });
    for (name, value) in schemas.as_object().into_iter().flatten() {
        all[name] = value.clone();
    }
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Things", "version": "1" },
        "servers": [{ "url": "https://api.example.com" }],
        "paths": { "/things/{thing_id}": { "get": get } },
        "components": { "schemas": all }
    })
}

fn lines(emitted: &GeneratedCrate) -> BTreeMap<&str, Vec<&str>> {
    let files = emitted.files.iter();
    files
        .map(|(path, text)| (path.as_str(), text.lines().collect()))
        .collect()
}

#[test]
fn a_builder_and_a_type_never_share_a_name() {
    let schemas = json!({ "GetThing": { "type": "object" }, "GetThingCall": { "type": "object" } });
    let emitted = emit(&document(json!({}), schemas), &Plan::for_package("things"));
    assert_eq!(emitted.surface.calls[0].builder, "GetThingCall");
    assert!(emitted.files["src/operations/things.rs"].contains("pub struct GetThingCall {"));
}

#[test]
fn an_operation_is_called_at_its_own_server_and_the_protocol_names_it() {
    let mut document = document(json!({}), json!({}));
    document["paths"]["/things/{thing_id}"]["servers"] = json!([{
        "url": "https://{host}.example.com/v2/",
        "variables": { "host": { "default": "upload" } },
    }]);
    let emitted = emit(&document, &Plan::for_package("things"));
    let url = "https://upload.example.com/v2";
    assert_eq!(emitted.surface.calls[0].server.as_deref(), Some(url));
    let plain = |path: &str| emitted.files[path].split_whitespace().collect::<String>();
    let call = plain("src/operations/things.rs");
    assert!(call.contains(&format!(".server(\"{url}\")")), "{call}");
    let protocol = plain("src/protocol.rs");
    assert!(
        protocol.contains(&format!(".servers(&[\"{url}\"])")),
        "{protocol}"
    );
}

#[test]
fn builders_are_cloned_and_only_what_can_fail_has_errors() {
    let emitted = emit(
        &document(json!({}), json!({})),
        &Plan::for_package("things"),
    );
    let text = &emitted.files["src/operations/things.rs"];
    assert!(
        text.contains("#[derive(Clone, Debug)]\n#[must_use"),
        "{text}"
    );
    let (methods, _) = text.split_once("static GET_THING").expect("a method");
    assert!(!methods.contains("# Errors"), "{methods}");
}

#[test]
fn an_example_comes_out_as_it_is() {
    for example in [
        "Bob (admin) , a :: b < c",
        "{function} {{ package }} {% if %}",
        "\"## ; panic!() //",
        "a\u{202e}b\r\u{0}",
    ] {
        let mut document = document(json!({}), json!({}));
        document["paths"]["/things/{thing_id}"]["get"]["parameters"][0]["example"] = json!(example);
        document["components"]["schemas"]["Thing"]["properties"]["a"]["example"] = json!(example);
        document["paths"]["/things/{thing_id}"]["get"]["responses"]["200"]["content"]["application/json"]
            ["example"] = json!({ "a": example });
        let mut plan = Plan::for_package("things");
        plan.example = Some(codegen::plan::Program {
            name: "try".to_owned(),
            operation: "get-thing".to_owned(),
        });
        let emitted = emit(&document, &plan);
        let program = &emitted.files["examples/try_.rs"];
        let mut literals = Literals::default();
        syn::visit::Visit::visit_file(&mut literals, &syn::parse_file(program).expect("Rust"));
        assert!(
            literals.0.contains(&example.to_owned()),
            "{example:?}: {program}"
        );
        let response = literals
            .0
            .iter()
            .find_map(|text| serde_json::from_str::<Value>(text).ok());
        assert_eq!(response, Some(json!({ "a": example })), "{program}");
        for (path, text) in &emitted.files {
            let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\0' | '\r');
            assert!(
                path.ends_with(".json") || path.starts_with("runtime/") || !text.contains(turns),
                "{path}"
            );
        }
    }
}

/// The texts of a file of Rust.
#[derive(Default)]
struct Literals(Vec<String>);

impl<'ast> syn::visit::Visit<'ast> for Literals {
    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        self.0.push(literal.value());
    }
}

#[test]
fn arguments_of_one_example_are_told_apart() {
    let id = json!({ "type": "string", "example": "023e105f4ecef8ad9ca31a8372d0c353" });
    let parameter =
        |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": id });
    let mut document = document(json!({}), json!({}));
    let get = document["paths"]["/things/{thing_id}"].take();
    document["paths"] = json!({ "/zones/{zone_id}/things/{thing_id}": get });
    document["paths"]["/zones/{zone_id}/things/{thing_id}"]["get"]["parameters"] =
        json!([parameter("zone_id"), parameter("thing_id")]);
    let emitted = emit(&document, &Plan::for_package("things"));
    let arguments = &emitted.surface.calls[0].sample.arguments;
    assert_ne!(arguments[0], arguments[1]);
}

#[test]
fn one_changed_line_of_a_document_is_a_change_of_what_it_says() {
    let plan = Plan::for_package("things");
    let before = emit(&document(json!({ "summary": "Get it." }), json!({})), &plan);
    let after = emit(
        &document(json!({ "summary": "Fetch it." }), json!({})),
        &plan,
    );
    let (before, after) = (lines(&before), lines(&after));
    let changed: Vec<(&str, usize)> = before
        .iter()
        .map(|(path, lines)| {
            (
                *path,
                lines
                    .iter()
                    .zip(&after[path])
                    .filter(|(a, b)| a != b)
                    .count(),
            )
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    assert_eq!(
        changed,
        [("src/operations/things.rs", 1), ("surface.json", 2)]
    );
}

#[test]
fn no_licence_is_claimed_for_a_strangers_crate() {
    let emitted = emit(
        &document(json!({}), json!({})),
        &Plan::for_package("things"),
    );
    assert!(!emitted.files["Cargo.toml"].contains("license"));
    let mut plan = Plan::for_package("things");
    plan.package.license = Some("Apache-2.0".to_owned());
    plan.package.repository = Some("https://example.com/things".to_owned());
    plan.package.keywords = vec!["things".to_owned()];
    let manifest = emit(&document(json!({}), json!({})), &plan).files["Cargo.toml"].clone();
    for entry in [
        "license = \"Apache-2.0\"",
        "repository = \"https://example.com/things\"",
        "keywords = [\"things\"]",
    ] {
        assert!(manifest.contains(entry), "{manifest}");
    }
}

#[test]
fn a_description_of_any_text_is_one_text_of_the_manifest() {
    let mut plan = Plan::for_package("things");
    plan.package.description = "a \"b\"\n[dependencies]\r\u{202e}\u{0}".to_owned();
    let emitted = emit(&document(json!({}), json!({})), &plan);
    let manifest: toml::Table = emitted.files["Cargo.toml"].parse().expect("TOML");
    let description = manifest["package"]["description"].as_str().expect("a text");
    assert_eq!(description, "a \"b\" [dependencies] \u{fffd}\u{fffd}");
}

#[test]
fn an_api_of_another_name_has_no_word_of_cloudflare() {
    let mut document = document(json!({}), json!({}));
    document["components"]["securitySchemes"] =
        json!({ "pet": { "type": "apiKey", "in": "header", "name": "X-Pet-Key" } });
    document["security"] = json!([{ "pet": [] }]);
    let emitted = emit(&document, &Plan::for_package("pets"));
    for (path, text) in &emitted.files {
        assert!(!text.to_lowercase().contains("cloudflare"), "{path}");
    }
    let protocol = &emitted.files["src/protocol.rs"];
    assert!(
        protocol.contains("Scheme::header(\"pet\", \"X-Pet-Key\").variable(\"PETS_PET\")"),
        "{protocol}"
    );
    assert!(emitted.files["README.md"].contains("`PETS_PET`"));
}

#[test]
fn a_readme_fetches_no_crate_of_a_strangers() {
    let emitted = emit(
        &document(json!({}), json!({})),
        &Plan::for_package("things"),
    );
    let readme = &emitted.files["README.md"];
    assert!(!readme.contains("cargo add things"), "{readme}");
    assert!(readme.contains("things = { path = "), "{readme}");
}

#[test]
fn names_of_the_runtime_are_free_and_those_of_the_prelude_are_not() {
    let names = [
        "Operation",
        "Error",
        "Message",
        "Response",
        "Client",
        "Request",
        "Formatted",
        "Nullable",
        "Choice",
        "Value",
        "String",
        "Option",
        "Serialize",
    ];
    let properties: Value = names
        .iter()
        .map(|name| {
            (
                (*name).to_owned(),
                json!({ "$ref": format!("#/components/schemas/{name}") }),
            )
        })
        .collect::<serde_json::Map<_, _>>()
        .into();
    let object = json!({ "type": "object", "properties": { "x": { "type": "string" } } });
    let mut schemas = json!({ "Thing": { "type": "object", "properties": properties } });
    for name in names {
        schemas[name] = object.clone();
    }
    let emitted = emit(&document(json!({}), schemas), &Plan::for_package("things"));
    let types: Vec<&str> = emitted
        .surface
        .types
        .iter()
        .map(|item| item.name.as_str())
        .collect();
    assert_eq!(
        types,
        [
            "Choice",
            "Client",
            "Error",
            "Formatted",
            "Message",
            "Nullable",
            "Operation",
            "Option2",
            "Request",
            "Response",
            "Serialize2",
            "String2",
            "Thing",
            "Value"
        ]
    );
    let text = &emitted.files["src/types.rs"];
    assert!(
        text.contains("pub use client_runtime::messages::{MessageSource, PageInfo};"),
        "{text}"
    );
}

#[test]
fn a_tag_of_300_letters_has_a_file() {
    let tag = "a".repeat(300);
    let emitted = emit(
        &document(json!({ "tags": [tag] }), json!({})),
        &Plan::for_package("things"),
    );
    for path in emitted.files.keys() {
        let longest = path.split('/').map(str::len).max().unwrap_or_default();
        assert!(longest < 100, "{path}");
    }
}

#[test]
fn no_text_of_a_document_is_a_code_block_of_the_crate() {
    let evil = "text\n\n*      std::process::exit(3);\n\n```\nexit\n```\n\n````\nx\n````\r<script>";
    let mut document = document(
        json!({ "summary": evil, "description": evil, "tags": ["a`\n```\nx"] }),
        json!({ "Thing": { "type": "object", "description": evil, "properties": {
            "a`\n```\nx": { "type": "string", "description": evil, "nullable": true },
            "b": { "type": "string", "enum": ["`", "\n```\nx", "    y"] }
        } } }),
    );
    document["info"]["title"] = json!(evil);
    document["servers"] = json!([{ "url": "https://api.example.com/`x`" }]);
    let mut plan = Plan::for_package("things");
    plan.package.description = evil.to_owned();
    let emitted = emit(&document, &plan);
    for (path, text) in emitted
        .files
        .iter()
        .filter(|(path, _)| path.starts_with("src/"))
    {
        let file = syn::parse_file(text).expect("Rust");
        let mut docs = Docs(vec![String::new()]);
        syn::visit::Visit::visit_file(&mut docs, &file);
        for markdown in docs.0 {
            for block in blocks(&markdown) {
                assert!(block.starts_with("# use things::"), "{path}: {block}");
            }
        }
    }
    for block in blocks(&emitted.files["README.md"]) {
        assert!(!block.contains("exit"), "{block}");
    }
}

/// The documentation of each item.
struct Docs(Vec<String>);

impl<'ast> syn::visit::Visit<'ast> for Docs {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        self.0.push(String::new());
        syn::visit::visit_item(self, item);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::NameValue(named) = &attribute.meta
            && named.path.is_ident("doc")
            && let syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) = &named.value
        {
            // rustdoc reads an item's lines as one text; so does a method's.
            let text = text.value();
            let text = text.strip_prefix(' ').unwrap_or(&text);
            let last = self.0.last_mut().expect("an item");
            last.push_str(text);
            last.push('\n');
        }
    }

    fn visit_impl_item(&mut self, item: &'ast syn::ImplItem) {
        self.0.push(String::new());
        syn::visit::visit_impl_item(self, item);
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        self.0.push(String::new());
        syn::visit::visit_field(self, field);
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        self.0.push(String::new());
        syn::visit::visit_variant(self, variant);
    }
}

fn blocks(markdown: &str) -> Vec<String> {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => open = Some(String::new()),
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            Event::Text(text) => {
                if let Some(open) = &mut open {
                    open.push_str(&text);
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => panic!("{html} in {markdown}"),
            _ => {}
        }
    }
    blocks
}

#[test]
fn a_thousand_equal_names_are_told_apart() {
    let properties: serde_json::Map<String, Value> = (0..1_000)
        .map(|index| {
            (
                format!("a{}", "-".repeat(index + 1)),
                json!({ "type": "string" }),
            )
        })
        .collect();
    let thing = json!({ "Thing": { "type": "object", "properties": properties } });
    let surface: Surface = emit(&document(json!({}), thing), &Plan::for_package("things")).surface;
    let codegen::surface::Kind::Struct { fields, .. } = &surface.types[0].kind else {
        panic!("{:?}", surface.types);
    };
    assert_eq!(fields[999].rust_name, "a_1000");
}
