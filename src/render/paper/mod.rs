//! The certificate of a registration: one sheet for people, with a code by which
//! anybody can ask whether it still stands, and the evidence attached for those who
//! check it themselves.
//!
//! A pure function of what is given. The law knows no form of such a paper: the
//! title is that of the address certificate, the terms are those of the service's
//! rules (order of the Minister of Internal Affairs 30.03.2020 No 267, annex 5).

use chrono::{DateTime, Utc};
use krilla::error::KrillaError;
use qrcode::types::QrError;

use crate::domain::{Application, Language, Registration, VerificationCode};

mod content;
mod face;
mod layout;
mod matrix;
mod press;
mod words;

use content::Content;
pub use content::{Told, Tone, told};

/// What a certificate is made of.
#[derive(Clone, Copy, Debug)]
pub struct Certificate<'a> {
    /// The application that led to the registration.
    pub application: &'a Application,
    /// The registration that is certified.
    pub registration: &'a Registration,
    /// By what anybody asks whether it still stands.
    pub code: &'a VerificationCode,
    /// The address of the service, as browsers name it.
    pub origin: &'a str,
    /// In which language.
    pub language: Language,
    /// When it is issued.
    pub issued_at: DateTime<Utc>,
}

/// Why no file could be made.
#[derive(Debug, thiserror::Error)]
pub enum Unprintable {
    /// One of the two fonts is no font.
    #[error("a font of the certificate cannot be used")]
    Font,
    /// The address of the page that tells the state makes no QR code.
    #[error("the address of the certificate's page makes no code")]
    Code(#[from] QrError),
    /// Something has no place on a sheet.
    #[error("a part of the certificate has no place")]
    Place,
    /// No file satisfies both standards at once.
    #[error("the standards of the certificate exclude one another")]
    Standard,
    /// The file does not satisfy PDF/A-3b (ISO 19005-3) and PDF/UA-1 (ISO 14289-1).
    #[error("the certificate cannot be written: {0}")]
    File(#[from] KrillaError),
}

/// The certificate as PDF/A-3b (ISO 19005-3), tagged as PDF/UA-1 (ISO 14289-1)
/// wants it, with the package of evidence attached. What is given makes the same
/// octets each time.
///
/// # Errors
/// [`Unprintable`], which no registration leads to whose names and address are
/// plain ([`crate::domain::is_plain`]).
pub fn certificate(
    certificate: &Certificate<'_>,
    evidence: Vec<u8>,
) -> Result<Vec<u8>, Unprintable> {
    let content = Content::of(certificate, press::EVIDENCE);
    let faces = face::Faces::open()?;
    let pages = layout::pages(&content, &faces)?;
    press::print(&content, &pages, &faces, evidence)
}

#[cfg(test)]
mod tests;
