//! JSON pointers (RFC 6901), as every report and error of this crate gives them.

/// The pointer to the member `segment` of what `parent` points to.
pub fn join(parent: &str, segment: &str) -> String {
    format!("{parent}/{}", segment.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_and_tildes_of_a_segment_are_escaped() {
        assert_eq!(join("/paths", "/a~b"), "/paths/~1a~0b");
    }
}
