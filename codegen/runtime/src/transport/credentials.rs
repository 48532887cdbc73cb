//! Credentials, and what they become in a request.

use std::fmt;

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use crate::encode::percent;
use crate::protocol::{Kind, Protocol, Scheme, Security};

/// A secret that a client was given for one scheme.
#[derive(Clone)]
pub(crate) enum Given {
    Secret(SecretString),
    /// A user and a password.
    Pair(String, SecretString),
}

/// All credentials of a client. Secrets are wiped when dropped and never printed.
#[derive(Default)]
pub(crate) struct Credentials {
    /// In the order in which they were given.
    held: Vec<Credential>,
    /// The schemes that a call uses whose operation names none.
    usual: &'static [&'static str],
}

struct Credential {
    scheme: &'static Scheme,
    place: Place,
}

/// Where a credential goes in a request.
enum Place {
    Header(HeaderName, HeaderValue),
    /// `name=value`, encoded.
    Query(Zeroizing<String>),
    Cookie(Zeroizing<String>),
}

/// The credentials of one call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chosen(&'static [&'static str]);

/// A scheme whose secret cannot be sent, by its name.
#[derive(Debug)]
pub(crate) struct Unsendable(pub &'static str);

impl Credentials {
    /// # Errors
    ///
    /// A value that no header can carry, such as one with a line break.
    pub fn new(
        given: Vec<(&'static Scheme, Given)>,
        protocol: &'static Protocol,
    ) -> Result<Self, Unsendable> {
        let mut held: Vec<Credential> = Vec::new();
        for (scheme, given) in given {
            let place = place(scheme, &given).ok_or(Unsendable(scheme.name))?;
            held.retain(|it| it.scheme.name != scheme.name);
            held.push(Credential { scheme, place });
        }
        let mut credentials = Self { held, usual: &[] };
        let usual = credentials.best(protocol.sets().into_iter(), |_| false);
        credentials.usual = usual.unwrap_or_default();
        Ok(credentials)
    }

    /// Whether there are some for calls whose operation names none.
    pub fn are_enough(&self) -> bool {
        !self.usual.is_empty()
    }

    /// Whether an HTTP client that follows a redirect to another host takes all of
    /// them out by itself.
    pub fn are_dropped_on_redirect(&self) -> bool {
        self.held.iter().all(|it| it.scheme.is_authorization())
    }

    /// Those of a call; `own` says which headers it brings itself.
    ///
    /// # Errors
    ///
    /// What the operation takes, where the client has nothing of it.
    pub fn choose(&self, security: Security, own: impl Fn(&str) -> bool) -> Result<Chosen, String> {
        match security {
            Security::Client => Ok(Chosen(self.usual)),
            Security::None => Ok(Chosen(&[])),
            Security::AnyOf(alternatives) => {
                let chosen = self.best(alternatives.iter().copied(), own);
                let missing = || either(alternatives.iter().map(|names| all_of(names, "`", "`")));
                chosen.map(Chosen).ok_or_else(missing)
            }
        }
    }

    /// The set that is there as a whole, and of several the one that was given last.
    fn best(
        &self,
        alternatives: impl Iterator<Item = &'static [&'static str]>,
        own: impl Fn(&str) -> bool,
    ) -> Option<&'static [&'static str]> {
        let position = |name: &str| {
            let found = self.held.iter().position(|it| it.scheme.name == name);
            found.map(|index| index + 1)
        };
        let mut best = None;
        for names in alternatives {
            let mut latest = 0;
            let is_whole = names.iter().all(|name| {
                let position = position(name).or_else(|| own(name).then_some(0));
                latest = latest.max(position.unwrap_or_default());
                position.is_some()
            });
            if is_whole && best.is_none_or(|(before, _)| latest > before) {
                best = Some((latest, names));
            }
        }
        best.map(|(_, names)| names)
    }

    fn of(&self, chosen: Chosen) -> impl Iterator<Item = &Credential> {
        let held = self.held.iter();
        held.filter(move |it| chosen.0.contains(&it.scheme.name))
    }

    /// Adds headers, unless one of that name is there. Clones of a value share one
    /// buffer, which is wiped with the last of them.
    pub fn add_headers(&self, chosen: Chosen, headers: &mut HeaderMap) {
        for credential in self.of(chosen) {
            match &credential.place {
                Place::Header(name, value) => {
                    headers.entry(name).or_insert_with(|| value.clone());
                }
                Place::Cookie(cookie) => add_cookie(headers, cookie),
                Place::Query(_) => {}
            }
        }
    }

    /// Adds query parameters, unless one of that name is there.
    pub fn add_parameters(&self, chosen: Chosen, url: &mut Url) {
        for credential in self.of(chosen) {
            let (Place::Query(pair), Kind::Query(name)) =
                (&credential.place, credential.scheme.kind)
            else {
                continue;
            };
            if url.query_pairs().any(|(known, _)| known == name) {
                continue;
            }
            let query = match url.query() {
                Some(query) if !query.is_empty() => format!("{query}&{}", pair.as_str()),
                _ => pair.to_string(),
            };
            url.set_query(Some(&query));
        }
    }
}

