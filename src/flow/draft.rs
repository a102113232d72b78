//! An applicant writes an application, or writes it anew.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::asking::Matter;
use super::elsewhere::are_free;
use super::ending::Mandate;
use super::see::signatory_of;
use super::{Error, House, Once, Reply, Session};
use crate::domain::register::Scope;
use crate::domain::{
    Act, Actor, Applicant, Application, ApplicationId, Capacity, Dwelling, Holder, InvitationId,
    Language, NotAPeriod, Proposal, Purpose, RegistrationId, Resident, Rka, SoleOwner, Term,
    is_plain, today,
};
use crate::eds::Iin;
use crate::store::{Connection, applications, attachments};

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// For whom the person speaks.
    pub standpoint: Standpoint,
    /// Who is to be registered; the person themselves when nobody is named.
    pub residents: Vec<Iin>,
    /// Where.
    pub rka: Rka,
    /// For which days.
    pub term: Term,
    /// Since when the residents stay there.
    pub arrived: NaiveDate,
    /// In which language it is declared.
    pub language: Language,
    /// The registration that is to go on.
    pub extends: Option<RegistrationId>,
    /// The invitation that is used; an application is written anew without one.
    pub invitation: Option<InvitationId>,
}

impl Request {
    /// Who is to be registered: these, or this person where nobody is named.
    fn residents_or(&self, own: &Iin) -> Vec<Iin> {
        match self.residents.as_slice() {
            [] => vec![own.clone()],
            named => named.to_vec(),
        }
    }
}

/// For whom somebody who has signed in speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standpoint {
    /// For themselves, and for those whose legal representative they are.
    Oneself,
    /// For the organisation whose certificate they showed.
    Administration,
    /// For people who are present at the service centre.
    Operator,
}

impl House {
    /// Drafts an application and the document that the applicant is to sign.
    ///
    /// # Errors
    /// [`Error::UnknownDwelling`], [`Error::Period`], [`Error::AlreadyRegistered`],
    /// [`Error::NotAllowed`], and the reason for which somebody cannot take part;
    /// [`Error::Invitation`] when the invitation is for something else or over.
    pub async fn draft(
        &self,
        session: &Session,
        once: &Once<'_>,
        request: Request,
    ) -> Result<Reply, Error> {
        let mut connection = self.pool.take().await?;
        if let Some(reply) = self.given(&mut connection, session, once).await? {
            return Ok(reply);
        }
        let invitation = request.invitation;
        let proposal = self.proposal(&mut connection, session, request).await?;
        let (now, rules) = (self.now(), &self.settings.rules);
        let application = Application::draft(self.id(now)?, proposal, rules, now);
        self.take_effect(&mut connection, session, once, async |connection| {
            applications::insert(connection, &application).await?;
            if let Some(id) = invitation {
                self.accept(connection, session, id, &application).await?;
            }
            self.issue_ready(connection, &application).await?;
            let step = application.clone().drafted(&session.actor());
            self.tell(connection, None, &step).await?;
            self.seen(connection, step.application).await
        })
        .await
    }

    /// Writes an application anew: it must be signed anew, and whatever was agreed
    /// to is void.
    ///
    /// # Errors
    /// Those of [`House::draft`]; [`Error::NotFound`] unless the person is the
    /// applicant; [`Error::Refused`] out of turn.
    pub async fn edit(
        &self,
        session: &Session,
        once: &Once<'_>,
        id: ApplicationId,
        request: Request,
    ) -> Result<Reply, Error> {
        let mut connection = self.pool.take().await?;
        if let Some(reply) = self.given(&mut connection, session, once).await? {
            return Ok(reply);
        }
        // Whose application it is comes first: for others it does not exist.
        let application = self.own(&mut connection, session, id).await?;
        signatory_of(&application, session, Purpose::Application)?;
        let proposal = self.proposal(&mut connection, session, request).await?;
        self.take_effect(&mut connection, session, once, async |connection| {
            let application = self.own_locked(connection, session, id).await?;
            signatory_of(&application, session, Purpose::Application)?;
            let act = Act::Edit(Box::new(proposal.clone()));
            let (actor, rules) = (session.actor(), &self.settings.rules);
            let step = application.after(&actor, act, rules, self.now())?;
            detach_others(connection, (&application, &step.application), self.now()).await?;
            // First, so that the record of the step tells of the document too.
            self.issue_ready(connection, &step.application).await?;
            let application = self.record(connection, &application, step).await?;
            self.seen(connection, application).await
        })
        .await
    }

