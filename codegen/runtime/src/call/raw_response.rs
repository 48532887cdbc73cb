//! A response whose status says how to read it.

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::protocol::Envelope;
use crate::response::arrival::Arrival;
use crate::response::decode;
use crate::response::outcome::Response;

/// A whole response that has not been read yet. Each way to read it gives an error
/// if it is a refusal.
pub struct RawResponse {
    pub(crate) arrival: Arrival,
    pub(crate) envelope: Envelope,
}

impl RawResponse {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.arrival.meta.head.status.as_u16()
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
    /// [`Error::Api`] and [`Error::Decode`].
    pub fn json<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.json_or(|| None)
    }

    /// The JSON result; one that is null or missing is `T`'s default.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] and [`Error::Decode`].
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
            Envelope::Member => decode::enveloped(self.arrival, absent),
            Envelope::Flattened => decode::flattened(self.arrival),
            Envelope::None => decode::bare(self.arrival, absent),
        }
    }

    /// No result: success is all that counts.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] and [`Error::Decode`].
    pub fn unit(self) -> Result<Response<()>, Error> {
        if self.envelope != Envelope::None && !self.arrival.body.is_empty() {
            return decode::unit(self.arrival);
        }
        Ok(decode::successful(self.arrival)?.with(()))
    }

    /// The body as text; what is no UTF-8 is replaced.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] and [`Error::Decode`].
    pub fn text(self) -> Result<Response<String>, Error> {
        let arrival = decode::successful(self.arrival)?;
        let text = String::from_utf8_lossy(&arrival.body).into_owned();
        Ok(arrival.with(text))
    }

    /// The body as it is.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] and [`Error::Decode`].
    pub fn bytes(self) -> Result<Response<Bytes>, Error> {
        let mut arrival = decode::successful(self.arrival)?;
        let body = std::mem::take(&mut arrival.body);
        Ok(arrival.with(body))
    }
}