/// Adds a cookie to those of the request.
fn add_cookie(headers: &mut HeaderMap, cookie: &str) {
    let others = headers.get(COOKIE).map(HeaderValue::as_bytes);
    let mut text = Zeroizing::new(Vec::new());
    if let Some(others) = others {
        text.extend_from_slice(others);
        text.extend_from_slice(b"; ");
    }
    text.extend_from_slice(cookie.as_bytes());
    // Both are values of headers already.
    if let Ok(mut value) = HeaderValue::from_maybe_shared(Bytes::from_owner(text)) {
        value.set_sensitive(true);
        headers.insert(COOKIE, value);
    }
}

/// `a`, `both b and c`, `all of d, e and f`.
pub(crate) fn all_of(names: &[&str], before: &str, after: &str) -> String {
    let names: Vec<_> = names
        .iter()
        .map(|it| format!("{before}{it}{after}"))
        .collect();
    match names.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [one, other] => format!("both {one} and {other}"),
        [most @ .., last] => format!("all of {} and {last}", most.join(", ")),
    }
}

/// `a`, `a or b`, `a, b, or c`.
pub(crate) fn either(choices: impl Iterator<Item = String>) -> String {
    let choices: Vec<_> = choices.collect();
    match choices.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [one, other] => format!("{one} or {other}"),
        [most @ .., last] => format!("{}, or {last}", most.join(", ")),
    }
}

/// Where the secret goes; `None` if it cannot be sent.
fn place(scheme: &Scheme, given: &Given) -> Option<Place> {
    let secret = match given {
        Given::Secret(secret) => Zeroizing::new(secret.expose_secret().to_owned()),
        Given::Pair(user, password) => {
            Zeroizing::new(format!("{user}:{}", password.expose_secret()))
        }
    };
    Some(match scheme.kind {
        Kind::Bearer => Place::Header(AUTHORIZATION, value("Bearer ", &secret)?),
        Kind::Basic => {
            // A colon would end the user's name (RFC 7617, section 2).
            let is_broken = matches!(given, Given::Pair(user, _) if user.contains(':'));
            if is_broken || secret.contains(char::is_control) {
                return None;
            }
            Place::Header(AUTHORIZATION, value("Basic ", &base64(secret.as_bytes()))?)
        }
        Kind::Header(name) => Place::Header(HeaderName::try_from(name).ok()?, value("", &secret)?),
        Kind::Query(name) => {
            let mut pair = Zeroizing::new(String::with_capacity(name.len() + 3 * secret.len() + 1));
            percent::push(&mut pair, name);
            pair.push('=');
            percent::push(&mut pair, &secret);
            Place::Query(pair)
        }
        Kind::Cookie(name) => {
            if secret.contains(';') {
                return None;
            }
            let cookie = Zeroizing::new(format!("{name}={}", secret.as_str()));
            value("", &cookie)?;
            Place::Cookie(cookie)
        }
    })
}

