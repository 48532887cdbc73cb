//! The modules of calls: the client's methods, and the builders that they return.

mod docs;
mod method;
mod sending;
mod setters;

use std::collections::{BTreeMap, HashSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Item;

use super::syntax::{self, Scope, ident};
use super::{Error, File, print, text};
use crate::surface::{
    Alternative, Body, Call, Encoding, Envelope, FieldEncoding, Location, Output, Parameter,
    ParameterStyle, PartContent, PathStyle, QueryStyle, Security, Surface, TypeRef,
};

/// A file for each module.
pub fn files(surface: &Surface) -> Result<Vec<File>, Error> {
    let mut by_module: BTreeMap<&str, Vec<&Call>> = BTreeMap::new();
    for call in &surface.calls {
        by_module.entry(&call.module).or_default().push(call);
    }
    let mut files = Vec::with_capacity(surface.modules.len());
    // The calls of one operation for several kinds of body give the same.
    let mut outputs = HashSet::new();
    for module in &surface.modules {
        let calls = by_module.remove(module.name.as_str()).unwrap_or_default();
        let path = format!("src/operations/{}.rs", module.name);
        let head = head(&module.title, &calls);
        let mut methods = Vec::with_capacity(calls.len());
        let mut items: Vec<Item> = Vec::with_capacity(calls.len() * 3 + 1);
        for call in calls {
            let printer = Printer::new(call, surface);
            methods.push(printer.method()?);
            items.extend(print::items(&path, printer.builder())?);
            if let Output::ByStatus { name, .. } = &call.output
                && outputs.insert(name.clone())
            {
                items.extend(print::items(&path, printer.output_enum(name))?);
            }
        }
        items.splice(
            0..0,
            print::items(&path, quote!(impl Client { #(#methods)* }))?,
        );
        files.push(print::rust_items(&path, head, items)?);
    }
    Ok(files)
}

/// The documentation and imports of a module of `calls`.
fn head(title: &str, calls: &[&Call]) -> TokenStream {
    let title = syntax::file_docs(&format!("{}.", text::line(title)));
    let any = |is_wanted: &dyn Fn(&Call) -> bool| calls.iter().any(|call| is_wanted(call));
    let names = |wanted: &[(&str, bool)]| -> Vec<Ident> {
        let used = wanted.iter().filter(|(_, is_used)| *is_used);
        used.map(|(name, _)| ident(name)).collect()
    };
    let internal = names(&[
        ("Encoding", any(&|call| !encodings_of(call).is_empty())),
        (
            "Envelope",
            any(&|call| call.envelope != Envelope::None || is_by_status(call)),
        ),
        ("Method", true),
        ("Operation", true),
        ("Paging", any(&|call| call.paging.is_some())),
        ("PathStyle", any(&has_path_style)),
        ("QueryStyle", any(&names_query_style)),
        ("Security", any(&|call| call.security != Security::Client)),
    ]);
    let has_parts = |call: &Call| matches!(call.body, Some(Body::Parts { .. }));
    let has_content = |call: &Call| matches!(call.body, Some(Body::Content { .. }));
    let public = names(&[
        ("CallOptions", true),
        ("Client", true),
        ("Download", any(&has_download)),
        ("Error", true),
        ("FormData", any(&has_parts)),
        ("Pages", any(&|call| call.paging.is_some())),
        ("Request", true),
        ("Response", true),
        ("Upload", any(&|call| has_parts(call) || has_content(call))),
        ("types", any(&names_types)),
    ]);
    quote! {
        #title
        use client_runtime::internal::{#(#internal),*};
        use crate::{#(#public),*};
    }
}

fn is_by_status(call: &Call) -> bool {
    matches!(call.output, Output::ByStatus { .. })
}

/// How the fields of its form are written, where their types alone do not say it.
fn encodings_of(call: &Call) -> &[FieldEncoding] {
    match &call.body {
        Some(
            Body::Fields {
                encoding: Encoding::Form(encodings),
                ..
            }
            | Body::Whole {
                encoding: Encoding::Form(encodings),
                ..
            }
            | Body::Parts { encodings, .. },
        ) => encodings,
        _ => &[],
    }
}

fn names_query_style(call: &Call) -> bool {
    let mut parameters = call.parameters.iter();
    parameters.any(|parameter| parameter.location == Location::Query)
        || encodings_of(call)
            .iter()
            .any(|encoding| encoding.style.is_some())
}

fn has_path_style(call: &Call) -> bool {
    let mut parameters = call.parameters.iter();
    parameters.any(|parameter| matches!(parameter.style, ParameterStyle::Path { .. }))
}

fn has_download(call: &Call) -> bool {
    let is_streamed = |alternative: &Alternative| !alternative.is_text;
    call.output == Output::Bytes || call.alternatives.iter().any(is_streamed)
}

/// Whether the signatures of `call` name a type of `types`.
fn names_types(call: &Call) -> bool {
    let is_named = |ty: &TypeRef| ty.is_of_types();
    call.sent().iter().any(is_named) || call.received().iter().any(is_named)
}

struct Printer<'a> {
    call: &'a Call,
    surface: &'a Surface,
    builder: Ident,
}

impl<'a> Printer<'a> {
    fn new(call: &'a Call, surface: &'a Surface) -> Self {
        Self {
            call,
            surface,
            builder: ident(&call.builder),
        }
    }

    /// What the runtime is told of the operation, the builder, and its methods.
    fn builder(&self) -> TokenStream {
        let (description, structure) = (self.description(), self.structure());
        let (setters, sending) = (self.setters(), self.sending());
        let builder = &self.builder;
        quote! {
            #description
            #structure
            impl #builder {
                #(#setters)*
                #sending
            }
        }
    }

    fn constant(&self) -> Ident {
        ident(&self.call.function.to_ascii_uppercase())
    }

    fn description(&self) -> TokenStream {
        let call = self.call;
        let (constant, method) = (self.constant(), ident(&call.method));
        let (id, path) = (&call.operation, &call.path);
        let server = call.server.iter().map(|url| quote!(.server(#url)));
        let idempotent = call.idempotent.then(|| quote!(.idempotent(true)));
        let envelope = (call.envelope != Envelope::None).then(|| {
            let envelope = envelope(call.envelope);
            quote!(.envelope(#envelope))
        });
        let security = match &call.security {
            Security::Client => None,
            Security::None => Some(quote!(.security(Security::None))),
            Security::AnyOf(sets) => {
                let sets = sets.iter().map(|set| quote!(&[#(#set),*]));
                Some(quote!(.security(Security::AnyOf(&[#(#sets),*]))))
            }
        };
        let paging = call.paging.as_ref().map(|paging| {
            let page = paging.page.iter().map(|name| quote!(.page(#name)));
            let cursor = paging.cursor.iter().map(|name| quote!(.cursor(#name)));
            quote!(.paging(Paging::new()#(#page)*#(#cursor)*))
        });
        quote! {
            static #constant: Operation = Operation::new(#id, Method::#method, #path)
                #(#server)* #idempotent #envelope #security #paging;
        }
    }

    fn structure(&self) -> TokenStream {
        let builder = &self.builder;
        let line = format!(
            " A call of [`Client::{}`] that has not been sent yet.",
            self.call.function
        );
        let body = match &self.call.body {
            Some(Body::Fields { ty, optional, .. }) => {
                let ty = ident(ty);
                Some(match optional {
                    true => quote!(body: Option<types::#ty>,),
                    false => quote!(body: types::#ty,),
                })
            }
            Some(Body::Parts { .. }) => Some(quote!(form: FormData,)),
            _ => None,
        };
        quote! {
            #[doc = #line]
            #[derive(Clone, Debug)]
            #[must_use = "a call does nothing until it is sent"]
            pub struct #builder {
                request: Request,
                #body
            }
        }
    }
}

/// What an argument or a setter of `parameter` takes: text is only read.
fn parameter_type(parameter: &Parameter) -> TokenStream {
    match parameter.ty {
        TypeRef::String => quote!(impl AsRef<str>),
        _ => syntax::argument_type(&parameter.ty, Scope::Calls),
    }
}

/// Gives `request` the value of `parameter`, which is in the variable `name`.
fn set_parameter(parameter: &Parameter, request: &TokenStream, name: &Ident) -> TokenStream {
    let wire = &parameter.name;
    let (value, reference) = match parameter.ty {
        TypeRef::String => (quote!(#name.as_ref()), quote!(#name.as_ref())),
        TypeRef::Format(_) => {
            let ty = syntax::ty(&parameter.ty, Scope::Calls);
            (
                quote!(Into::<#ty>::into(#name)),
                quote!(&Into::<#ty>::into(#name)),
            )
        }
        _ => (quote!(#name), quote!(&#name)),
    };
    let style = ident(match parameter.style {
        ParameterStyle::Query(style) | ParameterStyle::QueryReserved(style) => style_name(style),
        _ => style_name(QueryStyle::Form),
    });
    match (parameter.location, parameter.style) {
        (Location::Path, ParameterStyle::Path { style, explode }) => {
            let style = ident(match style {
                PathStyle::Simple => "Simple",
                PathStyle::Label => "Label",
                PathStyle::Matrix => "Matrix",
            });
            quote!(#request.path_styled(#wire, PathStyle::#style, #explode, #reference);)
        }
        (Location::Path, _) => quote!(#request.path_arg(#wire, #value);),
        (Location::Query, ParameterStyle::QueryReserved(_)) => {
            quote!(#request.query_reserved(#wire, QueryStyle::#style, #reference);)
        }
        (Location::Query, _) => quote!(#request.query(#wire, QueryStyle::#style, #reference);),
        (Location::Header, ParameterStyle::HeaderExploded) => {
            quote!(#request.header_styled(#wire, true, #reference);)
        }
        (Location::Header, _) => quote!(#request.header(#wire, #reference);),
        (Location::Cookie, ParameterStyle::CookieJoined) => {
            quote!(#request.cookie_styled(#wire, false, #reference);)
        }
        (Location::Cookie, _) => quote!(#request.cookie(#wire, #reference);),
    }
}

/// The runtime's name for a style.
fn style_name(style: QueryStyle) -> &'static str {
    match style {
        QueryStyle::Form => "Form",
        QueryStyle::FormJoined => "FormJoined",
        QueryStyle::Space => "Space",
        QueryStyle::Pipe => "Pipe",
        QueryStyle::DeepObject => "DeepObject",
        QueryStyle::Json => "Json",
    }
}

/// How fields of a form are written.
fn encodings(encodings: &[FieldEncoding]) -> TokenStream {
    let encodings = encodings.iter().map(|encoding| {
        let name = &encoding.name;
        let style = encoding.style.map(|style| {
            let style = ident(style_name(style));
            quote!(.style(QueryStyle::#style))
        });
        let reserved = encoding.allow_reserved.then(|| quote!(.allow_reserved()));
        let content_type = encoding.content_type.as_ref();
        let content_type = content_type.map(|content_type| quote!(.content_type(#content_type)));
        quote!(Encoding::new(#name)#style #reserved #content_type)
    });
    quote!(const { &[#(#encodings),*] })
}

/// Gives `request` the typed body `body`.
fn set_body(encoding: &Encoding, request: &TokenStream, body: &TokenStream) -> TokenStream {
    match encoding {
        Encoding::Json(media_type) if media_type == "application/json" => {
            quote!(#request.json(#body);)
        }
        Encoding::Json(media_type) => quote!(#request.json_as(#media_type, #body);),
        Encoding::Form(fields) if fields.is_empty() => quote!(#request.form(#body);),
        Encoding::Form(fields) => {
            let encodings = encodings(fields);
            quote!(#request.form_with(#body, #encodings);)
        }
    }
}

/// What an argument or a setter of a part takes.
fn part_type(content: &PartContent) -> TokenStream {
    match content {
        PartContent::File => quote!(impl Into<Upload>),
        PartContent::Files => quote!(impl IntoIterator<Item = Upload>),
        PartContent::Value(ty) => syntax::argument_type(ty, Scope::Calls),
    }
}

/// Gives `form` the part `wire`, whose value is in the variable `name`.
fn set_part(content: &PartContent, wire: &str, form: &TokenStream, name: &Ident) -> TokenStream {
    match content {
        PartContent::File => quote!(#form.set(#wire, #name);),
        PartContent::Files => quote! {
            for part in #name {
                #form.add(#wire, part);
            }
        },
        PartContent::Value(ty) if syntax::is_converted(ty) => {
            // What it is made from is known by its type alone.
            let ty = syntax::ty(ty, Scope::Calls);
            quote!(#form.set_value(#wire, &Into::<#ty>::into(#name));)
        }
        PartContent::Value(_) => quote!(#form.set_value(#wire, &#name);),
    }
}

fn envelope(envelope: Envelope) -> TokenStream {
    match envelope {
        Envelope::None => quote!(Envelope::None),
        Envelope::Member => quote!(Envelope::Member),
        Envelope::Flattened => quote!(Envelope::Flattened),
    }
}
