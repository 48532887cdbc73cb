use std::error::Error as _;
use std::time::Duration;

use client_runtime::{DecodeProblem, Error, Request};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{GET, POST, Server, Step, closed_port, ok, reply};

#[derive(Debug, Deserialize)]
struct Thing {
    #[allow(dead_code)]
    size: u32,
}

async fn error(status: u16, headers: &[(&str, &str)], body: &str) -> Error {
    let server = Server::responding(vec![reply(status, headers, body)]).await;
    let client = server.builder().max_retries(0).build().unwrap();
    let mut request = Request::new(&client, &GET);
    request.query(
        "token",
        client_runtime::internal::QueryStyle::Form,
        "hidden",
    );
    let error = request.send_json::<Thing>().await.unwrap_err();
    for text in [error.to_string(), format!("{error:?} {error:#?}")] {
        assert!(!text.contains("hidden"), "{text}");
    }
    assert!(is_one_line(&error), "{error}");
    error
}

fn is_one_line(error: &Error) -> bool {
    let text = error.to_string();
    !text.contains(|char: char| char.is_control()) && text.chars().count() < 1300
}

#[tokio::test]
async fn a_refusal_keeps_everything_that_the_server_said() {
    let body = json!({
        "success": false, "result": { "ssl": null }, "extra": [1],
        "errors": [{
            "code": 1405, "message": "no", "documentation_url": "https://a.b/c",
            "source": { "pointer": "/csr" }, "new": true,
            "error_chain": [{ "code": 7003, "message": "why" }],
        }],
        "messages": ["remark"],
    });
    let error = error(
        400,
        &[("cf-ray", "8f1-FRA"), ("x-y", "z")],
        &body.to_string(),
    )
    .await;
    let Error::Api(api) = &error else {
        panic!("{error}")
    };
    assert_eq!(
        api.errors[0].documentation_url.as_deref(),
        Some("https://a.b/c")
    );
    assert_eq!(
        api.errors[0].source.as_ref().unwrap().pointer.as_deref(),
        Some("/csr")
    );
    assert_eq!(api.errors[0].other["new"], json!(true));
    assert_eq!(api.messages[0].message, "remark");
    assert_eq!(api.result, Some(json!({ "ssl": null })));
    assert_eq!(api.other["extra"], json!([1]));
    assert_eq!(api.head.headers.0["x-y"], "z");
    assert_eq!(
        serde_json::from_slice::<Value>(error.body().unwrap()).unwrap(),
        body
    );
    assert_eq!(error.status().unwrap(), 400);
    assert_eq!(error.request_id(), Some("8f1-FRA"));
    assert_eq!((&*api.call.operation, api.call.attempts), ("get-things", 1));
    assert!(api.call.url.ends_with("/v4/things"), "{}", api.call.url);
    assert!(error.has_code(1405) && error.has_code(7003) && !error.has_code(1));
    let expected = "get-things: 400 Bad Request: no (code 1405): why (code 7003) [ray 8f1-FRA]";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn an_error_is_one_bounded_line_whatever_the_server_sent() {
    let long = "line\n\u{1b}[31mbreak\r\n".repeat(10_000);
    let message = json!({ "success": false, "errors": [{ "code": 1, "message": long }] });
    let many = json!({ "errors": vec![json!({ "code": 1, "message": "a\nb" }); 5000] });
    for (status, body) in [
        (400, message.to_string()),
        (400, many.to_string()),
        (502, format!("<title>{long}</title>")),
        (502, long.clone()),
        (200, json!({ "result": { "size": long } }).to_string()),
        (200, json!({ "result": { long.clone(): 1 } }).to_string()),
        (301, String::new()),
    ] {
        let error = error(status, &[("cf-ray", &"r".repeat(5000))], &body).await;
        assert!(format!("{error:#?}").len() < 10_000);
    }
}

#[tokio::test]
async fn an_undecodable_body_names_the_field_what_was_expected_and_shows_an_excerpt() {
    let body = format!(
        r#"{{"success":true,"pad":"{}","result":{{"size":"big"}}}}"#,
        "é".repeat(999)
    );
    let error = error(200, &[("cf-ray", "8f1-FRA")], &body).await;
    let text = error.to_string();
    assert!(text.contains("`result.size`"), "{text}");
    assert!(text.contains("expected u32"), "{text}");
    let Error::Decode(answer) = &error else {
        panic!("{error}")
    };
    let excerpt = answer.excerpt();
    assert!(excerpt.contains(r#""size":"big""#), "{excerpt}");
    assert!(
        excerpt.chars().count() <= 201 && !excerpt.contains('\u{fffd}'),
        "{excerpt}"
    );
    assert_eq!(answer.head.status, 200);
    assert_eq!(answer.body, body.as_bytes());
    assert!(error.source().unwrap().is::<serde_json::Error>());
}

#[tokio::test]
async fn a_page_for_people_gives_its_title_and_code() {
    let page = "<!DOCTYPE html><html><head><title>Access denied |\n a.b</title></head>\
                <h1><span>Error</span> <span>1015</span></h1>";
    let error = error(429, &[("retry-after", "3")], page).await;
    let Error::Decode(answer) = &error else {
        panic!("{error}")
    };
    let DecodeProblem::NotJson { title, code } = &answer.problem else {
        panic!("{error}")
    };
    assert_eq!(title.as_deref(), Some("Access denied | a.b"));
    assert_eq!(*code, Some(1015));
    assert!(error.has_code(1015) && error.is_rate_limited() && error.is_retryable());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
}

#[tokio::test]
async fn a_refusal_in_other_words_says_why() {
    for (body, text) in [
        (
            r#"{"title":"Error 1015","detail":"slow","error_code":1015}"#,
            "slow (code 1015)",
        ),
        (r#"{"error":"old"}"#, "old"),
        (r#"{"errors":["plain"]}"#, "plain"),
        (
            r#"{"errors":{"code":"5","message":"single"}}"#,
            "single (code 5)",
        ),
        (r#"{"success":false}"#, "403"),
        (r#"{"success":true,"errors":[]}"#, "without saying why"),
        ("[]", "without saying why"),
        ("", "no body"),
        ("gateway down", "gateway down"),
        ("{\"err", "EOF"),
    ] {
        let error = error(403, &[], body).await;
        assert!(error.to_string().contains(text), "{body}: {error}");
        assert!(error.is_auth());
    }
}

#[tokio::test]
async fn a_success_that_says_false_is_a_refusal() {
    let body = r#"{"success":false,"errors":[{"code":1000,"message":"no"}],"result":null}"#;
    let error = error(200, &[], body).await;
    assert!(
        matches!(error, Error::Api(_)) && error.has_code(1000),
        "{error}"
    );
}

#[tokio::test]
async fn a_success_is_read_whatever_is_around_it() {
    for body in [
        r#"{"result":{"size":1}}"#,
        r#"{"success":true,"errors":null,"messages":null,"result":{"size":1},"result_info":null}"#,
        r#"{"success":true,"errors":[],"messages":["x",{"code":"7"}],"result":{"size":1,"y":0},"result_info":[]}"#,
        "\u{feff}{\"success\":true,\"result\":{\"size\":1},\"result_info\":{\"page\":\"1\"}}",
    ] {
        let server = Server::responding(vec![reply(200, &[], body)]).await;
        let request = Request::new(&server.client(), &GET);
        assert_eq!(
            request.send_json::<Thing>().await.unwrap().size,
            1,
            "{body}"
        );
    }
}

#[tokio::test]
async fn no_content_is_the_default_result() {
    let server =
        Server::responding(vec![vec![Step::Send(b"HTTP/1.1 204 X\r\n\r\n".to_vec())]]).await;
    let client = server.client();
    let list = Request::new(&client, &GET)
        .send_json_or_default::<Vec<u8>>()
        .await;
    assert!(list.unwrap().is_empty());
    Request::new(&client, &GET).send_unit().await.unwrap();
    let error = Request::new(&client, &GET)
        .send_json::<Thing>()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("no body"), "{error}");
}

#[tokio::test]
async fn kinds_of_refusals_are_told_apart() {
    let body = |code: i64| json!({ "success": false, "errors": [{ "code": code }] }).to_string();
    assert!(error(404, &[], &body(7003)).await.is_not_found());
    assert!(error(400, &[], &body(971)).await.is_rate_limited());
    assert!(error(401, &[], "").await.is_auth());
    assert!(error(400, &[], &body(6111)).await.is_auth());
    let plain = error(400, &[], &body(1)).await;
    assert!(!plain.is_not_found() && !plain.is_auth() && !plain.is_retryable());
    assert_eq!(plain.retry_after(), None);
}

#[tokio::test]
async fn the_chain_of_sources_ends_at_the_cause() {
    let port = closed_port().await;
    let server = Server::responding(vec![ok(json!(1))]).await;
    let builder = server
        .builder()
        .base_url(format!("http://127.0.0.1:{port}"));
    let client = builder.max_retries(0).build().unwrap();
    let error = Request::new(&client, &POST).send_unit().await.unwrap_err();
    assert!(error.source().unwrap().is::<reqwest::Error>());
    let mut cause = error.source();
    let mut refused = false;
    while let Some(this) = cause {
        let io = this.downcast_ref::<std::io::Error>();
        refused |= io.is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused);
        cause = this.source();
    }
    assert!(refused, "{error:?}");
    assert!(error.to_string().contains("refused"), "{error}");
    assert!(!error.to_string().contains("attempts"), "{error}");
}

#[tokio::test]
async fn a_request_that_cannot_be_made_is_not_sent_and_says_why() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let client = server.client();
    let mut request = Request::new(&client, &GET);
    request.header("x-y", "a\nb");
    let error = request.send_unit().await.unwrap_err();
    assert!(error.to_string().contains("`x-y`"), "{error}");
    let request = client.request(reqwest::Method::GET, "/a/{b}?key=hidden");
    let error = request.send_unit().await.unwrap_err();
    assert!(error.to_string().contains("`b` was not given"), "{error}");
    assert!(!format!("{error} {error:?}").contains("hidden"));
    assert!(!error.is_retryable() && error.attempts() == 0);
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn nothing_that_a_server_sends_changes_how_an_error_looks() {
    let hidden = "a\u{202e}b\u{2066}c\u{200b}d\u{feff}e\u{0}f\u{2028}g";
    let is_hidden = |char: char| {
        let format = '\u{200b}'..='\u{200f}';
        let bidi =
            ('\u{202a}'..='\u{202e}').contains(&char) || ('\u{2066}'..='\u{2069}').contains(&char);
        char.is_control() || bidi || format.contains(&char) || "\u{feff}\u{2028}".contains(char)
    };
    let chained = json!([{ "code": 2, "message": hidden }]);
    let refusal = json!({ "success": false, "errors": [{ "code": 1, "message": hidden, "error_chain": chained }] });
    for (status, headers, body) in [
        (400, vec![], refusal.to_string()),
        (
            400,
            vec![],
            json!({ "title": hidden, "detail": hidden }).to_string(),
        ),
        (502, vec![], format!("<title>{hidden}</title>")),
        (502, vec![], hidden.to_owned()),
        (
            200,
            vec![],
            json!({ "result": { "size": hidden } }).to_string(),
        ),
        (
            200,
            vec![],
            format!("{{\"result\":{{\"size\":{{\"{hidden}\":1}}}}}}"),
        ),
        (302, vec![("location", "/\u{202e}x")], String::new()),
    ] {
        let headers = [headers, vec![("cf-ray", "8f1")]].concat();
        let error = error(status, &headers, &body).await;
        let mut text = format!("{error} {error:?}");
        for message in error.errors() {
            text.push_str(&message.to_string());
        }
        if let Error::Decode(decode) = &error {
            text.push_str(&format!("{} {}", decode.problem, decode.excerpt()));
        }
        assert!(!text.contains(is_hidden), "{text:?}");
    }
    let server = Server::responding(vec![ok(json!(1))]).await;
    let request = server
        .client()
        .request(reqwest::Method::GET, format!("/{hidden}/{{x}}"));
    let error = request.send_unit().await.unwrap_err();
    assert!(!error.to_string().contains(is_hidden), "{error:?}");
}
