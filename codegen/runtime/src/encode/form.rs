//! Forms, and what a document says of their properties (Encoding Object).

use serde::Serialize;

use crate::encode::query::{Escape, Pairs, QueryStyle};
use crate::encode::value::{Shape, Written};

/// How one property of a form is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding {
    pub(crate) property: &'static str,
    pub(crate) style: QueryStyle,
    pub(crate) allow_reserved: bool,
    pub(crate) content_type: &'static str,
    pub(crate) headers: &'static [(&'static str, &'static str)],
}

impl Encoding {
    /// The property `property`, sent as a form sends every other.
    pub const fn new(property: &'static str) -> Self {
        Self {
            property,
            style: QueryStyle::Form,
            allow_reserved: false,
            content_type: "",
            headers: &[],
        }
    }

    /// How its items or members are written, in a form without files.
    #[must_use]
    pub const fn style(mut self, style: QueryStyle) -> Self {
        self.style = style;
        self
    }

    /// Leaves reserved characters as they are, in a form without files.
    #[must_use]
    pub const fn allow_reserved(mut self) -> Self {
        self.allow_reserved = true;
        self
    }

    /// Its media type, or several with commas between, of which the first that is
    /// one counts. Of a form without files, JSON is written as JSON; other types
    /// have no effect there.
    #[must_use]
    pub const fn content_type(mut self, media_type: &'static str) -> Self {
        self.content_type = media_type;
        self
    }

    /// Headers of its part, in a multipart form.
    #[must_use]
    pub const fn headers(mut self, headers: &'static [(&'static str, &'static str)]) -> Self {
        self.headers = headers;
        self
    }

    /// The media type, if the document names one that is not a range.
    pub(crate) fn media_type(&self) -> Option<&'static str> {
        let mut types = self.content_type.split(',').map(str::trim);
        types.find(|it| !it.is_empty() && !it.contains('*'))
    }

    /// What is said of `property`.
    pub(crate) fn of(encodings: &'static [Self], property: &str) -> Option<&'static Self> {
        encodings.iter().find(|it| it.property == property)
    }
}

/// Whether a media type is JSON's or ends in `+json`.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let ends = essence
        .len()
        .checked_sub(5)
        .and_then(|at| essence.get(at..));
    essence.eq_ignore_ascii_case("application/json")
        || ends.is_some_and(|end| end.eq_ignore_ascii_case("+json"))
}

/// The members of `body` as `application/x-www-form-urlencoded`.
///
/// # Errors
///
/// A value that JSON cannot say.
pub(crate) fn urlencoded(
    body: &(impl Serialize + ?Sized),
    encodings: &'static [Encoding],
) -> Result<String, serde_json::Error> {
    let body = Written::new(body)?;
    let mut text = String::new();
    let Shape::Object(members) = body.shape() else {
        let mut pairs = Pairs::new(Escape::Form);
        pairs.add("body", QueryStyle::Form, &body);
        return Ok(pairs.into_text());
    };
    for (name, value) in members {
        let encoding = Encoding::of(encodings, &name);
        let style = match encoding {
            Some(encoding) if encoding.media_type().is_some_and(is_json) => QueryStyle::Json,
            Some(encoding) => encoding.style,
            None => QueryStyle::Form,
        };
        let escape = match encoding {
            Some(encoding) if encoding.allow_reserved => Escape::Reserved,
            _ => Escape::Form,
        };
        let mut pairs = Pairs::new(escape);
        pairs.add(&name, style, &value);
        let pairs = pairs.into_text();
        if !text.is_empty() && !pairs.is_empty() {
            text.push('&');
        }
        text.push_str(&pairs);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_is_several_fields_and_each_property_is_written_as_the_document_says() {
        static ENCODINGS: &[Encoding] = &[
            Encoding::new("card").style(QueryStyle::DeepObject),
            Encoding::new("joined").style(QueryStyle::FormJoined),
            Encoding::new("meta").content_type("application/json; charset=utf-8"),
            Encoding::new("piped").style(QueryStyle::Pipe),
            Encoding::new("spaced").style(QueryStyle::Space),
            Encoding::new("url").allow_reserved(),
        ];
        let body = json!({
            "a": "x y&z", "amount": 42.0, "card": { "number": 42, "owner": { "name": "é" } },
            "joined": [1, 2], "meta": { "a": [1.0] }, "none": null, "piped": [1, 2],
            "plain": { "b": 1 }, "spaced": [1, 2], "to": ["a", "b"], "url": "http://a/?b",
        });
        let expected = [
            "a=x+y%26z",
            "amount=42",
            "card%5Bnumber%5D=42",
            "card%5Bowner%5D%5Bname%5D=%C3%A9",
            "joined=1,2",
            "meta=%7B%22a%22%3A%5B1%5D%7D",
            "piped=1%7C2",
            "b=1",
            "spaced=1+2",
            "to=a",
            "to=b",
            "url=http://a/?b",
        ];
        assert_eq!(urlencoded(&body, ENCODINGS).unwrap(), expected.join("&"));
    }

    #[test]
    fn of_several_media_types_the_first_that_is_no_range_counts() {
        let of = |text| Encoding::new("a").content_type(text).media_type();
        assert_eq!(of("image/png, image/jpeg"), Some("image/png"));
        assert_eq!(of("image/*, text/csv"), Some("text/csv"));
        assert_eq!(of("*/*"), None);
        assert_eq!(of(""), None);
    }

    #[test]
    fn json_is_known_in_each_of_its_spellings() {
        for text in [
            "application/json",
            "Application/JSON; a=b",
            "application/merge-patch+json",
        ] {
            assert!(is_json(text), "{text}");
        }
        for text in ["application/jsonp", "text/plain", "", "é+json"] {
            assert_eq!(is_json(text), text.ends_with("+json"), "{text}");
        }
    }
}
