//! YAML 1.2: the events of granit-parser become a tree with places, and that
//! a JSON value.

use std::collections::HashMap;
use std::rc::Rc;

use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, ScanError, StrInput, Tag};
use indexmap::IndexMap;
use indexmap::map::Entry;
use serde_json::Value;

use super::core_schema::{Unfit, resolve};
use super::index::Index;
use super::{Error, Location, Place, Source, pointer, pointer_length};
use crate::limits::{MAX_ALIASED, MAX_DEPTH, MAX_POINTER};

/// Objects to which merge keys have given members, by their pointers, with the
/// names of those.
type Merged = Vec<(String, Vec<String>)>;

/// Reads the whole text as one YAML document.
pub(super) fn parse(source: &Source) -> Result<(Value, Merged), Error> {
    let mut loader = Loader::new(source);
    let node = loader.document()?;
    Ok((node.value(), loader.merged))
}

/// The places of all values of the text. What an alias stands for has those of
/// its anchor.
pub(super) fn index(source: &Source) -> Index {
    let Ok(root) = Loader::new(source).document() else {
        return Index::new(Place::START);
    };
    let mut index = Index::new(root.place);
    let mut open = vec![(0, &*root)];
    while let Some((number, node)) = open.pop() {
        match &node.content {
            Content::Scalar(_) => {}
            Content::Object(members) => {
                for (name, (place, member)) in members {
                    open.push((index.add(number, name, *place), member));
                }
            }
            Content::List(items) => {
                for (position, item) in items.iter().enumerate() {
                    open.push((index.add(number, &position.to_string(), item.place), item));
                }
            }
        }
    }
    index
}

/// A value and where it begins. Aliases share the node of their anchor.
struct Node {
    place: Place,
    content: Content,
    /// How many values and characters it has, those of aliases included.
    size: usize,
    /// How many levels of lists and objects it has.
    height: usize,
}

enum Content {
    Scalar(Value),
    List(Vec<Rc<Node>>),
    Object(Members),
}

/// With the place of each key.
type Members = IndexMap<String, (Place, Rc<Node>)>;

/// A merge key of YAML 1.1, which most tools take in YAML 1.2, too.
struct Merge {
    line: usize,
    /// How many members stand before it.
    behind: usize,
    from: Vec<Rc<Node>>,
}

impl Merge {
    /// The members of an object, and of those that are merged into it what it
    /// does not have itself; and the names of the latter. The earlier wins.
    fn into(self, own: Members) -> (Members, Vec<String>) {
        let mut merged = Members::new();
        for node in &self.from {
            let Content::Object(members) = &node.content else {
                continue;
            };
            for (name, (place, value)) in members {
                if !own.contains_key(name) && !merged.contains_key(name) {
                    merged.insert(name.clone(), (*place, Rc::clone(value)));
                }
            }
        }
        let names = merged.keys().cloned().collect();
        let mut all = Members::with_capacity(own.len() + merged.len());
        let mut own = own.into_iter();
        all.extend(own.by_ref().take(self.behind));
        all.extend(merged);
        all.extend(own);
        (all, names)
    }
}

impl Node {
    fn value(&self) -> Value {
        match &self.content {
            Content::Scalar(value) => value.clone(),
            Content::List(items) => items.iter().map(|item| item.value()).collect(),
            Content::Object(members) => members
                .iter()
                .map(|(key, (_, value))| (key.clone(), value.value()))
                .collect(),
        }
    }
}

struct Loader<'a> {
    source: &'a Source,
    events: Parser<'a, StrInput<'a>>,
    anchors: HashMap<usize, Rc<Node>>,
    /// What all aliases so far stand for.
    aliased: usize,
    /// The way to the value that is being read, and the length of its pointer.
    path: Vec<String>,
    length: usize,
    merged: Merged,
}

