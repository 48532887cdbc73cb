//! Which alternative each union in a decoded value took: read from the value as `Debug`
//! shows it, by the types that the surface says it has.

use codegen::pointer;
use codegen::surface::{Kind, Surface, TypeItem, TypeRef};
use serde_json::Value;

/// The alternative of a union that takes anything.
const CATCH_ALL: &str = "Unknown";

/// A union in a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Where in the value, as a JSON pointer.
    pub path: String,
    /// The union.
    pub union: String,
    /// The alternative that it took.
    pub variant: String,
}

impl Taken {
    /// Whether nothing but the alternative for anything fitted.
    pub fn is_caught(&self) -> bool {
        self.variant == CATCH_ALL
    }

    /// Whether nothing could tell which alternative the value is of: it has no member but
    /// those of alternatives between which the document makes no difference. A client
    /// does not guess one.
    pub fn is_of_twins(&self, surface: &Surface, value: &Value) -> bool {
        let item = surface.type_named(&self.union);
        let Some(Kind::Union { variants }) = item.map(|item| &item.kind) else {
            return false;
        };
        let value = value.pointer(&self.path).and_then(Value::as_object);
        let Some(members) = value else {
            return false;
        };
        let twins = variants.iter().filter(|variant| variant.is_twin);
        let knows = |variant: &codegen::surface::UnionVariant| {
            let item = variant.ty.named().and_then(|name| surface.type_named(name));
            let Some(Kind::Struct { fields, .. }) = item.map(|item| &item.kind) else {
                return false;
            };
            let mut names = members.keys();
            names.all(|name| fields.iter().any(|field| field.name == *name))
        };
        twins.filter(|variant| knows(variant)).count() > 1
    }

    /// The other alternative that the value says it is of, by a property that tells the
    /// alternatives apart.
    pub fn belongs_to<'s>(&self, surface: &'s Surface, value: &Value) -> Option<&'s str> {
        let Kind::Union { variants } = &surface.type_named(&self.union)?.kind else {
            return None;
        };
        let value = value.pointer(&self.path)?;
        let says = |name: &str, values: &[Value]| {
            let said = value.get(name);
            said.is_some_and(|said| values.contains(said))
        };
        let is_meant = |tags: &[codegen::surface::Tag]| {
            !tags.is_empty() && tags.iter().all(|tag| says(&tag.name, &tag.values))
        };
        let mut meant = variants.iter().filter(|variant| is_meant(&variant.tags));
        let is_taken = meant.clone().any(|variant| variant.variant == self.variant);
        meant
            .next()
            .filter(|_| !is_taken)
            .map(|variant| variant.variant.as_str())
    }
}

/// The unions in a value of type `ty` that `Debug` shows as `shown`, in its order.
pub fn taken(surface: &Surface, ty: &TypeRef, shown: &str) -> Vec<Taken> {
    let mut reader = Reader { rest: shown };
    let node = reader.node();
    let mut taken = Vec::new();
    walk(surface, ty, &node, "", &mut taken);
    taken
}

fn walk(surface: &Surface, ty: &TypeRef, node: &Node<'_>, path: &str, taken: &mut Vec<Taken>) {
    match (ty, node) {
        (TypeRef::Box(inner), node) => walk(surface, inner, node, path, taken),
        (TypeRef::Option(inner), Node::Tuple("Some", nodes)) => {
            for node in nodes {
                walk(surface, inner, node, path, taken);
            }
        }
        (TypeRef::List(item), Node::List(nodes)) => {
            for (index, node) in nodes.iter().enumerate() {
                walk(surface, item, node, &format!("{path}/{index}"), taken);
            }
        }
        (TypeRef::Map(value), Node::Members(_, members)) => {
            for (name, node) in members {
                walk(surface, value, node, &pointer::join(path, name), taken);
            }
        }
        (TypeRef::Type(name), node) => {
            if let Some(item) = surface.type_named(name) {
                walk_item(surface, item, node, path, taken);
            }
        }
        _ => {}
    }
}

