//! A client as it is emitted: what generated code writes, and nothing else. It names
//! the runtime alone, as a crate does that has no other dependency.

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "it/support.rs"]
mod support;

/// What a generated crate has at its root.
mod client {
    use client_runtime::internal::{Core, CoreBuilder, Method};
    use client_runtime::protocol::{EnvelopeKeys, Protocol, Scheme};
    use client_runtime::secrecy::SecretString;

    pub use client_runtime::{CallOptions, Error, Pages, Request, Response};

    pub(crate) static PROTOCOL: Protocol = Protocol::new("https://api.example.com/v1")
        .user_agent(concat!(
            env!("CARGO_PKG_NAME"),
            "/",
            env!("CARGO_PKG_VERSION")
        ))
        .base_url_variable("EXAMPLE_BASE_URL")
        .schemes(&[
            Scheme::bearer("token").variable("EXAMPLE_TOKEN"),
            Scheme::basic("login").variables("EXAMPLE_USER", "EXAMPLE_PASSWORD"),
        ])
        .credentials(&[&["token"], &["login"]])
        .envelope(EnvelopeKeys {
            success: "success",
            errors: "errors",
            messages: "messages",
            result: "result",
            result_info: "result_info",
        });

    /// Calls the API.
    #[derive(Clone, Debug)]
    pub struct Client {
        core: Core,
    }

    impl Client {
        pub fn new(token: impl Into<SecretString>) -> Result<Self, Error> {
            Self::builder().token(token).build()
        }

        pub fn from_env() -> Result<Self, Error> {
            Self::builder().read_env()?.build()
        }

        pub fn builder() -> ClientBuilder {
            ClientBuilder::default()
        }

        pub fn request(&self, method: Method, path: impl Into<String>) -> Request {
            self.core.request(method, path)
        }

        pub(crate) fn core(&self) -> &Core {
            &self.core
        }
    }

    /// Choices about a client.
    #[derive(Debug)]
    #[must_use]
    pub struct ClientBuilder {
        core: CoreBuilder,
    }

    impl Default for ClientBuilder {
        fn default() -> Self {
            Self {
                core: CoreBuilder::new(&PROTOCOL),
            }
        }
    }

    impl ClientBuilder {
        pub fn token(mut self, token: impl Into<SecretString>) -> Self {
            self.core = self.core.credential("token", token);
            self
        }

        pub fn login(mut self, user: impl Into<String>, password: impl Into<SecretString>) -> Self {
            self.core = self.core.basic("login", user, password);
            self
        }

        client_runtime::builder_settings!();

        pub fn read_env(mut self) -> Result<Self, Error> {
            self.core = self.core.read_env()?;
            Ok(self)
        }

        pub fn build(self) -> Result<Client, Error> {
            let core = self.core.build()?;
            Ok(Client { core })
        }
    }

    pub mod types {
        pub use client_runtime::messages::*;

        use client_runtime::internal::serde::{self, Deserialize, Deserializer, Serialize};
        use client_runtime::internal::serde_json::Value;
        use client_runtime::internal::{Alternative, Choice, Tag};

        /// A schema of that name.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(crate = "self::serde")]
        pub struct Message {
            pub text: String,
        }

        #[derive(Clone, Debug, PartialEq)]
        pub enum Status {
            Active,
            Unknown(String),
        }

        impl Status {
            pub fn as_str(&self) -> &str {
                match self {
                    Self::Active => "active",
                    Self::Unknown(value) => value,
                }
            }
        }

