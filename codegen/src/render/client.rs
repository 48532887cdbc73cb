//! `client.rs`: the client, its builder, and what it authenticates with.

use proc_macro2::TokenStream;
use quote::quote;

use super::syntax::{docs, ident};
use super::{Error, File, print, text};
use crate::names;
use crate::protocol::{Argument, Credential, Placement};
use crate::surface::Surface;

/// The file.
pub fn files(surface: &Surface) -> Result<Vec<File>, Error> {
    let credentials = &surface.protocol.credentials;
    let secrecy = credentials
        .iter()
        .flat_map(|credential| &credential.arguments)
        .any(|argument| argument.secret)
        .then(|| {
            quote!(
                use client_runtime::secrecy::SecretString;
            )
        });
    let (client, builder, choice) = (client(surface), builder(surface), choice(surface));
    let tokens = quote! {
        //! The client and its builder.
        use client_runtime::internal::{Core, CoreBuilder};
        use client_runtime::reqwest::Method;
        #secrecy
        use client_runtime::{Error, Request};
        use crate::protocol::PROTOCOL;
        #client
        #builder
        #choice
    };
    Ok(vec![print::rust("src/client.rs", tokens)?])
}

fn client(surface: &Surface) -> TokenStream {
    let title = match surface.title.trim() {
        "" => "A client of the API.".to_owned(),
        title => format!("A client of {}.", text::line(title)),
    };
    let title = docs(&title);
    let (new_docs, arguments, chain) = match surface.protocol.credentials.first() {
        Some(first) => {
            let (method, arguments) = (ident(&first.method), arguments(first));
            let given = first.arguments.iter().map(|argument| ident(&argument.name));
            (
                docs(&format!(
                    "A client that authenticates with {}.",
                    text::line(&first.doc)
                )),
                arguments,
                quote!(.#method(#(#given),*)),
            )
        }
        None => (
            docs("A client with the default settings."),
            TokenStream::new(),
            TokenStream::new(),
        ),
    };
    let environment = docs(&format!(
        "A client that takes its settings from environment variables: {}.",
        environment(surface)
    ));
    quote! {
        #title
        ///
        /// A clone of it is cheap, and shares its connections and limits.
        #[derive(Clone, Debug)]
        pub struct Client {
            core: Core,
        }
        impl Client {
            #new_docs
            ///
            /// # Errors
            ///
            /// Returns an [`Error`] for values that cannot be sent.
            pub fn new(#arguments) -> Result<Self, Error> {
                Self::builder()#chain.build()
            }
            #environment
            ///
            /// # Errors
            ///
            /// Returns an [`Error`] if a required variable is missing, or the value of one
            /// is invalid.
            pub fn from_env() -> Result<Self, Error> {
                Self::builder().read_env()?.build()
            }
            /// A builder with the default settings.
            pub fn builder() -> ClientBuilder {
                ClientBuilder::default()
            }
            /// A request for an endpoint that has no method here: `path` is appended to the
            /// base URL, and may have arguments in braces and a query.
            pub fn request(&self, method: Method, path: impl Into<String>) -> Request {
                self.core.request(method, path)
            }
            #[allow(dead_code, reason = "a crate with all resources left out has no calls")]
            pub(crate) fn core(&self) -> &Core {
                &self.core
            }
        }
    }
}

fn arguments(credential: &Credential) -> TokenStream {
    let arguments = credential.arguments.iter().map(|argument| {
        let (name, ty) = (ident(&argument.name), argument_type(argument));
        quote!(#name: impl Into<#ty>)
    });
    quote!(#(#arguments),*)
}

fn argument_type(argument: &Argument) -> TokenStream {
    if argument.secret {
        quote!(SecretString)
    } else {
        quote!(String)
    }
}

/// The variables that a client reads, as a sentence.
pub fn environment(surface: &Surface) -> String {
    let protocol = &surface.protocol;
    let sets = protocol.credentials.iter().map(|credential| {
        let names = credential.schemes().into_iter().flat_map(|name| {
            let scheme = protocol.schemes.iter().find(|scheme| scheme.name == name);
            scheme.into_iter().flat_map(|scheme| &scheme.variables)
        });
        let names: Vec<String> = names.map(|name| text::code(name)).collect();
        names.join(" and ")
    });
    let mut parts: Vec<String> = sets.collect();
    parts.retain(|part| !part.is_empty());
    let base_url = format!(
        "{} for another base URL",
        text::code(&protocol.base_url_variable)
    );
    if parts.is_empty() {
        return base_url;
    }
    format!("{} (and {base_url})", parts.join(", or "))
}

fn builder(surface: &Surface) -> TokenStream {
    let protocol = &surface.protocol;
    let rate_limit = protocol.rate_limit.as_ref().map(|sentence| {
        let sentence = docs(&text::line(sentence));
        quote!(#[doc = ""] #sentence)
    });
    let methods = protocol.credentials.iter().map(|credential| {
        let doc = docs(&format!(
            "Authenticates with {}.",
            text::line(&credential.doc)
        ));
        let (method, arguments) = (ident(&credential.method), arguments(credential));
        let sets = sets(surface, credential);
        quote! {
            #doc
            pub fn #method(mut self, #arguments) -> Self {
                #(#sets)*
                self
            }
        }
    });
    let credentials = (!protocol.credentials.is_empty()).then(|| {
        let arms = protocol.credentials.iter().map(|credential| {
            let (variant, method) = (variant(credential), ident(&credential.method));
            let names: Vec<_> = credential
                .arguments
                .iter()
                .map(|it| ident(&it.name))
                .collect();
            let pattern = match names.as_slice() {
                [only] => quote!(Credentials::#variant(#only)),
                several => quote!(Credentials::#variant { #(#several),* }),
            };
            quote!(#pattern => self.#method(#(#names),*),)
        });
        quote! {
            /// Authenticates with `credentials`.
            pub fn credentials(self, credentials: Credentials) -> Self {
                match credentials { #(#arms)* }
            }
        }
    });
    quote! {
        /// The settings of a [`Client`] to be made.
        #rate_limit
        #[derive(Debug)]
        #[must_use = "a builder does nothing until it has built"]
        pub struct ClientBuilder {
            core: CoreBuilder,
        }
        impl Default for ClientBuilder {
            fn default() -> Self {
                Self { core: CoreBuilder::new(&PROTOCOL) }
            }
        }
        impl ClientBuilder {
            #(#methods)*
            #credentials
            client_runtime::builder_settings!();
            /// Takes credentials and the base URL from the environment.
            ///
            /// # Errors
            ///
            /// Returns an [`Error`] if a required variable is missing, or the value of one
            /// is invalid.
            pub fn read_env(mut self) -> Result<Self, Error> {
                self.core = self.core.read_env()?;
                Ok(self)
            }
            /// The client.
            ///
            /// # Errors
            ///
            /// Returns an [`Error`] if credentials are missing, or a setting is invalid.
            pub fn build(self) -> Result<Client, Error> {
                Ok(Client { core: self.core.build()? })
            }
        }
    }
}

/// The statements that hand what `credential` takes to the runtime.
fn sets(surface: &Surface, credential: &Credential) -> Vec<TokenStream> {
    let mut sets = Vec::new();
    let mut arguments = credential.arguments.iter().peekable();
    while let Some(argument) = arguments.next() {
        let (scheme, name) = (&argument.scheme, ident(&argument.name));
        let mut schemes = surface.protocol.schemes.iter();
        let known = schemes.find(|known| known.name == *scheme);
        let is_basic = known.is_some_and(|known| known.placement == Placement::Basic);
        let password = match is_basic {
            true => arguments.next_if(|next| next.scheme == *scheme),
            false => None,
        };
        sets.push(match password {
            Some(password) => {
                let password = ident(&password.name);
                quote!(self.core = self.core.basic(#scheme, #name, #password);)
            }
            None if argument.secret => quote!(self.core = self.core.credential(#scheme, #name);),
            None => quote!(self.core = self.core.credential(#scheme, #name.into());),
        });
    }
    sets
}

fn variant(credential: &Credential) -> proc_macro2::Ident {
    ident(&names::type_name(&credential.method))
}

/// The enum of all ways to authenticate.
fn choice(surface: &Surface) -> Option<TokenStream> {
    let credentials = &surface.protocol.credentials;
    let variants = credentials.iter().map(|credential| {
        let doc = names::sentence(&text::line(&credential.doc));
        let (doc, variant) = (docs(&doc), variant(credential));
        match credential.arguments.as_slice() {
            [only] => {
                let ty = argument_type(only);
                quote!(#doc #variant(#ty))
            }
            several => {
                let fields = several.iter().map(|argument| {
                    let (name, ty) = (ident(&argument.name), argument_type(argument));
                    let doc = docs(&format!(
                        "The {}.",
                        text::line(&argument.name.replace('_', " "))
                    ));
                    quote!(#doc #name: #ty)
                });
                quote!(#doc #variant { #(#fields),* })
            }
        }
    });
    (!credentials.is_empty()).then(|| {
        quote! {
            /// What a client authenticates with.
            #[derive(Clone, Debug)]
            #[non_exhaustive]
            pub enum Credentials { #(#variants,)* }
        }
    })
}
