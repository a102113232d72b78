//! Signing on a phone beside the page: the phone gets the document by one token,
//! the page fetches the signature by another, and hands it in as it would any
//! signature. What passes through here decides nothing
//! (`docs/decisions/0014-mobile-signatures-are-relayed.md`).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::proof::on_a_thread;
use super::{Error, House, Session};
use crate::domain::mobile::{Arrival, Closed, MobileSigning, Subject};
use crate::domain::{Document, DocumentId, Language};
use crate::eds::{Digest, signature_value, unarmoured};
use crate::render::mobile::{self as words, Call, Shown};
use crate::store::mobile_signings::{Forgotten, Token};
use crate::store::{self, Connection, challenges, documents, mobile_signings};

/// Octets of randomness in a token: 256 bits, so that none is ever guessed.
const TOKEN: usize = 32;

/// A signing that has begun. The token is told once.
pub struct Begun {
    /// How the phone is called.
    pub call: Call,
    /// By what the page fetches the signature.
    pub token: SecretString,
    /// The last moment at which phone and page are served.
    pub expires_at: DateTime<Utc>,
}

/// What a phone is told.
#[derive(Clone, Debug)]
pub struct Introduced {
    /// What it is about.
    pub description: String,
    /// Where the document is.
    pub address: String,
    /// The last moment at which it is there.
    pub expires_at: DateTime<Utc>,
}

impl House {
    /// Begins to have a document signed on a phone: one that was issued to the
    /// person who is signed in, or a login challenge that nobody has used.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless there is such a document and the person is one to
    /// sign it; [`Error::NotSignedIn`] when nobody is signed in and it is no
    /// challenge; [`Error::Mobile`] when its time is over.
    pub async fn begin_on_phone(
        &self,
        session: Option<&Session>,
        document: DocumentId,
        language: Language,
    ) -> Result<Begun, Error> {
        let now = self.now();
        let mut connection = self.pool.take().await?;
        let document = signable(&mut connection, session, document).await?;
        if now > document.expires_at {
            return Err(Closed::Over.into());
        }
        let signing = MobileSigning::begin(self.id(now)?, &document, language, now);
        let (phone, page) = (self.token()?, self.token()?);
        let call = words::call(&self.phone_address(phone.expose_secret()))?;
        let digests = (
            &digest(phone.expose_secret()),
            &digest(page.expose_secret()),
        );
        mobile_signings::insert(&mut connection, &signing, digests).await?;
        tally("begun", 1);
        Ok(Begun {
            call,
            token: page,
            expires_at: signing.expires_at,
        })
    }

    /// What a phone with this token is to sign, and where it finds it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a token that was never given out, [`Error::Mobile`]
    /// when it was used or its time is over.
    pub async fn introduce_to_phone(&self, token: &str) -> Result<Introduced, Error> {
        let (signing, shown) = self.open_on_phone(token).await?;
        let origin = &self.settings.origin;
        Ok(Introduced {
            description: words::description(&shown.1, origin, signing.language),
            address: format!("{}/documents", self.phone_address(token)),
            expires_at: signing.expires_at,
        })
    }

    /// The document that a phone with this token is to sign.
    ///
    /// # Errors
    /// As [`House::introduce_to_phone`].
    pub async fn show_on_phone(&self, token: &str) -> Result<(Document, Shown), Error> {
        Ok(self.open_on_phone(token).await?.1)
    }