fn walk_item(
    surface: &Surface,
    item: &TypeItem,
    node: &Node<'_>,
    path: &str,
    taken: &mut Vec<Taken>,
) {
    match (&item.kind, node) {
        (Kind::Struct { fields, additional }, Node::Members(_, members)) => {
            for (name, node) in members {
                if let Some(field) = fields.iter().find(|field| field.rust_name == *name) {
                    let path = pointer::join(path, &field.name);
                    walk(surface, &field.rust_type(), node, &path, taken);
                } else if let Some(additional) = additional
                    && additional.rust_name == *name
                {
                    let map = TypeRef::Map(Box::new(additional.ty.clone()));
                    walk(surface, &map, node, path, taken);
                }
            }
        }
        (Kind::Union { variants }, Node::Tuple(name, nodes)) => {
            taken.push(Taken {
                path: path.to_owned(),
                union: item.name.clone(),
                variant: (*name).to_owned(),
            });
            let variant = variants.iter().find(|variant| variant.variant == *name);
            if let (Some(variant), [node]) = (variant, nodes.as_slice()) {
                walk(surface, &variant.ty, node, path, taken);
            }
        }
        _ => {}
    }
}

/// A value as derived `Debug` shows it.
#[derive(Debug, PartialEq, Eq)]
enum Node<'s> {
    /// `Name { a: …, b: … }`, or a map `{"a": …}`.
    Members(&'s str, Vec<(String, Node<'s>)>),
    /// `Name(…, …)`.
    Tuple(&'s str, Vec<Node<'s>>),
    /// `[…, …]`.
    List(Vec<Node<'s>>),
    /// Anything else.
    Leaf,
}

struct Reader<'s> {
    rest: &'s str,
}

