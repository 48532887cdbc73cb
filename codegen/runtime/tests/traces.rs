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

/// Keeps all that is traced, by whatever crate, as text.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<String>>);

struct Printer<'a>(&'a mut String);

impl Visit for Printer<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        writeln!(self.0, "{}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Collector {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Printer(&mut self.0.lock().unwrap()));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Printer(&mut self.0.lock().unwrap()));
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Printer(&mut self.0.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_call_is_a_span_with_the_conventional_names_and_no_secret() {
    let answers = vec![refusal(503, &[], 1, "x"), ok(json!(1)), vec![Step::Close]];
    let server = Server::answering(answers).await;
    let collector = Collector::default();
    let guard = tracing::subscriber::set_default(collector.clone());
    let client = server.builder().token(SECRET).build().unwrap();
    for _ in 0..2 {
        let mut request = Request::new(&client, &GET);
        request.options(
            CallOptions::new()
                .query("key", SECRET)
                .header("x-y", SECRET),
        );
        let _ = request.send_unit().await;
    }
    drop(guard);
    let text = collector.0.lock().unwrap().clone();
    for line in [
        "http.request.method=\"GET\"",
        "url.template=/things",
        "http.response.status_code=503",
        "http.response.status_code=200",
        "http.request.resend_count=1",
        "http.response.header.cf-ray=\"8f1-FRA\"",
        "operation=get-things",
        "error.type=\"503\"",
        "error.type=\"transport\"",
        "server.address=\"127.0.0.1\"",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!text.contains(SECRET), "{text}");
}
