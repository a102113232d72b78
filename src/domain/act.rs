//! What somebody does to an application, and by which rules.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::{
    Asked, Attestation, Consent, ConsentId, Delegate, FourEyes, Holder, Party, Proposal, Purpose,
    Question, Receipt, Registration, RegistrationId, Signatory, Signed,
};
use crate::eds::Iin;

/// Why somebody who is asked says no.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Deserialize,
    Serialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DeclineReason {
    /// They do not agree, and need not say why.
    NotAgreed,
    /// They do not know the person. This is reported.
    UnknownPerson,
    /// The dwelling is not theirs. This is reported.
    NotMyDwelling,
}

/// Why the service cannot register although everybody agreed.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Deserialize,
    Serialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Grounds {
    /// The dwelling belongs to nobody any more by whom it could be let.
    OwnersChanged,
    /// A signature that held when it was given holds no more: its certificate
    /// turned out to be revoked before.
    SignatureVoid,
    /// A resident already has a registration for some of these days.
    AlreadyRegistered,
    /// The registration that was to go on has ended.
    NothingToExtend,
    /// By now the dwelling has no room for so many, where a city limits it.
    Crowded,
    /// The last day was over before everything had come together.
    Over,
    /// An owner, or the tenant of state housing, has died (Civil Code, article 13).
    OwnerDead,
    /// An owner or the tenant cannot consent alone any more (Civil Code, articles 17,
    /// 26 and 27).
    OwnerNotCapable,
    /// Somebody who was to be registered has died (Civil Code, article 13).
    ResidentDead,
    /// Somebody who was to be registered is under 14 by the register (Civil Code,
    /// article 16).
    ResidentTooYoung,
    /// Somebody who was to be registered cannot act alone any more, and nobody applied
    /// for them who may (Civil Code, articles 22, 26 and 27).
    ResidentNotCapable,
    /// The register of people knows somebody no more.
    PersonUnknown,
    /// The lease of state housing does not name somebody any more.
    NotInLease,
    /// The organisation owns no lodging there any more.
    NotALodging,
    /// The organisation keeps no service centre any more.
    NotACentre,
    /// The operator has an interest of their own in it by now.
    ConflictOfInterest,
    /// The power of attorney by which somebody consented does not hold any more (Civil
    /// Code, article 170).
    PowerVoid,
    /// Whoever spoke for somebody at a service centre is not their legal representative
    /// any more.
    RepresentativeVoid,
    /// Whoever consented in an owner's place asks for it too, or acts for one who does
    /// (Civil Code, article 163).
    SelfConsent,
}

/// What the law leaves to the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How long an answer is awaited: the applicant's signature under a draft,
    /// each consent, and the service's own last step.
    pub answer_window: TimeDelta,
    /// How long evidence about a received signature is looked for before the
    /// signature is refused.
    pub evidence_window: TimeDelta,
    /// How long an owner's invitation can be used.
    pub invitation_window: TimeDelta,
    /// How long before the end of the answer window those who have not answered
    /// are reminded, the longest first.
    pub answer_reminders: Vec<TimeDelta>,
    /// How long before the end of a registration its people are reminded, the
    /// longest first.
    pub ending_reminders: Vec<TimeDelta>,
    /// Whether a second operator looks over what the first one lodges.
    pub four_eyes: FourEyes,
    /// Whether the other owners confirm that one of them ends a registration.
    pub co_owners: CoOwners,
    /// Whether the only owner of a dwelling may register there by their own
    /// application alone.
    pub sole_owner: SoleOwner,
}

/// Whether the other owners confirm that one of them ends a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoOwners {
    /// They do.
    Confirm,
    /// One owner is enough.
    NotAsked,
}

/// Whether the only owner of a dwelling may register there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoleOwner {
    /// By the application alone.
    May,
    /// Not online.
    MayNot,
}

impl Rules {
    /// Until when a signature that came at `since` is waited for.
    pub fn waits_until(&self, since: DateTime<Utc>) -> DateTime<Utc> {
        since + self.evidence_window + LAST_LOOK
    }
}

