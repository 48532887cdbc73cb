//! The supervisor: a process that runs one program, and measures it.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::resource::{Resource, UsageWho, getrusage, setrlimit};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::input::Error;
use crate::process::{Ending, Job, Run};

/// How many bytes of what a program prints are kept.
const MOST_OUTPUT: usize = 1 << 20;

/// How many bytes of the end of what it says beside that are kept.
const MOST_SAID: usize = 16 << 10;

/// How long to look again for the end of a program that prints no more.
const PAUSE: Duration = Duration::from_millis(1);

/// How long the last output of a program that was ended is waited for.
const LAST_OUTPUT: Duration = Duration::from_secs(1);

/// Reads a job from the standard input, runs it, and prints what it gave.
///
/// # Errors
///
/// The standard input holds no job, or the limit of memory cannot be set.
pub fn supervise() -> Result<ExitCode, Error> {
    let mut line = String::new();
    let no_job = |problem: String| Error::Usage(format!("no job to supervise: {problem}"));
    io::stdin()
        .read_line(&mut line)
        .map_err(|error| no_job(error.to_string()))?;
    let job: Job = serde_json::from_str(&line).map_err(|error| no_job(error.to_string()))?;
    if let Some(seconds) = job.processor_seconds {
        // The second later ends what does not heed the signal at the first.
        setrlimit(Resource::RLIMIT_CPU, seconds, seconds + 1)
            .map_err(|error| Error::Usage(format!("time cannot be limited: {error}")))?;
    }
    if let Some(bytes) = job.memory {
        // What a process reserves and never touches does not count as data.
        setrlimit(Resource::RLIMIT_DATA, bytes, bytes)
            .map_err(|error| Error::Usage(format!("memory cannot be limited: {error}")))?;
    }
    let run = run(&job);
    let text = serde_json::to_string(&run).map_err(codegen::Error::from)?;
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}

fn run(job: &Job) -> Run {
    let mut run = Run {
        ending: Ending::NotStarted(String::new()),
        wall: Duration::ZERO,
        cpu: Duration::ZERO,
        memory: 0,
        stdout: String::new(),
        stderr: String::new(),
    };
    let file = match job.output.as_ref().map(File::create).transpose() {
        Ok(file) => file,
        Err(error) => {
            run.ending = Ending::NotStarted(format!("its output cannot be written: {error}"));
            return run;
        }
    };
    let start = Instant::now();
    let mut child = match spawn(job) {
        Ok(child) => child,
        Err(error) => {
            run.ending = Ending::NotStarted(error.to_string());
            return run;
        }
    };
    end_with_parent(group(&child));
    let stdout = match file {
        Some(file) => read(child.stdout.take(), Sink::File(file)),
        None => read(child.stdout.take(), Sink::Beginning),
    };
    let stderr = read(child.stderr.take(), Sink::End);
    let deadline = start + job.time;
    let mut said = [None, None];
    for (said, output) in said.iter_mut().zip([&stdout, &stderr]) {
        let left = deadline.saturating_duration_since(Instant::now());
        *said = output.recv_timeout(left).ok();
    }
    let ended = wait(&mut child, deadline);
    run.wall = start.elapsed();
    run.ending = match ended {
        Some(status) => ending(status),
        None => {
            // The program is not waited for yet, so the number is still its own.
            let _ = killpg(group(&child), Signal::SIGKILL);
            let _ = child.wait();
            Ending::TimedOut
        }
    };
    for (said, output) in said.iter_mut().zip([&stdout, &stderr]) {
        if said.is_none() {
            *said = output.recv_timeout(LAST_OUTPUT).ok();
        }
    }
    [run.stdout, run.stderr] = said.map(Option::unwrap_or_default);
    if let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) {
        let times = [usage.user_time(), usage.system_time()];
        let seconds = |time: nix::sys::time::TimeVal| {
            Duration::from_secs(u64::try_from(time.tv_sec()).unwrap_or_default())
                + Duration::from_micros(u64::try_from(time.tv_usec()).unwrap_or_default())
        };
        run.cpu = times.into_iter().map(seconds).sum();
        // Apple's systems count bytes, the others KiB.
        let unit = if cfg!(target_vendor = "apple") {
            1
        } else {
            1024
        };
        run.memory = u64::try_from(usage.max_rss()).unwrap_or_default() * unit;
    }
    run
}

/// Starts the program, in a group of its own, so that what it starts ends with it.
fn spawn(job: &Job) -> io::Result<Child> {
    let mut command = Command::new(&job.program);
    command
        .args(&job.arguments)
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(folder) = &job.folder {
        command.current_dir(folder);
    }
    for (name, value) in &job.environment {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.spawn()
}

fn group(child: &Child) -> Pid {
    Pid::from_raw(i32::try_from(child.id()).unwrap_or(i32::MAX))
}

/// Ends the program and this process when whoever started it is gone.
fn end_with_parent(group: Pid) {
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        let _ = killpg(group, Signal::SIGKILL);
        std::process::exit(1);
    });
}

/// Where the output of a program goes.
enum Sink {
    File(File),
    Beginning,
    End,
}

/// Reads an output to its end, and sends what is kept of it.
fn read(from: Option<impl Read + Send + 'static>, into: Sink) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut kept = VecDeque::new();
        let mut chunk = vec![0; 64 << 10];
        let mut from = from;
        while let Some(count) = from.as_mut().and_then(|from| from.read(&mut chunk).ok()) {
            let read = chunk.get(..count).unwrap_or_default();
            if read.is_empty() {
                break;
            }
            match &into {
                Sink::File(file) => {
                    let mut file = file;
                    if file.write_all(read).is_err() {
                        break;
                    }
                }
                Sink::Beginning => {
                    let room = MOST_OUTPUT.saturating_sub(kept.len());
                    kept.extend(read.iter().take(room));
                }
                Sink::End => {
                    kept.extend(read);
                    let superfluous = kept.len().saturating_sub(MOST_SAID);
                    kept.drain(..superfluous);
                }
            }
        }
        let kept = String::from_utf8_lossy(kept.make_contiguous()).into_owned();
        // Nobody waits any more if the time is over.
        let _ = sender.send(kept);
    });
    receiver
}

/// How the program ended; `None` if it has not until the deadline.
fn wait(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        thread::sleep(left.min(PAUSE));
    }
}

fn ending(status: ExitStatus) -> Ending {
    match (status.code(), status.signal()) {
        (Some(code), _) => Ending::Exited(code),
        (None, Some(signal)) if signal == Signal::SIGXCPU as i32 => Ending::TimedOut,
        (None, signal) => Ending::Signalled(signal.unwrap_or_default()),
    }
}
