//! Sample values for usage examples.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use crate::limits::{DEEPEST_SAMPLE, LONGEST_SAMPLE, MOST_SAMPLED};
use crate::surface::{Body, Call, Docs, Expr, Field, Kind, PartContent, Sample, Surface, TypeRef};

/// How a caller would write `call`, whose types are in `surface`. Texts that would be
/// the same are told apart, so that it is seen which argument is which.
pub fn sample(call: &Call, surface: &Surface) -> Sample {
    let mut sample = Written::default();
    for parameter in call
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
    {
        let value = expr(&parameter.ty, &parameter.docs, &parameter.name, surface);
        sample.argument(&parameter.name, value);
    }
    let no_docs = Docs::default();
    match &call.body {
        Some(Body::Fields { ty, fields, .. }) => {
            for (given, field) in fields.iter().zip(surface.fields_of(ty)) {
                let value = of_field(field, surface, &mut Around::default());
                sample.add(field.required, &given.rust_name, &field.docs, value);
            }
        }
        Some(Body::Whole {
            ty, required: true, ..
        }) => sample.argument("body", expr(ty, &no_docs, "body", surface)),
        Some(Body::Content {
            media_types,
            is_chosen,
            required: true,
        }) => {
            if let (true, Some(first)) = (is_chosen, media_types.first()) {
                let first = first.replace('*', "basic");
                sample.argument("media_type", Expr::Text(first));
            }
            sample.argument("body", Expr::Content);
        }
        Some(Body::Parts { parts, .. }) => {
            for part in parts {
                let value = match &part.content {
                    PartContent::File => Expr::Content,
                    PartContent::Files => Expr::Files,
                    PartContent::Value(ty) => expr(ty, &part.docs, &part.name, surface),
                };
                sample.add(part.required, &part.rust_name, &part.docs, value);
            }
        }
        Some(Body::Whole { .. } | Body::Content { .. }) | None => {}
    }
    sample.sample
}

/// A sample that is being written.
#[derive(Default)]
struct Written {
    sample: Sample,
    /// The texts among its arguments.
    texts: HashSet<String>,
}

impl Written {
    fn add(&mut self, is_argument: bool, name: &str, docs: &Docs, value: Expr) {
        if is_argument {
            self.argument(name, value);
        } else if self.sample.setter.is_none() && !docs.deprecated {
            self.sample.setter = Some((name.to_owned(), value));
        }
    }

    fn argument(&mut self, name: &str, value: Expr) {
        let value = match value {
            Expr::Text(text) => {
                let text = told_apart(text, name, &self.texts, self.sample.arguments.len());
                self.texts.insert(text.clone());
                Expr::Text(text)
            }
            other => other,
        };
        self.sample.arguments.push(value);
    }
}

/// What lies around the value that is being written.
struct Around<'s> {
    types: Vec<&'s str>,
    /// How many more fields may be written.
    left: usize,
}

impl Default for Around<'_> {
    fn default() -> Self {
        Self {
            types: Vec::new(),
            left: MOST_SAMPLED,
        }
    }
}

/// An expression of type `ty`, as a caller would write it. `docs` may give an
/// example; `name` stands in for text that has none.
fn expr(ty: &TypeRef, docs: &Docs, name: &str, surface: &Surface) -> Expr {
    nested(ty, docs, name, surface, &mut Around::default())
}

fn nested<'s>(
    ty: &'s TypeRef,
    docs: &Docs,
    name: &str,
    surface: &'s Surface,
    around: &mut Around<'s>,
) -> Expr {
    let example = docs.example.as_ref();
    match ty {
        TypeRef::String | TypeRef::Format(_) => {
            let text = example.and_then(|example| example.as_str());
            let text = text.filter(|text| text.len() <= LONGEST_SAMPLE);
            Expr::Text(text.unwrap_or(name).to_owned())
        }
        TypeRef::Bool => Expr::Bool(true),
        TypeRef::I32 => {
            let number = example.and_then(|example| example.as_i64());
            let number = number.and_then(|number| i32::try_from(number).ok());
            Expr::Integer(i64::from(number.unwrap_or(1).max(0)))
        }
        TypeRef::I64 | TypeRef::U64 => {
            let number = example.and_then(|example| example.as_i64());
            Expr::Integer(number.unwrap_or(1).max(0))
        }
        TypeRef::F64 => {
            let number = example.and_then(|example| example.as_f64());
            let number = number.filter(|number| number.is_finite());
            Expr::Float(number.unwrap_or(1.0).abs())
        }
        TypeRef::Json => Expr::JsonNull,
        TypeRef::List(_) => Expr::EmptyList,
        TypeRef::Option(_) => Expr::None,
        TypeRef::Box(inner) => nested(inner, docs, name, surface, around),
        TypeRef::Type(type_name) => named(type_name, docs, surface, around),
        TypeRef::Map(_) | TypeRef::Unit | TypeRef::Bytes | TypeRef::Outcome(_) => Expr::Default,
    }
}

fn of_field<'s>(field: &'s Field, surface: &'s Surface, around: &mut Around<'s>) -> Expr {
    // What has to be there and may be null is an `Option`.
    if field.required && field.nullable {
        return Expr::None;
    }
    nested(&field.ty, &field.docs, &field.name, surface, around)
}

