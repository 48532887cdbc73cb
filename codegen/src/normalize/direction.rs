//! Which types a request carries, and which an answer.

use std::collections::BTreeMap;

use crate::model::{Api, Body, Outcome, Shape, Type, TypeDef};

/// Marks every type of `api` as sent, as received, or as both.
pub fn mark(api: &mut Api) {
    for operation in &api.operations {
        for parameter in &operation.parameters {
            spread(&parameter.ty, &mut api.types, &|def| &mut def.sent);
        }
        if let Some(Body::Json { ty, .. }) = &operation.body {
            spread(ty, &mut api.types, &|def| &mut def.sent);
        }
        if let Outcome::Json { ty, .. } = &operation.outcome {
            spread(ty, &mut api.types, &|def| &mut def.received);
        }
    }
}

fn spread(
    ty: &Type,
    types: &mut BTreeMap<String, TypeDef>,
    mark: &impl Fn(&mut TypeDef) -> &mut bool,
) {
    let mut open = vec![ty.clone()];
    while let Some(ty) = open.pop() {
        match ty {
            Type::List(inner) | Type::Map(inner) => open.push(*inner),
            Type::Named(name) => {
                let Some(def) = types.get_mut(&name) else {
                    continue;
                };
                if std::mem::replace(mark(def), true) {
                    continue;
                }
                match &def.shape {
                    Shape::Struct(fields) => {
                        open.extend(fields.iter().map(|field| field.ty.clone()));
                    }
                    Shape::Union(variants) => {
                        open.extend(variants.iter().map(|(_, ty)| ty.clone()));
                    }
                    Shape::Enum(_) => {}
                }
            }
            _ => {}
        }
    }
}
