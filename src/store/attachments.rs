//! What operators of service centres scanned.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::attachments;
use super::{Connection, Error, iin, word};
use crate::domain::attachment::{Attached, Attachment, AttachmentId, MediaType};
use crate::domain::{Application, ApplicationId};
use crate::eds::Digest;

#[derive(Queryable, Selectable)]
#[diesel(table_name = attachments)]
struct Row {
    id: Uuid,
    application_id: Uuid,
    edition: i32,
    kind: String,
    media_type: String,
    sha256: Vec<u8>,
    size: i32,
    name: String,
    added_by: String,
    added_at: DateTime<Utc>,
}

/// Writes an attachment.
///
/// # Errors
/// [`Error::Statement`] when the database refuses.
pub async fn insert(
    connection: &mut Connection,
    attachment: &Attachment,
    octets: &[u8],
) -> Result<(), Error> {
    let kind: &'static str = attachment.what.kind.into();
    let media_type: &'static str = attachment.what.media_type.into();
    let size = i32::try_from(attachment.size).map_err(|_| Error::Corrupt("size"))?;
    diesel::insert_into(attachments::table)
        .values((
            attachments::id.eq(attachment.id.uuid()),
            attachments::application_id.eq(attachment.application.uuid()),
            attachments::edition.eq(attachment.edition),
            attachments::kind.eq(kind),
            attachments::media_type.eq(media_type),
            attachments::sha256.eq(attachment.what.sha256.as_bytes().as_slice()),
            attachments::size.eq(size),
            attachments::octets.eq(octets),
            attachments::name.eq(&attachment.name),
            attachments::added_by.eq(attachment.added_by.as_str()),
            attachments::added_at.eq(attachment.added_at),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// The attachments of an application, oldest first, without their octets.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no attachment.
pub async fn of(
    connection: &mut Connection,
    application: ApplicationId,
) -> Result<Vec<Attachment>, Error> {
    let rows: Vec<Row> = attachments::table
        .filter(attachments::application_id.eq(application.uuid()))
        .filter(attachments::removed_at.is_null())
        .order(attachments::id)
        .select(Row::as_select())
        .load(connection)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// The octets of the attachments of an application, oldest first.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no attachment.
pub async fn octets_of(
    connection: &mut Connection,
    application: ApplicationId,
) -> Result<Vec<(MediaType, Vec<u8>)>, Error> {
    let rows: Vec<(String, Vec<u8>)> = attachments::table
        .filter(attachments::application_id.eq(application.uuid()))
        .filter(attachments::removed_at.is_null())
        .order(attachments::id)
        .select((attachments::media_type, attachments::octets))
        .load(connection)
        .await?;
    let read = |(media_type, octets): (String, _)| Ok((word(&media_type, "media type")?, octets));
    rows.into_iter().map(read).collect()
}

/// One attachment of an application, with its octets.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no attachment.
pub async fn find(
    connection: &mut Connection,
    application: ApplicationId,
    id: AttachmentId,
) -> Result<Option<(Attachment, Vec<u8>)>, Error> {
    let found: Option<(Row, Vec<u8>)> = attachments::table
        .find(id.uuid())
        .filter(attachments::application_id.eq(application.uuid()))
        .filter(attachments::removed_at.is_null())
        .select((Row::as_select(), attachments::octets))
        .first(connection)
        .await
        .optional()?;
    found
        .map(|(row, octets)| Ok((row.read()?, octets)))
        .transpose()
}

/// Takes an attachment away: for good, unless an earlier edition names it, which
/// was signed perhaps.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn remove(
    connection: &mut Connection,
    application: &Application,
    id: AttachmentId,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let place = attachments::table
        .find(id.uuid())
        .filter(attachments::application_id.eq(application.id.uuid()))
        .filter(attachments::removed_at.is_null());
    let own = place.filter(attachments::edition.eq(application.edition));
    let removed = diesel::delete(own).execute(connection).await?;
    let marked = diesel::update(place)
        .set(attachments::removed_at.eq(now))
        .execute(connection)
        .await?;
    Ok(removed + marked > 0)
}

/// Takes all attachments away from an application: for good, unless an operator
/// has attested to them, who signed for them perhaps.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn remove_all(
    connection: &mut Connection,
    application: &Application,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let all = attachments::table
        .filter(attachments::application_id.eq(application.id.uuid()))
        .filter(attachments::removed_at.is_null());
    if application.attestation.is_none() {
        let own = all.filter(attachments::edition.eq(application.edition));
        diesel::delete(own).execute(connection).await?;
    }
    diesel::update(all)
        .set(attachments::removed_at.eq(now))
        .execute(connection)
        .await?;
    Ok(())
}

impl Row {
    fn read(self) -> Result<Attachment, Error> {
        let sha256 = <[u8; 32]>::try_from(self.sha256);
        let sha256 = sha256.map_err(|_| Error::Corrupt("attachment digest"))?;
        Ok(Attachment {
            id: AttachmentId::new(self.id),
            application: ApplicationId::new(self.application_id),
            edition: self.edition,
            what: Attached {
                kind: word(&self.kind, "attachment kind")?,
                media_type: word(&self.media_type, "media type")?,
                sha256: Digest::from(sha256),
            },
            size: usize::try_from(self.size).map_err(|_| Error::Corrupt("size"))?,
            name: self.name,
            added_by: iin(&self.added_by)?,
            added_at: self.added_at,
        })
    }
}
