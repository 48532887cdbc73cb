//! Query parameters.

use serde::Serialize;

use crate::encode::percent;
use crate::encode::value::{Shape, Written};

/// How a list or an object is written into a query, or into a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryStyle {
    /// `form`, exploded: `a=1&a=2`; an object's members become parameters of their
    /// own.
    Form,
    /// `form`, not exploded: `a=1,2`, and of an object `a=key,1`.
    FormJoined,
    /// `spaceDelimited`: `a=1%202`.
    Space,
    /// `pipeDelimited`: `a=1%7C2`.
    Pipe,
    /// `deepObject`: `a[b]=1`.
    DeepObject,
    /// A parameter with a `content` of JSON: `a={"b":1}`.
    Json,
}

/// How the characters of names and values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escape {
    /// Only unreserved characters stay.
    All,
    /// Reserved characters of values stay (`allowReserved`).
    Reserved,
    /// As [`All`](Self::All), but a space is a plus sign
    /// (`application/x-www-form-urlencoded`).
    Form,
}

impl Escape {
    fn name(self, to: &mut String, text: &str) {
        match self {
            Self::Form => spaces(to, text),
            Self::All | Self::Reserved => percent::push(to, text),
        }
    }

    fn value(self, to: &mut String, text: &str) {
        match self {
            Self::Form => spaces(to, text),
            Self::All => percent::push(to, text),
            Self::Reserved => percent::push_reserved(to, text),
        }
    }
}

fn spaces(to: &mut String, text: &str) {
    for (index, part) in text.split(' ').enumerate() {
        if index > 0 {
            to.push('+');
        }
        percent::push(to, part);
    }
}

/// Parameters as they stand in a query, with `&` between.
pub(crate) struct Pairs {
    text: String,
    escape: Escape,
}

impl Pairs {
    pub fn new(escape: Escape) -> Self {
        Self {
            text: String::new(),
            escape,
        }
    }

    pub fn into_text(self) -> String {
        self.text
    }

    /// Adds a parameter, of which a value of several parts has `separator`, as it is,
    /// between them.
    fn push(&mut self, name: &str, parts: &[String], separator: &str) {
        if !self.text.is_empty() {
            self.text.push('&');
        }
        self.escape.name(&mut self.text, name);
        self.text.push('=');
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.text.push_str(separator);
            }
            self.escape.value(&mut self.text, part);
        }
    }

    /// Adds a parameter with a value that is text.
    pub fn one(&mut self, name: &str, value: String) {
        self.push(name, &[value], "");
    }

    /// Adds the parameters that `value` becomes under `name`; none for null.
    pub fn add(&mut self, name: &str, style: QueryStyle, value: &Written) {
        match (value.shape(), style) {
            (Shape::Null, _) => {}
            (_, QueryStyle::Json) => self.one(name, value.json().to_owned()),
            (Shape::Scalar(text), _) => self.one(name, text),
            (Shape::List(items), QueryStyle::Form | QueryStyle::DeepObject) => {
                for item in items {
                    self.one(name, item.text());
                }
            }
            (Shape::List(items), _) => {
                let items: Vec<_> = items.iter().map(Written::text).collect();
                self.push(name, &items, self.separator(style));
            }
            (Shape::Object(members), QueryStyle::Form) => {
                for (key, value) in members.into_iter().filter(|(_, value)| !value.is_null()) {
                    match value.shape() {
                        Shape::List(items) if !items.iter().any(Written::is_composite) => {
                            for item in items {
                                self.one(&key, item.text());
                            }
                        }
                        _ => self.one(&key, value.text()),
                    }
                }
            }
            (Shape::Object(members), QueryStyle::DeepObject) => {
                for (key, value) in members {
                    self.deep(&format!("{name}[{key}]"), &value);
                }
            }
            (Shape::Object(members), _) => {
                let parts: Vec<_> = pairs(members).flat_map(|(key, it)| [key, it]).collect();
                self.push(name, &parts, self.separator(style));
            }
        }
    }

    fn separator(&self, style: QueryStyle) -> &'static str {
        match (style, self.escape) {
            (QueryStyle::Space, Escape::Form) => "+",
            (QueryStyle::Space, _) => "%20",
            (QueryStyle::Pipe, _) => "%7C",
            _ => ",",
        }
    }

    fn deep(&mut self, name: &str, value: &Written) {
        match value.shape() {
            Shape::Null => {}
            Shape::Scalar(text) => self.one(name, text),
            Shape::List(items) => {
                for item in items {
                    self.deep(name, &item);
                }
            }
            Shape::Object(members) => {
                for (key, value) in members {
                    self.deep(&format!("{name}[{key}]"), &value);
                }
            }
        }
    }
}

/// The members of an object that are not null, as text.
pub(crate) fn pairs(members: Vec<(String, Written)>) -> impl Iterator<Item = (String, String)> {
    let members = members.into_iter().filter(|(_, value)| !value.is_null());
    members.map(|(key, value)| (key, value.text()))
}

