//! Sends a request as often as it takes, and reads the answer within limits.

use std::pin::{Pin, pin};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{RequestBuilder, StatusCode, Url};
use tokio::time::Instant;

use super::answer::{Answer, read_body};
use super::draft::Draft;
use super::error::Error;
use super::hook;
use super::options::Limits;
use super::problem::{Call, Head, Headers, TransportError, TransportProblem};
use super::retry;
use super::source::Source;
use super::trace::Trace;

/// No attempt takes longer, whatever was asked for: a clock has an end.
const LONGEST: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

/// A request that is ready to be sent.
pub(super) struct Prepared {
    pub draft: Box<Draft>,
    pub url: Url,
    /// All but the credentials; of two of one name the later one counts.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub limits: Limits,
}

/// What is sent along.
pub(super) enum Body {
    Bytes(Bytes),
    Made(Box<dyn Source>),
}

/// How far a call has come.
#[derive(Clone, Copy)]
struct Progress {
    /// When the call began.
    start: Instant,
    /// When the attempt began.
    begun: Instant,
    attempts: u32,
    /// Whether the server may have carried out an attempt before this one.
    executed_before: bool,
}

/// What one attempt came to.
enum Outcome<T> {
    Arrived(T),
    /// An answer that asks for another attempt, and the wait that it wishes.
    Refused(T, StatusCode, Option<Duration>),
    Failed(Box<TransportError>),
}

impl Prepared {
    /// Sends, repeats where that is safe, and reads the whole body.
    pub async fn send(&self) -> Result<Answer, Error> {
        let trace = Trace::new(self);
        let attempt = |progress| self.attempt_whole(progress, &trace);
        trace.run(self.repeat(attempt, &trace)).await
    }

    /// Sends, repeats where that is safe, and leaves the body unread.
    pub async fn send_raw(&self) -> Result<reqwest::Response, Error> {
        let trace = Trace::new(self);
        let attempt = |progress| self.attempt_head(progress, &trace);
        trace.run(self.repeat(attempt, &trace)).await
    }

    async fn attempt_whole(&self, progress: Progress, trace: &Trace) -> Outcome<Answer> {
        // Kept if the time is over before the body has come.
        let mut head = None;
        let body = {
            let exchange = pin!(self.exchange(progress, &mut head));
            self.in_time(progress, exchange).await
        };
        let outcome = match body {
            Ok(body) => {
                let head = head.unwrap_or_default();
                Ok(Answer::new(self.call(progress), head, body))
            }
            Err(problem) => Err(self.failure(progress, head, problem)),
        };
        let seen = outcome.as_ref().map(|answer| &answer.around.head);
        self.ended(progress, seen.map_err(AsRef::as_ref), trace);
        match outcome {
            Err(error) => Outcome::Failed(error),
            Ok(answer)
                if retry::worth_repeating(answer.around.head.status, self.draft.idempotent) =>
            {
                let wish = retry::wish(&answer.around.head.headers.0, &answer.body);
                let status = answer.around.head.status;
                Outcome::Refused(answer, status, wish)
            }
            Ok(answer) => Outcome::Arrived(answer),
        }
    }

    async fn attempt_head(&self, progress: Progress, trace: &Trace) -> Outcome<reqwest::Response> {
        // The body is read by the caller, and its time is still this attempt's.
        let of_body = Some(self.limits.timeout);
        let execute = pin!(self.execute(progress, of_body));
        let mut response = match self.in_time(progress, execute).await {
            Err(problem) => {
                let error = self.failure(progress, None, problem);
                self.ended(progress, Err(&error), trace);
                return Outcome::Failed(error);
            }
            Ok(response) => response,
        };
        let head = Head {
            status: response.status(),
            headers: Headers(response.headers().clone()),
        };
        self.ended(progress, Ok(&head), trace);
        response.extensions_mut().insert(self.call(progress));
        match retry::worth_repeating(head.status, self.draft.idempotent) {
            true => {
                let wish = retry::wish(&head.headers.0, &[]);
                Outcome::Refused(response, head.status, wish)
            }
            false => Outcome::Arrived(response),
        }
    }

