//! Where each value of a document stands in its file.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Place;

/// The places of all values of a file. It is made once, when somebody asks, and
/// then finds each place in as many steps as its pointer has segments.
#[derive(Debug, Clone)]
pub(super) struct Index {
    /// By the number of the value; the document itself is the first.
    places: Vec<(u32, u32)>,
    /// The number of a value by that of its parent and a hash of its name. A
    /// hash that two names share would only give a wrong line.
    members: HashMap<(u32, u64), u32>,
}

impl Index {
    /// An index that knows the document itself alone, which begins at `start`.
    pub(super) fn new(start: Place) -> Self {
        Self {
            places: vec![narrow(start)],
            members: HashMap::new(),
        }
    }

    /// Adds the member `name` of the value `parent`; returns its number.
    pub(super) fn add(&mut self, parent: u32, name: &str, place: Place) -> u32 {
        let number = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        self.places.push(narrow(place));
        self.members.insert((parent, hash(name)), number);
        number
    }

    /// The place of what the unescaped `segments` lead to, or of the last of its
    /// parents that exists.
    pub(super) fn find(&self, segments: &[String]) -> Place {
        let mut number = 0;
        for segment in segments {
            match self.members.get(&(number, hash(segment))) {
                Some(member) => number = *member,
                None => break,
            }
        }
        let place = usize::try_from(number)
            .ok()
            .and_then(|number| self.places.get(number));
        place.map_or(Place::START, |(line, column)| Place {
            line: usize::try_from(*line).unwrap_or(usize::MAX),
            column: usize::try_from(*column).unwrap_or(usize::MAX),
        })
    }
}

fn narrow(place: Place) -> (u32, u32) {
    let narrow = |number| u32::try_from(number).unwrap_or(u32::MAX);
    (narrow(place.line), narrow(place.column))
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}
