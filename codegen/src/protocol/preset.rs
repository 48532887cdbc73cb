//! What is known about one API beyond what its document says: data in
//! `codegen/presets`.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Deserialize;

use super::{
    Codes, Credential, EnvelopeKeys, ErrorPage, PageParameters, Placement, RequestId, Scheme,
    SecuritySource,
};

/// Every preset's text, by its name.
const PRESETS: [(&str, &str); 1] = [("cloudflare", include_str!("../../presets/cloudflare.toml"))];

/// What is known about one API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Its name in a plan.
    pub name: String,
    /// The API's servers; the first is the one that a client calls.
    pub servers: Vec<String>,
    /// The prefix of the environment variables that a client reads.
    pub environment: String,
    /// What an operation sends of the credentials.
    #[serde(default)]
    pub security: SecuritySource,
    /// A sentence about the server's rate limit.
    pub rate_limit: Option<String>,
    /// The extension of an operation that lists permissions.
    pub permissions: Option<String>,
    /// Statuses that say that the same request may succeed later.
    #[serde(default)]
    pub transient_statuses: Vec<u16>,
    /// Security schemes by their names.
    #[serde(default)]
    schemes: IndexMap<String, PresetScheme>,
    /// Ways to authenticate.
    #[serde(default)]
    pub credentials: Vec<Credential>,
    /// The members around a result.
    pub envelope: Option<EnvelopeKeys>,
    /// The query parameters that turn pages.
    pub pages: Option<PageParameters>,
    /// The header that identifies a request.
    pub request_id: Option<RequestId>,
    /// Codes of messages.
    #[serde(default)]
    pub codes: Codes,
    /// Responses that do not come from the API itself.
    #[serde(default)]
    pub error_page: ErrorPage,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct PresetScheme {
    #[serde(flatten)]
    placement: Placement,
    variable: String,
}

impl Preset {
    /// The preset called `name`.
    ///
    /// # Errors
    ///
    /// What is wrong with the preset's own text, which is a defect of codegen.
    pub fn named(name: &str) -> Option<Result<Self, toml::de::Error>> {
        let (_, text) = PRESETS.iter().find(|(known, _)| *known == name)?;
        Some(toml::from_str(text))
    }

    /// The preset one of whose servers is `url`.
    ///
    /// # Errors
    ///
    /// As [`Preset::named`].
    pub fn of_server(url: &str) -> Option<Result<Self, toml::de::Error>> {
        let presets = PRESETS.iter().filter_map(|(name, _)| Self::named(name));
        let mut matching = presets.filter(|preset| match preset {
            Ok(preset) => preset.serves(url),
            Err(_) => true,
        });
        matching.next()
    }

    /// Every name that a plan can choose.
    pub fn names() -> impl Iterator<Item = &'static str> {
        PRESETS.iter().map(|(name, _)| *name)
    }

    /// Whether `url` is one of the API's servers.
    pub fn serves(&self, url: &str) -> bool {
        let plain = |url: &str| url.trim_end_matches('/').to_ascii_lowercase();
        self.servers
            .iter()
            .any(|server| plain(server) == plain(url))
    }

    /// The security schemes that clients of the API use.
    pub fn schemes(&self) -> Vec<Scheme> {
        let schemes = self.schemes.iter().map(|(name, scheme)| Scheme {
            name: name.clone(),
            placement: scheme.placement.clone(),
            variables: vec![scheme.variable.clone()],
        });
        schemes.collect()
    }

    /// The placement of each scheme, by its name.
    pub fn placements(&self) -> BTreeMap<&str, &Placement> {
        let schemes = self.schemes.iter();
        schemes
            .map(|(name, scheme)| (name.as_str(), &scheme.placement))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_read_and_its_credentials_name_its_schemes() {
        for name in Preset::names() {
            let preset = Preset::named(name).expect("a preset").expect("readable");
            assert_eq!(preset.name, name);
            assert!(!preset.servers.is_empty(), "{name}");
            let schemes = preset.placements();
            for argument in preset.credentials.iter().flat_map(|it| &it.arguments) {
                assert!(
                    schemes.contains_key(argument.scheme.as_str()),
                    "{argument:?}"
                );
            }
        }
    }

    #[test]
    fn a_server_has_its_preset_and_one_that_only_begins_alike_has_none() {
        let of = |url| Preset::of_server(url).map(|preset| preset.expect("readable").name);
        let found = Some("cloudflare".to_owned());
        assert_eq!(of("https://api.cloudflare.com/client/v4"), found);
        assert_eq!(of("https://API.cloudflare.com/client/v4/"), found);
        for url in [
            "https://api.cloudflare.com.evil.example/client/v4",
            "http://api.cloudflare.com/client/v4",
            "https://api.cloudflare.com:8443/client/v4",
            "",
        ] {
            assert_eq!(of(url), None, "{url}");
        }
    }
}
