//! How the caller gives the body of a request.

use crate::model::{Api, Body, Field, Operation, Shape, Type};
use crate::names::Scope;
use crate::normalize::operations::BUILDER_METHODS;

/// How the body of an operation is given by the caller.
pub(super) enum Given<'a> {
    None,
    /// A struct whose required fields are arguments and the rest setters, under
    /// these names; `optional` where nothing is sent unless something is set.
    Fields {
        name: &'a str,
        fields: Vec<(&'a Field, String)>,
        optional: bool,
    },
    /// A value of its own: an argument where it is required, else a setter.
    Whole {
        ty: &'a Type,
        required: bool,
    },
    /// Bytes of this media type.
    Bytes(&'a str),
}

/// What the caller gives for the body, the names of setters claimed.
pub(super) fn given<'a>(operation: &'a Operation, api: &'a Api) -> Given<'a> {
    let parameters = operation.parameters.iter();
    let taken = BUILDER_METHODS
        .into_iter()
        .chain(parameters.map(|parameter| parameter.rust_name.as_str()));
    match &operation.body {
        None => Given::None,
        Some(Body::Bytes { media_type }) => Given::Bytes(media_type),
        Some(Body::Json { ty, required }) => {
            let Type::Named(name) = ty else {
                let required = *required;
                return Given::Whole { ty, required };
            };
            match api.types.get(name).map(|def| &def.shape) {
                Some(Shape::Struct(fields))
                    if *required || fields.iter().all(|field| !field.required) =>
                {
                    let mut scope = Scope::with_reserved(taken);
                    let fields = fields
                        .iter()
                        .map(|field| (field, scope.claim_value(&field.rust_name)))
                        .collect();
                    Given::Fields {
                        name,
                        fields,
                        optional: !*required,
                    }
                }
                _ => Given::Whole {
                    ty,
                    required: *required,
                },
            }
        }
    }
}
