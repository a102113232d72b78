//! What a phone that is to sign shows, and how it is called: by a QR code on the
//! screen beside it, or by a link on the phone itself.

use serde::Deserialize;

pub use super::qr::TooLong;
use super::qr::{drawn, encoded};
use crate::domain::paper::{APPLICATION, CONFIRMATION, CONSENT, LEAVING, LOGIN, REMOVAL};
use crate::domain::{Document, Language};

/// A text in the three languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// In Kazakh.
    pub kk: &'static str,
    /// In Russian.
    pub ru: &'static str,
    /// In English.
    pub en: &'static str,
}

/// A document as a phone shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What it is.
    pub title: Words,
    /// What stands over the statement, in the language of the document.
    pub label: &'static str,
    /// What is declared by signing, in words.
    pub statement: String,
}

/// How a phone is called to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The QR code: an SVG image without styles, to be put into a page.
    pub qr: String,
    /// Opens eGov mobile on the phone itself.
    pub link: String,
    /// Opens eGov business on the phone itself.
    pub business_link: String,
}

/// What the signed bytes say of themselves.
#[derive(Deserialize)]
struct Head {
    purpose: String,
    statement: String,
}

impl Words {
    /// The text in one of the languages.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &'static str {
        match language {
            Language::Kk => self.kk,
            Language::Ru => self.ru,
            Language::En => self.en,
        }
    }
}

/// A document as a phone shows it; nothing for bytes that are none of ours.
#[must_use]
pub fn shown(document: &Document) -> Option<Shown> {
    let head: Head = serde_json::from_slice(&document.bytes).ok()?;
    Some(Shown {
        title: title(&head.purpose)?,
        label: STATEMENT.in_language(document.language),
        statement: head.statement,
    })
}

/// What the person is told before the document is opened: where it comes from, and
/// what it is.
#[must_use]
pub fn description(shown: &Shown, origin: &str, language: Language) -> String {
    format!("{origin}: {}", shown.title.in_language(language))
}

/// How a phone is called to an address (protocol of eGov mobile: the text of the
/// code is `mobileSign:` and the address, the links bear it percent-encoded).
///
/// # Errors
/// [`TooLong`] for an address of more than about two thousand characters.
pub fn call(address: &str) -> Result<Call, TooLong> {
    let qr = drawn(&format!("mobileSign:{address}"))?;
    let address = encoded(address);
    Ok(Call {
        qr,
        link: format!(
            "https://mgovsign.page.link/?link={address}&isi=1476128386&ibi=kz.egov.mobile\
             &apn=kz.mobile.mgov"
        ),
        business_link: format!(
            "https://egovbusiness.page.link/?link={address}&isi=1597880144\
             &ibi=kz.mobile.mgov.business&apn=kz.mobile.mgov.business"
        ),
    })
}

fn title(purpose: &str) -> Option<Words> {
    let (kk, ru, en) = match purpose {
        LOGIN => (
            "Жеке кабинетке кіру",
            "Вход в личный кабинет",
            "Signing in to the personal office",
        ),
        APPLICATION => (
            "Тіркеу туралы өтініш",
            "Заявление о регистрации",
            "Application for registration",
        ),
        CONSENT => (
            "Тіркеуге келісім",
            "Согласие на регистрацию",
            "Consent to registration",
        ),
        LEAVING => (
            "Тіркеу есебінен шығару туралы өтініш",
            "Заявление о снятии с регистрации",
            "Application for removal from registration",
        ),
        REMOVAL => (
            "Меншік иесінің тіркеу есебінен шығару туралы талабы",
            "Требование собственника о снятии с регистрации",
            "Demand of an owner for removal from registration",
        ),
        CONFIRMATION => (
            "Тіркеу есебінен шығару туралы талапты растау",
            "Подтверждение требования о снятии с регистрации",
            "Confirmation of a demand for removal from registration",
        ),
        _ => return None,
    };
    Some(Words { kk, ru, en })
}

/// What stands over the words that are signed.
const STATEMENT: Words = Words {
    kk: "Қол қойылатын мәтін",
    ru: "Что вы подписываете",
    en: "What you sign",
};

#[cfg(test)]
mod tests;