/// The parameters that `value` becomes under `name`, as they stand in a query.
///
/// # Errors
///
/// A value that JSON cannot say, such as a map whose keys are no strings.
pub(crate) fn written(
    name: &str,
    style: QueryStyle,
    escape: Escape,
    value: &(impl Serialize + ?Sized),
) -> Result<String, serde_json::Error> {
    let mut pairs = Pairs::new(escape);
    pairs.add(name, style, &Written::new(value)?);
    Ok(pairs.into_text())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn query(style: QueryStyle, value: impl Serialize) -> String {
        written("q", style, Escape::All, &value).unwrap()
    }

    /// An object in the order of the specification's examples.
    #[derive(Serialize)]
    #[allow(non_snake_case, reason = "so they are written there")]
    struct Colour {
        R: u8,
        G: u8,
        B: u8,
    }

    #[test]
    fn the_styles_are_those_of_the_specification_s_table() {
        let array = ["blue", "black", "brown"];
        let object = Colour {
            R: 100,
            G: 200,
            B: 150,
        };
        let color = |style, value: &dyn Fn(QueryStyle) -> String| value(style);
        let list = |style| written("color", style, Escape::All, &array).unwrap();
        let map = |style| written("color", style, Escape::All, &object).unwrap();
        let text = |style| written("color", style, Escape::All, "blue").unwrap();
        let empty = |style| written("color", style, Escape::All, "").unwrap();
        for (style, value, expected) in [
            (QueryStyle::FormJoined, &empty as &dyn Fn(_) -> _, "color="),
            (QueryStyle::FormJoined, &text, "color=blue"),
            (QueryStyle::FormJoined, &list, "color=blue,black,brown"),
            (QueryStyle::FormJoined, &map, "color=R,100,G,200,B,150"),
            (QueryStyle::Form, &empty, "color="),
            (QueryStyle::Form, &text, "color=blue"),
            (
                QueryStyle::Form,
                &list,
                "color=blue&color=black&color=brown",
            ),
            (QueryStyle::Form, &map, "R=100&G=200&B=150"),
            (QueryStyle::Space, &list, "color=blue%20black%20brown"),
            (QueryStyle::Space, &map, "color=R%20100%20G%20200%20B%20150"),
            (QueryStyle::Pipe, &list, "color=blue%7Cblack%7Cbrown"),
            (QueryStyle::Pipe, &map, "color=R%7C100%7CG%7C200%7CB%7C150"),
            (
                QueryStyle::DeepObject,
                &map,
                "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
            ),
        ] {
            assert_eq!(color(style, value), expected, "{style:?}");
        }
    }

    #[test]
    fn objects_in_objects_are_written_as_deep_as_they_are() {
        let object = json!({ "a": 1.0, "b": { "c": [true, 2] }, "d": null });
        let expected = "q%5Ba%5D=1&q%5Bb%5D%5Bc%5D=true&q%5Bb%5D%5Bc%5D=2";
        assert_eq!(query(QueryStyle::DeepObject, object), expected);
        let json = query(QueryStyle::Json, json!({ "a": 1.0 }));
        assert_eq!(json, "q=%7B%22a%22%3A1%7D");
        let form = query(
            QueryStyle::Form,
            json!({ "a": [1, 2], "b": { "c": 1 }, "d": null }),
        );
        assert_eq!(form, "a=1&a=2&b=%7B%22c%22%3A1%7D");
    }

    #[test]
    fn what_separates_items_is_told_from_what_is_in_them() {
        let list = ["a,b", "c d", "e|f"];
        assert_eq!(query(QueryStyle::FormJoined, list), "q=a%2Cb,c%20d,e%7Cf");
        assert_eq!(
            query(QueryStyle::Form, ["&", "=", "+", "%"]),
            "q=%26&q=%3D&q=%2B&q=%25"
        );
    }

    #[test]
    fn reserved_characters_stay_where_they_are_allowed() {
        let raw = written(
            "q",
            QueryStyle::Form,
            Escape::Reserved,
            "a/b?c:d@e$f!(g)*,;='[x] é",
        );
        assert_eq!(raw.unwrap(), "q=a/b?c:d@e$f!(g)*,;='[x]%20%C3%A9");
        let ends = written("q", QueryStyle::Form, Escape::Reserved, "a&b#c+d%e");
        assert_eq!(ends.unwrap(), "q=a%26b%23c%2Bd%25e");
    }

    #[test]
    fn null_is_no_parameter_and_a_whole_number_is_an_integer() {
        assert_eq!(query(QueryStyle::Form, Value::Null), "");
        assert_eq!(query(QueryStyle::Form, 20.0), "q=20");
        assert_eq!(query(QueryStyle::Form, [0.5, 1.0]), "q=0.5&q=1");
        assert_eq!(query(QueryStyle::Form, 0.1_f32), "q=0.1");
        assert_eq!(query(QueryStyle::Form, [0; 0]), "");
    }
}
