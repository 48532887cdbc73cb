//! The builder's setters, one for each value that may be left out.

use proc_macro2::TokenStream;
use quote::quote;

use super::Emitter;
use super::given::{Given, Setter};
use super::method::set_part;
use super::parameter::set_parameter;
use crate::model::{Docs, Part};
use crate::polish::docs;
use crate::polish::rust_type::{argument, ident, owned};

impl Emitter<'_> {
    pub(super) fn setters(&self) -> Vec<TokenStream> {
        let parameters = self.operation.parameters.iter();
        let optional = parameters.filter(|parameter| !parameter.required);
        let mut setters: Vec<TokenStream> = optional
            .map(|parameter| {
                let name = ident(&parameter.rust_name);
                let ty = self.parameter_type(parameter);
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
            /// Sets choices about this call alone: timeouts, retries, headers.
            pub fn options(mut self, options: CallOptions) -> Self {
                self.request.options(options);
                self
            }
        });
        setters
    }

    fn body_setters(&self) -> Vec<TokenStream> {
        match &self.given {
            Given::Fields {
                name,
                fields,
                optional,
                ..
            } => {
                let fields = fields.iter().filter(|given| !given.field.required);
                let mut setters: Vec<TokenStream> = fields
                    .map(|given| self.field_setter(given, *optional))
                    .collect();
                let ty = ident(name);
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
            Given::Whole {
                ty,
                required: false,
                encoding,
            } => {
                let ty = owned(ty, &self.types);
                let set = encoding.set(&quote!(self.request), &quote!(&body));
                vec![quote! {
                    /// Sends `body`.
                    pub fn body(mut self, body: #ty) -> Self {
                        #set
                        self
                    }
                }]
            }
            Given::Content {
                media_type,
                required: false,
            } => {
                let doc = format!(" Sends `body` as it is, as `{media_type}`.");
                vec![quote! {
                    #[doc = #doc]
                    pub fn body(mut self, body: impl Into<Upload>) -> Self {
                        self.request.content(#media_type, body);
                        self
                    }
                }]
            }
            Given::Parts { parts, .. } => {
                let optional = parts.iter().filter(|part| !part.required);
                let mut setters: Vec<TokenStream> =
                    optional.map(|part| self.part_setter(part)).collect();
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

    fn field_setter(&self, given: &Setter<'_>, optional: bool) -> TokenStream {
        let field = given.field;
        let head = head(&field.docs, &field.name);
        let (setter, argument_name) = (ident(&given.name), ident(&field.rust_name));
        let method = ident(&given.method);
        let (ty, _) = argument(&field.ty, &self.types, &argument_name);
        let set = |call: TokenStream| match optional {
            true => quote!(Some(self.body.unwrap_or_default().#call)),
            false => quote!(self.body.#call),
        };
        let allowed = field
            .docs
            .deprecated
            .then(|| quote!(#[allow(deprecated, reason = "what is deprecated can still be set")]));
        let null = given.null.as_ref().map(|(setter, method)| {
            let doc = format!(" Sets `{}` to null.", field.name);
            let deprecated = docs::deprecated(&field.docs);
            let (setter, method) = (ident(setter), ident(method));
            let set = set(quote!(#method()));
            quote! {
                #[doc = #doc]
                #deprecated
                #allowed
                pub fn #setter(mut self) -> Self {
                    self.body = #set;
                    self
                }
            }
        });
        let set = set(quote!(#method(#argument_name)));
        quote! {
            #head
            #allowed
            pub fn #setter(mut self, #argument_name: #ty) -> Self {
                self.body = #set;
                self
            }
            #null
        }
    }

    fn part_setter(&self, part: &Part) -> TokenStream {
        let head = head(&part.docs, &part.name);
        let (name, ty) = (ident(&part.rust_name), self.part_type(part));
        let set = set_part(part, &quote!(self.form));
        quote! {
            #head
            pub fn #name(mut self, #name: #ty) -> Self {
                #set
                self
            }
        }
    }
}

/// The words above a setter, and whether the document advises against it.
fn head(docs: &Docs, name: &str) -> TokenStream {
    let words = docs::attributes(&docs::text(docs, &format!("Sets `{name}`.")));
    let deprecated = docs::deprecated(docs);
    quote!(#(#words)* #deprecated)
}
