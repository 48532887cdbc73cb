//! Open enums and unions: what a later version of the API adds is kept.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::rust_type::{ident, owned};
use crate::model::{Type, TypeDef, Variant};

/// Emits the open enum `name`: a variant for each known value, and `Unknown`
/// for any other, which serialises back to what it was.
pub fn open_enum(name: &str, def: &TypeDef, values: &[(String, String)]) -> TokenStream {
    let docs = docs::attributes(&docs::text(&def.docs, &format!("`{name}`.")));
    let name = ident(name);
    let variants: Vec<_> = values.iter().map(|(_, variant)| ident(variant)).collect();
    let values: Vec<_> = values.iter().map(|(value, _)| value).collect();
    let variant_docs = values.iter().map(|value| match value.contains('`') {
        true => format!(" {}", docs::escape(value)),
        false if value.trim().is_empty() => " The empty value.".to_owned(),
        false => format!(" `{}`", value.replace('\n', " ")),
    });
    quote! {
        #(#docs)*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #variant_docs] #variants,)*
            /// A value that this version of the client does not know.
            Unknown(String),
        }
        impl #name {
            /// The value as the API spells it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::Unknown(value) => value,
                }
            }
        }
        impl From<&str> for #name {
            fn from(value: &str) -> Self {
                match value {
                    #(#values => Self::#variants,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }
        open_enum!(#name);
    }
}

/// Emits the union `name`: a variant for each alternative, the most specific
/// first, and `Unknown` for what is none of them.
pub fn union(
    name: &str,
    def: &TypeDef,
    variants: &[Variant],
    defs: &BTreeMap<String, TypeDef>,
) -> TokenStream {
    let docs = docs::attributes(&docs::text(&def.docs, &format!("`{name}`.")));
    let mut declared = Vec::with_capacity(variants.len());
    let mut offered = Vec::with_capacity(variants.len());
    for variant in variants {
        let doc = format!(" {}", described(&variant.ty));
        let variant_name = ident(&variant.name);
        let owned = owned(&variant.ty, &TokenStream::new());
        let is_boxed = holds(&variant.ty, name, defs, &mut BTreeSet::new());
        let tags = variant
            .tags
            .iter()
            .map(|(name, values)| quote!((#name, &[#(#values),*])));
        let tags = quote!(&[#(#tags),*]);
        let required = &variant.required;
        let required = quote!(&[#(#required),*]);
        if is_boxed {
            declared.push(quote!(#[doc = #doc] #variant_name(Box<#owned>)));
            let wrap = quote!(|value| Self::#variant_name(Box::new(value)));
            offered.push(quote!(choice.offer(#wrap, #tags, #required);));
        } else {
            declared.push(quote!(#[doc = #doc] #variant_name(#owned)));
            offered.push(quote!(choice.offer(Self::#variant_name, #tags, #required);));
        }
    }
    let ident_of_union = ident(name);
    // Whoever makes one has a value of one of its types.
    let conversions = variants.iter().filter(|_| def.sent).filter_map(|variant| {
        let Type::Named(of) = &variant.ty else {
            return None;
        };
        let value = match holds(&variant.ty, name, defs, &mut BTreeSet::new()) {
            true => quote!(Box::new(value)),
            false => quote!(value),
        };
        let (of, variant) = (ident(of), ident(&variant.name));
        Some(quote! {
            impl From<#of> for #ident_of_union {
                fn from(value: #of) -> Self {
                    Self::#variant(#value)
                }
            }
        })
    });
    let name = ident(name);
    quote! {
        #(#docs)*
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(untagged)]
        #[non_exhaustive]
        pub enum #name {
            #(#declared,)*
            /// What this version of the client does not know.
            Unknown(serde_json::Value),
        }
        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut choice = Choice::read(deserializer)?;
                #(#offered)*
                Ok(choice.or_unknown(Self::Unknown))
            }
        }
        #(#conversions)*
    }
}

fn described(ty: &Type) -> String {
    match ty {
        Type::String => "Text.".to_owned(),
        Type::Bool => "True or false.".to_owned(),
        Type::Integer(_) => "A whole number.".to_owned(),
        Type::Number => "A number.".to_owned(),
        Type::Any => "Any JSON value.".to_owned(),
        Type::List(_) => "A list.".to_owned(),
        Type::Map(_) => "An object with any keys.".to_owned(),
        Type::Nullable(inner) => described(inner),
        Type::Named(name) => format!("{} [`{name}`].", docs::article(name)),
        Type::Formatted(format) => format!("A [`{}`].", format.type_name()),
    }
}

/// Whether a value of `ty` holds one of the type `target` in itself, and not
/// behind a list or a map.
fn holds(
    ty: &Type,
    target: &str,
    defs: &BTreeMap<String, TypeDef>,
    seen: &mut BTreeSet<String>,
) -> bool {
    let Type::Named(name) = ty else {
        return false;
    };
    if name == target {
        return true;
    }
    if !seen.insert(name.clone()) {
        return false;
    }
    let mut parts = defs.get(name).into_iter().flat_map(|def| def.shape.parts());
    parts.any(|ty| holds(ty, target, defs, seen))
}
