//! The authorities of one family of keys: the root, the one that issues to
//! people, and those who answer and stamp for them.

use chrono::{DateTime, Duration, Utc};

use crate::pki::{
    Authority, Error, Extension, Family, KeyUsage, Name, Options, Revocation, SigningKey, Template,
    Validity, oid,
};

/// The authorities of one family.
#[derive(Debug, Clone)]
pub struct Hierarchy {
    /// Which family.
    pub family: Family,
    /// The trust anchor.
    pub root: Authority,
    /// The authority that issues to people.
    pub issuing: Authority,
    /// Answers OCSP for the root.
    pub root_responder: Authority,
    /// Answers OCSP for the issuing authority.
    pub responder: Authority,
    /// Makes time-stamps.
    pub stamper: Authority,
    /// The root's revocation list in DER.
    pub root_crl: Vec<u8>,
    /// The issuing authority's revocation list in DER.
    pub issuing_crl: Vec<u8>,
}

/// The keys of one family's authorities, or anything else of which there is
/// one for each of them.
#[derive(Debug, Clone)]
pub struct Each<T> {
    /// The root's.
    pub root: T,
    /// The issuing authority's.
    pub issuing: T,
    /// That of the root's responder.
    pub root_responder: T,
    /// That of the issuing authority's responder.
    pub responder: T,
    /// That of the time-stamping authority.
    pub stamper: T,
}

impl Each<&'static str> {
    /// How their files are called in the family of RSA.
    pub const FILES: Each<&'static str> = Each {
        root: "root",
        issuing: "issuing",
        root_responder: "responder-root",
        responder: "responder",
        stamper: "tsa",
    };
}

impl<T> Each<T> {
    /// The same for each of them, in their order.
    pub fn map<U>(self, mut each: impl FnMut(T) -> U) -> Each<U> {
        Each {
            root: each(self.root),
            issuing: each(self.issuing),
            root_responder: each(self.root_responder),
            responder: each(self.responder),
            stamper: each(self.stamper),
        }
    }
}

impl<T, Fault> Each<Result<T, Fault>> {
    /// All of them, or the first fault.
    pub fn all(self) -> Result<Each<T>, Fault> {
        Ok(Each {
            root: self.root?,
            issuing: self.issuing?,
            root_responder: self.root_responder?,
            responder: self.responder?,
            stamper: self.stamper?,
        })
    }
}

/// What an authority appoints somebody to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Office {
    /// To answer for it by OCSP.
    Answering,
    /// To make time-stamps.
    Stamping,
}

impl Hierarchy {
    /// Certifies the keys as of `now`; nobody is revoked. Fails when a key
    /// refuses to sign.
    pub(super) fn issue(
        family: Family,
        keys: Each<SigningKey>,
        options: &Options,
        now: DateTime<Utc>,
    ) -> Result<Hierarchy, Error> {
        let name = Name::authority(&family.named("КЕЛІСІМ НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ"));
        let root = Authority::root(&name, years(now, 5, 15), keys.root)?;
        let issuing = issuing(family, &root, keys.issuing, options, now)?;
        let appointed = |by: &Authority, office, key: SigningKey| {
            let template = appointment(family, by, office, key.public_key()?, options, now);
            Authority::new(template.sign(&by.key)?, key)
        };
        let root_responder = appointed(&root, Office::Answering, keys.root_responder)?;
        let responder = appointed(&issuing, Office::Answering, keys.responder)?;
        let stamper = appointed(&issuing, Office::Stamping, keys.stamper)?;
        let first_list = |authority: &Authority| {
            let list = authority.revocation_list(1, Vec::new(), now, options.crl_lifetime);
            list.sign(&authority.key)
        };
        Ok(Hierarchy {
            family,
            root_crl: first_list(&root)?,
            issuing_crl: first_list(&issuing)?,
            root,
            issuing,
            root_responder,
            responder,
            stamper,
        })
    }

