use client_runtime::internal::{Envelope, Operation};
use client_runtime::{Download, Error, FormData, Request, Response, Upload};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{POST, Received, Server, Step, answer, ok, operation, refusal, reply};

/// An operation that may be repeated, and takes a body.
static PUT: Operation = operation("put-thing", Method::PUT, "/things");

fn text(received: &Received) -> String {
    String::from_utf8_lossy(&received.body).into_owned()
}

/// A file of this test's own with `content`.
fn file(content: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::with_suffix(".txt").unwrap();
    std::fs::write(file.path(), content).unwrap();
    file
}

async fn chunks(mut download: Response<Download>) -> Vec<Result<Vec<u8>, Error>> {
    let mut chunks = Vec::new();
    while let Some(chunk) = download.next().await {
        chunks.push(chunk.map(|bytes| bytes.to_vec()));
    }
    chunks
}

#[tokio::test]
async fn a_form_has_text_files_values_and_lists() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let on_disk = file("from disk");
    let mut form = FormData::new();
    form.set("name", "a logo");
    form.set("small", vec![1, 2, 3]);
    form.set(
        "large",
        Upload::file(on_disk.path())
            .file_name("large.bin")
            .content_type("image/png"),
    );
    form.set_value("meta", &json!({ "a": 1 }));
    form.set_value("flags", &["x", "y"]);
    form.set_value("count", &2);
    form.set("name", "a newer logo");
    let client = server.client();
    let mut request = Request::new(&client, &POST);
    request.multipart(form);
    request.send_json::<Value>().await.unwrap();
    let received = &server.received()[0];
    let content_type = received.header("content-type").unwrap();
    assert!(
        content_type.starts_with("multipart/form-data; boundary="),
        "{content_type}"
    );
    assert!(received.header("content-length").is_some());
    let body = text(received);
    for part in [
        "form-data; name=\"name\"\r\n\r\na newer logo\r\n",
        "form-data; name=\"small\"; filename=\"small\"\r\nContent-Type: application/octet-stream\r\n\r\n\u{1}\u{2}\u{3}\r\n",
        "form-data; name=\"large\"; filename=\"large.bin\"\r\nContent-Type: image/png\r\n\r\nfrom disk\r\n",
        "form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n",
        "form-data; name=\"flags\"\r\n\r\nx\r\n",
        "form-data; name=\"flags\"\r\n\r\ny\r\n",
        "form-data; name=\"count\"\r\n\r\n2\r\n",
    ] {
        assert!(body.contains(part), "{part:?} in {body}");
    }
    assert!(!body.contains("a logo"), "{body}");
}

#[tokio::test]
async fn a_form_with_a_file_is_sent_again_whole() {
    let server = Server::responding(vec![refusal(503, &[], 1, "x"), ok(json!(1))]).await;
    let on_disk = file("from disk");
    let mut form = FormData::new();
    form.set("file", Upload::file(on_disk.path()));
    let client = server.client();
    let mut request = Request::new(&client, &PUT);
    request.multipart(form);
    assert_eq!(
        request
            .send_json::<Value>()
            .await
            .unwrap()
            .meta()
            .attempts(),
        2
    );
    for received in server.received() {
        assert!(text(&received).contains("from disk"));
    }
}

#[tokio::test]
async fn a_form_with_a_stream_is_sent_once() {
    let server = Server::responding(vec![refusal(503, &[], 1, "x")]).await;
    let mut form = FormData::new();
    form.set("file", Upload::stream("streamed"));
    let client = server.client();
    let mut request = Request::new(&client, &PUT);
    request.multipart(form);
    let error = request.send_json::<Value>().await.unwrap_err();
    assert_eq!((error.attempts(), server.received().len()), (1, 1));
    assert!(text(&server.received()[0]).contains("streamed"));
}

