//! Which value a YAML scalar is: the core schema of YAML 1.2, where `no` and
//! `on` and dates are strings.

use serde_json::Value;

/// Why a scalar is no JSON value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// Infinity, or not a number.
    NotFinite,
    /// Larger than the numbers that are kept.
    OutOfRange,
}

/// The value of a plain (unquoted) scalar.
pub(super) fn resolve(text: &str) -> Result<Value, Unfit> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "true" | "True" | "TRUE" => return Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Value::Bool(false)),
        ".nan" | ".NaN" | ".NAN" => return Err(Unfit::NotFinite),
        _ => {}
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix)
            && !digits.is_empty()
            && digits.chars().all(|digit| digit.is_digit(radix))
        {
            return u64::from_str_radix(digits, radix)
                .map(Value::from)
                .map_err(|_| Unfit::OutOfRange);
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Err(Unfit::NotFinite);
    }
    if !is_decimal(unsigned) {
        return Ok(Value::from(text));
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    // An integer beyond 64 bits becomes a float, as serde_json has it in JSON.
    if let Ok(number) = text.parse::<i64>() {
        return Ok(Value::from(number));
    }
    if let Ok(number) = text.parse::<u64>() {
        return Ok(Value::from(number));
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Value::from(number)),
        _ => Err(Unfit::OutOfRange),
    }
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (
            mantissa,
            Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        ),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_of_yaml_1_1_and_dates_remain_strings() {
        for text in [
            "no",
            "on",
            "yes",
            "off",
            "y",
            "N",
            "4XX",
            "2023-02-20",
            "1_000",
            "12:30",
            "1.2.3",
            "0x",
            "0o8",
            "-",
            ".",
            "+",
            "1e",
            "-0x1",
            "tRue",
        ] {
            assert_eq!(resolve(text), Ok(json!(text)));
        }
    }

    #[test]
    fn numbers_keep_what_json_can_hold() {
        for (text, value) in [
            ("200", json!(200)),
            ("+7", json!(7)),
            ("007", json!(7)),
            ("-9223372036854775808", json!(i64::MIN)),
            ("18446744073709551615", json!(u64::MAX)),
            ("0.1", json!(0.1)),
            (".5", json!(0.5)),
            ("3.", json!(3.0)),
            ("12e3", json!(12000.0)),
            ("0x1F", json!(31)),
            ("0o17", json!(15)),
        ] {
            assert_eq!(resolve(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn numbers_that_json_does_not_have_are_refused() {
        for text in [".inf", "-.INF", ".nan"] {
            assert_eq!(resolve(text), Err(Unfit::NotFinite), "{text}");
        }
        for text in ["1e400", "0x1ffffffffffffffff"] {
            assert_eq!(resolve(text), Err(Unfit::OutOfRange), "{text}");
        }
    }
}
