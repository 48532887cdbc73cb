//! Values that come one after the other in one body: a line each (NDJSON), or an event
//! each (`text/event-stream`).

use std::mem;

/// How values are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Each line is one; empty ones are none.
    Lines,
    /// The data of each event is one (HTML Standard, "Server-sent events").
    Events,
}

/// Cuts a body, as it comes, into the texts of its values.
#[derive(Debug)]
pub(crate) struct Frames {
    framing: Framing,
    buffer: Vec<u8>,
    /// Where in the buffer the line begins that is not whole yet.
    start: usize,
    /// Up to where the buffer is known to hold no end of that line.
    searched: usize,
    /// The line before ended with a carriage return, and a line feed belongs to it.
    after_return: bool,
    is_begun: bool,
    event: Event,
    pub last: Last,
}

/// An event while its lines come.
#[derive(Debug, Default)]
struct Event {
    data: Vec<u8>,
    has_data: bool,
    name: String,
}

/// What was said of the event whose data was given last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Last {
    pub name: String,
    pub id: String,
}

impl Frames {
    pub fn new(framing: Framing) -> Self {
        Self {
            framing,
            buffer: Vec::new(),
            start: 0,
            searched: 0,
            after_return: false,
            is_begun: false,
            event: Event::default(),
            last: Last::default(),
        }
    }

    /// Takes in the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.searched -= self.start;
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// How much is held of a value that is not whole.
    pub fn held(&self) -> usize {
        let line = self.buffer.len() - self.start;
        line.saturating_add(self.event.data.len())
    }

    /// The text of the next value, if all of it has come.
    pub fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            let line = self.line()?;
            if let Some(frame) = self.take(line) {
                return Some(frame);
            }
        }
    }

    /// What is left when the body has ended: a last line without an end, but no event
    /// that is not whole.
    pub fn rest(&mut self) -> Option<Vec<u8>> {
        let line = self.buffer.split_off(self.start);
        match self.framing {
            Framing::Lines => self.take(line),
            Framing::Events => None,
        }
    }

    fn line(&mut self) -> Option<Vec<u8>> {
        let first = self.buffer.get(self.start);
        if let (true, Some(first)) = (self.after_return, first) {
            self.after_return = false;
            if *first == b'\n' {
                self.start += 1;
                self.searched = self.start;
            }
        }
        let is_end = |byte: &u8| match self.framing {
            Framing::Lines => *byte == b'\n',
            Framing::Events => matches!(byte, b'\n' | b'\r'),
        };
        let new = self.buffer.get(self.searched..).unwrap_or_default();
        let Some(end) = new.iter().position(is_end) else {
            self.searched = self.buffer.len();
            return None;
        };
        let end = self.searched + end;
        let line = self.buffer.get(self.start..end).unwrap_or_default();
        self.after_return = self.buffer.get(end) == Some(&b'\r');
        self.start = end + 1;
        self.searched = self.start;
        Some(line.to_vec())
    }

    fn take(&mut self, mut line: Vec<u8>) -> Option<Vec<u8>> {
        if !mem::replace(&mut self.is_begun, true) && line.starts_with(b"\xEF\xBB\xBF") {
            line.drain(..3);
        }
        match self.framing {
            Framing::Lines => (!line.trim_ascii().is_empty()).then_some(line),
            Framing::Events if line.is_empty() => self.dispatch(),
            Framing::Events => {
                self.field(&line);
                None
            }
        }
    }

    fn dispatch(&mut self) -> Option<Vec<u8>> {
        let event = mem::take(&mut self.event);
        self.last.name = event.name;
        event.has_data.then_some(event.data)
    }

    fn field(&mut self, line: &[u8]) {
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = match colon {
            Some(at) => (&line[..at], &line[at + 1..]),
            None => (line, &[][..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        let text = || String::from_utf8_lossy(value).into_owned();
        match name {
            b"data" => {
                if mem::replace(&mut self.event.has_data, true) {
                    self.event.data.push(b'\n');
                }
                self.event.data.extend_from_slice(value);
            }
            b"event" => self.event.name = text(),
            b"id" if !value.contains(&0) => self.last.id = text(),
            // Comments, and fields that mean nothing here.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts in a body that comes in pieces of this size.
    fn texts(framing: Framing, body: &str, size: usize) -> Vec<String> {
        let mut frames = Frames::new(framing);
        let mut texts = Vec::new();
        for bytes in body.as_bytes().chunks(size) {
            frames.push(bytes);
            while let Some(text) = frames.next() {
                texts.push(String::from_utf8(text).unwrap());
            }
        }
        texts.extend(frames.rest().map(|text| String::from_utf8(text).unwrap()));
        texts
    }

    #[test]
    fn lines_are_told_apart_wherever_they_are_cut() {
        let body = "\u{feff}{\"a\":\"é\"}\n\n  \r\n[1]\r\n2";
        for size in 1..body.len() {
            let expected = ["{\"a\":\"é\"}", "[1]\r", "2"];
            assert_eq!(texts(Framing::Lines, body, size), expected, "{size}");
        }
    }

    #[test]
    fn events_are_told_apart_wherever_they_are_cut() {
        let body = "\u{feff}: hello\n\nevent: a\nid: 1\ndata: {\ndata:  1\ndata:}\nretry: 3\n\n\
                    data\r\n\r\nid\rdata: x\r\revent: b\n\ndata: cut";
        for size in 1..body.len() {
            let expected = ["{\n 1\n}", "", "x"];
            assert_eq!(texts(Framing::Events, body, size), expected, "{size}");
        }
    }

    #[test]
    fn the_name_and_the_id_of_an_event_are_kept() {
        let mut frames = Frames::new(Framing::Events);
        frames.push(b"event: a\nid: 7\ndata: 1\n\ndata: 2\n\n");
        assert_eq!(frames.next().as_deref(), Some(&b"1"[..]));
        assert_eq!(
            (frames.last.name.as_str(), frames.last.id.as_str()),
            ("a", "7")
        );
        assert_eq!(frames.next().as_deref(), Some(&b"2"[..]));
        assert_eq!(
            (frames.last.name.as_str(), frames.last.id.as_str()),
            ("", "7")
        );
    }

    #[test]
    fn neither_a_long_line_nor_many_take_quadratic_time() {
        let mut frames = Frames::new(Framing::Lines);
        for _ in 0..200_000 {
            frames.push(b"x");
            assert!(frames.next().is_none());
        }
        assert_eq!(frames.held(), 200_000);
        let mut frames = Frames::new(Framing::Lines);
        frames.push("1\n".repeat(500_000).as_bytes());
        assert_eq!(std::iter::from_fn(|| frames.next()).count(), 500_000);
    }
}
