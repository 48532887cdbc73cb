use std::sync::{Arc, Mutex};
use std::time::Duration;

use client_runtime::{Attempt, CallOptions, Head, Hook, Request, TransportError};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::{Value, json};

use crate::support::{GET, POST, Server, Step, http_settings, ok, refusal, reply};

#[derive(Clone, Default)]
struct Log {
    name: &'static str,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Hook for Log {
    fn before(&self, attempt: &Attempt<'_>, headers: &mut HeaderMap) {
        headers.insert("x-attempt", HeaderValue::from(attempt.number));
        assert!(!headers.contains_key("authorization"));
        let (name, number) = (self.name, attempt.number);
        let line = format!("{name} before {} {number}", attempt.template);
        self.lines.lock().unwrap().push(line);
    }

    fn after(&self, attempt: &Attempt<'_>, outcome: Result<&Head, &TransportError>, _: Duration) {
        let what = match outcome {
            Ok(head) => head.status.as_u16().to_string(),
            Err(_) => "no answer".to_owned(),
        };
        let (name, number) = (self.name, attempt.number);
        self.lines
            .lock()
            .unwrap()
            .push(format!("{name} after {number}: {what}"));
    }
}

#[tokio::test]
async fn hooks_run_before_and_after_each_attempt_the_first_outermost() {
    let answers = vec![vec![Step::Close], refusal(503, &[], 1, "x"), ok(json!(1))];
    for raw in [false, true] {
        let server = Server::responding(answers.clone()).await;
        let outer = Log {
            name: "outer",
            ..Log::default()
        };
        let inner = Log {
            name: "inner",
            lines: Arc::clone(&outer.lines),
        };
        let client = server
            .builder()
            .hook(outer.clone())
            .hook(inner)
            .build()
            .unwrap();
        let request = Request::new(&client, &GET);
        match raw {
            true => drop(request.send_raw().await.unwrap()),
            false => drop(request.send_unit().await.unwrap()),
        }
        let mut expected = Vec::new();
        for (number, what) in [(1, "no answer"), (2, "503"), (3, "200")] {
            expected.push(format!("outer before /things {number}"));
            expected.push(format!("inner before /things {number}"));
            expected.push(format!("inner after {number}: {what}"));
            expected.push(format!("outer after {number}: {what}"));
        }
        assert_eq!(*outer.lines.lock().unwrap(), expected);
        let received = server.received();
        let sent: Vec<_> = received
            .iter()
            .filter_map(|it| it.header("x-attempt"))
            .collect();
        assert_eq!(sent, ["1", "2", "3"]);
        assert!(
            received
                .iter()
                .all(|it| it.header("authorization").is_some())
        );
    }
}

#[tokio::test]
async fn a_hook_hears_of_an_attempt_that_the_total_time_ends() {
    let server = Server::responding(vec![vec![Step::Hang]]).await;
    let log = Log::default();
    let builder = server.builder().total_timeout(Duration::from_millis(50));
    let client = builder.hook(log.clone()).build().unwrap();
    assert!(Request::new(&client, &GET).send_unit().await.is_err());
    assert_eq!(log.lines.lock().unwrap()[1], " after 1: no answer");
}

#[tokio::test]
async fn a_client_of_one_s_own_sends_the_requests() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let http = http_settings().user_agent("mine").build().unwrap();
    let client = server.builder().http_client(http).build().unwrap();
    Request::new(&client, &GET).send_unit().await.unwrap();
    let settings = http_settings().user_agent("made");
    let client = server.builder().http_builder(settings).build().unwrap();
    Request::new(&client, &GET).send_unit().await.unwrap();
    let received = server.received();
    let agents: Vec<_> = received
        .iter()
        .map(|it| it.header("user-agent").unwrap())
        .collect();
    assert_eq!(agents, ["mine", "made"]);
}

#[tokio::test]
async fn a_program_names_itself() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    Request::new(&server.client(), &GET)
        .send_unit()
        .await
        .unwrap();
    let client = server.builder().user_agent("mine/1").build().unwrap();
    Request::new(&client, &GET).send_unit().await.unwrap();
    let received = server.received();
    let own = received[0].header("user-agent").unwrap();
    assert!(own.starts_with("client-runtime/"), "{own}");
    assert_eq!(received[1].header("user-agent"), Some("mine/1"));
}

#[tokio::test]
async fn a_call_has_extra_headers_and_query_parameters() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let mut request = Request::new(&server.client(), &GET);
    request.options(CallOptions::new().header("x-y", "1").query("a b", "c&d"));
    request.send_unit().await.unwrap();
    let received = &server.received()[0];
    assert_eq!(received.header("x-y"), Some("1"));
    assert_eq!(received.query("a b").as_deref(), Some("c&d"));
}

#[tokio::test]
async fn a_client_has_headers_and_query_parameters_of_every_call() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let builder = server.builder().header("x-y", "all").header("x-z", "all");
    let client = builder.query("beta", "1").build().unwrap();
    let mut request = Request::new(&client, &GET);
    request.options(CallOptions::new().header("x-y", "1").query("a", "2"));
    request.send_unit().await.unwrap();
    let received = &server.received()[0];
    assert_eq!(received.header("x-y"), Some("1"));
    assert_eq!(received.header("x-z"), Some("all"));
    assert_eq!(received.target, "/v4/things?beta=1&a=2");
}

