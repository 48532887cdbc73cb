//! Splits text into words, and writes words as names of Rust.
//!
//! Everything that becomes a public name passes through here, so that one
//! spelling in a document always gives one name. Each name is its own name:
//! what is made of a name that was made here is that name again.

use heck::ToUpperCamelCase;

/// Words that are written in mixed case but are one word, and are never split.
const MIXED: [&str; 16] = [
    "DoH",
    "DoT",
    "GitHub",
    "GitLab",
    "GraphQL",
    "IPv4",
    "IPv6",
    "JavaScript",
    "LinkedIn",
    "MySQL",
    "NoSQL",
    "OAuth",
    "PayPal",
    "PostgreSQL",
    "TypeScript",
    "macOS",
];

/// Pairs that a splitter of less care made out of one word.
const PARTED: [(&str, &str, &str); 13] = [
    ("do", "h", "doh"),
    ("graph", "ql", "graphql"),
    ("i", "os", "ios"),
    ("i", "pv4", "ipv4"),
    ("i", "pv6", "ipv6"),
    ("ip", "v4", "ipv4"),
    ("ip", "v6", "ipv6"),
    ("m", "tls", "mtls"),
    ("my", "sql", "mysql"),
    ("no", "sql", "nosql"),
    ("o", "auth", "oauth"),
    ("o", "auth1", "oauth1"),
    ("o", "auth2", "oauth2"),
];

/// Acronyms that have a plural: `ur_ls` is what is left of `URLs`, and `apis` is
/// a plural although words in `is` are none.
const ACRONYMS: [&str; 38] = [
    "acl", "ai", "api", "asn", "ca", "cdn", "cidr", "cname", "cpu", "crl", "csr", "dlp", "doi",
    "fqdn", "gpu", "gui", "id", "idp", "ip", "isp", "jwk", "jwt", "kpi", "lan", "nic", "os", "pdf",
    "pop", "sdk", "sku", "sla", "tld", "ui", "uri", "url", "uuid", "vm", "vpc",
];

/// The words of `text`, in lower case and in ASCII; at least one, whatever it is
/// made of.
///
/// ```
/// use codegen::names::words::words;
///
/// assert_eq!(words("requireSignedURLs"), ["require", "signed", "urls"]);
/// assert_eq!(words("access-short-lived-certificate-c-as").last().unwrap(), "cas");
/// assert_eq!(words("Größe (mTLS, IPv6)"), ["grosse", "mtls", "ipv6"]);
/// ```
pub fn words(text: &str) -> Vec<String> {
    let text = text.trim();
    let ascii = deunicode::deunicode_with_tofu(text, " ");
    let mut found = Vec::new();
    for run in runs(&ascii) {
        split_case(&run, &mut found);
    }
    if found.is_empty() {
        return spelled(text);
    }
    while join_parted(&mut found) {}
    found
}

/// The name of a field, an argument, a function or a module, in snake case: an
/// identifier, never a keyword.
///
/// ```
/// use codegen::names::words::value_name;
///
/// assert_eq!(value_name("pageSize"), "page_size");
/// assert_eq!(value_name("type"), "type_");
/// ```
pub fn value_name(text: &str) -> String {
    snake(&words(text))
}

/// The name of a type or a variant, in upper camel case: an identifier, never a
/// keyword.
///
/// ```
/// use codegen::names::words::type_name;
///
/// assert_eq!(type_name("dns_record"), "DnsRecord");
/// assert_eq!(type_name("HTTPUrl"), "HttpUrl");
/// ```
pub fn type_name(text: &str) -> String {
    camel(&words(text))
}

/// The words as a snake-case identifier; see [`value_name`].
pub fn snake<S: AsRef<str>>(words: &[S]) -> String {
    let name = join(words, "_");
    match name.bytes().next() {
        None => "blank".to_owned(),
        Some(b'0'..=b'9') => format!("n{name}"),
        Some(_) if is_keyword(&name) => format!("{name}_"),
        Some(_) => name,
    }
}

/// The words as a name with dashes: of a crate, a feature, a file.
pub fn kebab<S: AsRef<str>>(words: &[S]) -> String {
    let name = join(words, "-");
    match name.bytes().next() {
        None => "blank".to_owned(),
        Some(b'0'..=b'9') => format!("n{name}"),
        Some(_) => name,
    }
}

