//! The builder's setters, one for each value that may be left out.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Printer, parameter_type, part_type, set_body, set_parameter, set_part};
use crate::render::syntax::{self, Scope, ident};
use crate::render::{docs, text};
use crate::surface::{Body, BodyField, Docs, Field, Part};

impl Printer<'_> {
    pub(super) fn setters(&self) -> Vec<TokenStream> {
        let parameters = self.call.parameters.iter();
        let optional = parameters.filter(|parameter| !parameter.required);
        let mut setters: Vec<TokenStream> = optional
            .map(|parameter| {
                let (name, ty) = (ident(&parameter.rust_name), parameter_type(parameter));
                let set = set_parameter(parameter, &quote!(self.request), &name);
                let head = head(&parameter.docs, &parameter.name);
                quote! {
                    #head
                    pub fn #name(mut self, #name: #ty) -> Self {
                        #set
                        self
                    }
                }
            })
            .collect();
        setters.extend(self.body_setters());
        setters.push(quote! {
            /// Sets options for this call alone, such as timeouts, retries and headers.
            pub fn options(mut self, options: CallOptions) -> Self {
                self.request.options(options);
                self
            }
        });
        setters
    }

    fn body_setters(&self) -> Vec<TokenStream> {
        match &self.call.body {
            Some(Body::Fields {
                ty,
                fields,
                optional,
                ..
            }) => {
                let fields = fields.iter().zip(self.surface.fields_of(ty));
                let fields = fields.filter(|(_, field)| !field.required);
                let mut setters: Vec<TokenStream> = fields
                    .map(|(given, field)| field_setter(given, field, *optional))
                    .collect();
                let ty = ident(ty);
                let value = match optional {
                    true => quote!(Some(body)),
                    false => quote!(body),
                };
                setters.push(quote! {
                    /// Sends `body` in place of the fields set so far.
                    pub fn body(mut self, body: types::#ty) -> Self {
                        self.body = #value;
                        self
                    }
                });
                setters
            }
            Some(Body::Whole {
                ty,
                required: false,
                encoding,
            }) => {
                let ty = syntax::ty(ty, Scope::Calls);
                let set = set_body(encoding, &quote!(self.request), &quote!(&body));
                vec![quote! {
                    /// Sends `body`.
                    pub fn body(mut self, body: #ty) -> Self {
                        #set
                        self
                    }
                }]
            }
            Some(Body::Content {
                media_types,
                is_chosen,
                required: false,
            }) => vec![content_setter(media_types, *is_chosen)],
            Some(Body::Parts { parts, .. }) => {
                let optional = parts.iter().filter(|part| !part.required);
                let mut setters: Vec<TokenStream> = optional.map(part_setter).collect();
                setters.push(quote! {
                    /// Adds a part of any name to the form.
                    pub fn part(mut self, name: impl Into<String>, part: impl Into<Upload>) -> Self {
                        self.form.add(name.into(), part);
                        self
                    }
                });
                setters
            }
            _ => Vec::new(),
        }
    }
}

fn content_setter(media_types: &[String], is_chosen: bool) -> TokenStream {
    let names: Vec<String> = media_types.iter().map(|name| text::code(name)).collect();
    match media_types {
        [only, ..] if !is_chosen => {
            let doc = syntax::docs(&format!("Sends `body` unchanged, as {}.", text::code(only)));
            quote! {
                #doc
                pub fn body(mut self, body: impl Into<Upload>) -> Self {
                    self.request.content(#only, body);
                    self
                }
            }
        }
        _ => {
            let doc = syntax::docs(&format!(
                "Sends `body` unchanged, as `media_type`, which is one of {}.",
                names.join(", ")
            ));
            quote! {
                #doc
                pub fn body(mut self, media_type: impl Into<String>, body: impl Into<Upload>) -> Self {
                    self.request.content(media_type.into(), body);
                    self
                }
            }
        }
    }
}

fn field_setter(given: &BodyField, field: &Field, optional: bool) -> TokenStream {
    let head = head(&field.docs, &field.name);
    let (setter, argument) = (ident(&given.rust_name), ident(&field.rust_name));
    let method = ident(field.setter.as_deref().unwrap_or(&field.rust_name));
    let ty = syntax::argument_type(&field.ty, Scope::Calls);
    let set = |call: TokenStream| match optional {
        true => quote!(Some(self.body.unwrap_or_default().#call)),
        false => quote!(self.body.#call),
    };
    let allowed = docs::allowed(field.docs.deprecated);
    let null = given.null_setter.iter().zip(&field.null_setter);
    let null = null.map(|(setter, method)| {
        let doc = syntax::docs(&format!("Sets {} to null.", text::code(&field.name)));
        let deprecated = docs::deprecated(&field.docs);
        let (setter, method) = (ident(setter), ident(method));
        let set = set(quote!(#method()));
        quote! {
            #doc
            #deprecated
            #allowed
            pub fn #setter(mut self) -> Self {
                self.body = #set;
                self
            }
        }
    });
    let value = set(quote!(#method(#argument)));
    quote! {
        #head
        #allowed
        pub fn #setter(mut self, #argument: #ty) -> Self {
            self.body = #value;
            self
        }
        #(#null)*
    }
}

fn part_setter(part: &Part) -> TokenStream {
    let head = head(&part.docs, &part.name);
    let (name, ty) = (ident(&part.rust_name), part_type(&part.content));
    let set = set_part(&part.content, &part.name, &quote!(self.form), &name);
    quote! {
        #head
        pub fn #name(mut self, #name: #ty) -> Self {
            #set
            self
        }
    }
}

/// The documentation of a setter, and whether the document advises against it.
fn head(of: &Docs, name: &str) -> TokenStream {
    let said = docs::markdown(of, &format!("Sets {}.", text::code(name)));
    let (said, deprecated) = (syntax::docs(&said), docs::deprecated(of));
    quote!(#said #deprecated)
}
