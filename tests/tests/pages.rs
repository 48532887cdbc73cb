//! Lists over all of their pages.

mod support;

use futures::{StreamExt as _, TryStreamExt as _};
use httpmock::MockServer;
use support::{ZONE, client};

async fn serve(server: &MockServer, page: &str, body: String) {
    server
        .mock_async(|when, then| {
            when.query_param("page", page);
            then.status(200).body(body);
        })
        .await;
}

fn page(ids: &[&str], info: &str) -> String {
    let items: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
    let items = items.join(",");
    format!(
        r#"{{"success":true,"errors":[],"messages":[],"result":[{items}],"result_info":{info}}}"#
    )
}

#[tokio::test]
async fn a_stream_goes_over_every_page_and_stops_at_the_total() {
    let server = MockServer::start_async().await;
    let info = r#"{"page":1,"per_page":2,"count":2,"total_count":3}"#;
    serve(&server, "1", page(&["a", "b"], info)).await;
    serve(
        &server,
        "2",
        page(&["c"], &info.replace("\"page\":1", "\"page\":2")),
    )
    .await;
    let stream = client(&server).list_client_certificates(ZONE).into_stream();
    let items: Vec<_> = stream.try_collect().await.expect("every page");
    let ids: Vec<_> = items.iter().filter_map(|item| item.id.as_deref()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_stream_ends_when_a_server_repeats_its_page() {
    let server = MockServer::start_async().await;
    for number in ["1", "2"] {
        serve(&server, number, page(&["a"], "null")).await;
    }
    let stream = client(&server).list_client_certificates(ZONE).into_stream();
    let items: Vec<_> = stream.try_collect().await.expect("every page");
    assert_eq!(items.len(), 1);
}

#[tokio::test]
async fn an_error_is_yielded_and_ends_the_stream() {
    let server = MockServer::start_async().await;
    serve(&server, "1", page(&["a"], "null")).await;
    serve(&server, "2", "<html>".to_owned()).await;
    let stream = client(&server).list_client_certificates(ZONE).into_stream();
    let items: Vec<_> = stream.collect().await;
    assert_eq!(items.len(), 2);
    assert!(items[0].is_ok() && items[1].is_err());
}

#[tokio::test]
async fn a_stream_begins_at_the_chosen_page() {
    let server = MockServer::start_async().await;
    serve(&server, "7", page(&["g"], "null")).await;
    serve(&server, "8", page(&[], "null")).await;
    let call = client(&server).list_client_certificates(ZONE).page(7);
    let items: Vec<_> = call.into_stream().try_collect().await.expect("pages");
    assert_eq!(items.len(), 1);
}
