//! Why a file is not taken as a document.

use super::Location;

/// Why a file cannot be taken as an OpenAPI 3.0 document.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing in the file.
    #[error("{file}: the file is empty. Give an OpenAPI 3.0 document, in JSON or YAML.")]
    Empty {
        /// The name of the file.
        file: String,
    },
    /// The bytes are not UTF-8.
    #[error("{at}: byte {offset} of the file is not UTF-8. Save the file as UTF-8.")]
    NotUtf8 {
        /// Where the text stops being UTF-8.
        at: Box<Location>,
        /// The offending byte, counted from 0.
        offset: usize,
    },
    /// The file ends within a value.
    #[error(
        "{at}: the file ends before the value here does, so it seems to be cut off. \
         Fetch it again, or close the bracket or quote that is open."
    )]
    CutOff {
        /// The end of the file, or the start of what is not closed.
        at: Box<Location>,
    },
    /// The file begins like JSON but is not.
    #[error("{at}: this is not JSON: {problem}. Correct the file here.")]
    NotJson {
        /// Where reading stopped.
        at: Box<Location>,
        /// What the JSON parser says.
        problem: String,
    },
    /// The file is neither JSON nor YAML.
    #[error(
        "{at}: the file is neither JSON, which begins with a brace, nor YAML: {problem}. \
         Correct it here, or check that it is the right file."
    )]
    NotYaml {
        /// Where reading stopped.
        at: Box<Location>,
        /// What the YAML parser says.
        problem: String,
    },
    /// Valid YAML that has no counterpart in JSON.
    #[error("{at}: {problem}.")]
    UnsupportedYaml {
        /// Where it stands.
        at: Box<Location>,
        /// What it is, and what to write instead.
        problem: String,
    },
    /// An object has a key more than once.
    #[error("{at}: the key `{key}` is given twice, first on line {first}. Remove one of the two.")]
    DuplicateKey {
        /// The second of the two.
        at: Box<Location>,
        /// The key.
        key: String,
        /// The line of the first.
        first: usize,
    },
    /// Values are nested without measure.
    #[error(
        "{at}: values are nested more than {limit} deep. Give the inner ones a name, with `$ref`."
    )]
    TooDeep {
        /// The first value that is too deep.
        at: Box<Location>,
        /// How deep they may be.
        limit: usize,
    },
    /// A key, or the keys on the way to a value, are too long.
    #[error(
        "{at}: an object here has a key that makes the pointer to its value longer than {limit} bytes. \
         Shorten the key."
    )]
    KeyTooLong {
        /// The object that has the key.
        at: Box<Location>,
        /// How long a pointer may be.
        limit: usize,
    },
    /// The aliases of a YAML file stand for too much.
    #[error(
        "{at}: with this alias, the aliases of the file stand for more than {limit} values \
         and characters. Use `$ref` instead of aliases."
    )]
    AliasesTooLarge {
        /// The alias at which it became too much.
        at: Box<Location>,
        /// How much they may stand for.
        limit: usize,
    },
    /// The file holds something else than an object.
    #[error(
        "{at}: an OpenAPI document is an object, but this is {found}. Check that it is the right file."
    )]
    NotAnObject {
        /// Where the value begins.
        at: Box<Location>,
        /// What it is instead.
        found: &'static str,
    },
    /// There is no `openapi` member.
    #[error(
        "{at}: there is no `openapi` member, so this is not an OpenAPI document. Check that it is the right file."
    )]
    NotOpenApi {
        /// Where the object begins.
        at: Box<Location>,
    },
    /// The document is of Swagger, OpenAPI's predecessor.
    #[error(
        "{at}: this is a Swagger {version} document, and only OpenAPI 3.0 is taken. \
         Convert it first, for example with `npx swagger2openapi`."
    )]
    Swagger {
        /// Where the version stands.
        at: Box<Location>,
        /// The version.
        version: String,
    },
    /// The version of OpenAPI is another one than 3.0.
    #[error(
        "{at}: this document is of OpenAPI {version}, and only 3.0.x is taken. Convert it to 3.0 first."
    )]
    UnsupportedVersion {
        /// Where the version stands.
        at: Box<Location>,
        /// The version.
        version: String,
    },
    /// A member that every document needs is missing or of another type.
    #[error("{at}: `{member}` must be {expected}, but is {found}. {advice}")]
    WrongMember {
        /// Where the member stands, or ought to.
        at: Box<Location>,
        /// Its name, with dots between those of its parents.
        member: &'static str,
        /// What it has to be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
        /// What to do.
        advice: &'static str,
    },
}
