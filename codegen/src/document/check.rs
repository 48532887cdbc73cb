//! Whether a JSON value is an OpenAPI 3.0 document, as far as its outermost
//! members tell.

use serde_json::{Map, Value};

use super::{Document, Error};

const QUOTE: &str = "Put it in quotes.";
const CORRECT: &str = "Correct it here.";

/// Checks `openapi`, and that `info` and `paths` are objects if they are there.
pub(super) fn is_openapi_3_0(document: &Document) -> Result<(), Error> {
    let value = document.value();
    let Value::Object(root) = value else {
        return Err(Error::NotAnObject {
            at: Box::new(document.locate("")),
            found: kind(Some(value)),
        });
    };
    version(document, root)?;
    // What is missing is put there by `clean`; what is something else shows that
    // the file is damaged or cut off.
    for (member, pointer) in [("info", "/info"), ("paths", "/paths")] {
        match root.get(member) {
            None | Some(Value::Object(_)) => {}
            found => return Err(wrong(document, member, pointer, "an object", found)),
        }
    }
    Ok(())
}

fn version(document: &Document, root: &Map<String, Value>) -> Result<(), Error> {
    let version = match (root.get("openapi"), root.get("swagger")) {
        (Some(Value::String(version)), _) => version,
        (None, None) => {
            return Err(Error::NotOpenApi {
                at: Box::new(document.locate("")),
            });
        }
        (None, Some(swagger)) => {
            return Err(Error::Swagger {
                at: Box::new(document.locate("/swagger")),
                version: match swagger {
                    Value::String(version) => version.clone(),
                    // Unquoted in YAML, `2.0` is a number.
                    other => other.to_string(),
                },
            });
        }
        (found, _) => return Err(wrong(document, "openapi", "/openapi", "a string", found)),
    };
    if is_3_0(version) {
        return Ok(());
    }
    Err(Error::UnsupportedVersion {
        at: Box::new(document.locate("/openapi")),
        version: version.clone(),
    })
}

/// `3.0`, `3.0.3`, `3.0.0-rc2`.
fn is_3_0(version: &str) -> bool {
    match version.strip_prefix("3.0") {
        Some("") => true,
        Some(rest) => rest.strip_prefix('.').is_some_and(|patch| {
            let number = patch.split('-').next().unwrap_or_default();
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        }),
        None => false,
    }
}

fn wrong(
    document: &Document,
    member: &'static str,
    pointer: &str,
    expected: &'static str,
    found: Option<&Value>,
) -> Error {
    Error::WrongMember {
        at: Box::new(document.locate(pointer)),
        member,
        expected,
        found: kind(found),
        advice: match found {
            Some(Value::Number(_) | Value::Bool(_)) if expected == "a string" => QUOTE,
            _ => CORRECT,
        },
    }
}

fn kind(value: Option<&Value>) -> &'static str {
    match value {
        None => "missing",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "a boolean",
        Some(Value::Number(_)) => "a number",
        Some(Value::String(_)) => "a string",
        Some(Value::Array(_)) => "an array",
        Some(Value::Object(_)) => "an object",
    }
}