/// The words as an upper-camel-case identifier; see [`type_name`].
pub fn camel<S: AsRef<str>>(words: &[S]) -> String {
    let mut name = capitalised(words);
    // Short words may grow together (`a`, `b`, `plan` as `ABPlan` has the words `ab`
    // and `plan`). That ends, since words only ever become longer. The backend of
    // the types brings names into camel case once more, and must find nothing to do.
    for _ in 0..name.len() {
        let again = capitalised(&self::words(&name)).to_upper_camel_case();
        if again == name {
            break;
        }
        name = again;
    }
    match name.bytes().next() {
        None => "Blank".to_owned(),
        Some(b'0'..=b'9') => format!("N{name}"),
        Some(_) if name == "Self" => "SelfValue".to_owned(),
        Some(_) => name,
    }
}

/// Whether Rust 2024 keeps `name` for itself.
pub fn is_keyword(name: &str) -> bool {
    const KEYWORDS: [&str; 53] = [
        "Self", "_", "abstract", "as", "async", "await", "become", "box", "break", "const",
        "continue", "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for",
        "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut",
        "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait",
        "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while",
        "yield",
    ];
    KEYWORDS.binary_search(&name).is_ok()
}

/// Whether `word` is an acronym that takes an `s` for its plural.
pub(super) fn is_acronym(word: &str) -> bool {
    ACRONYMS.binary_search(&word).is_ok()
}

fn join<S: AsRef<str>>(words: &[S], between: &str) -> String {
    let mut name = String::new();
    for word in words {
        if !name.is_empty() {
            name.push_str(between);
        }
        name.push_str(word.as_ref());
    }
    name
}

fn capitalised<S: AsRef<str>>(words: &[S]) -> String {
    let mut name = String::new();
    for word in words {
        let mut characters = word.as_ref().chars();
        if let Some(first) = characters.next() {
            name.push(first.to_ascii_uppercase());
            name.push_str(characters.as_str());
        }
    }
    name
}

/// The runs of letters and digits in `text`. Symbols that tell texts apart (`<`,
/// `<=`) are runs too, written out; an apostrophe parts nothing.
fn runs(text: &str) -> Vec<String> {
    let mut runs = vec![String::new()];
    let mut characters = text.char_indices().peekable();
    while let Some((index, character)) = characters.next() {
        let word = match character {
            // A sign, as of `-1` or of `-created_on`, which sorts downwards.
            '-' if index == 0 && text.len() > 1 => "minus",
            '<' => "less",
            '>' => "greater",
            '=' => "equal",
            '*' => "star",
            '+' => "plus",
            '!' => "not",
            '%' => "percent",
            '&' => "and",
            '\'' => {
                // `user'-s` was `user's` before it was split.
                let rest = &text[index + 1..];
                let is_parted = rest.starts_with("-s") || rest.starts_with("_s");
                let after = rest.chars().nth(2);
                if is_parted && after.is_none_or(|next| !next.is_ascii_alphanumeric()) {
                    characters.next();
                }
                continue;
            }
            other if other.is_ascii_alphanumeric() => {
                if let Some(run) = runs.last_mut() {
                    run.push(other);
                }
                continue;
            }
            _ => {
                runs.push(String::new());
                continue;
            }
        };
        runs.push(word.to_owned());
        runs.push(String::new());
    }
    runs.retain(|run| !run.is_empty());
    // A sign alone says nothing.
    if runs.len() == 1 && runs[0] == "minus" {
        runs.clear();
    }
    runs
}

/// Adds the words of a run of letters and digits, told apart by their case.
fn split_case(run: &str, words: &mut Vec<String>) {
    let mut rest = run;
    while !rest.is_empty() {
        let is_first = rest.len() == run.len();
        let length = mixed_word(rest).unwrap_or_else(|| cased_word(rest.as_bytes(), is_first));
        let (word, after) = rest.split_at(length.clamp(1, rest.len()));
        words.push(word.to_ascii_lowercase());
        rest = after;
    }
}

/// The length of the word of mixed case at the start, with its digits and its
/// plural's `s`.
fn mixed_word(rest: &str) -> Option<usize> {
    let length = MIXED.iter().find(|word| rest.starts_with(**word))?.len();
    let bytes = &rest.as_bytes()[length..];
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let plural = usize::from(bytes.get(digits) == Some(&b's'));
    let next = bytes.get(digits + plural);
    next.is_none_or(u8::is_ascii_uppercase)
        .then_some(length + digits + plural)
}

