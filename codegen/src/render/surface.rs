//! `surface.json`: the surface itself.

use super::{Error, File};
use crate::surface::Surface;

/// The file.
pub fn files(surface: &Surface) -> Result<Vec<File>, Error> {
    Ok(vec![File {
        path: "surface.json".to_owned(),
        text: serde_json::to_string_pretty(surface)? + "\n",
    }])
}
