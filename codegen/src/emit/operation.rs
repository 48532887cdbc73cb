//! One operation: its builder, and the client's method that returns it.

mod given;
mod usage;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::model::{Api, Docs, Field, Operation, Outcome, Parameter, Place, QueryStyle, Type};
use crate::normalize::operations::{builder_name, item_type};
use crate::polish::docs;
use crate::polish::rust_type::{argument, ident, owned};
use given::{Given, given};

/// The Rust items of one operation.
#[derive(Debug)]
pub struct Emitted {
    /// The static description, the builder, and the builder's methods.
    pub builder: TokenStream,
    /// The method, for an `impl Client`.
    pub method: TokenStream,
}

struct Emitter<'a> {
    operation: &'a Operation,
    api: &'a Api,
    package: &'a str,
    builder: Ident,
    given: Given<'a>,
    types: TokenStream,
}

impl Emitter<'_> {
    fn emit(&self) -> Emitted {
        let description = self.description();
        let structure = self.structure();
        let setters = self.setters();
        let sending = self.sending();
        let builder = &self.builder;
        Emitted {
            builder: quote! {
                #description
                #structure
                impl #builder {
                    #(#setters)*
                    #sending
                }
            },
            method: self.method(),
        }
    }

    fn constant(&self) -> Ident {
        format_ident!("{}", self.operation.function.to_ascii_uppercase())
    }

    /// What the runtime is told of the operation.
    fn description(&self) -> TokenStream {
        let operation = self.operation;
        let constant = self.constant();
        let (id, path) = (&operation.id, &operation.path);
        let method = ident(&operation.method);
        let (idempotent, envelope) = (operation.idempotent, operation.enveloped);
        quote! {
            static #constant: Operation = Operation {
                id: #id,
                method: Method::#method,
                path: #path,
                idempotent: #idempotent,
                envelope: #envelope,
            };
        }
    }

    fn structure(&self) -> TokenStream {
        let builder = &self.builder;
        let line = format!(
            " A call of [`Client::{}`] that has not been sent yet.",
            self.operation.function
        );
        let body = match &self.given {
            Given::Fields { name, optional, .. } => {
                let ty = ident(name);
                Some(match optional {
                    true => quote!(body: Option<types::#ty>,),
                    false => quote!(body: types::#ty,),
                })
            }
            _ => None,
        };
        quote! {
            #[doc = #line]
            #[derive(Debug)]
            #[must_use = "a call does nothing until it is sent"]
            pub struct #builder {
                request: Request,
                #body
            }
        }
    }

    fn setters(&self) -> Vec<TokenStream> {
        let mut setters: Vec<TokenStream> = self
            .operation
            .parameters
            .iter()
            .filter(|parameter| !parameter.required)
            .map(|parameter| {
                let name = ident(&parameter.rust_name);
                let ty = self.parameter_type(parameter);
                let set = set_parameter(parameter, &quote!(self.request), &name);
                let docs = words(&parameter.docs, &parameter.name);
                quote! {
                    #(#docs)*
                    pub fn #name(mut self, #name: #ty) -> Self {
                        #set
                        self
                    }
                }
            })
            .collect();
        match &self.given {
            Given::Fields {
                name,
                fields,
                optional,
            } => {
                for (field, setter) in fields.iter().filter(|(field, _)| !field.required) {
                    setters.push(self.field_setter(field, setter, *optional));
                }
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
            }
            Given::Whole {
                ty,
                required: false,
            } => {
                let ty = owned(ty, &self.types);
                setters.push(quote! {
                    /// Sends `body` as JSON.
                    pub fn body(mut self, body: #ty) -> Self {
                        self.request.json(&body);
                        self
                    }
                });
            }
            _ => {}
        }
        setters.push(quote! {
            /// Sets choices about this call alone: timeouts, retries, headers.
            pub fn options(mut self, options: CallOptions) -> Self {
                self.request.options(options);
                self
            }
        });
        setters
    }

    /// Text is only read, so any kind of string will do.
    fn parameter_type(&self, parameter: &Parameter) -> TokenStream {
        match parameter.ty {
            Type::String => quote!(impl AsRef<str>),
            _ => owned(&parameter.ty, &self.types),
        }
    }

    fn field_setter(&self, field: &Field, setter: &str, optional: bool) -> TokenStream {
        let docs = words(&field.docs, &field.name);
        let (setter, argument_name) = (ident(setter), ident(&field.rust_name));
        let method = match field.rust_name.as_str() {
            "new" => ident("set_new"),
            name => ident(name),
        };
        let (ty, _) = argument(&field.ty, &self.types, &argument_name);
        let body = match optional {
            true => quote!(self.body.unwrap_or_default()),
            false => quote!(self.body),
        };
        let set = quote!(#body.#method(#argument_name));
        let set = match optional {
            true => quote!(Some(#set)),
            false => set,
        };
        quote! {
            #(#docs)*
            pub fn #setter(mut self, #argument_name: #ty) -> Self {
                self.body = #set;
                self
            }
        }
    }

    /// `send`, `send_raw` and, for a list in pages, `into_stream`.
    fn sending(&self) -> TokenStream {
        let (ty, send) = self.result();
        let self_argument = match &self.given {
            Given::Fields { .. } => quote!(mut self),
            _ => quote!(self),
        };
        let with_body = match &self.given {
            Given::Fields {
                optional: false, ..
            } => quote!(self.request.json(&self.body);),
            Given::Fields { optional: true, .. } => quote! {
                if let Some(body) = &self.body {
                    self.request.json(body);
                }
            },
            _ => TokenStream::new(),
        };
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
        let summary = docs::attributes(match self.operation.outcome {
            Outcome::Json { .. } => "Sends the request, and decodes the result.",
            Outcome::Nothing => "Sends the request; the answer holds no result.",
            Outcome::Text => "Sends the request, and returns the text of the answer.",
            Outcome::Bytes => "Sends the request, and returns the bytes of the answer.",
        });
        quote! {
            #(#summary)*
            ///
            /// # Errors
            ///
            /// Returns an [`Error`] if the request cannot be made or sent, if the
            /// server refuses it, and if the answer is not what the API documents.
            pub async fn send(#self_argument) -> Result<Response<#ty>, Error> {
                #with_body
                self.request.#send().await
            }
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

    /// The type of the result, and the runtime's function that gives it.
    fn result(&self) -> (TokenStream, TokenStream) {
        match &self.operation.outcome {
            Outcome::Json { ty, nullable, .. } => {
                let is_collection = matches!(ty, Type::List(_) | Type::Map(_));
                let owned = owned(ty, &self.types);
                match (nullable, is_collection) {
                    (true, true) => (owned, quote!(send_json_or_default)),
                    (true, false) => (quote!(Option<#owned>), quote!(send_json_or_default)),
                    (false, _) => (owned, quote!(send_json)),
                }
            }
            Outcome::Nothing => (quote!(()), quote!(send_unit)),
            Outcome::Text => (quote!(String), quote!(send_text)),
            Outcome::Bytes => (quote!(bytes::Bytes), quote!(send_bytes)),
        }
    }

    /// The client's method: required values are its arguments.
    fn method(&self) -> TokenStream {
        let required: Vec<&Parameter> = self
            .operation
            .parameters
            .iter()
            .filter(|parameter| parameter.required)
            .collect();
        let mut arguments = Vec::new();
        let mut setting = Vec::new();
        for parameter in required {
            let name = ident(&parameter.rust_name);
            let ty = self.parameter_type(parameter);
            arguments.push(quote!(#name: #ty));
            setting.push(set_parameter(parameter, &quote!(request), &name));
        }
        let mut body = None;
        match &self.given {
            Given::None
            | Given::Whole {
                required: false, ..
            } => {}
            Given::Fields {
                name,
                fields,
                optional,
            } => {
                let ty = ident(name);
                let mut values = Vec::new();
                for (field, setter) in fields.iter().filter(|(field, _)| field.required) {
                    let name = ident(setter);
                    let (ty, _) = argument(&field.ty, &self.types, &name);
                    arguments.push(quote!(#name: #ty));
                    values.push(name);
                }
                body = Some(match optional {
                    true => quote!(body: None,),
                    false => quote!(body: types::#ty::new(#(#values),*),),
                });
            }
            Given::Whole { ty, required: true } => {
                let ty = owned(ty, &self.types);
                arguments.push(quote!(body: #ty));
                setting.push(quote!(request.json(&body);));
            }
            Given::Bytes(media_type) => {
                arguments.push(quote!(body: impl Into<bytes::Bytes>));
                setting.push(quote!(request.bytes(#media_type, body.into());));
            }
        }
        let docs = docs::attributes(&self.docs());
        let deprecated = self
            .operation
            .docs
            .deprecated
            .then(|| quote!(#[deprecated = "the API's document advises against its use"]));
        let (function, builder) = (ident(&self.operation.function), &self.builder);
        let constant = self.constant();
        let mutable = (!setting.is_empty()).then(|| quote!(mut));
        quote! {
            #(#docs)*
            #deprecated
            pub fn #function(&self, #(#arguments),*) -> #builder {
                let #mutable request = Request::new(self, &#constant);
                #(#setting)*
                #builder { request, #body }
            }
        }
    }
}

/// Sample arguments of the method of `operation`, those of its parameters first,
/// and a sample of the first setter of its body.
pub fn parts(
    operation: &Operation,
    api: &Api,
) -> (Vec<TokenStream>, Option<(String, TokenStream)>) {
    emitter(operation, api, "").parts()
}

/// The lines of a call of `operation`, from the method to its last setter.
pub fn call(operation: &Operation, api: &Api) -> String {
    emitter(operation, api, "").call()
}

/// The type of the result, as a caller names it.
pub fn result_type(operation: &Operation, api: &Api) -> String {
    expression(&emitter(operation, api, "").result().0)
}

/// Emits `operation`; `package` is the crate's name in Rust, for its examples.
pub fn emit(operation: &Operation, api: &Api, package: &str) -> Emitted {
    emitter(operation, api, package).emit()
}

fn emitter<'a>(operation: &'a Operation, api: &'a Api, package: &'a str) -> Emitter<'a> {
    Emitter {
        operation,
        api,
        package,
        builder: ident(&builder_name(operation)),
        given: given(operation, api),
        types: quote!(types::),
    }
}

/// Tokens as a person spaces them.
pub fn expression(tokens: &TokenStream) -> String {
    tokens
        .to_string()
        .replace(" :: ", "::")
        .replace(" < ", "<")
        .replace(" >", ">")
        .replace(" (", "(")
        .replace("( ", "(")
        .replace(" )", ")")
        .replace(" ,", ",")
}

fn words(docs: &Docs, name: &str) -> Vec<syn::Attribute> {
    docs::attributes(&docs::text(docs, &format!("Sets `{name}`.")))
}

fn set_parameter(parameter: &Parameter, request: &TokenStream, name: &Ident) -> TokenStream {
    let wire = &parameter.name;
    match parameter.place {
        Place::Path => {
            let value = match parameter.ty {
                Type::String => quote!(#name.as_ref()),
                _ => quote!(#name),
            };
            quote!(#request.path_arg(#wire, #value);)
        }
        Place::Query(style) => {
            let style = ident(match style {
                QueryStyle::Form => "Form",
                QueryStyle::FormJoined => "FormJoined",
                QueryStyle::Space => "Space",
                QueryStyle::Pipe => "Pipe",
                QueryStyle::DeepObject => "DeepObject",
            });
            let value = by_reference(parameter, name);
            quote!(#request.query(#wire, QueryStyle::#style, #value);)
        }
        Place::Header => {
            let value = by_reference(parameter, name);
            quote!(#request.header(#wire, #value);)
        }
    }
}

fn by_reference(parameter: &Parameter, name: &Ident) -> TokenStream {
    match parameter.ty {
        Type::String => quote!(#name.as_ref()),
        _ => quote!(&#name),
    }
}
