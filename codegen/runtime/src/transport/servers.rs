//! Where requests go.

use reqwest::Url;

use crate::error::RequestProblem;

/// Where the requests of a client go.
pub(crate) struct Servers {
    /// The URL that paths are below.
    pub base_url: Url,
    /// Those that the protocol names besides, as it spells them; none where the caller
    /// has chosen a base URL, which then counts for every operation.
    pub others: Option<Vec<(&'static str, Url)>>,
}

impl Servers {
    /// Whether no request of the client is encrypted.
    pub fn are_plain(&self) -> bool {
        let others = self.others.iter().flatten().map(|(_, url)| url);
        let mut all = others.chain([&self.base_url]);
        all.all(|url| url.scheme() == "http")
    }

    /// The URL that the path of an operation is below whose own server is `own`.
    ///
    /// # Errors
    ///
    /// A server that the protocol does not name: it must get no credentials.
    pub fn url(&self, own: Option<&'static str>) -> Result<&Url, RequestProblem> {
        let (Some(own), Some(others)) = (own, &self.others) else {
            return Ok(&self.base_url);
        };
        let found = others.iter().find(|(named, _)| *named == own);
        let url = found.map(|(_, url)| url);
        url.ok_or_else(|| RequestProblem::Server(own.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_goes_without_roots_only_if_no_server_is_encrypted() {
        let url = |text: &str| Url::parse(text).unwrap();
        for (base_url, other, are_plain) in [
            ("http://localhost", "http://localhost:1", true),
            ("http://localhost", "https://a.b", false),
            ("https://a.b", "http://localhost", false),
        ] {
            let servers = Servers {
                base_url: url(base_url),
                others: Some(vec![(other, url(other))]),
            };
            assert_eq!(servers.are_plain(), are_plain, "{base_url} {other}");
        }
    }
}
