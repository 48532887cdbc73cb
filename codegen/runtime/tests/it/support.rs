//! A server that does as it is told, mistakes included.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use client_runtime::internal::{Core, CoreBuilder, Envelope, Operation, Paging};
use client_runtime::protocol::{Codes, EnvelopeKeys, ErrorPage, Protocol, Scheme};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The secret of every client here.
pub const SECRET: &str = "s3cret-0f-th3-t3st";

/// Cloudflare's API, as its client would say it.
pub static PROTOCOL: Protocol = Protocol::new("https://api.cloudflare.com/client/v4")
    .user_agent("client-runtime/test")
    .base_url_variable("CLOUDFLARE_BASE_URL")
    .schemes(&[
        Scheme::bearer("api_token").variable("CLOUDFLARE_API_TOKEN"),
        Scheme::header("api_email", "X-Auth-Email").variable("CLOUDFLARE_EMAIL"),
        Scheme::header("api_key", "X-Auth-Key").variable("CLOUDFLARE_API_KEY"),
        Scheme::header("user_service_key", "X-Auth-User-Service-Key")
            .variable("CLOUDFLARE_API_USER_SERVICE_KEY"),
        Scheme::query("query_key", "api_key"),
        Scheme::cookie("session", "sid"),
        Scheme::basic("login"),
    ])
    .credentials(&[
        &["api_token"],
        &["api_email", "api_key"],
        &["user_service_key"],
        &["query_key"],
        &["session"],
        &["login"],
    ])
    .envelope(EnvelopeKeys {
        success: "success",
        errors: "errors",
        messages: "messages",
        result: "result",
        result_info: "result_info",
    })
    .request_id("cf-ray", "ray")
    .transient_statuses(&[
        500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 530,
    ])
    .codes(
        Codes::new()
            .authentication(&[6100, 6101, 6103, 6111, 9109, 10000])
            .rate_limited(&[971, 1015]),
    )
    .error_page(
        ErrorPage::new()
            .code_member("error_code")
            .retry_after_member("retry_after")
            .code_in_text(),
    );

/// Choices about a client with a token.
pub fn with_token(token: impl Into<String>) -> CoreBuilder {
    CoreBuilder::new(&PROTOCOL).credential("api_token", token.into())
}

/// Choices about a client with an email and a key.
pub fn with_key(builder: CoreBuilder) -> CoreBuilder {
    let builder = builder.credential("api_email", "a@b.c");
    builder.credential("api_key", SECRET)
}

/// A request as it came over the wire.
#[derive(Debug, Clone)]
pub struct Received {
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn query(&self, name: &str) -> Option<String> {
        let url = reqwest::Url::parse("http://a.b")
            .unwrap()
            .join(&self.target)
            .unwrap();
        let found = url.query_pairs().find(|(known, _)| known == name);
        found.map(|(_, value)| value.into_owned())
    }
}

/// What the server does next with a request.
#[derive(Debug, Clone)]
pub enum Step {
    Send(Vec<u8>),
    Wait(Duration),
    /// Ends the connection in order.
    Close,
    /// Ends the connection at once.
    Reset,
    Hang,
}

