//! Sends a request as often as it takes, and reads the answer within limits.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::HeaderMap;
use reqwest::{Method, Url};
use tokio::time::Instant;

use super::client::Client;
use super::error::{Call, Error, Head, Headers, TransportError, TransportProblem};
use super::retry;

/// A request that can be sent any number of times.
pub(super) struct Prepared {
    pub client: Client,
    pub operation: String,
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Option<Bytes>,
    pub idempotent: bool,
    pub timeout: Duration,
    pub total_timeout: Duration,
    pub max_retries: u32,
}

/// An answer that has arrived whole.
pub(super) struct Answer {
    pub call: Call,
    pub head: Head,
    pub body: Bytes,
}

/// What one attempt came to.
enum Attempt<T> {
    Arrived(T),
    /// An answer that asks for another attempt.
    Repeat(T, HeaderMap),
    Failed(Box<TransportError>),
}

impl Prepared {
    /// Sends, repeats where that is safe, and reads the whole body.
    pub async fn send(&self) -> Result<Answer, Error> {
        self.repeat(|number| self.attempt_whole(number)).await
    }

    /// Sends, repeats where that is safe, and leaves the body unread.
    pub async fn send_raw(&self) -> Result<reqwest::Response, Error> {
        self.repeat(|number| self.attempt_head(number)).await
    }

    async fn attempt_whole(&self, number: u32) -> Attempt<Answer> {
        let response = match self.attempt(number).await {
            Ok(response) => response,
            Err(error) => return Attempt::Failed(error),
        };
        match self.read(response, number).await {
            Err(error) => Attempt::Failed(error),
            Ok(answer) if retry::worth_repeating(answer.head.status, self.idempotent) => {
                let headers = answer.head.headers.0.clone();
                Attempt::Repeat(answer, headers)
            }
            Ok(answer) => Attempt::Arrived(answer),
        }
    }

    async fn attempt_head(&self, number: u32) -> Attempt<reqwest::Response> {
        match self.attempt(number).await {
            Err(error) => Attempt::Failed(error),
            Ok(response) if retry::worth_repeating(response.status(), self.idempotent) => {
                let headers = response.headers().clone();
                Attempt::Repeat(response, headers)
            }
            Ok(response) => Attempt::Arrived(response),
        }
    }

    /// Attempts until one arrives, the retries are used up, or the time would be.
    async fn repeat<T, F>(&self, attempt: impl Fn(u32) -> F) -> Result<T, Error>
    where
        F: Future<Output = Attempt<T>>,
    {
        let start = Instant::now();
        let mut number = 0_u32;
        loop {
            number = number.saturating_add(1);
            let left = self.total_timeout.saturating_sub(start.elapsed());
            let outcome = match tokio::time::timeout(left, attempt(number)).await {
                Ok(outcome) => outcome,
                Err(_) => {
                    return Err(Error::Transport(Box::new(TransportError {
                        call: self.call(number),
                        head: None,
                        may_have_been_executed: true,
                        problem: TransportProblem::Timeout(self.total_timeout),
                    })));
                }
            };
            let (headers, result) = match outcome {
                Attempt::Arrived(answer) => return Ok(answer),
                Attempt::Repeat(answer, headers) => (Some(headers), Ok(answer)),
                Attempt::Failed(error) => {
                    let passing = !matches!(error.problem, TransportProblem::TooLarge(_));
                    let safe = !error.may_have_been_executed || self.idempotent;
                    if !(passing && safe) {
                        return Err(Error::Transport(error));
                    }
                    (None, Err(Error::Transport(error)))
                }
            };
            let wait = retry::wait(number, headers.as_ref());
            let left = self.total_timeout.saturating_sub(start.elapsed());
            if number > self.max_retries || wait >= left {
                return result;
            }
            tokio::time::sleep(wait).await;
        }
    }

    async fn attempt(&self, number: u32) -> Result<reqwest::Response, Box<TransportError>> {
        let mut request = self
            .client
            .http()
            .request(self.method.clone(), self.url.clone())
            .headers(self.headers.clone())
            .timeout(self.timeout);
        if let Some(body) = &self.body {
            request = request.body(body.clone());
        }
        request.send().await.map_err(|error| {
            Box::new(TransportError {
                call: self.call(number),
                head: None,
                may_have_been_executed: !(error.is_connect() || error.is_builder()),
                problem: TransportProblem::Http(error.without_url()),
            })
        })
    }

    async fn read(
        &self,
        mut response: reqwest::Response,
        number: u32,
    ) -> Result<Answer, Box<TransportError>> {
        let head = Head {
            status: response.status(),
            headers: Headers(std::mem::take(response.headers_mut())),
        };
        let limit = self.client.max_body();
        let mut body = BytesMut::new();
        loop {
            let problem = match response.chunk().await {
                Ok(None) => {
                    return Ok(Answer {
                        call: self.call(number),
                        head,
                        body: body.freeze(),
                    });
                }
                Ok(Some(chunk)) if (body.len() + chunk.len()) as u64 <= limit => {
                    body.extend_from_slice(&chunk);
                    continue;
                }
                Ok(Some(_)) => TransportProblem::TooLarge(limit),
                Err(error) => TransportProblem::Http(error.without_url()),
            };
            return Err(Box::new(TransportError {
                call: self.call(number),
                head: Some(head),
                may_have_been_executed: true,
                problem,
            }));
        }
    }

    pub fn call(&self, attempts: u32) -> Call {
        let mut url = self.url.clone();
        url.set_query(None);
        Call {
            operation: self.operation.clone(),
            url: url.into(),
            attempts,
        }
    }
}
