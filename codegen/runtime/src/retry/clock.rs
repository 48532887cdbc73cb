//! Time, and chance.

use std::time::Duration;

use tokio::time::Instant;

/// What a retry loop needs of the world around it.
pub(crate) trait Clock: Sync {
    fn now(&self) -> Instant;

    fn sleep(&self, time: Duration) -> impl Future<Output = ()> + Send;

    /// A number from 0 to 1.
    fn chance(&self) -> f64;
}

/// The clock of the machine.
pub(crate) struct Real;

impl Clock for Real {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, time: Duration) -> impl Future<Output = ()> + Send {
        tokio::time::sleep(time)
    }

    fn chance(&self) -> f64 {
        fastrand::f64()
    }
}
