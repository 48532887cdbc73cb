//! Time and allocations of each side by itself. Allocations are exact; for
//! comparing times see `ratios`, which takes the two sides in turn.

use client_benches::{ONE, by_hand, call, call_by_hand, clients, decode_list, decode_one, fifty};
use client_runtime::internals::Arrived;
use divan::{AllocProfiler, Bencher};
use tokio::runtime::{Builder, Runtime};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

fn runtime() -> Runtime {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime")
}

#[divan::bench]
fn one_by_client(bencher: Bencher<'_, '_>) {
    let answer = || Arrived::new(ONE.as_bytes().into());
    bencher.with_inputs(answer).bench_values(decode_one);
}

#[divan::bench]
fn one_by_hand() -> bool {
    by_hand::decode_one(ONE.as_bytes())
}

#[divan::bench]
fn list_by_client(bencher: Bencher<'_, '_>) {
    let body: &'static str = fifty().leak();
    let answer = || Arrived::new(body.as_bytes().into());
    bencher.with_inputs(answer).bench_values(decode_list);
}

#[divan::bench]
fn list_by_hand(bencher: Bencher<'_, '_>) {
    let body = fifty();
    bencher.bench(|| by_hand::decode_list(body.as_bytes()));
}

#[divan::bench]
fn call_by_client(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let (client, _) = clients(client_benches::start(ONE).expect("a server")).expect("clients");
    bencher.bench_local(|| runtime.block_on(call(&client)).expect("an answer"));
}

#[divan::bench]
fn call_with_reqwest(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let (_, client) = clients(client_benches::start(ONE).expect("a server")).expect("clients");
    bencher.bench_local(|| runtime.block_on(call_by_hand(&client)).expect("an answer"));
}
