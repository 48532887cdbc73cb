//! Documents that went wrong anywhere: changed in their structure, or in their
//! bytes. The same seed gives the same document.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Texts that have gone wrong, or might.
const TEXTS: [&str; 34] = [
    "",
    " ",
    "a",
    "type",
    "string",
    "object",
    "self",
    "Self",
    "200",
    "2XX",
    "query",
    "path",
    "application/json",
    "multipart/form-data; boundary=a",
    "*/*",
    "text/event-stream",
    "/",
    "/{id}/{id}",
    "/a?b={b}#c",
    "{",
    "}{",
    "date-time",
    "int64",
    "\r",
    "\0",
    "\u{202e}",
    "\u{2066}a\u{2069}",
    "*/ \"##] ```rust\nstd::process::exit(3);\n```",
    "[[[[[[",
    "#/components/schemas/a~1b%20c",
    "other.yaml#/a",
    "9223372036854775808",
    "ﬃ𝒳ß",
    "r#type",
];

/// Keywords that mean something where they happen to stand.
const KEYWORDS: [&str; 38] = [
    "$ref",
    "type",
    "properties",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "required",
    "enum",
    "default",
    "example",
    "examples",
    "nullable",
    "format",
    "discriminator",
    "additionalProperties",
    "parameters",
    "requestBody",
    "responses",
    "content",
    "schema",
    "name",
    "in",
    "style",
    "explode",
    "headers",
    "operationId",
    "tags",
    "security",
    "servers",
    "get",
    "post",
    "description",
    "title",
    "readOnly",
    "minimum",
    "maxLength",
];

/// `document` with between one and eight changes of its structure.
pub fn structural(document: &Value, rng: &mut Rng) -> Value {
    let mut mutated = document.clone();
    for _ in 0..rng.usize(1..=8) {
        let mut pointers = Vec::new();
        collect(&mutated, &mut String::new(), &mut pointers);
        let Some(at) = rng.choice(&pointers) else {
            break;
        };
        let other = rng.choice(&pointers).cloned().unwrap_or_default();
        change(&mut mutated, at, &other, rng);
    }
    mutated
}

/// `text` with between one and six changes of its bytes.
pub fn bytes(text: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut mutated = text.to_vec();
    for _ in 0..rng.usize(1..=6) {
        if mutated.is_empty() {
            break;
        }
        let at = rng.usize(..mutated.len());
        let end = (at + rng.usize(1..=40)).min(mutated.len());
        match rng.u8(0..7) {
            0 => mutated[at] = rng.u8(..),
            1 => {
                mutated[at] = *rng
                    .choice(b"{}[],:&*!|>'\"%@`#-<~ \t\n\r0a.?")
                    .unwrap_or(&b' ')
            }
            2 => drop(mutated.drain(at..end)),
            3 => mutated.insert(at, rng.u8(..)),
            4 => {
                let part = mutated[at..end].to_vec();
                let to = rng.usize(..=mutated.len());
                mutated.splice(to..to, part);
            }
            5 => mutated.truncate(at),
            _ => {
                let text = rng.choice(TEXTS).unwrap_or_default();
                mutated.splice(at..at, text.bytes());
            }
        }
    }
    mutated
}

fn collect(value: &Value, at: &mut String, found: &mut Vec<String>) {
    let length = at.len();
    let mut visit = |name: &str, member: &Value| {
        codegen::pointer::push(at, name);
        found.push(at.clone());
        collect(member, at, found);
        at.truncate(length);
    };
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, member)| visit(name, member)),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, item)| visit(&index.to_string(), item));
        }
        _ => {}
    }
}

fn change(document: &mut Value, at: &str, other: &str, rng: &mut Rng) {
    let elsewhere = document.pointer(other).cloned().unwrap_or_default();
    let Some((parent, name)) = codegen::pointer::split_last(at) else {
        return;
    };
    let (parent, name) = (parent.to_owned(), name.into_owned());
    let choice = rng.u8(0..12);
    let target = document.pointer_mut(&parent);
    match (choice, target) {
        (0, Some(Value::Object(members))) => drop(members.shift_remove(&name)),
        (1, Some(Value::Object(members))) => {
            let value = members.shift_remove(&name).unwrap_or_default();
            members.insert(word(rng), value);
        }
        (2, Some(Value::Object(members))) => drop(members.insert(word(rng), elsewhere)),
        (3, Some(Value::Object(members))) => drop(members.insert(word(rng), any(rng, 3))),
        (0, Some(Value::Array(items))) => drop(items.pop()),
        (1 | 2, Some(Value::Array(items))) => items.push(elsewhere),
        (3, Some(Value::Array(items))) => items.insert(0, any(rng, 3)),
        (4, _) => set(document, at, elsewhere),
        (5, _) => set(document, at, any(rng, 3)),
        (6, _) => set(document, at, json!({ "$ref": format!("#{other}") })),
        (7, _) => set(document, at, json!({ "$ref": format!("#{parent}") })),
        (8, _) => {
            let inner = document.pointer(at).cloned().unwrap_or_default();
            let keyword = *rng.choice(&["allOf", "oneOf", "anyOf"]).unwrap_or(&"allOf");
            set(document, at, json!({ keyword: [inner, elsewhere] }));
        }
        (9, _) => {
            let mut inner = document.pointer(at).cloned().unwrap_or_default();
            for _ in 0..rng.usize(1..30) {
                inner = match rng.bool() {
                    true => json!({ "type": "array", "items": inner }),
                    false => {
                        json!({ "type": "object", "required": ["a"], "properties": { "a": inner } })
                    }
                };
            }
            set(document, at, inner);
        }
        (10, _) => set(document, at, json!(*rng.choice(&TEXTS).unwrap_or(&""))),
        _ => {
            let copies = rng.usize(1..40);
            set(document, at, Value::Array(vec![elsewhere; copies]));
        }
    }
}

fn set(document: &mut Value, at: &str, value: Value) {
    if let Some(place) = document.pointer_mut(at) {
        *place = value;
    }
}

fn word(rng: &mut Rng) -> String {
    let words: &[&str] = if rng.bool() { &KEYWORDS } else { &TEXTS };
    rng.choice(words).copied().unwrap_or_default().to_owned()
}

fn any(rng: &mut Rng, depth: usize) -> Value {
    match rng.u8(0..if depth == 0 { 6 } else { 9 }) {
        0 => Value::Null,
        1 => json!(rng.bool()),
        2 => json!(rng.i64(..)),
        3 => json!(rng.i64(-3..10)),
        4 => json!(rng.f64() * 1e3),
        5 => json!(word(rng)),
        6 => (0..rng.usize(0..4)).map(|_| any(rng, depth - 1)).collect(),
        _ => {
            let members = (0..rng.usize(0..4)).map(|_| (word(rng), any(rng, depth - 1)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}
