//! An owner invites somebody to apply; the person drafts from the invitation.
//!
//! The code of the link is told once and kept nowhere, not even among the answers
//! that are repeated: who asks again under the same key is told of the invitation
//! without it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};

use super::see::cut;
use super::transaction::transaction;
use super::{Error, House, Job, Once, Reply, Session};
use crate::domain::{
    Actor, Application, Call, Invitation, InvitationId, Rka, Stage, Term, Uninvited, today,
};
use crate::eds::{Digest, Iin};
pub use crate::store::invitations::Side;
use crate::store::{Connection, dwellings, invitations, notices};

/// Octets of randomness in a code: 128 bits, so that none is ever guessed.
const CODE: usize = 16;

/// Whom an owner invites, and to what.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Where.
    pub rka: Rka,
    /// Whom.
    pub resident: Iin,
    /// For which days.
    pub term: Term,
}

/// The answer to an owner who invites.
pub struct Invited {
    /// The answer that is repeated.
    pub reply: Reply,
    /// The invitation and its code, where this answer made it.
    pub fresh: Option<(Invitation, SecretString)>,
}

impl House {
    /// Invites a person to apply for a registration at one's own dwelling. Whether
    /// there is such a person is not told.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person signs for an owner of today,
    /// [`Error::Period`] when nobody could apply for these days.
    pub async fn invite(
        &self,
        session: &Session,
        once: &Once<'_, Invitation>,
        offer: Offer,
    ) -> Result<Invited, Error> {
        let mut connection = self.pool.take().await?;
        if let Some(reply) = self.given(&mut connection, session, once).await? {
            return Ok(Invited { reply, fresh: None });
        }
        let invitation = self.invitation(&mut connection, session, offer).await?;
        let code = SecretString::from(URL_SAFE_NO_PAD.encode(self.random_bytes::<CODE>()?));
        let reply = self
            .take_effect(&mut connection, session, once, async |connection| {
                invitations::insert(connection, &invitation, &digest(code.expose_secret())).await?;
                self.tell_of(connection, &invitation).await?;
                Ok(invitation.clone())
            })
            .await?;
        // A copy of the request may have got there first, with another code.
        let own = reply == (once.wording)(&invitation);
        let fresh = own.then_some((invitation, code));
        Ok(Invited { reply, fresh })
    }

