//! The module of types.

mod enums;
mod structs;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Item;

use super::modules::{messages, module_and_use};
use super::syntax::{file_docs, ident};
use super::{Error, File, print, text};
use crate::backend;
use crate::surface::{Format, Kind, Surface, TypeItem};

const ROOT: &str = "src/types.rs";

/// One file, or one for each group of resources that need the same types.
pub fn files(surface: &Surface) -> Result<Vec<File>, Error> {
    let mut structs = backend::structs(surface)?;
    let mut by_module: BTreeMap<Option<&str>, (Vec<Item>, bool)> = BTreeMap::new();
    for item in &surface.types {
        let path = path(item.module.as_deref());
        let printed = match &item.kind {
            Kind::Struct { fields, additional } => {
                let made = structs.remove(&item.name);
                let made = made.ok_or_else(|| backend::Error::Missing(item.name.clone()))?;
                structs::items(&path, item, fields, additional.as_ref(), made)?
            }
            Kind::Enum { values } => print::items(&path, enums::open_enum(item, values))?,
            Kind::Union { variants } => print::items(&path, enums::union(item, variants))?,
        };
        let (items, derives) = by_module.entry(item.module.as_deref()).or_default();
        items.extend(printed);
        *derives |= !matches!(item.kind, Kind::Enum { .. });
    }
    let (mut items, mut derives) = by_module.remove(&None).unwrap_or_default();
    let formats = surface.formats.iter().map(|format| formatted(*format));
    items.extend(print::items(ROOT, quote!(#(#formats)*))?);
    derives &= !items.is_empty();
    let root = root(surface, derives);
    let mut files = vec![print::rust_items(ROOT, root, items)?];
    for (module, (items, derives)) in by_module {
        let Some(name) = module else {
            continue;
        };
        files.push(print::rust_items(
            &path(module),
            head(surface, name, derives),
            items,
        )?);
    }
    Ok(files)
}

fn path(module: Option<&str>) -> String {
    match module {
        Some(module) => format!("src/types/{module}.rs"),
        None => ROOT.to_owned(),
    }
}

fn imports(derives: bool) -> Option<TokenStream> {
    derives.then(|| {
        quote!(
            use serde::{Deserialize, Serialize};
        )
    })
}

fn root(surface: &Surface, derives: bool) -> TokenStream {
    let (imports, messages) = (imports(derives), messages(surface));
    let modules = surface.type_modules.iter();
    let (declared, used): (Vec<_>, Vec<_>) = modules
        .map(|module| module_and_use(&module.name, &module.features))
        .unzip();
    // Names of modules are no paths of crates.
    quote! {
        //! The values that requests and responses carry.
        #imports
        #messages
        #(#declared)*
        #(#used)*
    }
}

/// The head of the file `module`, one of several.
fn head(surface: &Surface, module: &str, derives: bool) -> TokenStream {
    let mut modules = surface.type_modules.iter();
    let used_by = modules.find(|known| known.name == module);
    let used_by = used_by
        .map(|module| module.used_by.as_slice())
        .unwrap_or_default();
    let titles = used_by.iter().filter_map(|name| {
        let mut modules = surface.modules.iter();
        Some(text::line(
            &modules.find(|known| known.name == *name)?.title,
        ))
    });
    let titles: Vec<String> = titles.collect();
    let docs = file_docs(&format!("Types of {}.", titles.join(", ")));
    let imports = imports(derives);
    quote! {
        #docs
        #imports
        #[allow(unused_imports, reason = "types refer to each other across modules")]
        use super::*;
    }
}

/// The type of text in `format`.
fn formatted(format: Format) -> TokenStream {
    let name = ident(format.type_name());
    let (doc, value) = match format {
        Format::DateTime => (
            "A date and time (RFC 3339).",
            quote!(client_runtime::jiff::Timestamp),
        ),
        Format::Date => (
            "A date (RFC 3339).",
            quote!(client_runtime::jiff::civil::Date),
        ),
        Format::Uuid => ("A UUID (RFC 9562).", quote!(client_runtime::uuid::Uuid)),
        Format::Ipv4 => ("An IPv4 address.", quote!(std::net::Ipv4Addr)),
        Format::Ipv6 => ("An IPv6 address.", quote!(std::net::Ipv6Addr)),
    };
    quote! { client_runtime::formatted!(#name, #value, #doc); }
}

/// The documentation of the type `item`.
fn docs(item: &TypeItem) -> TokenStream {
    let fallback = format!("{}.", text::code(&item.name));
    super::syntax::docs(&super::docs::markdown(&item.docs, &fallback))
}
