//! A server that answers what a client's document says.

use std::sync::{Arc, Mutex};

use codegen::Surface;
use codegen::surface::{Call, Output};
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use serde_json::{Value, json};

/// A server that answers what the document of `surface` says, and refuses requests
/// without `credential` unless they need none; and what it was sent.
pub fn serve(surface: Surface, credential: (&'static str, &'static str)) -> (MockServer, Requests) {
    let server = MockServer::start();
    let requests = Requests::default();
    let seen = requests.clone();
    server.mock(|when, then| {
        when.any_request();
        then.respond_with(move |request| {
            let line = format!("{} {}", request.method(), request.uri());
            let body = String::from_utf8_lossy(request.body_ref()).into_owned();
            let given = header(request, credential.0).as_deref() == Some(credential.1);
            let call = surface.calls.iter().find(|call| is_of(request, call));
            let mut seen = seen.0.lock().expect("no panic before");
            seen.push(Seen {
                line,
                given,
                authorization: header(request, "authorization"),
                body,
            });
            let is_open =
                call.is_some_and(|call| matches!(call.operation.as_str(), "health" | "list-staff"));
            if !given && !is_open {
                return HttpMockResponse::builder().status(401).build();
            }
            response(request, call, &surface)
        });
    });
    (server, requests)
}

#[derive(Clone, Default)]
pub struct Requests(Arc<Mutex<Vec<Seen>>>);

#[derive(Clone, Debug)]
pub struct Seen {
    pub line: String,
    /// Whether it had the credential.
    pub given: bool,
    pub authorization: Option<String>,
    pub body: String,
}

impl Requests {
    /// The requests until now.
    pub fn seen(&self) -> Vec<Seen> {
        self.0.lock().expect("no panic before").clone()
    }
}

fn header(request: &HttpMockRequest, name: &str) -> Option<String> {
    let headers = request.headers();
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.to_owned())
}

fn is_of(request: &HttpMockRequest, call: &Call) -> bool {
    let uri = request.uri();
    let (path, template) = (uri.path().split('/'), call.path.split('/'));
    request.method().as_str() == call.method
        && path.clone().count() == template.clone().count()
        && path
            .zip(template)
            .all(|(part, wanted)| part == wanted || wanted.starts_with('{'))
}

fn response(request: &HttpMockRequest, call: Option<&Call>, surface: &Surface) -> HttpMockResponse {
    let success = |body: Value| {
        let response = HttpMockResponse::builder().status(200);
        let response = response.header("content-type", "application/json");
        response.body(body.to_string()).build()
    };
    let Some(call) = call else {
        // What a README asks for by `Client::request`.
        let result = match request.uri().query() {
            Some("page=2") => json!([{ "name": "a thing" }]),
            Some(query) if query.starts_with("page=") => json!([]),
            _ => json!({ "name": "a thing" }),
        };
        return success(enveloped(surface, result));
    };
    match (&call.response_example, &call.output) {
        (Some(example), _) => success(example.clone()),
        (None, _) if call.paging.is_some() => success(page(surface)),
        (None, Output::Nothing) => HttpMockResponse::builder().status(204).build(),
        (None, Output::Bytes) => HttpMockResponse::builder()
            .status(200)
            .body("bytes")
            .build(),
        // Whatever has no required fields is read from this.
        (None, _) => success(enveloped(surface, json!({}))),
    }
}

/// A page of a list that has no example of its own: the item is another call's.
fn page(surface: &Surface) -> Value {
    let mut examples = surface
        .calls
        .iter()
        .filter_map(|it| it.response_example.clone());
    let result = |example: &Value| example["result"].is_object();
    let mut page = examples.find(result).expect("an example of an item");
    page["result"] = json!([page["result"]]);
    page
}

/// `result` in the envelope of the API, if it has one.
fn enveloped(surface: &Surface, result: Value) -> Value {
    match surface.protocol.envelope {
        Some(_) => json!({ "success": true, "errors": [], "messages": [], "result": result }),
        None => result,
    }
}
