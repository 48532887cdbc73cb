//! What goes over the wire, in the styles of OpenAPI 3.0.3.

use client_runtime::internal::{
    Core, CoreBuilder, Encoding, Operation, PathStyle, QueryStyle, Security,
};
use client_runtime::protocol::{Protocol, Scheme};
use client_runtime::{CallOptions, Error, FormData, Request, RequestProblem, Upload};
use reqwest::Method;
use serde::Serialize;
use serde_json::{Value, json};

use crate::support::{POST, Received, SECRET, Server, ok, refusal};

/// What a server received of a request.
async fn sent(fill: impl FnOnce(&mut Request)) -> Received {
    static ANY: Operation = Operation::new("any", Method::POST, "/x");
    sent_to(&ANY, fill).await
}

async fn sent_to(operation: &'static Operation, fill: impl FnOnce(&mut Request)) -> Received {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let mut request = Request::new(&server.client(), operation);
    fill(&mut request);
    request.send_text().await.unwrap();
    server.received().remove(0)
}

fn text(received: &Received) -> String {
    String::from_utf8_lossy(&received.body).into_owned()
}

#[tokio::test]
async fn a_whole_number_is_an_integer_in_query_path_header_cookie_form_and_json() {
    static NUMBERS: Operation = Operation::new("numbers", Method::PUT, "/x/{id}/{styled}");
    #[derive(Serialize)]
    struct Body {
        ttl: f64,
        share: f32,
        list: Vec<f64>,
    }
    let body = Body {
        ttl: 3600.0,
        share: 0.1,
        list: vec![1.0, 1.5],
    };
    let fill = |request: &mut Request| {
        request
            .path_arg("id", 2.0)
            .path_styled("styled", PathStyle::Label, false, &[3.0, 0.5]);
        request.query("per_page", QueryStyle::Form, &20.0);
        request.header("x-n", &[1.0, 2.0]).cookie("n", &4.0);
    };
    let received = sent_to(&NUMBERS, |request| {
        fill(request);
        request.json(&body);
    })
    .await;
    assert_eq!(received.target, "/v4/x/2/.3.0.5?per_page=20");
    assert_eq!(received.header("x-n"), Some("1,2"));
    assert_eq!(received.header("cookie"), Some("n=4"));
    assert_eq!(
        text(&received),
        r#"{"ttl":3600,"share":0.1,"list":[1,1.5]}"#
    );
    let received = sent_to(&NUMBERS, |request| {
        fill(request);
        request.form(&body).options(CallOptions::new());
    })
    .await;
    assert_eq!(text(&received), "ttl=3600&share=0.1&list=1&list=1.5");
    let received = sent(|request| {
        request
            .json(&body)
            .options(CallOptions::new().member("ttl", 60.0));
    })
    .await;
    assert_eq!(text(&received), r#"{"list":[1,1.5],"share":0.1,"ttl":60}"#);
    let received = sent(|request| {
        let mut form = FormData::new();
        form.set_value("ttl", &3600.0);
        form.set_value("body", &body);
        request.multipart(form);
    })
    .await;
    let text = text(&received);
    assert!(
        text.contains("\r\n\r\n3600\r\n") && text.contains("{\"ttl\":3600,"),
        "{text}"
    );
}

#[tokio::test]
async fn an_argument_of_one_reserved_character_stays_an_argument() {
    static ONE: Operation = Operation::new("one", Method::GET, "/things/{id}");
    for (value, escaped) in [
        ("\t", "%09"),
        ("/", "%2F"),
        ("%", "%25"),
        ("+", "%2B"),
        ("?", "%3F"),
        ("#", "%23"),
        (" ", "%20"),
        ("\\", "%5C"),
        (";", "%3B"),
        ("é", "%C3%A9"),
    ] {
        let received = sent_to(&ONE, |request| {
            request.path_arg("id", value);
        })
        .await;
        assert_eq!(received.target, format!("/v4/things/{escaped}"));
        let received = sent(|request| {
            request.query(value_name(value), QueryStyle::Form, value);
        })
        .await;
        assert_eq!(received.target, format!("/v4/x?{escaped}={escaped}"));
    }
}

fn value_name(value: &str) -> &'static str {
    value.to_owned().leak()
}

