//! Walks over the records of each application, in order, and finds the first
//! that was changed, removed, inserted or moved.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{Author, Fault, Finding, Place, Record, beginning, commitment};
use crate::domain::ApplicationId;
use crate::eds::Digest;

/// A record as the database holds it, with what other tables say of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The record.
    pub record: Record,
    /// Its hash as it is stored.
    pub hash: Digest,
    /// What stands beside it.
    pub beside: Beside,
}

/// What other tables say of a record. Texts are as they are stored: nothing here
/// is trusted.
#[derive(Clone, Debug)]
pub struct Beside {
    /// What opens the commitment to the person, until it is erased.
    pub salt: Option<Vec<u8>>,
    /// The application, as it stands.
    pub standing: Option<Standing>,
    /// What the history has under the record's version.
    pub told: Option<Told>,
    /// The refusal that the record names.
    pub refusal: Option<Refusal>,
    /// The hash that the tree has for it.
    pub leaf: Option<Digest>,
    /// Whether it waits to be put into the tree.
    pub waits: bool,
}

/// An application as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How many steps it has made.
    pub version: i64,
    /// The number of the person who applied.
    pub applicant: String,
}

/// A line of an application's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What happened.
    pub kind: String,
    /// The state that it led to.
    pub state: String,
    /// The number of the person who acted.
    pub person: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A signature that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub code: String,
    /// The digest of what was offered.
    pub signature: Digest,
    /// The number of the person who was to sign.
    pub person: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// The walk: feed it every record, ordered by application and sequence.
#[derive(Debug, Default)]
pub struct Trails {
    last: Option<Last>,
    records: u64,
    sealed: u64,
}

/// The record before.
#[derive(Clone, Debug)]
struct Last {
    application: ApplicationId,
    sequence: i64,
    hash: Digest,
    /// The last version that a record told of.
    version: i64,
    /// The version at which the application stands.
    due: i64,
}

/// What the body of a record says that other tables say as well.
#[derive(Deserialize)]
struct Claims {
    state: Option<String>,
    code: Option<String>,
    signature: Option<String>,
}

impl Trails {
    /// How many records were looked at.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// How many of them are in the tree.
    pub fn sealed(&self) -> u64 {
        self.sealed
    }

    /// Looks at the next record.
    ///
    /// # Errors
    /// The [`Finding`] when it, or one before it, is not what it was.
    pub fn next(&mut self, entry: &Entry) -> Result<(), Finding> {
        let record = &entry.record;
        let place = Place::Record(record.application, record.sequence);
        let last = match self.last.take() {
            Some(last) if last.application == record.application => last,
            other => {
                other.as_ref().map_or(Ok(()), Last::is_complete)?;
                Last::before(entry)
            }
        };
        last.leads_to(record)?;
        if entry.hash != record.hash() {
            return Err(place.has(Fault::Altered));
        }
        entry.is_sealed_once().map_err(|fault| place.has(fault))?;
        entry
            .is_told(last.version)
            .map_err(|fault| place.has(fault))?;
        self.records += 1;
        self.sealed += u64::from(entry.beside.leaf.is_some());
        self.last = Some(Last {
            sequence: record.sequence,
            hash: entry.hash,
            version: record.version.unwrap_or(last.version),
            ..last
        });
        Ok(())
    }

    /// There are no more records.
    ///
    /// # Errors
    /// The [`Finding`] when the last application should have more.
    pub fn end(&mut self) -> Result<(), Finding> {
        self.last.take().as_ref().map_or(Ok(()), Last::is_complete)
    }
}

impl Last {
    /// What stands before the first record of an application.
    fn before(entry: &Entry) -> Self {
        let standing = entry.beside.standing.as_ref();
        Self {
            application: entry.record.application,
            sequence: 0,
            hash: beginning(),
            version: 0,
            due: standing.map_or(0, |standing| standing.version),
        }
    }

