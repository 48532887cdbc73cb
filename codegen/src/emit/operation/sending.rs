//! How a call is sent, and what it gives.

use proc_macro2::TokenStream;
use quote::quote;

use super::given::Given;
use super::{Emitter, envelope_name};
use crate::model::{Alternative, Answer, Outcome, Type};
use crate::normalize::operations::item_type;
use crate::polish::docs;
use crate::polish::rust_type::{ident, owned};

impl Emitter<'_> {
    /// `send`, `send_raw` and, where they make sense, `into_stream` for a list in
    /// pages and `send_stream` for bytes.
    pub(super) fn sending(&self) -> TokenStream {
        let (self_argument, with_body) = self.with_body();
        let stream = item_type(&self.operation.outcome)
            .filter(|_| self.operation.is_paged())
            .map(|item| {
                let item = owned(item, &self.types);
                quote! {
                    /// Fetches page after page, from the chosen one on, as a stream of
                    /// its items.
                    ///
                    /// # Errors
                    ///
                    /// The stream yields an [`Error`] for a page that cannot be
                    /// fetched, and ends after it.
                    pub fn into_stream(#self_argument) -> Pages<#item> {
                        #with_body
                        self.request.into_pages()
                    }
                }
            });
        let download = (self.operation.outcome == Outcome::Bytes).then(|| {
            quote! {
                /// Sends the request, and returns the bytes of the answer as they
                /// come.
                ///
                /// # Errors
                ///
                /// As [`send`](Self::send); the stream yields an [`Error`] if the
                /// rest is lost.
                pub async fn send_stream(#self_argument) -> Result<Response<Download>, Error> {
                    #with_body
                    self.request.send_stream().await
                }
            }
        });
        let summary = docs::attributes(match self.operation.outcome {
            Outcome::Json { .. } => "Sends the request, and decodes the result.",
            Outcome::Nothing => "Sends the request; the answer holds no result.",
            Outcome::Text => "Sends the request, and returns the text of the answer.",
            Outcome::Bytes => "Sends the request, and returns the bytes of the answer.",
            Outcome::ByStatus { .. } => {
                "Sends the request, and decodes the result as the status of the answer says."
            }
        });
        let alternatives = self.operation.alternatives.iter();
        let alternatives = alternatives
            .map(|alternative| self.alternative(alternative, &self_argument, &with_body));
        let (ty, send) = (self.result_type(), self.send());
        quote! {
            #(#summary)*
            ///
            /// # Errors
            ///
            /// Returns an [`Error`] if the request cannot be made or sent, if the
            /// server refuses it, and if the answer is not what the API documents.
            pub async fn send(#self_argument) -> Result<Response<#ty>, Error> {
                #with_body
                #send
            }
            #download
            #(#alternatives)*
            #stream
            /// Sends the request, and returns the answer undecoded, whatever its
            /// status.
            ///
            /// # Errors
            ///
            /// Returns an [`Error`] if the request cannot be made or sent.
            pub async fn send_raw(#self_argument) -> Result<reqwest::Response, Error> {
                #with_body
                self.request.send_raw().await
            }
        }
    }

    /// The method that asks for the answer in another media type.
    fn alternative(
        &self,
        alternative: &Alternative,
        self_argument: &TokenStream,
        with_body: &TokenStream,
    ) -> TokenStream {
        let media_type = &alternative.media_type;
        let method = ident(&alternative.method);
        let doc = format!(" Sends the request, and asks for the answer as `{media_type}`.");
        let self_argument = match self_argument.to_string().starts_with("mut") {
            true => self_argument.clone(),
            false => quote!(mut self),
        };
        let (ty, send) = match alternative.is_text {
            true => (quote!(String), quote!(send_text)),
            false => (quote!(Download), quote!(send_stream)),
        };
        quote! {
            #[doc = #doc]
            ///
            /// # Errors
            ///
            /// As [`send`](Self::send).
            pub async fn #method(#self_argument) -> Result<Response<#ty>, Error> {
                #with_body
                self.request.accept(#media_type);
                self.request.#send().await
            }
        }
    }

    /// How a method that sends takes `self`, and gives the request its body.
    fn with_body(&self) -> (TokenStream, TokenStream) {
        match &self.given {
            Given::Fields {
                optional, encoding, ..
            } => {
                let request = quote!(self.request);
                let set = match optional {
                    false => encoding.set(&request, &quote!(&self.body)),
                    true => {
                        let set = encoding.set(&request, &quote!(body));
                        quote!(if let Some(body) = &self.body { #set })
                    }
                };
                (quote!(mut self), set)
            }
            Given::Parts { optional, .. } => {
                let set = quote!(self.request.multipart(self.form););
                let set = match optional {
                    false => set,
                    true => quote!(if !self.form.is_empty() { #set }),
                };
                (quote!(mut self), set)
            }
            _ => (quote!(self), TokenStream::new()),
        }
    }

    /// The type of the result.
    pub(super) fn result_type(&self) -> TokenStream {
        match &self.operation.outcome {
            Outcome::ByStatus { name, .. } => {
                let name = ident(name);
                quote!(#name)
            }
            outcome => self.type_of(outcome),
        }
    }

    pub(super) fn type_of(&self, outcome: &Outcome) -> TokenStream {
        match outcome {
            Outcome::Json { ty, nullable, .. } => {
                let owned = owned(ty, &self.types);
                match *nullable && !is_collection(ty) {
                    true => quote!(Option<#owned>),
                    false => owned,
                }
            }
            Outcome::Nothing | Outcome::ByStatus { .. } => quote!(()),
            Outcome::Text => quote!(String),
            Outcome::Bytes => quote!(bytes::Bytes),
        }
    }

    /// Sends and decodes.
    fn send(&self) -> TokenStream {
        let send = match &self.operation.outcome {
            Outcome::Json { nullable: true, .. } => quote!(send_json_or_default),
            Outcome::Json { .. } => quote!(send_json),
            Outcome::Nothing => quote!(send_unit),
            Outcome::Text => quote!(send_text),
            Outcome::Bytes => quote!(send_bytes),
            Outcome::ByStatus { name, answers } => return self.by_status(name, answers),
        };
        quote!(self.request.#send().await)
    }

    /// Decodes as the status says; one that the document does not list, as the first
    /// that it does.
    fn by_status(&self, name: &str, answers: &[Answer]) -> TokenStream {
        let name = ident(name);
        let any_other = answers.iter().position(|answer| answer.statuses.is_empty());
        let any_other = any_other.unwrap_or(0);
        let (others, last): (Vec<_>, Vec<_>) = answers
            .iter()
            .enumerate()
            .partition(|(index, _)| *index != any_other);
        let arms = others.into_iter().chain(last).map(|(index, answer)| {
            let statuses = answer.statuses.iter();
            let statuses = statuses.map(|status| proc_macro2::Literal::u16_unsuffixed(*status));
            let pattern = match index == any_other {
                true => quote!(_),
                false => quote!(#(#statuses)|*),
            };
            let envelope = ident(envelope_name(answer.envelope));
            let read = ident(match &answer.outcome {
                Outcome::Json { nullable: true, .. } => "json_or_default",
                Outcome::Json { .. } => "json",
                Outcome::Nothing | Outcome::ByStatus { .. } => "unit",
                Outcome::Text => "text",
                Outcome::Bytes => "bytes",
            });
            let ty = match &answer.outcome {
                Outcome::Json { .. } => {
                    let ty = self.type_of(&answer.outcome);
                    Some(quote!(::<#ty>))
                }
                _ => None,
            };
            let variant = ident(&answer.variant);
            let wrap = match answer.outcome {
                Outcome::Nothing => quote!(|()| #name::#variant),
                _ => quote!(#name::#variant),
            };
            let read = quote!(answer.within(Envelope::#envelope).#read #ty()?);
            quote!(#pattern => #read.map(#wrap),)
        });
        quote! {
            let answer = self.request.send_undecoded().await?;
            Ok(match answer.status() { #(#arms)* })
        }
    }

    /// The enum of an outcome that depends on the status.
    pub(super) fn outcome_enum(&self) -> Option<TokenStream> {
        let Outcome::ByStatus { name, answers } = &self.operation.outcome else {
            return None;
        };
        // The methods for other bodies of the same operation give the same.
        let mut operations = self.api.operations.iter();
        let first = operations.find(|other| other.outcome == self.operation.outcome);
        if first.is_some_and(|first| first.function != self.operation.function) {
            return None;
        }
        let variants = answers.iter().map(|answer| {
            let statuses: Vec<String> = answer.statuses.iter().map(u16::to_string).collect();
            let doc = match statuses.as_slice() {
                [] => " With any other status of success.".to_owned(),
                statuses => format!(" With the status {}.", statuses.join(" or ")),
            };
            let variant = ident(&answer.variant);
            let held = (answer.outcome != Outcome::Nothing).then(|| {
                let ty = self.type_of(&answer.outcome);
                quote!((#ty))
            });
            quote!(#[doc = #doc] #variant #held)
        });
        let line = format!(
            " What [`{}::send`] gives, by the status of the answer.",
            self.builder
        );
        let name = ident(name);
        Some(quote! {
            #[doc = #line]
            #[derive(Clone, Debug, PartialEq)]
            #[non_exhaustive]
            pub enum #name { #(#variants,)* }
        })
    }
}

fn is_collection(ty: &Type) -> bool {
    matches!(ty, Type::List(_) | Type::Map(_))
}
