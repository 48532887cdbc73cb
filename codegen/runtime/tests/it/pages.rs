use std::sync::Arc;
use std::time::Duration;

use client_runtime::internal::{Envelope, Operation, Paging, QueryStyle};
use client_runtime::{DecodeProblem, Error, Pages, Request};
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
    let server = Server::responding(vec![page(&[1, 2, 3], json!({}))]).await;
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
    let server = Server::responding(vec![page(&[4], json!({ "cursor": "" }))]).await;
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
    assert_eq!(page.meta().page_info().unwrap().page, Some(2.0));
}

#[tokio::test]
async fn a_list_without_an_envelope_has_pages_too() {
    static BARE: Operation =
        Operation::new("bare", reqwest::Method::GET, "/bare").paging(Paging::new().page("page"));
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
        let server = Server::responding(vec![answer]).await;
        assert!(ids(pages(&server)).await.unwrap().is_empty());
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn only_parameters_that_the_operation_has_are_added() {
    static BY_CURSOR: Operation = Operation::new("list-keys", reqwest::Method::GET, "/keys")
        .envelope(Envelope::Member)
        .paging(Paging::new().cursor("after"));
    static ONE_PAGE: Operation =
        Operation::new("list-all", reqwest::Method::GET, "/all").envelope(Envelope::Member);
    let server = Server::start(|_, received| match received.query("after").as_deref() {
        None => page(&[1], json!({ "cursor": "b" })),
        Some(_) => page(&[2], json!({ "cursor": "" })),
    })
    .await;
    let client = server.client();
    let mut request = Request::new(&client, &BY_CURSOR);
    request.query("limit", QueryStyle::Form, &1.0);
    assert_eq!(ids(request.into_pages()).await.unwrap(), [1, 2]);
    let pages = Request::new(&client, &ONE_PAGE).into_pages();
    assert_eq!(ids(pages).await.unwrap(), [1]);
    let targets: Vec<_> = server.received().into_iter().map(|it| it.target).collect();
    assert_eq!(
        targets,
        ["/v4/keys?limit=1", "/v4/keys?limit=1&after=b", "/v4/all"]
    );
}

#[tokio::test]
async fn a_list_by_page_is_not_ended_by_cursors_that_it_cannot_ask_for() {
    static BY_PAGE: Operation = Operation::new("by-page", reqwest::Method::GET, "/things")
        .envelope(Envelope::Member)
        .paging(Paging::new().page("page"));
    let server = list(7, |page| json!({ "cursor": format!("c{page}") })).await;
    let pages = Request::new(&server.client(), &BY_PAGE).into_pages();
    assert_eq!(ids(pages).await.unwrap(), Vec::from_iter(1..=7));
}

#[tokio::test]
async fn cursors_that_come_again_end_a_list() {
    let server = Server::start(|index, received| {
        let next = match received.query("cursor").as_deref() {
            Some("a") => "b",
            Some("b") => "c",
            _ => "a",
        };
        page(&[index as u32], json!({ "cursor": next }))
    })
    .await;
    assert_eq!(ids(pages(&server)).await.unwrap(), [0, 1, 2, 3]);
}

#[tokio::test]
async fn the_cursor_that_a_list_began_with_ends_it_when_it_comes_again() {
    let server = Server::start(|index, received| {
        let next = match received.query("cursor").as_deref() {
            Some("a") => "b",
            _ => "a",
        };
        page(&[index as u32], json!({ "cursor": next }))
    })
    .await;
    let mut request = Request::new(&server.client(), &GET);
    request.query("cursor", QueryStyle::Form, "a");
    assert_eq!(ids(request.into_pages()).await.unwrap(), [0, 1]);
}

#[tokio::test]
async fn only_pages_without_items_that_follow_each_other_are_counted() {
    let server = Server::start(|index, _| {
        let items = if index % 60 == 59 {
            vec![index as u32]
        } else {
            vec![]
        };
        let next = if index == 239 {
            String::new()
        } else {
            index.to_string()
        };
        page(&items, json!({ "cursor": next }))
    })
    .await;
    assert_eq!(ids(pages(&server)).await.unwrap(), [59, 119, 179, 239]);
}

#[tokio::test]
async fn pages_that_come_again_end_a_list() {
    let server = Server::start(|_, received| {
        let first = 2 * (number(received) % 3);
        page(&[first, first + 1], json!({}))
    })
    .await;
    assert_eq!(ids(pages(&server)).await.unwrap(), [2, 3, 4, 5, 0, 1]);
}

#[tokio::test]
async fn pages_without_items_and_with_ever_new_cursors_end_in_an_error() {
    let server = Server::start(|index, _| page(&[], json!({ "cursor": index.to_string() }))).await;
    let error = ids(pages(&server)).await.unwrap_err();
    let Error::Decode(decode) = &error else {
        panic!("{error}")
    };
    assert!(
        matches!(decode.problem, DecodeProblem::Endless(100)),
        "{error}"
    );
    assert!(
        error.to_string().contains("100 pages without items"),
        "{error}"
    );
    assert_eq!(server.received().len(), 100);
}

#[tokio::test]
async fn a_list_may_lie_in_any_member_with_its_cursor_beside_it() {
    static LIST: Operation = Operation::new("by-cursor", reqwest::Method::GET, "/cursor").paging(
        Paging::new()
            .cursor("cursor")
            .items("items")
            .next_cursor("next_cursor"),
    );
    let server = Server::start(|_, received| {
        let body = match received.query("cursor").as_deref() {
            None => json!({ "items": [{ "id": 1 }], "next_cursor": 7 }),
            Some("7") => json!({ "next_cursor": "x", "items": [{ "id": 2 }] }),
            _ => json!({ "items": [{ "id": 3 }], "next_cursor": null }),
        };
        reply(200, &[], &body.to_string())
    })
    .await;
    let pages = Request::new(&server.client(), &LIST).into_pages();
    assert_eq!(ids(pages).await.unwrap(), [1, 2, 3]);
}

#[tokio::test]
async fn a_list_may_be_turned_by_offset() {
    static LIST: Operation = Operation::new("by-offset", reqwest::Method::GET, "/offset")
        .paging(Paging::new().offset("offset").items("data").total("total"));
    let server = Server::start(|_, received| {
        let offset = received.query("offset").map_or(0, |it| it.parse().unwrap());
        let data: Vec<_> = (offset..7).take(3).map(|id| json!({ "id": id })).collect();
        reply(200, &[], &json!({ "data": data, "total": 7 }).to_string())
    })
    .await;
    let client = server.client();
    let pages = Request::new(&client, &LIST).into_pages();
    assert_eq!(ids(pages).await.unwrap(), Vec::from_iter(0..7));
    let mut request = Request::new(&client, &LIST);
    request.query("offset", QueryStyle::Form, &5);
    assert_eq!(ids(request.into_pages()).await.unwrap(), [5, 6]);
    let targets: Vec<_> = server.received().into_iter().map(|it| it.target).collect();
    let offset = |offset: &str| format!("/v4/offset{offset}");
    let expected = ["", "?offset=3", "?offset=6", "?offset=5"].map(offset);
    assert_eq!(targets, expected);
}

#[tokio::test]
async fn a_list_may_be_followed_by_its_links_but_to_no_other_server() {
    static LIST: Operation = Operation::new("by-link", reqwest::Method::GET, "/link")
        .paging(Paging::new().page("page").link());
    let server = Server::start(|index, _| {
        let link = match index {
            0 => "</v4/link?page=2&x=%2F>; rel=\"next\"",
            1 => "<http://u:p@192.0.2.1/v4/link?page=3>; rel=\"next\"",
            _ => "",
        };
        reply(200, &[("link", link)], &format!("[{{\"id\":{index}}}]"))
    })
    .await;
    let mut pages = Request::new(&server.client(), &LIST).into_pages::<Value>();
    assert_eq!(pages.next().await.unwrap().unwrap()["id"], 0);
    let error = loop {
        match pages.next().await.unwrap() {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert!(
        error.to_string().contains("`http://192.0.2.1/v4/link`"),
        "{error}"
    );
    let targets: Vec<_> = server.received().into_iter().map(|it| it.target).collect();
    assert_eq!(targets, ["/v4/link?page=1", "/v4/link?page=2&x=%2F"]);
}

#[tokio::test]
async fn a_list_of_one_s_own_may_say_how_it_is_turned() {
    let server = list(7, |_| json!({})).await;
    let client = server.client();
    let request = client.request(reqwest::Method::GET, "/other");
    assert_eq!(ids(request.into_pages()).await.unwrap(), [1, 2, 3]);
    let mut request = client.request(reqwest::Method::GET, "/other");
    request.paging(Paging::new().page("page"));
    assert_eq!(
        ids(request.into_pages()).await.unwrap(),
        Vec::from_iter(1..=7)
    );
}
