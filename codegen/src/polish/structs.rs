//! Structs: progenitor's field types, under the document's words and order.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse_quote;
use syn::visit_mut::VisitMut;

use super::docs;
use super::paths::ShortPaths;
use super::rust_type::{argument, ident, owned};
use crate::model::{Field, Rest, Type, TypeDef};
use crate::names::Scope;

/// Emits the struct `name` from progenitor's `item`.
///
/// Fields stand in the document's order. What is sent gets a constructor that
/// takes the required fields, and a setter for each optional one.
///
/// `None` where `item` lacks a field of `fields`, which is a defect of the
/// rendering and not of the document.
pub fn emit(
    name: &str,
    def: &TypeDef,
    fields: &[Field],
    rest: Option<&Rest>,
    item: &syn::ItemStruct,
) -> Option<TokenStream> {
    let mut declared = Vec::with_capacity(fields.len());
    let mut boxed = Vec::with_capacity(fields.len());
    for field in fields {
        let mut ty = item
            .fields
            .iter()
            .find(|candidate| wire_name(candidate).as_deref() == Some(&field.rust_name))?
            .ty
            .clone();
        ShortPaths.visit_type_mut(&mut ty);
        if field.ty.has_nulls() {
            let owned = owned(&field.ty, &TokenStream::new());
            ty = match field.optional {
                true => parse_quote!(Option<#owned>),
                false => parse_quote!(#owned),
            };
        }
        boxed.push(is_boxed(&ty));
        if field.nullable {
            ty = parse_quote!(Option<#ty>);
        }
        declared.push(declaration(field, &ty));
    }
    let docs = docs::attributes(&docs::text(&def.docs, &format!("`{name}`.")));
    declared.extend(rest.map(rest_declaration));
    // What lacks a required field is none to start from.
    let is_whole = |field: &Field| field.optional && !(def.sent && field.required);
    let default = fields.iter().all(is_whole).then(|| quote!(Default,));
    let ident = ident(name);
    let construction = def.sent.then(|| construction(name, fields, rest, &boxed));
    Some(quote! {
        #(#docs)*
        #[derive(Clone, Debug, #default PartialEq, Serialize, Deserialize)]
        #[non_exhaustive]
        pub struct #ident { #(#declared)* }
        #construction
    })
}

fn declaration(field: &Field, ty: &syn::Type) -> TokenStream {
    let docs = docs::attributes(&docs::text(&field.docs, &format!("`{}`.", field.name)));
    let ident = ident(&field.rust_name);
    let rename = (field.name != field.rust_name).then(|| {
        let name = &field.name;
        quote!(rename = #name,)
    });
    let skip = is_option(ty).then(|| quote!(skip_serializing_if = "Option::is_none"));
    let nullable = field
        .nullable
        .then(|| quote!(default, deserialize_with = "nullable",));
    let serde =
        (rename.is_some() || skip.is_some()).then(|| quote!(#[serde(#rename #nullable #skip)]));
    let deprecated = docs::deprecated(&field.docs);
    quote! { #(#docs)* #deprecated #serde pub #ident: #ty, }
}

/// The field for the properties that have no names in the document.
fn rest_declaration(rest: &Rest) -> TokenStream {
    let (name, ty) = (ident(&rest.rust_name), rest_type(rest));
    quote! {
        /// Properties that have no names of their own.
        #[serde(flatten)]
        pub #name: #ty,
    }
}

fn rest_type(rest: &Rest) -> TokenStream {
    owned(&Type::Map(Box::new(rest.ty.clone())), &TokenStream::new())
}

/// The constructor and the setters; `boxed` says which fields hold a `Box`,
/// which progenitor puts where a struct contains itself.
fn construction(name: &str, fields: &[Field], rest: Option<&Rest>, boxed: &[bool]) -> TokenStream {
    let here = TokenStream::new();
    let ident_of_struct = ident(name);
    let (required, optional): (Vec<_>, Vec<_>) = fields
        .iter()
        .zip(boxed)
        .partition(|(field, _)| field.required);
    let arguments = required.iter().map(|(field, _)| {
        let name = ident(&field.rust_name);
        let (ty, _) = argument(&field.ty, &here, &name);
        quote!(#name: #ty)
    });
    let required_values = required.iter().map(|(field, boxed)| {
        let name = ident(&field.rust_name);
        let (_, value) = argument(&field.ty, &here, &name);
        let value = match **boxed {
            true => quote!(Box::new(#value)),
            false => value,
        };
        match field.optional {
            true => quote!(#name: Some(#value)),
            false if is_same(&name, &value) => quote!(#name),
            false => quote!(#name: #value),
        }
    });
    let absent = optional.iter().map(|(field, _)| ident(&field.rust_name));
    let setters = optional.iter().map(|(field, boxed)| {
        let name = ident(&field.rust_name);
        let setter = ident(&setter(field, fields));
        let (ty, value) = argument(&field.ty, &here, &name);
        let value = if **boxed {
            quote!(Box::new(#value))
        } else {
            value
        };
        let docs = docs::attributes(&docs::text(&field.docs, &format!("Sets `{}`.", field.name)));
        let deprecated = docs::deprecated(&field.docs);
        let value = match field.nullable {
            true => quote!(Some(#value)),
            false => value,
        };
        let null = field.nullable.then(|| {
            let doc = format!(" Sets `{}` to null.", field.name);
            let setter = ident(&null_setter(field, fields));
            quote! {
                #[doc = #doc]
                #deprecated
                #[must_use]
                pub fn #setter(mut self) -> Self {
                    self.#name = Some(None);
                    self
                }
            }
        });
        quote! {
            #(#docs)*
            #deprecated
            #[must_use]
            pub fn #setter(mut self, #name: #ty) -> Self {
                self.#name = Some(#value);
                self
            }
            #null
        }
    });
    let summary = docs::attributes(&match required.is_empty() {
        true => format!(
            "{} `{name}` without any of its fields.",
            docs::article(name)
        ),
        false => format!(
            "{} `{name}` of its required fields alone.",
            docs::article(name)
        ),
    });
    let rest = rest.map(|rest| (ident(&rest.rust_name), rest_type(rest)));
    let no_rest = rest.as_ref().map(|(name, ty)| {
        let ty = ty
            .clone()
            .into_iter()
            .take_while(|token| token.to_string() != "<");
        let ty: TokenStream = ty.collect();
        quote!(#name: #ty::new(),)
    });
    let rest_setter = rest.as_ref().map(|(name, ty)| {
        quote! {
            /// Sets the properties that have no names of their own.
            #[must_use]
            pub fn #name(mut self, #name: #ty) -> Self {
                self.#name = #name;
                self
            }
        }
    });
    let allowed = fields
        .iter()
        .any(|field| field.docs.deprecated)
        .then(|| quote!(#[allow(deprecated, reason = "what is deprecated can still be set")]));
    quote! {
        #allowed
        impl #ident_of_struct {
            #(#summary)*
            #[must_use]
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#required_values,)* #(#absent: None,)* #no_rest }
            }
            #(#setters)*
            #rest_setter
        }
    }
}

/// The method that sets `field`, one of `fields`: its name, unless the constructor
/// has that.
pub fn setter(field: &Field, fields: &[Field]) -> String {
    match field.rust_name.as_str() {
        "new" => names_of(fields).claim_value("set_new"),
        name => name.to_owned(),
    }
}

/// The method that sets `field`, one of `fields`, to null.
pub fn null_setter(field: &Field, fields: &[Field]) -> String {
    names_of(fields).claim_value(&format!("null_{}", field.rust_name))
}

fn names_of(fields: &[Field]) -> Scope {
    Scope::with_reserved(fields.iter().map(|field| field.rust_name.as_str()))
}

fn is_same(name: &proc_macro2::Ident, value: &TokenStream) -> bool {
    *name == value.to_string()
}

/// The name that progenitor's field has in JSON: its `rename`, or its own.
fn wire_name(field: &syn::Field) -> Option<String> {
    let mut renamed = None;
    for attribute in &field.attrs {
        if !attribute.path().is_ident("serde") {
            continue;
        }
        // Other keys of `serde(…)` are of no interest, nor is how they end.
        let _ = attribute.parse_nested_meta(|meta| {
            let value = meta.value()?.parse::<syn::LitStr>()?;
            if meta.path.is_ident("rename") {
                renamed = Some(value.value());
            }
            Ok(())
        });
    }
    renamed.or_else(|| field.ident.as_ref().map(ToString::to_string))
}

fn is_option(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Option"))
}

/// Whether a field is a `Box<T>` or an `Option<Box<T>>`.
fn is_boxed(ty: &syn::Type) -> bool {
    let syn::Type::Path(path) = ty else {
        return false;
    };
    let Some(last) = path.path.segments.last() else {
        return false;
    };
    match &last.arguments {
        _ if last.ident == "Box" => true,
        syn::PathArguments::AngleBracketed(arguments) if last.ident == "Option" => {
            arguments.args.iter().any(
                |argument| matches!(argument, syn::GenericArgument::Type(inner) if is_boxed(inner)),
            )
        }
        _ => false,
    }
}
