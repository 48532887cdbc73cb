//! Calls as callers write them.

use proc_macro2::TokenStream;
use quote::quote;

use super::syntax::{expr, ident};
use crate::surface::{Call, Expr};

/// The sample of `call`, and what comes `after` its setter.
pub fn chain(call: &Call, after: &TokenStream) -> TokenStream {
    let function = ident(&call.function);
    let arguments = call.sample.arguments.iter().map(expr);
    let setter = call.sample.setter.iter().map(|(name, value)| {
        let (name, value) = (ident(name), expr(value));
        quote!(.#name(#value))
    });
    quote!(client.#function(#(#arguments),*)#(#setter)* #after)
}

/// The names of the crate that the sample of `call` needs, besides `others`; sorted.
pub fn imports<'n>(call: &Call, others: &[&'n str]) -> Vec<&'n str> {
    let setter = call.sample.setter.iter().map(|(_, value)| value);
    let values: Vec<&Expr> = call.sample.arguments.iter().chain(setter).collect();
    let mut names = others.to_vec();
    if values.iter().any(|value| uses_upload(value)) && !names.contains(&"Upload") {
        names.push("Upload");
    }
    if values.iter().any(|value| uses_types(value)) {
        names.push("types");
    }
    names.sort_unstable();
    names
}

fn uses_upload(value: &Expr) -> bool {
    *value == Expr::Files
}

fn uses_types(value: &Expr) -> bool {
    matches!(
        value,
        Expr::Variant { .. }
            | Expr::UnknownText(_)
            | Expr::UnknownJson(_)
            | Expr::New { .. }
            | Expr::Parsed(_)
    )
}
