//! How much longer the client takes than code by hand. The two sides are measured
//! in turn, so that whatever else the machine does meets both alike.

use std::hint::black_box;
use std::time::{Duration, Instant};

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
        3000,
        || repeat(40, || decode_one(one)),
        || repeat(40, || by_hand::decode_one(one)),
    );
    let list: &'static str = fifty().leak();
    let list = list.as_bytes();
    compare(
        "decode a list of 50",
        3000,
        || repeat(2, || decode_list(list)),
        || repeat(2, || by_hand::decode_list(list)),
    );
    let (client, other) = clients(start(ONE)?)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    compare(
        "call over loopback",
        20_000,
        || runtime.block_on(call(&client)).is_ok(),
        || runtime.block_on(call_by_hand(&other)).is_ok(),
    );
    Ok(())
}

fn repeat<T>(times: usize, mut run: impl FnMut() -> T) {
    for _ in 0..times {
        black_box(run());
    }
}

/// Times both sides, changing which comes first, and prints the medians.
fn compare<A, B>(
    name: &str,
    rounds: usize,
    mut ours: impl FnMut() -> A,
    mut other: impl FnMut() -> B,
) {
    let mut times = (Vec::new(), Vec::new());
    for round in 0..rounds + rounds / 10 {
        let (ours, other) = match round % 2 {
            0 => {
                let ours = time(&mut ours);
                (ours, time(&mut other))
            }
            _ => {
                let other = time(&mut other);
                (time(&mut ours), other)
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

fn time<T>(run: &mut impl FnMut() -> T) -> Duration {
    let start = Instant::now();
    black_box(run());
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