impl Default for Rules {
    /// 72 and 24 hours, 10 days for an invitation, reminders 24 and 4 hours before the deadline and 30, 7 and
    /// 1 days before the end; no public text names a deadline. Co-owners confirm
    /// a removal in their own offices, as the portal has it.
    fn default() -> Self {
        Self {
            answer_window: TimeDelta::hours(72),
            evidence_window: TimeDelta::hours(24),
            invitation_window: TimeDelta::days(10),
            answer_reminders: [24, 4].map(TimeDelta::hours).to_vec(),
            ending_reminders: [30, 7, 1].map(TimeDelta::days).to_vec(),
            four_eyes: FourEyes::Waived,
            co_owners: CoOwners::Confirm,
            sole_owner: SoleOwner::May,
        }
    }
}

/// For how long after the search for its evidence a signature is still waited for:
/// longer than the last look takes.
pub const LAST_LOOK: TimeDelta = TimeDelta::minutes(2);

/// What was found when all signatures were checked again.
#[derive(Clone, Debug)]
pub struct Recheck<'a> {
    /// Who would be asked today, by the registers.
    pub asked: &'a Asked,
    /// The applicant's signature.
    pub application: Signed<'a>,
    /// Each party's signature.
    pub consents: Vec<(ConsentId, Signed<'a>)>,
    /// A name for each resident's registration.
    pub registrations: Vec<RegistrationId>,
}

/// What somebody does to an application.
#[derive(Clone, Debug)]
pub enum Act<'a> {
    /// A signature is acknowledged whose evidence is still to come.
    Receive(Receipt<'a>),
    /// The operator of a service centre says what was seen and checked; these hold
    /// the rights to the dwelling today.
    Attest(Box<Attestation>, &'a BTreeSet<Party>),
    /// The applicant signs.
    Sign(Signed<'a>),
    /// A party consents to the registration.
    Consent(ConsentId, Signed<'a>),
    /// An owner confirms the end of a registration; these own the dwelling today.
    Confirm(ConsentId, Signed<'a>, &'a BTreeSet<Holder>),
    /// The evidence shows that the signature that was received for this purpose
    /// does not count, or there was none in time.
    Discard(Purpose),
    /// A party says no.
    Decline(ConsentId, DeclineReason),
    /// A party takes a consent back before anything follows from it.
    TakeBack(ConsentId),
    /// The applicant asks for something else.
    Edit(Box<Proposal>),
    /// The applicant takes it back.
    Withdraw,
    /// By the registers others are to be asked than those who were.
    AskAnew(Question),
    /// Those who have not signed or answered, or whose registration is about to end, are
    /// reminded.
    Remind,
    /// The time for an answer is over.
    Lapse,
    /// Everything still holds: register.
    Register(Recheck<'a>),
    /// Something holds no more: refuse.
    Refuse(Grounds),
    /// The resident ends a registration, or this person, who speaks for the resident by
    /// the register of today.
    Leave(RegistrationId, Iin, Signed<'a>),
    /// An owner demands the end of a registration, or a delegate in the owner's place, to
    /// be confirmed by these.
    Remove(RegistrationId, Demand<'a>),
    /// The owner for whom the end of a registration is demanded takes the demand back, or
    /// this delegate does, who holds the owner's power of attorney today.
    WithdrawRemoval(RegistrationId, Option<Delegate>),
    /// The time in which the other owners could confirm it is over.
    DropRemoval(RegistrationId),
    /// Others have a say today than those by whom it was demanded and who were asked to
    /// confirm it.
    VoidRemoval(RegistrationId, &'a BTreeSet<Holder>),
    /// The last day is over.
    Expire,
    /// A newer registration takes the place of this one.
    Replace(RegistrationId),
    /// The state register does not take a registration.
    Annul(RegistrationId),
    /// The registration that this one continues ended before its last day.
    Discontinue(RegistrationId, &'a Registration),
}

/// An owner's demand that a registration end.
#[derive(Clone, Debug)]
pub struct Demand<'a> {
    /// The owner, by the register of today.
    pub by: Holder,
    /// Who demands it in the owner's place, by a power of attorney that holds today.
    pub delegate: Option<Delegate>,
    /// The owner's signature, or the delegate's.
    pub signed: Signed<'a>,
    /// The other owners who are to confirm it.
    pub consents: Vec<Consent>,
}

impl Demand<'_> {
    /// Whose signature it needs.
    pub fn signatory(&self) -> Signatory {
        match &self.delegate {
            Some(delegate) => Signatory::Person(delegate.iin.clone()),
            None => Signatory::from(&self.by),
        }
    }
}
