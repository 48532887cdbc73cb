//! Renaming by pattern: `"dns-records_*" = "*"`.

/// Patterns of a plan, and what becomes of the names that fit them.
///
/// A `*` stands for any text, also for none; those of the new name take, in their
/// order, what those of the pattern stood for. Of several patterns that fit, the one
/// with the most text of its own decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renames {
    /// By falling length of the text, then by the pattern.
    patterns: Vec<(String, String)>,
}

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{new}` has more `*` than `{pattern}`, which is what they would take their text from; \
     remove one, or write the text"
)]
pub struct RenameError {
    /// The pattern.
    pub pattern: String,
    /// What it should become.
    pub new: String,
}

impl Renames {
    /// Takes pairs of a pattern and a new name.
    ///
    /// # Errors
    ///
    /// When a new name has more `*` than its pattern.
    pub fn new<P, N>(pairs: impl IntoIterator<Item = (P, N)>) -> Result<Self, RenameError>
    where
        P: Into<String>,
        N: Into<String>,
    {
        let mut patterns = Vec::new();
        for (pattern, new) in pairs {
            let (pattern, new) = (pattern.into(), new.into());
            if new.matches('*').count() > pattern.matches('*').count() {
                return Err(RenameError { pattern, new });
            }
            patterns.push((pattern, new));
        }
        patterns.sort_by_key(|(pattern, _)| {
            let text = pattern.len() - pattern.matches('*').count();
            (std::cmp::Reverse(text), pattern.clone())
        });
        Ok(Self { patterns })
    }

    /// What `name` is called instead, if a pattern fits it.
    ///
    /// ```
    /// use codegen::names::short::Renames;
    ///
    /// let renames = Renames::new([("dns-records_*", "*"), ("*_Zone_*", "*Site*")])?;
    /// assert_eq!(renames.apply("dns-records_record").as_deref(), Some("record"));
    /// assert_eq!(renames.apply("a_Zone_b").as_deref(), Some("aSiteb"));
    /// assert_eq!(renames.apply("record"), None);
    /// # Ok::<(), codegen::names::short::RenameError>(())
    /// ```
    pub fn apply(&self, name: &str) -> Option<String> {
        self.patterns.iter().find_map(|(pattern, new)| {
            let found = fit(pattern, name)?;
            let mut found = found.into_iter();
            let mut renamed = String::new();
            for (index, part) in new.split('*').enumerate() {
                if index > 0 {
                    renamed.push_str(found.next().unwrap_or_default());
                }
                renamed.push_str(part);
            }
            Some(renamed)
        })
    }

    /// The patterns that fit none of `names`: most likely misspelt.
    pub fn unused<'s>(&'s self, names: &[&str]) -> Vec<&'s str> {
        let patterns = self.patterns.iter().map(|(pattern, _)| pattern.as_str());
        patterns
            .filter(|pattern| names.iter().all(|name| fit(pattern, name).is_none()))
            .collect()
    }
}

/// What the stars of `pattern` stand for in `name`; each but the last takes as little
/// as it can. Nothing, if the pattern does not fit.
fn fit<'n>(pattern: &str, name: &'n str) -> Option<Vec<&'n str>> {
    let Some((start, rest)) = pattern.split_once('*') else {
        return (pattern == name).then(Vec::new);
    };
    let mut open = name.strip_prefix(start)?;
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop()?;
    let mut found = Vec::new();
    for part in parts {
        let at = open.find(part)?;
        found.push(&open[..at]);
        open = &open[at + part.len()..];
    }
    found.push(open.strip_suffix(end)?);
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pattern_with_the_most_text_decides() {
        let renames = Renames::new([("*", "Any*"), ("dns_*", "*"), ("dns_zone", "Zone")]).unwrap();
        assert_eq!(renames.apply("dns_zone").unwrap(), "Zone");
        assert_eq!(renames.apply("dns_record").unwrap(), "record");
        assert_eq!(renames.apply("other").unwrap(), "Anyother");
    }

    #[test]
    fn stars_take_their_text_in_order() {
        let renames = Renames::new([("a*b*c", "*-*")]).unwrap();
        assert_eq!(renames.apply("a1b2c").unwrap(), "1-2");
        assert_eq!(renames.apply("abc").unwrap(), "-");
        assert_eq!(renames.apply("ac"), None);
    }

    #[test]
    fn a_star_without_text_to_take_is_an_error_that_names_it() {
        let error = Renames::new([("dns", "*")]).unwrap_err();
        assert!(error.to_string().starts_with("`*` has more `*` than `dns`"));
    }

    #[test]
    fn a_pattern_that_fits_nothing_is_found() {
        let renames = Renames::new([("dns_*", "*"), ("dsn_*", "*")]).unwrap();
        assert_eq!(renames.unused(&["dns_zone", "other"]), ["dsn_*"]);
    }
}
