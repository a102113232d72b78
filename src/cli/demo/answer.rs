//! What the service answers, and what is demanded of it.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use super::Failure;

/// A request and its answer.
pub(super) struct Exchange {
    /// Method and path.
    pub(super) request: String,
    /// The status of the answer.
    pub(super) status: StatusCode,
    /// Its media type.
    pub(super) media_type: String,
    /// The bytes of the answer.
    pub(super) bytes: Vec<u8>,
    /// How long it took.
    pub(super) took: Duration,
}

impl Exchange {
    /// The answer as JSON; null when it is none.
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// Demands an answer with this status.
    ///
    /// # Errors
    /// [`Failure::Unexpected`] with what came instead.
    pub(super) fn expect(&self, step: &'static str, status: StatusCode) -> Result<Value, Failure> {
        if self.status == status {
            return Ok(self.json());
        }
        Err(self.unexpected(step))
    }

    /// The text at a JSON pointer of the answer.
    ///
    /// # Errors
    /// [`Failure::Unexpected`] when there is none.
    pub(super) fn text(&self, step: &'static str, pointer: &str) -> Result<String, Failure> {
        let json = self.json();
        let text = json.pointer(pointer).and_then(Value::as_str);
        text.map(str::to_owned).ok_or_else(|| Failure::Unexpected {
            step,
            answer: format!("the answer to {} has no {pointer}", self.request),
        })
    }

    fn unexpected(&self, step: &'static str) -> Failure {
        let json = self.json();
        let part = |name| json.get(name).and_then(Value::as_str).unwrap_or("-");
        let (title, detail, code) = (part("title"), part("detail"), part("code"));
        let answer = format!(
            "{} answered {}: {title}; {detail}; {code}",
            self.request, self.status
        );
        Failure::Unexpected { step, answer }
    }
}

/// Demands something of an answer.
///
/// # Errors
/// [`Failure::Unexpected`] with what is wrong.
pub(super) fn agree(step: &'static str, agrees: bool, otherwise: &str) -> Result<(), Failure> {
    if agrees {
        return Ok(());
    }
    let answer = otherwise.to_owned();
    Err(Failure::Unexpected { step, answer })
}

/// The text at a JSON pointer, or nothing.
pub(super) fn text<'a>(json: &'a Value, pointer: &str) -> &'a str {
    json.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}
