//! The client's method that returns the builder: required values are its arguments.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Printer, parameter_type, part_type, set_body, set_parameter, set_part};
use crate::render::syntax::{self, Scope, ident};
use crate::render::{Error, docs};
use crate::surface::Body;

/// What a method is put together from.
#[derive(Default)]
struct Parts {
    arguments: Vec<TokenStream>,
    /// What sets the request.
    setting: Vec<TokenStream>,
    /// What makes the form.
    form: Option<TokenStream>,
    /// The builder's field for the body.
    field: Option<TokenStream>,
}

impl Printer<'_> {
    pub(super) fn method(&self) -> Result<TokenStream, Error> {
        let mut parts = Parts::default();
        let parameters = self.call.parameters.iter();
        for parameter in parameters.filter(|parameter| parameter.required) {
            let (name, ty) = (ident(&parameter.rust_name), parameter_type(parameter));
            parts.arguments.push(quote!(#name: #ty));
            parts
                .setting
                .push(set_parameter(parameter, &quote!(request), &name));
        }
        self.body_arguments(&mut parts);
        let Parts {
            arguments,
            setting,
            form,
            field,
        } = parts;
        let docs = syntax::docs(&self.docs()?);
        let deprecated = docs::deprecated(&self.call.docs);
        let (function, builder) = (ident(&self.call.function), &self.builder);
        let constant = self.constant();
        let mutable = (!setting.is_empty()).then(|| quote!(mut));
        Ok(quote! {
            #docs
            #deprecated
            pub fn #function(&self, #(#arguments),*) -> #builder {
                let #mutable request = Request::new(self.core(), &#constant);
                #(#setting)*
                #form
                #builder { request, #field }
            }
        })
    }

    fn body_arguments(&self, parts: &mut Parts) {
        match &self.call.body {
            None
            | Some(
                Body::Whole {
                    required: false, ..
                }
                | Body::Content {
                    required: false, ..
                },
            ) => {}
            Some(Body::Fields {
                ty,
                fields,
                optional,
                ..
            }) => {
                let mut values = Vec::new();
                for (given, field) in fields.iter().zip(self.surface.fields_of(ty)) {
                    if field.required {
                        let name = ident(&given.rust_name);
                        let ty = syntax::field_type(field, Scope::Calls);
                        parts.arguments.push(quote!(#name: #ty));
                        values.push(name);
                    }
                }
                let ty = ident(ty);
                parts.field = Some(match optional {
                    true => quote!(body: None,),
                    false => quote!(body: types::#ty::new(#(#values),*),),
                });
            }
            Some(Body::Whole {
                ty,
                required: true,
                encoding,
            }) => {
                let ty = syntax::ty(ty, Scope::Calls);
                parts.arguments.push(quote!(body: #ty));
                parts
                    .setting
                    .push(set_body(encoding, &quote!(request), &quote!(&body)));
            }
            Some(Body::Content {
                media_types,
                is_chosen,
                required: true,
            }) => match media_types.as_slice() {
                [only, ..] if !is_chosen => {
                    parts.arguments.push(quote!(body: impl Into<Upload>));
                    parts.setting.push(quote!(request.content(#only, body);));
                }
                _ => {
                    parts.arguments.push(quote!(media_type: impl Into<String>));
                    parts.arguments.push(quote!(body: impl Into<Upload>));
                    parts
                        .setting
                        .push(quote!(request.content(media_type.into(), body);));
                }
            },
            Some(Body::Parts {
                parts: of_form,
                encodings,
                ..
            }) => {
                let required = of_form.iter().filter(|part| part.required);
                let set: Vec<TokenStream> = required
                    .map(|part| {
                        let (name, ty) = (ident(&part.rust_name), part_type(&part.content));
                        parts.arguments.push(quote!(#name: #ty));
                        set_part(&part.content, &part.name, &quote!(form), &name)
                    })
                    .collect();
                let mutable = (!set.is_empty()).then(|| quote!(mut));
                let made = match encodings.as_slice() {
                    [] => quote!(FormData::new()),
                    encodings => {
                        let encodings = super::encodings(encodings);
                        quote!(FormData::with_encodings(#encodings))
                    }
                };
                parts.form = Some(quote!(let #mutable form = #made; #(#set)*));
                parts.field = Some(quote!(form,));
            }
        }
    }
}