    /// Whether the person owns the dwelling today, or signs for who does: only an owner
    /// invites.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn may_invite(&self, session: &Session, rka: &Rka) -> Result<bool, Error> {
        let mut connection = self.pool.take().await?;
        let dwelling = dwellings::find(&mut connection, rka).await?;
        Ok(dwelling.is_some_and(|one| session.actor().is_one_of(&one.owners)))
    }

    /// Invitations to the person, or by the owners for whom they sign, newest first:
    /// those older than `before`, at most `limit` of them, and where the next page
    /// begins.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn invitations(
        &self,
        session: &Session,
        side: Side,
        (before, limit): (Option<InvitationId>, i64),
    ) -> Result<(Vec<Invitation>, Option<InvitationId>), Error> {
        let mut connection = self.pool.take().await?;
        let whose = (side, &session.actor());
        let page = (before, limit + 1);
        let mut found = invitations::list(&mut connection, whose, page).await?;
        found.iter_mut().for_each(|one| one.stage = self.stage(one));
        Ok(cut(found, limit, |last| last.id))
    }

    /// The invitation with this code, to the person who is invited; looking at it
    /// does not use it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, or it is somebody else's.
    pub async fn redeem(&self, session: &Session, code: &str) -> Result<Invitation, Error> {
        let mut connection = self.pool.take().await?;
        let found = invitations::with_code(&mut connection, &digest(code)).await?;
        let mut found = found
            .filter(|invitation| invitation.is_for(&session.actor()))
            .ok_or(Error::NotFound)?;
        found.stage = self.stage(&found);
        Ok(found)
    }

    /// An owner takes an invitation back.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person signs for the owner who invited;
    /// [`Error::Invitation`] when it was used or is over.
    pub async fn cancel_invitation(
        &self,
        session: &Session,
        once: &Once<'_, Invitation>,
        id: InvitationId,
    ) -> Result<Reply, Error> {
        self.end_invitation(session, once, (id, Call::Cancel)).await
    }

    /// Whoever is invited says no; the owner is told.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is the one who is invited;
    /// [`Error::Invitation`] when it was used, taken back, declined or is over.
    pub async fn decline_invitation(
        &self,
        session: &Session,
        once: &Once<'_, Invitation>,
        id: InvitationId,
    ) -> Result<Reply, Error> {
        self.end_invitation(session, once, (id, Call::Decline))
            .await
    }

    async fn end_invitation(
        &self,
        session: &Session,
        once: &Once<'_, Invitation>,
        (id, call): (InvitationId, Call<'_>),
    ) -> Result<Reply, Error> {
        let mut connection = self.pool.take().await?;
        self.take_effect(&mut connection, session, once, async |connection| {
            self.call(connection, (id, &session.actor()), call).await
        })
        .await
    }

    /// Lets invitations expire that nobody used, `limit` of them at a time, and says
    /// how many did. One that fails keeps no other.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails; the last one when several fail.
    pub async fn expire_invitations(&self, limit: i64) -> Result<usize, Error> {
        let due = async |connection: &mut Connection, behind| {
            invitations::overdue(connection, self.now(), behind, limit).await
        };
        let job = (Job::ExpireInvitations, limit);
        self.let_pass(job, due, async |connection, id| {
            self.expire(connection, id).await
        })
        .await
    }

    async fn expire(&self, connection: &mut Connection, id: InvitationId) -> Result<usize, Error> {
        let outcome = transaction(connection, async |connection| {
            let whose = (id, &Actor::Clock);
            self.call(connection, whose, Call::Expire).await
        });
        match outcome.await {
            Ok(_) => Ok(1),
            // Another worker did it.
            Err(Error::Invitation(_)) => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Uses an invitation for an application that is being drafted.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is the one who is invited;
    /// [`Error::Invitation`] when it was used, taken back or is over, or is for
    /// something else.
    pub(super) async fn accept(
        &self,
        connection: &mut Connection,
        session: &Session,
        id: InvitationId,
        application: &Application,
    ) -> Result<(), Error> {
        let whose = (id, &session.actor());
        let call = Call::Use(application);
        self.call(connection, whose, call).await.map(|_| ())
    }

    async fn call(
        &self,
        connection: &mut Connection,
        (id, actor): (InvitationId, &Actor),
        call: Call<'_>,
    ) -> Result<Invitation, Error> {
        let invitation = invitations::lock(connection, id).await?;
        let invitation = invitation.ok_or(Error::NotFound)?;
        let next = match invitation.after(actor, call, self.now()) {
            Ok(next) => next,
            Err(Uninvited::NotYours) => return Err(Error::NotFound),
            Err(uninvited) => return Err(Error::Invitation(uninvited)),
        };
        invitations::save(connection, &next).await?;
        self.tell_of(connection, &next).await?;
        Ok(next)
    }

    /// Who is invited is told of it, and so is the owner of what became of it:
    /// whether or not a register knows such a person, so that nobody learns that.
    async fn tell_of(
        &self,
        connection: &mut Connection,
        invitation: &Invitation,
    ) -> Result<(), Error> {
        let (now, notice) = (self.now(), invitation.notice());
        let named = (self.uuid(now)?, now);
        Ok(notices::put_of_invitation(connection, invitation.id, &notice, named).await?)
    }

    async fn invitation(
        &self,
        connection: &mut Connection,
        session: &Session,
        offer: Offer,
    ) -> Result<Invitation, Error> {
        let now = self.now();
        offer.term.may_follow(offer.term.from(), today(now))?;
        let dwelling = dwellings::find(connection, &offer.rka).await?;
        let dwelling = dwelling.ok_or(Error::NotFound)?;
        let own = session.actor().owner_among(&dwelling.owners);
        Ok(Invitation {
            id: self.id(now)?,
            by: own.ok_or(Error::NotFound)?,
            author: session.iin.clone(),
            rka: dwelling.rka,
            address: dwelling.address,
            resident: offer.resident,
            term: offer.term,
            stage: Stage::Open,
            application: None,
            created_at: now,
            expires_at: now + self.settings.rules.invitation_window,
            ended_at: None,
        })
    }

    fn stage(&self, invitation: &Invitation) -> Stage {
        invitation.stage_at(self.now())
    }
}

fn digest(code: &str) -> Digest {
    Digest::of(code.as_bytes())
}
