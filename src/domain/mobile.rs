//! A document that is signed on a phone. What the phone sends is passed on and
//! decides nothing: it counts where every other signature is taken.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Document, DocumentId, Language, MobileSigningId, Purpose};

/// How long a phone may take: long enough to find the application, to read and to
/// enter a PIN.
pub const WINDOW: TimeDelta = TimeDelta::minutes(5);

/// A document on its way to a phone, and its signature on the way back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MobileSigning {
    /// Its identifier.
    pub id: MobileSigningId,
    /// What is to be signed.
    pub subject: Subject,
    /// In which language the phone is told what it is about.
    pub language: Language,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// The last moment at which phone and page are served.
    pub expires_at: DateTime<Utc>,
    /// What the phone sent, as it was sent.
    pub signature: Option<Vec<u8>>,
}

/// What is to be signed on the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A login challenge, by whoever it is.
    Challenge(DocumentId),
    /// A document, by its signatory.
    Document(DocumentId),
}

/// Why nothing is given out or taken any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    /// Its time is over, or what was to be signed was used in another way.
    #[error("the time for signing on the phone is over")]
    Over,
    /// It was signed, and is signed once.
    #[error("it was signed on a phone before")]
    Signed,
    /// It was signed, and this is another signature.
    #[error("another signature was given on a phone before")]
    SignedOtherwise,
}

/// What becomes of a signature that a phone sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It is the first one.
    First,
    /// It is the one that is there.
    Again,
}

impl MobileSigning {
    /// Begins to have a document signed on a phone. It lasts as long as a phone may
    /// take, and never longer than the document itself.
    #[must_use]
    pub fn begin(
        id: MobileSigningId,
        document: &Document,
        language: Language,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            subject: match document.purpose {
                Purpose::Login => Subject::Challenge(document.id),
                Purpose::Application
                | Purpose::Consent(_)
                | Purpose::Leaving(_)
                | Purpose::Removal(_) => Subject::Document(document.id),
            },
            language,
            created_at: now,
            expires_at: document.expires_at.min(now + WINDOW),
            signature: None,
        }
    }

    /// Whether a phone may read what it is to sign.
    ///
    /// # Errors
    /// [`Closed::Over`] after its time, [`Closed::Signed`] once it was signed.
    pub fn shows(&self, now: DateTime<Utc>) -> Result<(), Closed> {
        self.lasts(now)?;
        match self.signature {
            None => Ok(()),
            Some(_) => Err(Closed::Signed),
        }
    }

    /// Whether this signature may be taken from a phone. A phone that heard no
    /// answer sends the same one again.
    ///
    /// # Errors
    /// [`Closed::Over`] after its time, [`Closed::SignedOtherwise`] when another one
    /// is there.
    pub fn takes(&self, signature: &[u8], now: DateTime<Utc>) -> Result<Arrival, Closed> {
        self.lasts(now)?;
        match self.signature.as_deref() {
            None => Ok(Arrival::First),
            Some(there) if there == signature => Ok(Arrival::Again),
            Some(_) => Err(Closed::SignedOtherwise),
        }
    }

    /// What the page may fetch: nothing while the phone has not signed.
    ///
    /// # Errors
    /// [`Closed::Over`] after its time.
    pub fn gives(&self, now: DateTime<Utc>) -> Result<Option<&[u8]>, Closed> {
        self.lasts(now)?;
        Ok(self.signature.as_deref())
    }

    fn lasts(&self, now: DateTime<Utc>) -> Result<(), Closed> {
        (now <= self.expires_at).then_some(()).ok_or(Closed::Over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{NONCE_LENGTH, Nonce};
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        "2026-11-01T12:00:00Z".parse().unwrap()
    }

    fn document(purpose: Purpose, lasts: TimeDelta) -> Document {
        Document {
            id: DocumentId::new(Uuid::from_u128(1)),
            purpose,
            signatory: None,
            language: Language::Kk,
            bytes: Vec::new(),
            nonce: Nonce([0; NONCE_LENGTH]),
            issued_at: now(),
            expires_at: now() + lasts,
        }
    }

    fn begun(lasts: TimeDelta) -> MobileSigning {
        let document = document(Purpose::Application, lasts);
        let id = MobileSigningId::new(Uuid::from_u128(2));
        MobileSigning::begin(id, &document, Language::Ru, now())
    }

    fn signed() -> MobileSigning {
        MobileSigning {
            signature: Some(b"one".to_vec()),
            ..begun(TimeDelta::hours(1))
        }
    }

    #[test]
    fn it_lasts_five_minutes_and_never_longer_than_the_document() {
        for (document, lasts) in [(3600, 300), (120, 120)] {
            let begun = begun(TimeDelta::seconds(document));
            let last = now() + TimeDelta::seconds(lasts);
            assert_eq!(begun.expires_at, last);
            assert_eq!(begun.shows(last), Ok(()));
            let over = last + TimeDelta::milliseconds(1);
            assert_eq!(begun.shows(over), Err(Closed::Over));
            assert_eq!(begun.takes(b"one", over), Err(Closed::Over));
            assert_eq!(begun.gives(over), Err(Closed::Over));
        }
    }

    #[test]
    fn a_challenge_is_told_from_a_document() {
        let id = MobileSigningId::new(Uuid::from_u128(2));
        let subject = |purpose| {
            let document = document(purpose, TimeDelta::seconds(120));
            MobileSigning::begin(id, &document, Language::En, now()).subject
        };
        let document = DocumentId::new(Uuid::from_u128(1));
        assert_eq!(subject(Purpose::Login), Subject::Challenge(document));
        assert_eq!(subject(Purpose::Application), Subject::Document(document));
    }

    #[test]
    fn the_first_signature_is_taken_and_no_other_after_it() {
        assert_eq!(
            begun(TimeDelta::hours(1)).takes(b"one", now()),
            Ok(Arrival::First)
        );
        assert_eq!(signed().takes(b"one", now()), Ok(Arrival::Again));
        assert_eq!(signed().takes(b"two", now()), Err(Closed::SignedOtherwise));
    }

    #[test]
    fn what_was_signed_is_shown_to_no_phone_any_more() {
        assert_eq!(signed().shows(now()), Err(Closed::Signed));
    }

    #[test]
    fn the_page_gets_nothing_until_it_is_signed_and_the_same_each_time_after() {
        assert_eq!(begun(TimeDelta::hours(1)).gives(now()), Ok(None));
        let signed = signed();
        for _ in 0..2 {
            assert_eq!(signed.gives(now()), Ok(Some(b"one".as_slice())));
        }
    }
}