        impl From<&str> for Status {
            fn from(value: &str) -> Self {
                match value {
                    "active" => Self::Active,
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }

        client_runtime::open_enum!(Status);

        client_runtime::formatted!(DateTime, client_runtime::jiff::Timestamp, "A moment.");
        client_runtime::formatted!(Uuid, client_runtime::uuid::Uuid, "An identifier.");

        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(crate = "self::serde")]
        pub struct Thing {
            #[serde(deserialize_with = "client_runtime::internal::integer")]
            pub size: u64,
            #[serde(
                default,
                deserialize_with = "client_runtime::internal::integer",
                skip_serializing_if = "Option::is_none"
            )]
            pub count: Option<i64>,
            #[serde(
                default,
                deserialize_with = "client_runtime::internal::nullable",
                skip_serializing_if = "Option::is_none"
            )]
            pub comment: Option<Option<String>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            pub id: Option<Uuid>,
            #[serde(skip_serializing_if = "Option::is_none")]
            pub created: Option<DateTime>,
            #[serde(skip_serializing_if = "Option::is_none")]
            pub status: Option<Status>,
        }

        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(crate = "self::serde", untagged)]
        pub enum App {
            Web(WebApp),
            Shell(ShellApp),
            Unknown(Value),
        }

        impl<'de> Deserialize<'de> for App {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut choice = Choice::read(deserializer)?;
                choice.offer(
                    Self::Web,
                    Alternative::new().examples(&[("type", &[Tag::Text("web")])]),
                );
                choice.offer(
                    Self::Shell,
                    Alternative::new().examples(&[("type", &[Tag::Text("shell")])]),
                );
                Ok(choice.or_unknown(Self::Unknown))
            }
        }

        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(crate = "self::serde")]
        pub struct WebApp {
            pub domain: String,
            pub r#type: String,
        }

        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(crate = "self::serde")]
        pub struct ShellApp {
            pub domain: String,
            pub r#type: String,
        }
    }

    pub mod things {
        use client_runtime::internal::{Envelope, Method, Operation, Paging, QueryStyle, Security};

        use super::{CallOptions, Client, Error, Pages, Request, Response, types};

        impl Client {
            pub fn get_thing(&self, id: impl AsRef<str>) -> GetThingCall {
                let mut request = Request::new(self.core(), &GET_THING);
                request.path_arg("id", id.as_ref());
                GetThingCall { request }
            }

            pub fn list_things(&self) -> ListThingsCall {
                let request = Request::new(self.core(), &LIST_THINGS);
                ListThingsCall { request }
            }

            pub fn change_thing(&self, id: impl AsRef<str>, size: u64) -> ChangeThingCall {
                let mut request = Request::new(self.core(), &CHANGE_THING);
                request.path_arg("id", id.as_ref());
                let body = types::Thing {
                    size,
                    ..types::Thing::default()
                };
                ChangeThingCall { request, body }
            }
        }

        static GET_THING: Operation = Operation::new("get-thing", Method::GET, "/things/{id}")
            .envelope(Envelope::Member)
            .security(Security::AnyOf(&[&["token"]]));

        #[derive(Clone, Debug)]
        #[must_use = "a call does nothing until it is sent"]
        pub struct GetThingCall {
            request: Request,
        }

        impl GetThingCall {
            pub async fn send(self) -> Result<Response<types::Thing>, Error> {
                self.request.send_json().await
            }
        }

        static LIST_THINGS: Operation = Operation::new("list-things", Method::GET, "/things")
            .envelope(Envelope::Member)
            .paging(Paging::new().page("page"));

        #[derive(Clone, Debug)]
        #[must_use = "a call does nothing until it is sent"]
        pub struct ListThingsCall {
            request: Request,
        }

        impl ListThingsCall {
            pub fn per_page(mut self, per_page: i64) -> Self {
                self.request.query("per_page", QueryStyle::Form, &per_page);
                self
            }

            pub fn options(mut self, options: CallOptions) -> Self {
                self.request.options(options);
                self
            }

            pub async fn send(self) -> Result<Response<Vec<types::App>>, Error> {
                self.request.send_json_or_default().await
            }

            pub fn into_stream(self) -> Pages<types::App> {
                self.request.into_pages()
            }
        }

        static CHANGE_THING: Operation =
            Operation::new("change-thing", Method::PATCH, "/things/{id}")
                .idempotent(true)
                .envelope(Envelope::Member);

        #[derive(Clone, Debug)]
        #[must_use = "a call does nothing until it is sent"]
        pub struct ChangeThingCall {
            request: Request,
            body: types::Thing,
        }

        impl ChangeThingCall {
            pub fn comment(mut self, comment: impl Into<String>) -> Self {
                self.body.comment = Some(Some(comment.into()));
                self
            }

            pub fn comment_null(mut self) -> Self {
                self.body.comment = Some(None);
                self
            }

            pub async fn send(mut self) -> Result<Response<types::Thing>, Error> {
                self.request.json(&self.body);
                self.request.send_json().await
            }
        }
    }
}

use std::time::Duration;

use client::Client;
use client::types::{App, Status};
use client_runtime::RateLimiter;
use serde_json::json;

use support::{SECRET, Server, http_settings, ok, refusal};

fn builder(server: &Server) -> client::ClientBuilder {
    Client::builder().token(SECRET).base_url(server.url())
}

#[tokio::test]
async fn a_call_gives_its_result_and_what_is_known_of_the_exchange() {
    let thing = json!({
        "size": 3.0, "count": 2.0, "comment": null, "status": "new",
        "id": "023e105f-4ece-f8ad-9ca3-1a8372d0c353", "created": "2026-01-02T03:04:05Z",
    });
    let server = Server::responding(vec![ok(thing)]).await;
    let client = builder(&server).build().unwrap();
    let call = client.get_thing("a/b");
    let again = call.clone();
    let thing = call.send().await.unwrap();
    assert_eq!((thing.size, thing.count), (3, Some(2)));
    assert_eq!(thing.comment, Some(None));
    assert_eq!(thing.status, Some(Status::Unknown("new".to_owned())));
    assert!(thing.id.as_ref().unwrap().value().is_some());
    assert!(thing.created.as_ref().unwrap().value().is_some());
    assert_eq!(thing.meta().status(), 200);
    assert_eq!(thing.meta().attempts(), 1);
    again.send().await.unwrap();
    assert_eq!(server.received()[1].target, "/v4/things/a%2Fb");
}

