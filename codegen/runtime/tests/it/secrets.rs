//! No secret is seen anywhere but on the wire.

use std::fmt::Write;
use std::panic::AssertUnwindSafe;

use client_runtime::internal::{Core, CoreBuilder};
use client_runtime::{Attempt, CallOptions, Hook, Request};
use reqwest::header::HeaderMap;
use serde_json::json;

use crate::support::{
    GET, PROTOCOL, SECRET, Server, Step, closed_port, ok, refusal, reply, with_key, with_token,
};

/// Whether `text` holds the secret.
fn leaks(text: &str) -> bool {
    text.contains(SECRET)
}

fn every_client(server: &Server) -> [Core; 6] {
    let with = |scheme: &str| server.builder().credential(scheme, SECRET);
    [
        server.builder(),
        with_key(server.builder()),
        with("user_service_key"),
        with("query_key"),
        with("session"),
        server.builder().basic("login", SECRET, SECRET),
    ]
    .map(|builder| builder.build().unwrap())
}

#[test]
fn no_secret_is_in_what_is_printed_of_credentials_builders_and_clients() {
    let builder = || {
        let builder = with_key(CoreBuilder::new(&PROTOCOL)).basic("login", SECRET, SECRET);
        let builder = builder.proxy(format!("http://u:{SECRET}@a.b"));
        builder.header("x-y", SECRET).query("key", SECRET)
    };
    let mut text = format!("{:?} {:#?}", builder(), builder());
    write!(text, "{:?}", builder().build().unwrap()).unwrap();
    let options = CallOptions::new()
        .header("authorization", SECRET)
        .query("key", SECRET)
        .member("key", SECRET);
    write!(text, "{options:?}").unwrap();
    let client = with_token(SECRET).build().unwrap();
    write!(
        text,
        "{:?}",
        client.request(reqwest::Method::GET, format!("/x?key={SECRET}"))
    )
    .unwrap();
    assert!(!leaks(&text), "{text}");
}

#[tokio::test]
async fn no_secret_is_in_errors_and_the_chains_behind_them() {
    let faults = [
        refusal(403, &[("set-cookie", SECRET)], 10000, "no"),
        reply(502, &[], "<title>bad</title>"),
        reply(200, &[], "{\"result\":[]}"),
        reply(302, &[("location", &format!("/x?key={SECRET}"))], ""),
        reply(
            302,
            &[("location", &format!("https://u:{SECRET}@a.b/"))],
            "",
        ),
        vec![Step::Close],
        vec![Step::Reset],
        vec![Step::Send(b"HTTP/9\r\n\r\n".to_vec()), Step::Close],
        vec![Step::Hang],
    ];
    let count = faults.len();
    let server = Server::start(move |index, _| faults[index % count].clone()).await;
    let mut errors = Vec::new();
    for client in every_client(&server) {
        for _ in 0..count {
            let mut request = Request::new(&client, &GET);
            let timeout = std::time::Duration::from_millis(80);
            let options = CallOptions::new().query("key", SECRET).max_retries(0);
            request.options(options.header("x-y", SECRET).timeout(timeout));
            errors.push(request.send_json::<u32>().await.unwrap_err());
        }
    }
    let away = server
        .builder()
        .base_url(format!("http://127.0.0.1:{}", closed_port().await));
    errors.push(
        Request::new(&away.build().unwrap(), &GET)
            .send_unit()
            .await
            .unwrap_err(),
    );
    errors.push(with_token(format!("{SECRET}\n")).build().unwrap_err());
    let url = format!("https://u:{SECRET}@a.b/");
    errors.push(with_token("x").base_url(url).build().unwrap_err());
    let mut request = Request::new(&server.client(), &GET);
    request.options(CallOptions::new().header("x-y", format!("{SECRET}\n")));
    errors.push(request.send_unit().await.unwrap_err());
    for error in errors {
        let mut text = format!("{error} {error:?} {error:#?}");
        let mut cause = std::error::Error::source(&error);
        while let Some(this) = cause {
            write!(text, "{this} {this:?}").unwrap();
            cause = this.source();
        }
        assert!(!leaks(&text), "{text}");
    }
}

/// Panics with all that it is shown.
struct Panics;

impl Hook for Panics {
    fn before(&self, attempt: &Attempt<'_>, headers: &mut HeaderMap) {
        panic!("{attempt:?} {headers:?}");
    }
}

#[tokio::test]
async fn no_secret_is_in_a_panic() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let client = server.builder().hook(Panics).build().unwrap();
    let call = Request::new(&client, &GET).send_unit();
    let panic = tokio::spawn(call).await.unwrap_err().into_panic();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.contains("get-things") && !leaks(text), "{text}");
    // What a failed `unwrap` would print.
    let closed = server
        .builder()
        .base_url(format!("http://127.0.0.1:{}", closed_port().await));
    let result = Request::new(&closed.build().unwrap(), &GET)
        .send_unit()
        .await;
    let panic = std::panic::catch_unwind(AssertUnwindSafe(|| result.unwrap())).unwrap_err();
    assert!(!leaks(panic.downcast_ref::<String>().unwrap()));
}
