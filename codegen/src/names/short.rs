//! Names of types: short where they stand, longer where they must be.
//!
//! A type is called after its component, or after the place of its schema. For
//! either there are several names, from the shortest to one that says everything
//! ([`candidates()`]); the [`Claimer`] of a module gives each type the shortest that tells it
//! from the others there.

mod candidates;
mod claimer;
mod modules;
mod rename;

pub use candidates::{LONGEST, Owner, Place, Prefixes, Role, Step, candidates, telling_properties};
pub use claimer::Claimer;
pub use modules::{TypeName, Wish, type_key, type_names};
pub use rename::{RenameError, Renames};

/// Names that generated modules use without saying where they are from: a type of such
/// a name would hide them.
pub const RESERVED: [&str; 24] = [
    "Box",
    "Call",
    "CallOptions",
    "Client",
    "Clone",
    "Default",
    "Download",
    "Err",
    "Error",
    "From",
    "Into",
    "None",
    "Ok",
    "Option",
    "Pages",
    "Request",
    "Response",
    "ResponseMeta",
    "Result",
    "Self",
    "Some",
    "String",
    "Upload",
    "Vec",
];

/// The module in which a type belongs that is used in all of `modules`: the nearest
/// that they have in common, the root (no levels) if there is none.
///
/// ```
/// use codegen::names::short::common_module;
///
/// let module = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
/// let users = [module("zones.settings"), module("zones.holds"), module("zones")];
/// assert_eq!(common_module(users.iter().map(Vec::as_slice)), ["zones"]);
/// ```
pub fn common_module<'m>(modules: impl IntoIterator<Item = &'m [String]>) -> Vec<String> {
    let mut modules = modules.into_iter();
    let mut common = modules.next().unwrap_or_default();
    for module in modules {
        let same = common.iter().zip(module).take_while(|(a, b)| a == b);
        common = &common[..same.count()];
    }
    common.to_vec()
}
