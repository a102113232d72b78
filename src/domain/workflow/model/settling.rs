//! What the service does with signatures whose evidence was late.

use chrono::{DateTime, Utc};

use super::Model;
use super::people::{Paper, asking};
use super::service::Found;
use super::world::{Certificate, Held, Row, World};
use crate::domain::{Act, Actor, Answer, Application, Purpose, State};

impl Model {
    /// What waits for its evidence is looked at again.
    pub(super) fn settle(
        &self,
        world: &World,
        row: &Row,
        place: usize,
        found: Found,
    ) -> Option<Held> {
        let application = &*row.application.0;
        let purpose = pending(application)?;
        // The evidence of a certificate that was revoked before speaks against it.
        let void = purpose
            .consent()
            .is_some_and(|id| world.certificates[asking(id).who] == Certificate::Backdated);
        let time = self.papers.time_of(since(application, purpose));
        let act = match (purpose, found) {
            (_, Found::CountsNot) => Act::Discard(purpose),
            (_, Found::Counts) if void => return None,
            (Purpose::Consent(id), Found::Counts) => {
                let signed = self.papers.signed(Paper::Consent(id), time);
                match application.removal_with(id) {
                    Some(_) => Act::Confirm(id, signed, self.removers(world, application)),
                    None => Act::Consent(id, signed),
                }
            }
            (_, Found::Counts) => {
                let paper = Paper::Application(place, row.signed);
                Act::Sign(self.papers.signed(paper, time))
            }
        };
        let step = self.step(world, row, &Actor::Clock, act)?;
        Some(self.held(world, row, place, step))
    }
}

/// When the signature came that waits for its evidence.
fn since(application: &Application, purpose: Purpose) -> DateTime<Utc> {
    let consent = purpose.consent().and_then(|id| application.consent(id));
    match consent.map(|consent| consent.answer) {
        Some(Answer::Pending(since)) => since,
        _ => application.changed_at,
    }
}

/// The signature that waits for its evidence, the first if there are several.
pub(super) fn pending(application: &Application) -> Option<Purpose> {
    if application.state == State::PendingEvidence {
        return Some(Purpose::Application);
    }
    let mut all = application.all_consents();
    let waiting = all.find(|one| one.answer.is_pending())?;
    let purpose = Purpose::Consent(waiting.id);
    application.is_pending(purpose).then_some(purpose)
}