fn value(scheme: &str, secret: &str) -> Option<HeaderValue> {
    // Of the final size at once: a buffer that grows leaves copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(scheme.len() + secret.len()));
    text.extend_from_slice(scheme.as_bytes());
    text.extend_from_slice(secret.as_bytes());
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(text)).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Base 64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> Zeroizing<String> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = Zeroizing::new(String::with_capacity(bytes.len().div_ceil(3) * 4));
    for three in bytes.chunks(3) {
        let part = |index: usize| three.get(index).copied().map_or(0, u32::from);
        let bits = part(0) << 16 | part(1) << 8 | part(2);
        for index in 0..4 {
            let digit = (bits >> (18 - 6 * index)) & 63;
            let is_padding = index > three.len();
            let digit = DIGITS.get(digit as usize).copied().unwrap_or(b'=');
            text.push(char::from(if is_padding { b'=' } else { digit }));
        }
    }
    text
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static PROTOCOL: Protocol = Protocol::new("")
        .schemes(&[
            Scheme::bearer("token"),
            Scheme::header("email", "X-Email"),
            Scheme::header("key", "X-Key"),
            Scheme::query("query", "api key"),
            Scheme::cookie("cookie", "sid"),
            Scheme::basic("basic"),
        ])
        .credentials(&[
            &["token"],
            &["email", "key"],
            &["query"],
            &["cookie"],
            &["basic"],
        ]);

    fn with(names: &[&str]) -> Credentials {
        let given = names.iter().map(|name| {
            let secret = Given::Secret(format!("{name}'s").into());
            (PROTOCOL.scheme(name).unwrap(), secret)
        });
        Credentials::new(given.collect(), &PROTOCOL).unwrap()
    }

    fn headers(credentials: &Credentials, security: Security) -> HeaderMap {
        let chosen = credentials.choose(security, |_| false).unwrap();
        let mut headers = HeaderMap::new();
        credentials.add_headers(chosen, &mut headers);
        headers
    }

    #[test]
    fn a_token_becomes_a_sensitive_bearer_header() {
        let headers = headers(&with(&["token"]), Security::Client);
        assert_eq!(headers[AUTHORIZATION], "Bearer token's");
        assert!(headers[AUTHORIZATION].is_sensitive());
    }

    #[test]
    fn of_several_sets_the_one_that_was_given_last_counts() {
        let later = headers(&with(&["token", "email", "key"]), Security::Client);
        assert_eq!(later.len(), 2);
        assert_eq!(later["x-key"], "key's");
        let later = headers(&with(&["email", "key", "token"]), Security::Client);
        assert_eq!(later.len(), 1);
        assert_eq!(later[AUTHORIZATION], "Bearer token's");
        let half = headers(&with(&["token", "email"]), Security::Client);
        assert_eq!(half.len(), 1);
        assert_eq!(half[AUTHORIZATION], "Bearer token's");
    }

    #[test]
    fn of_two_secrets_for_one_scheme_the_later_counts() {
        let scheme = PROTOCOL.scheme("token").unwrap();
        let given = ["first", "second"].map(|it| (scheme, Given::Secret(it.into())));
        let credentials = Credentials::new(given.to_vec(), &PROTOCOL).unwrap();
        let headers = headers(&credentials, Security::Client);
        assert_eq!(headers[AUTHORIZATION], "Bearer second");
    }

    #[test]
    fn of_sets_with_the_same_latest_credential_the_first_counts() {
        let both = with(&["email", "key"]);
        let alone = headers(&both, Security::AnyOf(&[&["key"], &["email", "key"]]));
        assert_eq!(alone.len(), 1);
        let together = headers(&both, Security::AnyOf(&[&["email", "key"], &["key"]]));
        assert_eq!(together.len(), 2);
    }

    #[test]
    fn an_operation_takes_what_it_asks_for() {
        let all = with(&["token", "email", "key", "query", "cookie", "basic"]);
        assert!(headers(&all, Security::None).is_empty());
        let both = headers(&all, Security::AnyOf(&[&["email", "key"]]));
        assert_eq!(both.len(), 2);
        assert_eq!(both["x-email"], "email's");
        let optional = with(&["token"]);
        let none = headers(&optional, Security::AnyOf(&[&[], &["key"]]));
        assert!(none.is_empty());
        let some = headers(&optional, Security::AnyOf(&[&[], &["token"]]));
        assert_eq!(some.len(), 1);
    }

    #[test]
    fn an_operation_of_whose_credentials_there_are_none_says_what_it_takes() {
        let token = with(&["token"]);
        let asked = Security::AnyOf(&[&["email", "key"], &["query"]]);
        let error = token.choose(asked, |_| false).unwrap_err();
        assert_eq!(error, "both `email` and `key` or `query`");
        assert!(token.choose(asked, |name| name != "query").is_ok());
    }

    #[test]
    fn a_key_goes_into_the_query_or_a_cookie_beside_what_is_there() {
        let query = with(&["query"]);
        let chosen = query.choose(Security::Client, |_| false).unwrap();
        let mut url = Url::parse("http://a.b/?x=1").unwrap();
        query.add_parameters(chosen, &mut url);
        assert_eq!(url.query(), Some("x=1&api%20key=query%27s"));
        query.add_parameters(chosen, &mut url);
        assert_eq!(url.query(), Some("x=1&api%20key=query%27s"));
        let cookie = with(&["cookie"]);
        let chosen = cookie.choose(Security::Client, |_| false).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("a=b"));
        cookie.add_headers(chosen, &mut headers);
        assert_eq!(headers[COOKIE], "a=b; sid=cookie's");
    }

    #[test]
    fn a_user_and_a_password_are_encoded() {
        for (user, password, text) in [
            ("Aladdin", "open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("a", "", "YTo="),
            ("a", "é", "YTrDqQ=="),
            ("", "b", "OmI="),
        ] {
            let scheme = PROTOCOL.scheme("basic").unwrap();
            let given = Given::Pair(user.to_owned(), password.into());
            let basic = Credentials::new(vec![(scheme, given)], &PROTOCOL).unwrap();
            let headers = headers(&basic, Security::Client);
            assert_eq!(headers[AUTHORIZATION], format!("Basic {text}"));
        }
    }

    #[test]
    fn a_value_that_cannot_be_sent_is_refused() {
        for (scheme, secret) in [
            ("token", "a\nb"),
            ("token", "a\rb"),
            ("key", "a\0b"),
            ("cookie", "a; b"),
            ("cookie", "a\n"),
            ("basic", "a:b\n"),
        ] {
            let given = vec![(
                PROTOCOL.scheme(scheme).unwrap(),
                Given::Secret(secret.into()),
            )];
            assert!(Credentials::new(given, &PROTOCOL).is_err(), "{scheme}");
        }
        let given = Given::Pair("a:b".to_owned(), "c".into());
        let given = vec![(PROTOCOL.scheme("basic").unwrap(), given)];
        assert!(Credentials::new(given, &PROTOCOL).is_err());
    }

    #[test]
    fn only_authorization_is_dropped_on_a_redirect() {
        for (name, is_dropped) in [
            ("token", true),
            ("basic", true),
            ("key", false),
            ("query", false),
            ("cookie", false),
        ] {
            assert_eq!(
                with(&[name]).are_dropped_on_redirect(),
                is_dropped,
                "{name}"
            );
        }
    }

    #[test]
    fn no_credential_shows_its_secret() {
        let given = Given::Pair("a@b.c".to_owned(), "s3cret".into());
        assert!(!format!("{given:?}").contains("s3cret"));
        let all = with(&["token", "cookie"]);
        let shown = format!(
            "{:?}",
            headers(&all, Security::AnyOf(&[&["token", "cookie"]]))
        );
        assert!(!shown.contains("'s"), "{shown}");
    }
}
