//! Sample values for usage examples.

use sha2::{Digest, Sha256};

use crate::limits::LONGEST_SAMPLE;
use crate::surface::{Body, Call, Docs, Expr, Field, Kind, PartContent, Sample, Surface, TypeRef};

/// How a caller would write `call`, whose types are in `surface`. Texts that would be
/// the same are told apart, so that it is seen which argument is which.
pub fn sample(call: &Call, surface: &Surface) -> Sample {
    let mut sample = Sample::default();
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
                let value = of_field(field, surface, &mut Vec::new());
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
    sample
}

impl Sample {
    fn add(&mut self, is_argument: bool, name: &str, docs: &Docs, value: Expr) {
        if is_argument {
            self.argument(name, value);
        } else if self.setter.is_none() && !docs.deprecated {
            self.setter = Some((name.to_owned(), value));
        }
    }

    fn argument(&mut self, name: &str, value: Expr) {
        let value = told_apart(value, name, &self.arguments);
        self.arguments.push(value);
    }
}

/// An expression of type `ty`, as a caller would write it. `docs` may give an
/// example; `name` stands in for text that has none.
fn expr(ty: &TypeRef, docs: &Docs, name: &str, surface: &Surface) -> Expr {
    nested(ty, docs, name, surface, &mut Vec::new())
}

fn nested<'s>(
    ty: &'s TypeRef,
    docs: &Docs,
    name: &str,
    surface: &'s Surface,
    around: &mut Vec<&'s str>,
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

fn of_field<'s>(field: &'s Field, surface: &'s Surface, around: &mut Vec<&'s str>) -> Expr {
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
    around: &mut Vec<&'s str>,
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
        Some(Kind::Struct { fields, .. }) if !around.contains(&type_name) => {
            around.push(type_name);
            let required = fields.iter().filter(|field| field.required);
            let arguments = required.map(|field| of_field(field, surface, around));
            let arguments = arguments.collect();
            around.pop();
            Expr::New { ty, arguments }
        }
        Some(Kind::Union { .. }) => Expr::UnknownJson(ty),
        // It contains itself, by way of what it could not do without.
        _ => Expr::Default,
    }
}

/// `value`, or where it is a text that one of `others` is too, another of its kind,
/// which depends on `name` alone.
fn told_apart(value: Expr, name: &str, others: &[Expr]) -> Expr {
    let Expr::Text(text) = &value else {
        return value;
    };
    if !others.contains(&value) {
        return value;
    }
    let is_identifier = text.len() >= 8
        && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
        && text.contains(|c: char| c.is_ascii_digit());
    if is_identifier {
        return Expr::Text(another_identifier(text, name));
    }
    let named = Expr::Text(name.to_owned());
    if others.contains(&named) {
        return Expr::Text(format!("{text}-{}", others.len() + 1));
    }
    named
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
        let example = Expr::Text("023e105f4ecef8ad9ca31a8372d0c353".to_owned());
        let others = [example.clone()];
        let other = told_apart(example.clone(), "client_certificate_id", &others);
        let Expr::Text(text) = &other else {
            panic!("{other:?}");
        };
        assert_ne!(other, example);
        assert_eq!(text.len(), 32);
        assert!(text.chars().all(|c| c.is_ascii_hexdigit()), "{text}");
        let again = told_apart(example.clone(), "client_certificate_id", &others);
        assert_eq!(again, other, "the same on every run");
        assert_eq!(told_apart(example.clone(), "a", &[]), example);
    }
}
