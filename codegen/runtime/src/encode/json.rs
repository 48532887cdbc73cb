//! JSON in which whole numbers are written as such.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;
use serde_json::value::RawValue;

/// Up to here each whole number is a floating-point number of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Writes `3600`, not `3600.0`: many servers take the second for no integer.
struct Whole;

impl Formatter for Whole {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        match whole(value) {
            Some(value) => self.write_i64(writer, value),
            None => serde_json::ser::CompactFormatter.write_f64(writer, value),
        }
    }

    fn write_f32<W: ?Sized + Write>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        match whole(f64::from(value)) {
            Some(value) => self.write_i64(writer, value),
            None => serde_json::ser::CompactFormatter.write_f32(writer, value),
        }
    }
}

/// The whole number that `value` is. A negative zero is zero; beyond 2^53 a number
/// stays as it is, such as `1e+300`.
fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64)
}

/// `value` as JSON.
///
/// # Errors
///
/// A value that JSON cannot say, such as a map whose keys are no strings.
pub fn to_vec(value: &(impl Serialize + ?Sized)) -> Result<Vec<u8>, serde_json::Error> {
    let mut text = Vec::with_capacity(128);
    value.serialize(&mut Serializer::with_formatter(&mut text, Whole))?;
    Ok(text)
}

/// `value` as a piece of JSON.
///
/// # Errors
///
/// A value that JSON cannot say.
pub(crate) fn to_raw(value: &(impl Serialize + ?Sized)) -> serde_json::Result<Box<RawValue>> {
    let text = to_vec(value)?;
    // Nothing but text is ever written.
    RawValue::from_string(String::from_utf8_lossy(&text).into_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(value: impl Serialize) -> String {
        String::from_utf8(to_vec(&value).unwrap()).unwrap()
    }

    #[test]
    fn a_whole_number_is_written_as_an_integer() {
        for (value, text) in [
            (3600.0, "3600"),
            (-2.0, "-2"),
            (0.0, "0"),
            (-0.0, "0"),
            (0.5, "0.5"),
            (9_007_199_254_740_992.0, "9007199254740992"),
            (9_007_199_254_740_994.0, "9007199254740994.0"),
            (1e300, "1e+300"),
            (-1e16, "-1e+16"),
            (f64::NAN, "null"),
            (f64::INFINITY, "null"),
        ] {
            assert_eq!(written(value), text);
        }
        assert_eq!(written(3600.0_f32), "3600");
        assert_eq!(written(0.1_f32), "0.1");
    }

    #[test]
    fn a_whole_number_is_written_as_an_integer_wherever_it_lies() {
        let value = json!({ "a": [1.0, { "b": 2.0 }], "c": 1, "d": "1.0" });
        assert_eq!(written(value), r#"{"a":[1,{"b":2}],"c":1,"d":"1.0"}"#);
    }
}
