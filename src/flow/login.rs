//! A person shows who they are by signing a challenge.

use std::fmt::Write;

use secrecy::{ExposeSecret, SecretString};

use super::proof::Case;
use super::transaction::transaction;
use super::{Error, House, Session};
use crate::domain::{Actor, Document, DocumentId, Language, Office, Purpose};
use crate::eds::{Bin, Digest, Names, Signer};
use crate::render;
use crate::store::{challenges, sessions};

/// A session is noted as used at most this often, so that reading costs no write.
const TOUCH: chrono::TimeDelta = chrono::TimeDelta::minutes(1);

/// A session and the token that opens it. The token is shown once.
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// 256 random bits in hexadecimal.
    pub token: SecretString,
}

impl House {
    /// Issues a challenge: good once, for a short time, and for nothing else.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn challenge(&self, language: Language) -> Result<Document, Error> {
        let now = self.now();
        let issue = render::document::Issue {
            language,
            nonce: self.nonce()?,
            issued_at: now,
            expires_at: now + self.settings.challenge_window,
        };
        let challenge = Document {
            id: self.id(now)?,
            purpose: Purpose::Login,
            signatory: None,
            language,
            bytes: render::document::login(&self.settings.origin, &issue)?,
            nonce: issue.nonce,
            issued_at: issue.issued_at,
            expires_at: issue.expires_at,
        };
        let mut connection = self.pool.take().await?;
        challenges::insert(&mut connection, &challenge).await?;
        Ok(challenge)
    }

    /// Takes the signed challenge and opens a session.
    ///
    /// # Errors
    /// [`Error::ChallengeSpent`] when it is unknown, used or expired;
    /// [`Error::Signature`] or [`Error::Misplaced`] when the signature does not
    /// count.
    pub async fn sign_in(&self, challenge: DocumentId, cms: &[u8]) -> Result<SignedIn, Error> {
        let case = self.login_case(challenge, cms).await?;
        let case = self.gathered(case).await?;
        let proof = self.judge(case).await?.map_err(Error::Signature)?;
        let signed_in = self.new_session(proof.signer())?;
        let mut connection = self.pool.take().await?;
        self.take_up(&mut connection, &signed_in.session.actor())
            .await?;
        transaction(&mut connection, async |connection| {
            if !challenges::use_up(connection, challenge, self.now()).await? {
                return Err(Error::ChallengeSpent);
            }
            let token = token_digest(signed_in.token.expose_secret());
            sessions::insert(connection, &signed_in.session, &token).await?;
            Ok(())
        })
        .await?;
        Ok(signed_in)
    }

    async fn login_case(&self, challenge: DocumentId, cms: &[u8]) -> Result<Case, Error> {
        let mut connection = self.pool.take().await?;
        let document = challenges::unused(&mut connection, challenge)
            .await?
            .filter(|challenge| self.now() <= challenge.expires_at)
            .ok_or(Error::ChallengeSpent)?;
        let policy = &self.settings.login_policy;
        let (document, received) = self
            .take_receipt(
                &mut connection,
                cms,
                (None, Purpose::Login, vec![document]),
                policy,
            )
            .await?;
        Ok(Case::new(cms, document, policy, received.received_at()))
    }

    /// The session that a token opens. To ask is to use it.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`] when there is none, or it is over.
    pub async fn session(&self, token: &str) -> Result<Session, Error> {
        let session = self.session_unused(token).await?;
        let now = self.now();
        if now - session.seen_at >= TOUCH {
            let mut connection = self.pool.take().await?;
            sessions::touch(&mut connection, session.id, now).await?;
        }
        Ok(session)
    }

    /// The same for what a page asks by itself: it keeps no session alive that its
    /// person has left.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`] when there is none, or it is over.
    pub async fn session_unused(&self, token: &str) -> Result<Session, Error> {
        let mut connection = self.pool.take().await?;
        let (digest, idle) = (token_digest(token), self.settings.session_idle);
        let session = sessions::find(&mut connection, &digest, idle, self.now()).await?;
        session.ok_or(Error::NotSignedIn)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn sign_out(&self, session: &Session) -> Result<(), Error> {
        let mut connection = self.pool.take().await?;
        Ok(sessions::end(&mut connection, session.id, self.now()).await?)
    }

    fn new_session(&self, signer: &Signer) -> Result<SignedIn, Error> {
        let now = self.now();
        let session = Session {
            id: self.uuid(now)?,
            iin: signer.iin().ok_or(Error::NotSignedIn)?.clone(),
            name: full_name(signer.names()),
            organisation: organisation(signer)?,
            created_at: now,
            seen_at: now,
            expires_at: now + self.settings.session_length,
        };
        let mut token = String::new();
        for byte in self.random_bytes::<32>()? {
            // Writing to a string cannot fail.
            let _ = write!(token, "{byte:02x}");
        }
        Ok(SignedIn {
            session,
            token: SecretString::from(token),
        })
    }
}

/// The organisation for which the person may act; an information system acts for
/// nobody.
fn organisation(signer: &Signer) -> Result<Option<(Bin, Office)>, Error> {
    match Actor::of(signer).ok_or(Error::NotSignedIn)? {
        Actor::Person(_) | Actor::Clock | Actor::Register => Ok(None),
        Actor::Member(member) => Ok(Some((member.bin, member.office))),
    }
}

/// Surname and given name stand together in the common name, the patronymic
/// apart (certificate profile of the national authority).
fn full_name(names: &Names) -> String {
    match names.patronymic() {
        Some(patronymic) => format!("{} {patronymic}", names.common()),
        None => names.common().to_owned(),
    }
}

fn token_digest(token: &str) -> Digest {
    Digest::of(token.as_bytes())
}
