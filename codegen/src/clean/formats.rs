//! Formats that no registry has, or that belong to another type.

use serde_json::{Value, json};

use super::Defect::UnknownFormat;
use super::describe::describe;
use super::malformed::capital;
use super::repair::Findings;
use super::schemas::Schemas;
use crate::openapi::grammar;
use crate::pointer;
use crate::type_check::Kind;

/// Removes a `format` that is in no registry or contradicts the schema's type;
/// a spelling that is evident is corrected.
pub(super) fn unknown(document: &Value, findings: &mut Findings) {
    let schemas = Schemas::of(document);
    grammar::each_schema(document, &mut |schema, at| {
        let Some(format) = schema.get("format").and_then(Value::as_str) else {
            return;
        };
        let what = capital(&describe(document, at));
        let format_at = pointer::join(at, "format");
        let schema = document.pointer(at).unwrap_or(&Value::Null);
        let types = schemas.kinds(schema);
        let suits = |kinds: &[Kind]| {
            types.is_empty() || types.iter().any(|of_type| kinds.contains(of_type))
        };
        let words = || -> String {
            let names: Vec<_> = types.iter().map(ToString::to_string).collect();
            names.join(" or ")
        };
        match (kinds_of(format), corrected(format)) {
            (Some(kinds), _) if suits(kinds) => {}
            (Some(_), _) => {
                let reason = format!(
                    "{what} has the format `{format}`, which {} cannot have.",
                    words()
                );
                findings.remove(UnknownFormat, format_at, reason);
            }
            (None, Some(proper)) if kinds_of(proper).is_some_and(suits) => {
                let reason = format!(
                    "{what} has the format `{format}`, which is in no registry; `{proper}` is meant."
                );
                findings.set(UnknownFormat, format_at, json!(proper), reason);
            }
            (None, _) => {
                let reason = format!(
                    "{what} has the format `{format}`, which is in no registry, so no tool knows what it means."
                );
                findings.remove(UnknownFormat, format_at, reason);
            }
        }
    });
}

/// The types that `format` is for, by OpenAPI 3.0.3 ("Data Types"), JSON Schema
/// and the OpenAPI format registry; `None` for a format that none of them has.
pub(super) fn kinds_of(format: &str) -> Option<&'static [Kind]> {
    Some(match format {
        "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64"
        | "double-int" | "unixtime" => &[Kind::Integer, Kind::Number],
        "float" | "double" | "decimal" | "decimal128" => {
            &[Kind::Number, Kind::Integer, Kind::String]
        }
        "base64url"
        | "binary"
        | "byte"
        | "char"
        | "commonmark"
        | "date"
        | "date-time"
        | "duration"
        | "email"
        | "hostname"
        | "html"
        | "http-date"
        | "idn-email"
        | "idn-hostname"
        | "ipv4"
        | "ipv6"
        | "iri"
        | "iri-reference"
        | "json-pointer"
        | "media-range"
        | "password"
        | "regex"
        | "relative-json-pointer"
        | "sf-binary"
        | "sf-boolean"
        | "sf-decimal"
        | "sf-integer"
        | "sf-string"
        | "sf-token"
        | "time"
        | "time-local"
        | "date-time-local"
        | "uri"
        | "uri-reference"
        | "uri-template"
        | "uuid" => &[Kind::String],
        _ => return None,
    })
}

/// Whether `text` has the shape of a `format` of date or time (RFC 3339). Texts
/// of other formats are not judged.
pub(super) fn is_written_as(format: &str, text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    match format {
        "date" => shape == "0000-00-00",
        "date-time" => shape
            .split_once(['T', 't', ' '])
            .is_some_and(|(date, time)| date == "0000-00-00" && time.starts_with("00:00:00")),
        _ => true,
    }
}

fn corrected(format: &str) -> Option<&'static str> {
    Some(
        match format
            .to_ascii_lowercase()
            .replace(['_', ' '], "-")
            .as_str()
        {
            "datetime" | "date-time" | "rfc3339" | "iso8601" => "date-time",
            "url" | "uri" => "uri",
            "guid" | "uuid" | "uuid4" => "uuid",
            "long" | "integer64" | "int64" => "int64",
            "int" | "integer32" | "int32" => "int32",
            "ip4" | "ipv4" => "ipv4",
            "ip6" | "ipv6" => "ipv6",
            "file" | "binary" => "binary",
            "base64" => "byte",
            "host" | "domain" | "hostname" => "hostname",
            "email" | "e-mail" => "email",
            _ => return None,
        },
    )
}
