//! One attempt: sends a request once, and reads the response within limits.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, StatusCode};

use crate::error::{Error, Head, Headers, TransportError, TransportProblem};
use crate::response::arrival::{Arrival, read_body};
use crate::retry::policy::is_retryable_status;
use crate::retry::repeat::{Outcome, Progress};
use crate::transport::deadline::{Deadline, LONGEST};
use crate::transport::prepared::Prepared;
use crate::transport::source::Body;
use crate::transport::trace::Trace;
use crate::wire::retry_after::retry_after;

impl Prepared {
    /// Sends once, and reads the whole body.
    pub async fn attempt_whole(
        &self,
        progress: Progress,
        trace: &Trace,
    ) -> Outcome<Arrival, Error> {
        // Kept if the time is over before the body has come.
        let mut head = None;
        let body = {
            let exchange = pin!(self.exchange(progress, &mut head));
            Deadline::new(progress, &self.limits).keep(exchange).await
        };
        match body {
            Err(problem) => {
                let error = self.failure(progress, head, problem);
                self.ended(progress, Err(&error), trace);
                self.failed(error)
            }
            Ok(body) => {
                let head = head.unwrap_or_default();
                self.ended(progress, Ok(&head), trace);
                let arrival = Arrival::new(self.call(progress), head, body);
                let head = &arrival.meta.head;
                let (status, headers) = (head.status, &head.headers.0);
                if !self.is_retryable_status(status) {
                    return Outcome::Final(Ok(arrival));
                }
                let wait = self.asked_to_wait(status, headers, &arrival.body);
                self.again(Ok(arrival), wait, !status.is_client_error())
            }
        }
    }

    /// Sends once, and leaves the body unread.
    pub async fn attempt_head(
        &self,
        progress: Progress,
        trace: &Trace,
    ) -> Outcome<reqwest::Response, Error> {
        // The body is read by the caller, and its time is still this attempt's.
        let of_body = Some(self.limits.timeout);
        let execute = pin!(self.execute(progress, of_body));
        let executed = Deadline::new(progress, &self.limits).keep(execute).await;
        let mut response = match executed {
            Err(problem) => {
                let error = self.failure(progress, None, problem);
                self.ended(progress, Err(&error), trace);
                return self.failed(error);
            }
            Ok(response) => response,
        };
        let head = self.head(response.status(), response.headers().clone());
        self.ended(progress, Ok(&head), trace);
        response.extensions_mut().insert(self.call(progress));
        if !self.is_retryable_status(head.status) {
            return Outcome::Final(Ok(response));
        }
        let wait = self.asked_to_wait(head.status, &head.headers.0, &[]);
        self.again(Ok(response), wait, !head.status.is_client_error())
    }

    fn is_retryable_status(&self, status: StatusCode) -> bool {
        is_retryable_status(status, self.idempotent, self.core.inner().protocol)
    }

    /// How long the server asks to be left alone. With 429 it holds other calls back,
    /// too.
    fn asked_to_wait(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Option<Duration> {
        let core = self.core.inner();
        let wait = retry_after(headers, body, &core.protocol.error_page)?;
        if let (Some(limiter), StatusCode::TOO_MANY_REQUESTS) = (&core.limiter, status) {
            limiter.close_for(wait);
        }
        Some(wait)
    }

    /// What an attempt without a response comes to.
    fn failed<T>(&self, error: Box<TransportError>) -> Outcome<T, Error> {
        let executed = error.may_have_been_executed;
        let mut again = error.problem.is_transient() && (!executed || self.idempotent);
        let mut wait = None;
        if let Some(head) = &error.head {
            wait = self.asked_to_wait(head.status, &head.headers.0, &[]);
            again |= self.is_retryable_status(head.status);
        }
        let result = Err(Error::Transport(error));
        match again {
            true => self.again(result, wait, executed),
            false => Outcome::Final(result),
        }
    }

    /// Asks for another attempt, if the body can be sent again.
    fn again<T>(
        &self,
        result: Result<T, Error>,
        retry_after: Option<Duration>,
        executed: bool,
    ) -> Outcome<T, Error> {
        match self.is_repeatable() {
            true => Outcome::Again {
                result,
                retry_after,
                executed,
            },
            false => Outcome::Final(result),
        }
    }

    /// Sends once, and reads the response: its head into `head`, and its body.
    async fn exchange(
        &self,
        progress: Progress,
        head: &mut Option<Head>,
    ) -> Result<Bytes, TransportProblem> {
        let timeout = self.limits.is_timeout_chosen.then_some(LONGEST);
        let mut response = self.execute(progress, timeout).await?;
        let headers = std::mem::take(response.headers_mut());
        *head = Some(self.head(response.status(), headers));
        read_body(response, self.limits.max_body).await
    }

    fn head(&self, status: StatusCode, headers: HeaderMap) -> Head {
        Head {
            status,
            headers: Headers(headers),
            request_id: self.core.inner().protocol.request_id_header(),
        }
    }

    /// Sends once, and reads the head of the response; `timeout` is the time that it
    /// may take with its body, in place of the HTTP client's own timeout.
    async fn execute(
        &self,
        progress: Progress,
        timeout: Option<Duration>,
    ) -> Result<reqwest::Response, TransportProblem> {
        let http = &self.core.inner().http;
        let sent = match &self.body {
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

    /// The error of an attempt that came to nothing.
    pub fn failure(
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
        trace.ends(progress.attempts, outcome);
        for hook in self.core.inner().hooks.iter().rev() {
            hook.after(&self.seen(progress), outcome, progress.begun.elapsed());
        }
    }
}
