//! How a call is sent, and what it gives.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Printer, envelope, set_body};
use crate::render::syntax::{self, Scope, ident};
use crate::render::text;
use crate::surface::{Alternative, Body, Output, StatusOutput, TypeRef};

/// How a method that sends takes `self`, and gives the request its body.
struct Sent {
    /// Whether it changes the request.
    changes: bool,
    set: TokenStream,
}

impl Sent {
    fn this(&self) -> TokenStream {
        match self.changes {
            true => quote!(mut self),
            false => quote!(self),
        }
    }
}

impl Printer<'_> {
    /// `send`, `send_raw` and, where they make sense, `into_stream` for a list in
    /// pages and `send_stream` for bytes.
    pub(super) fn sending(&self) -> TokenStream {
        let body = self.with_body();
        let (this, set) = (body.this(), &body.set);
        let summary = syntax::docs(match self.call.output {
            Output::Json { .. } => "Sends the request and decodes the result.",
            Output::Nothing => "Sends the request. The response has no result.",
            Output::Text => "Sends the request and returns the response as text.",
            Output::Bytes => "Sends the request and returns the response as bytes.",
            Output::ByStatus { .. } => {
                "Sends the request and decodes the result, whose type depends on the status."
            }
        });
        let download = (self.call.output == Output::Bytes).then(|| download(&body));
        let alternatives = self.call.alternatives.iter();
        let alternatives = alternatives.map(|other| alternative(other, &body));
        let stream = self.stream(&body);
        let (ty, send) = (self.result_type(), self.send());
        quote! {
            #summary
            ///
            /// # Errors
            ///
            /// Returns an [`Error`] if the request cannot be made or sent, if the
            /// server refuses it, or if the response does not match the API's document.
            pub async fn send(#this) -> Result<Response<#ty>, Error> {
                #set
                #send
            }
            #download
            #(#alternatives)*
            #stream
            /// Sends the request and returns the response undecoded, whatever its
            /// status.
            ///
            /// # Errors
            ///
            /// Returns an [`Error`] if the request cannot be made or sent.
            pub async fn send_raw(#this) -> Result<crate::reqwest::Response, Error> {
                #set
                self.request.send_raw().await
            }
        }
    }

    fn stream(&self, body: &Sent) -> Option<TokenStream> {
        let Output::Json {
            ty: TypeRef::List(item),
            ..
        } = &self.call.output
        else {
            return None;
        };
        self.call.paging.as_ref()?;
        let item = syntax::ty(item, Scope::Calls);
        let (this, set) = (body.this(), &body.set);
        Some(quote! {
            /// Returns a stream of the items of all pages, from the chosen one on. If a
            /// page cannot be fetched, the stream yields an [`Error`] and ends.
            pub fn into_stream(#this) -> Pages<#item> {
                #set
                self.request.into_pages()
            }
        })
    }

    fn with_body(&self) -> Sent {
        let request = quote!(self.request);
        let (changes, set) = match &self.call.body {
            Some(Body::Fields {
                optional: false,
                encoding,
                ..
            }) => (true, set_body(encoding, &request, &quote!(&self.body))),
            Some(Body::Fields { encoding, .. }) => {
                let set = set_body(encoding, &request, &quote!(body));
                (true, quote!(if let Some(body) = &self.body { #set }))
            }
            Some(Body::Parts {
                optional: false, ..
            }) => (true, quote!(self.request.multipart(self.form);)),
            Some(Body::Parts { .. }) => (
                true,
                quote!(if !self.form.is_empty() {
                    self.request.multipart(self.form);
                }),
            ),
            _ => (false, TokenStream::new()),
        };
        Sent { changes, set }
    }

    fn result_type(&self) -> TokenStream {
        syntax::ty(&self.call.output_type(), Scope::Calls)
    }

    /// Sends and decodes.
    fn send(&self) -> TokenStream {
        let send = match &self.call.output {
            Output::Json { nullable: true, .. } => quote!(send_json_or_default),
            Output::Json { .. } => quote!(send_json),
            Output::Nothing => quote!(send_unit),
            Output::Text => quote!(send_text),
            Output::Bytes => quote!(send_bytes),
            Output::ByStatus { name, variants } => return by_status(name, variants),
        };
        quote!(self.request.#send().await)
    }

    /// The enum `name` of what the statuses of a response give.
    pub(super) fn output_enum(&self, name: &str) -> TokenStream {
        let variants = match &self.call.output {
            Output::ByStatus { variants, .. } => variants.as_slice(),
            _ => &[],
        };
        let variants = variants.iter().map(|of_status| {
            let statuses: Vec<String> = of_status.statuses.iter().map(u16::to_string).collect();
            let doc = match statuses.as_slice() {
                [] => " With any other status of success.".to_owned(),
                statuses => format!(" With the status {}.", statuses.join(" or ")),
            };
            let variant = ident(&of_status.variant);
            let held = (of_status.output != Output::Nothing).then(|| {
                let ty = syntax::ty(&of_status.output.rust_type(), Scope::Calls);
                quote!((#ty))
            });
            quote!(#[doc = #doc] #variant #held)
        });
        let line = format!(
            " What [`{}::send`] gives, by the status of the response.",
            self.builder
        );
        let name = ident(name);
        quote! {
            #[doc = #line]
            #[derive(Clone, Debug, PartialEq)]
            #[non_exhaustive]
            pub enum #name { #(#variants,)* }
        }
    }
}

fn download(body: &Sent) -> TokenStream {
    let (this, set) = (body.this(), &body.set);
    quote! {
        /// Sends the request and returns the bytes of the response as they arrive.
        ///
        /// # Errors
        ///
        /// As [`send`](Self::send). The stream yields an [`Error`] if the connection is
        /// lost before the end.
        pub async fn send_stream(#this) -> Result<Response<Download>, Error> {
            #set
            self.request.send_stream().await
        }
    }
}

/// The method that asks for a response of another media type.
fn alternative(alternative: &Alternative, body: &Sent) -> TokenStream {
    let (media_type, method) = (&alternative.media_type, ident(&alternative.method));
    let doc = syntax::docs(&format!(
        "Sends the request and asks for the response as {}.",
        text::code(media_type)
    ));
    let set = &body.set;
    let (ty, send) = match alternative.is_text {
        true => (quote!(String), quote!(send_text)),
        false => (quote!(Download), quote!(send_stream)),
    };
    quote! {
        #doc
        ///
        /// # Errors
        ///
        /// As [`send`](Self::send).
        pub async fn #method(mut self) -> Result<Response<#ty>, Error> {
            #set
            self.request.accept(#media_type);
            self.request.#send().await
        }
    }
}

/// Decodes as the status says; one that the document does not list, as the first that
/// it does.
fn by_status(name: &str, variants: &[StatusOutput]) -> TokenStream {
    let name = ident(name);
    let any_other = variants.iter().position(|it| it.statuses.is_empty());
    let any_other = any_other.unwrap_or(0);
    let (others, last): (Vec<_>, Vec<_>) = variants
        .iter()
        .enumerate()
        .partition(|(index, _)| *index != any_other);
    let arms = others.into_iter().chain(last).map(|(index, of_status)| {
        let statuses = of_status.statuses.iter();
        let statuses = statuses.map(|status| Literal::u16_unsuffixed(*status));
        let pattern = match index == any_other {
            true => quote!(_),
            false => quote!(#(#statuses)|*),
        };
        let envelope = envelope(of_status.envelope);
        let ty = syntax::ty(&of_status.output.rust_type(), Scope::Calls);
        let read = match &of_status.output {
            Output::Json { nullable: true, .. } => quote!(json_or_default::<#ty>),
            Output::Json { .. } => quote!(json::<#ty>),
            Output::Nothing | Output::ByStatus { .. } => quote!(unit),
            Output::Text => quote!(text),
            Output::Bytes => quote!(bytes),
        };
        let variant = ident(&of_status.variant);
        let wrap = match of_status.output {
            Output::Nothing => quote!(|()| #name::#variant),
            _ => quote!(#name::#variant),
        };
        quote!(#pattern => response.within(#envelope).#read()?.map(#wrap),)
    });
    quote! {
        let response = self.request.send_undecoded().await?;
        Ok(match response.status() { #(#arms)* })
    }
}