    fn leads_to(&self, record: &Record) -> Result<(), Finding> {
        let due = Place::Record(self.application, self.sequence + 1);
        if record.sequence != self.sequence + 1 {
            return Err(due.has(Fault::Missing));
        }
        if record.previous != self.hash {
            return Err(due.has(Fault::Link));
        }
        Ok(())
    }

    /// Every step that the application has made has its record.
    fn is_complete(&self) -> Result<(), Finding> {
        let due = Place::Record(self.application, self.sequence + 1);
        if self.version < self.due {
            return Err(due.has(Fault::Missing));
        }
        let last = Place::Record(self.application, self.sequence);
        if self.version > self.due {
            return Err(last.has(Fault::OtherStep));
        }
        Ok(())
    }
}

impl Entry {
    /// In the tree as it is, or waiting for it.
    fn is_sealed_once(&self) -> Result<(), Fault> {
        match (self.beside.leaf, self.beside.waits) {
            (Some(leaf), false) if leaf == self.hash => Ok(()),
            (Some(_), false) => Err(Fault::NotTheLeaf),
            (None, true) => Ok(()),
            (None, false) => Err(Fault::Unsealed),
            (Some(_), true) => Err(Fault::SealedTwice),
        }
    }

    /// What the record says is what the other tables say. `version` is that of
    /// the step before.
    fn is_told(&self, version: i64) -> Result<(), Fault> {
        let (record, beside) = (&self.record, &self.beside);
        match (
            record.version,
            record.refusal,
            &beside.told,
            &beside.refusal,
        ) {
            (Some(own), None, Some(told), None) if own == version + 1 => {
                self.agrees_with_step(told)?;
                self.is_by(told.person.as_deref())
            }
            (None, Some(_), None, Some(refusal)) => {
                self.agrees_with_refusal(refusal)?;
                self.is_by(refusal.person.as_deref())
            }
            // A decision that no other table tells of.
            (None, None, None, None) => Ok(()),
            (None, Some(_), _, _) => Err(Fault::OtherRefusal),
            (_, _, _, _) => Err(Fault::OtherStep),
        }
    }

    fn agrees_with_step(&self, told: &Told) -> Result<(), Fault> {
        let record = &self.record;
        let claims = self.claims().ok_or(Fault::OtherStep)?;
        let same = record.kind == told.kind
            && record.at == told.at
            && claims.state.as_deref() == Some(told.state.as_str());
        same.then_some(()).ok_or(Fault::OtherStep)
    }

    fn agrees_with_refusal(&self, refusal: &Refusal) -> Result<(), Fault> {
        let claims = self.claims().ok_or(Fault::OtherRefusal)?;
        let same = self.record.at == refusal.at
            && claims.code.as_deref() == Some(refusal.code.as_str())
            && claims.signature == Some(refusal.signature.to_string());
        same.then_some(()).ok_or(Fault::OtherRefusal)
    }

    /// The commitment opens to the person, in their part; or both number and
    /// salt were erased.
    fn is_by(&self, person: Option<&str>) -> Result<(), Fault> {
        let standing = self.beside.standing.as_ref().ok_or(Fault::OtherStep)?;
        let author = self.record.actor.parse::<Author>();
        let author = author.map_err(|_| Fault::OtherPerson)?;
        let salt = self.beside.salt.as_deref();
        let agrees = match (author, person, salt, self.record.person) {
            (Author::Service | Author::Register, person, None, None) => person.is_none(),
            (Author::Service | Author::Register, _, _, _) => false,
            (author, Some(person), Some(salt), Some(committed)) => {
                commitment(salt, person) == committed
                    && (author == Author::Resident) == (person == standing.applicant)
            }
            (_, None, None, Some(_)) => true,
            (_, _, _, _) => false,
        };
        agrees.then_some(()).ok_or(Fault::OtherPerson)
    }

    fn claims(&self) -> Option<Claims> {
        serde_json::from_str(&self.record.body).ok()
    }
}
