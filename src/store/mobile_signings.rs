//! What is signed on phones. Of the tokens only digests are kept.

use chrono::{DateTime, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable,
    Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::mobile_signings;
use super::{Connection, Error};
use crate::domain::mobile::{MobileSigning, Subject};
use crate::domain::{DocumentId, Language, MobileSigningId};
use crate::eds::Digest;

/// By which of its two tokens a signing is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// The one in the QR code.
    Phone(Digest),
    /// That of the page which fetches the signature.
    Page(Digest),
}

/// How many were forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Those that a phone had signed.
    pub signed: usize,
    /// Those that no phone ever signed.
    pub unsigned: usize,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = mobile_signings)]
struct Row {
    id: Uuid,
    challenge_id: Option<Uuid>,
    document_id: Option<Uuid>,
    language: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    signature: Option<Vec<u8>>,
}

/// Writes a signing that begins, under the digests of the phone's token and the page's.
///
/// # Errors
/// [`Error::Statement`] when the database refuses.
pub async fn insert(
    connection: &mut Connection,
    signing: &MobileSigning,
    (phone, page): (&Digest, &Digest),
) -> Result<(), Error> {
    diesel::insert_into(mobile_signings::table)
        .values((
            Row::from(signing),
            mobile_signings::phone_sha256.eq(phone.as_bytes().as_slice()),
            mobile_signings::page_sha256.eq(page.as_bytes().as_slice()),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// The signing with this token, over or not.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no such signing.
pub async fn find(
    connection: &mut Connection,
    token: &Token,
) -> Result<Option<MobileSigning>, Error> {
    let query = mobile_signings::table.select(Row::as_select()).into_boxed();
    let query = match token {
        Token::Phone(digest) => {
            query.filter(mobile_signings::phone_sha256.eq(digest.as_bytes().as_slice()))
        }
        Token::Page(digest) => {
            query.filter(mobile_signings::page_sha256.eq(digest.as_bytes().as_slice()))
        }
    };
    let row: Option<Row> = query.first(connection).await.optional()?;
    row.map(Row::read).transpose()
}

/// Writes down what a phone sent; `false` when something is there.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn sign(
    connection: &mut Connection,
    id: MobileSigningId,
    signature: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let unsigned = mobile_signings::table.filter(
        mobile_signings::id
            .eq(id.uuid())
            .and(mobile_signings::signature.is_null()),
    );
    let changed = diesel::update(unsigned)
        .set((
            mobile_signings::signature.eq(Some(signature)),
            mobile_signings::signed_at.eq(Some(now)),
        ))
        .execute(connection)
        .await?;
    Ok(changed == 1)
}

/// Forgets what was over before `before`.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn forget(
    connection: &mut Connection,
    before: DateTime<Utc>,
) -> Result<Forgotten, Error> {
    let over = mobile_signings::table.filter(mobile_signings::expires_at.lt(before));
    let forgotten: Vec<Option<DateTime<Utc>>> = diesel::delete(over)
        .returning(mobile_signings::signed_at)
        .get_results(connection)
        .await?;
    let signed = forgotten.iter().flatten().count();
    Ok(Forgotten {
        signed,
        unsigned: forgotten.len() - signed,
    })
}

impl From<&MobileSigning> for Row {
    fn from(signing: &MobileSigning) -> Self {
        let (challenge, document) = match signing.subject {
            Subject::Challenge(id) => (Some(id.uuid()), None),
            Subject::Document(id) => (None, Some(id.uuid())),
        };
        Self {
            id: signing.id.uuid(),
            challenge_id: challenge,
            document_id: document,
            language: signing.language.code().to_owned(),
            created_at: signing.created_at,
            expires_at: signing.expires_at,
            signature: signing.signature.clone(),
        }
    }
}

impl Row {
    fn read(self) -> Result<MobileSigning, Error> {
        let subject = match (self.challenge_id, self.document_id) {
            (Some(id), None) => Subject::Challenge(DocumentId::new(id)),
            (None, Some(id)) => Subject::Document(DocumentId::new(id)),
            (Some(_), Some(_)) | (None, None) => return Err(Error::Corrupt("subject")),
        };
        Ok(MobileSigning {
            id: MobileSigningId::new(self.id),
            subject,
            language: Language::parse(&self.language).map_err(|_| Error::Corrupt("language"))?,
            created_at: self.created_at,
            expires_at: self.expires_at,
            signature: self.signature,
        })
    }
}
