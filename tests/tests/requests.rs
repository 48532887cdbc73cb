//! What goes over the wire.

mod support;

use cloudflare_client_certificates::types::{
    CreateClientCertificate, ReactivateClientCertificate, Status, StatusFilter,
};
use cloudflare_client_certificates::{CallOptions, Client, Error};
use httpmock::{Method, MockServer};
use support::{CERTIFICATE, ZONE, client};

const RESPONSE: &str = include_str!("../seed/reactivate.json");

#[tokio::test]
async fn reactivating_sends_the_documented_request() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.method(Method::PATCH)
                .path(format!("/zones/{ZONE}/client_certificates/{CERTIFICATE}"))
                .header("authorization", "Bearer test-token")
                .header("content-type", "application/json")
                .body(r#"{"reactivate":true}"#);
            then.status(200).body(RESPONSE);
        })
        .await;
    let certificate = client(&server)
        .reactivate_client_certificate(ZONE, CERTIFICATE)
        .reactivate(true)
        .send()
        .await
        .expect("a certificate");
    mock.assert_async().await;
    assert_eq!(certificate.status, Some(Status::Active));
    assert_eq!(certificate.meta().status(), 200);
    assert_eq!(certificate.meta().attempts(), 1);
    assert_eq!(certificate.meta().messages()[0].code, 1000);
}

#[tokio::test]
async fn an_empty_builder_sends_an_empty_object() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.method(Method::PATCH).body("{}");
            then.status(200).body(RESPONSE);
        })
        .await;
    let call = client(&server).reactivate_client_certificate(ZONE, CERTIFICATE);
    call.send().await.expect("a certificate");
    mock.assert_async().await;
}

#[tokio::test]
async fn a_whole_body_can_be_given_at_once() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.body(r#"{"reactivate":false}"#);
            then.status(200).body(RESPONSE);
        })
        .await;
    client(&server)
        .reactivate_client_certificate(ZONE, CERTIFICATE)
        .body(ReactivateClientCertificate::new().reactivate(false))
        .send()
        .await
        .expect("a certificate");
    mock.assert_async().await;
}

#[tokio::test]
async fn required_fields_of_a_body_are_arguments() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.method(Method::POST)
                .path(format!("/zones/{ZONE}/client_certificates"))
                .body(r#"{"csr":"-----BEGIN\n","validity_days":30}"#);
            then.status(200).body(RESPONSE);
        })
        .await;
    let client = client(&server);
    let call = client.create_client_certificate(ZONE, "-----BEGIN\n", 30);
    call.send().await.expect("a certificate");
    let call = client.create_client_certificate(ZONE, "", 0);
    let body = CreateClientCertificate::new("-----BEGIN\n", 30);
    call.body(body).send().await.expect("a certificate");
    mock.assert_calls_async(2).await;
}

#[tokio::test]
async fn details_and_revocation_send_no_body() {
    let server = MockServer::start_async().await;
    let path = format!("/zones/{ZONE}/client_certificates/{CERTIFICATE}");
    let mock = server
        .mock_async(|when, then| {
            when.path(path).body("").header_missing("content-type");
            then.status(200).body(RESPONSE);
        })
        .await;
    let client = client(&server);
    let details = client.get_client_certificate(ZONE, CERTIFICATE);
    details.send().await.expect("a certificate");
    let revocation = client.revoke_client_certificate(ZONE, CERTIFICATE);
    revocation.send().await.expect("a certificate");
    mock.assert_calls_async(2).await;
}

#[tokio::test]
async fn listing_sends_the_parameters_that_are_set() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.method(Method::GET)
                .path(format!("/zones/{ZONE}/client_certificates"))
                .query_param("status", "pending_revocation")
                .query_param("page", "2")
                .query_param("per_page", "50")
                .query_param_missing("limit")
                .query_param_missing("offset");
            then.status(200)
                .body(r#"{"success":true,"errors":[],"messages":[],"result":null}"#);
        })
        .await;
    let certificates = client(&server)
        .list_client_certificates(ZONE)
        .status(StatusFilter::PendingRevocation)
        .page(2)
        .per_page(50)
        .send()
        .await
        .expect("a list");
    mock.assert_async().await;
    assert!(certificates.is_empty());
}

#[tokio::test]
async fn arguments_of_the_path_are_escaped() {
    for (argument, escaped) in [
        ("a/b", "a%2Fb"),
        ("é", "%C3%A9"),
        ("a b", "a%20b"),
        ("%2F", "%252F"),
    ] {
        let server = MockServer::start_async().await;
        let wanted = format!("/zones/{ZONE}/client_certificates/{escaped}");
        let mock = server
            .mock_async(|when, then| {
                when.is_true(move |request| request.uri().path() == wanted);
                then.status(200).body(RESPONSE);
            })
            .await;
        let call = client(&server).get_client_certificate(ZONE, argument);
        call.send().await.expect(argument);
        mock.assert_async().await;
    }
}

#[tokio::test]
async fn arguments_that_would_change_the_path_are_refused_before_anything_is_sent() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.any_request();
            then.status(200).body(RESPONSE);
        })
        .await;
    for argument in [".", "..", "%2e%2e", "%2E", ""] {
        let call = client(&server).get_client_certificate(ZONE, argument);
        let error = call.send().await.expect_err(argument);
        assert!(matches!(error, Error::Request(_)), "{error}");
        assert!(
            error.to_string().contains("client_certificate_id"),
            "{error}"
        );
    }
    mock.assert_calls_async(0).await;
}

#[tokio::test]
async fn email_and_key_are_sent_in_their_own_headers() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.header("x-auth-email", "a@example.com")
                .header("x-auth-key", "test-key")
                .header_missing("authorization");
            then.status(200).body(RESPONSE);
        })
        .await;
    let client = Client::builder()
        .email_and_key("a@example.com", "test-key")
        .base_url(server.base_url())
        .build()
        .expect("a client");
    let call = client.get_client_certificate(ZONE, CERTIFICATE);
    call.send().await.expect("a certificate");
    mock.assert_async().await;
}

#[tokio::test]
async fn a_call_takes_headers_and_parameters_of_its_own() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.header("x-trace", "1").query_param("debug", "yes");
            then.status(200).body(RESPONSE);
        })
        .await;
    let options = CallOptions::new()
        .header("x-trace", "1")
        .query("debug", "yes");
    let call = client(&server).get_client_certificate(ZONE, CERTIFICATE);
    call.options(options).send().await.expect("a certificate");
    mock.assert_async().await;
}

#[tokio::test]
async fn a_response_can_be_had_as_it_came() {
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.any_request();
            then.status(404).body("not here");
        })
        .await;
    let call = client(&server).get_client_certificate(ZONE, CERTIFICATE);
    let response = call.send_raw().await.expect("a response");
    assert_eq!(response.status(), 404);
    assert_eq!(response.text().await.expect("text"), "not here");
}
