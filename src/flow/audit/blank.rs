//! What others answered is nobody else's before all are in: it is blanked in the
//! records that are shown. The hashes stay, so that the chain and the tree can
//! still be followed over such a record.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::domain::{Actor, Application, Consent};

/// Which answers somebody may read about.
pub(super) enum Sight {
    /// All: whoever applies hears of each.
    All,
    /// All but those to questions that are still open.
    AllBut(BTreeSet<Uuid>),
    /// Their own, while the application waits for the others, or ended waiting.
    Only(BTreeSet<Uuid>),
}

impl Sight {
    pub(super) fn of(application: &Application, viewer: &Actor) -> Self {
        if application.applicant.signatory().admits(viewer) {
            return Self::All;
        }
        let own = |consent: &&Consent| {
            let signatories = consent.signatories();
            signatories.iter().any(|one| one.admits(viewer))
        };
        let id = |consent: &Consent| consent.id.uuid();
        if application.registrations.is_empty() {
            return Self::Only(application.consents.iter().filter(own).map(id).collect());
        }
        let open = application.confirmations();
        Self::AllBut(open.filter(|one| !own(one)).map(id).collect())
    }

    fn takes_in(&self, consent: Uuid) -> bool {
        match self {
            Self::All => true,
            Self::AllBut(open) => !open.contains(&consent),
            Self::Only(own) => own.contains(&consent),
        }
    }

    /// The particulars of a record without what is others', and whether that is
    /// all of them.
    pub(super) fn over(&self, body: &str) -> (Value, bool) {
        let Ok(Value::Object(mut body)) = serde_json::from_str(body) else {
            return (Value::Null, false);
        };
        let whole = body.clone();
        if !self.shows(&body) {
            // With the consent goes what was said about it.
            for name in ["consent", "reason"] {
                body.remove(name);
            }
        }
        for name in ["signatures", "waiting"] {
            if let Some(Value::Array(lines)) = body.get_mut(name) {
                lines.retain(|line| line.as_object().is_some_and(|line| self.shows(line)));
            }
        }
        let all = body == whole;
        (Value::Object(body), all)
    }

    /// What is about no consent is about the application itself.
    fn shows(&self, about: &Map<String, Value>) -> bool {
        match about.get("consent") {
            None | Some(Value::Null) => true,
            Some(consent) => consent
                .as_str()
                .and_then(|text| text.parse().ok())
                .is_some_and(|consent| self.takes_in(consent)),
        }
    }
}
