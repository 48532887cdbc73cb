use std::time::{Duration, Instant, SystemTime};

use client_runtime::internal::{CoreBuilder, Operation};
use client_runtime::{Call, CallOptions, Error, Request, TransportProblem};
use serde_json::{Value, json};

use crate::support::{GET, POST, Server, Step, answer, closed_port, ok, refusal, reply};

/// For what never comes.
const SHORT: Duration = Duration::from_millis(60);
/// For what comes at once, but on a machine that may be busy.
const ENOUGH: Duration = Duration::from_secs(2);

/// Calls `operation` of a server that answers thus, and then well.
async fn after(
    operation: &'static Operation,
    answers: Vec<Vec<Step>>,
) -> (Result<u32, Error>, usize) {
    let mut answers = answers;
    answers.push(ok(json!(1)));
    let server = Server::responding(answers).await;
    let client = server.builder().timeout(ENOUGH).build().unwrap();
    let result = Request::new(&client, operation).send_json::<Value>().await;
    (
        result.map(|answer| answer.meta().attempts()),
        server.received().len(),
    )
}

fn cut_answer() -> Vec<Step> {
    let mut bytes = answer(200, &[], &"x".repeat(500));
    bytes.truncate(200);
    vec![Step::Send(bytes), Step::Close]
}

#[tokio::test]
async fn any_call_is_repeated_after_429() {
    for operation in [&GET, &POST] {
        let refusals = vec![refusal(429, &[], 971, "slow down"); 3];
        let (result, received) = after(operation, refusals).await;
        assert_eq!((result.unwrap(), received), (4, 4));
    }
}

#[tokio::test]
async fn any_call_is_repeated_when_there_was_no_connection() {
    let port = closed_port().await;
    for operation in [&GET, &POST] {
        let server = Server::responding(vec![ok(json!(1))]).await;
        let builder = server
            .builder()
            .base_url(format!("http://127.0.0.1:{port}"));
        let client = builder.build().unwrap();
        let error = Request::new(&client, operation)
            .send_unit()
            .await
            .unwrap_err();
        assert_eq!(error.attempts(), 4);
        assert!(!error.may_have_been_executed(), "{error}");
        assert!(error.is_retryable());
    }
}

#[tokio::test]
async fn an_idempotent_call_is_repeated_after_passing_statuses_and_a_post_is_not() {
    for status in [
        500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 530,
    ] {
        let (result, received) = after(&GET, vec![refusal(status, &[], 1, "x")]).await;
        assert_eq!((result.unwrap(), received), (2, 2), "{status}");
        let (result, received) = after(&POST, vec![refusal(status, &[], 1, "x")]).await;
        let error = result.unwrap_err();
        assert_eq!((error.attempts(), received), (1, 1), "{status}");
        assert!(error.may_have_been_executed() && error.is_retryable());
    }
}

