//! A small authority that issues whatever a test needs, well-formed or not.

use chrono::{DateTime, Utc};

use super::{
    der::{bits, element, octets, oid, sequence, set, text},
    key::Key,
};
use crate::eds::{
    Oid,
    der::tag,
    oid::{attribute, extension},
};

/// An instant.
#[track_caller]
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// A name of UTF8String attributes.
pub(crate) fn name(attributes: &[(Oid, &str)]) -> Vec<u8> {
    let string = |kind: Oid| {
        if kind == attribute::SERIAL_NUMBER {
            tag::PRINTABLE_STRING
        } else {
            tag::UTF8_STRING
        }
    };
    sequence(
        attributes
            .iter()
            .map(|&(kind, value)| set([sequence([oid(kind), text(string(kind), value)])])),
    )
}

/// The subject of a person in the national profile.
pub(crate) fn person(iin: &str) -> Vec<u8> {
    let number = format!("IIN{iin}");
    name(&[
        (attribute::COMMON_NAME, "ТЕСТОВ ТЕСТ"),
        (attribute::SURNAME, "ТЕСТОВ"),
        (attribute::SERIAL_NUMBER, &number),
        (attribute::COUNTRY, "KZ"),
        (attribute::GIVEN_NAME, "ТЕСТОВИЧ"),
    ])
}

/// A certificate before it is signed; every field may be changed.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) version: Option<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) not_before: DateTime<Utc>,
    pub(crate) not_after: DateTime<Utc>,
    pub(crate) key: Vec<u8>,
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl Draft {
    pub(crate) fn new(serial: u8, subject: Vec<u8>, key: &Key) -> Self {
        Self {
            version: Some(2),
            serial: vec![serial],
            subject,
            not_before: at("2026-01-01T00:00:00Z"),
            not_after: at("2026-12-31T23:59:59Z"),
            key: key.public(),
            extensions: Vec::new(),
        }
    }

    /// A certificate of an authority.
    pub(crate) fn authority(serial: u8, common: &str, key: &Key) -> Self {
        Self::new(
            serial,
            name(&[(attribute::COMMON_NAME, common), (attribute::COUNTRY, "KZ")]),
            key,
        )
        .with(
            extension::BASIC_CONSTRAINTS,
            &sequence([vec![tag::BOOLEAN, 1, 0xff]]),
        )
        .with(extension::KEY_USAGE, &[tag::BIT_STRING, 2, 1, 0x06])
        .with(extension::SUBJECT_KEY_IDENTIFIER, &octets(&[serial; 20]))
    }

    /// A certificate of a person who signs documents, in the national profile.
    pub(crate) fn signer(serial: u8, iin: &str, key: &Key) -> Self {
        Self::new(serial, person(iin), key)
            .with(extension::KEY_USAGE, &[tag::BIT_STRING, 2, 6, 0xc0])
            .with(
                extension::EXTENDED_KEY_USAGE,
                &purposes(&["1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.1"]),
            )
            .with(
                extension::CERTIFICATE_POLICIES,
                &policies(&["1.2.398.3.3.2"]),
            )
            .with(extension::SUBJECT_KEY_IDENTIFIER, &octets(&[serial; 20]))
    }

    /// A certificate of a person who signs for an organisation, by this role.
    pub(crate) fn member(serial: u8, (iin, bin): (&str, &str), role: &str, key: &Key) -> Self {
        let mut draft = Self::signer(serial, iin, key);
        draft.subject = name(&[
            (attribute::COMMON_NAME, "ТЕСТОВ ТЕСТ"),
            (attribute::SURNAME, "ТЕСТОВ"),
            (attribute::SERIAL_NUMBER, &format!("IIN{iin}")),
            (attribute::COUNTRY, "KZ"),
            (attribute::ORGANISATION, "ҮЛГІ"),
            (attribute::UNIT, &format!("BIN{bin}")),
        ]);
        let roles = ["1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.2", role];
        draft.with(extension::EXTENDED_KEY_USAGE, &purposes(&roles))
    }

    /// With this extension instead of what it had, critical where the profile says so.
    pub(crate) fn with(mut self, kind: Oid, value: &[u8]) -> Self {
        self = self.without(kind);
        self.extensions.push(written(
            kind,
            matches!(kind, extension::KEY_USAGE | extension::BASIC_CONSTRAINTS),
            value,
        ));
        self
    }

    pub(crate) fn without(mut self, kind: Oid) -> Self {
        let start = oid(kind);
        self.extensions
            .retain(|extension| !extension.windows(start.len()).any(|window| window == start));
        self
    }

    /// With this critical extension too, whatever it had.
    pub(crate) fn and_critical(mut self, kind: Oid, value: &[u8]) -> Self {
        self.extensions.push(written(kind, true, value));
        self
    }

    pub(crate) fn valid(mut self, from: &str, to: &str) -> Self {
        (self.not_before, self.not_after) = (at(from), at(to));
        self
    }

    /// Signed by its own key.
    pub(crate) fn self_signed(&self, key: &Key) -> Vec<u8> {
        self.signed(&self.subject, key)
    }

    /// Signed by this key under this name.
    pub(crate) fn signed(&self, issuer: &[u8], key: &Key) -> Vec<u8> {
        let version = self
            .version
            .map(|version| element(tag::explicit(0), &[tag::INTEGER, 1, version]));
        let extensions = (!self.extensions.is_empty())
            .then(|| element(tag::explicit(3), &sequence(self.extensions.iter().cloned())));
        let tbs = sequence(
            version
                .into_iter()
                .chain([
                    element(tag::INTEGER, &self.serial),
                    key.algorithm(),
                    issuer.to_vec(),
                    sequence([time(self.not_before), time(self.not_after)]),
                    self.subject.clone(),
                    self.key.clone(),
                ])
                .chain(extensions),
        );
        let signature = key.sign(&tbs);
        sequence([tbs, key.algorithm(), bits(&signature)])
    }
}

