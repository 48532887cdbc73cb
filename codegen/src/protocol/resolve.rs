//! What document, plan and preset say, made one.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToShoutySnakeCase, ToSnakeCase};

use super::{
    Argument, Credential, Declared, DeclaredScheme, ErrorPage, Placement, Preset, Protocol, Scheme,
    SecuritySource, TRANSIENT_STATUSES, absolute,
};
use crate::names;
use crate::plan::{self, Plan};

/// Names that the methods of a builder have for other reasons.
const TAKEN: [&str; 22] = [
    "backoff",
    "base_url",
    "build",
    "connect_timeout",
    "credentials",
    "default",
    "from",
    "header",
    "hook",
    "http_builder",
    "http_client",
    "into",
    "max_body",
    "max_retries",
    "new",
    "plain_http",
    "proxy",
    "query",
    "rate_limit",
    "rate_limiter",
    "read_env",
    "root_certificate",
];

/// Why no protocol can be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The plan's `preset` is none.
    #[error(transparent)]
    Plan(#[from] plan::Error),
    /// The preset is for other servers than the document's.
    #[error(
        "{file}:{line}: the preset `{preset}` is for {servers}, but the document's server is `{server}`; a client would send the credentials of the one to the other: remove the preset, or correct the server"
    )]
    ForeignServer {
        /// The name of the plan's file.
        file: String,
        /// The line of the entry, from 1.
        line: usize,
        /// The preset.
        preset: String,
        /// The preset's servers.
        servers: String,
        /// The document's server.
        server: String,
    },
    /// A preset cannot be read; a defect of codegen.
    #[error("a preset cannot be read, which is a defect of codegen: {0}")]
    Preset(#[from] toml::de::Error),
}

/// What a document declares and a client does not follow, for the report.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Note {
    /// Where in the document, as a JSON pointer.
    pub pointer: String,
    /// What is not followed, and what to do about it.
    pub text: String,
}

/// Makes the protocol of the API that `declared` is of, as `plan` wants it.
///
/// # Errors
///
/// A preset that does not exist, or one for other servers than the document's.
pub fn resolve(declared: &Declared, plan: &Plan) -> Result<(Protocol, Vec<Note>), Error> {
    let mut notes = Vec::new();
    let server = declared.server.as_deref().and_then(|server| {
        let usable = usable_server(server);
        if let Err(why) = usable {
            notes.push(Note {
                pointer: "/servers/0/url".to_owned(),
                text: format!(
                    "`{server}` {why}, so a client has no base URL of its own: callers must give one, or the document must name a server such as `https://api.example.com`"
                ),
            });
        }
        usable.ok().map(|()| server.trim_end_matches('/'))
    });
    if declared.server.is_none() {
        notes.push(Note {
            pointer: String::new(),
            text: "the document names no server, so callers must give a base URL".to_owned(),
        });
    }
    let preset = preset(server, plan)?;
    let known_servers = preset.as_ref().map(|preset| preset.servers.clone());
    let prefix = match &preset {
        Some(preset) => preset.environment.clone(),
        None => plan.package.name.to_shouty_snake_case(),
    };
    let base_url = server.map(str::to_owned);
    let base_url_variable = format!("{prefix}_BASE_URL");
    let mut protocol = match preset {
        Some(preset) => Protocol {
            base_url: base_url
                .or_else(|| preset.servers.first().cloned())
                .unwrap_or_default(),
            schemes: preset.schemes(),
            preset: Some(preset.name),
            credentials: preset.credentials,
            security: preset.security,
            envelope: preset.envelope,
            pages: preset.pages,
            request_id: preset.request_id,
            transient_statuses: preset.transient_statuses,
            codes: preset.codes,
            error_page: preset.error_page,
            rate_limit: preset.rate_limit,
            servers: Vec::new(),
            permissions: preset.permissions,
            base_url_variable,
        },
        None => Protocol {
            base_url: base_url.unwrap_or_default(),
            base_url_variable,
            schemes: schemes(declared, &prefix, &mut notes),
            transient_statuses: TRANSIENT_STATUSES.to_vec(),
            error_page: ErrorPage::default(),
            ..Protocol::default()
        },
    };
    if protocol.preset.is_none() {
        protocol.credentials = credentials(declared, &protocol.schemes);
        if !declared.says_security && !protocol.schemes.is_empty() {
            protocol.security = SecuritySource::Client;
            notes.push(Note {
                pointer: "/security".to_owned(),
                text: "the document declares security schemes and never says which operation needs one, so every call sends the credentials of its client".to_owned(),
            });
        }
    }
    protocol.servers = servers(
        declared,
        &protocol.base_url,
        known_servers.as_deref(),
        &mut notes,
    );
    if plan.envelope.is_some() {
        protocol.envelope.clone_from(&plan.envelope);
    }
    if plan.pages.is_some() {
        protocol.pages.clone_from(&plan.pages);
    }
    Ok((protocol, notes))
}

