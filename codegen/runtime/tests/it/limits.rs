use std::time::{Duration, Instant};

use client_runtime::{CallOptions, Error, RateLimiter, Request, TransportProblem};
use serde_json::{Value, json};

use crate::support::{GET, POST, Server, Step, answer, ok, refusal, reply, with_token};

/// For what never comes.
const SHORT: Duration = Duration::from_millis(60);
/// For what comes at once, but on a machine that may be busy.
const ENOUGH: Duration = Duration::from_secs(1);

fn is_too_large(error: &Error) -> bool {
    matches!(error, Error::Transport(error)
        if matches!(error.problem, TransportProblem::TooLarge(1000)))
}

#[tokio::test]
async fn an_attempt_ends_with_its_time_even_in_the_middle_of_the_body() {
    let slow = vec![
        Step::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{".to_vec()),
        Step::Hang,
    ];
    let server = Server::responding(vec![slow, ok(json!(1))]).await;
    let client = server.builder().timeout(ENOUGH).build().unwrap();
    let start = Instant::now();
    let answer = Request::new(&client, &GET)
        .send_json::<Value>()
        .await
        .unwrap();
    assert_eq!(answer.meta().attempts(), 2);
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn an_answer_that_stops_in_its_middle_is_a_timeout_that_keeps_its_head() {
    let head = "HTTP/1.1 200 OK\r\ncf-ray: 8f1-FRA\r\ncontent-length: 50\r\n\r\n{";
    let server = Server::responding(vec![vec![Step::Send(head.into()), Step::Hang]]).await;
    let client = server.builder().timeout(ENOUGH).build().unwrap();
    let error = Request::new(&client, &POST).send_unit().await.unwrap_err();
    assert_eq!(error.request_id(), Some("8f1-FRA"));
    assert!(
        error
            .to_string()
            .contains("took longer than the 1 s that it may"),
        "{error}"
    );
    assert!(error.is_timeout() && error.may_have_been_executed());
}

#[tokio::test]
async fn a_timeout_of_the_caller_s_own_http_client_counts_unless_one_is_chosen() {
    let late = vec![Step::Wait(SHORT * 5), ok(json!(1)).remove(0)];
    let server = Server::responding(vec![late]).await;
    let http = crate::support::http_settings().timeout(SHORT).build();
    let builder = || server.builder().http_client(http.as_ref().unwrap().clone());
    let client = builder().max_retries(0).build().unwrap();
    let error = Request::new(&client, &GET).send_unit().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    let mut request = Request::new(&client, &GET);
    request.options(CallOptions::new().timeout(Duration::from_secs(10)));
    request.send_unit().await.unwrap();
    let client = builder().timeout(Duration::from_secs(10)).build().unwrap();
    Request::new(&client, &GET).send_unit().await.unwrap();
}

#[tokio::test]
async fn no_timeout_is_too_long_for_the_clock() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let builder = server.builder().timeout(Duration::MAX);
    let client = builder.total_timeout(Duration::MAX).build().unwrap();
    let answer = Request::new(&client, &GET).send_json::<Value>().await;
    assert_eq!(answer.unwrap().into_inner(), json!(1));
}

#[tokio::test]
async fn a_timeout_of_a_call_wins_over_the_client_s() {
    let server = Server::responding(vec![vec![Step::Hang]]).await;
    let mut request = Request::new(&server.client(), &POST);
    request.options(CallOptions::new().timeout(SHORT));
    let error = request.send_unit().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(error.may_have_been_executed());
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn connecting_ends_with_its_own_time_and_nothing_was_executed() {
    // TEST-NET-1: nobody answers, or there is no route at all.
    let client = with_token("x")
        .base_url("https://192.0.2.1:9")
        .connect_timeout(SHORT)
        .max_retries(0)
        .build()
        .unwrap();
    let start = Instant::now();
    let error = Request::new(&client, &POST).send_unit().await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert!(!error.may_have_been_executed(), "{error}");
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_a_clear_error() {
    let large = reply(200, &[], &"x".repeat(1001));
    let server = Server::responding(vec![large, ok(json!("x".repeat(900)))]).await;
    let client = server.builder().max_body(1000).build().unwrap();
    let error = Request::new(&client, &GET).send_text().await.unwrap_err();
    assert!(is_too_large(&error), "{error}");
    assert!(error.to_string().contains("1000 bytes"), "{error}");
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.status().unwrap(), 200);
    let fits = Request::new(&client, &GET).send_json::<String>().await;
    assert_eq!(fits.unwrap().len(), 900);
}

#[tokio::test]
async fn a_call_may_take_more_or_less_than_the_client() {
    let server = Server::responding(vec![reply(200, &[], &"x".repeat(2000))]).await;
    let client = server.builder().max_body(3000).build().unwrap();
    let mut request = Request::new(&client, &GET);
    request.options(CallOptions::new().max_body(1000));
    assert!(is_too_large(&request.send_text().await.unwrap_err()));
}

#[tokio::test]
async fn a_body_without_a_length_is_bounded() {
    let endless = vec![
        Step::Send(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()),
        Step::Send(vec![b'x'; 1 << 20]),
        Step::Hang,
    ];
    let server = Server::responding(vec![endless]).await;
    let client = server.builder().max_body(1000).build().unwrap();
    let error = Request::new(&client, &GET).send_text().await.unwrap_err();
    assert!(is_too_large(&error), "{error}");
}

#[tokio::test]
async fn a_body_is_bounded_by_its_size_after_decompression() {
    // A million zeros in a thousand bytes.
    let body = include_bytes!("zeros.gz");
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let bytes = [head.as_bytes(), body].concat();
    let server = Server::responding(vec![vec![Step::Send(bytes)]]).await;
    let client = server.builder().max_body(1_000_000).build().unwrap();
    let text = Request::new(&client, &GET).send_text().await.unwrap();
    assert_eq!(text.len(), 1_000_000);
    let client = server.builder().max_body(999_999).build().unwrap();
    let error = Request::new(&client, &GET).send_text().await.unwrap_err();
    assert!(error.to_string().contains("999999 bytes"), "{error}");
}

#[tokio::test]
async fn a_length_beyond_the_limit_is_not_waited_for() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n".to_vec();
    let server = Server::responding(vec![vec![Step::Send(head), Step::Hang]]).await;
    let client = server.builder().max_body(1000).build().unwrap();
    let error = Request::new(&client, &GET).send_text().await.unwrap_err();
    assert!(is_too_large(&error), "{error}");
}

#[tokio::test]
async fn a_length_that_lies_reserves_no_memory() {
    let lie = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{{",
        u64::MAX / 4
    );
    let server = Server::responding(vec![vec![Step::Send(lie.into_bytes()), Step::Close]]).await;
    let client = server.builder().max_body(u64::MAX).max_retries(0);
    let error = Request::new(&client.build().unwrap(), &GET)
        .send_text()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error}");
}

#[tokio::test]
async fn a_length_that_lies_too_low_does_not_let_more_in() {
    let mut bytes = answer(200, &[("connection", "close")], "\"a\"");
    bytes.extend(vec![b'x'; 5000]);
    let server = Server::responding(vec![vec![Step::Send(bytes), Step::Close]]).await;
    let client = server.builder().max_body(1000).build().unwrap();
    let text = Request::new(&client, &GET).send_text().await.unwrap();
    assert_eq!(text.into_inner(), "\"a\"");
}

#[tokio::test]
async fn a_dropped_call_leaves_no_task_and_no_connection() {
    let server = Server::responding(vec![vec![Step::Hang]]).await;
    let client = server.client();
    let before = tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks();
    let call = Request::new(&client, &GET).send_unit();
    assert!(tokio::time::timeout(SHORT, call).await.is_err());
    assert!(server.is_left_alone().await, "{} are open", server.open());
    let mut tasks = before + 1;
    for _ in 0..100 {
        tasks = tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks();
        if tasks <= before {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(tasks <= before, "{tasks} tasks, and {before} before");
}

#[tokio::test]
async fn a_rate_limit_is_shared_by_clones_and_by_clients_that_are_given_it() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let limiter = RateLimiter::new(5, Duration::from_secs(300));
    let client = || {
        server
            .builder()
            .rate_limiter(limiter.clone())
            .build()
            .unwrap()
    };
    let (one, other) = (client(), client());
    let clients = [one.clone(), one.clone(), other.clone(), other, one];
    for client in &clients {
        Request::new(client, &GET).send_unit().await.unwrap();
    }
    for client in &clients {
        let error = Request::new(client, &GET).send_unit().await.unwrap_err();
        assert!(error.is_rate_limited(), "{error}");
    }
    assert_eq!(server.received().len(), 5);
}

#[tokio::test]
async fn calls_that_are_dropped_while_they_wait_keep_no_place() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let builder = server.builder().rate_limit(1, SHORT);
    let client = builder.build().unwrap();
    Request::new(&client, &GET).send_unit().await.unwrap();
    for _ in 0..200 {
        let call = Request::new(&client, &GET).send_unit();
        let _ = tokio::time::timeout(Duration::ZERO, call).await;
    }
    // Not after 200 windows, which would be 12 s.
    let start = Instant::now();
    Request::new(&client, &GET).send_unit().await.unwrap();
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn a_call_that_the_own_rate_limit_would_hold_too_long_is_an_error_at_once() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let builder = server.builder().rate_limit(1, Duration::from_secs(300));
    let client = builder.build().unwrap();
    Request::new(&client, &POST).send_unit().await.unwrap();
    let start = Instant::now();
    let error = Request::new(&client, &POST).send_unit().await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert!(
        error.is_rate_limited() && !error.may_have_been_executed(),
        "{error}"
    );
    assert!(error.retry_after().unwrap() > Duration::from_secs(200));
    assert_eq!((error.attempts(), server.received().len()), (0, 1));
}

#[tokio::test]
async fn with_an_own_rate_limit_a_429_holds_the_other_calls_back_for_an_hour_at_most() {
    for (wait, held) in [("300", 300), ("1000000000000000000", 3600)] {
        let slow = refusal(429, &[("retry-after", wait)], 971, "slow");
        let server = Server::responding(vec![slow, ok(json!(1))]).await;
        let builder = server.builder().rate_limit(100, Duration::from_secs(1));
        let client = builder.build().unwrap();
        assert!(Request::new(&client, &GET).send_unit().await.is_err());
        let error = Request::new(&client, &GET).send_unit().await.unwrap_err();
        assert!(error.is_rate_limited() && error.attempts() == 0, "{error}");
        let wait = error.retry_after().unwrap().as_secs();
        assert!((held - 60..=held).contains(&wait), "{wait}");
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn only_a_429_holds_the_other_calls_back() {
    let down = refusal(503, &[("retry-after", "300")], 1, "down");
    let server = Server::responding(vec![down, ok(json!(1))]).await;
    let builder = server.builder().rate_limit(100, Duration::from_secs(1));
    let client = builder.build().unwrap();
    assert!(Request::new(&client, &GET).send_unit().await.is_err());
    assert!(Request::new(&client, &GET).send_unit().await.is_ok());
}

#[tokio::test]
async fn an_answer_and_an_error_say_how_much_of_the_server_s_limit_is_left() {
    let headers = [
        ("ratelimit", "\"default\";r=50;t=30"),
        ("ratelimit-policy", "\"default\";q=100;w=60"),
    ];
    let body = r#"{"success":true,"result":1}"#;
    let server =
        Server::responding(vec![reply(200, &headers, body), reply(404, &headers, body)]).await;
    let client = server.client();
    let answer = Request::new(&client, &GET)
        .send_json::<Value>()
        .await
        .unwrap();
    let limit = answer.meta().rate_limit().unwrap();
    assert_eq!((limit.remaining, limit.quota), (Some(50), Some(100)));
    assert_eq!(limit.window, Some(Duration::from_secs(60)));
    let error = Request::new(&client, &GET).send_unit().await.unwrap_err();
    assert_eq!(error.rate_limit(), Some(limit));
}
