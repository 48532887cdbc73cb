//! The roots of modules: `lib.rs`, and the lists of the others.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::syntax::ident;
use super::{Error, File, print};
use crate::surface::{Format, Surface};

/// What a client shows of its runtime.
const PUBLIC: [&str; 25] = [
    "ApiError",
    "Attempt",
    "Call",
    "CallOptions",
    "ConfigError",
    "DecodeError",
    "DecodeProblem",
    "Error",
    "Head",
    "Headers",
    "Hook",
    "InvalidArgument",
    "Message",
    "MessageSource",
    "PageInfo",
    "Pages",
    "RateLimit",
    "RateLimiter",
    "Request",
    "RequestError",
    "RequestProblem",
    "Response",
    "ResponseMeta",
    "TransportError",
    "TransportProblem",
];

/// The values of the runtime that types of an API may have the names of.
const MESSAGES: [&str; 3] = ["Message", "MessageSource", "PageInfo"];

/// `lib.rs`, and where there are several resources `operations.rs` and `types.rs`.
pub fn files(surface: &Surface) -> Result<Vec<File>, Error> {
    let mut files = vec![print::rust("src/lib.rs", lib(surface))?];
    files.push(print::rust("src/operations.rs", operations(surface))?);
    Ok(files)
}

fn lib(surface: &Surface) -> TokenStream {
    // The programs of the README call methods of several resources.
    let docs = if surface.is_split() {
        quote! {
            #![cfg_attr(feature = "full", doc = include_str!("../README.md"))]
            #![cfg_attr(not(feature = "full"), doc = "See README.md; each resource is a feature.")]
        }
    } else {
        quote!(#![doc = include_str!("../README.md")])
    };
    let credentials = (!surface.protocol.credentials.is_empty()).then(|| quote!(Credentials,));
    let public = PUBLIC.map(ident);
    let formats = [
        ("jiff", uses_jiff(surface)),
        ("uuid", surface.formats.contains(&Format::Uuid)),
    ];
    let crates = formats.iter().filter(|(_, is_used)| *is_used);
    let crates = crates.map(|(name, _)| ident(name));
    let package = &surface.package;
    let upload = feature_use(
        package.upload,
        surface.is_split(),
        "upload",
        quote!({FormData, Upload}),
    );
    let download = feature_use(
        package.download,
        surface.is_split(),
        "download",
        quote!(Download),
    );
    quote! {
        // prettyplease and rustfmt do not agree on everything.
        #![cfg_attr(rustfmt, rustfmt_skip)]
        #docs
        #[rustfmt::skip]
        mod client;
        #[rustfmt::skip]
        pub mod operations;
        #[rustfmt::skip]
        mod protocol;
        #[rustfmt::skip]
        pub mod types;
        pub use client::{Client, ClientBuilder, #credentials};
        #download
        #upload
        #[cfg(feature = "blocking")]
        pub use client_runtime::{Blocking, BlockingPages};
        pub use client_runtime::{#(#public,)* reqwest, secrecy #(, #crates)*};
    }
}

/// The use of a part of the runtime that not every crate has.
fn feature_use(
    is_used: bool,
    is_split: bool,
    feature: &str,
    names: TokenStream,
) -> Option<TokenStream> {
    let condition = is_split.then(|| quote!(#[cfg(feature = #feature)]));
    is_used.then(|| quote!(#condition pub use client_runtime::#names;))
}

/// Whether a type of the crate stands for a moment or a day.
pub fn uses_jiff(surface: &Surface) -> bool {
    let mut formats = surface.formats.iter();
    formats.any(|format| matches!(format, Format::DateTime | Format::Date))
}

fn operations(surface: &Surface) -> TokenStream {
    let modules = surface.modules.iter();
    let (declared, used): (Vec<_>, Vec<_>) = modules
        .map(|module| module_and_use(&module.name, module.feature.as_slice()))
        .unzip();
    quote! {
        //! The calls that this client can make: each is returned by the method of
        //! [`Client`](crate::Client) that its documentation names.
        #(#declared)*
        #(#used)*
    }
}

/// A private module, and the use of all that it has, where one of `features` is on.
pub fn module_and_use(name: &str, features: &[String]) -> (TokenStream, TokenStream) {
    let condition = match features {
        [] => None,
        [only] => Some(quote!(#[cfg(feature = #only)])),
        several => Some(quote!(#[cfg(any(#(feature = #several),*))])),
    };
    let name = ident(name);
    (
        quote!(#condition mod #name;),
        quote!(#condition pub use #name::*;),
    )
}

/// The runtime's values as part of `types`, but for those whose names the API has
/// types of.
pub fn messages(surface: &Surface) -> Option<TokenStream> {
    let taken: BTreeSet<&str> = surface
        .types
        .iter()
        .map(|item| item.name.as_str())
        .collect();
    let free = MESSAGES.into_iter().filter(|name| !taken.contains(name));
    let free: Vec<_> = free.map(ident).collect();
    match free.as_slice() {
        [] => None,
        [only] => Some(quote!(pub use client_runtime::messages::#only;)),
        several => Some(quote!(pub use client_runtime::messages::{#(#several),*};)),
    }
}
