//! Notices in English.

use super::Told;
use crate::domain::Grounds;
use crate::domain::notice::Topic;

pub(super) fn about(told: &Told<'_>) -> String {
    let address = format!("Address: {}.", told.address);
    match told.residents.is_empty() {
        true => address,
        false => format!("It concerns: {}. {address}", told.residents),
    }
}

pub(super) fn happened(topic: Topic, told: &Told<'_>) -> String {
    let (applicant, until) = (told.applicant, &told.until);
    let (given, asked) = (told.facts.given, told.facts.asked);
    match topic {
        Topic::Asked => format!(
            "{applicant} asks for your consent to a registration. Answer by {until} (Kazakhstan \
             time)."
        ),
        Topic::AskedAnew => format!(
            "Your consent to a registration is asked for anew: your earlier answer is void. Answer \
             by {until} (Kazakhstan time)."
        ),
        Topic::Named => format!(
            "An application was made by which you too are to be registered. Applicant: {applicant}."
        ),
        Topic::Edited => {
            "The application is being changed: earlier consents are void. If yours is \
                          needed, you will be asked anew."
                .to_owned()
        }
        Topic::NoLongerAsked => {
            "Your consent is no longer needed: by the register others give it.".to_owned()
        }
        Topic::OwnersChanged => format!(
            "By the register others give their consent than before. They have been asked; answers \
             are awaited until {until} (Kazakhstan time)."
        ),
        Topic::EvidenceAwaited => "Your signature was received. It will count once the evidence \
                                   about its certificate has come; do not sign again."
            .to_owned(),
        Topic::SignatureCounts => {
            "The evidence about its certificate has come: your signature counts.".to_owned()
        }
        Topic::SignatureRefused if told.over => {
            "Your signature does not count: the evidence about its certificate did not come or \
             speaks against it. The time to sign is over; the application can be made anew."
                .to_owned()
        }
        Topic::SignatureRefused => format!(
            "Your signature does not count: the evidence about its certificate did not come or \
             speaks against it. Sign again by {until} (Kazakhstan time)."
        ),
        Topic::SomeConsented => format!("Consents received: {given} of {asked}."),
        Topic::AllConsented => "Everybody who was asked has consented. The registration will be \
                                made; nothing is asked of you."
            .to_owned(),
        Topic::Declined => {
            "One of those who were asked did not consent. The application is closed.".to_owned()
        }
        Topic::TakenBack => {
            "A consent was taken back before the registration. The application is closed."
                .to_owned()
        }
        Topic::AnswerDue => format!(
            "Your answer to a request for consent is still awaited. Answer by {until} (Kazakhstan \
             time)."
        ),
        Topic::AnswersMissing => format!(
            "Not everybody has answered yet. Consents received: {given} of {asked}; answers are \
             awaited until {until} (Kazakhstan time)."
        ),
        Topic::SignatureDue => format!(
            "Your application is drafted and not signed yet. Sign it by {until} (Kazakhstan time); \
             only then is anybody asked."
        ),
        Topic::ConfirmationDue => format!(
            "Your answer to a demand to end a registration is still awaited. Answer by {until} \
             (Kazakhstan time)."
        ),
        Topic::Withdrawn => {
            "The applicant took the application back. Nothing is asked of you.".to_owned()
        }
        Topic::Lapsed => {
            "The time for an answer is over and the application is closed. It can be made anew."
                .to_owned()
        }
        Topic::Registered => registered(told),
        Topic::Refused => format!("Registration was refused: {}.", because(told.facts.grounds)),
        Topic::RemovalDemanded => format!(
            "An owner of the dwelling demands the end of a registration. The other owners answer \
             by {until} (Kazakhstan time); until then it stands."
        ),
        Topic::ConfirmationAsked => format!(
            "An owner of the dwelling demands the end of a registration and asks you to confirm \
             it. Answer by {until} (Kazakhstan time)."
        ),
        Topic::RemovalConfirmed => format!(
            "Your demand to end a registration is being confirmed. Confirmations received: {given} \
             of {asked}."
        ),
        Topic::RemovalDropped => {
            "The demand to end a registration was not confirmed. The registration stands."
                .to_owned()
        }
        Topic::RemovalWithdrawn => {
            "The demand to end a registration was taken back. The registration stands.".to_owned()
        }
        Topic::Removed => {
            "The registration was ended at the demand of the owners of the dwelling.".to_owned()
        }
        Topic::Left => {
            "The registration was ended at the wish of the registered person.".to_owned()
        }
        Topic::EndsSoon => format!(
            "The registration ends in {} {}; its last day is {}.",
            told.days,
            days(told.days),
            told.last()
        ),
        Topic::Expired => format!(
            "The registration is over; its last day was {}.",
            told.last()
        ),
        Topic::Replaced => "The registration was ended: a newer one took its place.".to_owned(),
        Topic::Annulled => {
            "The registration was annulled: the state register did not take it.".to_owned()
        }
        Topic::Discontinued => {
            "The registration was ended: the one that it continued had ended early.".to_owned()
        }
        Topic::Invited => format!(
            "An owner invites you to apply for a registration and gives you a link for it, which \
             can be used until {until} (Kazakhstan time). The invitation is no consent."
        ),
        Topic::InvitationUsed => "The person whom you invited is drafting an application by your \
                                  invitation. Your consent is asked for once it is signed."
            .to_owned(),
        Topic::InvitationExpired => {
            "Nobody used your invitation in time: it has expired.".to_owned()
        }
        Topic::InvitationCancelled => "The owner took the invitation to you back.".to_owned(),
        Topic::InvitationDeclined => "The person whom you invited declined.".to_owned(),
    }
}

