//! Values for the path, the query and the headers.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Emitter;
use crate::model::{Parameter, Place, QueryStyle, Type};
use crate::polish::rust_type::{ident, owned};

impl Emitter<'_> {
    /// Text is only read, so any kind of string will do.
    pub(super) fn parameter_type(&self, parameter: &Parameter) -> TokenStream {
        match parameter.ty {
            Type::String | Type::Formatted(_) => quote!(impl AsRef<str>),
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
    let is_text = matches!(parameter.ty, Type::String | Type::Formatted(_));
    let by_reference = match is_text {
        true => quote!(#name.as_ref()),
        false => quote!(&#name),
    };
    match parameter.place {
        Place::Path if is_text => quote!(#request.path_arg(#wire, #name.as_ref());),
        Place::Path => quote!(#request.path_arg(#wire, #name);),
        Place::Query(style) => {
            let style = ident(match style {
                QueryStyle::Form => "Form",
                QueryStyle::FormJoined => "FormJoined",
                QueryStyle::Space => "Space",
                QueryStyle::Pipe => "Pipe",
                QueryStyle::DeepObject => "DeepObject",
            });
            quote!(#request.query(#wire, QueryStyle::#style, #by_reference);)
        }
        Place::Header => quote!(#request.header(#wire, #by_reference);),
    }
}