#[tokio::test]
async fn a_list_is_walked_and_its_unions_are_told_apart() {
    let items = json!([{ "domain": "d", "type": "shell" }, { "domain": "d", "type": "other" }]);
    let server = Server::responding(vec![ok(items), ok(json!([]))]).await;
    let client = builder(&server).build().unwrap();
    let call = client
        .list_things()
        .per_page(2)
        .options(client::CallOptions::new());
    let mut pages = call.into_stream();
    let shell = pages.next().await.unwrap().unwrap();
    assert!(matches!(shell, App::Shell(_)), "{shell:?}");
    let other = pages.next().await.unwrap().unwrap();
    assert!(matches!(other, App::Unknown(_)), "{other:?}");
    assert!(pages.next().await.is_none());
    let targets: Vec<_> = server.received().into_iter().map(|it| it.target).collect();
    let page = |number| format!("/v4/things?per_page=2&page={number}");
    assert_eq!(targets, [page(1), page(2)]);
    assert_eq!(client.list_things().send().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_body_has_what_was_set() {
    let server = Server::responding(vec![ok(json!({ "size": 1 }))]).await;
    let client = builder(&server).build().unwrap();
    let change = || client.change_thing("a", 1);
    change().comment("b").send().await.unwrap();
    change().comment_null().send().await.unwrap();
    change().send().await.unwrap();
    let received = server.received();
    let bodies = received.iter().map(|it| String::from_utf8_lossy(&it.body));
    let expected = [
        r#"{"size":1,"comment":"b"}"#,
        r#"{"size":1,"comment":null}"#,
        r#"{"size":1}"#,
    ];
    assert!(bodies.eq(expected));
    let request = client.request(reqwest::Method::GET, "/other");
    request.send_unit().await.unwrap();
}

#[test]
fn every_setting_is_handed_on() {
    let hook = {
        struct Nothing;
        impl client_runtime::Hook for Nothing {}
        Nothing
    };
    let second = Duration::from_secs(1);
    let builder = Client::builder().login("user", SECRET);
    let builder = builder.base_url("http://localhost").connect_timeout(second);
    let builder = builder.timeout(second).total_timeout(second).max_retries(1);
    let builder = builder
        .backoff(second, second)
        .max_body(7)
        .rate_limit(1, second);
    let builder = builder.rate_limiter(RateLimiter::new(9, second)).hook(hook);
    let builder = builder
        .header("a", "b")
        .query("c", SECRET)
        .user_agent("mine");
    let builder = builder
        .http_builder(http_settings())
        .proxy("http://localhost:1");
    let text = format!("{builder:?}");
    assert!(
        text.contains("max_body: 7") && text.contains("requests: 9"),
        "{text}"
    );
    assert!(!text.contains(SECRET), "{text}");
    let client = builder.allow_plain_http().build().unwrap();
    assert!(!format!("{client:?}").contains(SECRET));
    let ready = Client::builder()
        .token(SECRET)
        .http_client(http_settings().build().unwrap());
    assert!(ready.build().is_ok());
    let certificate = include_bytes!("tls/root.pem");
    let trusting = Client::builder()
        .token(SECRET)
        .root_certificate(&certificate[..]);
    assert!(trusting.build().is_ok());
    assert!(Client::new(SECRET).is_ok());
}

#[test]
fn a_schema_may_have_the_name_of_a_type_of_the_runtime() {
    let own = client::types::Message {
        text: "own".to_owned(),
    };
    assert_eq!(own.text, "own");
    assert_eq!(client::types::PageInfo::default().page, None);
}

#[test]
fn a_client_says_which_variables_it_reads() {
    let error = Client::from_env().unwrap_err().to_string();
    assert!(error.contains("EXAMPLE_TOKEN"), "{error}");
}

#[tokio::test]
async fn a_failed_test_of_a_caller_prints_a_sentence() {
    let server = Server::responding(vec![refusal(404, &[], 7, "no such thing")]).await;
    let client = builder(&server).build().unwrap();
    let error = client.get_thing("x").send().await.unwrap_err();
    let expected = "get-thing: 404 Not Found: no such thing (code 7)";
    assert_eq!(
        (error.to_string(), format!("{error:?}")),
        (expected.to_owned(), expected.to_owned())
    );
    assert!(format!("{error:#?}").contains("ApiError {"), "{error:#?}");
}
