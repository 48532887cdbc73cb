//! Path templates, and the arguments that go into them.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::encode::percent;
use crate::encode::query::pairs;
use crate::encode::value::{Shape, Written};
use crate::text::one_line;

/// How often a segment is decoded in search of dots.
const DECODED: usize = 9;

/// Why an argument cannot stand in a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidArgument {
    /// It is empty, so that the path would name something else.
    #[error("the path argument `{0}` is empty")]
    Empty(&'static str),
    /// It is `.` or `..`, in some spelling: URLs are normalised, and the request
    /// would go to another path.
    #[error("the path argument `{0}` is a dot segment, which would change the path")]
    Dots(&'static str),
    /// The template names an argument that was not given.
    #[error("the path argument `{}` was not given", one_line(.0, 100))]
    Missing(String),
}

/// How an argument is written into a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathStyle {
    /// `simple`: `blue,black`.
    Simple,
    /// `label`: `.blue.black`.
    Label,
    /// `matrix`: `;color=blue,black`.
    Matrix,
}

/// Escapes one argument.
///
/// # Errors
///
/// An argument that is empty.
pub(crate) fn escape(name: &'static str, value: String) -> Result<String, InvalidArgument> {
    if value.is_empty() {
        return Err(InvalidArgument::Empty(name));
    }
    // Most are identifiers, which need no copy.
    match value.bytes().all(percent::is_unreserved) {
        true => Ok(value),
        false => Ok(percent::encoded(&value)),
    }
}

/// Writes and escapes one argument in a style.
///
/// # Errors
///
/// An argument of which nothing would stand in the path.
pub(crate) fn styled(
    name: &'static str,
    style: PathStyle,
    explode: bool,
    value: &Written,
) -> Result<String, InvalidArgument> {
    let escaped = |parts: Vec<String>, separator: &str| {
        let parts: Vec<_> = parts.iter().map(|part| percent::encoded(part)).collect();
        parts.join(separator)
    };
    let flat = |members: Vec<(String, Written)>| pairs(members).flat_map(|(key, it)| [key, it]);
    let between = match style {
        PathStyle::Simple => ",",
        PathStyle::Label => ".",
        PathStyle::Matrix => ";",
    };
    let assigned = |members: Vec<(String, Written)>| {
        let pairs = pairs(members);
        let pairs =
            pairs.map(|(key, it)| assignment(&percent::encoded(&key), &percent::encoded(&it)));
        pairs.collect::<Vec<_>>().join(between)
    };
    let named = |value: &str| assignment(&percent::encoded(name), value);
    let body = match (value.shape(), style) {
        (Shape::Null, _) => return Err(InvalidArgument::Empty(name)),
        (Shape::Object(members), _) if explode => assigned(members),
        (Shape::List(items), PathStyle::Matrix) if explode => {
            let items = items
                .iter()
                .map(|item| named(&percent::encoded(&item.text())));
            items.collect::<Vec<_>>().join(between)
        }
        (Shape::List(items), PathStyle::Matrix) => {
            named(&escaped(items.iter().map(Written::text).collect(), ","))
        }
        (Shape::Object(members), PathStyle::Matrix) => {
            named(&escaped(flat(members).collect(), ","))
        }
        (Shape::Scalar(text), PathStyle::Matrix) => named(&percent::encoded(&text)),
        (Shape::List(items), _) => escaped(items.iter().map(Written::text).collect(), between),
        (Shape::Object(members), _) => escaped(flat(members).collect(), between),
        (Shape::Scalar(text), _) => percent::encoded(&text),
    };
    if body.is_empty() {
        return Err(InvalidArgument::Empty(name));
    }
    Ok(match style {
        PathStyle::Simple => body,
        PathStyle::Label => format!(".{body}"),
        PathStyle::Matrix => format!(";{body}"),
    })
}

