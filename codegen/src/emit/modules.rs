//! The split stage: which items of a client stand in which file.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::{features, operation};
use crate::model::{Api, Format, Operation, Type};
use crate::names::Scope;
use crate::polish::rust_type::ident;

/// The Rust files that codegen writes from the model: tokens by path.
pub fn split(
    api: &Api,
    types: &BTreeMap<String, TokenStream>,
    package: &str,
) -> BTreeMap<String, TokenStream> {
    let mut files = BTreeMap::new();
    files.insert("src/lib.rs".to_owned(), lib(api));
    let mut resources: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in &api.operations {
        let operations = resources.entry(&operation.resource).or_default();
        operations.push(operation);
    }
    files.insert(
        "src/operations.rs".to_owned(),
        operations_root(resources.keys().copied(), features::by_resource(api)),
    );
    for (resource, operations) in &resources {
        let path = format!("src/operations/{resource}.rs");
        files.insert(path, operations_of(operations, api, package));
    }
    split_types(api, types, &resources, &mut files);
    files
}

fn lib(api: &Api) -> TokenStream {
    let formats = api.formats();
    let is_used = |format: &Format| formats.contains(format);
    let jiff = [Format::DateTime, Format::Date].iter().any(is_used);
    let jiff = jiff.then(|| {
        quote!(
            pub use jiff;
        )
    });
    let uuid = is_used(&Format::Uuid).then(|| {
        quote!(
            pub use uuid;
        )
    });
    // The examples of the README call methods of several resources.
    let (docs, allowed) = match features::by_resource(api) {
        false => (quote!(#![doc = include_str!("../README.md")]), None),
        true => (
            quote! {
                #![cfg_attr(feature = "full", doc = include_str!("../README.md"))]
                #![cfg_attr(not(feature = "full"), doc = "See README.md; each resource is a feature.")]
            },
            Some(quote! {
                #[cfg_attr(
                    not(feature = "full"),
                    allow(dead_code, unused_imports, unused_macros, reason = "some resources are left out")
                )]
            }),
        ),
    };
    quote! {
        #docs
        #[rustfmt::skip]
        pub mod operations;
        #allowed
        mod runtime;
        #[rustfmt::skip]
        pub mod types;
        #jiff
        pub use runtime::*;
        #uuid
    }
}

fn operations_root<'r>(resources: impl Iterator<Item = &'r str>, by_resource: bool) -> TokenStream {
    let (declared, used): (Vec<_>, Vec<_>) = resources
        .map(|resource| {
            module(
                resource,
                by_resource.then(|| vec![features::name(resource)]),
            )
        })
        .unzip();
    quote! {
        //! The calls that this client can make: each is returned by the method of
        //! [`Client`](crate::Client) that its documentation names.
        #(#declared)*
        #(#used)*
    }
}