/// The length of the word at the start of `run`, which is of letters and digits.
fn cased_word(run: &[u8], is_first: bool) -> usize {
    let is_lower = |at: usize| run.get(at).is_some_and(u8::is_ascii_lowercase);
    let is_upper = |at: usize| run.get(at).is_some_and(u8::is_ascii_uppercase);
    let until_upper = |from: usize| {
        let rest = run.iter().skip(from);
        from + rest.take_while(|byte| !byte.is_ascii_uppercase()).count()
    };
    // One small letter before capitals belongs to them: `mTLS`, `iOS`.
    let small = usize::from(is_first && is_lower(0) && is_upper(1) && is_upper(2));
    if small == 0 && is_lower(0) {
        return until_upper(0);
    }
    let capitals = run.iter().skip(small);
    let end = small
        + capitals
            .take_while(|byte| !byte.is_ascii_lowercase())
            .count();
    if end == run.len() {
        return end;
    }
    // The plural of an acronym: `URLs`, `IPsOfZone`.
    let is_plural = run[end] == b's' && !is_lower(end + 1) && is_upper(end - 1) && end >= 2;
    if is_plural {
        return end + 1;
    }
    let last = end - 1;
    if last > 0 && is_upper(last) {
        // The last capital begins the next word: `HTTP` and `Url`.
        last
    } else {
        until_upper(end)
    }
}

/// Joins the first words that once were one; whether there were any.
fn join_parted(words: &mut Vec<String>) -> bool {
    for at in 1..words.len() {
        let (left, right) = (&words[at - 1], &words[at]);
        let parted = PARTED
            .iter()
            .find(|(first, second, _)| first == left && second == right)
            .map(|(_, _, whole)| (*whole).to_owned());
        let plural = || {
            let letter = right.strip_suffix('s').filter(|rest| rest.len() == 1)?;
            is_acronym(&format!("{left}{letter}")).then(|| format!("{left}{right}"))
        };
        if let Some(whole) = parted.or_else(plural) {
            words[at - 1] = whole;
            words.remove(at);
            return true;
        }
        // `m-p-4` was `MP4`.
        let is_letter = |word: &String| word.len() == 1 && word.as_bytes()[0].is_ascii_lowercase();
        let number = words.get(at + 1);
        if let Some(number) = number.filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
            && is_letter(left)
            && is_letter(right)
        {
            words[at - 1] = format!("{left}{right}{number}");
            words.drain(at..=at + 1);
            return true;
        }
    }
    false
}

