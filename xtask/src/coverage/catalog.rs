//! What coverage asks of the surface of an emitted crate.

use codegen::examples::Part;
use codegen::surface::{Body, Call, Encoding, Envelope, Output, Surface, TypeRef};

/// What carries a part of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carrier {
    /// The type that is decoded or encoded.
    pub ty: TypeRef,
    /// Where in the part it is.
    pub envelope: Envelope,
}

/// What carries `part` of one of `calls`, which are of one operation; none where the crate
/// passes the part on as it is.
pub fn carrier<'c>(mut calls: impl Iterator<Item = &'c Call>, part: &Part) -> Option<Carrier> {
    match part {
        Part::Body { .. } => calls.find_map(json_body).map(|ty| Carrier {
            ty,
            envelope: Envelope::None,
        }),
        Part::Response { status, .. } => calls.find_map(|call| response(call, status)),
    }
}

/// Every type that is decoded or encoded as JSON, once.
pub fn types(surface: &Surface) -> Vec<TypeRef> {
    let mut types: Vec<TypeRef> = Vec::new();
    for call in &surface.calls {
        let outputs = outputs(call).into_iter();
        let received = outputs.filter_map(|(output, _)| json_output(output));
        for ty in json_body(call).into_iter().chain(received) {
            if ty != TypeRef::Unit && !types.contains(&ty) {
                types.push(ty);
            }
        }
    }
    types
}

fn json_body(call: &Call) -> Option<TypeRef> {
    let (Body::Fields { encoding, .. } | Body::Whole { encoding, .. }) = call.body.as_ref()? else {
        return None;
    };
    match encoding {
        Encoding::Json(_) => call.body_type(),
        Encoding::Form(_) => None,
    }
}

fn response(call: &Call, status: &str) -> Option<Carrier> {
    let outputs = outputs(call);
    let is_of = |statuses: &[u16]| statuses.iter().any(|one| one.to_string() == status);
    // A status that is not listed holds what the others do, or the same as one before it.
    let by_status = match &call.output {
        Output::ByStatus { variants, .. } => variants
            .iter()
            .position(|variant| is_of(&variant.statuses))
            .or_else(|| {
                variants
                    .iter()
                    .position(|variant| variant.statuses.is_empty())
            }),
        _ => None,
    };
    let (output, envelope) = outputs.get(by_status.unwrap_or_default())?;
    Some(Carrier {
        ty: json_output(output)?,
        envelope: *envelope,
    })
}

/// What a call gives, by the variants of its outcome where it has several.
fn outputs(call: &Call) -> Vec<(&Output, Envelope)> {
    match &call.output {
        Output::ByStatus { variants, .. } => variants
            .iter()
            .map(|variant| (&variant.output, variant.envelope))
            .collect(),
        output => vec![(output, call.envelope)],
    }
}

/// The type that a response of JSON decodes into; `()` of one with nothing in it.
fn json_output(output: &Output) -> Option<TypeRef> {
    match output {
        Output::Json { .. } | Output::Nothing => Some(output.rust_type()),
        Output::Text | Output::Bytes | Output::ByStatus { .. } => None,
    }
}

/// `ty` as Rust spells it where `types` of the client and `BTreeMap` are in scope.
pub fn spelled(ty: &TypeRef) -> String {
    match ty {
        TypeRef::Unit => "()".to_owned(),
        TypeRef::String => "String".to_owned(),
        TypeRef::Bool => "bool".to_owned(),
        TypeRef::I32 => "i32".to_owned(),
        TypeRef::I64 => "i64".to_owned(),
        TypeRef::U64 => "u64".to_owned(),
        TypeRef::F64 => "f64".to_owned(),
        TypeRef::Bytes => "bytes::Bytes".to_owned(),
        TypeRef::Json => "serde_json::Value".to_owned(),
        TypeRef::Format(format) => format!("types::{}", format.type_name()),
        TypeRef::Type(name) => format!("types::{name}"),
        TypeRef::Outcome(name) => format!("operations::{name}"),
        TypeRef::List(item) => format!("Vec<{}>", spelled(item)),
        TypeRef::Map(value) if **value == TypeRef::Json => {
            "serde_json::Map<String, serde_json::Value>".to_owned()
        }
        TypeRef::Map(value) => format!("BTreeMap<String, {}>", spelled(value)),
        TypeRef::Option(inner) => format!("Option<{}>", spelled(inner)),
        TypeRef::Box(inner) => format!("Box<{}>", spelled(inner)),
    }
}

#[cfg(test)]
pub mod tests {
    use codegen::{Document, GeneratedCrate, Plan};

    use super::*;

    /// The crate of a document, of which `paths` and `schemas` are given in JSON.
    pub fn emitted(paths: &str, schemas: &str) -> GeneratedCrate {
        let text = format!(
            r##"{{ "openapi": "3.0.3", "info": {{ "title": "T", "version": "1" }},
                "servers": [{{ "url": "https://api.example.com" }}],
                "paths": {paths}, "components": {{ "schemas": {schemas} }} }}"##
        );
        let document = Document::parse("t.json", text.as_bytes()).expect("a document");
        let plan = Plan::for_package("shop");
        codegen::generate(&document, &plan).expect("a crate").0
    }

    fn response(status: &str) -> Part {
        Part::Response {
            status: status.to_owned(),
            media_type: "application/json".to_owned(),
        }
    }

    #[test]
    fn a_type_is_found_by_part_and_status() {
        let surface = &emitted(
            r##"{ "/a": { "post": {
                "operationId": "a",
                "requestBody": { "content": { "application/zip": {} } },
                "responses": {
                    "200": { "description": "A", "content": { "application/json": {
                        "schema": { "$ref": "#/components/schemas/A" } } } },
                    "202": { "description": "B", "content": { "application/json": {
                        "schema": { "type": "array", "items": { "$ref": "#/components/schemas/B" } } } } }
                } } } }"##,
            r#"{ "A": { "type": "object", "properties": { "a": { "type": "string" } } },
                 "B": { "type": "object", "properties": { "b": { "type": "string" } } } }"#,
        )
        .surface;
        let body = Part::Body {
            media_type: "application/json".to_owned(),
        };
        let spelled_of = |part: &Part| {
            let carrier = carrier(surface.calls.iter(), part);
            carrier.map(|carrier| spelled(&carrier.ty))
        };
        assert_eq!(spelled_of(&body), None);
        assert_eq!(spelled_of(&response("200")).as_deref(), Some("types::A"));
        assert_eq!(
            spelled_of(&response("202")).as_deref(),
            Some("Vec<types::B>")
        );
        let types: Vec<String> = types(surface).iter().map(spelled).collect();
        assert_eq!(types, ["types::A", "Vec<types::B>"]);
    }

    #[test]
    fn bytes_are_not_decoded() {
        let surface = &emitted(
            r#"{ "/a": { "get": { "operationId": "a", "responses": { "200": {
                "description": "A", "content": { "application/zip": {} } } } } } }"#,
            "{}",
        )
        .surface;
        assert_eq!(carrier(surface.calls.iter(), &response("200")), None);
        assert_eq!(types(surface), []);
    }
}
