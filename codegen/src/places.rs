//! What stands where in an OpenAPI 3.0 document.
//!
//! Only its place tells a schema from data: a property may be called `default`
//! or `$ref`, and what stands in an `example`, an `enum` or a member that begins
//! with `x-` is never a schema, whatever it looks like. So whoever looks for
//! schemas or references walks the document with [`walk`], whose steps are the
//! fixed fields of OpenAPI 3.0.3 ("Schema", section 4.7).

use serde_json::{Map, Value};

/// What a value is, by its place in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The document itself.
    Document,
    /// The object of all components.
    Components,
    /// What a path leads to.
    PathItem,
    /// What a method of a path does.
    Operation,
    /// A parameter of a path or an operation.
    Parameter,
    /// A header of a response or of a part.
    Header,
    /// The body of a request.
    RequestBody,
    /// An answer.
    Response,
    /// A body in one media type.
    MediaType,
    /// How one property of a body is written.
    Encoding,
    /// A named example.
    Example,
    /// A link from an answer to an operation.
    Link,
    /// Paths that the server calls.
    Callback,
    /// A way to prove who is calling.
    SecurityScheme,
    /// A schema.
    Schema,
}

/// How a member holds values that have a place of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The member is one such value.
    One(Place),
    /// The member is a list of them.
    List(Place),
    /// The member is an object with one of them under each name.
    Map(Place),
}

/// A value that has a place, as [`walk`] shows it.
#[derive(Debug, Clone, Copy)]
pub struct Site<'s, 'd> {
    /// What the value is.
    pub place: Place,
    /// Its JSON pointer.
    pub pointer: &'s str,
    /// The value, which may be of any type where the document is wrong.
    pub value: &'d Value,
}

impl<'d> Site<'_, 'd> {
    /// The local or foreign reference, if the value is a Reference Object.
    pub fn reference(&self) -> Option<&'d str> {
        self.value.get("$ref")?.as_str()
    }
}

/// What the member `name` of a value at `place` holds; `None` where it holds
/// text, numbers or data.
pub fn holds(place: Place, name: &str) -> Option<Holds> {
    use Holds::{List, Map, One};
    Some(match (place, name) {
        (Place::Document, "paths") => Map(Place::PathItem),
        (Place::Document, "components") => One(Place::Components),
        (Place::Components, "schemas") => Map(Place::Schema),
        (Place::Components, "responses") => Map(Place::Response),
        (Place::Components, "parameters") => Map(Place::Parameter),
        (Place::Components, "requestBodies") => Map(Place::RequestBody),
        (Place::Components | Place::Response | Place::Encoding, "headers") => Map(Place::Header),
        (Place::Components, "securitySchemes") => Map(Place::SecurityScheme),
        (Place::Components | Place::Response, "links") => Map(Place::Link),
        (Place::Components | Place::Operation, "callbacks") => Map(Place::Callback),
        (Place::Components | Place::Parameter | Place::Header | Place::MediaType, "examples") => {
            Map(Place::Example)
        }
        (
            Place::PathItem,
            "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace",
        ) => One(Place::Operation),
        (Place::PathItem | Place::Operation, "parameters") => List(Place::Parameter),
        (Place::Operation, "requestBody") => One(Place::RequestBody),
        (Place::Operation, "responses") => Map(Place::Response),
        (Place::Parameter | Place::Header | Place::MediaType, "schema") => One(Place::Schema),
        (Place::Parameter | Place::Header | Place::RequestBody | Place::Response, "content") => {
            Map(Place::MediaType)
        }
        (Place::MediaType, "encoding") => Map(Place::Encoding),
        (Place::Callback, name) if !name.starts_with("x-") && name != "$ref" => {
            One(Place::PathItem)
        }
        (Place::Schema, "allOf" | "anyOf" | "oneOf") => List(Place::Schema),
        (Place::Schema, "not" | "items" | "additionalProperties") => One(Place::Schema),
        (Place::Schema, "properties") => Map(Place::Schema),
        _ => return None,
    })
}

/// Whether `name`, in a map of values at `place`, is an extension and none of
/// them. Components and properties may have such names.
pub fn is_extension(place: Place, name: &str) -> bool {
    matches!(place, Place::PathItem | Place::Response) && name.starts_with("x-")
}

/// Shows `visit` every value of `value`, which is at `place` and `pointer`, that
/// has a place itself; parents before their members, in the document's order.
///
/// References are shown and not followed. What stands beside one is shown for
/// schemas and path items alone.
pub fn walk<'d>(
    value: &'d Value,
    place: Place,
    pointer: &str,
    visit: &mut dyn FnMut(&Site<'_, 'd>),
) {
    let mut pointer = pointer.to_owned();
    step(value, place, &mut pointer, visit);
}