/// `name=value`, or the name alone where the value is empty.
fn assignment(name: &str, value: &str) -> String {
    match value {
        "" => name.to_owned(),
        value => format!("{name}={value}"),
    }
}

/// Puts escaped arguments into `template`, and the whole behind `root`, with one
/// slash between.
///
/// # Errors
///
/// An argument of the template that is not among `arguments`, or one with which a
/// segment is a dot segment.
pub(crate) fn expand(
    root: &str,
    template: &str,
    arguments: &[(&'static str, String)],
) -> Result<String, InvalidArgument> {
    let mut path = String::with_capacity(root.len() + template.len() + 64);
    path.push_str(root.trim_end_matches('/'));
    path.push('/');
    let mut rest = template.trim_start_matches('/');
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        let argument = arguments.iter().find(|(known, _)| *known == name);
        let (known, value) = argument.ok_or_else(|| InvalidArgument::Missing(name.to_owned()))?;
        path.push_str(before);
        path.push_str(value);
        rest = behind;
        // The segment is whole, unless another argument follows in it.
        let end = rest.find(['/', '{']).unwrap_or(rest.len());
        let segment = path.rsplit('/').next().unwrap_or_default();
        let is_whole = !rest[end..].starts_with('{');
        // Few begin like one, and only those are put together.
        if is_whole
            && segment.starts_with(['.', '%'])
            && is_dots(&format!("{segment}{}", &rest[..end]))
        {
            return Err(InvalidArgument::Dots(known));
        }
    }
    path.push_str(rest);
    Ok(path)
}

/// Whether a segment is a dot segment, written out or percent-encoded.
fn is_dots(segment: &str) -> bool {
    // Servers and proxies may decode once more than they should.
    let mut decoded = Cow::Borrowed(segment);
    for _ in 0..=DECODED {
        if matches!(decoded.as_ref(), "." | "..") {
            return true;
        }
        if !decoded.contains('%') {
            break;
        }
        let next = percent_decode_str(&decoded).decode_utf8_lossy();
        decoded = Cow::Owned(next.into_owned());
    }
    false
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    #[test]
    fn arguments_are_escaped_to_one_segment() {
        for (value, escaped) in [
            ("a/b", "a%2Fb"),
            ("é", "%C3%A9"),
            ("a b", "a%20b"),
            ("%2F", "%252F"),
            ("a.b_c-d~e", "a.b_c-d~e"),
            ("?#", "%3F%23"),
            ("\t", "%09"),
            ("/", "%2F"),
            ("%", "%25"),
            ("+", "%2B"),
            ("\\", "%5C"),
            (" ", "%20"),
        ] {
            assert_eq!(escape("id", value.to_owned()).as_deref(), Ok(escaped));
        }
        assert_eq!(
            escape("id", String::new()),
            Err(InvalidArgument::Empty("id"))
        );
    }

    fn one(template: &str, value: &str) -> Result<String, InvalidArgument> {
        expand("/v4", template, &[("id", escape("id", value.to_owned())?)])
    }

    #[test]
    fn dot_segments_in_any_spelling_are_refused() {
        for value in [".", "..", "%2e%2e", "%2E", ".%2e", "%252e%252e"] {
            assert_eq!(
                one("/x/{id}", value),
                Err(InvalidArgument::Dots("id")),
                "{value}"
            );
            assert_eq!(
                one("/x/{id}/y", value),
                Err(InvalidArgument::Dots("id")),
                "{value}"
            );
        }
        assert_eq!(one("/x/.{id}", "."), Err(InvalidArgument::Dots("id")));
        assert_eq!(one("/x/{id}.", "."), Err(InvalidArgument::Dots("id")));
        assert_eq!(one("/x/{id}.", "a").as_deref(), Ok("/v4/x/a."));
        assert_eq!(one("/x/{id}", "...").as_deref(), Ok("/v4/x/..."));
        let two =
            |a: &str, b: &str| expand("", "{a}{b}", &[("a", a.to_owned()), ("b", b.to_owned())]);
        assert_eq!(two(".", "."), Err(InvalidArgument::Dots("b")));
        assert_eq!(two(".", "x").as_deref(), Ok("/.x"));
        // One that no server decodes to the end takes no time either.
        assert!(one("/{id}", &format!("%{}2e", "25".repeat(500_000))).is_ok());
    }

    #[test]
    fn a_template_takes_its_arguments_by_name() {
        let arguments = [("b", "2".to_owned()), ("a", "1".to_owned())];
        assert_eq!(
            expand("/v4/", "/x/{a}/y/{b}.json", &arguments).as_deref(),
            Ok("/v4/x/1/y/2.json")
        );
        assert_eq!(
            expand("", "x/{c}", &arguments),
            Err(InvalidArgument::Missing("c".to_owned()))
        );
    }

    /// An object in the order of the specification's examples.
    #[derive(Serialize)]
    #[allow(non_snake_case, reason = "so they are written there")]
    struct Colour {
        R: u8,
        G: u8,
        B: u8,
    }

    fn write(style: PathStyle, explode: bool, value: &impl Serialize) -> String {
        styled("color", style, explode, &Written::new(value).unwrap()).unwrap()
    }

    #[test]
    fn the_styles_are_those_of_the_specification_s_table() {
        let array = ["blue", "black", "brown"];
        let object = Colour {
            R: 100,
            G: 200,
            B: 150,
        };
        for (style, explode, empty, text, list, map) in [
            (
                PathStyle::Matrix,
                false,
                ";color",
                ";color=blue",
                ";color=blue,black,brown",
                ";color=R,100,G,200,B,150",
            ),
            (
                PathStyle::Matrix,
                true,
                ";color",
                ";color=blue",
                ";color=blue;color=black;color=brown",
                ";R=100;G=200;B=150",
            ),
            (
                PathStyle::Label,
                false,
                "",
                ".blue",
                ".blue.black.brown",
                ".R.100.G.200.B.150",
            ),
            (
                PathStyle::Label,
                true,
                "",
                ".blue",
                ".blue.black.brown",
                ".R=100.G=200.B=150",
            ),
            (
                PathStyle::Simple,
                false,
                "",
                "blue",
                "blue,black,brown",
                "R,100,G,200,B,150",
            ),
            (
                PathStyle::Simple,
                true,
                "",
                "blue",
                "blue,black,brown",
                "R=100,G=200,B=150",
            ),
        ] {
            if !empty.is_empty() {
                assert_eq!(write(style, explode, &""), empty);
            }
            assert_eq!(write(style, explode, &"blue"), text);
            assert_eq!(write(style, explode, &array), list);
            assert_eq!(write(style, explode, &object), map);
        }
        assert_eq!(write(PathStyle::Simple, false, &3600.0), "3600");
    }

    #[test]
    fn what_separates_items_is_told_from_what_is_in_them() {
        assert_eq!(write(PathStyle::Simple, false, &["a,b", "/"]), "a%2Cb,%2F");
        assert_eq!(
            write(PathStyle::Matrix, true, &["a;b=c"]),
            ";color=a%3Bb%3Dc"
        );
    }

    #[test]
    fn an_argument_of_which_nothing_is_left_is_refused() {
        let none: [u8; 0] = [];
        for style in [PathStyle::Simple, PathStyle::Label] {
            for explode in [false, true] {
                for value in [Written::new(""), Written::new(&none), Written::new(&())] {
                    let refused = styled("id", style, explode, &value.unwrap());
                    assert_eq!(refused, Err(InvalidArgument::Empty("id")));
                }
            }
        }
        let dots = styled("id", PathStyle::Label, false, &Written::new(".").unwrap());
        let refused = expand("", "/l/{id}", &[("id", dots.unwrap())]);
        assert_eq!(refused, Err(InvalidArgument::Dots("id")));
    }
}