#[tokio::test]
async fn content_is_sent_as_it_is_under_its_media_type() {
    let on_disk = file("from disk");
    let own = Upload::text("<a/>").content_type("text/xml");
    for (upload, media_type, body) in [
        (Upload::from("a\nb"), "application/x-ndjson", "a\nb"),
        (own, "text/xml", "<a/>"),
        (
            Upload::file(on_disk.path()),
            "application/x-ndjson",
            "from disk",
        ),
    ] {
        let server = Server::responding(vec![refusal(503, &[], 1, "x"), ok(json!(1))]).await;
        let client = server.client();
        let mut request = Request::new(&client, &PUT);
        request.content("application/x-ndjson", upload);
        request.send_json::<Value>().await.unwrap();
        assert_eq!(server.received().len(), 2);
        for received in server.received() {
            assert_eq!(received.header("content-type"), Some(media_type));
            assert_eq!(
                received.header("content-length"),
                Some(&*body.len().to_string())
            );
            assert_eq!(text(&received), body);
        }
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_is_an_error_and_nothing_is_sent() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let client = server.client();
    let mut request = Request::new(&client, &PUT);
    request.content("text/plain", Upload::file("/no/such/file"));
    let error = request.send_json::<Value>().await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the body of the request cannot be read"),
        "{error}"
    );
    assert!(!error.may_have_been_executed() && !error.is_retryable());
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_form_of_fields_is_encoded_like_a_query() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let client = server.client();
    let mut request = Request::new(&client, &POST);
    request.form(&json!({ "a": "x y&z", "b": 1, "c": null }));
    request.send_json::<Value>().await.unwrap();
    let received = &server.received()[0];
    assert_eq!(text(received), "a=x+y%26z&b=1");
    assert_eq!(
        received.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
}

#[tokio::test]
async fn a_download_comes_in_pieces_and_an_error_ends_it() {
    let whole = reply(200, &[], "abcdef");
    let cut = answer(200, &[], "abcdef");
    let cut = vec![Step::Send(cut[..cut.len() - 3].to_vec()), Step::Close];
    for (steps, is_whole) in [(whole, true), (cut, false)] {
        let server = Server::responding(vec![steps]).await;
        let client = server.client();
        let download = Request::new(&client, &PUT).send_stream().await.unwrap();
        assert_eq!(download.meta().status(), 200);
        let mut chunks = chunks(download).await;
        let last = chunks.pop_if(|chunk| chunk.is_err());
        let bytes: Vec<u8> = chunks.into_iter().flat_map(Result::unwrap).collect();
        match (is_whole, last) {
            (true, None) => assert_eq!(bytes, b"abcdef"),
            (false, Some(Err(error))) => {
                assert_eq!(bytes, b"abc");
                assert!(matches!(error, Error::Transport(_)), "{error}");
            }
            (_, last) => panic!("{last:?}"),
        }
    }
}

#[tokio::test]
async fn a_download_whose_refusal_is_lost_was_not_executed_only_if_its_status_says_so() {
    for (status, may_have_been_executed) in [(500, true), (404, false)] {
        let mut cut = answer(status, &[], "abcdef");
        cut.truncate(cut.len() - 3);
        let server = Server::responding(vec![vec![Step::Send(cut), Step::Close]]).await;
        let call = Request::new(&server.client(), &POST).send_stream();
        let error = call.await.unwrap_err();
        assert!(matches!(error, Error::Transport(_)), "{error}");
        assert_eq!(error.may_have_been_executed(), may_have_been_executed);
    }
}

#[tokio::test]
async fn a_download_that_is_refused_is_an_error_with_the_servers_words() {
    let server = Server::responding(vec![refusal(404, &[], 7003, "no route")]).await;
    let client = server.client();
    let error = Request::new(&client, &PUT).send_stream().await.unwrap_err();
    assert!(error.has_code(7003) && error.is_not_found());
}

#[tokio::test]
async fn the_status_may_say_how_an_answer_is_read() {
    let server = Server::responding(vec![reply(202, &[], "later"), ok(json!([1]))]).await;
    let client = server.client();
    let later = Request::new(&client, &PUT).send_undecoded().await.unwrap();
    assert_eq!(later.status(), 202);
    assert_eq!(*later.text().unwrap(), "later");
    let now = Request::new(&client, &PUT).send_undecoded().await.unwrap();
    assert_eq!(*now.json::<Vec<i64>>().unwrap(), [1]);
}

#[tokio::test]
async fn an_answer_is_read_without_its_envelope_where_it_has_none() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let client = server.client();
    let answer = Request::new(&client, &PUT).send_undecoded().await.unwrap();
    let whole = answer.within(Envelope::None).json::<Value>().unwrap();
    assert_eq!(whole["result"], 1);
}

