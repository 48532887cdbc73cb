//! Calls for programs without an async runtime: the same code, run to its end.

use std::io;
use std::sync::OnceLock;

use serde::de::DeserializeOwned;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::call::pages::Pages;
use crate::error::{ConfigError, Error};

/// Waits for a call, on the calling thread.
pub trait Blocking<T> {
    /// Runs the call to its end, and gives what it gives. Within an async
    /// runtime it works too, and holds up the thread that it is called on.
    ///
    /// # Errors
    ///
    /// Those of the call, and [`Error::Config`] if a thread cannot be started.
    fn block(self) -> Result<T, Error>;
}

impl<T, F> Blocking<T> for F
where
    F: Future<Output = Result<T, Error>> + Send,
    T: Send,
{
    fn block(self) -> Result<T, Error> {
        wait(self)?
    }
}

impl<T: DeserializeOwned + Send + 'static> Pages<T> {
    /// Every item of every page, for programs without an async runtime.
    pub fn blocking(self) -> BlockingPages<T> {
        BlockingPages { pages: self }
    }
}

/// Every item of a list, page after page, as they are asked for. See [`Pages`].
#[derive(Debug)]
#[must_use = "an iterator does nothing until it is asked"]
pub struct BlockingPages<T> {
    pages: Pages<T>,
}

impl<T: DeserializeOwned + Send + 'static> Iterator for BlockingPages<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        wait(self.pages.next()).unwrap_or_else(|error| Some(Err(error)))
    }
}

fn wait<F: Future<Output: Send> + Send>(call: F) -> Result<F::Output, Error> {
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return Err(failure(error)),
    };
    if Handle::try_current().is_err() {
        return Ok(runtime.block_on(call));
    }
    // A runtime must not wait within another, so a thread of its own does.
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().spawn_scoped(scope, || runtime.block_on(call));
        match thread.map_err(failure)?.join() {
            Ok(output) => Ok(output),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn failure(error: io::Error) -> Error {
    ConfigError::Runtime(error).into()
}

/// One runtime for all calls, whose only thread serves the connections.
fn runtime() -> io::Result<&'static Runtime> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let made = Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("blocking-calls")
        .enable_all()
        .build()?;
    Ok(RUNTIME.get_or_init(|| made))
}