#[tokio::test]
async fn a_query_in_the_path_of_an_operation_is_sent_as_a_query_and_a_fragment_is_not() {
    static QUERY: Operation = Operation::new("query", Method::GET, "/search?mode=fast#part");
    let received = sent_to(&QUERY, |request| {
        request.query("q", QueryStyle::Form, "a b");
    })
    .await;
    assert_eq!(received.target, "/v4/search?mode=fast&q=a%20b");
}

#[tokio::test]
async fn cookies_are_sent_together_and_beside_the_credentials() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let client = server
        .builder()
        .credential("session", SECRET)
        .build()
        .unwrap();
    let mut request = Request::new(&client, &POST);
    request.cookie("lang", "de").cookie("ids", &[1, 2]);
    request.cookie_styled("joined", false, &[1, 2]);
    request.cookie("lang", "en").cookie("none", &None::<u8>);
    request.send_unit().await.unwrap();
    let expected = format!("ids=1; ids=2; joined=1,2; lang=en; sid={SECRET}");
    assert_eq!(server.received()[0].header("cookie"), Some(&*expected));
}

#[tokio::test]
async fn a_range_of_media_types_is_never_sent_as_one() {
    for (range, json_type, text_type) in [
        ("*/*", "application/json", "text/plain; charset=utf-8"),
        (
            "application/*",
            "application/json",
            "text/plain; charset=utf-8",
        ),
        ("text/csv", "text/csv", "text/csv"),
    ] {
        let received = sent(|request| {
            request.json_as(range, &json!({ "a": 1 }));
        })
        .await;
        assert_eq!(received.header("content-type"), Some(json_type));
        let received = sent(|request| {
            request.content(range, "a");
        })
        .await;
        assert_eq!(received.header("content-type"), Some(text_type));
        let bytes_type = if range.contains('*') {
            "application/octet-stream"
        } else {
            range
        };
        let received = sent(|request| {
            request.content(range, vec![1]);
        })
        .await;
        assert_eq!(received.header("content-type"), Some(bytes_type));
        let received = sent(|request| {
            request.bytes(range, vec![1]);
        })
        .await;
        assert_eq!(received.header("content-type"), Some(bytes_type));
        let received = sent(|request| {
            request.stream(range, "a");
        })
        .await;
        assert_eq!(received.header("content-type"), Some(bytes_type));
    }
}

static ENCODINGS: &[Encoding] = &[
    Encoding::new("cover").content_type("image/png, image/jpeg"),
    Encoding::new("meta")
        .content_type("application/vnd.a+json")
        .headers(&[("X-Kind", "meta")]),
    Encoding::new("settings").content_type("application/xml"),
    Encoding::new("any").content_type("*/*"),
];

#[tokio::test]
async fn the_parts_of_a_form_have_the_media_types_and_headers_of_the_document() {
    let received = sent(|request| {
        let mut form = FormData::with_encodings(ENCODINGS);
        form.set("cover", vec![1]);
        form.set("any", vec![2]);
        form.set_value("meta", &json!({ "a": 1 }));
        form.set("settings", "<a/>");
        form.set_value("labels", &["x", "y"]);
        form.set_value("points", &[json!({ "x": 1 }), json!({ "x": 2 })]);
        form.set_value("none", &None::<u8>);
        for name in ["a.txt", "b.txt"] {
            let file = Upload::bytes(name.as_bytes()).file_name(name);
            form.add("files", file.content_type("text/x").header("X-Own", "1"));
        }
        request.multipart(form);
    })
    .await;
    let body = text(&received);
    for part in [
        "name=\"cover\"; filename=\"cover\"\r\nContent-Type: image/png\r\n\r\n\u{1}\r\n",
        "name=\"any\"; filename=\"any\"\r\nContent-Type: application/octet-stream\r\n\r\n\u{2}\r\n",
        "name=\"meta\"\r\nContent-Type: application/vnd.a+json\r\nx-kind: meta\r\n\r\n{\"a\":1}\r\n",
        "name=\"settings\"\r\nContent-Type: application/xml\r\n\r\n<a/>\r\n",
        "name=\"labels\"\r\n\r\nx\r\n",
        "name=\"labels\"\r\n\r\ny\r\n",
        "name=\"points\"\r\nContent-Type: application/json\r\n\r\n{\"x\":1}\r\n",
        "name=\"points\"\r\nContent-Type: application/json\r\n\r\n{\"x\":2}\r\n",
        "name=\"files\"; filename=\"a.txt\"\r\nContent-Type: text/x\r\nx-own: 1\r\n\r\na.txt\r\n",
        "name=\"files\"; filename=\"b.txt\"\r\nContent-Type: text/x\r\nx-own: 1\r\n\r\nb.txt\r\n",
    ] {
        assert!(body.contains(part), "{part:?} in {body}");
    }
    assert!(!body.contains("none"), "{body}");
}

