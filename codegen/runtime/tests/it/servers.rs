//! Operations that are called at a server of their own.

use client_runtime::internal::{CoreBuilder, Operation};
use client_runtime::protocol::{Protocol, Scheme};
use client_runtime::{Error, Request, RequestProblem};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{SECRET, Server, ok};

/// Ports are known only while tests run.
fn forever<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// A client of an API at `main`, whose operations may be called at `others`, too.
fn builder(main: &Server, others: Vec<&'static str>) -> CoreBuilder {
    static TOKEN: &[Scheme] = &[Scheme::bearer("token")];
    let protocol = Protocol::new(forever(main.url()))
        .servers(forever(others))
        .schemes(TOKEN);
    CoreBuilder::new(forever(protocol)).credential("token", SECRET)
}

fn upload(server: &'static str) -> &'static Operation {
    forever(Operation::new("upload", Method::GET, "/things").server(server))
}

async fn call(builder: CoreBuilder, operation: &'static Operation) -> Result<(), Error> {
    let client = builder.build()?;
    let request = Request::new(&client, operation);
    request.send_json::<Value>().await.map(|_| ())
}

#[tokio::test]
async fn an_operation_is_called_at_its_own_server() {
    let main = Server::responding(vec![ok(json!(1))]).await;
    let other = Server::responding(vec![ok(json!(1))]).await;
    let url = forever(format!("http://localhost:{}/host/v2", other.port));
    let plain = Operation::new("plain", Method::GET, "/things");
    call(builder(&main, vec![url]), upload(url)).await.unwrap();
    call(builder(&main, vec![url]), forever(plain))
        .await
        .unwrap();
    let received = other.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].target, "/host/v2/things");
    let token = format!("Bearer {SECRET}");
    assert_eq!(received[0].header("authorization"), Some(token.as_str()));
    assert_eq!(main.received().len(), 1);
    assert_eq!(main.received()[0].target, "/v4/things");
}

#[tokio::test]
async fn a_base_url_of_the_caller_counts_for_every_operation() {
    let main = Server::responding(vec![ok(json!(1))]).await;
    let other = Server::responding(vec![ok(json!(1))]).await;
    let url = forever(other.url());
    let builder = builder(&main, vec![url]).base_url(main.url());
    call(builder, upload(url)).await.unwrap();
    assert_eq!(other.received().len(), 0);
    assert_eq!(main.received()[0].target, "/v4/things");
}

#[tokio::test]
async fn nothing_is_sent_to_a_server_that_the_protocol_does_not_name() {
    let main = Server::responding(vec![ok(json!(1))]).await;
    let other = Server::responding(vec![ok(json!(1))]).await;
    for others in [vec![], vec!["http://localhost:1/v4"]] {
        let error = call(builder(&main, others), upload(forever(other.url()))).await;
        let Err(Error::Request(error)) = error else {
            panic!("{error:?}");
        };
        assert!(
            matches!(error.problem, RequestProblem::Server(_)),
            "{error}"
        );
    }
    assert_eq!(main.received().len() + other.received().len(), 0);
}

#[test]
fn a_named_server_takes_no_credentials_in_plain_text() {
    for (main, other) in [
        ("http://localhost/v4", "http://upload.example.com"),
        ("https://a.example.com", "http://localhost"),
        ("https://a.example.com", "ftp://a.example.com"),
    ] {
        let servers = forever([other]);
        let protocol = forever(Protocol::new(main).servers(servers));
        let error = CoreBuilder::new(protocol).build().unwrap_err();
        assert!(matches!(error, Error::Config(_)), "{other}");
    }
}
