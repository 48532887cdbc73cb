//! Values for the path, the query and the headers.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Emitter;
use crate::model::{Parameter, Place, QueryStyle, Type};
use crate::polish::rust_type::{ident, owned};

impl Emitter<'_> {
    /// Text is only read, so any kind of string will do; text of a format may also
    /// be given as the value that it stands for.
    pub(super) fn parameter_type(&self, parameter: &Parameter) -> TokenStream {
        match parameter.ty {
            Type::String => quote!(impl AsRef<str>),
            Type::Formatted(_) => {
                let owned = owned(&parameter.ty, &self.types);
                quote!(impl Into<#owned>)
            }
            _ => owned(&parameter.ty, &self.types),
        }
    }
}

/// Gives `request` the value of `parameter`, which is in the variable `name`.
pub(super) fn set_parameter(
    parameter: &Parameter,
    request: &TokenStream,
    name: &Ident,
) -> TokenStream {
    let wire = &parameter.name;
    let (value, by_reference) = match parameter.ty {
        Type::String => (quote!(#name.as_ref()), quote!(#name.as_ref())),
        Type::Formatted(format) => {
            let ty = ident(format.type_name());
            let value = quote!(Into::<types::#ty>::into(#name));
            (value.clone(), quote!(&#value))
        }
        _ => (quote!(#name), quote!(&#name)),
    };
    match parameter.place {
        Place::Path => quote!(#request.path_arg(#wire, #value);),
        Place::Query(style) => {
            let style = ident(match style {
                QueryStyle::Form => "Form",
                QueryStyle::FormJoined => "FormJoined",
                QueryStyle::Space => "Space",
                QueryStyle::Pipe => "Pipe",
                QueryStyle::DeepObject => "DeepObject",
                QueryStyle::Json => "Json",
            });
            quote!(#request.query(#wire, QueryStyle::#style, #by_reference);)
        }
        Place::Header => quote!(#request.header(#wire, #by_reference);),
        Place::Cookie => quote!(#request.cookie(#wire, #by_reference);),
    }
}
