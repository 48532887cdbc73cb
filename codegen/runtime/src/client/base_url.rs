//! The URL that paths are below.

use reqwest::Url;

use crate::error::ConfigError;

/// Checks a base URL.
///
/// # Errors
///
/// One that is not `https`, or `http` to this machine; and one with a query, a
/// fragment or a user.
pub(crate) fn check(text: &str, plain_http: bool) -> Result<Url, ConfigError> {
    let text = text.trim();
    let parsed = Url::parse(text);
    let refuse = |why: &str| ConfigError::BaseUrl {
        // A user, a password or a query may be secret.
        url: match &parsed {
            Ok(url) if url.has_host() => {
                format!("{}://{}", url.scheme(), url.host_str().unwrap_or("…"))
            }
            _ => "…".to_owned(),
        },
        why: why.to_owned(),
    };
    if text.is_empty() {
        return Err(refuse("it is empty"));
    }
    if !text.contains("://") {
        return Err(refuse("it has no scheme; it has to begin with `https://`"));
    }
    let url = match &parsed {
        Ok(url) => url,
        Err(error) => return Err(refuse(&error.to_string())),
    };
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(url) || plain_http => {}
        "http" => {
            return Err(refuse(
                "credentials would go over the network in plain text",
            ));
        }
        _ => return Err(refuse("it is neither https nor http")),
    }
    let user = !url.username().is_empty() || url.password().is_some();
    if user || url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("it has a query, a fragment or a user"));
    }
    Ok(url.clone())
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// The environment variable that names a proxy for `url`, which is plain `http`.
pub(crate) fn proxy_variable(
    url: &Url,
    variable: impl Fn(&str) -> Option<String>,
) -> Option<&'static str> {
    let is_set = |name: &&str| variable(name).is_some_and(|value| !value.trim().is_empty());
    let names = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
    let proxy = names.into_iter().find(is_set)?;
    let exceptions = variable("no_proxy").or_else(|| variable("NO_PROXY"));
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_exception = exceptions.unwrap_or_default().split(',').any(|name| {
        let name = name.trim().trim_start_matches('.');
        let above = host.strip_suffix(name);
        name == "*"
            || (!name.is_empty() && above.is_some_and(|it| it.is_empty() || it.ends_with('.')))
    });
    (!is_exception).then_some(proxy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for url in [
            "http://localhost:1/x",
            "http://127.0.0.1",
            "http://[::1]:8080",
            "https://a.b",
            " https://a.b\n",
        ] {
            assert!(check(url, false).is_ok(), "{url}");
        }
        for url in [
            "http://a.b",
            "http://localhost.a.b",
            "http://127.0.0.1.a.b",
            "ftp://a.b",
            "x",
            "https://a.b?c=d",
            "https://u@a.b",
            "https://:p@a.b",
        ] {
            assert!(check(url, false).is_err(), "{url}");
        }
        assert!(check("http://a.b", true).is_ok());
    }

    #[test]
    fn a_base_url_without_a_scheme_says_so() {
        for url in ["api.example.com/v1", "localhost:8080", "/v1", "//a.b"] {
            let error = check(url, false).unwrap_err().to_string();
            assert!(
                error.contains("no scheme") && error.contains("`https://`"),
                "{error}"
            );
        }
        let error = check(" ", false).unwrap_err().to_string();
        assert!(error.contains("it is empty"), "{error}");
    }

    #[test]
    fn a_refused_base_url_is_named_without_its_secrets() {
        for url in [
            "https://u:s3cret@a.b",
            "https://a.b/?key=s3cret",
            "http://s3cret@",
            "u:s3cret@a.b",
        ] {
            let error = check(url, false).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn a_proxy_for_plain_http_is_found_in_the_environment() {
        let url = Url::parse("http://127.0.0.1:9/x").unwrap();
        let found = |pairs: &[(&str, &str)]| {
            proxy_variable(&url, |name| {
                let pair = pairs.iter().find(|(known, _)| *known == name);
                pair.map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(found(&[]), None);
        assert_eq!(found(&[("HTTP_PROXY", "p:1")]), Some("HTTP_PROXY"));
        assert_eq!(
            found(&[("all_proxy", "p:1"), ("no_proxy", "a.b, c")]),
            Some("all_proxy")
        );
        assert_eq!(found(&[("HTTPS_PROXY", "p:1"), ("HTTP_PROXY", "")]), None);
        for exception in ["127.0.0.1", "a, 127.0.0.1", "*"] {
            assert_eq!(
                found(&[("HTTP_PROXY", "p:1"), ("NO_PROXY", exception)]),
                None
            );
        }
    }
}