#[tokio::test]
async fn a_form_may_have_another_multipart_type() {
    let received = sent(|request| {
        let mut form = FormData::new();
        form.set_value("meta", &json!({ "a": 1 }));
        request.multipart_as("multipart/related", form);
    })
    .await;
    let content_type = received.header("content-type").unwrap();
    assert!(
        content_type.starts_with("multipart/related; boundary="),
        "{content_type}"
    );
    let types = received
        .headers
        .iter()
        .filter(|(name, _)| name == "content-type");
    assert_eq!(types.count(), 1);
}

#[tokio::test]
async fn a_part_that_cannot_be_written_is_an_error_and_nothing_is_sent() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let client = server.client();
    let mut xml = FormData::with_encodings(ENCODINGS);
    xml.set_value("settings", &json!({ "a": 1 }));
    let mut header = FormData::new();
    header.set("a", Upload::text("b").header("x-y", "a\nb"));
    let mut media_type = FormData::new();
    media_type.set("a", Upload::text("b").content_type("a\nb"));
    for (form, named) in [
        (xml, "`application/xml`"),
        (header, "`x-y`"),
        (media_type, "`content-type`"),
    ] {
        let mut request = Request::new(&client, &POST);
        request.multipart(form);
        let error = request.send_unit().await.unwrap_err();
        assert!(matches!(error, Error::Request(_)), "{error}");
        assert!(error.to_string().contains(named), "{error}");
    }
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_request_can_be_cloned_and_sent_again() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let mut request = Request::new(&server.client(), &POST);
    request
        .json(&json!({ "a": 1 }))
        .query("q", QueryStyle::Form, "1");
    let clone = request.clone();
    assert!(format!("{clone:?}").contains("create-thing"), "{clone:?}");
    request.send_unit().await.unwrap();
    clone.send_unit().await.unwrap();
    let received = server.received();
    assert_eq!(received[0].body, received[1].body);
    assert_eq!(received[0].target, received[1].target);
}

#[tokio::test]
async fn of_clones_with_a_body_that_is_sent_once_the_second_is_an_error() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let client = server.client();
    let stream = |request: &mut Request| {
        request.stream("text/plain", "abc");
    };
    let upload = |request: &mut Request| {
        request.content("text/plain", Upload::stream("abc"));
    };
    let form = |request: &mut Request| {
        let mut form = FormData::new();
        form.set("a", Upload::stream("abc"));
        request.multipart(form);
    };
    let fills: [&dyn Fn(&mut Request); 3] = [&stream, &upload, &form];
    for fill in fills {
        let mut request = Request::new(&client, &POST);
        fill(&mut request);
        let clone = request.clone();
        request.send_unit().await.unwrap();
        let error = clone.send_unit().await.unwrap_err();
        let Error::Request(request) = &error else {
            panic!("{error}")
        };
        assert!(matches!(request.problem, RequestProblem::Spent), "{error}");
        assert!(error.to_string().contains("clone"), "{error}");
    }
    assert_eq!(server.received().len(), 3);
}

/// An API with a scheme of each kind, of which its operations take different ones.
static SCHEMES: Protocol = Protocol::new("")
    .schemes(&[
        Scheme::basic("basic"),
        Scheme::header("header", "X-Api-Key"),
        Scheme::query("query", "api_key"),
        Scheme::cookie("cookie", "sid"),
        Scheme::bearer("oauth"),
    ])
    .credentials(&[&["basic"], &["header"], &["query"], &["cookie"], &["oauth"]]);