#[tokio::test]
async fn other_statuses_are_final() {
    for status in [400, 401, 403, 404, 409, 501, 505] {
        let (result, received) = after(&GET, vec![refusal(status, &[], 1, "x")]).await;
        let error = result.unwrap_err();
        assert_eq!((error.attempts(), received), (1, 1), "{status}");
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn an_idempotent_call_is_repeated_after_a_drop_and_a_post_is_not() {
    let drops = [
        vec![Step::Close],
        vec![Step::Reset],
        cut_answer(),
        vec![
            Step::Send(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec()),
            Step::Reset,
        ],
        vec![Step::Hang],
    ];
    for drop in drops {
        let (result, received) = after(&GET, vec![drop.clone()]).await;
        assert_eq!((result.unwrap(), received), (2, 2), "{drop:?}");
        let (result, received) = after(&POST, vec![drop.clone()]).await;
        let error = result.unwrap_err();
        assert_eq!((error.attempts(), received), (1, 1), "{drop:?}");
        assert!(error.may_have_been_executed(), "{error}");
        let warns = error.to_string().contains("may have been carried out");
        assert!(warns, "{error}");
    }
}

#[tokio::test]
async fn a_post_is_repeated_if_the_caller_says_so() {
    let server = Server::responding(vec![vec![Step::Close], ok(json!(1))]).await;
    let mut request = Request::new(&server.client(), &POST);
    request.options(CallOptions::new().idempotent(true));
    assert_eq!(request.send_unit().await.unwrap().meta().attempts(), 2);
}

#[tokio::test]
async fn a_429_whose_body_is_cut_is_repeated_even_for_a_post() {
    let mut bytes = answer(429, &[("retry-after", "0")], &"x".repeat(500));
    bytes.truncate(200);
    let (result, received) = after(&POST, vec![vec![Step::Send(bytes), Step::Close]]).await;
    assert_eq!((result.unwrap(), received), (2, 2));
}

#[tokio::test]
async fn a_transient_status_is_repeated_although_its_body_is_too_long() {
    let long = reply(503, &[], &"x".repeat(2000));
    let server = Server::responding(vec![long, ok(json!(1))]).await;
    let client = server.builder().max_body(1000).build().unwrap();
    let response = Request::new(&client, &GET).send_unit().await.unwrap();
    assert_eq!(response.meta().attempts(), 2);
}

#[tokio::test]
async fn a_429_was_not_executed() {
    let refused = vec![
        refusal(429, &[("retry-after", "0")], 971, "slow"),
        refusal(404, &[], 1, "gone"),
    ];
    let server = Server::responding(refused).await;
    let request = Request::new(&server.client(), &POST);
    let error = request.send_unit().await.unwrap_err();
    assert_eq!(error.attempts(), 2);
    assert!(!error.may_have_been_executed(), "{error}");
}

#[tokio::test]
async fn a_refusal_whose_body_is_cut_says_that_nothing_was_done() {
    let mut bytes = answer(400, &[], &"x".repeat(500));
    bytes.truncate(200);
    let server = Server::responding(vec![vec![Step::Send(bytes), Step::Close]]).await;
    let mut request = Request::new(&server.client(), &POST);
    request.options(CallOptions::new().max_retries(0));
    let error = request.send_unit().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 400);
    assert!(!error.may_have_been_executed());
}

#[tokio::test]
async fn an_error_remembers_that_an_earlier_attempt_may_have_been_executed() {
    for first in [vec![Step::Close], refusal(503, &[], 1, "x")] {
        let server = Server::responding(vec![first, refusal(404, &[], 1, "gone")]).await;
        let error = Request::new(&server.client(), &GET)
            .send_unit()
            .await
            .unwrap_err();
        assert!(
            error.is_not_found() && error.may_have_been_executed(),
            "{error}"
        );
    }
    let server = Server::responding(vec![refusal(404, &[], 1, "gone")]).await;
    let error = Request::new(&server.client(), &GET)
        .send_unit()
        .await
        .unwrap_err();
    assert!(!error.may_have_been_executed(), "{error}");
}

#[tokio::test]
async fn there_are_no_more_attempts_than_the_client_or_the_call_says() {
    let server = Server::responding(vec![refusal(503, &[], 1, "x")]).await;
    for (client, call, attempts) in [(None, None, 4), (Some(0), None, 1), (Some(0), Some(2), 3)] {
        let mut builder = server.builder();
        if let Some(retries) = client {
            builder = builder.max_retries(retries);
        }
        let mut request = Request::new(&builder.build().unwrap(), &GET);
        if let Some(retries) = call {
            request.options(CallOptions::new().max_retries(retries));
        }
        assert_eq!(request.send_unit().await.unwrap_err().attempts(), attempts);
    }
}

#[tokio::test]
async fn a_wait_is_read_as_seconds_as_a_date_as_a_rate_limit_and_in_json() {
    let later = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(300));
    for response in [
        reply(429, &[("retry-after", "300")], "slow"),
        reply(429, &[("retry-after", &later)], "slow"),
        reply(429, &[("ratelimit", "\"default\";r=0;t=300")], "slow"),
        reply(429, &[], r#"{"title":"Error 1015","retry_after":300}"#),
    ] {
        let start = Instant::now();
        let (result, received) = after(&POST, vec![response]).await;
        let error = result.unwrap_err();
        // More than the call may take, so that it is not begun.
        assert!(start.elapsed() < Duration::from_secs(60));
        let wait = error.retry_after().unwrap();
        assert!((240..=300).contains(&wait.as_secs()), "{wait:?}");
        assert_eq!((error.attempts(), received), (1, 1));
    }
    let (result, _) = after(&POST, vec![reply(429, &[("retry-after", "0")], "slow")]).await;
    assert_eq!(result.unwrap(), 2);
}

#[tokio::test]
async fn a_wait_that_would_exceed_the_total_time_returns_the_error_at_once() {
    let server =
        Server::responding(vec![refusal(429, &[("retry-after", "300")], 971, "slow")]).await;
    let start = Instant::now();
    let error = Request::new(&server.client(), &GET)
        .send_unit()
        .await
        .unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(300)));
    assert!(error.is_rate_limited());
}

