use super::*;
use crate::openapi::describe_value;

/// What `read` finds in an `allOf` of `parts`, and the conflicts of its merging.
fn merged<T>(parts: Value, read: impl Fn(&Resolver<'_>, &Definition) -> T) -> (T, Vec<Conflict>) {
    let zone = json!({ "type": "object", "properties": { "id": {} } });
    let document = json!({ "components": { "schemas": {
        "whole": { "allOf": parts }, "zone": zone
    } } });
    let description = describe_value(&document);
    let resolver = Resolver::new(&description);
    let whole = description.components["whole"];
    let definition = resolver.resolve(whole).expect("a resolvable schema");
    let found = read(&resolver, &definition);
    let conflicts = resolver.disagreements().into_iter();
    let conflicts = conflicts.map(|it| it.written_out(&resolver, &document));
    (found, conflicts.collect())
}

fn names(_: &Resolver<'_>, definition: &Definition) -> Vec<String> {
    definition
        .properties()
        .map(|(name, _)| name.clone())
        .collect()
}

/// The part of the whole in which the schema of the property `result` stands.
fn part_of_result(resolver: &Resolver<'_>, definition: &Definition) -> String {
    let id = definition.property("result").expect("a property");
    let schema = resolver.schema(id);
    let part = schema
        .pointer
        .strip_prefix("/components/schemas/whole/allOf/");
    part.and_then(|rest| rest.split('/').next())
        .expect("a part")
        .to_owned()
}

#[test]
fn properties_are_united_and_required_names_joined_once() {
    let parts = json!([
        { "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } },
        { "type": "object", "required": ["b", "a"], "properties": { "b": { "type": "integer" } } }
    ]);
    let ((names, required), conflicts) = merged(parts, |resolver, definition| {
        let required: Vec<String> = definition.required.iter().cloned().collect();
        (names(resolver, definition), required)
    });
    assert_eq!(names, ["a", "b"]);
    assert_eq!(required, ["a", "b"]);
    assert_eq!(conflicts, []);
}

#[test]
fn the_later_result_wins_over_the_vague_one_of_the_envelope() {
    let parts = json!([
        { "properties": { "result": { "anyOf": [{ "type": "object" }, { "type": "string" }] } } },
        { "properties": { "result": { "$ref": "#/components/schemas/zone" } } }
    ]);
    let (part, conflicts) = merged(parts, part_of_result);
    assert_eq!(part, "1");
    assert_eq!(conflicts.len(), 1);
    assert_eq!(
        conflicts[0].pointer,
        "/components/schemas/whole/properties/result"
    );
    assert_eq!(
        conflicts[0].later,
        json!({ "$ref": "#/components/schemas/zone" })
    );
}

#[test]
fn alternatives_of_two_parts_are_paired() {
    let parts = json!([
        { "oneOf": [{ "title": "a" }, { "title": "b" }] },
        { "oneOf": [{ "minimum": 1 }] }
    ]);
    let (pairs, conflicts) = merged(parts, |resolver, definition| {
        let alternatives = definition.alternatives().unwrap_or_default().iter();
        let pairs = alternatives.map(|id| {
            let pair = resolver.resolve(*id).expect("a pair");
            (pair.title.clone(), pair.minimum.is_some())
        });
        pairs.collect::<Vec<_>>()
    });
    let expected = ["a", "b"].map(|title| (Some(title.to_owned()), true));
    assert_eq!(pairs, expected);
    assert_eq!(conflicts, []);
}

#[test]
fn a_later_part_that_says_less_does_not_win() {
    for vague in [
        json!({}),
        json!({ "type": "object", "example": {} }),
        json!({ "type": "array", "items": { "type": "object" } }),
        json!({ "anyOf": [{ "type": "object" }, { "type": "string" }] }),
    ] {
        let parts = json!([
            { "properties": { "result": { "$ref": "#/components/schemas/zone" } } },
            { "properties": { "result": vague } }
        ]);
        let (part, conflicts) = merged(parts, part_of_result);
        assert_eq!(part, "0", "{vague}");
        assert_eq!(conflicts[0].kept, Kept::Earlier);
    }
}

#[test]
fn words_are_no_contradiction() {
    let parts = json!([
        { "properties": { "result": { "type": "string", "example": "x" } } },
        { "properties": { "result": { "type": "string", "example": "y" } } }
    ]);
    let (part, conflicts) = merged(parts, part_of_result);
    assert_eq!(part, "1");
    assert_eq!(conflicts, []);
}

#[test]
fn nested_objects_are_united_and_keep_the_earlier_fields() {
    let parts = json!([
        { "properties": { "info": { "properties": { "page": { "type": "number" } } } } },
        { "properties": { "info": { "properties": { "count": { "type": "number" } } } } }
    ]);
    let (inner, conflicts) = merged(parts, |resolver, definition| {
        let info = definition.property("info").expect("a property");
        names(resolver, &resolver.resolve(info).expect("an object"))
    });
    assert_eq!(inner, ["page", "count"]);
    assert_eq!(conflicts, []);
}

#[test]
fn a_contradiction_is_reported_and_a_description_is_not() {
    let parts = json!([
        { "description": "One", "properties": { "a/b": { "type": "boolean", "enum": [true] } } },
        { "description": "Two", "properties": { "a/b": { "type": "boolean", "enum": [false] } } }
    ]);
    let (description, conflicts) = merged(parts, |_, definition| definition.description.clone());
    assert_eq!(description.as_deref(), Some("Two"));
    assert_eq!(conflicts.len(), 1);
    assert_eq!(
        conflicts[0].pointer,
        "/components/schemas/whole/properties/a~1b"
    );
    assert_eq!(
        conflicts[0].later,
        json!({ "type": "boolean", "enum": [false] })
    );
}