fn named<'s>(
    type_name: &'s str,
    docs: &Docs,
    surface: &'s Surface,
    around: &mut Around<'s>,
) -> Expr {
    let ty = type_name.to_owned();
    match surface.type_named(type_name).map(|item| &item.kind) {
        Some(Kind::Enum { values }) => {
            let example = docs.example.as_ref();
            let example = example.and_then(|example| example.as_str());
            let mut known = values.iter();
            let chosen = known.find(|value| Some(value.value.as_str()) == example);
            match chosen.or(values.first()) {
                Some(value) => Expr::Variant {
                    ty,
                    variant: value.variant.clone(),
                },
                None => Expr::UnknownText(ty),
            }
        }
        Some(Kind::Struct { fields, .. }) if !around.types.contains(&type_name) => {
            let required = fields.iter().filter(|field| field.required);
            let count = required.clone().count();
            if count > around.left || around.types.len() == DEEPEST_SAMPLE {
                return Expr::Parsed(ty);
            }
            around.left -= count;
            around.types.push(type_name);
            let arguments = required.map(|field| of_field(field, surface, around));
            let arguments = arguments.collect();
            around.types.pop();
            Expr::New { ty, arguments }
        }
        Some(Kind::Union { .. }) => Expr::UnknownJson(ty),
        // It contains itself, by way of what it could not do without.
        _ => Expr::Default,
    }
}

/// `text`, or where it is one of `others` too, another of its kind, which depends on
/// `name` and on how many arguments are `before` it.
fn told_apart(text: String, name: &str, others: &HashSet<String>, before: usize) -> String {
    if !others.contains(&text) {
        return text;
    }
    let is_identifier = text.len() >= 8
        && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
        && text.contains(|c: char| c.is_ascii_digit());
    if is_identifier {
        return another_identifier(&text, name);
    }
    if others.contains(name) {
        return format!("{text}-{}", before + 1);
    }
    name.to_owned()
}

/// Hexadecimal digits in the groups of `text`, out of the hash of `name`.
fn another_identifier(text: &str, name: &str) -> String {
    let hash = Sha256::digest(name.as_bytes());
    let digits: Vec<u8> = hash
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .collect();
    let mut digits = digits.into_iter().cycle();
    let is_uuid = text.len() == 36;
    let another = text.char_indices().map(|(index, character)| {
        let digit = char::from_digit(u32::from(digits.next().unwrap_or(0)), 16);
        let digit = digit.unwrap_or('0');
        // A UUID says its version and its variant in these digits.
        if character == '-' || (is_uuid && matches!(index, 14 | 19)) {
            character
        } else if character.is_ascii_uppercase() {
            digit.to_ascii_uppercase()
        } else {
            digit
        }
    });
    another.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_identifiers_of_one_example_differ_and_stay_what_they_are() {
        let example = "023e105f4ecef8ad9ca31a8372d0c353".to_owned();
        let others = HashSet::from([example.clone()]);
        let other = told_apart(example.clone(), "client_certificate_id", &others, 1);
        assert_ne!(other, example);
        assert_eq!(other.len(), 32);
        assert!(other.chars().all(|c| c.is_ascii_hexdigit()), "{other}");
        let again = told_apart(example.clone(), "client_certificate_id", &others, 1);
        assert_eq!(again, other, "the same on every run");
        assert_eq!(
            told_apart(example.clone(), "a", &HashSet::new(), 0),
            example
        );
    }

    /// The sample of a call that sends a struct, whose fields are those of `tree`: by
    /// level, each of two of the next.
    fn sample_of_tree(levels: usize) -> Expr {
        let schemas: serde_json::Map<String, serde_json::Value> = (0..levels)
            .map(|level| {
                let next =
                    serde_json::json!({ "$ref": format!("#/components/schemas/L{}", level + 1) });
                let next = match level + 1 < levels {
                    true => next,
                    false => serde_json::json!({ "type": "string" }),
                };
                let schema = serde_json::json!({
                    "type": "object", "required": ["left", "right"],
                    "properties": { "left": next, "right": next }
                });
                (format!("L{level}"), schema)
            })
            .collect();
        let document = serde_json::json!({
            "openapi": "3.0.3", "info": { "title": "Tree", "version": "1" },
            "paths": { "/a": { "post": {
                "operationId": "a",
                "requestBody": { "required": true, "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/L0" }
                } } },
                "responses": {}
            } } },
            "components": { "schemas": schemas }
        });
        let text = document.to_string();
        let document = crate::Document::parse("tree", text.as_bytes()).expect("a document");
        let plan = crate::Plan::for_package("tree");
        let (emitted, _) = crate::generate(&document, &plan).expect("a crate");
        let call = emitted.surface.calls.first().expect("a call");
        Expr::New {
            ty: "L0".to_owned(),
            arguments: call.sample.arguments.clone(),
        }
    }

    fn fields_of(expr: &Expr) -> usize {
        match expr {
            Expr::New { arguments, .. } => {
                arguments.len() + arguments.iter().map(fields_of).sum::<usize>()
            }
            _ => 0,
        }
    }

    #[test]
    fn a_sample_of_required_fields_that_double_at_each_level_is_bounded() {
        assert_eq!(fields_of(&sample_of_tree(3)), 14);
        // Written out, it would have 2^60 fields.
        let fields = fields_of(&sample_of_tree(60));
        assert!(fields <= 2 * MOST_SAMPLED + 2, "{fields}");
    }
}
