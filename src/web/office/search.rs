//! What is looked for in the lists of the offices, and the forms that ask for it.
//!
//! Browsers send a field that was left empty as an empty text: nothing was asked by it.

use std::str::FromStr;

use serde::Deserialize;
use uuid::Uuid;

use crate::domain::{DeclineReason, Id, Kind, Rka};
use crate::flow::{office, see};
use crate::render::words::Words;
use crate::web::api::page;
use crate::web::problem::Problem;

/// The fields of all search forms, as they are sent.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sought {
    pub(super) role: String,
    text: String,
    state: String,
    standing: String,
    kind: String,
    rka: String,
    reason: String,
    from: String,
    until: String,
    cursor: String,
}

/// A search form, filled in as it was sent.
pub(super) struct Search {
    sought: Sought,
    order: Order,
    /// Its fields, in order.
    pub(super) fields: Vec<Field>,
}

/// In which order things stand in a list.
enum Order {
    /// The newest first.
    Newest,
    /// By their codes.
    Codes,
}

/// A field of a search form.
pub(super) struct Field {
    /// Its name; of one that offers words, that of these words too.
    pub(super) name: &'static str,
    /// What stands beside it.
    pub(super) label: String,
    /// What it holds.
    pub(super) value: String,
    /// What can be filled in.
    pub(super) input: Input,
}

/// What can be filled in.
pub(super) enum Input {
    /// Words.
    Words,
    /// A day.
    Day,
    /// One of these words, each with how many there are where that is known.
    OneOf(Vec<Offered>),
}