#[tokio::test]
async fn a_media_type_that_no_header_can_have_is_an_error_and_nothing_is_sent() {
    let server = Server::responding(vec![ok(json!(1))]).await;
    let client = server.client();
    let mut request = Request::new(&client, &PUT);
    request.accept("text/csv\r\nx: y");
    let error = request.send_text().await.unwrap_err();
    assert!(matches!(error, Error::Request(_)), "{error}");
    assert!(server.received().is_empty());
}

/// A response in pieces that come one after the other, and then stay away.
fn streamed(media_type: &str, pieces: &[&str]) -> Vec<Step> {
    let head = format!("HTTP/1.1 200 X\r\ncontent-type: {media_type}\r\n\r\n");
    let mut steps = vec![Step::Send(head.into_bytes())];
    for piece in pieces {
        steps.push(Step::Send(piece.as_bytes().to_vec()));
        steps.push(Step::Wait(std::time::Duration::from_millis(5)));
    }
    steps
}

#[tokio::test]
async fn the_values_of_events_are_given_before_the_body_ends() {
    let pieces = [
        "event: chunk\nid: 1\nda",
        "ta: {\"delta\":\"a\"}\n\n",
        ": still here\n\n",
    ];
    let steps = [streamed("text/event-stream", &pieces), vec![Step::Hang]].concat();
    let server = Server::responding(vec![steps]).await;
    let call = Request::new(&server.client(), &PUT).send_events::<Value>();
    let mut events = call.await.unwrap();
    assert_eq!(
        events.next().await.unwrap().unwrap(),
        json!({ "delta": "a" })
    );
    assert_eq!((events.event(), events.last_event_id()), ("chunk", "1"));
    assert_eq!(
        server.received()[0].header("accept"),
        Some("text/event-stream")
    );
    assert_eq!(events.meta().status(), 200);
}

#[tokio::test]
async fn events_end_with_the_body_or_when_the_server_says_so() {
    for end in ["data: [DONE]\n\ndata: 3\n\n", "", "data: 3\n"] {
        let pieces = ["data: 1\n\ndata: 2\n\n", end];
        let steps = [streamed("text/event-stream", &pieces), vec![Step::Close]].concat();
        let server = Server::responding(vec![steps]).await;
        let call = Request::new(&server.client(), &PUT).send_events::<u8>();
        let mut events = call.await.unwrap();
        assert_eq!(events.next().await.unwrap().unwrap(), 1);
        assert_eq!(events.next().await.unwrap().unwrap(), 2);
        assert!(
            events.next().await.is_none() && events.next().await.is_none(),
            "{end}"
        );
    }
}

#[tokio::test]
async fn the_values_of_lines_are_given_and_one_of_another_shape_ends_them() {
    let pieces = ["1\n", "\n2\r\n{\"a\"", ":1}\n4\n"];
    let steps = [streamed("application/x-ndjson", &pieces), vec![Step::Close]].concat();
    let server = Server::responding(vec![steps]).await;
    let call = Request::new(&server.client(), &PUT).send_lines::<u8>();
    let mut lines = call.await.unwrap();
    assert_eq!(lines.next().await.unwrap().unwrap(), 1);
    assert_eq!(lines.next().await.unwrap().unwrap(), 2);
    let error = lines.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("expected u8"), "{error}");
    assert_eq!(error.body(), Some(&b"{\"a\":1}"[..]));
    assert!(lines.next().await.is_none());
}

#[tokio::test]
async fn a_value_of_a_stream_is_bounded_and_a_refusal_is_an_error() {
    let endless = streamed("application/x-ndjson", &["x".repeat(5000).as_str()]);
    let steps = [endless, vec![Step::Hang]].concat();
    let refused = refusal(404, &[], 7003, "no route");
    let server = Server::responding(vec![steps, refused]).await;
    let client = server.builder().max_body(1000).build().unwrap();
    let call = Request::new(&client, &PUT).send_lines::<u8>();
    let error = call.await.unwrap().next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("1000 bytes"), "{error}");
    let call = Request::new(&client, &PUT).send_events::<u8>();
    assert!(call.await.unwrap_err().has_code(7003));
}
