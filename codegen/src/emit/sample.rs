//! Sample values of types, as Rust expressions for usage examples.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Api, Docs, Field, Integer, Shape, Type};
use crate::polish::rust_type::ident;

/// An expression of type `ty`, as a caller would write it. `docs` may give an
/// example; `name` stands in for text that has none.
pub fn sample(ty: &Type, docs: &Docs, name: &str, api: &Api) -> TokenStream {
    nested(ty, docs, name, api, &[])
}

fn nested(ty: &Type, docs: &Docs, name: &str, api: &Api, around: &[&str]) -> TokenStream {
    let example = docs.example.as_ref();
    match ty {
        Type::String | Type::Formatted(_) => {
            let text = example
                .and_then(|example| example.as_str())
                .filter(|text| text.len() <= 60)
                .unwrap_or(name);
            quote!(#text)
        }
        Type::Bool => quote!(true),
        Type::Integer(Integer::I32) => {
            let number = example.and_then(|example| example.as_i64());
            let number = number.and_then(|number| i32::try_from(number).ok());
            let number = proc_macro2::Literal::i32_unsuffixed(number.unwrap_or(1).max(0));
            quote!(#number)
        }
        Type::Integer(_) => {
            let number = example.and_then(|example| example.as_i64()).unwrap_or(1);
            let number = proc_macro2::Literal::i64_unsuffixed(number.max(0));
            quote!(#number)
        }
        Type::Number => {
            let number = example.and_then(|example| example.as_f64());
            let number = number.filter(|number| number.is_finite()).unwrap_or(1.0);
            let number = proc_macro2::Literal::f64_unsuffixed(number.abs());
            quote!(#number)
        }
        Type::Any => quote!(serde_json::Value::Null),
        Type::List(_) => quote!(Vec::new()),
        Type::Map(_) => quote!(Default::default()),
        Type::Nullable(_) => quote!(None),
        Type::Named(type_name) => {
            let path = ident(type_name);
            match api.types.get(type_name).map(|def| &def.shape) {
                Some(Shape::Enum(values)) => {
                    let known = example.and_then(|example| example.as_str());
                    let chosen = values
                        .iter()
                        .find(|(value, _)| Some(value.as_str()) == known);
                    match chosen.or(values.first()) {
                        Some((_, variant)) => {
                            let variant = ident(variant);
                            quote!(types::#path::#variant)
                        }
                        None => quote!(types::#path::Unknown(String::new())),
                    }
                }
                Some(Shape::Struct { fields, .. }) if !around.contains(&type_name.as_str()) => {
                    let around: Vec<&str> =
                        around.iter().copied().chain([type_name.as_str()]).collect();
                    let arguments = fields
                        .iter()
                        .filter(|field| field.required)
                        .map(|field| of_field(field, api, &around));
                    quote!(types::#path::new(#(#arguments),*))
                }
                Some(Shape::Union(_)) => {
                    quote!(types::#path::Unknown(serde_json::Value::Null))
                }
                // It contains itself, by way of what it could not do without.
                _ => quote!(Default::default()),
            }
        }
    }
}

fn of_field(field: &Field, api: &Api, around: &[&str]) -> TokenStream {
    nested(&field.ty, &field.docs, &field.name, api, around)
}
