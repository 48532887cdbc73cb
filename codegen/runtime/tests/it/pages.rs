use std::sync::Arc;
use std::time::Duration;

use client_runtime::{Envelope, Error, Pages, QueryStyle, Request};
use futures_core::Stream;
use serde_json::{Value, json};

use crate::support::{GET, Received, Server, Step, ok, refusal, reply};

fn page(items: &[u32], info: Value) -> Vec<Step> {
    let items: Vec<_> = items.iter().map(|id| json!({ "id": id })).collect();
    let body = json!({ "success": true, "result": items, "result_info": info });
    reply(200, &[], &body.to_string())
}

fn number(received: &Received) -> u32 {
    received
        .query("page")
        .map_or(1, |page| page.parse().unwrap())
}

/// A list of `total` items in pages of 3; `info` says what each page says.
async fn list(total: u32, info: impl Fn(u32) -> Value + Send + Sync + 'static) -> Server {
    Server::start(move |_, received| {
        let number = number(received);
        let all: Vec<u32> = (1..=total).collect();
        let items = all.chunks(3).nth(number as usize - 1).unwrap_or_default();
        page(items, info(number))
    })
    .await
}

fn pages(server: &Server) -> Pages<Value> {
    Request::new(&server.client(), &GET).into_pages()
}

async fn ids(mut pages: Pages<Value>) -> Result<Vec<u64>, Error> {
    let mut ids = Vec::new();
    while let Some(item) = pages.next().await {
        ids.push(item?["id"].as_u64().unwrap());
    }
    Ok(ids)
}

#[tokio::test]
async fn a_list_ends_on_an_empty_page_when_there_are_no_totals() {
    for info in [
        json!(null),
        json!({}),
        json!({ "total_count": 0, "per_page": 0 }),
    ] {
        let server = list(7, move |_| info.clone()).await;
        assert_eq!(ids(pages(&server)).await.unwrap(), Vec::from_iter(1..=7));
        assert_eq!(server.received().len(), 4);
    }
}

#[tokio::test]
async fn a_list_ends_when_a_total_is_reached() {
    for info in [json!({ "total_count": 7 }), json!({ "total_pages": 3 })] {
        let server = list(7, move |_| info.clone()).await;
        assert_eq!(ids(pages(&server)).await.unwrap(), Vec::from_iter(1..=7));
        assert_eq!(server.received().len(), 3);
    }
}

#[tokio::test]
async fn a_server_that_sends_fewer_items_per_page_than_it_says_loses_none() {
    let server = list(
        9,
        |_| json!({ "per_page": 50, "count": 50, "total_count": 9 }),
    )
    .await;
    assert_eq!(ids(pages(&server)).await.unwrap(), Vec::from_iter(1..=9));
}

