use client_runtime::internal::{Core, CoreBuilder};
use client_runtime::{CallOptions, ConfigError, Error, Request};
use serde_json::{Value, json};

use crate::support::{
    GET, PROTOCOL, SECRET, Server, http_settings, ok, reply, with_key, with_token,
};

async fn call(client: &Core) -> Result<Value, Error> {
    let answer = Request::new(client, &GET).send_json::<Value>().await?;
    Ok(answer.into_inner())
}

#[tokio::test]
async fn a_token_is_sent_as_a_bearer() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    call(&server.client()).await.unwrap();
    let received = &server.received()[0];
    let expected = format!("Bearer {SECRET}");
    assert_eq!(received.header("authorization"), Some(expected.as_str()));
    assert_eq!(received.target, "/v4/things");
}

#[tokio::test]
async fn an_email_and_a_key_are_sent_in_their_headers() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let builder = with_key(server.builder());
    call(&builder.build().unwrap()).await.unwrap();
    let received = &server.received()[0];
    assert_eq!(received.header("x-auth-email"), Some("a@b.c"));
    assert_eq!(received.header("x-auth-key"), Some(SECRET));
    assert_eq!(received.header("authorization"), None);
}

#[tokio::test]
async fn a_user_service_key_is_sent_in_its_header() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let builder = server.builder().credential("user_service_key", SECRET);
    call(&builder.build().unwrap()).await.unwrap();
    let received = &server.received()[0];
    assert_eq!(received.header("x-auth-user-service-key"), Some(SECRET));
}

#[tokio::test]
async fn a_call_may_have_credentials_of_its_own() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let mut request = Request::new(&server.client(), &GET);
    request.options(CallOptions::new().header("authorization", "Bearer other"));
    request.send_json::<Value>().await.unwrap();
    let received = &server.received()[0];
    assert_eq!(received.header("authorization"), Some("Bearer other"));
}

#[test]
fn a_token_that_is_no_header_is_an_error_without_it() {
    let error = with_token(format!("{SECRET}\n")).build().unwrap_err();
    assert!(error.to_string().contains("line break"), "{error}");
    assert!(!format!("{error} {error:?}").contains(SECRET));
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_says_where_it_leads() {
    let other = Server::responding(vec![ok(json!(1))]).await;
    let to = format!("{}?key=hidden", other.url());
    let server = Server::responding(vec![reply(307, &[("location", &to)], "")]).await;
    let error = call(&server.client()).await.unwrap_err();
    assert!(error.to_string().contains(&other.url()), "{error}");
    assert!(!error.to_string().contains("hidden"), "{error}");
    assert!(other.received().is_empty());
}

#[tokio::test]
async fn a_ready_http_client_that_follows_redirects_takes_no_token_to_another_host() {
    let other = Server::responding(vec![ok(json!(1))]).await;
    let to = other.url();
    let server = Server::responding(vec![reply(307, &[("location", &to)], "")]).await;
    let http = http_settings().build().unwrap();
    let client = server.builder().http_client(http).build().unwrap();
    call(&client).await.unwrap();
    assert_eq!(other.received()[0].header("authorization"), None);
}

#[tokio::test]
async fn keys_that_a_redirect_would_take_along_are_not_given_to_a_ready_http_client() {
    let http = http_settings().build().unwrap();
    let builder = with_key(with_token("x"));
    let error = builder.http_client(http.clone()).build().unwrap_err();
    assert!(matches!(&error, Error::Config(error) if matches!(**error, ConfigError::Redirects)));
    for scheme in ["user_service_key", "query_key", "session"] {
        let builder = CoreBuilder::new(&PROTOCOL).credential(scheme, SECRET);
        let error = builder.http_client(http.clone()).build().unwrap_err();
        assert!(error.to_string().contains("another host"), "{error}");
    }
    let basic = CoreBuilder::new(&PROTOCOL).basic("login", "u", SECRET);
    assert!(basic.http_client(http).build().is_ok());
}

#[tokio::test]
async fn settings_of_one_s_own_never_follow_a_redirect() {
    let other = Server::responding(vec![ok(json!(1))]).await;
    let to = other.url();
    let server = Server::responding(vec![reply(307, &[("location", &to)], "")]).await;
    let settings = http_settings().redirect(reqwest::redirect::Policy::limited(9));
    let builder = with_key(server.builder());
    let client = builder.http_builder(settings).build().unwrap();
    assert!(call(&client).await.is_err());
    assert!(other.received().is_empty());
}

#[test]
fn a_secret_is_not_sent_over_plain_http_to_another_machine_unless_asked() {
    let builder = || with_token(SECRET).base_url("http://192.0.2.1");
    let error = builder().build().unwrap_err();
    assert!(error.to_string().contains("plain text"), "{error}");
    assert!(builder().allow_plain_http().build().is_ok());
}

#[tokio::test]
async fn a_path_of_one_s_own_does_not_leave_the_base_url() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let client = server.client();
    for path in ["/../x", "../v4x/y", "/%2e%2e/x", "..\\x"] {
        let request = client.request(reqwest::Method::GET, path);
        let error = request.send_json::<Value>().await.unwrap_err();
        assert!(matches!(error, Error::Request(_)), "{path}: {error}");
    }
    for path in ["//a.b/x", "@a.b", "/http://a.b"] {
        let request = client.request(reqwest::Method::GET, path);
        request.send_json::<Value>().await.unwrap();
    }
    assert_eq!(server.received().len(), 3);
}
