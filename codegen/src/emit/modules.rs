//! The split stage: which items of a client stand in which file.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::operation;
use crate::model::{Api, Body, Operation, Outcome, Shape, Type};
use crate::polish::rust_type::ident;

/// The Rust files that codegen writes from the model: tokens by path.
pub fn split(
    api: &Api,
    types: &BTreeMap<String, TokenStream>,
    package: &str,
) -> BTreeMap<String, TokenStream> {
    let mut files = BTreeMap::new();
    files.insert("src/lib.rs".to_owned(), lib());
    let mut resources: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in &api.operations {
        let operations = resources.entry(&operation.resource).or_default();
        operations.push(operation);
    }
    files.insert(
        "src/operations.rs".to_owned(),
        operations_root(resources.keys().copied()),
    );
    for (resource, operations) in &resources {
        let path = format!("src/operations/{resource}.rs");
        files.insert(path, operations_of(operations, api, package));
    }
    split_types(api, types, &resources, &mut files);
    files
}

fn lib() -> TokenStream {
    quote! {
        #![doc = include_str!("../README.md")]
        #[rustfmt::skip]
        pub mod operations;
        mod runtime;
        #[rustfmt::skip]
        pub mod types;
        pub use runtime::*;
    }
}

fn operations_root<'r>(resources: impl Iterator<Item = &'r str>) -> TokenStream {
    let modules: Vec<_> = resources.map(ident).collect();
    quote! {
        //! The calls that this client can make: each is returned by the method of
        //! [`Client`](crate::Client) that its documentation names.
        #(mod #modules;)*
        #(pub use #modules::*;)*
    }
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
        "Error",
        "Operation",
        "Pages",
        "QueryStyle",
        "Request",
        "Response",
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

/// Types that one resource alone needs stand in its file, the rest in
/// `shared.rs`; a client of one resource has a single file.
fn split_types(
    api: &Api,
    types: &BTreeMap<String, TokenStream>,
    resources: &BTreeMap<&str, Vec<&Operation>>,
    files: &mut BTreeMap<String, TokenStream>,
) {
    let messages = quote! { pub use crate::runtime::{Message, MessageSource, PageInfo}; };
    let summary = quote! { //! The values that requests and answers carry.
    };
    if resources.len() <= 1 {
        let uses = uses(types.values());
        let items = types.values();
        files.insert(
            "src/types.rs".to_owned(),
            quote! { #summary #uses #messages #(#items)* },
        );
        return;
    }
    let mut users: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (resource, operations) in resources {
        for name in reached(operations, api) {
            users.entry(name).or_default().insert(resource);
        }
    }
    let mut modules: BTreeMap<String, Vec<&TokenStream>> = BTreeMap::new();
    for (name, items) in types {
        let users = users.get(name.as_str());
        let module = match users
            .map(|users| users.iter().collect::<Vec<_>>())
            .as_deref()
        {
            Some([only]) => (**only).to_owned(),
            _ => "shared".to_owned(),
        };
        modules.entry(module).or_default().push(items);
    }
    let names: Vec<_> = modules.keys().map(|module| ident(module)).collect();
    for (module, items) in &modules {
        let uses = uses(items.iter().copied());
        let summary = capitalized(&format!("types of {}.", module.replace('_', " ")));
        let file = quote! {
            #![doc = #summary]
            #uses
            #[allow(unused_imports, reason = "types refer to each other across modules")]
            use super::*;
            #(#items)*
        };
        files.insert(format!("src/types/{module}.rs"), file);
    }
    files.insert(
        "src/types.rs".to_owned(),
        quote! { #summary #messages #(mod #names;)* #(pub use #names::*;)* },
    );
}

fn uses<'t>(items: impl Iterator<Item = &'t TokenStream>) -> TokenStream {
    let mut words = BTreeSet::new();
    items.for_each(|items| collect_words(items.clone(), &mut words));
    let mentions = |word: &str| words.contains(word);
    let maps = mentions("BTreeMap").then(|| {
        quote!(
            use std::collections::BTreeMap;
        )
    });
    let serde = mentions("Deserialize").then(|| {
        quote!(
            use serde::{Deserialize, Serialize};
        )
    });
    let open = mentions("open_enum").then(|| {
        quote!(
            use crate::runtime::open_enum;
        )
    });
    quote! { #maps #serde #open }
}

/// The names of all types that `operations` need, directly or by way of others.
fn reached<'a>(operations: &[&'a Operation], api: &'a Api) -> BTreeSet<&'a str> {
    let mut open: Vec<&Type> = Vec::new();
    for operation in operations {
        open.extend(operation.parameters.iter().map(|parameter| &parameter.ty));
        if let Some(Body::Json { ty, .. }) = &operation.body {
            open.push(ty);
        }
        if let Outcome::Json { ty, .. } = &operation.outcome {
            open.push(ty);
        }
    }
    let mut reached = BTreeSet::new();
    while let Some(ty) = open.pop() {
        match ty {
            Type::List(inner) | Type::Map(inner) => open.push(inner),
            Type::Named(name) => {
                let Some((name, def)) = api.types.get_key_value(name) else {
                    continue;
                };
                if reached.insert(name.as_str()) {
                    match &def.shape {
                        Shape::Struct(fields) => open.extend(fields.iter().map(|field| &field.ty)),
                        Shape::Union(variants) => open.extend(variants.iter().map(|(_, ty)| ty)),
                        Shape::Enum(_) => {}
                    }
                }
            }
            _ => {}
        }
    }
    reached
}
