//! One operation: its builder, and the client's method that returns it.

mod given;
mod method;
mod parameter;
mod sending;
mod setters;
mod usage;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::model::{Api, Envelope, Operation, Outcome};
use crate::normalize::operations::builder_name;
use crate::polish::rust_type::ident;
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
        let outcome = self.outcome_enum();
        let builder = &self.builder;
        Emitted {
            builder: quote! {
                #description
                #structure
                impl #builder {
                    #(#setters)*
                    #sending
                }
                #outcome
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
        let idempotent = operation.idempotent;
        let envelope = ident(envelope_name(operation.envelope));
        quote! {
            static #constant: Operation = Operation {
                id: #id,
                method: Method::#method,
                path: #path,
                idempotent: #idempotent,
                envelope: Envelope::#envelope,
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
            Given::Parts { .. } => Some(quote!(form: FormData,)),
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
    let ty = expression(&emitter(operation, api, "").result_type());
    match operation.outcome {
        Outcome::ByStatus { .. } => format!("operations::{ty}"),
        _ => ty,
    }
}

/// The type of what an answer of one status holds, as a caller names it.
pub fn answer_type(operation: &Operation, outcome: &Outcome, api: &Api) -> String {
    expression(&emitter(operation, api, "").type_of(outcome))
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

/// The runtime's name for the place of a result.
fn envelope_name(envelope: Envelope) -> &'static str {
    match envelope {
        Envelope::Absent => "Absent",
        Envelope::Around => "Around",
        Envelope::Among => "Among",
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
