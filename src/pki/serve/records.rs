//! What the development server knows: the authorities, whom they certified,
//! and what they revoked.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::pki::certificate::{corrupted, issuer, serial};
use crate::pki::ocsp::{self, Knowledge, Subject};
use crate::pki::{
    Authority, Behaviour, Directory, Each, Error, Family, Hierarchy, Infrastructure, Reason,
    Revocation, Signer, crl, issuer_and_serial, timestamp,
};

/// The books of all authorities.
pub(super) struct Records {
    hierarchies: [Hierarchy; 3],
    /// IssuerAndSerialNumber of each certificate that was issued.
    issued: BTreeSet<Vec<u8>>,
    /// Where the lists are read anew, of a PKI on disk.
    directory: Option<Directory>,
}

impl Records {
    pub(super) fn of(pki: &Infrastructure) -> Result<Records, Error> {
        let hierarchies = pki.hierarchies().map(Clone::clone);
        let people = pki.people.iter().map(|person| person.certificate.clone());
        Records::new(hierarchies, people, None)
    }

    pub(super) fn open(directory: &Directory) -> Result<Records, Error> {
        let [rsa, ecdsa, gost] =
            [Family::Rsa, Family::Ecdsa, Family::Gost].map(|family| directory.hierarchy(family));
        let people = directory.people().iter();
        let people = people.map(|entry| Ok(directory.person(&entry.slug)?.certificate));
        let people = people.collect::<Result<Vec<_>, Error>>()?;
        Records::new([rsa?, ecdsa?, gost?], people, Some(directory.clone()))
    }

    fn new(
        hierarchies: [Hierarchy; 3],
        people: impl IntoIterator<Item = Vec<u8>>,
        directory: Option<Directory>,
    ) -> Result<Records, Error> {
        let mut records = Records {
            hierarchies,
            issued: BTreeSet::new(),
            directory,
        };
        let authorities = records.hierarchies.clone();
        let authorities = authorities.iter().flat_map(Hierarchy::certificates);
        for certificate in authorities.map(<[u8]>::to_vec).chain(people) {
            records.register(&certificate)?;
        }
        Ok(records)
    }

    pub(super) fn register(&mut self, certificate: &[u8]) -> Result<(), Error> {
        self.issued.insert(issuer_and_serial(certificate)?);
        Ok(())
    }

    pub(super) fn revoke(
        &mut self,
        certificate: &[u8],
        since: DateTime<Utc>,
        reason: Reason,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let revocation = Revocation {
            serial: serial(certificate)?,
            since,
            reason: Some(reason),
        };
        let issuer = issuer(certificate)?;
        let mut books = self.hierarchies.iter_mut().flat_map(Hierarchy::books);
        let (authority, list) = books
            .find(|(authority, _)| authority.subject == issuer)
            .ok_or_else(|| Error::Nobody("the issuer of this certificate".to_owned()))?;
        let lifetime = crl::read(list)?.lifetime();
        *list = authority
            .next_list(list, Some(revocation), now, lifetime)?
            .list;
        Ok(())
    }

    /// The answer to an OCSP request.
    pub(super) fn status(
        &mut self,
        request: &[u8],
        behaviour: Behaviour,
        now: DateTime<Utc>,
    ) -> Result<Vec<u8>, Error> {
        self.refresh()?;
        let subjects: Vec<_> = self.hierarchies.iter().flat_map(subjects).collect();
        let knowledge = Knowledge {
            subjects: &subjects,
            issued: &self.issued,
        };
        ocsp::answer(request, knowledge, behaviour, now)
    }

    /// The answer to a time-stamp request, by the authority of `family` if one
    /// was asked for.
    pub(super) fn time_stamp(
        &self,
        request: &[u8],
        family: Option<Family>,
        behaviour: Behaviour,
        now: DateTime<Utc>,
    ) -> Result<Vec<u8>, Error> {
        let asked = |hierarchy: &&Hierarchy| family.is_none_or(|it| it == hierarchy.family);
        let hierarchies: Vec<_> = self.hierarchies.iter().filter(asked).collect();
        timestamp::answer(request, &hierarchies, behaviour, now)
    }

    /// The certificate of an authority, by the name of its file.
    pub(super) fn certificate(&self, slug: &str) -> Option<Vec<u8>> {
        let named = |hierarchy: &Hierarchy| {
            let root = hierarchy.family.file(Each::FILES.root);
            let issuing = hierarchy.family.file(Each::FILES.issuing);
            [(root, &hierarchy.root), (issuing, &hierarchy.issuing)]
                .into_iter()
                .find_map(|(name, authority)| (name == slug).then(|| authority.certificate.clone()))
        };
        self.hierarchies.iter().find_map(named)
    }

    /// The revocation list of an authority, by the name of its file. In memory
    /// it is issued anew when half of its time has gone by.
    pub(super) fn list(
        &mut self,
        slug: &str,
        behaviour: Behaviour,
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<u8>>, Error> {
        self.refresh()?;
        let on_disk = self.directory.is_some();
        let mut hierarchies = self.hierarchies.iter_mut();
        let found = hierarchies.find_map(|hierarchy| {
            let family = hierarchy.family;
            let at = [Each::FILES.root, Each::FILES.issuing].map(|what| family.file(what) == slug);
            let [root, issuing] = hierarchy.books();
            match at {
                [true, _] => Some((root, issuing.0)),
                [_, true] => Some((issuing, root.0)),
                [false, false] => None,
            }
        });
        let Some(((authority, list), other)) = found else {
            return Ok(None);
        };
        let issued = crl::read(list)?;
        if !on_disk && now > issued.this_update + issued.lifetime() / 2 {
            *list = authority
                .next_list(list, None, now, issued.lifetime())?
                .list;
        }
        listed(authority, other, list, behaviour, now).map(Some)
    }

    /// Reads the lists of a PKI on disk again.
    fn refresh(&mut self) -> Result<(), Error> {
        if let Some(directory) = &self.directory {
            for hierarchy in &mut self.hierarchies {
                let [root, issuing] = directory.lists(hierarchy.family)?;
                hierarchy.root_crl = root;
                hierarchy.issuing_crl = issuing;
            }
        }
        Ok(())
    }
}

fn subjects(hierarchy: &Hierarchy) -> [Subject<'_>; 2] {
    [
        Subject {
            family: hierarchy.family,
            authority: &hierarchy.root,
            responder: &hierarchy.root_responder,
            list: &hierarchy.root_crl,
            other: &hierarchy.issuing,
        },
        Subject {
            family: hierarchy.family,
            authority: &hierarchy.issuing,
            responder: &hierarchy.responder,
            list: &hierarchy.issuing_crl,
            other: &hierarchy.root,
        },
    ]
}

/// The list as it is handed out.
fn listed(
    authority: &Authority,
    other: &Authority,
    list: &[u8],
    behaviour: Behaviour,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, Error> {
    let again = |this_update, key: &crate::pki::SigningKey| {
        let issued = crl::read(list)?;
        let lifetime = issued.lifetime();
        let list = authority.revocation_list(issued.number, issued.revoked, this_update, lifetime);
        list.sign(key)
    };
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all others are no faults of lists"
    )]
    match behaviour {
        Behaviour::Old(_) | Behaviour::Future(_) => again(behaviour.as_of(now), &authority.key),
        Behaviour::Signer(Signer::OfAnotherAuthority) => again(now, &other.key),
        // The signature stands last.
        Behaviour::BadSignature => Ok(corrupted(list.to_vec())),
        _ => Ok(list.to_vec()),
    }
}
