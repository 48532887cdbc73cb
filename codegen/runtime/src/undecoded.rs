//! An answer whose status says how to read it.

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::answer::Answer;
use super::decode;
use super::error::Error;
use super::operation::Envelope;
use super::request::{Request, successful};
use super::response::Response;

/// A whole answer that has not been read yet. Each way to read it gives an error
/// if it is a refusal.
pub struct Undecoded {
    answer: Answer,
    envelope: Envelope,
}

impl Undecoded {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.answer.around.head.status.as_u16()
    }

    /// Says where the result is.
    #[must_use]
    pub fn within(mut self, envelope: Envelope) -> Self {
        self.envelope = envelope;
        self
    }

    /// The JSON result; one that is null or missing is an error.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] and [`Error::Answer`].
    pub fn json<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.json_or(|| None)
    }

    /// The JSON result; one that is null or missing is `T`'s default.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] and [`Error::Answer`].
    pub fn json_or_default<T>(self) -> Result<Response<T>, Error>
    where
        T: DeserializeOwned + Default,
    {
        self.json_or(|| Some(T::default()))
    }

    fn json_or<T: DeserializeOwned>(
        self,
        absent: impl FnOnce() -> Option<T>,
    ) -> Result<Response<T>, Error> {
        match self.envelope {
            Envelope::Around => decode::enveloped(self.answer, absent),
            Envelope::Among => decode::among(self.answer),
            Envelope::Absent => decode::bare(self.answer, absent),
        }
    }

    /// No result: success is all that counts.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] and [`Error::Answer`].
    pub fn unit(self) -> Result<Response<()>, Error> {
        if self.envelope != Envelope::Absent && !self.answer.body.is_empty() {
            return decode::unit(self.answer);
        }
        Ok(successful(self.answer)?.with(()))
    }

    /// The body as text; what is no UTF-8 is replaced.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] and [`Error::Answer`].
    pub fn text(self) -> Result<Response<String>, Error> {
        let answer = successful(self.answer)?;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        Ok(answer.with(text))
    }

    /// The body as it is.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] and [`Error::Answer`].
    pub fn bytes(self) -> Result<Response<Bytes>, Error> {
        let mut answer = successful(self.answer)?;
        let body = std::mem::take(&mut answer.body);
        Ok(answer.with(body))
    }
}

impl Request {
    /// Sends, and leaves it to the caller how the answer is read.
    ///
    /// # Errors
    ///
    /// [`Error::Request`] and [`Error::Transport`].
    pub async fn send_undecoded(self) -> Result<Undecoded, Error> {
        let envelope = self.envelope();
        let answer = self.send_any().await?;
        Ok(Undecoded { answer, envelope })
    }
}
