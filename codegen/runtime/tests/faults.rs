//! Thousands of calls to a server that fails at random, from a fixed seed. It is
//! a program of its own because it measures the memory of the whole process.

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "it/support.rs"]
mod support;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use client_runtime::internal::Operation;
use client_runtime::{CallOptions, Error, Request};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use tokio::runtime::Handle;

use support::{GET, POST, Received, Server, Step, answer, ok, operation, refusal, reply};

const SEED: u64 = 0x5eed;
const CALLS: u64 = 10_000;
const AT_ONCE: u64 = 50;

static PATCH: Operation = operation("change-thing", Method::PATCH, "/things/{id}").idempotent(true);

#[derive(Deserialize)]
struct Thing {
    id: u64,
}

/// What the server knows of a call.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    attempts: u64,
    executions: u64,
}

type Calls = Arc<Mutex<BTreeMap<u64, Known>>>;

/// What the server does with a request: always the same with the same attempt of
/// the same call, in whatever order calls arrive.
fn fault(calls: &Calls, received: &Received) -> Vec<Step> {
    let id: u64 = received.header("x-call").unwrap().parse().unwrap();
    let mut calls = calls.lock().unwrap();
    let known = calls.entry(id).or_default();
    known.attempts += 1;
    let mut random = fastrand::Rng::with_seed(
        SEED ^ (id * 64 + known.attempts).wrapping_mul(0x9e37_79b9_7f4a_7c15),
    );
    let good = ok(json!({ "id": id }));
    let cut = |from: usize, to: usize, random: &mut fastrand::Rng| {
        let Some(Step::Send(bytes)) = good.first() else {
            return vec![Step::Close];
        };
        let at = random.usize(from..to.min(bytes.len()));
        let end = if random.bool() {
            Step::Close
        } else {
            Step::Reset
        };
        vec![Step::Send(bytes[..at].to_vec()), end]
    };
    let perhaps = random.bool();
    let (executed, steps) = match random.u32(0..100) {
        0..50 => (true, good),
        50..60 => {
            let wait = Step::Wait(Duration::from_micros(random.u64(0..8000)));
            (true, [vec![wait], good].concat())
        }
        60..64 => (
            false,
            refusal(429, &[("retry-after", "0")], 971, "slow down"),
        ),
        64..66 => (
            false,
            refusal(
                429,
                &[("ratelimit", "\"default\";r=0;t=0")],
                971,
                "slow down",
            ),
        ),
        66..67 => {
            let mut bytes = answer(429, &[], &"x".repeat(500));
            bytes.truncate(200);
            (false, vec![Step::Send(bytes), Step::Close])
        }
        67..73 => {
            let statuses = [500, 502, 503, 504, 520, 522, 524, 527, 530];
            let status = statuses[random.usize(..statuses.len())];
            (perhaps, refusal(status, &[], 1, "trouble"))
        }
        73..77 => (
            perhaps,
            reply(502, &[], "<html><title>502 Bad gateway</title></html>"),
        ),
        77..80 => (true, ok(json!({ "id": "a string" }))),
        80..82 => (true, reply(200, &[], "not JSON")),
        82..83 => (true, ok(json!("x".repeat(5000)))),
        83..84 => (false, refusal(200, &[], 1000, "no")),
        84..86 => (false, refusal(404, &[], 7003, "no route")),
        86..89 => (perhaps, vec![Step::Close]),
        89..92 => (perhaps, vec![Step::Reset]),
        92..95 => (true, cut(1, 40, &mut random)),
        95..99 => (true, cut(60, 10_000, &mut random)),
        _ => (perhaps, vec![Step::Hang]),
    };
    known.executions += u64::from(executed);
    steps
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_ends_in_the_right_value_or_a_typed_error_and_no_post_is_executed_twice() {
    let calls = Calls::default();
    let server = {
        let calls = Arc::clone(&calls);
        Server::start(move |_, received| fault(&calls, received)).await
    };
    let tasks_before = Handle::current().metrics().num_alive_tasks();
    let client = server
        .builder()
        .timeout(Duration::from_millis(600))
        .max_body(4000)
        .build()
        .unwrap();
    let start = Instant::now();
    let memory_before = resident();
    let mut outcomes = BTreeMap::<String, u64>::new();
    let mut attempts = 0;
    let workers: Vec<_> = (0..AT_ONCE)
        .map(|worker| {
            let (client, calls) = (client.clone(), Arc::clone(&calls));
            tokio::spawn(async move {
                let mut outcomes = Vec::new();
                for id in (worker..CALLS).step_by(AT_ONCE as usize) {
                    let operation = [&GET, &POST, &PATCH][id as usize % 3];
                    let mut request = Request::new(&client, operation);
                    request.path_arg("id", id).json(&json!({ "id": id }));
                    request.options(CallOptions::new().header("x-call", id.to_string()));
                    let result = request.send_json::<Thing>().await;
                    let known = calls.lock().unwrap().get(&id).copied().unwrap_or_default();
                    outcomes.push(check(id, operation, &result, known));
                }
                outcomes
            })
        })
        .collect();
    for worker in workers {
        for (outcome, tries) in worker.await.expect("no panic") {
            *outcomes.entry(outcome).or_default() += 1;
            attempts += tries;
        }
    }
    let elapsed = start.elapsed();
    let open = server.open();
    let growth = resident().saturating_sub(memory_before) / 1024;
    drop(client);
    assert!(
        server.is_left_alone().await,
        "{} connections are left",
        server.open()
    );
    let mut tasks = usize::MAX;
    for _ in 0..100 {
        tasks = Handle::current().metrics().num_alive_tasks();
        if tasks <= tasks_before {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    println!(
        "{CALLS} calls, {attempts} attempts, {:.1} s, seed {SEED:#x}",
        elapsed.as_secs_f32()
    );
    for (outcome, count) in &outcomes {
        println!("{count:>6}  {outcome}");
    }
    println!("connections: {open} at the end of the calls, 0 without the client");
    println!("tasks: {tasks_before} before, {tasks} after; memory: {growth} KiB more");
    assert_eq!(outcomes.values().sum::<u64>(), CALLS);
    assert!(tasks <= tasks_before);
    assert!(growth < 64 * 1024, "{growth} KiB");
}

/// Checks one call, and says in a word what it came to, and after how many
/// attempts.
fn check(
    id: u64,
    operation: &Operation,
    result: &Result<client_runtime::Response<Thing>, Error>,
    known: Known,
) -> (String, u64) {
    let post = *operation.method() == Method::POST;
    assert!(
        !post || known.executions <= 1,
        "POST {id} was executed {} times",
        known.executions
    );
    let (what, attempts) = match result {
        Ok(thing) => {
            assert_eq!(thing.id, id);
            assert!(
                known.executions >= 1,
                "call {id} succeeded without being executed"
            );
            ("the right value".to_owned(), thing.meta().attempts())
        }
        Err(error) => {
            if post && !error.may_have_been_executed() {
                assert_eq!(known.executions, 0, "POST {id}: {error}");
            }
            let text = error.to_string();
            assert!(
                !text.contains('\n') && text.starts_with(operation.id()),
                "{text}"
            );
            let kind = match error {
                Error::Api(error) => format!("refusal {}", error.head.status.as_u16()),
                Error::Decode(error) => match error.problem {
                    client_runtime::DecodeProblem::Shape { .. } => {
                        "JSON of another shape".to_owned()
                    }
                    client_runtime::DecodeProblem::NotJson { .. } => "no JSON".to_owned(),
                    _ => panic!("{text}"),
                },
                Error::Transport(error) => match &error.problem {
                    client_runtime::TransportProblem::TooLarge(_) => "too large".to_owned(),
                    client_runtime::TransportProblem::AttemptTimeout(_) => "timeout".to_owned(),
                    client_runtime::TransportProblem::Http(_) => "connection lost".to_owned(),
                    _ => panic!("{text}"),
                },
                _ => panic!("{text}"),
            };
            (format!("error: {kind}"), error.attempts())
        }
    };
    assert!((1..=4).contains(&attempts), "{attempts} attempts");
    // One that was given up may not have been read by the server yet.
    assert!(known.attempts <= u64::from(attempts), "call {id}");
    (what, u64::from(attempts))
}

/// How much memory the process has, in bytes, where that can be read.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm")
        .ok()
        .and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    pages.unwrap_or(0) * 4096
}
