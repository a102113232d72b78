//! What the portal is told: identifiers and states, never a person's data.

use chrono::SecondsFormat;
use serde_json::json;

use crate::domain::{Application, Event, RegistrationId};

/// The JSON of one message, in the form of the Standard Webhooks: `type`,
/// `timestamp` and `data`.
pub fn body(
    application: &Application,
    event: &Event,
    registration: Option<RegistrationId>,
) -> String {
    let kind: &'static str = event.kind.into();
    let mut data = json!({
        "application": application.id.to_string(),
        "version": event.version,
        "state": event.state,
    });
    if let (Some(id), Some(members)) = (registration, data.as_object_mut()) {
        members.insert("registration".to_owned(), json!(id.to_string()));
    }
    json!({
        "type": format!("application.{kind}"),
        "timestamp": event.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "data": data,
    })
    .to_string()
}