impl<'s> Reader<'s> {
    fn node(&mut self) -> Node<'s> {
        self.space();
        if self.rest.starts_with('"') {
            self.text();
            return Node::Leaf;
        }
        let end = self.rest.find(['{', '(', '[', ',', '}', ')', ']']);
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        let name = name.trim();
        if self.takes("{") {
            Node::Members(name, self.until("}", Self::member))
        } else if self.takes("(") {
            Node::Tuple(name, self.until(")", Self::node))
        } else if self.takes("[") {
            Node::List(self.until("]", Self::node))
        } else {
            Node::Leaf
        }
    }

    fn member(&mut self) -> (String, Node<'s>) {
        let name = if self.rest.starts_with('"') {
            self.text()
        } else {
            let end = self.rest.find(':').unwrap_or(self.rest.len());
            let (name, rest) = self.rest.split_at(end);
            self.rest = rest;
            name.trim().to_owned()
        };
        self.space();
        self.takes(":");
        (name, self.node())
    }

    /// What `read` reads, until `end` or the end of everything.
    fn until<T>(&mut self, end: &str, read: impl Fn(&mut Self) -> T) -> Vec<T> {
        let mut found = Vec::new();
        loop {
            self.space();
            if self.takes(end) || self.rest.is_empty() {
                return found;
            }
            let before = self.rest.len();
            found.push(read(self));
            self.space();
            self.takes(",");
            // What cannot be read is not read for ever.
            if self.rest.len() == before {
                self.rest = "";
            }
        }
    }

    /// A quoted text, as a document may have it: escapes of Rust are undone as far as
    /// names of members need it.
    fn text(&mut self) -> String {
        let mut text = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((index, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = self.rest.get(index + 1..).unwrap_or_default();
                    return text;
                }
                '\\' => text.extend(chars.next().map(|(_, escaped)| escaped)),
                c => text.push(c),
            }
        }
        self.rest = "";
        text
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn takes(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::coverage::catalog;

    fn surface() -> Surface {
        catalog::tests::emitted(
            r##"{ "/pets": { "get": { "operationId": "list-pets", "responses": { "200": {
                "description": "A", "content": { "application/json": { "schema": {
                    "type": "array", "items": { "$ref": "#/components/schemas/Owner" } } } } } } } } }"##,
            r##"{ "Owner": { "type": "object", "properties": {
                    "first-pet": { "$ref": "#/components/schemas/Pet" },
                    "name": { "type": "string" } } },
                "Pet": { "oneOf": [
                    { "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" } ] },
                "Cat": { "type": "object", "required": ["kind"], "properties": {
                    "kind": { "type": "string", "enum": ["cat"] }, "lives": { "type": "integer" } } },
                "Dog": { "type": "object", "required": ["kind"], "properties": {
                    "kind": { "type": "string", "enum": ["dog"] }, "friend": { "$ref": "#/components/schemas/Pet" } } } }"##,
        )
        .surface
    }

    #[test]
    fn unions_are_found_with_their_places_and_alternatives() {
        let owners = TypeRef::List(Box::new(TypeRef::Type("Owner".to_owned())));
        let shown = r#"[Owner { first_pet: Some(Dog(Dog { kind: Dog, friend: Some(Cat(Cat { kind: Cat, lives: None })) })), name: Some("a\", first_pet: Some(Cat(") }, Owner { first_pet: Some(Unknown(Object {"a": Number(1)})), name: None }]"#;
        let found = taken(&surface(), &owners, shown);
        let found: Vec<_> = found
            .iter()
            .map(|taken| (&*taken.path, &*taken.union, &*taken.variant))
            .collect();
        assert_eq!(
            found,
            [
                ("/0/first-pet", "Pet", "Dog"),
                ("/0/first-pet/friend", "Pet", "Cat"),
                ("/1/first-pet", "Pet", "Unknown"),
            ]
        );
    }

    #[test]
    fn a_value_that_only_twins_could_have_is_of_none_of_them() {
        let surface = catalog::tests::emitted(
            r##"{ "/pets": { "get": { "operationId": "list-pets", "responses": { "200": {
                "description": "A", "content": { "application/json": { "schema": {
                    "$ref": "#/components/schemas/Pet" } } } } } } } }"##,
            r##"{ "Pet": { "oneOf": [
                    { "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" },
                    { "$ref": "#/components/schemas/Fish" } ] },
                "Cat": { "type": "object", "properties": { "name": { "type": "string" } } },
                "Dog": { "type": "object", "description": "It barks.", "properties": { "name": { "type": "string", "description": "Its call." } } },
                "Fish": { "type": "object", "properties": { "fins": { "type": "integer" } } } }"##,
        )
        .surface;
        let taken = Taken {
            path: String::new(),
            union: "Pet".to_owned(),
            variant: CATCH_ALL.to_owned(),
        };
        for (value, is_of_twins) in [
            (json!({ "name": "a" }), true),
            (json!({ "name": "a", "fins": 2 }), false),
            (json!({ "fins": 2 }), false),
            (json!("a"), false),
        ] {
            assert_eq!(taken.is_of_twins(&surface, &value), is_of_twins, "{value}");
        }
    }

    #[test]
    fn a_property_tells_which_alternative_is_meant() {
        let surface = surface();
        let taken = |variant: &str| Taken {
            path: "/pet".to_owned(),
            union: "Pet".to_owned(),
            variant: variant.to_owned(),
        };
        let value = json!({ "pet": { "kind": "dog" } });
        assert_eq!(taken("Cat").belongs_to(&surface, &value), Some("Dog"));
        assert_eq!(taken("Dog").belongs_to(&surface, &value), None);
        let unknown = json!({ "pet": { "kind": "hamster" } });
        assert_eq!(taken("Cat").belongs_to(&surface, &unknown), None);
    }

    #[test]
    fn whatever_is_shown_is_read_to_its_end() {
        for shown in [
            "",
            "{",
            "Some(",
            "[\"a",
            "a: {b}, c",
            "2024-01-01T00:00:00Z",
            ")]}",
        ] {
            let mut reader = Reader { rest: shown };
            reader.node();
        }
    }
}
