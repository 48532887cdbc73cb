//! What a call leaves in traces. It is a program of its own because what is traced
//! is decided once for a whole process, and other tests trace nothing.
#![cfg(feature = "tracing")]

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "it/support.rs"]
mod support;

use std::fmt::Write;
use std::sync::{Arc, Mutex};

use client_runtime::{CallOptions, Request};
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use support::{GET, SECRET, Server, Step, ok, refusal};

/// Keeps all that is traced as text: of our spans, and of events by whatever crate.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Traced>>);

#[derive(Clone, Default)]
struct Traced {
    /// The fields of each span.
    spans: Vec<String>,
    /// Each event of our own.
    events: Vec<String>,
    others: String,
}

struct Printer<'a>(&'a mut String);

impl Visit for Printer<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        writeln!(self.0, "{}={value:?}", field.name()).unwrap();
    }
}

impl Collector {
    fn span(&self, id: &Id) -> usize {
        usize::try_from(id.into_u64()).unwrap() - 1
    }
}

impl Subscriber for Collector {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut traced = self.0.lock().unwrap();
        let mut fields = String::new();
        span.record(&mut Printer(&mut fields));
        traced.spans.push(fields);
        Id::from_u64(traced.spans.len() as u64)
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        let mut traced = self.0.lock().unwrap();
        values.record(&mut Printer(&mut traced.spans[self.span(id)]));
    }

    fn event(&self, event: &Event<'_>) {
        let mut traced = self.0.lock().unwrap();
        let mut fields = String::new();
        event.record(&mut Printer(&mut fields));
        match event.metadata().target().starts_with("client_runtime") {
            true => traced.events.push(fields),
            false => traced.others.push_str(&fields),
        }
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// What is traced of calls to a server that responds thus, the first by `send_unit`,
/// the second by `send_raw`.
async fn traced(responses: Vec<Vec<Step>>) -> Traced {
    let server = Server::responding(responses).await;
    let collector = Collector::default();
    let guard = tracing::subscriber::set_default(collector.clone());
    let client = server.builder().build().unwrap();
    for raw in [false, true] {
        let mut request = Request::new(&client, &GET);
        let options = CallOptions::new().query("key", SECRET);
        request.options(options.header("x-y", SECRET));
        match raw {
            true => drop(request.send_raw().await),
            false => drop(request.send_unit().await),
        }
    }
    drop(guard);
    let traced = collector.0.lock().unwrap().clone();
    let text = format!("{traced:?}", traced = [&traced.spans, &traced.events]);
    assert!(
        !text.contains(SECRET) && !traced.others.contains(SECRET),
        "{text}"
    );
    traced
}

/// The names of the fields of a span, each of which is there once.
fn names(span: &str) -> Vec<&str> {
    let mut names: Vec<_> = span
        .lines()
        .filter_map(|line| Some(line.split_once('=')?.0))
        .collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "twice: {span}");
    names
}

#[tokio::test]
async fn a_call_that_succeeds_after_a_retry_is_a_success_whose_attempts_are_events() {
    let failed = || refusal(503, &[], 1, "x");
    let traced = traced(vec![failed(), ok(json!(1)), failed(), ok(json!(1))]).await;
    assert_eq!(traced.spans.len(), 2);
    for span in &traced.spans {
        for line in [
            "otel.name=GET /things",
            "otel.kind=\"client\"",
            "operation=get-things",
            "http.request.method=\"GET\"",
            "url.template=/things",
            "server.address=\"127.0.0.1\"",
            "http.response.status_code=200",
            "http.request.resend_count=1",
            "request_id=\"8f1-FRA\"",
        ] {
            assert!(
                span.lines().any(|it| it == line),
                "{line} is not in\n{span}"
            );
        }
        assert!(!names(span).contains(&"error.type"), "{span}");
    }
    let attempts = [
        "message=the attempt ended\nattempt=1\nstatus=503\n",
        "message=the attempt is repeated\n",
        "message=the attempt ended\nattempt=2\nstatus=200\nrequest_id=\"8f1-FRA\"\n",
    ];
    assert_eq!(traced.events.len(), 6);
    for (event, expected) in traced.events.iter().zip(attempts.iter().cycle()) {
        assert!(event.starts_with(expected), "{event}");
    }
}

#[tokio::test]
async fn what_a_call_came_to_is_said_once() {
    for (step, kind, is_status) in [
        (vec![Step::Close], "error.type=\"transport\"", false),
        (refusal(404, &[], 1, "x"), "error.type=\"404\"", true),
    ] {
        let traced = traced(vec![step]).await;
        for span in &traced.spans {
            assert!(span.contains(kind), "{span}");
            let names = names(span);
            assert_eq!(names.contains(&"http.response.status_code"), is_status);
            assert_eq!(names.contains(&"http.request.resend_count"), !is_status);
        }
    }
}