    async fn proposal(
        &self,
        connection: &mut Connection,
        session: &Session,
        request: Request,
    ) -> Result<Proposal, Error> {
        let applicant = self.applicant(session, request.standpoint)?;
        let residents = request.residents_or(&session.iin);
        self.may_begin(connection, &request, &residents).await?;
        self.tells_nothing(connection, &applicant, &residents)
            .await?;
        let (rka, eyes) = (&request.rka, self.settings.rules.four_eyes);
        let matter = self.matter(connection, &applicant, &residents, rka, eyes);
        let Matter {
            dwelling,
            residents,
            asked,
            askers,
            ..
        } = matter.await?;
        // An operator says only later whom a limit does not count.
        if !applicant.is_operator() {
            self.has_room(connection, &dwelling, (&residents, None))
                .await?;
        }
        are_free(connection, (&residents, &asked), &request.term).await?;
        let may_not = self.settings.rules.sole_owner == SoleOwner::MayNot;
        if may_not && is_for_the_sole_owner(&applicant, &residents, &dwelling) {
            return Err(Error::SelfConsent);
        }
        readable(&applicant, &residents, &dwelling)?;
        Ok(Proposal {
            asked: self
                .question(connection, asked, (Scope::Register, &askers))
                .await?,
            applicant,
            residents,
            dwelling,
            term: request.term,
            arrived: request.arrived,
            language: request.language,
            extends: request.extends,
        })
    }

    fn applicant(&self, session: &Session, standpoint: Standpoint) -> Result<Applicant, Error> {
        let capacity = match (standpoint, session.actor()) {
            (Standpoint::Oneself, Actor::Person(_)) => Capacity::Oneself,
            (Standpoint::Administration, Actor::Member(member)) => {
                Capacity::Administration(member.bin)
            }
            (Standpoint::Operator, Actor::Member(member))
                if self.settings.centres.contains(&member.bin) =>
            {
                Capacity::Operator(member.bin)
            }
            (Standpoint::Oneself | Standpoint::Administration | Standpoint::Operator, _) => {
                return Err(Error::NotAllowed);
            }
        };
        let applicant = Applicant {
            iin: session.iin.clone(),
            name: session.name.clone(),
            capacity,
        };
        let admitted = applicant.signatory().admits(&session.actor());
        admitted.then_some(applicant).ok_or(Error::NotAllowed)
    }

    /// Whether the days may be asked for.
    async fn may_begin(
        &self,
        connection: &mut Connection,
        request: &Request,
        residents: &[Iin],
    ) -> Result<(), Error> {
        let today = today(self.now());
        if request.term.from() < request.arrived {
            return Err(NotAPeriod::BeforeArrival.into());
        }
        match request.extends {
            None => request.term.may_follow(request.arrived, today)?,
            Some(id) => {
                let before = self.to_extend(connection, id).await?;
                let same = before.rka == request.rka && residents == [before.resident];
                if !same {
                    return Err(Error::NothingToExtend);
                }
                request.term.may_extend(&before.term, today)?;
            }
        }
        Ok(())
    }

    async fn to_extend(
        &self,
        connection: &mut Connection,
        id: RegistrationId,
    ) -> Result<crate::domain::Registration, Error> {
        match super::see::registration(connection, id).await {
            Ok((_, registration)) if registration.is_active() => Ok(registration),
            Ok(_) | Err(Error::NotFound) => Err(Error::NothingToExtend),
            Err(error) => Err(error),
        }
    }

    /// An operator has nothing to sign before it is said what was seen.
    async fn issue_ready(
        &self,
        connection: &mut Connection,
        application: &Application,
    ) -> Result<(), Error> {
        if application.wants_attestation() {
            return Ok(());
        }
        self.issue_application(connection, application).await
    }

    pub(super) async fn issue_application(
        &self,
        connection: &mut Connection,
        application: &Application,
    ) -> Result<(), Error> {
        let matter = (application, Purpose::Application);
        let mandate = Mandate::Own(application.applicant.signatory());
        self.issue(connection, matter, &mandate, application.language)
            .await?;
        Ok(())
    }
}

/// Scanned papers are about people and shown to the residents: whoever comes in
/// another's place must not find theirs. Which of them are about whom nobody has
/// said yet, so all of them are attached anew.
async fn detach_others(
    connection: &mut Connection,
    (before, after): (&Application, &Application),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let people = |of: &Application| -> BTreeSet<Iin> {
        let residents = of.residents.iter();
        residents.map(|resident| resident.iin.clone()).collect()
    };
    if people(before) != people(after) {
        attachments::remove_all(connection, before, now).await?;
    }
    Ok(())
}

/// Whether the only owner of a dwelling, a person, is to be registered there online:
/// whoever applies, nobody but the owner agrees to it.
fn is_for_the_sole_owner(
    applicant: &Applicant,
    residents: &[Resident],
    dwelling: &Dwelling,
) -> bool {
    let online = match applicant.capacity {
        Capacity::Oneself | Capacity::Administration(_) => true,
        Capacity::Operator(_) => false,
    };
    let alone = |one: &Resident| dwelling.owners == [Holder::from(one.iin.clone())].into();
    online && residents.iter().any(alone)
}

/// What stands in the signed bytes must look like what it is.
fn readable(
    applicant: &Applicant,
    residents: &[Resident],
    dwelling: &Dwelling,
) -> Result<(), Error> {
    let address = &dwelling.address;
    let names = residents.iter().map(|resident| &resident.name);
    let mut all = names.chain([&applicant.name, &address.kk, &address.ru, &address.en]);
    let plain = all.all(|text| is_plain(text));
    plain.then_some(()).ok_or(Error::TextNotPlain)
}
