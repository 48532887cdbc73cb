//! Every bound of codegen, with its reason: how deep, how long and how many, so that no
//! document makes it hang, run out of stack, or write more than a reader or rustc takes.
//!
//! A bound that refuses a document says so in an error that names the place; one that
//! does not leaves away what lies beyond it, as its sentence says.

// Reading a document.

/// How deep values may be nested: below serde_json's own limit of 128, and the
/// same for YAML, so that no later stage can run out of stack.
pub const MAX_DEPTH: usize = 120;

/// How long the JSON pointer to a value may be, in bytes: several times what the
/// largest known documents have, and as long as servers take URLs (RFC 9110,
/// section 4.1). Many things are said of a value by its pointer; without a limit,
/// one long key would be said as often as there are values below it.
pub const MAX_POINTER: usize = 8_192;

/// How many values and characters all aliases together may stand for: far more
/// than people write, far less than what fills the memory.
pub const MAX_ALIASED: usize = 1 << 20;

// Names that match nothing.

/// How many names an error offers in place of one that matches nothing: a reader takes
/// in no more at a glance.
pub const MOST_SUGGESTIONS: usize = 3;

/// How similar a name must be for an error to offer it (Jaro-Winkler, 0 to 1): a slip of
/// the finger stays above it, and another word below.
pub const SIMILAR: f64 = 0.75;

// Repairs.

/// How often all passes are run at most. Each run only finds what the runs
/// before it laid bare, so two or three are enough for any document met so far.
pub const MOST_RUNS: usize = 12;

/// How deep an inline schema is looked into for a way that never ends: half of what a
/// document may be nested, since each level of a schema is two of the document. What
/// lies deeper ends.
pub const DEEPEST_INLINE: usize = 64;

/// How many steps are taken in all to find out whether ways lead back, per
/// schema of the document. After that, each endless way is taken for one that
/// does, so that circles in circles end in time.
pub const MOST_STEPS: usize = 200;

/// Of how many schemas one may be a part, directly or by way of others, for the
/// names that it requires to be looked for in all of them.
pub const MOST_WHOLES: usize = 500;

/// How many schemas are written out to leave a property away from one part: each is
/// copied, so that without a bound the copies could be larger than the document.
pub const MOST_WRITTEN: usize = 200;

/// How many references are followed in all to find parts that contain their whole, so
/// that n parts which each lead through n others end.
pub const MOST_REACHED: usize = 1_000_000;

/// With how many later parts that describe the same property it is compared: all of
/// them would be n² comparisons for n parts.
pub const MOST_COMPARED: usize = 100;

/// How many contradictions of one part are told in a sentence: more are not read.
pub const MOST_NAMED: usize = 20;

/// How many characters of a value are shown in a sentence, which stays one line then.
pub const LONGEST_SHOWN: usize = 60;

/// How many values of a list are shown in a sentence: more are not read.
pub const MOST_SHOWN: usize = 20;

/// A name that is longer is no misspelt keyword: the longest of OpenAPI has 21 letters,
/// and comparing takes the product of both lengths.
pub const LONGEST_MISSPELT: usize = 60;

// Values and their types.

/// How deep schemas and values may lie in each other, references followed, so that the
/// stack suffices. What lies deeper fits.
pub const DEEPEST_CHECKED: usize = 200;

/// How many schemas are looked at for one value, so that alternatives which
/// double at each level end. After that, everything fits.
pub const MOST_CHECKED: usize = 20_000;

/// How many schemas are looked at for all values together that one pass judges:
/// several times what the largest known documents need. After that, everything
/// fits, so that n values of n alternatives each end, too.
pub const MOST_CHECKED_IN_ALL: usize = 8_000_000;

/// The largest integer up to which a float is exact, 2^53: what is larger may have been
/// another number before it was read.
pub const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

// The description.

/// How long the path of an operation may be: longer than any URL that servers take,
/// and short enough for each of its parameters to have a pointer.
pub const LONGEST_PATH: usize = 16_384;

/// How many alternatives two lists of them may become, one for each pair: beyond it they
/// would be more than what a reader tells apart, and each further list squares them.
pub const MOST_ALTERNATIVES: usize = 64;

/// How many properties, names and alternatives may be copied to merge all the
/// `allOf`s of one document: the one bound of the resolver. References and parts may
/// lie behind each other in any number, and what is merged is merged once, so a
/// document only comes near it where each of thousands of schemas repeats thousands
/// of properties. Cloudflare's needs some 60,000.
pub const MOST_MERGED: usize = 1_000_000;

// Shapes of Rust.

/// How deep schemas lie in each other before those that will have a name are put off,
/// so that references may lead on in any number.
pub const DEEPEST_AT_ONCE: usize = 48;

/// How deep schemas that have no names may lie in each other, by way of references
/// too: lists of lists, unions of unions.
pub const DEEPEST_UNNAMED: usize = 128;

/// How long a title may be that becomes a name: a longer one is a sentence.
pub const LONGEST_TITLE: usize = 40;

// Examples.

/// How deep a composed example may go: far below what serde_json reads back.
pub const DEEPEST_EXAMPLE: usize = 48;

/// How many schemas may go into one composed example, so that levels which double end.
pub const MOST_COMPOSED: usize = 4_000;

/// How many examples are composed of one schema with alternatives: as many as a test
/// can try for each of thousands of operations.
pub const MOST_EXAMPLES: usize = 16;

/// How deep a value is looked into for what is wrong with it, so that the stack suffices.
pub const DEEPEST_FAULT: usize = 100;

/// How many schemas may describe one place of a value, so that alternatives of
/// alternatives end.
pub const MOST_DESCRIPTIONS: usize = 500;

/// How many places of a value are looked at: more than any known example has.
pub const MOST_PLACES: usize = 100_000;

// Names.

/// The length that a name may have which is also the name of a file. Common file
/// systems take 255 bytes, and Windows 260 for a whole path.
pub const LONGEST_FILE_NAME: usize = 80;

/// How many calls a crate may have to offer all of them by default: more take longer to
/// compile than most callers want to wait for.
pub const MOST_BY_DEFAULT: usize = 100;

/// How many fields the sample value of an argument has: more are not read, and a tree of
/// required fields would be written out in full for each call that sends it.
pub const MOST_SAMPLED: usize = 60;

/// How deep structs lie in each other in a sample value: deeper ones are indented beyond
/// what a page shows.
pub const DEEPEST_SAMPLE: usize = 10;

/// How long a text of the document may be to stand in an example, whose line stays
/// readable then.
pub const LONGEST_SAMPLE: usize = 60;

// What is printed.

/// How long an example may be to stand in a sentence.
pub const LONGEST_EXAMPLE: usize = 80;

/// How many operations a README lists one by one: with more, it names their groups
/// alone.
pub const MOST_LISTED: usize = 100;

/// How many digits the number of an item may have (CommonMark 0.31, "List items").
pub const MOST_DIGITS: usize = 9;