pub struct Server {
    pub port: u16,
    open: Arc<AtomicUsize>,
    received: Arc<Mutex<Vec<Received>>>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Server {
    /// A server that does to the request number `n` (from 0) what `replies` says.
    pub async fn start(
        replies: impl Fn(usize, &Received) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (open, received) = (Arc::default(), Arc::default());
        let replies: Arc<Replies> = Arc::new(replies);
        let accepting = tokio::spawn({
            let (open, received) = (Arc::clone(&open), Arc::clone(&received));
            async move {
                loop {
                    let Ok((stream, _)) = listener.accept().await else {
                        continue;
                    };
                    let _ = stream.set_nodelay(true);
                    let guard = Guard::new(&open);
                    let (replies, received) = (Arc::clone(&replies), Arc::clone(&received));
                    tokio::spawn(async move {
                        serve(stream, replies.as_ref(), &received).await;
                        drop(guard);
                    });
                }
            }
        });
        Self {
            port,
            open,
            received,
            accepting,
        }
    }

    /// A server that sends these responses one after the other, and the last one
    /// again and again.
    pub async fn responding(responses: Vec<Vec<Step>>) -> Self {
        Self::start(move |index, _| responses[index.min(responses.len() - 1)].clone()).await
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// How many connections are open now.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    /// Waits until no connection is open.
    pub async fn is_left_alone(&self) -> bool {
        for _ in 0..300 {
            if self.open() == 0 {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        false
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/v4", self.port)
    }

    /// Choices about a client of this server, which repeats without delay.
    pub fn builder(&self) -> CoreBuilder {
        with_token(SECRET)
            .base_url(self.url())
            .backoff(Duration::from_millis(1), Duration::from_millis(4))
    }

    pub fn client(&self) -> Core {
        self.builder().build().unwrap()
    }
}

type Replies = dyn Fn(usize, &Received) -> Vec<Step> + Send + Sync;

struct Guard(Arc<AtomicUsize>);

impl Guard {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn serve(mut stream: TcpStream, replies: &Replies, received: &Mutex<Vec<Received>>) {
    let mut buffer = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut buffer).await {
        let index = {
            let mut received = received.lock().unwrap();
            received.push(request.clone());
            received.len() - 1
        };
        for step in replies(index, &request) {
            match step {
                Step::Send(bytes) => {
                    if stream.write_all(&bytes).await.is_err() {
                        return;
                    }
                }
                Step::Wait(time) => tokio::time::sleep(time).await,
                Step::Close => {
                    let _ = stream.shutdown().await;
                    return;
                }
                Step::Reset => {
                    let _ = stream.set_zero_linger();
                    return;
                }
                // Until the client goes away.
                Step::Hang => {
                    let _ = stream.read(&mut [0; 64]).await;
                    return;
                }
            }
        }
    }
}

async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Received> {
    let end = loop {
        if let Some(at) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let target = first.nth(1)?.to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(0, |(_, value)| value.parse().unwrap());
    let chunked = headers.iter().any(|(name, _)| name == "transfer-encoding");
    let is_whole = |buffer: &[u8]| match chunked {
        true => buffer.ends_with(b"0\r\n\r\n"),
        false => buffer.len() >= end + length,
    };
    while !is_whole(buffer) {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    let size = if chunked { buffer.len() } else { end + length };
    let body = buffer[end..size].to_vec();
    buffer.drain(..size);
    Some(Received {
        target,
        headers,
        body,
    })
}

/// The bytes of an answer.
pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    format!("{text}\r\n{body}").into_bytes()
}

/// A whole answer.
pub fn reply(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<Step> {
    vec![Step::Send(answer(status, headers, body))]
}

/// A success with `result`.
pub fn ok(result: Value) -> Vec<Step> {
    let body = json!({ "success": true, "errors": [], "messages": [], "result": result });
    reply(200, &[("cf-ray", "8f1-FRA")], &body.to_string())
}

/// A refusal with one error.
pub fn refusal(status: u16, headers: &[(&str, &str)], code: i64, message: &str) -> Vec<Step> {
    let errors = json!([{ "code": code, "message": message }]);
    let body = json!({ "success": false, "errors": errors, "messages": [], "result": null });
    reply(status, headers, &body.to_string())
}

/// The settings of an HTTP client of the caller's own.
pub fn http_settings() -> reqwest::ClientBuilder {
    // Which chooses who does the cryptography.
    let _ = with_token("x");
    reqwest::Client::builder().no_proxy()
}

/// A port on which nobody listens.
pub async fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

/// An operation with the envelope, whose list has pages and cursors.
pub const fn operation(id: &'static str, method: Method, path: &'static str) -> Operation {
    Operation::new(id, method, path)
        .envelope(Envelope::Member)
        .paging(Paging::new().page("page").cursor("cursor"))
}

pub static GET: Operation = operation("get-things", Method::GET, "/things");
pub static POST: Operation = operation("create-thing", Method::POST, "/things");