#[tokio::test]
async fn a_list_ends_when_a_page_repeats_the_one_before() {
    let server = Server::answering(vec![page(&[1, 2, 3], json!({}))]).await;
    assert_eq!(ids(pages(&server)).await.unwrap(), [1, 2, 3]);
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn pages_that_differ_only_in_what_the_type_leaves_out_are_not_repetitions() {
    let server = list(6, |_| json!({})).await;
    #[derive(serde::Deserialize)]
    struct Nothing {}
    let mut pages = Request::new(&server.client(), &GET).into_pages::<Nothing>();
    let mut count = 0;
    while let Some(item) = pages.next().await {
        item.unwrap();
        count += 1;
    }
    assert_eq!(count, 6);
}

#[tokio::test]
async fn an_error_comes_after_the_items_before_it_and_ends_the_list() {
    let server = Server::start(|_, received| match number(received) {
        1 => page(&[1, 2, 3], json!({})),
        _ => refusal(404, &[], 7003, "gone"),
    })
    .await;
    let mut pages = pages(&server);
    for _ in 0..3 {
        assert!(pages.next().await.unwrap().is_ok());
    }
    assert!(pages.next().await.unwrap().unwrap_err().has_code(7003));
    assert!(pages.next().await.is_none());
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn a_list_resumes_from_a_page() {
    let server = list(8, |_| json!({ "total_count": 8, "per_page": 3 })).await;
    let mut request = Request::new(&server.client(), &GET);
    request.query("page", QueryStyle::Form, &2);
    request.query("status", QueryStyle::Form, "active");
    let mut pages = request.into_pages::<Value>();
    assert_eq!(pages.page(), 2);
    pages.next().await.unwrap().unwrap();
    assert_eq!(pages.page(), 2);
    assert_eq!(pages.page_info().unwrap().total_count, Some(8.0));
    assert_eq!(ids(pages).await.unwrap(), [5, 6, 7, 8]);
    assert_eq!(server.received().len(), 2);
    for received in server.received() {
        assert_eq!(received.query("status").as_deref(), Some("active"));
    }
}

#[tokio::test]
async fn a_resumed_list_whose_first_page_is_short_loses_none() {
    let server = list(7, |_| json!({ "total_count": 7 })).await;
    let mut request = Request::new(&server.client(), &GET);
    request.query("page", QueryStyle::Form, &3);
    assert_eq!(ids(request.into_pages()).await.unwrap(), [7]);
}

#[tokio::test]
async fn one_page_at_most_is_fetched_in_advance() {
    let server = list(30, |_| json!({})).await;
    let mut pages = pages(&server);
    pages.next().await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    // Who takes one item pays for one page.
    assert_eq!(server.received().len(), 1);
    pages.next().await.unwrap().unwrap();
    pages.next().await.unwrap().unwrap();
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn the_next_page_is_under_way_while_items_are_handed_out() {
    let server = Server::start(|_, received| {
        let first = number(received) * 4 - 3;
        page(
            &Vec::from_iter(first..first + 4),
            json!({ "total_pages": 2 }),
        )
    })
    .await;
    let mut pages = pages(&server);
    for _ in 0..3 {
        pages.next().await.unwrap().unwrap();
    }
    for _ in 0..500 {
        if server.received().len() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(server.received().len(), 2);
    assert_eq!(ids(pages).await.unwrap(), [4, 5, 6, 7, 8]);
}

#[tokio::test]
async fn a_dropped_wait_for_the_next_item_loses_none() {
    let server = Server::start(|_, received| {
        let mut steps = vec![Step::Wait(Duration::from_millis(30))];
        let first = number(received) * 2 - 1;
        steps.extend(page(&[first, first + 1], json!({ "total_pages": 3 })));
        steps
    })
    .await;
    let mut pages = pages(&server);
    let mut ids = Vec::new();
    loop {
        match tokio::time::timeout(Duration::from_millis(7), pages.next()).await {
            Err(_) => continue,
            Ok(None) => break,
            Ok(Some(item)) => ids.push(item.unwrap()["id"].as_u64().unwrap()),
        }
    }
    assert_eq!(ids, [1, 2, 3, 4, 5, 6]);
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn a_dropped_list_leaves_no_connection() {
    let server = Server::start(|_, received| match number(received) {
        1 => page(&[1, 2], json!({})),
        _ => vec![Step::Hang],
    })
    .await;
    let mut pages = pages(&server);
    pages.next().await.unwrap().unwrap();
    pages.next().await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    drop(pages);
    assert!(server.is_left_alone().await);
}

#[tokio::test]
async fn cursors_are_followed() {
    for style in ["cursor", "cursors"] {
        let server = Server::start(move |_, received| {
            let (items, next) = match received.query("cursor").as_deref() {
                None => (vec![1, 2], "b"),
                // A page may be empty and not the last.
                Some("b") => (vec![], "c"),
                Some("c") => (vec![3], ""),
                Some(other) => panic!("{other}"),
            };
            let info = match style {
                "cursor" => json!({ "count": 2, "cursor": next, "total_count": 2 }),
                _ => json!({ "cursors": { "after": next } }),
            };
            page(&items, info)
        })
        .await;
        assert_eq!(ids(pages(&server)).await.unwrap(), [1, 2, 3]);
        assert_eq!(server.received().len(), 3);
        assert_eq!(server.received()[1].query("page"), None);
    }
}

#[tokio::test]
async fn a_list_resumes_from_a_cursor() {
    let server = Server::answering(vec![page(&[4], json!({ "cursor": "" }))]).await;
    let mut request = Request::new(&server.client(), &GET);
    request.query("cursor", QueryStyle::Form, "x");
    assert_eq!(ids(request.into_pages()).await.unwrap(), [4]);
    let received = &server.received()[0];
    assert_eq!(
        (received.query("cursor").as_deref(), received.query("page")),
        (Some("x"), None)
    );
}

#[tokio::test]
async fn a_cursor_that_does_not_move_ends_the_list() {
    let server = Server::start(|index, _| page(&[index as u32], json!({ "cursor": "same" }))).await;
    assert_eq!(ids(pages(&server)).await.unwrap(), [0, 1]);
}

#[tokio::test]
async fn a_list_is_a_stream_that_crosses_threads() {
    fn assert_stream<S: Stream<Item = Result<Value, Error>> + Send + Unpin>(_: &S) {}
    let server = list(4, |_| json!({ "total_count": 4 })).await;
    let pages = pages(&server);
    assert_stream(&pages);
    let ids = tokio::spawn(ids(pages)).await.unwrap().unwrap();
    assert_eq!(ids, [1, 2, 3, 4]);
}

#[tokio::test]
async fn one_page_says_where_it_stands() {
    let server = list(7, |page| json!({ "page": page, "total_pages": 3 })).await;
    let mut request = Request::new(&server.client(), &GET);
    request.query("page", QueryStyle::Form, &2);
    let page = request.send_json::<Vec<Value>>().await.unwrap();
    assert_eq!(page.len(), 3);
    assert_eq!(page.page_info().unwrap().page, Some(2.0));
}

#[tokio::test]
async fn a_list_without_an_envelope_has_pages_too() {
    static BARE: client_runtime::Operation = client_runtime::Operation {
        id: "bare",
        method: reqwest::Method::GET,
        path: "/bare",
        idempotent: true,
        envelope: Envelope::Absent,
    };
    let server = Server::start(|_, received| {
        let body = if number(received) == 1 {
            "[{\"id\":1}]"
        } else {
            "[]"
        };
        reply(200, &[], body)
    })
    .await;
    let pages = Request::new(&server.client(), &BARE).into_pages();
    assert_eq!(ids(pages).await.unwrap(), [1]);
}

#[tokio::test]
async fn many_lists_at_once_do_not_mix() {
    let server = Arc::new(list(20, |_| json!({ "total_count": 20 })).await);
    let client = server.client();
    let lists: Vec<_> = (0..20)
        .map(|_| tokio::spawn(ids(Request::new(&client, &GET).into_pages())))
        .collect();
    for list in lists {
        assert_eq!(list.await.unwrap().unwrap(), Vec::from_iter(1..=20));
    }
}

#[tokio::test]
async fn nothing_is_a_list_too() {
    for answer in [ok(json!([])), ok(json!(null))] {
        let server = Server::answering(vec![answer]).await;
        assert!(ids(pages(&server)).await.unwrap().is_empty());
        assert_eq!(server.received().len(), 1);
    }
}