/// A private module and the use of all that it has, where one of `features` is on.
fn module(name: &str, features: Option<Vec<String>>) -> (TokenStream, TokenStream) {
    let condition = features.map(|features| match features.as_slice() {
        [only] => quote!(#[cfg(feature = #only)]),
        several => quote!(#[cfg(any(#(feature = #several),*))]),
    });
    let name = ident(name);
    (
        quote!(#condition mod #name;),
        quote!(#condition pub use #name::*;),
    )
}

fn operations_of(operations: &[&Operation], api: &Api, package: &str) -> TokenStream {
    let emitted: Vec<_> = operations
        .iter()
        .map(|operation| operation::emit(operation, api, package))
        .collect();
    let builders = emitted.iter().map(|emitted| &emitted.builder);
    let methods: Vec<_> = emitted.iter().map(|emitted| &emitted.method).collect();
    let body = quote!(#(#builders)*);
    let mut words = BTreeSet::new();
    collect_words(body.clone(), &mut words);
    methods
        .iter()
        .for_each(|method| collect_words((*method).clone(), &mut words));
    let mentions = |word: &str| words.contains(word);
    let mut names: Vec<TokenStream> = [
        "CallOptions",
        "Client",
        "Download",
        "Envelope",
        "Error",
        "FormData",
        "Operation",
        "Pages",
        "QueryStyle",
        "Request",
        "Response",
        "Upload",
    ]
    .into_iter()
    .filter(|name| *name == "Client" || mentions(name))
    .map(|name| {
        let name = ident(name);
        quote!(#name)
    })
    .collect();
    if mentions("types") {
        names.push(quote!(types));
    }
    let maps = mentions("BTreeMap").then(|| {
        quote!(
            use std::collections::BTreeMap;
        )
    });
    let summary = format!(
        " {}.",
        operations
            .first()
            .map(|o| o.resource.replace('_', " "))
            .unwrap_or_default()
    );
    let summary = capitalized(&summary);
    quote! {
        #![doc = #summary]
        #maps
        use reqwest::Method;
        use crate::{#(#names),*};
        impl Client { #(#methods)* }
        #body
    }
}

/// The identifiers in `tokens`; the words of documentation are none.
fn collect_words(tokens: TokenStream, words: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(word) => {
                words.insert(word.to_string());
            }
            TokenTree::Group(group) => collect_words(group.stream(), words),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

fn capitalized(text: &str) -> String {
    let trimmed = text.trim_start();
    let mut characters = trimmed.chars();
    match characters.next() {
        Some(first) => format!(" {}{}", first.to_uppercase(), characters.as_str()),
        None => String::new(),
    }
}

/// Types stand in one file for each group of resources that need them, so that each
/// is compiled only where one of these is; a client of one resource has one file.
fn split_types(
    api: &Api,
    types: &BTreeMap<String, TokenStream>,
    resources: &BTreeMap<&str, Vec<&Operation>>,
    files: &mut BTreeMap<String, TokenStream>,
) {
    let messages = quote! { pub use crate::runtime::{Message, MessageSource, PageInfo}; };
    let formats = api.formats().into_iter().map(formatted);
    let formats = quote!(#(#formats)*);
    let summary = quote! { //! The values that requests and answers carry.
    };
    if !features::by_resource(api) {
        let uses = uses(types.values().chain([&formats]));
        let items = types.values();
        files.insert(
            "src/types.rs".to_owned(),
            quote! { #summary #uses #messages #formats #(#items)* },
        );
        return;
    }
    let mut users: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (resource, operations) in resources {
        for name in reached(operations, api) {
            users.entry(name).or_default().insert(resource);
        }
    }
    let mut groups: BTreeMap<&BTreeSet<&str>, Vec<&TokenStream>> = BTreeMap::new();
    for (name, items) in types {
        if let Some(users) = users.get(name.as_str()) {
            groups.entry(users).or_default().push(items);
        }
    }
    let mut scope = Scope::with_reserved(resources.keys().copied());
    let mut declared = Vec::with_capacity(groups.len());
    let mut used = Vec::with_capacity(groups.len());
    for (users, items) in groups {
        let users: Vec<&str> = users.iter().copied().collect();
        let name = match users.as_slice() {
            [only] => (*only).to_owned(),
            [one, other] => scope.claim_value(&format!("{one}_and_{other}")),
            several => {
                let (first, more) = (
                    several.first().copied().unwrap_or_default(),
                    several.len() - 1,
                );
                scope.claim_value(&format!("{first}_and_{more}_more"))
            }
        };
        let gates = users.iter().map(|user| features::name(user)).collect();
        let (declaration, usage) = module(&name, Some(gates));
        declared.push(declaration);
        used.push(usage);
        let uses = uses(items.iter().copied());
        let users: Vec<String> = users.iter().map(|user| user.replace('_', " ")).collect();
        let summary = format!(" Types of {}.", users.join(", "));
        let file = quote! {
            #![doc = #summary]
            #uses
            #[allow(unused_imports, reason = "types refer to each other across modules")]
            use super::*;
            #(#items)*
        };
        files.insert(format!("src/types/{name}.rs"), file);
    }
    let uses = uses([&formats].into_iter());
    files.insert(
        "src/types.rs".to_owned(),
        quote! { #summary #uses #messages #(#declared)* #(#used)* #formats },
    );
}

/// The type of text in `format`.
fn formatted(format: Format) -> TokenStream {
    let name = ident(format.type_name());
    let (doc, value) = match format {
        Format::DateTime => ("A moment, as RFC 3339 writes it.", quote!(jiff::Timestamp)),
        Format::Date => ("A day, as RFC 3339 writes it.", quote!(jiff::civil::Date)),
        Format::Uuid => ("A UUID (RFC 9562).", quote!(uuid::Uuid)),
        Format::Ipv4 => ("An address of IPv4.", quote!(std::net::Ipv4Addr)),
        Format::Ipv6 => ("An address of IPv6.", quote!(std::net::Ipv6Addr)),
    };
    quote! { formatted!(#name, #value, #doc); }
}

/// What the items of a module of types use.
fn uses<'t>(items: impl Iterator<Item = &'t TokenStream>) -> TokenStream {
    let mut words = BTreeSet::new();
    items.for_each(|items| collect_words(items.clone(), &mut words));
    let mentions = |word: &str| words.contains(word);
    let maps = mentions("BTreeMap").then(|| {
        quote!(
            use std::collections::BTreeMap;
        )
    });
    // The macro of formatted text derives both.
    let is_serde =
        |word: &&str| mentions(word) || (*word != "Deserializer" && mentions("formatted"));
    let serde: Vec<_> = ["Deserialize", "Deserializer", "Serialize"]
        .into_iter()
        .filter(is_serde)
        .map(ident)
        .collect();
    let serde = (!serde.is_empty()).then(|| quote!(use serde::{#(#serde),*};));
    // A function that only an attribute names, as text.
    let is_used = |word: &&str| match *word {
        "nullable" => mentions("deserialize_with"),
        word => mentions(word),
    };
    let runtime: Vec<_> = ["Choice", "formatted", "nullable", "open_enum"]
        .into_iter()
        .filter(is_used)
        .map(ident)
        .collect();
    let runtime = match runtime.as_slice() {
        [] => None,
        [only] => Some(quote!(use crate::runtime::#only;)),
        several => Some(quote!(use crate::runtime::{#(#several),*};)),
    };
    quote! { #maps #serde #runtime }
}

/// The names of all types that `operations` need, directly or by way of others.
fn reached<'a>(operations: &[&'a Operation], api: &'a Api) -> BTreeSet<&'a str> {
    let mut open: Vec<&Type> = operations
        .iter()
        .flat_map(|operation| operation.sent().chain(operation.received()))
        .collect();
    let mut reached = BTreeSet::new();
    while let Some(ty) = open.pop() {
        match ty {
            Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => open.push(inner),
            Type::Named(name) => {
                let Some((name, def)) = api.types.get_key_value(name) else {
                    continue;
                };
                if reached.insert(name.as_str()) {
                    open.extend(def.shape.parts());
                }
            }
            _ => {}
        }
    }
    reached
}
