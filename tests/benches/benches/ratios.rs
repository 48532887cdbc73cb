//! How much longer the client takes than code by hand. The two sides are measured
//! in turn, so that whatever else the machine does meets both alike.

use std::hint::black_box;
use std::time::{Duration, Instant};

use client_runtime::internals::Arrived;

use client_benches::{
    Error, ONE, by_hand, call, call_by_hand, clients, decode_list, decode_one, fifty, start,
};

fn main() -> Result<(), Error> {
    println!(
        "{:<24}{:>12}{:>12}{:>12}",
        "median", "client", "by hand", "ratio"
    );
    let one = ONE.as_bytes();
    compare(
        "decode one",
        30_000,
        || arrived(4, one),
        |answers| answers.drain(..).map(decode_one).all(black_box),
        |_| (0..4).map(|_| by_hand::decode_one(one)).all(black_box),
    );
    let list: &'static str = fifty().leak();
    let list = list.as_bytes();
    compare(
        "decode a list of 50",
        3000,
        || arrived(2, list),
        |answers| {
            answers
                .drain(..)
                .map(decode_list)
                .all(|it| black_box(it) == 50)
        },
        |_| {
            (0..2)
                .map(|_| by_hand::decode_list(list))
                .all(|it| black_box(it) == 50)
        },
    );
    let (client, other) = clients(start(ONE)?)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    compare(
        "call over loopback",
        20_000,
        || (),
        |_| runtime.block_on(call(&client)).is_ok(),
        |_| runtime.block_on(call_by_hand(&other)).is_ok(),
    );
    Ok(())
}

/// As many answers with this body.
fn arrived(count: usize, body: &'static [u8]) -> Vec<Arrived> {
    (0..count).map(|_| Arrived::new(body.into())).collect()
}

/// Times both sides, changing which comes first, and prints the medians. What
/// `given` makes for each run, and what is left of it, is not timed.
fn compare<G>(
    name: &str,
    rounds: usize,
    mut given: impl FnMut() -> G,
    mut ours: impl FnMut(&mut G) -> bool,
    mut other: impl FnMut(&mut G) -> bool,
) {
    let mut times = (Vec::new(), Vec::new());
    for round in 0..rounds + rounds / 10 {
        let (ours, other) = match round % 2 {
            0 => {
                let ours = time(&mut ours, given());
                (ours, time(&mut other, given()))
            }
            _ => {
                let other = time(&mut other, given());
                (time(&mut ours, given()), other)
            }
        };
        // The first rounds warm up.
        if round >= rounds / 10 {
            times.0.push(ours);
            times.1.push(other);
        }
    }
    let (ours, other) = (median(times.0), median(times.1));
    let ratio = ours.as_secs_f64() / other.as_secs_f64();
    println!("{name:<24}{ours:>12.1?}{other:>12.1?}{ratio:>12.3}");
}

fn time<G>(run: &mut impl FnMut(&mut G) -> bool, mut given: G) -> Duration {
    let start = Instant::now();
    let is_right = black_box(run(&mut given));
    let time = start.elapsed();
    assert!(is_right, "a call or a decoding failed");
    time
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
