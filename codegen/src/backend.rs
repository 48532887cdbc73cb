//! The only file that names progenitor: a normalized document in, a syntax tree out.

use openapiv3::OpenAPI;
use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle};

/// Why progenitor could not turn a normalized document into code.
///
/// Each of these is a gap in `normalize`, whose output progenitor should
/// always take.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// progenitor refused the document.
    #[error("progenitor refuses the normalized document: {0}")]
    Refused(#[from] progenitor_impl::Error),
    /// progenitor's tokens are no Rust file.
    #[error("what progenitor generated is not Rust: {0}")]
    NotRust(#[from] syn::Error),
}

/// Generates the types of `document`, in the syntax tree of a whole client.
///
/// The document has no paths: an operation is a builder over the runtime, which
/// `codegen` emits itself. The positional style is asked for because the builder
/// style adds a second struct, of `Result<_, String>` fields, for every type.
///
/// `ours` are the component schemas whose types codegen emits itself; progenitor
/// refers to them as `types::<name>`. Maps become `BTreeMap`, so that what is
/// sent has one order.
pub fn generate<'a>(
    document: &OpenAPI,
    ours: impl IntoIterator<Item = &'a str>,
) -> Result<syn::File, Error> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_map_type("::std::collections::BTreeMap");
    for name in ours {
        settings.with_replacement(name, format!("types::{name}"), std::iter::empty());
    }
    let tokens = Generator::new(&settings).generate_tokens(document)?;
    Ok(syn::parse2(tokens)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> OpenAPI {
        serde_json::from_value(serde_json::json!({
            "openapi": "3.0.3",
            "info": { "title": "Shop", "version": "1" },
            "paths": {},
            "components": { "schemas": {
                "Kind": { "type": "string", "enum": ["<", "<="] },
                "Part": {
                    "type": "object",
                    "properties": {
                        "kind": { "$ref": "#/components/schemas/Kind" },
                        "tags": {
                            "type": "array", "nullable": true, "items": { "type": "string" }
                        }
                    }
                }
            } }
        }))
        .expect("a document of OpenAPI 3.0")
    }

    fn part(file: &syn::File) -> String {
        let types = file.items.iter().find_map(|item| match item {
            syn::Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
            _ => None,
        });
        let (_, items) = types.expect("a module of types");
        let part = items
            .iter()
            .find(|item| matches!(item, syn::Item::Struct(part) if part.ident == "Part"));
        quote::ToTokens::to_token_stream(part.expect("a struct for Part"))
            .to_string()
            .replace(' ', "")
    }

    #[test]
    fn a_type_of_ours_is_referred_to_and_not_generated() {
        let file = generate(&document(), ["Kind"]).expect("a generated client");
        assert!(
            part(&file).contains("Option<types::Kind>"),
            "{}",
            part(&file)
        );
    }

    #[test]
    fn an_optional_list_marked_nullable_keeps_empty_apart_from_absent() {
        let file = generate(&document(), ["Kind"]).expect("a generated client");
        assert!(
            part(&file).contains("Option<::std::vec::Vec<"),
            "{}",
            part(&file)
        );
    }
}