#[tokio::test]
async fn a_call_sends_members_that_the_document_does_not_know() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let client = server.client();
    let options = CallOptions::new().member("b", 2).member("a", "new");
    let mut request = Request::new(&client, &POST);
    request.json(&json!({ "a": 0, "c": 0.1 }));
    request.options(options.clone());
    request.send_unit().await.unwrap();
    let mut request = Request::new(&client, &POST);
    request.options(options.clone());
    request.send_unit().await.unwrap();
    let bodies: Vec<_> = server.received().iter().map(|it| it.body.clone()).collect();
    assert_eq!(bodies[0], br#"{"a":"new","b":2,"c":0.1}"#);
    assert_eq!(bodies[1], br#"{"a":"new","b":2}"#);
    let mut request = Request::new(&client, &POST);
    request.bytes("text/plain", "{}").options(options);
    let error = request.send_unit().await.unwrap_err();
    assert!(error.to_string().contains("`b` cannot be added"), "{error}");
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn an_endpoint_without_a_method_has_the_same_authentication_retries_and_errors() {
    let answers = vec![
        refusal(503, &[], 1, "x"),
        ok(json!({ "a": 1 })),
        refusal(404, &[], 7, "no"),
    ];
    let server = Server::responding(answers).await;
    let client = server.client();
    let mut request = client.request(Method::PUT, "/x/{id}?q=1&r=hidden");
    request.path_arg("id", "a/b").json(&json!({ "b": 2 }));
    let answer = request.send_json::<Value>().await.unwrap();
    assert_eq!(
        (answer["a"].as_u64(), answer.meta().attempts()),
        (Some(1), 2)
    );
    let received = &server.received()[0];
    assert_eq!(received.target, "/v4/x/a%2Fb?q=1&r=hidden");
    assert_eq!(received.body, b"{\"b\":2}");
    assert!(received.header("authorization").is_some());
    let request = client.request(Method::GET, "x?r=hidden");
    let error = request.send_unit().await.unwrap_err();
    assert_eq!(error.to_string(), "GET x: 404 Not Found: no (code 7)");
    assert!(!format!("{error:?}").contains("hidden"));
}

#[tokio::test]
async fn a_raw_answer_is_untouched() {
    let server = Server::responding(vec![reply(418, &[("x-y", "z")], "tea\n")]).await;
    let response = Request::new(&server.client(), &GET)
        .send_raw()
        .await
        .unwrap();
    assert_eq!(response.status(), 418);
    assert_eq!(response.headers()["x-y"], "z");
    assert_eq!(response.text().await.unwrap(), "tea\n");
}

#[tokio::test]
async fn text_and_bytes_come_as_they_are() {
    let server = Server::responding(vec![reply(200, &[], "a\nb")]).await;
    let client = server.client();
    assert_eq!(
        *Request::new(&client, &GET).send_text().await.unwrap(),
        "a\nb"
    );
    assert_eq!(
        &Request::new(&client, &GET).send_bytes().await.unwrap()[..],
        b"a\nb"
    );
}

#[tokio::test]
async fn the_future_of_a_call_is_small() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let client = server.client();
    let call = Request::new(&client, &GET).send_json::<Value>();
    let size = size_of_val(&call);
    assert!(size <= 2048, "{size} bytes");
    assert_eq!(
        size_of_val(&Request::new(&client, &GET)),
        size_of::<usize>()
    );
    call.await.unwrap();
}

#[cfg(feature = "blocking")]
mod blocking {
    use client_runtime::Blocking;

    use super::*;

    /// A server on a thread of its own.
    fn serve(answers: Vec<Vec<Step>>) -> Server {
        let (send, receive) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async move {
                send.send(Server::responding(answers).await).unwrap();
                std::future::pending::<()>().await;
            });
        });
        receive.recv().unwrap()
    }

    #[test]
    fn a_program_without_a_runtime_can_call() {
        let server = serve(vec![refusal(503, &[], 1, "x"), ok(json!(7))]);
        let client = server.client();
        let answer = Request::new(&client, &GET)
            .send_json::<u32>()
            .block()
            .unwrap();
        assert_eq!((*answer, answer.meta().attempts()), (7, 2));
    }

    #[test]
    fn a_program_without_a_runtime_can_walk_a_list() {
        let server = serve(vec![ok(json!([1, 2, 3])), ok(json!([4])), ok(json!([]))]);
        let pages = Request::new(&server.client(), &GET).into_pages::<u32>();
        let items: Result<Vec<u32>, _> = pages.blocking().collect();
        assert_eq!(items.unwrap(), [1, 2, 3, 4]);
    }

    #[tokio::test]
    async fn a_blocking_call_within_a_runtime_does_not_panic() {
        let server = serve(vec![ok(json!(7))]);
        let client = server.client();
        let answer = Request::new(&client, &GET).send_json::<u32>().block();
        assert_eq!(*answer.unwrap(), 7);
    }
}
