//! An owner's invitation to apply. It opens a door and decides nothing: who is
//! invited applies as everybody does, and the owners' consents are still needed.

use chrono::{DateTime, Utc};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::notice::{Facts, Notice, Topic};
use super::{
    Actor, Address, Application, ApplicationId, Holder, InvitationId, Rka, Signatory, Term,
};
use crate::eds::Iin;

/// An invitation to apply for a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its identifier.
    pub id: InvitationId,
    /// The owner in whose name it was written.
    pub by: Holder,
    /// The person who wrote it.
    pub author: Iin,
    /// The code of the address.
    pub rka: Rka,
    /// The address as it was then.
    pub address: Address,
    /// Who is invited.
    pub resident: Iin,
    /// For which days.
    pub term: Term,
    /// Where it stands.
    pub stage: Stage,
    /// The application that came of it.
    pub application: Option<ApplicationId>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// The last moment at which it can be used.
    pub expires_at: DateTime<Utc>,
    /// When it came to its end.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Where an invitation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Stage {
    /// It can be used.
    Open,
    /// An application was drafted from it. Final.
    Used,
    /// The owner took it back. Final.
    Cancelled,
    /// The person who is invited said no. Final.
    Declined,
    /// Nobody used it in time. Final.
    Expired,
}

/// What somebody does to an invitation.
#[derive(Clone, Copy, Debug)]
pub enum Call<'a> {
    /// The person who is invited drafts this application.
    Use(&'a Application),
    /// The owner takes it back.
    Cancel,
    /// The person who is invited says no.
    Decline,
    /// Its time is over.
    Expire,
}

/// Why an invitation does not allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Uninvited {
    /// It is somebody else's.
    #[error("the invitation is another person's")]
    NotYours,
    /// It was used, taken back, declined, or is over.
    #[error("the invitation can be used no more")]
    Over(Stage),
    /// Its time has not run out.
    #[error("the time of the invitation has not run out")]
    TooEarly,
    /// The application asks for something else.
    #[error("the application is for another person, dwelling, kind or term than the invitation")]
    SomethingElse,
}

impl Invitation {
    /// Where it stands at `now`, whether or not anybody has noticed that its time
    /// is over.
    pub fn stage_at(&self, now: DateTime<Utc>) -> Stage {
        let over = self.stage == Stage::Open && now > self.expires_at;
        if over { Stage::Expired } else { self.stage }
    }

    /// The invitation after `call` by `actor` at `now`.
    ///
    /// # Errors
    /// [`Uninvited`] for everything that the table below does not list.
    pub fn after(
        &self,
        actor: &Actor,
        call: Call<'_>,
        now: DateTime<Utc>,
    ) -> Result<Self, Uninvited> {
        match (self.stage_at(now), call) {
            (Stage::Open, Call::Use(application)) => self.used(actor, application, now),
            (Stage::Open, Call::Cancel) if self.is_by(actor) => {
                Ok(self.ended(Stage::Cancelled, now))
            }
            (Stage::Open, Call::Decline) if self.is_for(actor) => {
                Ok(self.ended(Stage::Declined, now))
            }
            (Stage::Open, Call::Expire) => Err(Uninvited::TooEarly),
            (Stage::Expired, Call::Expire) if self.stage == Stage::Open => match actor {
                Actor::Clock => Ok(self.ended(Stage::Expired, now)),
                Actor::Person(_) | Actor::Member(_) | Actor::Register => Err(Uninvited::NotYours),
            },
            (_, Call::Cancel) if !self.is_by(actor) => Err(Uninvited::NotYours),
            (_, Call::Use(_) | Call::Decline) if !self.is_for(actor) => Err(Uninvited::NotYours),
            (stage, Call::Use(_) | Call::Cancel | Call::Decline | Call::Expire) => {
                Err(Uninvited::Over(stage))
            }
        }
    }

    /// Whether the actor is the one who is invited.
    pub fn is_for(&self, actor: &Actor) -> bool {
        Signatory::Person(self.resident.clone()).admits(actor)
    }

    /// Whether the actor may speak for the owner who invites.
    pub fn is_by(&self, actor: &Actor) -> bool {
        Signatory::from(&self.by).admits(actor)
    }

    /// Who is told of where it stands now, but for the one who brought it there.
    pub fn notice(&self) -> Notice {
        let (resident, owner) = (
            Signatory::Person(self.resident.clone()),
            Signatory::from(&self.by),
        );
        let (to, topic) = match self.stage {
            Stage::Open => (resident, Topic::Invited),
            Stage::Cancelled => (resident, Topic::InvitationCancelled),
            Stage::Used => (owner, Topic::InvitationUsed),
            Stage::Declined => (owner, Topic::InvitationDeclined),
            Stage::Expired => (owner, Topic::InvitationExpired),
        };
        Notice {
            to,
            topic,
            registration: None,
            facts: self.facts(),
        }
    }

    fn facts(&self) -> Facts {
        Facts {
            applicant: String::new(),
            residents: Vec::new(),
            address: self.address.clone(),
            starts_on: self.term.from(),
            ends_on: self.term.until(),
            days: None,
            asked: 0,
            given: 0,
            until: self.expires_at,
            grounds: None,
        }
    }

    fn used(
        &self,
        actor: &Actor,
        application: &Application,
        now: DateTime<Utc>,
    ) -> Result<Self, Uninvited> {
        if !self.is_for(actor) {
            return Err(Uninvited::NotYours);
        }
        let alone = matches!(application.residents.as_slice(), [one] if one.iin == self.resident);
        let same = alone && application.rka == self.rka && application.term == self.term;
        let mut next = self.ended(Stage::Used, now);
        next.application = Some(application.id);
        same.then_some(next).ok_or(Uninvited::SomethingElse)
    }

    fn ended(&self, stage: Stage, now: DateTime<Utc>) -> Self {
        Self {
            stage,
            ended_at: Some(now),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests;