/// A word that is offered, and how many there are of it where that is known.
pub(super) type Offered = (&'static str, Option<i64>);

impl Sought {
    /// The same for somebody who looks as this.
    pub(super) fn seen_as(self, role: &str) -> Self {
        Self {
            role: role.to_owned(),
            ..self
        }
    }

    /// The words that are looked for.
    ///
    /// # Errors
    /// A problem when there are too many.
    pub(super) fn text(&self) -> Result<Option<String>, Problem> {
        page::text(given(&self.text))
    }

    /// Which applications are looked for.
    ///
    /// # Errors
    /// A problem with the first field that makes no sense.
    pub(super) fn applications(&self) -> Result<see::Filter, Problem> {
        Ok(see::Filter {
            state: page::word(given(&self.state), "there is no such state")?,
            kind: page::kind(given(&self.kind))?,
            rka: code(&self.rka)?,
            text: self.text()?,
            from: page::word(given(&self.from), NO_DAY)?,
            until: page::word(given(&self.until), NO_DAY)?,
        })
    }

    /// Which registrations are looked for.
    ///
    /// # Errors
    /// A problem with the first field that makes no sense.
    pub(super) fn registrations(&self) -> Result<office::Filter, Problem> {
        Ok(office::Filter {
            standing: page::standing(given(&self.standing))?,
            kind: page::kind(given(&self.kind))?,
            rka: code(&self.rka)?,
            text: self.text()?,
            from: page::word(given(&self.from), NO_DAY)?,
            until: page::word(given(&self.until), NO_DAY)?,
        })
    }

    /// For which reason the answers were reported that are looked for.
    ///
    /// # Errors
    /// A problem when there is no such reason.
    pub(super) fn reason(&self) -> Result<Option<DeclineReason>, Problem> {
        page::reported(given(&self.reason))
    }

    /// Where the page begins.
    ///
    /// # Errors
    /// A problem when that names nothing.
    pub(super) fn cursor<T: FromStr>(&self) -> Result<Option<T>, Problem> {
        page::word(given(&self.cursor), "there is no such page")
    }

    /// Behind which item the page begins.
    ///
    /// # Errors
    /// A problem when that names nothing.
    pub(super) fn before<T>(&self) -> Result<Option<Id<T>>, Problem> {
        Ok(self.cursor::<Uuid>()?.map(Id::new))
    }

    /// Behind which address code the page begins.
    ///
    /// # Errors
    /// A problem when that is none.
    pub(super) fn code(&self) -> Result<Option<Rka>, Problem> {
        code(&self.cursor)
    }

    fn fields(&self) -> [(&'static str, &str); 8] {
        [
            ("text", &self.text),
            ("state", &self.state),
            ("standing", &self.standing),
            ("kind", &self.kind),
            ("rka", &self.rka),
            ("reason", &self.reason),
            ("from", &self.from),
            ("until", &self.until),
        ]
    }

    fn value(&self, name: &str) -> String {
        let mut fields = self.fields().into_iter();
        let found = fields.find(|(own, _)| *own == name);
        found.map(|(_, value)| value.to_owned()).unwrap_or_default()
    }
}

impl Search {
    /// A form without fields, above a list with the newest first.
    pub(super) fn new(sought: Sought) -> Self {
        Self {
            sought,
            order: Order::Newest,
            fields: Vec::new(),
        }
    }

    /// The same above a list that is in the order of codes.
    pub(super) fn by_code(sought: Sought) -> Self {
        Self {
            order: Order::Codes,
            ..Self::new(sought)
        }
    }

    /// With a field for words.
    pub(super) fn words(self, label: String) -> Self {
        self.with("text", label, Input::Words)
    }

    /// With a field that offers these words of this name.
    pub(super) fn one_of(self, name: &'static str, label: String, options: Vec<Offered>) -> Self {
        self.with(name, label, Input::OneOf(options))
    }

    /// With a field for the kind of a registration.
    pub(super) fn kind(self, say: Words) -> Self {
        let kinds = [Kind::Temporary, Kind::Permanent].map(|kind| (kind.into(), None));
        self.one_of("kind", say.search_kind(), kinds.into())
    }

    /// With a field for the code of an address.
    pub(super) fn code(self, say: Words) -> Self {
        self.with("rka", say.search_code(), Input::Words)
    }

    /// With the fields for a period.
    pub(super) fn days(self, say: Words) -> Self {
        self.with("from", say.search_from(), Input::Day).with(
            "until",
            say.search_until(),
            Input::Day,
        )
    }

    /// As whom somebody looks.
    pub(super) fn role(&self) -> &str {
        &self.sought.role
    }

    /// Whether anything is looked for.
    pub(super) fn is_narrow(&self) -> bool {
        let mut fields = self.sought.fields().into_iter();
        fields.any(|(_, value)| given(value).is_some())
    }

    /// What stands on the next page.
    pub(super) fn further(&self, say: &Words) -> String {
        match self.order {
            Order::Newest => say.older(),
            Order::Codes => say.more(),
        }
    }

    /// What the next page has to be asked for too.
    pub(super) fn kept(&self) -> Vec<(&'static str, &str)> {
        let role = [("role", self.sought.role.as_str())];
        let all = role.into_iter().chain(self.sought.fields());
        all.filter(|(_, value)| given(value).is_some()).collect()
    }

    fn with(mut self, name: &'static str, label: String, input: Input) -> Self {
        let value = self.sought.value(name);
        self.fields.push(Field {
            name,
            label,
            value,
            input,
        });
        self
    }
}

impl Input {
    /// The words that are offered, where only these are taken.
    pub(super) fn options(&self) -> Option<&[Offered]> {
        match self {
            Self::OneOf(words) => Some(words),
            Self::Words | Self::Day => None,
        }
    }

    /// Whether it is a day.
    pub(super) fn is_day(&self) -> bool {
        matches!(self, Self::Day)
    }
}

fn code(field: &str) -> Result<Option<Rka>, Problem> {
    given(field).map(page::address_code).transpose()
}

fn given(field: &str) -> Option<&str> {
    let field = field.trim();
    (!field.is_empty()).then_some(field)
}

/// Why a day of a period is none.
const NO_DAY: &str = "a day is written as 2026-11-01";
