//! How time grows with a document, for each way in which a document can grow:
//! `cargo bench -p codegen --bench curves -- [DIMENSION…]`.
//!
//! Of each dimension a row per size: the size, the bytes of the document, and
//! the milliseconds that reading, cleaning (with slicing) and the whole of
//! `generate` take. Time that doubles with the size is linear. A dimension is
//! left once a size has taken longer than [`LONGEST`].

use std::time::{Duration, Instant};

use codegen::slice::Selection;
use codegen::{Document, Plan, clean_document, generate};
use serde_json::{Map, Value, json};

const SIZES: [usize; 5] = [1_000, 2_000, 4_000, 8_000, 16_000];

const LONGEST: Duration = Duration::from_secs(8);

/// A way to grow: its name, and the document of a size.
type Dimension = (&'static str, fn(usize) -> String);

const DIMENSIONS: [Dimension; 35] = [
    ("properties", |n| with_schema(&object(n))),
    ("required properties", |n| {
        let mut schema = object(n);
        schema["required"] = (0..n).map(name).collect();
        with_schema(&schema)
    }),
    ("required properties that are not there", |n| {
        with_schema(&json!({ "type": "object", "required": (0..n).map(name).collect::<Vec<_>>() }))
    }),
    ("properties that say they are required", |n| {
        let mut schema = object(n);
        for property in values_mut(&mut schema["properties"]) {
            property["required"] = json!(true);
        }
        with_schema(&schema)
    }),
    ("properties that are no schemas", |n| {
        let properties: Map<String, Value> = (0..n).map(|i| (name(i), json!(i))).collect();
        with_schema(&json!({ "type": "object", "properties": properties }))
    }),
    ("properties that contradict a part", |n| {
        let mut other = object(n);
        for property in values_mut(&mut other["properties"]) {
            property["type"] = json!("integer");
        }
        with_schema(&json!({ "allOf": [object(n), other] }))
    }),
    ("enum", |n| {
        let values: Vec<String> = (0..n).map(name).collect();
        with_schema(&json!({ "type": "string", "enum": values }))
    }),
    ("enum of one value", |n| {
        with_schema(&json!({ "type": "string", "enum": vec!["a"; n] }))
    }),
    ("oneOf", |n| {
        let parts: Vec<Value> = (0..n).map(|i| with_one_property(&name(i))).collect();
        with_schema(&json!({ "oneOf": parts }))
    }),
    ("oneOf without types", |n| {
        let parts: Vec<Value> = (0..n)
            .map(|i| json!({ "properties": { name(i): {} } }))
            .collect();
        with_schema(&json!({ "oneOf": parts, "example": { "a": 1 } }))
    }),
    ("allOf", |n| {
        let parts: Vec<Value> = (0..n).map(|i| with_one_property(&name(i))).collect();
        with_schema(&json!({ "allOf": parts }))
    }),
    ("allOf of one property", |n| {
        let parts: Vec<Value> = (0..n)
            .map(|i| json!({ "properties": { "a": { "enum": [i] } } }))
            .collect();
        with_schema(&json!({ "allOf": parts }))
    }),
    ("brackets in a description", |n| {
        let text = "[".repeat(25 * n);
        with_schema(
            &json!({ "type": "object", "description": text, "properties": { "a": { "type": "string" } } }),
        )
    }),
    ("parameters of the path", |n| {
        let path: String = (0..n).map(|i| format!("/{{{}}}", name(i))).collect();
        let parameters: Vec<Value> = (0..n)
            .map(|i| json!({ "name": name(i), "in": "path", "schema": { "type": "string" } }))
            .collect();
        with_paths(
            &json!({ path: { "get": { "operationId": "a", "parameters": parameters, "responses": {} } } }),
        )
    }),
    ("parameters of the query", |n| {
        with_parameters((0..n).map(|i| parameter(&name(i))))
    }),
    ("parameters that are one", |n| {
        with_parameters((0..n).map(|_| parameter("a")))
    }),
    ("parameters of unused names", |n| {
        with_parameters((0..n).map(|i| json!({ "name": name(i), "in": "path", "required": true, "schema": { "type": "string" } })))
    }),
    ("chain of references", |n| chain(n, |next| next)),
    ("chain of allOf", |n| {
        chain(n, |next| json!({ "allOf": [next] }))
    }),
    ("chain of optional properties", |n| {
        chain(
            n,
            |next| json!({ "type": "object", "properties": { "next": next } }),
        )
    }),
    ("chain of required properties", |n| {
        chain(
            n,
            |next| json!({ "type": "object", "required": ["next"], "properties": { "next": next } }),
        )
    }),
    ("circle of required properties", |n| circle(n, false)),
    ("circle in which each requires itself", |n| circle(n, true)),
    ("binary tree of required properties", |n| {
        let schemas = (0..n).map(|i| {
            let child = |of: usize| match of < n {
                true => reference(&name(of)),
                false => json!({ "type": "string" }),
            };
            let schema = json!({
                "type": "object", "required": ["left", "right"],
                "properties": { "left": child(2 * i + 1), "right": child(2 * i + 2) }
            });
            (name(i), schema)
        });
        with_schemas(&reference(&name(0)), schemas.collect())
    }),
    ("levels that double", |n| {
        let schemas = (0..n).map(|i| {
            let next = match i + 1 < n {
                true => reference(&name(i + 1)),
                false => json!({ "type": "string" }),
            };
            let schema = json!({
                "type": "object", "required": ["left", "right"],
                "properties": { "left": next, "right": next }
            });
            (name(i), schema)
        });
        with_schemas(&reference(&name(0)), schemas.collect())
    }),
    ("operations", |n| {
        let paths: Map<String, Value> = (0..n)
            .map(|i| (format!("/{}", name(i)), json!({ "get": { "operationId": name(i), "tags": [name(i % 50)], "responses": {} } })))
            .collect();
        with_paths(&Value::Object(paths))
    }),
    ("operations of one name", |n| {
        let paths: Map<String, Value> = (0..n)
            .map(|i| {
                (
                    format!("/{}a", "-".repeat(i % 40) + &"_".repeat(i / 40)),
                    json!({ "get": { "operationId": "a", "responses": {} } }),
                )
            })
            .collect();
        with_paths(&Value::Object(paths))
    }),
    ("tags", |n| {
        let tags: Vec<Value> = (0..n).map(|i| json!({ "name": name(i) })).collect();
        let names: Vec<String> = (0..n).map(name).collect();
        let mut document = skeleton();
        document["tags"] = Value::Array(tags);
        document["paths"] =
            json!({ "/a": { "get": { "operationId": "a", "tags": names, "responses": {} } } });
        document.to_string()
    }),
    ("statuses", |n| {
        let responses: Map<String, Value> = (0..n)
            .map(|i| (format!("s{i}"), json!({ "description": "" })))
            .collect();
        with_paths(&json!({ "/a": { "get": { "operationId": "a", "responses": responses } } }))
    }),
    ("media types", |n| {
        let content: Map<String, Value> = (0..n)
            .map(|i| {
                (
                    format!("application/x-{i}"),
                    json!({ "schema": { "type": "string", "format": "binary" } }),
                )
            })
            .collect();
        with_content(&content)
    }),
    ("names of no media type", |n| {
        let content: Map<String, Value> = (0..n)
            .map(|i| (format!("{i}"), json!({ "schema": {} })))
            .collect();
        with_content(&content)
    }),
    ("examples of one schema", |n| {
        let examples: Map<String, Value> = (0..n)
            .map(|i| (name(i), json!({ "value": { "a": i } })))
            .collect();
        with_content(&Map::from_iter([(
            "application/json".to_owned(),
            json!({ "schema": with_one_property("a"), "examples": examples }),
        )]))
    }),
    ("items of an example", |n| {
        let example: Vec<Value> = (0..n).map(|i| json!({ "a": i })).collect();
        with_schema(
            &json!({ "type": "array", "items": with_one_property("a"), "example": example }),
        )
    }),
    ("alternatives and examples", |n| {
        let parts: Vec<Value> = (0..n).map(|i| with_one_property(&name(i))).collect();
        let example: Vec<Value> = (0..n).map(|i| json!({ "a": i })).collect();
        with_schema(&json!({ "type": "array", "items": { "oneOf": parts }, "example": example }))
    }),
    ("aliases of YAML", |n| {
        let mut text = "openapi: 3.0.3\ninfo: {title: a, version: '1', x-a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]}\npaths: {/a: {get: {operationId: a, responses: {}}}}\nx-b:\n".to_owned();
        for _ in 0..n {
            text.push_str("- *a\n");
        }
        text
    }),
];

fn main() {
    // Cargo adds `--bench`.
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    println!(
        "{:>8} {:>10} {:>9} {:>9} {:>9}",
        "size", "bytes", "read", "clean", "generate"
    );
    for (name, document) in DIMENSIONS {
        if !wanted.is_empty() && !wanted.iter().any(|wanted| name.contains(wanted.as_str())) {
            continue;
        }
        println!("{name}");
        for size in SIZES {
            let text = document(size);
            let start = Instant::now();
            row(size, &text);
            if start.elapsed() > LONGEST {
                println!("{:>8}", "…");
                break;
            }
        }
    }
}

fn row(size: usize, text: &str) {
    print!("{size:>8} {:>10}", text.len());
    let start = Instant::now();
    let document = match Document::parse("curve", text.as_bytes()) {
        Ok(document) => document,
        Err(error) => {
            println!(" {:>9} refused: {}", millis(start), first_line(&error));
            return;
        }
    };
    print!(" {:>9}", millis(start));
    let start = Instant::now();
    let cleaned = clean_document(&document, &Selection::default());
    print!(" {:>9}", millis(start));
    if let Err(error) = cleaned {
        println!(" refused: {}", first_line(&error));
        return;
    }
    if std::env::var_os("CURVES_CLEAN_ONLY").is_some() {
        println!();
        return;
    }
    let start = Instant::now();
    match generate(&document, &Plan::for_package("curve")) {
        Ok(_) => println!(" {:>9}", millis(start)),
        Err(error) => println!(" {:>9} refused: {}", millis(start), first_line(&error)),
    }
}

fn millis(start: Instant) -> String {
    format!("{:.1}", start.elapsed().as_secs_f64() * 1e3)
}

fn first_line(error: &dyn std::error::Error) -> String {
    error.to_string().chars().take(90).collect()
}

fn name(index: usize) -> String {
    format!("n{index}")
}

fn skeleton() -> Value {
    json!({ "openapi": "3.0.3", "info": { "title": "Curve", "version": "1" } })
}

fn with_paths(paths: &Value) -> String {
    let mut document = skeleton();
    document["paths"] = paths.clone();
    document.to_string()
}

fn with_content(content: &Map<String, Value>) -> String {
    with_paths(&json!({ "/a": { "get": { "operationId": "a", "responses": {
        "200": { "description": "", "content": content }
    } } } }))
}

fn with_parameters(parameters: impl Iterator<Item = Value>) -> String {
    let parameters: Vec<Value> = parameters.collect();
    with_paths(
        &json!({ "/a": { "get": { "operationId": "a", "parameters": parameters, "responses": {} } } }),
    )
}

fn parameter(name: &str) -> Value {
    json!({ "name": name, "in": "query", "schema": { "type": "string" } })
}

/// A document whose only response has `schema`.
fn with_schema(schema: &Value) -> String {
    with_schemas(
        &reference("it"),
        Map::from_iter([("it".to_owned(), schema.clone())]),
    )
}

fn with_schemas(schema: &Value, schemas: Map<String, Value>) -> String {
    let mut document = skeleton();
    document["paths"] = json!({ "/a": { "get": { "operationId": "a", "responses": {
        "200": { "description": "", "content": { "application/json": { "schema": schema } } }
    } } } });
    document["components"] = json!({ "schemas": schemas });
    document.to_string()
}

fn object(size: usize) -> Value {
    let properties: Map<String, Value> = (0..size)
        .map(|i| (name(i), json!({ "type": "string" })))
        .collect();
    json!({ "type": "object", "properties": properties })
}

fn with_one_property(name: &str) -> Value {
    json!({ "type": "object", "properties": { name: { "type": "string" } } })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn values_mut(object: &mut Value) -> impl Iterator<Item = &mut Value> {
    object.as_object_mut().into_iter().flat_map(Map::values_mut)
}

/// Schemas of which each is made of a reference to the next.
fn chain(size: usize, link: fn(Value) -> Value) -> String {
    let schemas = (0..size).map(|i| {
        let schema = match i + 1 < size {
            true => link(reference(&name(i + 1))),
            false => with_one_property("a"),
        };
        (name(i), schema)
    });
    with_schemas(&reference(&name(0)), schemas.collect())
}

/// Schemas of which each requires the next, the last the first, and, if
/// `itself`, each itself.
fn circle(size: usize, itself: bool) -> String {
    let schemas = (0..size).map(|i| {
        let mut schema = json!({
            "type": "object", "required": ["next"],
            "properties": { "next": reference(&name((i + 1) % size)) }
        });
        if itself {
            schema["required"] = json!(["next", "own"]);
            schema["properties"]["own"] = reference(&name(i));
        }
        (name(i), schema)
    });
    with_schemas(&reference(&name(0)), schemas.collect())
}
