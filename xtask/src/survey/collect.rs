//! Finds the documents of a survey.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::input::Error;

/// A document to be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Where it is.
    pub path: PathBuf,
    /// What it is called: the path below the folder that was given.
    pub name: String,
}

/// The documents among `given`: files as they are, and below folders every file
/// that looks like one, in the order of their paths.
///
/// # Errors
///
/// A file or a folder cannot be read, or there is no document at all.
pub fn collect(given: &[PathBuf]) -> Result<Vec<Candidate>, Error> {
    let mut found = Vec::new();
    for path in given {
        if path.is_dir() {
            below(path, path, &mut found)?;
        } else {
            fs::metadata(path).map_err(|error| Error::file(path, "cannot be read", error))?;
            let name = path.file_name().unwrap_or(path.as_os_str());
            found.push(Candidate {
                name: name.to_string_lossy().into_owned(),
                path: path.clone(),
            });
        }
    }
    found.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    found.dedup_by(|a, b| a.path == b.path);
    if found.is_empty() {
        let given: Vec<String> = given
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        return Err(Error::Usage(format!(
            "{}: there is no OpenAPI document here (.json, .yaml or .yml, with a member `openapi` \
             or `swagger`); docs/fetch-survey-data.sh DIR fetches some thousand",
            given.join(", ")
        )));
    }
    Ok(found)
}

fn below(root: &Path, folder: &Path, found: &mut Vec<Candidate>) -> Result<(), Error> {
    let unreadable = |error| Error::file(folder, "cannot be read", error);
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.path();
        let kind = entry.file_type().map_err(unreadable)?;
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if kind.is_dir() && !is_hidden {
            below(root, &path, found)?;
        }
        let extension = path.extension().and_then(|extension| extension.to_str());
        if !kind.is_file() || !matches!(extension, Some("json" | "yaml" | "yml")) {
            continue;
        }
        let bytes = fs::read(&path).map_err(|error| Error::file(&path, "cannot be read", error))?;
        if version(&bytes).is_some() {
            let name = path.strip_prefix(root).unwrap_or(&path);
            found.push(Candidate {
                name: name.to_string_lossy().into_owned(),
                path,
            });
        }
    }
    Ok(())
}

/// The version that a document says it is of, such as `OpenAPI 3.1`, found without
/// reading all of it: a document that cannot be read has one, too.
pub fn version(bytes: &[u8]) -> Option<String> {
    [("openapi", "OpenAPI"), ("swagger", "Swagger")]
        .into_iter()
        .find_map(|(key, name)| Some(format!("{name} {}", version_after(bytes, key)?)))
}

/// The version, two numbers long, that is the value of a member `key`.
fn version_after(bytes: &[u8], key: &str) -> Option<String> {
    let key = key.as_bytes();
    let mut rest = bytes;
    while let Some(at) = rest.windows(key.len()).position(|window| window == key) {
        let is_start = at == 0
            || matches!(rest.get(at - 1), Some(b'"' | b'\'' | b'\n' | b'\r'))
            || rest.get(..at) == Some(b"\xef\xbb\xbf");
        rest = rest.get(at + key.len()..).unwrap_or_default();
        let mut value = rest.iter().skip_while(|byte| b"\"'".contains(byte));
        let mut value = value.by_ref().skip_while(|byte| byte.is_ascii_whitespace());
        if !is_start || value.next() != Some(&b':') {
            continue;
        }
        let value = value.skip_while(|byte| b" \t\r\n\"'".contains(byte));
        let version = value.take_while(|byte| byte.is_ascii_digit() || **byte == b'.');
        let version: String = version.map(|byte| char::from(*byte)).collect();
        let numbers: Vec<&str> = version.split('.').take(2).collect();
        if numbers.first().is_some_and(|number| !number.is_empty()) {
            return Some(numbers.join("."));
        }
    }
    None
}

/// The SHA-256 of `bytes`, in hexadecimal digits, of which 16 tell apart enough.
pub fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let digits = digest.iter().take(8).map(|byte| format!("{byte:02x}"));
    digits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_found_in_json_and_yaml() {
        for (text, expected) in [
            (r#"{"openapi":"3.0.3"}"#, Some("OpenAPI 3.0")),
            ("openapi: 3.1.0\ninfo: {}\n", Some("OpenAPI 3.1")),
            ("# of openapi\r\nopenapi : '3.2.0'\n", Some("OpenAPI 3.2")),
            ("\u{feff}swagger: \"2.0\"\n", Some("Swagger 2.0")),
            (r#"{"name":"openapi","version":"3.0.0"}"#, None),
            (r#"{"dependencies":{"openapi-types":"12.0"}}"#, None),
            ("not a document", None),
        ] {
            assert_eq!(version(text.as_bytes()).as_deref(), expected, "{text}");
        }
    }
}