    /// Attempts until one arrives, the retries are used up, or the time would be.
    async fn repeat<T, F>(&self, attempt: impl Fn(Progress) -> F, trace: &Trace) -> Result<T, Error>
    where
        F: Future<Output = Outcome<T>>,
    {
        let start = Instant::now();
        let mut progress = Progress {
            start,
            begun: start,
            attempts: 0,
            executed_before: false,
        };
        loop {
            self.await_turn(progress).await?;
            progress.attempts = progress.attempts.saturating_add(1);
            progress.begun = Instant::now();
            let number = progress.attempts;
            trace.begins(number);
            let (wish, result) = match attempt(progress).await {
                Outcome::Arrived(answer) => return Ok(answer),
                Outcome::Refused(answer, status, wish) => {
                    self.heed(status, wish);
                    progress.executed_before |= !status.is_client_error();
                    (wish, Ok(answer))
                }
                Outcome::Failed(error) => {
                    progress.executed_before |= error.may_have_been_executed;
                    let mut wish = None;
                    let mut again = error.problem.is_passing()
                        && (!error.may_have_been_executed || self.draft.idempotent);
                    if let Some(head) = &error.head {
                        wish = retry::wish(&head.headers.0, &[]);
                        self.heed(head.status, wish);
                        again |= retry::worth_repeating(head.status, self.draft.idempotent);
                    }
                    let result = Err(Error::Transport(error));
                    if !again {
                        return result;
                    }
                    (wish, result)
                }
            };
            let wait = wish.unwrap_or_else(|| retry::backoff(number, &self.limits));
            let once = matches!(self.body(), Some(Body::Made(source)) if !source.is_repeatable());
            if once || number > self.limits.max_retries || wait >= self.left(start) {
                return result;
            }
            trace.waits(wait);
            // Its connection is free for others meanwhile.
            drop(result);
            tokio::time::sleep(wait).await;
        }
    }

    /// The time that is left of the call's.
    fn left(&self, start: Instant) -> Duration {
        self.limits.total_timeout.saturating_sub(start.elapsed())
    }

    /// When the attempt has to be over.
    fn until(&self, progress: Progress) -> Instant {
        let before = progress.begun - progress.start;
        let left = self.limits.total_timeout.saturating_sub(before);
        progress.begun + self.limits.timeout.min(left).min(LONGEST)
    }

    /// Runs an attempt, or a part of it, until it has to be over.
    async fn in_time<T>(
        &self,
        progress: Progress,
        attempt: Pin<&mut impl Future<Output = Result<T, TransportProblem>>>,
    ) -> Result<T, TransportProblem> {
        let until = self.until(progress);
        match tokio::time::timeout_at(until, attempt).await {
            // Of two timers for one moment, either may be first.
            Ok(Err(TransportProblem::Http(error)))
                if error.is_timeout() && !error.is_connect() && Instant::now() >= until =>
            {
                Err(self.too_late(progress))
            }
            Ok(result) => result,
            Err(_) => Err(self.too_late(progress)),
        }
    }

    /// Why the attempt has to be over now.
    fn too_late(&self, progress: Progress) -> TransportProblem {
        match self.left(progress.start).is_zero() {
            true => TransportProblem::Timeout(self.limits.total_timeout),
            false => TransportProblem::AttemptTimeout(self.limits.timeout),
        }
    }

    /// Waits until the client's own rate limit lets the next attempt through.
    async fn await_turn(&self, progress: Progress) -> Result<(), Error> {
        let Some(limiter) = &self.draft.client.inner().limiter else {
            return Ok(());
        };
        match limiter.reserve(self.left(progress.start)) {
            Ok(at) => tokio::time::sleep_until(at).await,
            Err(wait) => {
                let problem = TransportProblem::Throttled(wait);
                let error = self.failure(progress, None, problem);
                return Err(Error::Transport(error));
            }
        }
        Ok(())
    }

    /// Holds other calls back too, if the server asks for that.
    fn heed(&self, status: StatusCode, wish: Option<Duration>) {
        if let (Some(limiter), StatusCode::TOO_MANY_REQUESTS, Some(wish)) =
            (&self.draft.client.inner().limiter, status, wish)
        {
            limiter.close_for(wish);
        }
    }