impl<'a> Loader<'a> {
    fn new(source: &'a Source) -> Self {
        let mut options = granit_parser::options! {
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        options.set_emit_comments(false);
        Self {
            source,
            events: Parser::new_from_str_with_options(&source.text, options),
            anchors: HashMap::new(),
            aliased: 0,
            path: Vec::new(),
            length: 0,
            merged: Vec::new(),
        }
    }

    fn document(&mut self) -> Result<Rc<Node>, Error> {
        // YAML forbids NUL; a parser may take it for the end of the text.
        if let Some(offset) = self.source.text.find('\0') {
            return Err(Error::NotYaml {
                at: self.here(self.source.place(offset)),
                problem: "there is a NUL character".to_owned(),
            });
        }
        let mut root = None;
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => break,
                (Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd, _) => {}
                (_, place) if root.is_some() => {
                    return Err(self.unsupported(
                        place,
                        "a second YAML document begins here; keep one document in the file",
                    ));
                }
                (event, place) => root = Some(self.node(event, place)?),
            }
        }
        root.ok_or_else(|| Error::Empty {
            file: self.source.file.clone(),
        })
    }

    fn next(&mut self) -> Result<(Event<'a>, Place), Error> {
        match self.events.next_event() {
            Some(Ok((event, span))) => Ok((event, place(&span.start))),
            Some(Err(error)) => Err(self.explain(&error)),
            None => Ok((Event::StreamEnd, Place::START)),
        }
    }

    fn node(&mut self, event: Event<'a>, place: Place) -> Result<Rc<Node>, Error> {
        let (anchor, node) = match event {
            Event::Alias(anchor) => return self.alias(anchor, place),
            Event::Scalar(text, style, anchor, tag) => {
                (anchor, self.scalar(&text, style, tag.as_deref(), place)?)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.collection_tag(tag.as_deref(), "seq", place)?;
                (anchor, self.list(place)?)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.collection_tag(tag.as_deref(), "map", place)?;
                (anchor, self.object(place)?)
            }
            other => {
                return Err(Error::NotYaml {
                    at: self.here(place),
                    problem: format!("a value is expected, not {other:?}"),
                });
            }
        };
        let node = Rc::new(node);
        if anchor != 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        Ok(node)
    }

    fn list(&mut self, start: Place) -> Result<Node, Error> {
        self.check_depth(1, start)?;
        let mut items: Vec<Rc<Node>> = Vec::new();
        let (mut size, mut height) = (1_usize, 0);
        loop {
            self.path.push(items.len().to_string());
            let (event, place) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                self.path.pop();
                break;
            }
            let item = self.node(event, place)?;
            self.path.pop();
            size = size.saturating_add(item.size);
            height = height.max(item.height);
            items.push(item);
        }
        Ok(Node {
            place: start,
            content: Content::List(items),
            size,
            height: height + 1,
        })
    }

    fn object(&mut self, start: Place) -> Result<Node, Error> {
        self.check_depth(1, start)?;
        let mut members = Members::new();
        let (mut size, mut height) = (1_usize, 0);
        let mut merge: Option<Merge> = None;
        loop {
            let (event, key_place) = self.next()?;
            let key = match event {
                Event::MappingEnd => break,
                Event::Scalar(text, ScalarStyle::Plain, ..) if text == "<<" => {
                    if let Some(first) = &merge {
                        return Err(Error::DuplicateKey {
                            at: self.here(key_place),
                            key: text.into_owned(),
                            first: first.line,
                        });
                    }
                    let from = self.merge(key_place)?;
                    size = from
                        .iter()
                        .fold(size, |size, node| size.saturating_add(node.size));
                    height = from.iter().fold(height, |height, node| {
                        height.max(node.height.saturating_sub(1))
                    });
                    merge = Some(Merge {
                        line: key_place.line,
                        behind: members.len(),
                        from,
                    });
                    continue;
                }
                // The text of the key, also of one like `200` or `null`.
                Event::Scalar(text, ..) => text.into_owned(),
                _ => {
                    return Err(self.unsupported(
                        key_place,
                        "a key must be a text, not a list, an object or an alias; write it out",
                    ));
                }
            };
            let length = self.length;
            self.length += pointer_length(&key);
            if self.length > MAX_POINTER {
                return Err(Error::KeyTooLong {
                    at: self.here(key_place),
                    limit: MAX_POINTER,
                });
            }
            self.path.push(key.clone());
            let entry = match members.entry(key) {
                Entry::Vacant(entry) => entry,
                Entry::Occupied(entry) => {
                    let (first, _): &(Place, Rc<Node>) = entry.get();
                    return Err(Error::DuplicateKey {
                        at: self.here(key_place),
                        key: entry.key().clone(),
                        first: first.line,
                    });
                }
            };
            let (event, place) = self.next()?;
            let value = self.node(event, place)?;
            self.path.pop();
            self.length = length;
            size = size.saturating_add(entry.key().len() + value.size);
            height = height.max(value.height);
            entry.insert((key_place, value));
        }
        if let Some(merge) = merge {
            let (all, merged) = merge.into(members);
            members = all;
            if !merged.is_empty() {
                self.merged.push((pointer(&self.path), merged));
            }
        }
        Ok(Node {
            place: start,
            content: Content::Object(members),
            size,
            height: height + 1,
        })
    }

    /// The objects that are merged by a `<<`, which has just been read.
    fn merge(&mut self, key_place: Place) -> Result<Vec<Rc<Node>>, Error> {
        let (event, place) = self.next()?;
        let node = self.node(event, place)?;
        let from = match &node.content {
            Content::List(items) => items.clone(),
            _ => vec![Rc::clone(&node)],
        };
        let is_object = |node: &Rc<Node>| matches!(node.content, Content::Object(_));
        if from.iter().all(is_object) {
            return Ok(from);
        }
        Err(self.unsupported(
            key_place,
            "the merge key `<<` takes an object, or a list of objects; \
             put the key in quotes if it is meant as it stands",
        ))
    }

    fn alias(&mut self, anchor: usize, place: Place) -> Result<Rc<Node>, Error> {
        let Some(node) = self.anchors.get(&anchor).map(Rc::clone) else {
            return Err(self.unsupported(
                place,
                "this alias stands for a value that contains it; use `$ref` instead",
            ));
        };
        self.check_depth(node.height, place)?;
        self.aliased = self.aliased.saturating_add(node.size);
        if self.aliased > MAX_ALIASED {
            return Err(Error::AliasesTooLarge {
                at: self.here(place),
                limit: MAX_ALIASED,
            });
        }
        Ok(node)
    }

    fn scalar(
        &self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        place: Place,
    ) -> Result<Node, Error> {
        let value = match tag {
            None if style == ScalarStyle::Plain => self.plain(text, place)?,
            None => Value::from(text),
            Some(tag) => self.tagged(text, tag, place)?,
        };
        Ok(Node {
            place,
            content: Content::Scalar(value),
            size: 1 + text.len(),
            height: 0,
        })
    }

    fn plain(&self, text: &str, place: Place) -> Result<Value, Error> {
        let problem = match resolve(text) {
            Ok(value) => return Ok(value),
            Err(Unfit::NotFinite) => "is not a number that JSON has",
            Err(Unfit::OutOfRange) => "is a number out of range",
        };
        let problem = format!("`{text}` {problem}; put it in quotes if it is meant as text");
        Err(self.unsupported(place, &problem))
    }

    fn tagged(&self, text: &str, tag: &Tag, place: Place) -> Result<Value, Error> {
        let kind = tag.core_suffix();
        if kind == Some("str") || tag.original() == "!" {
            return Ok(Value::from(text));
        }
        let value = self.plain(text, place)?;
        let fits = match kind {
            Some("null") => value.is_null(),
            Some("bool") => value.is_boolean(),
            Some("int") => value.is_i64() || value.is_u64(),
            Some("float") => value.is_number(),
            _ => false,
        };
        if fits {
            Ok(value)
        } else {
            Err(self.bad_tag(tag, place))
        }
    }

    fn collection_tag(&self, tag: Option<&Tag>, kind: &str, place: Place) -> Result<(), Error> {
        match tag {
            Some(tag) if tag.core_suffix() != Some(kind) && tag.original() != "!" => {
                Err(self.bad_tag(tag, place))
            }
            _ => Ok(()),
        }
    }

    fn bad_tag(&self, tag: &Tag, place: Place) -> Error {
        let problem = format!(
            "the tag `{}` does not make a JSON value of what follows it; remove the tag",
            tag.original()
        );
        self.unsupported(place, &problem)
    }

    /// Whether `levels` more fit below the value that is being read.
    fn check_depth(&self, levels: usize, place: Place) -> Result<(), Error> {
        if self.path.len() + levels > MAX_DEPTH {
            return Err(self.too_deep(place));
        }
        Ok(())
    }

    fn too_deep(&self, place: Place) -> Error {
        Error::TooDeep {
            at: self.here(place),
            limit: MAX_DEPTH,
        }
    }

    fn unsupported(&self, place: Place, problem: &str) -> Error {
        Error::UnsupportedYaml {
            at: self.here(place),
            problem: problem.to_owned(),
        }
    }

    fn explain(&self, error: &ScanError) -> Error {
        let place = place(error.marker());
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => self.too_deep(place),
            kind if ends_early(kind) => Error::CutOff {
                at: self.here(place),
            },
            // A key without its colon, at the end of the text.
            ErrorKind::SimpleKeyExpected if self.is_last_line(place) => Error::CutOff {
                at: self.here(place),
            },
            kind => Error::NotYaml {
                at: self.here(place),
                problem: kind.to_string(),
            },
        }
    }

    fn is_last_line(&self, place: Place) -> bool {
        place.line >= self.source.text.trim_end().split('\n').count()
    }

    fn here(&self, place: Place) -> Box<Location> {
        Box::new(self.source.location(place, pointer(&self.path)))
    }
}

fn ends_early(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnexpectedEof
            | ErrorKind::UnexpectedEofFlowSequence
            | ErrorKind::UnexpectedEofFlowMapping
            | ErrorKind::UnexpectedEofImplicitFlowMapping
            | ErrorKind::UnexpectedEofBlockSequence
            | ErrorKind::UnexpectedEofBlockMapping
            | ErrorKind::UnclosedFlowCollection { .. }
            | ErrorKind::UnclosedQuotedScalar
    )
}

fn place(marker: &Marker) -> Place {
    Place {
        line: marker.line(),
        column: marker.col() + 1,
    }
}
