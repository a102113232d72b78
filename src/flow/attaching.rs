//! An operator of a service centre attaches what was scanned, and takes it away,
//! until it is attested.

use super::proof::on_a_thread;
use super::see::signatory_of;
use super::{Error, House, Once, Reply, Session};
use crate::domain::attachment::{self, Attached, Attachment, AttachmentId, MediaType, PaperKind};
use crate::domain::{Application, ApplicationId, Purpose, Refused, State};
use crate::eds::Digest;
use crate::store::{Connection, applications, attachments};

/// A file as it came.
#[derive(Clone, Debug)]
pub struct Scan {
    /// What it is.
    pub kind: PaperKind,
    /// What it is said to be.
    pub media_type: MediaType,
    /// The name under which it is to be shown.
    pub name: String,
    /// Its octets.
    pub octets: Vec<u8>,
}

impl House {
    /// Attaches a file to a draft.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is the operator who drafted it;
    /// [`Error::Unfit`] when it cannot be an attachment; [`Error::Refused`] once
    /// it was attested what is attached.
    pub async fn attach(
        &self,
        session: &Session,
        once: &Once<'_, Attachment>,
        id: ApplicationId,
        scan: Scan,
    ) -> Result<Reply, Error> {
        let mut connection = self.pool.take().await?;
        if let Some(reply) = self.given(&mut connection, session, once).await? {
            return Ok(reply);
        }
        let application = self.own(&mut connection, session, id).await?;
        takes_attachments(&application, session)?;
        attachment::name(&scan.name)?;
        drop(connection);
        let scan = self.inspected(scan).await?;
        let mut connection = self.pool.take().await?;
        self.take_effect(&mut connection, session, once, async |connection| {
            let application = self.own_locked(connection, session, id).await?;
            takes_attachments(&application, session)?;
            let attached = attachments::of(connection, id).await?;
            attachment::has_room(&attached, scan.octets.len())?;
            let attachment = self.attachment(session, &application, &scan)?;
            attachments::insert(connection, &attachment, &scan.octets).await?;
            Ok(attachment)
        })
        .await
    }

    /// The file, once it was looked into. A hostile one takes as much memory and
    /// time as its budget allows, so only a few are looked into at once.
    async fn inspected(&self, scan: Scan) -> Result<Scan, Error> {
        let turn = self.inspections.acquire().await;
        let _turn = turn.map_err(|_| Error::CutOff)?;
        let inspected =
            on_a_thread(move || attachment::inspect(&scan.octets, scan.media_type).map(|()| scan));
        Ok(inspected.await??)
    }

    /// Takes an attachment away from a draft.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless there is one and the person is the operator;
    /// [`Error::Refused`] once it was attested.
    pub async fn detach(
        &self,
        session: &Session,
        once: &Once<'_>,
        (id, attachment): (ApplicationId, AttachmentId),
    ) -> Result<Reply, Error> {
        let mut connection = self.pool.take().await?;
        if let Some(reply) = self.given(&mut connection, session, once).await? {
            return Ok(reply);
        }
        self.take_effect(&mut connection, session, once, async |connection| {
            let application = self.own_locked(connection, session, id).await?;
            takes_attachments(&application, session)?;
            let now = self.now();
            let removed = attachments::remove(connection, &application, attachment, now).await?;
            if !removed {
                return Err(Error::NotFound);
            }
            self.seen(connection, application).await
        })
        .await
    }

    /// What is attached to an application.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is a resident or of the service centre.
    pub async fn attachments(
        &self,
        session: &Session,
        id: ApplicationId,
    ) -> Result<Vec<Attachment>, Error> {
        let mut connection = self.pool.take().await?;
        shown(&mut connection, session, id).await?;
        Ok(attachments::of(&mut connection, id).await?)
    }

    /// One attachment with its octets.
    ///
    /// # Errors
    /// As [`House::attachments`], and when there is none.
    pub async fn attached(
        &self,
        session: &Session,
        (id, attachment): (ApplicationId, AttachmentId),
    ) -> Result<(Attachment, Vec<u8>), Error> {
        let mut connection = self.pool.take().await?;
        shown(&mut connection, session, id).await?;
        let found = attachments::find(&mut connection, id, attachment).await?;
        found.ok_or(Error::NotFound)
    }

    fn attachment(
        &self,
        session: &Session,
        application: &Application,
        scan: &Scan,
    ) -> Result<Attachment, Error> {
        let now = self.now();
        Ok(Attachment {
            id: self.id(now)?,
            application: application.id,
            edition: application.edition,
            what: Attached {
                kind: scan.kind,
                media_type: scan.media_type,
                sha256: Digest::of(&scan.octets),
            },
            size: scan.octets.len(),
            name: scan.name.clone(),
            added_by: session.iin.clone(),
            added_at: now,
        })
    }
}

/// Only an operator attaches anything, and nothing more once it is attested.
fn takes_attachments(application: &Application, session: &Session) -> Result<(), Error> {
    signatory_of(application, session, Purpose::Application)?;
    if !application.applicant.is_operator() {
        return Err(Error::NotAllowed);
    }
    let open = application.state == State::Draft && application.wants_attestation();
    open.then_some(())
        .ok_or(Refused::OutOfTurn(application.state).into())
}

async fn shown(
    connection: &mut Connection,
    session: &Session,
    id: ApplicationId,
) -> Result<(), Error> {
    let application = applications::find(connection, id).await?;
    let shown = application.is_some_and(|it| it.shows_papers_to(&session.actor()));
    shown.then_some(()).ok_or(Error::NotFound)
}