/// Shows `visit` every schema of `document` that is an object and no reference.
pub fn each_schema<'d>(document: &'d Value, visit: &mut dyn FnMut(&'d Map<String, Value>, &str)) {
    walk(document, Place::Document, "", &mut |site| {
        if site.place == Place::Schema
            && site.reference().is_none()
            && let Some(schema) = site.value.as_object()
        {
            visit(schema, site.pointer);
        }
    });
}

/// The place of what `pointer` points to; `None` for what has none.
pub fn place_of(pointer: &str) -> Option<Place> {
    let mut place = Place::Document;
    let mut segments = pointer.split('/').skip(1);
    while let Some(name) = segments.next() {
        place = match holds(place, &crate::pointer::unescape(name))? {
            Holds::One(inner) => inner,
            Holds::List(inner) | Holds::Map(inner) => segments.next().map(|_| inner)?,
        };
    }
    Some(place)
}

fn step<'d>(
    value: &'d Value,
    place: Place,
    pointer: &mut String,
    visit: &mut dyn FnMut(&Site<'_, 'd>),
) {
    let site = Site {
        place,
        pointer,
        value,
    };
    visit(&site);
    // Path items have a `$ref` among their other members; beside that of a schema,
    // authors write what they wrongly believe to be heeded.
    let keeps_siblings = matches!(place, Place::PathItem | Place::Schema);
    if site.reference().is_some() && !keeps_siblings {
        return;
    }
    let length = pointer.len();
    for (name, member) in value.as_object().into_iter().flatten() {
        let Some(held) = holds(place, name) else {
            continue;
        };
        crate::pointer::push(pointer, name);
        match (held, member) {
            // `additionalProperties` may just say whether there are any.
            (Holds::One(_), Value::Bool(_)) if name == "additionalProperties" => {}
            (Holds::One(inner), member) => step(member, inner, pointer, visit),
            (Holds::List(inner), Value::Array(items)) => {
                let length = pointer.len();
                for (index, item) in items.iter().enumerate() {
                    crate::pointer::push(pointer, &index.to_string());
                    step(item, inner, pointer, visit);
                    pointer.truncate(length);
                }
            }
            (Holds::Map(inner), Value::Object(members)) => {
                let length = pointer.len();
                for (name, member) in members {
                    if !is_extension(inner, name) {
                        crate::pointer::push(pointer, name);
                        step(member, inner, pointer, visit);
                        pointer.truncate(length);
                    }
                }
            }
            _ => {}
        }
        pointer.truncate(length);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schemas_of(document: &Value) -> Vec<String> {
        let mut found = Vec::new();
        each_schema(document, &mut |_, pointer| found.push(pointer.to_owned()));
        found
    }

    #[test]
    fn a_property_may_be_called_like_a_keyword() {
        let document = json!({ "components": { "schemas": { "x-part": { "properties": {
            "default": { "type": "string" },
            "$ref": { "items": {} },
            "properties": { "properties": { "enum": {} } }
        } } } } });
        let properties = "/components/schemas/x-part/properties";
        let found = schemas_of(&document);
        assert_eq!(
            found,
            [
                "/components/schemas/x-part".to_owned(),
                format!("{properties}/default"),
                format!("{properties}/$ref"),
                format!("{properties}/$ref/items"),
                format!("{properties}/properties"),
                format!("{properties}/properties/properties/enum"),
            ]
        );
        for pointer in found {
            assert_eq!(place_of(&pointer), Some(Place::Schema), "{pointer}");
        }
    }

    #[test]
    fn data_that_looks_like_a_schema_is_none() {
        let data = json!({ "type": "object", "properties": { "a": { "$ref": "#/gone" } } });
        let document = json!({
            "paths": { "x-paths": { "get": data }, "/a": { "get": {
                "x-schema": data,
                "responses": { "x-default": data, "200": { "content": { "application/json": {
                    "example": data,
                    "examples": { "one": { "value": data } },
                    "schema": { "example": data, "default": data, "enum": [data], "additionalProperties": true }
                } } } }
            } } }
        });
        assert_eq!(
            schemas_of(&document),
            ["/paths/~1a/get/responses/200/content/application~1json/schema"]
        );
    }

    #[test]
    fn what_is_of_another_type_than_its_place_asks_for_ends_the_walk() {
        let document = json!({ "components": { "schemas": {
            "a": { "properties": [1], "allOf": {}, "items": 5, "oneOf": [null] }
        } } });
        assert_eq!(schemas_of(&document), ["/components/schemas/a"]);
    }
}
