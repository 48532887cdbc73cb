//! `protocol.rs`: how the API is spoken to.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Error, File, print};
use crate::protocol::{Placement, Scheme, TRANSIENT_STATUSES};
use crate::surface::{Security, Surface};

/// The file.
pub fn files(surface: &Surface) -> Result<Vec<File>, Error> {
    let protocol = &surface.protocol;
    let base_url = &protocol.base_url;
    let variable = &protocol.base_url_variable;
    let mut calls = vec![
        quote!(.user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))),
        quote!(.base_url_variable(#variable)),
    ];
    if !protocol.servers.is_empty() {
        let servers = &protocol.servers;
        calls.push(quote!(.servers(&[#(#servers),*])));
    }
    let mut used = vec!["Protocol"];
    if !protocol.schemes.is_empty() {
        let schemes = protocol.schemes.iter().map(scheme);
        let sets = credentials(surface);
        calls.push(quote!(.schemes(&[#(#schemes),*])));
        calls.push(quote!(.credentials(&[#(#sets),*])));
        used.push("Scheme");
    }
    if let Some(keys) = &protocol.envelope {
        let (success, errors, messages) = (&keys.success, &keys.errors, &keys.messages);
        let (result, result_info) = (&keys.result, &keys.result_info);
        calls.push(quote!(.envelope(EnvelopeKeys {
            success: #success,
            errors: #errors,
            messages: #messages,
            result: #result,
            result_info: #result_info,
        })));
        used.push("EnvelopeKeys");
    }
    if let Some(id) = &protocol.request_id {
        let (header, label) = (&id.header, &id.label);
        calls.push(quote!(.request_id(#header, #label)));
    }
    if protocol.transient_statuses != TRANSIENT_STATUSES {
        let statuses = protocol.transient_statuses.iter();
        let statuses = statuses.map(|status| Literal::u16_unsuffixed(*status));
        calls.push(quote!(.transient_statuses(&[#(#statuses),*])));
    }
    let codes = [
        ("authentication", &protocol.codes.authentication),
        ("rate_limited", &protocol.codes.rate_limited),
    ];
    let codes: Vec<TokenStream> = codes
        .into_iter()
        .filter(|(_, codes)| !codes.is_empty())
        .map(|(method, codes)| {
            let method = super::syntax::ident(method);
            let codes = codes.iter().map(|code| Literal::i64_unsuffixed(*code));
            quote!(.#method(&[#(#codes),*]))
        })
        .collect();
    if !codes.is_empty() {
        calls.push(quote!(.codes(Codes::new()#(#codes)*)));
        used.push("Codes");
    }
    let page = &protocol.error_page;
    let members = [
        ("code_member", &page.code_member),
        ("retry_after_member", &page.retry_after_member),
    ];
    let in_text = page.code_in_text.then(|| quote!(.code_in_text()));
    let members: Vec<TokenStream> = members
        .into_iter()
        .filter_map(|(method, member)| {
            let (method, member) = (super::syntax::ident(method), member.as_ref()?);
            Some(quote!(.#method(#member)))
        })
        .chain(in_text)
        .collect();
    if !members.is_empty() {
        calls.push(quote!(.error_page(ErrorPage::new()#(#members)*)));
        used.push("ErrorPage");
    }
    used.sort_unstable();
    let used: Vec<_> = used.into_iter().map(super::syntax::ident).collect();
    let used = match used.as_slice() {
        [only] => quote!(#only),
        several => quote!({#(#several),*}),
    };
    let tokens = quote! {
        //! What is particular to this API: its server, credentials, envelope and errors.
        use client_runtime::protocol::#used;
        pub(crate) static PROTOCOL: Protocol = Protocol::new(#base_url)#(#calls)*;
    };
    Ok(vec![print::rust("src/protocol.rs", tokens)?])
}

fn scheme(scheme: &Scheme) -> TokenStream {
    let name = &scheme.name;
    let made = match &scheme.placement {
        Placement::Bearer => quote!(Scheme::bearer(#name)),
        Placement::Basic => quote!(Scheme::basic(#name)),
        Placement::Header { name: header } => quote!(Scheme::header(#name, #header)),
        Placement::Query { name: parameter } => quote!(Scheme::query(#name, #parameter)),
        Placement::Cookie { name: cookie } => quote!(Scheme::cookie(#name, #cookie)),
    };
    match scheme.variables.as_slice() {
        [variable] => quote!(#made.variable(#variable)),
        [user, password] => quote!(#made.variables(#user, #password)),
        _ => made,
    }
}

/// The sets of schemes, any of which a client may have; none of them where there are
/// calls that need none.
fn credentials(surface: &Surface) -> Vec<TokenStream> {
    let sets = surface.protocol.credentials.iter();
    let sets = sets.map(|credential| {
        let schemes = credential.schemes();
        quote!(&[#(#schemes),*])
    });
    let sets: Vec<TokenStream> = sets.collect();
    let is_open = sets.is_empty()
        || surface.calls.iter().any(|call| match &call.security {
            Security::Client => false,
            Security::None => true,
            Security::AnyOf(sets) => sets.iter().any(Vec::is_empty),
        });
    let none = is_open.then(|| quote!(&[]));
    sets.into_iter().chain(none).collect()
}
