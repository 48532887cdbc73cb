//! Structs: progenitor's items, in the document's order and words.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Item, ItemStruct, LitStr, parse_quote};

use super::docs;
use crate::backend;
use crate::render::docs as words;
use crate::render::syntax::{self, Scope, ident};
use crate::render::{Error, print, text};
use crate::surface::{Additional, Field, TypeItem, TypeRef};

/// The struct `item`, from progenitor's `made`, and for what is sent a constructor and
/// setters.
///
/// The item stays progenitor's: its fields, their types and what serde is told of
/// them. Ours are the order, the words, the traits, names on the wire (progenitor knows
/// the names in Rust alone), and additional properties. Where the surface says another
/// type than progenitor has, the surface is right, and both the type and what serde is
/// told are ours: so it is with values that may be null, and with a `Box` that
/// progenitor puts around an `Option`, or leaves out. What serde is told of whole
/// numbers is ours, too: they are also read where they are written as `1.0`.
pub fn items(
    path: &str,
    item: &TypeItem,
    fields: &[Field],
    additional: Option<&Additional>,
    mut made: ItemStruct,
) -> Result<Vec<Item>, Error> {
    let mut by_name: HashMap<String, syn::Field> = HashMap::new();
    for field in std::mem::replace(&mut made.fields, syn::Fields::Unit) {
        if let Some(name) = name_of(&field) {
            by_name.insert(name, field);
        }
    }
    let mut declared: Vec<syn::Field> = Vec::with_capacity(fields.len() + 1);
    for field in fields {
        let found = by_name.remove(&field.rust_name);
        let found = found.ok_or_else(|| backend::Error::Missing(item.name.clone()))?;
        declared.push(dressed(field, found));
    }
    declared.extend(additional.map(additional_field));
    made.fields = syn::Fields::Named(parse_quote!({ #(#declared),* }));
    let derives = item.traits.iter().map(|name| ident(name));
    let docs = docs(item);
    made.attrs = attributes(&quote!(#docs #[derive(#(#derives),*)] #[non_exhaustive]));
    let mut items = vec![Item::Struct(made)];
    if item.sent {
        items.extend(print::items(path, construction(item, fields, additional))?);
    }
    Ok(items)
}

/// progenitor's field under our name, with the document's words.
fn dressed(field: &Field, mut made: syn::Field) -> syn::Field {
    ShortPaths.visit_type_mut(&mut made.ty);
    let ours = syntax::ty(&field.rust_type(), Scope::Types);
    let ours: syn::Type = parse_quote!(#ours);
    let mut serde: Vec<TokenStream> = Vec::new();
    if field.name != field.rust_name {
        let name = &field.name;
        serde.push(quote!(rename = #name));
    }
    // Null by itself is what an `Option` has for it.
    let tells_null = field.nullable && field.optional;
    let read = match (field.ty.has_integer(), tells_null) {
        (true, true) => Some("client_runtime::internal::nullable_integer"),
        (true, false) => Some("client_runtime::internal::integer"),
        (false, true) => Some("client_runtime::internal::nullable"),
        (false, false) => None,
    };
    if made.ty == ours && read.is_none() {
        serde.extend(told(&made.attrs));
    } else {
        if field.optional || field.nullable {
            serde.push(quote!(default));
        }
        serde.extend(read.map(|read| quote!(deserialize_with = #read)));
        if field.optional {
            serde.push(quote!(skip_serializing_if = "Option::is_none"));
        }
        made.ty = ours;
    }
    let said = words::markdown(&field.docs, &format!("{}.", text::code(&field.name)));
    let (said, deprecated) = (syntax::docs(&said), words::deprecated(&field.docs));
    let serde = (!serde.is_empty()).then(|| quote!(#[serde(#(#serde),*)]));
    made.attrs = attributes(&quote!(#said #deprecated #serde));
    made.ident = Some(ident(&field.rust_name));
    made
}

/// What progenitor tells serde of a field, but for its name.
fn told(attributes: &[Attribute]) -> Vec<TokenStream> {
    let mut told = Vec::new();
    for attribute in attributes.iter().filter(|it| it.path().is_ident("serde")) {
        // Whatever is not understood is not told.
        let _ = attribute.parse_nested_meta(|meta| {
            let path = &meta.path;
            if !meta.input.peek(syn::Token![=]) {
                told.push(quote!(#path));
                return Ok(());
            }
            let value = meta.value()?.parse::<LitStr>()?;
            if !path.is_ident("rename") {
                let short = value.value();
                let short = short.strip_prefix("::std::option::").unwrap_or(&short);
                told.push(quote!(#path = #short));
            }
            Ok(())
        });
    }
    told
}

/// The name that a field was given to progenitor by: what it renames it to, or its own.
fn name_of(field: &syn::Field) -> Option<String> {
    let mut renamed = None;
    for attribute in field.attrs.iter().filter(|it| it.path().is_ident("serde")) {
        // Other keys of `serde(…)` are of no interest, nor is how they end.
        let _ = attribute.parse_nested_meta(|meta| {
            if !meta.input.peek(syn::Token![=]) {
                return Ok(());
            }
            let value = meta.value()?.parse::<LitStr>()?;
            if meta.path.is_ident("rename") {
                renamed = Some(value.value());
            }
            Ok(())
        });
    }
    renamed.or_else(|| field.ident.as_ref().map(ToString::to_string))
}

/// The attributes that `tokens` are.
fn attributes(tokens: &TokenStream) -> Vec<Attribute> {
    let item: ItemStruct = parse_quote!(#tokens struct Holder;);
    item.attrs
}

/// Cuts the paths of types that every module has in scope, and those into the module
/// of types itself, down to their last segment.
struct ShortPaths;

impl VisitMut for ShortPaths {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let Some(first) = path.segments.first() else {
            return;
        };
        let keep = if first.ident == "types" || first.ident == "std" {
            // Maps say where they come from.
            let is_map = path
                .segments
                .last()
                .is_some_and(|last| last.ident == "BTreeMap");
            if is_map { 3 } else { 1 }
        } else if first.ident == "serde_json" {
            2
        } else {
            return;
        };
        path.leading_colon = None;
        let from = path.segments.len().saturating_sub(keep);
        path.segments = path.segments.iter().skip(from).cloned().collect();
    }
}

/// The field for the properties that have no names in the document.
fn additional_field(additional: &Additional) -> syn::Field {
    let (name, ty) = (ident(&additional.rust_name), map_of(additional));
    let read = "client_runtime::internal::integer";
    let read = additional
        .ty
        .has_integer()
        .then(|| quote!(, deserialize_with = #read));
    parse_quote! {
        /// Properties that the document does not name.
        #[serde(flatten #read)]
        pub #name: #ty
    }
}

fn map_of(additional: &Additional) -> TokenStream {
    let map = TypeRef::Map(Box::new(additional.ty.clone()));
    syntax::ty(&map, Scope::Types)
}

/// The constructor, which takes the required fields, and a setter for each other.
fn construction(item: &TypeItem, fields: &[Field], additional: Option<&Additional>) -> TokenStream {
    let name = ident(&item.name);
    let (required, optional): (Vec<&Field>, Vec<&Field>) =
        fields.iter().partition(|field| field.required);
    let arguments = required.iter().map(|field| {
        let name = ident(&field.rust_name);
        let ty = syntax::field_type(field, Scope::Types);
        quote!(#name: #ty)
    });
    let given = required.iter().map(|field| {
        let name = ident(&field.rust_name);
        let is_plain = !(field.boxed || field.optional);
        if is_plain && (field.nullable || !syntax::is_converted(&field.ty)) {
            return quote!(#name);
        }
        let value = wrapped(field);
        quote!(#name: #value)
    });
    let absent = optional.iter().map(|field| ident(&field.rust_name));
    let setters = optional.iter().map(|field| setter(field));
    let (article, code) = (words::article(&item.name), text::code(&item.name));
    let summary = syntax::docs(&match required.is_empty() {
        true => format!("{article} {code} without any of its fields."),
        false => format!("{article} {code} of its required fields alone."),
    });
    let no_others = additional.map(|additional| {
        let (name, empty) = (
            ident(&additional.rust_name),
            syntax::empty_map(&additional.ty),
        );
        quote!(#name: #empty,)
    });
    let others = additional.map(|additional| {
        let (name, ty) = (ident(&additional.rust_name), map_of(additional));
        quote! {
            /// Sets the properties that the document does not name.
            #[must_use]
            pub fn #name(mut self, #name: #ty) -> Self {
                self.#name = #name;
                self
            }
        }
    });
    let allowed = words::allowed(fields.iter().any(|field| field.docs.deprecated));
    quote! {
        #allowed
        impl #name {
            #summary
            #[must_use]
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#given,)* #(#absent: None,)* #no_others }
            }
            #(#setters)*
            #others
        }
    }
}

/// The value of a field that is given in the argument of its name.
fn wrapped(field: &Field) -> TokenStream {
    let name = ident(&field.rust_name);
    let value = match (field.required && field.nullable, field.boxed) {
        (true, true) => quote!(#name.map(Box::new)),
        (true, false) => quote!(#name),
        (false, boxed) => {
            let value = syntax::argument_value(&field.ty, &name);
            let value = match boxed {
                true => quote!(Box::new(#value)),
                false => value,
            };
            match field.nullable {
                true => quote!(Some(#value)),
                false => value,
            }
        }
    };
    match field.optional {
        true => quote!(Some(#value)),
        false => value,
    }
}

fn setter(field: &Field) -> TokenStream {
    let name = ident(&field.rust_name);
    let setter = ident(field.setter.as_deref().unwrap_or(&field.rust_name));
    let ty = syntax::argument_type(&field.ty, Scope::Types);
    let said = words::markdown(&field.docs, &format!("Sets {}.", text::code(&field.name)));
    let (said, deprecated) = (syntax::docs(&said), words::deprecated(&field.docs));
    let value = wrapped(field);
    let null = field.null_setter.as_ref().map(|setter| {
        let doc = syntax::docs(&format!("Sets {} to null.", text::code(&field.name)));
        let setter = ident(setter);
        // What is always written is null without a value.
        let null = match field.optional {
            true => quote!(Some(None)),
            false => quote!(None),
        };
        quote! {
            #doc
            #deprecated
            #[must_use]
            pub fn #setter(mut self) -> Self {
                self.#name = #null;
                self
            }
        }
    });
    quote! {
        #said
        #deprecated
        #[must_use]
        pub fn #setter(mut self, #name: #ty) -> Self {
            self.#name = #value;
            self
        }
        #null
    }
}
