//! The documentation of a part, out of what the document says of it.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::text;
use crate::limits::LONGEST_EXAMPLE;
use crate::surface::Docs;

/// What the document says, then its example. `fallback`, which is Markdown, stands
/// where the document says nothing.
pub fn markdown(docs: &Docs, fallback: &str) -> String {
    let said = match (&docs.summary, &docs.description) {
        (Some(summary), Some(description)) if !is_same(summary, description) => {
            format!("{}\n\n{}", text::block(summary), text::block(description))
        }
        (_, Some(said)) | (Some(said), None) => text::block(said),
        (None, None) => String::new(),
    };
    let mut said = if said.is_empty() {
        fallback.to_owned()
    } else {
        said
    };
    if !said.ends_with(['.', '!', '?', ':', '`', ')']) && !said.contains('\n') {
        said.push('.');
    }
    if let Some(example) = example(docs.example.as_ref()) {
        said.push_str(&format!("\n\nExample: {}.", text::code(&example)));
    }
    said
}

/// "A" or "An", as `name` is spoken.
pub fn article(name: &str) -> &'static str {
    if name.starts_with(['A', 'E', 'I', 'O']) {
        "An"
    } else {
        "A"
    }
}

/// The attribute of what the document advises against.
pub fn deprecated(docs: &Docs) -> Option<TokenStream> {
    docs.deprecated
        .then(|| quote!(#[deprecated = "deprecated by the API"]))
}

/// The attribute of what calls a deprecated method of our own.
pub fn allowed(is_deprecated: bool) -> Option<TokenStream> {
    is_deprecated
        .then(|| quote!(#[allow(deprecated, reason = "what is deprecated can still be set")]))
}

fn is_same(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.trim_end_matches('.').trim().to_lowercase();
    plain(one) == plain(other)
}

/// A scalar example that fits a sentence.
fn example(example: Option<&Value>) -> Option<String> {
    let text = match example? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    let is_short = text.len() <= LONGEST_EXAMPLE && !text.contains(['\n', '\r']);
    (is_short && !text.trim().is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_follows_the_description() {
        let docs = Docs {
            description: Some("Days of validity".to_owned()),
            example: Some(Value::from(3650)),
            ..Docs::default()
        };
        assert_eq!(markdown(&docs, ""), "Days of validity.\n\nExample: `3650`.");
    }
}