/// The servers of operations that are not below `base_url`. Credentials go there, so
/// where the API's own servers are known, it has to be one of their hosts.
fn servers(
    declared: &Declared,
    base_url: &str,
    known: Option<&[String]>,
    notes: &mut Vec<Note>,
) -> Vec<String> {
    let mut servers: Vec<String> = Vec::new();
    for (pointer, server) in &declared.of_operations {
        let url = absolute(server, base_url);
        if url == base_url || servers.contains(&url) {
            continue;
        }
        let is_foreign = |known: &[String]| known.iter().all(|it| host(it) != host(&url));
        let problem = match usable_server(&url) {
            Err(why) => Some(why),
            Ok(()) if is_https(base_url) && !is_https(&url) => {
                Some("is http beside a base URL that is https")
            }
            Ok(()) if known.is_some_and(is_foreign) => {
                Some("is not a host of the preset's, and credentials go to those alone")
            }
            Ok(()) => None,
        };
        match problem {
            None => servers.push(url),
            Some(why) => notes.push(Note {
                pointer: format!("{pointer}/servers"),
                text: format!(
                    "`{server}` {why}, so the operation is called at the base URL of its client"
                ),
            }),
        }
    }
    servers
}

fn is_https(url: &str) -> bool {
    host(url).starts_with("https://")
}

/// The scheme, host and port of a URL.
fn host(url: &str) -> String {
    let end = url.find("://").map_or(0, |at| at + 3);
    let end = url[end..].find('/').map_or(url.len(), |at| end + at);
    url[..end].to_ascii_lowercase()
}

/// The preset that the plan names, or else that of the document's server.
fn preset(server: Option<&str>, plan: &Plan) -> Result<Option<Preset>, Error> {
    let Some(name) = &plan.preset else {
        return Ok(server.and_then(Preset::of_server).transpose()?);
    };
    let Some(preset) = Preset::named(name).transpose()? else {
        let error = plan.matches_nothing("", "preset", name, "preset", Preset::names());
        return Err(error.into());
    };
    match server {
        Some(server) if !preset.serves(server) => Err(Error::ForeignServer {
            file: plan.file.clone(),
            line: plan.line_of("", "preset"),
            preset: name.clone(),
            servers: preset.servers.join(", "),
            server: server.to_owned(),
        }),
        _ => Ok(Some(preset)),
    }
}

/// Whether a client can send requests below `url`; if not, what it is.
fn usable_server(url: &str) -> Result<(), &'static str> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Err("is no absolute URL");
    };
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return Err("is neither https nor http");
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || host.contains(['{', '}', '@', ' ']) {
        return Err("has no host that could be called");
    }
    if rest.contains(|c: char| c.is_whitespace() || c.is_control()) || rest.contains(['?', '#']) {
        return Err("has a query, a fragment or white space");
    }
    Ok(())
}

