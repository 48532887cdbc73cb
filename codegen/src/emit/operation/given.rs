//! How the caller gives the body of a request.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Api, Body, Field, Operation, Part, Shape, Type};
use crate::names::Scope;
use crate::normalize::operations::BUILDER_METHODS;
use crate::polish::structs::{null_setter, setter};

/// How the body of an operation is given by the caller.
pub(super) enum Given<'a> {
    None,
    /// A struct whose required fields are arguments and the rest setters, under
    /// these names; `optional` where nothing is sent unless something is set.
    Fields {
        name: &'a str,
        fields: Vec<Setter<'a>>,
        optional: bool,
        encoding: Encoding<'a>,
    },
    /// A value of its own: an argument where it is required, else a setter.
    Whole {
        ty: &'a Type,
        required: bool,
        encoding: Encoding<'a>,
    },
    /// The parts of a form, those that are required arguments, the rest setters;
    /// `optional` where nothing is sent unless one is set.
    Parts {
        parts: &'a [Part],
        optional: bool,
    },
    /// Text, bytes, a file or a stream of this media type.
    Content {
        media_type: &'a str,
        required: bool,
    },
}

/// How a field of a body is given.
pub(super) struct Setter<'a> {
    pub field: &'a Field,
    /// The name of the argument, or of the builder's method.
    pub name: String,
    /// The body's method that sets it.
    pub method: String,
    /// The builder's method that sets it to null, and the body's, where it has one.
    pub null: Option<(String, String)>,
}

/// How a typed body is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding<'a> {
    /// JSON of this media type.
    Json(&'a str),
    Form,
}

impl Encoding<'_> {
    /// Gives `request` the body.
    pub fn set(self, request: &TokenStream, body: &TokenStream) -> TokenStream {
        match self {
            Self::Json("application/json") => quote!(#request.json(#body);),
            Self::Json(media_type) => quote!(#request.json_as(#media_type, #body);),
            Self::Form => quote!(#request.form(#body);),
        }
    }
}

/// What the caller gives for the body, the names of setters claimed.
pub(super) fn given<'a>(operation: &'a Operation, api: &'a Api) -> Given<'a> {
    let (ty, required, encoding) = match &operation.body {
        None => return Given::None,
        Some(Body::Multipart { parts, required }) => {
            return Given::Parts {
                parts,
                optional: !*required && parts.iter().all(|part| !part.required),
            };
        }
        Some(Body::Content {
            media_type,
            required,
        }) => {
            return Given::Content {
                media_type,
                required: *required,
            };
        }
        Some(Body::Json {
            media_type,
            ty,
            required,
        }) => (ty, *required, Encoding::Json(media_type)),
        Some(Body::Form { ty, required }) => (ty, *required, Encoding::Form),
    };
    let whole = Given::Whole {
        ty,
        required,
        encoding,
    };
    let Type::Named(name) = ty else {
        return whole;
    };
    // Further properties, and fields that it would not do without, are for a value
    // made by itself.
    let fields = match api.types.get(name).map(|def| &def.shape) {
        Some(Shape::Struct { fields, rest: None })
            if required || fields.iter().all(|field| !field.required) =>
        {
            fields
        }
        _ => return whole,
    };
    let parameters = operation.parameters.iter();
    let taken = BUILDER_METHODS
        .into_iter()
        .chain(parameters.map(|parameter| parameter.rust_name.as_str()));
    let mut scope = Scope::with_reserved(taken);
    let named = fields
        .iter()
        .map(|field| (field, scope.claim_value(&field.rust_name)));
    let named: Vec<(&Field, String)> = named.collect();
    let fields = named
        .into_iter()
        .map(|(field, name)| Setter {
            field,
            method: setter(field, fields),
            null: field.nullable.then(|| {
                let method = null_setter(field, fields);
                (scope.claim_value(&method), method)
            }),
            name,
        })
        .collect();
    Given::Fields {
        name,
        fields,
        optional: !required,
        encoding,
    }
}