fn written(kind: Oid, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = critical.then(|| vec![tag::BOOLEAN, 1, 0xff]);
    sequence(
        std::iter::once(oid(kind))
            .chain(critical)
            .chain([octets(value)]),
    )
}

/// A GeneralizedTime.
pub(crate) fn time(time: DateTime<Utc>) -> Vec<u8> {
    text(
        tag::GENERALIZED_TIME,
        &time.format("%Y%m%d%H%M%SZ").to_string(),
    )
}

/// The value of extended key usage.
pub(crate) fn purposes(all: &[&str]) -> Vec<u8> {
    sequence(
        all.iter()
            .map(|purpose| oid(purpose.parse().expect("an OID"))),
    )
}

/// The value of certificate policies.
pub(crate) fn policies(all: &[&str]) -> Vec<u8> {
    sequence(
        all.iter()
            .map(|policy| sequence([oid(policy.parse().expect("an OID"))])),
    )
}

/// A revocation list before it is signed.
#[derive(Clone)]
pub(crate) struct List {
    pub(crate) this_update: DateTime<Utc>,
    pub(crate) next_update: Option<DateTime<Utc>>,
    /// Serial number, date, reason code.
    pub(crate) revoked: Vec<(Vec<u8>, DateTime<Utc>, Option<u8>)>,
    /// The invalidity date of each entry.
    pub(crate) invalid_since: Option<DateTime<Utc>>,
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl List {
    pub(crate) fn new(this_update: &str, next_update: &str) -> Self {
        let (this_update, next_update) = (at(this_update), Some(at(next_update)));
        Self {
            this_update,
            next_update,
            revoked: Vec::new(),
            invalid_since: None,
            extensions: Vec::new(),
        }
    }

    pub(crate) fn revoking(mut self, serial: u8, date: &str, reason: Option<u8>) -> Self {
        self.revoked.push((vec![serial], at(date), reason));
        self
    }

    pub(crate) fn with(mut self, kind: Oid, critical: bool, value: &[u8]) -> Self {
        self.extensions.push(written(kind, critical, value));
        self
    }

    pub(crate) fn signed(&self, issuer: &[u8], key: &Key) -> Vec<u8> {
        let entries = self.revoked.iter().map(|(serial, date, reason)| {
            let code = reason
                .map(|code| written(extension::REASON_CODE, false, &[tag::ENUMERATED, 1, code]));
            let since = self
                .invalid_since
                .map(|since| written(extension::INVALIDITY_DATE, false, &time(since)));
            let all: Vec<_> = code.into_iter().chain(since).collect();
            let extensions = (!all.is_empty()).then(|| sequence(all));
            sequence(
                [element(tag::INTEGER, serial), time(*date)]
                    .into_iter()
                    .chain(extensions),
            )
        });
        let list = (!self.revoked.is_empty()).then(|| sequence(entries));
        let extensions = (!self.extensions.is_empty())
            .then(|| element(tag::explicit(0), &sequence(self.extensions.iter().cloned())));
        let tbs = sequence(
            [
                vec![tag::INTEGER, 1, 1],
                key.algorithm(),
                issuer.to_vec(),
                time(self.this_update),
            ]
            .into_iter()
            .chain(self.next_update.map(time))
            .chain(list)
            .chain(extensions),
        );
        let signature = key.sign(&tbs);
        sequence([tbs, key.algorithm(), bits(&signature)])
    }
}