/// The declared schemes that clients know, with the variables that hold their
/// secrets.
fn schemes(declared: &Declared, prefix: &str, notes: &mut Vec<Note>) -> Vec<Scheme> {
    let mut schemes = Vec::with_capacity(declared.schemes.len());
    let mut taken = BTreeSet::from([format!("{prefix}_BASE_URL")]);
    for DeclaredScheme {
        name,
        pointer,
        placement,
    } in &declared.schemes
    {
        let placement = match placement {
            Ok(placement) => placement.clone(),
            Err(kind) => {
                notes.push(Note {
                    pointer: pointer.clone(),
                    text: format!(
                        "a security scheme of the type `{kind}` is not followed; callers can send what it needs as a header of their own"
                    ),
                });
                continue;
            }
        };
        let mut variable = format!(
            "{prefix}_{}",
            names::value_name(name).to_shouty_snake_case()
        );
        let mut number = 2_usize;
        while taken.contains(&variable) {
            variable = format!(
                "{prefix}_{}_{number}",
                names::value_name(name).to_shouty_snake_case()
            );
            number += 1;
        }
        taken.insert(variable.clone());
        let variables = match placement {
            Placement::Basic => vec![
                format!("{variable}_USERNAME"),
                format!("{variable}_PASSWORD"),
            ],
            _ => vec![variable],
        };
        schemes.push(Scheme {
            name: name.clone(),
            placement,
            variables,
        });
    }
    schemes
}

/// A way to authenticate for each requirement that the schemes can meet.
fn credentials(declared: &Declared, schemes: &[Scheme]) -> Vec<Credential> {
    let known: BTreeMap<&str, &Scheme> = schemes
        .iter()
        .map(|scheme| (scheme.name.as_str(), scheme))
        .collect();
    let mut wanted: Vec<Vec<&Scheme>> = Vec::new();
    let mut add = |together: Vec<&'_ str>| {
        let together: Option<Vec<&Scheme>> = together
            .iter()
            .map(|name| known.get(name).copied())
            .collect();
        if let Some(together) = together.filter(|together| !together.is_empty())
            && !wanted.contains(&together)
        {
            wanted.push(together);
        }
    };
    for requirement in &declared.requirements {
        add(requirement.iter().map(String::as_str).collect());
    }
    if !declared.says_security {
        schemes.iter().for_each(|scheme| add(vec![&scheme.name]));
    }
    let mut scope = names::Scope::with_reserved(TAKEN);
    wanted
        .into_iter()
        .map(|together| {
            let method: Vec<String> = together.iter().map(|one| word(one, schemes)).collect();
            Credential {
                method: scope.claim_value(&method.join("_and_")),
                doc: sentence(&together),
                arguments: arguments(&together, schemes),
            }
        })
        .collect()
}

/// What a builder calls a scheme: after what it is where that is clear.
fn word(scheme: &Scheme, schemes: &[Scheme]) -> String {
    let same = |other: &&Scheme| {
        std::mem::discriminant(&other.placement) == std::mem::discriminant(&scheme.placement)
    };
    let is_only = schemes.iter().filter(same).count() == 1;
    match scheme.placement {
        Placement::Bearer if is_only => "token".to_owned(),
        Placement::Basic if is_only => "basic_auth".to_owned(),
        _ => names::value_name(&scheme.name),
    }
}

fn sentence(together: &[&Scheme]) -> String {
    let parts: Vec<String> = together
        .iter()
        .map(|scheme| match &scheme.placement {
            Placement::Bearer => "a bearer token".to_owned(),
            Placement::Basic => "a name and a password".to_owned(),
            Placement::Header { name } => format!("the key that goes into the header `{name}`"),
            Placement::Query { name } => {
                format!("the key that goes into the query parameter `{name}`")
            }
            Placement::Cookie { name } => format!("the key that goes into the cookie `{name}`"),
        })
        .collect();
    parts.join(" and ")
}

fn arguments(together: &[&Scheme], schemes: &[Scheme]) -> Vec<Argument> {
    let mut scope = names::Scope::with_reserved(["self"]);
    let mut arguments = Vec::with_capacity(together.len());
    for scheme in together {
        let mut add = |name: &str, secret| {
            arguments.push(Argument {
                name: scope.claim_value(name),
                scheme: scheme.name.clone(),
                secret,
            });
        };
        match scheme.placement {
            Placement::Basic => {
                add("username", false);
                add("password", true);
            }
            _ if together.len() == 1 && word(scheme, schemes).ends_with("token") => {
                add("token", true);
            }
            _ if together.len() == 1 => add("key", true),
            _ => add(&scheme.name.to_snake_case(), true),
        }
    }
    arguments
}

#[cfg(test)]
#[path = "resolve/tests.rs"]
mod tests;