    /// Sends once, and reads the answer: its head into `head`, and its body.
    async fn exchange(
        &self,
        progress: Progress,
        head: &mut Option<Head>,
    ) -> Result<Bytes, TransportProblem> {
        let timeout = self.limits.is_timeout_chosen.then_some(LONGEST);
        let mut response = self.execute(progress, timeout).await?;
        *head = Some(Head {
            status: response.status(),
            headers: Headers(std::mem::take(response.headers_mut())),
        });
        read_body(response, self.limits.max_body).await
    }

    /// Sends once, and reads the head of the answer; `timeout` is the time that it may
    /// take with its body, in place of the HTTP client's own timeout.
    async fn execute(
        &self,
        progress: Progress,
        timeout: Option<Duration>,
    ) -> Result<reqwest::Response, TransportProblem> {
        let http = &self.draft.client.inner().http;
        let sent = match self.body() {
            Some(Body::Made(source)) => {
                let request = self.request(progress, timeout);
                let request = RequestBuilder::from_parts(http.clone(), request);
                let request = source.attach(request).await;
                request.map_err(TransportProblem::Body)?.send().await
            }
            _ => http.execute(self.request(progress, timeout)).await,
        };
        sent.map_err(|error| TransportProblem::Http(error.without_url()))
    }

    fn body(&self) -> Option<&Body> {
        self.draft.body.as_ref().map(|(_, body)| body)
    }

    /// The request of an attempt, but for a body that has to be made.
    fn request(&self, progress: Progress, timeout: Option<Duration>) -> reqwest::Request {
        let client = self.draft.client.inner();
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
        for hook in &client.hooks {
            hook.before(&self.seen(progress), &mut headers);
        }
        for (name, value) in &client.credentials {
            headers.entry(name).or_insert_with(|| value.clone());
        }
        let mut request = reqwest::Request::new(self.draft.method.clone(), self.url.clone());
        *request.headers_mut() = headers;
        *request.timeout_mut() = timeout;
        if let Some(Body::Bytes(bytes)) = self.body() {
            *request.body_mut() = Some(bytes.clone().into());
        }
        request
    }

    fn failure(
        &self,
        progress: Progress,
        head: Option<Head>,
        problem: TransportProblem,
    ) -> Box<TransportError> {
        let sent = match &problem {
            TransportProblem::Http(error) => !(error.is_connect() || error.is_builder()),
            TransportProblem::AttemptTimeout(_)
            | TransportProblem::Timeout(_)
            | TransportProblem::TooLarge(_) => true,
            TransportProblem::Throttled(_) | TransportProblem::Body(_) => false,
        };
        // A refusal says that nothing was done, even if the rest of it is lost.
        let refused = head
            .as_ref()
            .is_some_and(|head| head.status.is_client_error());
        let may_have_been_executed = (sent && !refused) || progress.executed_before;
        Box::new(TransportError {
            call: self.call(progress),
            head,
            may_have_been_executed,
            problem,
        })
    }

    /// Tells hooks and trace what an attempt came to.
    fn ended(&self, progress: Progress, outcome: Result<&Head, &TransportError>, trace: &Trace) {
        trace.ends(outcome);
        for hook in self.draft.client.inner().hooks.iter().rev() {
            hook.after(&self.seen(progress), outcome, progress.begun.elapsed());
        }
    }

    fn seen(&self, progress: Progress) -> hook::Attempt<'_> {
        hook::Attempt {
            operation: &self.draft.operation,
            method: &self.draft.method,
            template: &self.draft.path,
            url: self.url_without_query(),
            number: progress.attempts,
        }
    }

    fn call(&self, progress: Progress) -> Call {
        Call {
            operation: self.draft.operation.clone(),
            method: self.draft.method.clone(),
            url: self.url_without_query().to_owned(),
            attempts: progress.attempts,
            executed_before: progress.executed_before,
        }
    }

    fn url_without_query(&self) -> &str {
        let url = self.url.as_str();
        url.split_once('?').map_or(url, |(before, _)| before)
    }
}