    /// The certificates of all of them.
    pub fn certificates(&self) -> [&[u8]; 5] {
        [
            &self.root,
            &self.issuing,
            &self.root_responder,
            &self.responder,
            &self.stamper,
        ]
        .map(|authority| authority.certificate.as_slice())
    }

    /// Those who certify, with their lists, the root first.
    pub(super) fn books(&mut self) -> [(&Authority, &mut Vec<u8>); 2] {
        [
            (&self.root, &mut self.root_crl),
            (&self.issuing, &mut self.issuing_crl),
        ]
    }

    /// The issuing authority's first list, with these certificates on it.
    /// Fails when the key refuses to sign.
    pub(super) fn revoke(
        &mut self,
        revoked: Vec<Revocation>,
        options: &Options,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let list = self
            .issuing
            .revocation_list(1, revoked, now, options.crl_lifetime);
        self.issuing_crl = list.sign(&self.issuing.key)?;
        Ok(())
    }
}

fn issuing(
    family: Family,
    root: &Authority,
    key: SigningKey,
    options: &Options,
    now: DateTime<Utc>,
) -> Result<Authority, Error> {
    let name = Name::authority(&family.named("КЕЛІСІМ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ"));
    let public_key = key.public_key()?;
    let responder = &options.responder;
    let slug = family.file("root");
    let template = root.subordinate(&name, years(now, 4, 10), public_key, responder, &slug);
    Authority::new(template.sign(&root.key)?, key)
}

/// Both ends in years of 365 days, counted from now.
fn years(now: DateTime<Utc>, before: i64, after: i64) -> Validity {
    Validity {
        from: now - Duration::days(365 * before),
        until: now + Duration::days(365 * after),
    }
}

/// The certificate of somebody whom `by` appoints, by the national profile: a
/// responder for one year, a time-stamping authority for three. It begins a
/// day ago, as those of people do.
pub fn appointment(
    family: Family,
    by: &Authority,
    office: Office,
    public_key: Vec<u8>,
    options: &Options,
    now: DateTime<Utc>,
) -> Template {
    let from = now - Duration::days(1);
    let (name, years) = match office {
        Office::Answering => ("КЕЛІСІМ OCSP RESPONDER", 1),
        Office::Stamping => ("КЕЛІСІМ TIME-STAMPING AUTHORITY", 3),
    };
    let validity = Validity {
        from,
        until: from + Duration::days(365 * years),
    };
    let name = Name::authority(&family.named(name));
    let mut template = by.template(name, validity, public_key);
    match office {
        Office::Answering => template.extensions.extend(answering()),
        Office::Stamping => {
            template.extensions.extend(stamping());
            let (issuing, responder) = (family.file("issuing"), &options.responder);
            template.extensions.extend([
                Extension::crl_distribution_point(&responder.crl(&issuing)),
                Extension::authority_information_access(
                    &responder.certificate(&issuing),
                    Some(&responder.ocsp()),
                ),
            ]);
        }
    }
    template
}

/// RFC 6960 section 4.2.2.2: the purpose, and that nobody need ask about it.
fn answering() -> [Extension; 4] {
    [
        Extension::key_usage(&[KeyUsage::DigitalSignature]),
        Extension::extended_key_usage(&[oid::OCSP_SIGNING]),
        Extension::plain(oid::OCSP_NO_CHECK, crate::pki::der::null()),
        Extension::certificate_policy(&oid::POLICY_NATIONAL, "http://pki.gov.kz/cps"),
    ]
}

/// RFC 3161 section 2.3: this purpose alone, and critical.
fn stamping() -> [Extension; 3] {
    let mut purpose = Extension::extended_key_usage(&[oid::TIME_STAMPING]);
    purpose.critical = true;
    [
        Extension::key_usage(&[KeyUsage::DigitalSignature, KeyUsage::NonRepudiation]),
        purpose,
        Extension::certificate_policy(&oid::POLICY_TIME_STAMPS, "http://pki.gov.kz/cps"),
    ]
}