    /// Keeps what a phone signed until the page fetches it. It is looked at for its
    /// shape alone: whether it counts is told where the page hands it in.
    ///
    /// # Errors
    /// [`Error::NoSignature`] when it is no CMS with one signature; otherwise as
    /// [`House::introduce_to_phone`], but that the same signature may come again.
    pub async fn take_from_phone(&self, token: &str, signature: &str) -> Result<(), Error> {
        let (now, token) = (self.now(), Token::Phone(digest(token)));
        let mut connection = self.pool.take().await?;
        let signing = found(&mut connection, &token).await?;
        let Some(signature) = read(signature.to_owned()).await? else {
            tally("malformed", 1);
            return Err(Error::NoSignature);
        };
        if signing.takes(&signature, now)? == Arrival::First {
            if mobile_signings::sign(&mut connection, signing.id, &signature, now).await? {
                tally("signed", 1);
            } else {
                // Another phone, or this one, was faster.
                found(&mut connection, &token)
                    .await?
                    .takes(&signature, now)?;
            }
        }
        Ok(())
    }

    /// What the phone signed, to the page with this token: nothing while it has not.
    /// It may be fetched again until its time is over, for a page that sleeps
    /// behind the application on the same phone loses answers.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a token that was never given out, [`Error::Mobile`]
    /// when its time is over.
    pub async fn fetch_for_page(&self, token: &str) -> Result<Option<Vec<u8>>, Error> {
        let mut connection = self.pool.take().await?;
        let signing = found(&mut connection, &Token::Page(digest(token))).await?;
        let signature = signing.gives(self.now())?.map(<[u8]>::to_vec);
        tally("fetched", usize::from(signature.is_some()));
        Ok(signature)
    }

    /// A signing that waits for a phone, and what is to be signed.
    async fn open_on_phone(
        &self,
        token: &str,
    ) -> Result<(MobileSigning, (Document, Shown)), Error> {
        let mut connection = self.pool.take().await?;
        let signing = found(&mut connection, &Token::Phone(digest(token))).await?;
        signing.shows(self.now())?;
        let document = match signing.subject {
            Subject::Challenge(id) => challenges::unused(&mut connection, id).await?,
            Subject::Document(id) => documents::find(&mut connection, id).await?,
        };
        // A challenge that was answered in another way in the meantime.
        let document = document.ok_or(Closed::Over)?;
        let shown = words::shown(&document).ok_or(store::Error::Corrupt("document"))?;
        Ok((signing, (document, shown)))
    }

    fn phone_address(&self, token: &str) -> String {
        format!("{}/api/v1/mobile/{token}", self.settings.origin)
    }

    fn token(&self) -> Result<SecretString, Error> {
        let octets = self.random_bytes::<TOKEN>()?;
        Ok(SecretString::from(URL_SAFE_NO_PAD.encode(octets)))
    }
}

/// The challenge, or the document that was issued to this person.
async fn signable(
    connection: &mut Connection,
    session: Option<&Session>,
    id: DocumentId,
) -> Result<Document, Error> {
    if let Some(challenge) = challenges::unused(connection, id).await? {
        return Ok(challenge);
    }
    let actor = session.ok_or(Error::NotSignedIn)?.actor();
    let document = documents::find(connection, id).await?;
    let own = document.filter(|document| {
        let signatory = document.signatory.as_ref();
        signatory.is_some_and(|signatory| signatory.admits(&actor))
    });
    own.ok_or(Error::NotFound)
}

async fn found(connection: &mut Connection, token: &Token) -> Result<MobileSigning, Error> {
    let signing = mobile_signings::find(connection, token).await?;
    signing.ok_or(Error::NotFound)
}

/// The octets of a CMS with one signature, from base64 or PEM.
async fn read(text: String) -> Result<Option<Vec<u8>>, Error> {
    on_a_thread(move || {
        let octets = unarmoured(text.as_bytes()).ok()?;
        signature_value(&octets).ok()?;
        Some(octets.into_owned())
    })
    .await
}

/// Counts what is forgotten without ever having been signed.
pub(super) fn count_forgotten(forgotten: Forgotten) {
    tally("expired", forgotten.unsigned);
}

fn tally(outcome: &'static str, count: usize) {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    metrics::counter!("kelisim_mobile_signings_total", "outcome" => outcome).increment(count);
}

fn digest(token: &str) -> Digest {
    Digest::of(token.as_bytes())
}
