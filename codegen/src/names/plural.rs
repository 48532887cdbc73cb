//! One and many: `record` for `records`, and the way back.
//!
//! A small set of rules for the English of APIs. A word that no rule knows stays
//! as it is, which is always a legal name.

use super::words::is_acronym;

/// Words whose singular no rule gives, with their plural.
const IRREGULAR: [(&str, &str); 20] = [
    ("alias", "aliases"),
    ("analysis", "analyses"),
    ("axis", "axes"),
    ("basis", "bases"),
    ("bias", "biases"),
    ("cache", "caches"),
    ("canvas", "canvases"),
    ("child", "children"),
    ("cookie", "cookies"),
    ("datum", "data"),
    ("diagnosis", "diagnoses"),
    ("hero", "heroes"),
    ("index", "indexes"),
    ("index", "indices"),
    ("matrix", "matrices"),
    ("movie", "movies"),
    ("person", "people"),
    ("policy", "policies"),
    ("synopsis", "synopses"),
    ("vertex", "vertices"),
];

/// Words that are the same in both numbers, or end in `s` without being plurals.
const SAME: [&str; 48] = [
    "access",
    "analytics",
    "as",
    "aws",
    "billing",
    "bonus",
    "chaos",
    "corps",
    "cors",
    "css",
    "data",
    "ddos",
    "dns",
    "does",
    "ethics",
    "feedback",
    "gas",
    "gps",
    "graphics",
    "has",
    "health",
    "history",
    "https",
    "information",
    "inventory",
    "its",
    "js",
    "kubernetes",
    "lens",
    "logistics",
    "mathematics",
    "media",
    "metadata",
    "mms",
    "news",
    "os",
    "physics",
    "pops",
    "rss",
    "rtmps",
    "series",
    "sms",
    "software",
    "species",
    "statistics",
    "tls",
    "usage",
    "windows",
];

/// The singular of `word`, which is one word in lower case; itself if it is none of
/// many.
///
/// ```
/// use codegen::names::plural::singular;
///
/// assert_eq!(singular("policies"), "policy");
/// assert_eq!(singular("dns"), "dns");
/// ```
pub fn singular(word: &str) -> String {
    if SAME.binary_search(&word).is_ok() {
        return word.to_owned();
    }
    if let Some((one, _)) = IRREGULAR.iter().find(|(_, many)| *many == word) {
        return (*one).to_owned();
    }
    let Some(stem) = word.strip_suffix('s') else {
        return word.to_owned();
    };
    if is_acronym(stem) {
        return stem.to_owned();
    }
    if IRREGULAR.iter().any(|(one, _)| *one == word) || stem.len() < 2 {
        return word.to_owned();
    }
    // `access`, `status`, `analysis` are no plurals.
    if stem.ends_with(['s', 'u', 'i']) {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        if stem.len() > 1 {
            return format!("{stem}y");
        }
        return format!("{stem}ie");
    }
    for ending in ["sses", "shes", "ches", "xes", "zzes", "uses"] {
        // `uses` and `causes` end in a silent e, `statuses` does not.
        let is_silent = ending == "uses" && (word.len() < 6 || word.ends_with("auses"));
        if word.ends_with(ending) && !is_silent {
            return word[..word.len() - 2].to_owned();
        }
    }
    stem.to_owned()
}

/// The plural of `word`, which is one word in lower case; itself if it is one
/// already.
///
/// ```
/// use codegen::names::plural::plural;
///
/// assert_eq!(plural("policy"), "policies");
/// assert_eq!(plural("settings"), "settings");
/// ```
pub fn plural(word: &str) -> String {
    if is_plural(word) || SAME.binary_search(&word).is_ok() {
        return word.to_owned();
    }
    if let Some((_, many)) = IRREGULAR.iter().find(|(one, _)| *one == word) {
        return (*many).to_owned();
    }
    if word.ends_with(|last: char| last.is_ascii_digit()) {
        return word.to_owned();
    }
    let before = word.as_bytes().iter().nth_back(1);
    let is_vowel = before.is_some_and(|letter| b"aeiou".contains(letter));
    if let Some(stem) = word.strip_suffix('y')
        && !is_vowel
    {
        return format!("{stem}ies");
    }
    if word.ends_with(['s', 'x', 'z']) || word.ends_with("ch") || word.ends_with("sh") {
        return format!("{word}es");
    }
    format!("{word}s")
}

/// Whether `word` stands for many.
pub fn is_plural(word: &str) -> bool {
    singular(word) != word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_that_are_searched_are_sorted() {
        assert!(SAME.is_sorted());
    }

    #[test]
    fn many_become_one_and_one_becomes_many() {
        for (one, many) in [
            ("record", "records"),
            ("policy", "policies"),
            ("address", "addresses"),
            ("status", "statuses"),
            ("box", "boxes"),
            ("match", "matches"),
            ("cache", "caches"),
            ("database", "databases"),
            ("response", "responses"),
            ("license", "licenses"),
            ("index", "indexes"),
            ("key", "keys"),
            ("api", "apis"),
            ("uri", "uris"),
            ("ca", "cas"),
            ("id", "ids"),
            ("alias", "aliases"),
            ("analysis", "analyses"),
            ("use", "uses"),
            ("person", "people"),
            ("cookie", "cookies"),
        ] {
            assert_eq!(plural(one), many, "{one}");
            assert_eq!(singular(many), one, "{many}");
            assert!(is_plural(many), "{many}");
        }
        assert_eq!(singular("indices"), "index");
    }

    #[test]
    fn what_is_no_plural_stays_as_it_is() {
        for word in [
            "dns",
            "access",
            "status",
            "analysis",
            "this",
            "tls",
            "metadata",
            "kubernetes",
            "s",
            "",
            "analytics",
            "https",
            "series",
        ] {
            assert_eq!(singular(word), word);
        }
        assert_eq!(plural("settings"), "settings");
        assert_eq!(plural("layer3"), "layer3");
    }

    #[test]
    fn the_plural_of_a_plural_is_itself() {
        for word in ["record", "policy", "status", "box", "dns", "cas", "index"] {
            let many = plural(word);
            assert_eq!(plural(&many), many);
            assert_eq!(singular(&singular(&many)), singular(&many));
        }
    }
}