#[tokio::test]
async fn all_attempts_together_end_with_the_total_time() {
    let server = Server::responding(vec![vec![Step::Hang]]).await;
    let builder = server.builder().timeout(SHORT).total_timeout(SHORT * 10);
    let start = Instant::now();
    let client = builder.max_retries(100).build().unwrap();
    let error = Request::new(&client, &GET).send_unit().await.unwrap_err();
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    assert!(error.is_timeout(), "{error}");
    assert!(error.attempts() >= 2, "{error}");
}

#[tokio::test]
async fn the_total_time_ends_an_attempt_that_is_not_the_first() {
    let answers = vec![refusal(503, &[], 1, "down"), vec![Step::Hang]];
    let server = Server::responding(answers).await;
    let builder = server.builder().timeout(ENOUGH * 5);
    let client = builder.total_timeout(ENOUGH).build().unwrap();
    let start = Instant::now();
    let error = Request::new(&client, &GET).send_unit().await.unwrap_err();
    assert!(
        (ENOUGH..ENOUGH * 3).contains(&start.elapsed()),
        "{:?}",
        start.elapsed()
    );
    assert!(
        matches!(&error, Error::Transport(error)
        if matches!(error.problem, TransportProblem::Timeout(ENOUGH))),
        "{error}"
    );
    assert_eq!(error.attempts(), 2);
}

#[tokio::test]
async fn an_error_says_which_time_is_over() {
    let server = Server::responding(vec![vec![Step::Hang]]).await;
    let kinds = async |builder: CoreBuilder| {
        let client = builder.build().unwrap();
        let whole = Request::new(&client, &POST).send_unit().await.unwrap_err();
        let raw = Request::new(&client, &POST).send_raw().await.unwrap_err();
        [whole, raw].map(|error| match error {
            Error::Transport(error) => match error.problem {
                TransportProblem::AttemptTimeout(time) => ("attempt", time),
                TransportProblem::Timeout(time) => ("call", time),
                other => panic!("{other}"),
            },
            other => panic!("{other}"),
        })
    };
    let start = Instant::now();
    let builder = server.builder();
    assert_eq!(kinds(builder.timeout(SHORT)).await, [("attempt", SHORT); 2]);
    let builder = server.builder();
    assert_eq!(
        kinds(builder.total_timeout(SHORT)).await,
        [("call", SHORT); 2]
    );
    // Far less than the other of the two times.
    assert!(
        start.elapsed() < Duration::from_secs(15),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn a_body_that_cannot_be_replayed_is_not_repeated() {
    let server = Server::responding(vec![refusal(429, &[], 971, "slow"), ok(json!(1))]).await;
    let mut request = Request::new(&server.client(), &GET);
    request.stream("text/plain", reqwest::Body::wrap("abc".to_owned()));
    let error = request.send_unit().await.unwrap_err();
    assert!(error.is_rate_limited(), "{error}");
    assert_eq!(server.received().len(), 1);
    assert_eq!(
        server.received()[0].header("content-type"),
        Some("text/plain")
    );
}

#[tokio::test]
async fn a_body_in_memory_is_sent_again_whole() {
    let server = Server::responding(vec![refusal(429, &[], 971, "slow"), ok(json!(1))]).await;
    let mut request = Request::new(&server.client(), &POST);
    request.json(&json!({ "a": 1 }));
    request.send_unit().await.unwrap();
    let bodies: Vec<_> = server.received().iter().map(|it| it.body.clone()).collect();
    assert_eq!(bodies, [b"{\"a\":1}", b"{\"a\":1}"]);
}

#[tokio::test]
async fn a_raw_call_is_repeated_and_its_response_knows_how_often() {
    let server = Server::responding(vec![refusal(503, &[], 1, "x"), ok(json!(1))]).await;
    let request = Request::new(&server.client(), &GET);
    let response = request.send_raw().await.unwrap();
    assert_eq!(response.extensions().get::<Call>().unwrap().attempts, 2);
    assert!(response.text().await.unwrap().contains("true"));
}

#[tokio::test]
async fn a_raw_call_gives_the_last_refusal_when_the_retries_are_used_up() {
    let server = Server::responding(vec![refusal(503, &[], 1, "x")]).await;
    let response = Request::new(&server.client(), &GET)
        .send_raw()
        .await
        .unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.extensions().get::<Call>().unwrap().attempts, 4);
}
