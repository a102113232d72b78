//! The words of a certificate in the three languages.
//!
//! The terms are those of the service's own rules (Kazakh and Russian) and of the
//! portal (English), as in the statements that people sign.

use crate::domain::{Agreement, Ending, Kind, Language};

mod en;
mod kk;
mod ru;

/// What a line of the table is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Person,
    Number,
    Address,
    AddressCode,
    Days,
    RegisteredOn,
    Registration,
    Consent,
}

/// The phrases of one language. What a phrase is given is put into it as it is.
pub(super) trait Words {
    /// Who issues it.
    fn service(&self) -> &'static str;
    /// What it is.
    fn title(&self) -> &'static str;
    /// Of what.
    fn subject(&self, kind: Kind) -> &'static str;
    /// It stands.
    fn stands(&self) -> &'static str;
    /// It stands from a day on that is still to come.
    fn ahead(&self, from: &str) -> String;
    /// It is over since a day; of one that expired, the last day on which it stood.
    fn over(&self, how: Ending, day: &str) -> String;
    /// When that is so.
    fn as_of(&self, time: &str) -> String;
    /// What a line of the table is about.
    fn label(&self, label: Label) -> &'static str;
    /// From one day to another.
    fn days(&self, from: &str, until: &str) -> String;
    /// From a day on.
    fn since(&self, from: &str) -> String;
    /// On whose word it rests.
    fn agreed(&self, agreement: Agreement) -> String;
    /// What follows from a registration and what does not.
    fn effect(&self, kind: Kind) -> &'static str;
    /// The heading over how to check it.
    fn check(&self) -> &'static str;
    /// How to check it on a page.
    fn advice(&self, page: &str) -> String;
    /// How the code is typed.
    fn typing(&self) -> &'static str;
    /// The picture of the code, which leads to an address.
    fn picture(&self, address: &str) -> String;
    /// What is attached, in a file of this name.
    fn evidence(&self, file: &str) -> String;
    /// When it was issued.
    fn issued(&self, time: &str) -> String;
}

pub(super) fn words(language: Language) -> &'static dyn Words {
    match language {
        Language::Kk => &kk::Kazakh,
        Language::Ru => &ru::Russian,
        Language::En => &en::English,
    }
}
