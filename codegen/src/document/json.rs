//! JSON: read by serde_json, but a key given twice is an error, and every
//! error has a pointer. Places are found by a second look at the text.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Value};

use super::index::Index;
use super::{Error, Place, Source, pointer, pointer_length};
use crate::limits::{MAX_DEPTH, MAX_POINTER};

/// Reads the whole text as one JSON value.
pub(super) fn parse(source: &Source) -> Result<Value, Error> {
    let trace = Trace::default();
    let mut deserializer = serde_json::Deserializer::from_str(&source.text);
    let seed = Node {
        trace: &trace,
        depth: 0,
        length: 0,
    };
    seed.deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| explain(source, &trace, &error))
}

fn explain(source: &Source, trace: &Trace, error: &serde_json::Error) -> Error {
    let mut path = trace.path.take();
    path.reverse();
    let to = pointer(&path);
    let nth = |n| source.place(find(&source.text, &path, n));
    match trace.refusal.get() {
        Some(Refusal::Duplicate) => {
            return Error::DuplicateKey {
                at: Box::new(source.location(nth(1), to)),
                first: nth(0).line,
                key: path.last().cloned().unwrap_or_default(),
            };
        }
        Some(Refusal::TooDeep) => {
            return Error::TooDeep {
                at: Box::new(source.location(nth(0), to)),
                limit: MAX_DEPTH,
            };
        }
        Some(Refusal::KeyTooLong) => {
            return Error::KeyTooLong {
                at: Box::new(source.location(nth(0), to)),
                limit: MAX_POINTER,
            };
        }
        None => {}
    }
    let place = Place {
        line: error.line().max(1),
        column: column(source, error),
    };
    let at = Box::new(source.location(place, to));
    if error.is_eof() {
        return Error::CutOff { at };
    }
    let text = error.to_string();
    let suffix = format!(" at line {} column {}", error.line(), error.column());
    Error::NotJson {
        at,
        problem: text.strip_suffix(&suffix).unwrap_or(&text).to_owned(),
    }
}

/// The error's column in characters; serde_json counts bytes.
fn column(source: &Source, error: &serde_json::Error) -> usize {
    let line = source.text.split('\n').nth(error.line().saturating_sub(1));
    let before = error.column().saturating_sub(1);
    1 + line
        .unwrap_or_default()
        .char_indices()
        .take_while(|(offset, _)| *offset < before)
        .count()
}

/// What is known about an error beyond serde_json's own message.
#[derive(Default)]
struct Trace {
    /// The way from the error outwards, noted while it is handed up.
    path: RefCell<Vec<String>>,
    refusal: Cell<Option<Refusal>>,
}

#[derive(Clone, Copy)]
enum Refusal {
    Duplicate,
    TooDeep,
    KeyTooLong,
}

impl Trace {
    fn refuse<E: serde::de::Error>(&self, refusal: Refusal) -> E {
        self.refusal.set(Some(refusal));
        E::custom("refused")
    }

    fn note(&self, segment: String) {
        self.path.borrow_mut().push(segment);
    }
}

/// One value, at a depth.
#[derive(Clone, Copy)]
struct Node<'a> {
    trace: &'a Trace,
    depth: usize,
    /// How many bytes its pointer has.
    length: usize,
}

impl Node<'_> {
    /// The same value's member or item `name`.
    fn named<E: serde::de::Error>(self, name: &str) -> Result<Self, E> {
        let length = self.length + pointer_length(name);
        if length > MAX_POINTER {
            return Err(self.trace.refuse(Refusal::KeyTooLong));
        }
        Ok(Self { length, ..self })
    }

    fn inner<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(self.trace.refuse(Refusal::TooDeep));
        }
        Ok(Self {
            depth: self.depth + 1,
            ..self
        })
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut list = Vec::new();
        loop {
            match items.next_element_seed(inner) {
                Ok(Some(item)) => list.push(item),
                Ok(None) => return Ok(Value::Array(list)),
                Err(error) => {
                    self.trace.note(list.len().to_string());
                    return Err(error);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            match object.entry(key) {
                Entry::Vacant(entry) => match members.next_value_seed(inner.named(entry.key())?) {
                    Ok(value) => {
                        entry.insert(value);
                    }
                    Err(error) => {
                        self.trace.note(entry.key().clone());
                        return Err(error);
                    }
                },
                Entry::Occupied(entry) => {
                    self.trace.note(entry.key().clone());
                    return Err(self.trace.refuse(Refusal::Duplicate));
                }
            }
        }
        Ok(Value::Object(object))
    }
}