/// Words for what has no letter in it.
fn spelled(text: &str) -> Vec<String> {
    let words: Vec<String> = text
        .chars()
        .map(|character| match character {
            '-' => "dash".to_owned(),
            '_' => "underscore".to_owned(),
            '.' => "dot".to_owned(),
            ',' => "comma".to_owned(),
            ':' => "colon".to_owned(),
            ';' => "semicolon".to_owned(),
            '/' => "slash".to_owned(),
            '\\' => "backslash".to_owned(),
            '#' => "hash".to_owned(),
            '@' => "at".to_owned(),
            '$' => "dollar".to_owned(),
            '?' => "question".to_owned(),
            '~' => "tilde".to_owned(),
            '|' => "pipe".to_owned(),
            '^' => "caret".to_owned(),
            '\'' | '"' | '`' => "quote".to_owned(),
            '(' | ')' => "parenthesis".to_owned(),
            '[' | ']' => "bracket".to_owned(),
            '{' | '}' => "brace".to_owned(),
            other if other.is_whitespace() => "space".to_owned(),
            other => format!("u{:x}", u32::from(other)),
        })
        .collect();
    if words.is_empty() {
        return vec!["blank".to_owned()];
    }
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spaced(text: &str) -> String {
        words(text).join(" ")
    }

    #[test]
    fn tables_that_are_searched_are_sorted() {
        assert!(ACRONYMS.is_sorted());
        let keywords = [
            "abstract", "gen", "yield", "self", "Self", "_", "try", "box",
        ];
        assert!(keywords.into_iter().all(is_keyword));
        assert!(!is_keyword("union") && !is_keyword("Type"));
    }

    #[test]
    fn acronyms_are_one_word() {
        for (text, expected) in [
            ("URLs", "urls"),
            ("CAs", "cas"),
            ("mTLS", "mtls"),
            ("IPs", "ips"),
            ("HTTPUrl", "http url"),
            ("HTTPUrls", "http urls"),
            ("OAuth2", "oauth2"),
            ("OAuth2Token", "oauth2 token"),
            ("DoH", "doh"),
            ("IPv6", "ipv6"),
            ("allowIPv6Only", "allow ipv6 only"),
            ("IPsOfZone", "ips of zone"),
            ("MP4Downloads", "mp4 downloads"),
            ("E2E", "e2e"),
            ("2FA", "2fa"),
            ("base64Url", "base64 url"),
            ("iOS", "ios"),
            ("GraphQL", "graphql"),
            ("RequireSSL", "require ssl"),
            ("x1-y", "x1 y"),
            ("userID", "user id"),
            ("IsActive", "is active"),
        ] {
            assert_eq!(spaced(text), expected, "{text}");
        }
    }

    #[test]
    fn acronyms_that_were_taken_apart_are_put_together() {
        for (text, expected) in [
            ("require_signed_ur_ls", "require_signed_urls"),
            (
                "access-short-lived-certificate-c-as",
                "access_short_lived_certificate_cas",
            ),
            (
                "secondary-dns-(-acl)-list-ac-ls",
                "secondary_dns_acl_list_acls",
            ),
            ("m-tls-certificate", "mtls_certificate"),
            ("stream-m-p-4-downloads", "stream_mp4_downloads"),
            ("o_auth_2", "oauth_2"),
            ("user'-s-organizations", "users_organizations"),
            // These were two words from the start.
            ("save_as", "save_as"),
            ("contact-us", "contact_us"),
            ("what_it_is", "what_it_is"),
        ] {
            assert_eq!(value_name(text), expected, "{text}");
        }
    }

    #[test]
    fn text_of_other_scripts_is_transliterated_and_nothing_is_without_a_word() {
        assert_eq!(value_name("größe"), "grosse");
        assert_eq!(value_name("éàü"), "eau");
        assert_eq!(value_name("北京"), "bei_jing");
        assert_eq!(value_name("Привет"), "privet");
        assert_eq!(value_name("."), "dot");
        assert_eq!(value_name("_"), "underscore");
        assert_eq!(value_name(""), "blank");
        assert_eq!(type_name(""), "Blank");
        assert_eq!(type_name("\u{e000}"), "Ue000");
    }

    #[test]
    fn symbols_that_differ_become_names_that_differ() {
        let texts = ["<", "<=", ">", ">=", "==", "*", "", "1", "-1", "-", "."];
        let names: std::collections::BTreeSet<_> = texts.into_iter().map(type_name).collect();
        assert_eq!(names.len(), texts.len(), "{names:?}");
    }

    #[test]
    fn keywords_and_digits_give_identifiers() {
        assert_eq!(value_name("type"), "type_");
        assert_eq!(value_name("Self"), "self_");
        assert_eq!(type_name("self"), "SelfValue");
        assert_eq!(value_name("9lives"), "n9lives");
        assert_eq!(type_name("9lives"), "N9lives");
        assert_eq!(kebab(&words("DNS Records")), "dns-records");
    }

    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            "\\PC{0,24}",
            "[a-zA-Z0-9_ -]{0,24}",
            "(URLs|IPs?|mTLS|c|as|ur|ls|OAuth|m|p|4|IPv6|a|b|[A-Z][a-z]{0,3}|-|_|'-s){0,8}",
        ]
    }

    proptest! {
        #[test]
        fn a_name_is_its_own_name_and_always_an_identifier(text in texts()) {
            let value = value_name(&text);
            prop_assert_eq!(value_name(&value), value.clone());
            prop_assert!(syn::parse_str::<syn::Ident>(&value).is_ok(), "{}", value);
            prop_assert!(!is_keyword(&value) && value != "empty" || text.contains("empty"));

            let ty = type_name(&text);
            prop_assert_eq!(type_name(&ty), ty.clone());
            prop_assert_eq!(ty.to_upper_camel_case(), ty.clone());
            prop_assert!(syn::parse_str::<syn::Ident>(&ty).is_ok(), "{}", ty);
        }

        #[test]
        fn the_words_of_a_name_are_the_words_that_it_was_made_of(text in texts()) {
            let found = words(&text);
            prop_assert_eq!(words(&found.join("_")), found.clone());
            prop_assert!(found.iter().all(|word| !word.is_empty()));
        }
    }
}
