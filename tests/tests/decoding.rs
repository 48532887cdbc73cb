//! What responses become: results, or errors that keep what the server said.

mod support;

use cloudflare_client_certificates::types::ClientCertificate;
use cloudflare_client_certificates::{Error, Response};
use httpmock::MockServer;
use insta::{assert_debug_snapshot, assert_snapshot};
use serde_json::{Value, json};
use support::{CERTIFICATE, ZONE, client};

const SEED: &str = include_str!("../seed/reactivate.json");

/// The members of two objects that are not the same in both, a line for each.
fn changed(before: &Value, after: &Value) -> String {
    let members = |value: &Value| value.as_object().expect("an object").clone();
    let (before, after) = (members(before), members(after));
    let names = before.keys().chain(after.keys());
    let changed = names.filter(|name| before.get(*name) != after.get(*name));
    let lines = changed.map(|name| format!("{name}: {:?} {:?}", before.get(name), after.get(name)));
    lines.collect::<Vec<_>>().join("\n")
}

/// What the client makes of a response to a reactivation.
async fn outcome(status: u16, body: &str) -> Result<Response<ClientCertificate>, Error> {
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.any_request();
            then.status(status).header("cf-ray", "8f0-AMS").body(body);
        })
        .await;
    let call = client(&server).reactivate_client_certificate(ZONE, CERTIFICATE);
    call.reactivate(true).send().await
}

/// The certificate in a response whose result is `result`.
async fn certificate(result: Value) -> ClientCertificate {
    let body = json!({ "success": true, "errors": [], "messages": [], "result": result });
    let response = outcome(200, &body.to_string()).await;
    response.expect("a certificate").into_inner()
}

/// The line that a log would have of the error.
async fn error(status: u16, body: &str) -> String {
    let error = outcome(status, body).await.expect_err("an error");
    let line = error.to_string();
    assert!(!line.contains('\n'), "{line}");
    line
}

#[tokio::test]
async fn the_seeds_response_decodes_whole() {
    let response = outcome(200, SEED).await.expect("a certificate");
    assert_eq!(response.meta().request_id(), Some("8f0-AMS"));
    assert_debug_snapshot!("seed_messages", response.meta().messages());
    assert_debug_snapshot!("seed_result", response.into_inner());
}

#[tokio::test]
async fn the_seeds_result_encodes_back_to_the_same_json() {
    let seed: Value = serde_json::from_str(SEED).expect("JSON");
    let response = outcome(200, SEED).await.expect("a certificate");
    let messages = serde_json::to_value(response.meta().messages()).expect("JSON");
    assert_eq!(messages, seed["messages"]);
    let result = serde_json::to_value(response.into_inner()).expect("JSON");
    // A snapshot, so that a field renamed in the fragment shows here as lost.
    assert_snapshot!("seed_changed_on_the_way", changed(&seed["result"], &result));
}