const fn secured(path: &'static str, security: Security) -> Operation {
    Operation::new("secured", Method::GET, path).security(security)
}

static BASIC: Operation = secured("/a", Security::AnyOf(&[&["basic"]]));
static HEADER: Operation = secured("/b", Security::AnyOf(&[&["header"]]));
static QUERY: Operation = secured("/c?x=1", Security::AnyOf(&[&["query"]]));
static COOKIE: Operation = secured("/d", Security::AnyOf(&[&["cookie"]]));
static OAUTH: Operation = secured("/e", Security::AnyOf(&[&["oauth"]]));
static NOTHING: Operation = secured("/f", Security::None);
static BOTH: Operation = secured("/g", Security::AnyOf(&[&["header", "query"]]));

fn with_all(server: &Server) -> Core {
    let builder = CoreBuilder::new(&SCHEMES).base_url(server.url());
    let builder = builder.basic("basic", "Aladdin", "open sesame");
    let builder = builder.credential("header", "h").credential("query", "q&");
    let builder = builder.credential("cookie", "c").credential("oauth", "o");
    builder.build().unwrap()
}

#[tokio::test]
async fn each_operation_is_sent_what_it_asks_for_and_no_more() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let client = with_all(&server);
    for (operation, target, header) in [
        (
            &BASIC,
            "/v4/a",
            Some(("authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")),
        ),
        (&HEADER, "/v4/b", Some(("x-api-key", "h"))),
        (&QUERY, "/v4/c?x=1&api_key=q%26", None),
        (&COOKIE, "/v4/d", Some(("cookie", "sid=c"))),
        (&OAUTH, "/v4/e", Some(("authorization", "Bearer o"))),
        (&NOTHING, "/v4/f", None),
        (&BOTH, "/v4/g?api_key=q%26", Some(("x-api-key", "h"))),
    ] {
        Request::new(&client, operation).send_unit().await.unwrap();
        let received = server.received().pop().unwrap();
        assert_eq!(received.target, target);
        let names = ["authorization", "x-api-key", "cookie"];
        let sent = names
            .into_iter()
            .filter_map(|name| Some((name, received.header(name)?)));
        assert_eq!(sent.collect::<Vec<_>>(), Vec::from_iter(header));
    }
}

#[tokio::test]
async fn an_operation_for_which_the_client_has_nothing_is_not_sent() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let builder = CoreBuilder::new(&SCHEMES).base_url(server.url());
    let client = builder.credential("oauth", "o").build().unwrap();
    let error = Request::new(&client, &BOTH).send_unit().await.unwrap_err();
    let expected = "secured: the client has no credentials that this operation takes: both `header` and `query`";
    assert_eq!(error.to_string(), expected);
    assert!(server.received().is_empty());
    // A call may bring its own.
    let mut request = Request::new(&client, &HEADER);
    request.options(CallOptions::new().header("x-api-key", "own"));
    request.send_unit().await.unwrap();
    assert_eq!(server.received()[0].header("x-api-key"), Some("own"));
    assert_eq!(server.received()[0].header("authorization"), None);
}

#[tokio::test]
async fn a_key_in_the_query_is_sent_with_each_attempt_and_shown_nowhere() {
    let server =
        Server::responding(vec![refusal(503, &[], 1, "x"), refusal(404, &[], 1, "no")]).await;
    let builder = CoreBuilder::new(&SCHEMES).base_url(server.url());
    let client = builder.credential("query", SECRET).build().unwrap();
    let mut request = Request::new(&client, &QUERY);
    request.options(
        CallOptions::new()
            .idempotent(true)
            .backoff(std::time::Duration::ZERO, std::time::Duration::ZERO),
    );
    let clone = request.clone();
    let error = request.send_json::<Value>().await.unwrap_err();
    for received in server.received() {
        assert_eq!(received.query("api_key").as_deref(), Some(SECRET));
    }
    assert_eq!(server.received().len(), 2);
    let call = error.call().unwrap();
    let text = format!("{error} {error:?} {error:#?} {call:?} {client:?} {clone:?}");
    assert!(!text.contains(SECRET), "{text}");
}
