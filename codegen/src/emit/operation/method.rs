//! The client's method that returns the builder: required values are its arguments.

use proc_macro2::TokenStream;
use quote::quote;

use super::Emitter;
use super::given::Given;
use super::parameter::set_parameter;
use crate::model::{Part, PartKind};
use crate::polish::docs;
use crate::polish::rust_type::{argument, ident, owned};

impl Emitter<'_> {
    pub(super) fn method(&self) -> TokenStream {
        let parameters = self.operation.parameters.iter();
        let mut arguments = Vec::new();
        let mut setting = Vec::new();
        for parameter in parameters.filter(|parameter| parameter.required) {
            let name = ident(&parameter.rust_name);
            let ty = self.parameter_type(parameter);
            arguments.push(quote!(#name: #ty));
            setting.push(set_parameter(parameter, &quote!(request), &name));
        }
        let body = self.body_arguments(&mut arguments, &mut setting);
        let docs = docs::attributes(&self.docs());
        let deprecated = docs::deprecated(&self.operation.docs);
        let (function, builder) = (ident(&self.operation.function), &self.builder);
        let constant = self.constant();
        let sets_request = setting
            .iter()
            .any(|set| set.to_string().starts_with("request"));
        let mutable = sets_request.then(|| quote!(mut));
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

    /// Adds what the method takes and does for the body; gives the builder's field
    /// for it, where it has one.
    fn body_arguments(
        &self,
        arguments: &mut Vec<TokenStream>,
        setting: &mut Vec<TokenStream>,
    ) -> Option<TokenStream> {
        match &self.given {
            Given::None
            | Given::Whole {
                required: false, ..
            }
            | Given::Content {
                required: false, ..
            } => None,
            Given::Fields {
                name,
                fields,
                optional,
                ..
            } => {
                let ty = ident(name);
                let mut values = Vec::new();
                for given in fields.iter().filter(|given| given.field.required) {
                    let name = ident(&given.name);
                    let (ty, _) = argument(&given.field.ty, &self.types, &name);
                    arguments.push(quote!(#name: #ty));
                    values.push(name);
                }
                Some(match optional {
                    true => quote!(body: None,),
                    false => quote!(body: types::#ty::new(#(#values),*),),
                })
            }
            Given::Whole {
                ty,
                required: true,
                encoding,
            } => {
                let ty = owned(ty, &self.types);
                arguments.push(quote!(body: #ty));
                setting.push(encoding.set(&quote!(request), &quote!(&body)));
                None
            }
            Given::Content {
                media_type,
                required: true,
            } => {
                arguments.push(quote!(body: impl Into<Upload>));
                setting.push(quote!(request.content(#media_type, body);));
                None
            }
            Given::Parts { parts, .. } => {
                let required: Vec<&Part> = parts.iter().filter(|part| part.required).collect();
                let mutable = (!required.is_empty()).then(|| quote!(mut));
                setting.push(quote!(let #mutable form = FormData::new();));
                for part in required {
                    let name = ident(&part.rust_name);
                    let ty = self.part_type(part);
                    arguments.push(quote!(#name: #ty));
                    setting.push(set_part(part, &quote!(form)));
                }
                Some(quote!(form,))
            }
        }
    }

    /// What the argument or setter of a part takes.
    pub(super) fn part_type(&self, part: &Part) -> TokenStream {
        match &part.kind {
            PartKind::File => quote!(impl Into<Upload>),
            PartKind::Files => quote!(impl IntoIterator<Item = Upload>),
            PartKind::Value(ty) => {
                let (ty, _) = argument(ty, &self.types, &ident(&part.rust_name));
                ty
            }
        }
    }
}

/// Gives `form` the part whose value is in the variable of its name.
pub(super) fn set_part(part: &Part, form: &TokenStream) -> TokenStream {
    let (wire, name) = (&part.name, ident(&part.rust_name));
    match &part.kind {
        PartKind::File => quote!(#form.set(#wire, #name);),
        PartKind::Files => quote! {
            for part in #name {
                #form.add(#wire, part);
            }
        },
        PartKind::Value(ty) => {
            let (_, value) = argument(ty, &TokenStream::new(), &name);
            match name == value.to_string() {
                true => quote!(#form.set_value(#wire, &#name);),
                // Text of a format: what it is made from is known by its type.
                false => {
                    let ty = owned(ty, &quote!(types::));
                    quote!(#form.set_value(#wire, &Into::<#ty>::into(#name));)
                }
            }
        }
    }
}