/// The offset of what `path` leads to, or of the last of its parents that
/// exists. Of a key that its object has more than once, it is the one after
/// `skip` others.
///
/// The text has to be JSON up to there.
pub(super) fn find(text: &str, path: &[String], mut skip: usize) -> usize {
    let mut cursor = Cursor { text, offset: 0 };
    cursor.space();
    let mut found = cursor.offset;
    let mut path = path.iter();
    let mut wanted = path.next();
    while let Some(segment) = wanted {
        let Some(open @ (b'{' | b'[')) = cursor.peek() else {
            break;
        };
        cursor.offset += 1;
        let last = path.len() == 0;
        let mut index = 0_usize;
        loop {
            cursor.space();
            let start = cursor.offset;
            let here = if open == b'{' {
                if cursor.peek() != Some(b'"') {
                    return found;
                }
                cursor.string();
                let key = text.get(start..cursor.offset).unwrap_or_default();
                cursor.space();
                cursor.offset += 1; // The colon.
                cursor.space();
                serde_json::from_str::<String>(key).is_ok_and(|key| key == *segment)
            } else {
                if matches!(cursor.peek(), None | Some(b']')) {
                    return found;
                }
                *segment == index.to_string()
            };
            if here && (!last || skip == 0) {
                found = start;
                break;
            }
            skip -= usize::from(here);
            index += 1;
            cursor.value();
            if cursor.peek() != Some(b',') {
                return found;
            }
            cursor.offset += 1;
        }
        wanted = path.next();
    }
    found
}

/// The places of all values in `text`, which has to be JSON.
pub(super) fn index(text: &str) -> Index {
    let mut cursor = Cursor { text, offset: 0 };
    let mut places = Places {
        text,
        offset: 0,
        place: Place::START,
    };
    cursor.space();
    let mut index = Index::new(places.of(cursor.offset));
    // The objects and lists that are open: number, and how many items were read
    // of a list.
    let mut open: Vec<(u32, Option<usize>)> = Vec::new();
    let mut value = Some(0);
    loop {
        if let Some(number) = value.take() {
            match cursor.peek() {
                Some(b'{') => open.push((number, None)),
                Some(b'[') => open.push((number, Some(0))),
                _ => cursor.value(),
            }
            if matches!(cursor.peek(), Some(b'{' | b'[')) {
                cursor.offset += 1;
            }
        }
        cursor.space();
        let Some((parent, read)) = open.last_mut() else {
            return index;
        };
        match (cursor.peek(), read) {
            (None, _) => return index,
            (Some(b'}' | b']'), _) => {
                cursor.offset += 1;
                open.pop();
            }
            (Some(b','), _) => cursor.offset += 1,
            (Some(_), Some(read)) => {
                let place = places.of(cursor.offset);
                value = Some(index.add(*parent, &read.to_string(), place));
                *read += 1;
            }
            (Some(_), None) => {
                let start = cursor.offset;
                cursor.string();
                let key = text.get(start..cursor.offset).unwrap_or_default();
                let key = serde_json::from_str::<Cow<'_, str>>(key).unwrap_or_default();
                value = Some(index.add(*parent, &key, places.of(start)));
                cursor.space();
                cursor.offset += 1; // The colon.
                cursor.space();
            }
        }
    }
}

/// Counts lines and characters up to offsets that only grow.
struct Places<'a> {
    text: &'a str,
    offset: usize,
    place: Place,
}

impl Places<'_> {
    fn of(&mut self, offset: usize) -> Place {
        for character in self
            .text
            .get(self.offset..offset)
            .unwrap_or_default()
            .chars()
        {
            match character {
                '\n' => {
                    self.place.line += 1;
                    self.place.column = 1;
                }
                _ => self.place.column += 1,
            }
        }
        self.offset = offset;
        self.place
    }
}

struct Cursor<'a> {
    text: &'a str,
    offset: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.offset += 1;
        }
    }

    /// Goes past a string, from its opening quote.
    fn string(&mut self) {
        self.offset += 1;
        while let Some(byte) = self.peek() {
            self.offset += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return;
            }
        }
    }

    /// Goes to the comma or bracket behind a value.
    fn value(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.string();
                    continue;
                }
                b',' | b'}' | b']' if depth == 0 => return,
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.offset += 1;
        }
    }
}
