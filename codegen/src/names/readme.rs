//! Which calls of a client its README and its example program show.

use super::value_name;
use crate::plan::Plan;
use crate::surface::{
    Body, Call, Encoding, Kind, Location, Output, Program, Readme, Surface, TypeRef,
};

/// The calls that the README shows.
pub fn readme(surface: &Surface, plan: &Plan) -> Readme {
    let calls = &surface.calls;
    let wanted = plan.example.as_ref().map(|example| &example.operation);
    let chosen = calls.iter().find(|call| Some(&call.operation) == wanted);
    let first = chosen.or(calls.first());
    let function = |call: &Call| call.function.clone();
    let find = |is_wanted: &dyn Fn(&Call) -> bool| calls.iter().find(|call| is_wanted(call));
    let numbered = calls
        .iter()
        .find_map(|call| Some((call, page_setter(call)?)));
    let listing = numbered.as_ref().map(|(call, _)| *call);
    let mut changing = first.into_iter().chain(calls);
    Readme {
        first: first.map(function),
        reading: reading(calls).or(first).map(function),
        changing: changing
            .find(|call| sends_object(call, surface))
            .map(function),
        listing: listing
            .or_else(|| find(&|call| call.paging.is_some()))
            .map(function),
        page: numbered.map(|(_, setter)| setter),
        upload: find(&|call| matches!(call.body, Some(Body::Parts { .. }))).map(function),
        download: find(&|call| call.output == Output::Bytes).map(function),
    }
}

/// The example program that `plan` wants.
pub fn program(surface: &Surface, plan: &Plan) -> Option<Program> {
    let wanted = plan.example.as_ref()?;
    let mut calls = surface.calls.iter();
    let call = calls.find(|call| call.operation == wanted.operation)?;
    Some(Program {
        name: value_name(&wanted.name),
        function: call.function.clone(),
    })
}

/// One that only reads, and whose result can be printed, best a single one.
fn reading(calls: &[Call]) -> Option<&Call> {
    let reads = |call: &&Call| {
        call.method == "GET" && call.body.is_none() && matches!(call.output, Output::Json { .. })
    };
    let mut reading = calls.iter().filter(reads);
    let single = reading.clone().find(|call| call.paging.is_none());
    single.or(reading.next())
}

fn sends_object(call: &Call, surface: &Surface) -> bool {
    let (ty, encoding) = match &call.body {
        Some(Body::Fields { ty, encoding, .. }) => (ty, encoding),
        Some(Body::Whole {
            ty: TypeRef::Type(ty),
            encoding,
            ..
        }) => (ty, encoding),
        _ => return false,
    };
    let item = surface.type_named(ty);
    matches!(encoding, Encoding::Json(_))
        && item.is_some_and(|item| matches!(item.kind, Kind::Struct { .. }))
}

/// The setter of a list that chooses a page by its number.
fn page_setter(call: &Call) -> Option<String> {
    let name = call.paging.as_ref()?.page.as_ref()?;
    let found = call.parameters.iter().find(|parameter| {
        parameter.name == *name
            && !parameter.required
            && parameter.location == Location::Query
            && matches!(
                parameter.ty,
                TypeRef::I32 | TypeRef::I64 | TypeRef::U64 | TypeRef::F64
            )
    });
    Some(found?.rust_name.clone())
}