fn registered(told: &Told<'_>) -> String {
    let from = &told.from;
    match &told.last {
        Some(last) => format!("The registration was made: from {from} to {last}, both included."),
        None => format!("The registration was made: from {from} on, without an end."),
    }
}

fn because(grounds: Option<Grounds>) -> &'static str {
    match grounds {
        Some(Grounds::OwnersChanged) => {
            "by the register others hold the rights to the dwelling, or nobody does any more"
        }
        Some(Grounds::SignatureVoid) => {
            "the certificate of one of the signatures had been revoked before it was made"
        }
        Some(Grounds::AlreadyRegistered) => {
            "one of those who were to be registered is already registered for these days"
        }
        Some(Grounds::NothingToExtend) => "the registration that was to go on has ended",
        Some(Grounds::Crowded) => {
            "by the limit of the city the dwelling has no room for so many people"
        }
        Some(Grounds::Over) => "the last of these days was over before it could be made",
        Some(Grounds::OwnerDead) => "an owner of the dwelling, or its tenant, has died",
        Some(Grounds::OwnerNotCapable) => {
            "an owner of the dwelling, or its tenant, cannot consent alone any more"
        }
        Some(Grounds::ResidentDead) => "somebody who was to be registered has died",
        Some(Grounds::ResidentTooYoung) => {
            "by the register somebody who was to be registered is under 14"
        }
        Some(Grounds::ResidentNotCapable) => {
            "somebody who was to be registered needs a legal representative, who did not apply for them"
        }
        Some(Grounds::PersonUnknown) => {
            "the register of people does not know somebody who is named any more"
        }
        Some(Grounds::NotInLease) => {
            "the lease of the dwelling does not name everybody any more who was to be registered"
        }
        Some(Grounds::NotALodging) => {
            "the organisation has no dormitory, hotel or the like at this address any more"
        }
        Some(Grounds::NotACentre) => {
            "the organisation that lodged it is no public service centre any more"
        }
        Some(Grounds::ConflictOfInterest) => "it has become a matter of the operator's own",
        Some(Grounds::PowerVoid) => {
            "a power of attorney by which somebody consented does not hold any more"
        }
        Some(Grounds::RepresentativeVoid) => {
            "by the register somebody is not spoken for any more by the legal representative who was present"
        }
        Some(Grounds::SelfConsent) => {
            "somebody would have consented in an owner's place to their own registration, or to that of one whom they represent"
        }
        None => "the application says why",
    }
}

fn days(count: i64) -> &'static str {
    match count {
        1 => "day",
        _ => "days",
    }
}