#[tokio::test]
async fn every_status_is_known_and_an_unknown_one_is_kept() {
    let mut decoded = Vec::new();
    for status in [
        "active",
        "pending_reactivation",
        "pending_revocation",
        "revoked",
        "on hold",
    ] {
        let certificate = certificate(json!({ "status": status })).await;
        let encoded = serde_json::to_value(&certificate).expect("JSON");
        assert_eq!(encoded, json!({ "status": status }));
        decoded.push(certificate.status.expect("a status"));
    }
    assert_debug_snapshot!(decoded, @r#"
    [
        Active,
        PendingReactivation,
        PendingRevocation,
        Revoked,
        Unknown(
            "on hold",
        ),
    ]
    "#);
}

#[tokio::test]
async fn missing_and_null_fields_are_none() {
    let seed: Value = serde_json::from_str(SEED).expect("JSON");
    let fields = seed["result"].as_object().expect("an object").keys();
    let nulls: Value = fields.map(|field| (field.clone(), Value::Null)).collect();
    let empty = certificate(json!({})).await;
    assert_eq!(certificate(nulls).await, empty);
    assert_eq!(empty, ClientCertificate::default());
}

#[tokio::test]
async fn unknown_fields_are_passed_over_and_long_ids_taken() {
    let certificate = certificate(json!({
        "id": "7bf7f70c-7600-42e1-81c4-e4c0da9aa515",
        "serial_number": "235738364982937492837492837498237498237498237498",
        "new_field": { "a": [1] }
    }))
    .await;
    assert_eq!(certificate.id.as_deref().map(str::len), Some(36));
    assert_eq!(certificate.serial_number.as_deref().map(str::len), Some(48));
}

#[tokio::test]
async fn chains_of_remarks_are_kept() {
    let body = json!({
        "success": true, "errors": null,
        "messages": [{ "code": 1, "message": "a", "error_chain": [{ "code": 2, "message": "b" }], "new": 1 }],
        "result": {}
    });
    let response = outcome(200, &body.to_string())
        .await
        .expect("a certificate");
    assert_eq!(response.meta().messages()[0].error_chain[0].code, 2);
    assert_eq!(response.meta().messages()[0].other["new"], 1);
}

#[tokio::test]
async fn a_rate_limit_is_told_apart() {
    let body = json!({ "success": false, "messages": [], "result": null, "errors": [
        { "code": 971, "message": "Please wait and consider throttling your request speed" }
    ] });
    let error = outcome(429, &body.to_string())
        .await
        .expect_err("a refusal");
    assert!(error.is_rate_limited() && error.is_retryable() && error.has_code(971));
    assert_snapshot!(
        error,
        @"reactivate-client-certificate: 429 Too Many Requests: Please wait and consider throttling your request speed (code 971) [ray 8f0-AMS]"
    );
}

#[tokio::test]
async fn refusals_keep_codes_chains_and_results() {
    let route = json!({ "success": false, "messages": [], "result": null, "errors": [
        { "code": 7003, "message": "No route for the URI" }
    ] });
    let headers = json!({ "success": false, "messages": [], "result": null, "errors": [
        { "code": 6003, "message": "Invalid request headers", "error_chain": [
            { "code": 6111, "message": "Invalid format for Authorization header" }
        ] }
    ] });
    assert_snapshot!(
        error(404, &route.to_string()).await,
        @"reactivate-client-certificate: 404 Not Found: No route for the URI (code 7003) [ray 8f0-AMS]"
    );
    assert_snapshot!(
        error(400, &headers.to_string()).await,
        @"reactivate-client-certificate: 400 Bad Request: Invalid request headers (code 6003): Invalid format for Authorization header (code 6111) [ray 8f0-AMS]"
    );
    let refused = outcome(400, &headers.to_string())
        .await
        .expect_err("a refusal");
    assert!(refused.is_auth() && refused.has_code(6111));

    let with_result = r#"{"success":false,"errors":[{"code":1405,"message":"m"}],"messages":[],"result":{"ssl":null}}"#;
    match outcome(400, with_result).await {
        Err(Error::Api(refusal)) => assert_eq!(refusal.result, Some(json!({ "ssl": null }))),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn refusals_without_errors_are_refusals_all_the_same() {
    assert_snapshot!(
        error(400, r#"{"success":false,"errors":null,"messages":null}"#).await,
        @"reactivate-client-certificate: 400 Bad Request [ray 8f0-AMS]"
    );
    assert_snapshot!(
        error(400, r#"{"success":false}"#).await,
        @"reactivate-client-certificate: 400 Bad Request [ray 8f0-AMS]"
    );
    assert_snapshot!(
        error(401, r#"{"error":"unauthorized"}"#).await,
        @"reactivate-client-certificate: 401 Unauthorized: unauthorized [ray 8f0-AMS]"
    );
}

#[tokio::test]
async fn success_false_is_an_error_under_any_status() {
    let body =
        r#"{"success":false,"errors":[{"code":1000,"message":"m"}],"messages":[],"result":null}"#;
    assert_snapshot!(
        error(200, body).await,
        @"reactivate-client-certificate: 200 OK: m (code 1000) [ray 8f0-AMS]"
    );
}

#[tokio::test]
async fn a_success_without_its_result_says_so() {
    let body = r#"{"success":true,"errors":[],"messages":[],"result":null}"#;
    assert_snapshot!(
        error(200, body).await,
        @"reactivate-client-certificate: 200 OK: the response says success, but the result that the API's document promises is missing [ray 8f0-AMS]"
    );
    assert_snapshot!(
        error(200, r#"{"success":true}"#).await,
        @"reactivate-client-certificate: 200 OK: the response says success, but the result that the API's document promises is missing [ray 8f0-AMS]"
    );
}

#[tokio::test]
async fn bodies_that_do_not_decode_say_why() {
    let cut = &SEED[..SEED.len() / 2];
    assert_snapshot!(
        error(200, cut).await,
        @"reactivate-client-certificate: 200 OK: the response does not match the API's document at `result.?`: EOF while parsing a value at line 1 column 581 [ray 8f0-AMS]"
    );
    assert_snapshot!(
        error(200, "").await,
        @"reactivate-client-certificate: 200 OK: the response has no body [ray 8f0-AMS]"
    );
    assert_snapshot!(
        error(200, r#"{"success":true,"result":{"validity_days":"x"}}"#).await,
        @r#"reactivate-client-certificate: 200 OK: the response does not match the API's document at `result.validity_days`: invalid type: string "x", expected i64 at line 1 column 45 [ray 8f0-AMS]"#
    );
    let page =
        "<html>\n<head><title>502 Bad\nGateway</title></head><body>error code: 502</body></html>";
    assert_snapshot!(
        error(502, page).await,
        @"reactivate-client-certificate: 502 Bad Gateway: the response is not JSON but a page titled `502 Bad Gateway` (error code 502) [ray 8f0-AMS]"
    );
    match outcome(502, page).await {
        Err(Error::Decode(error)) => assert_eq!(error.body, page),
        other => panic!("{other:?}"),
    }
}
