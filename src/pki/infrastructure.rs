//! A whole development PKI in memory: the authorities of each family of keys,
//! everybody's certificates, the revocation lists.

use std::thread;

use ::der::asn1::ObjectIdentifier;
use chrono::{DateTime, Duration, Utc};
use ring::rand::SystemRandom;
use strum::IntoEnumIterator;

use crate::pki::authority::Responder;
use crate::pki::hierarchy::{Each, Hierarchy};
use crate::pki::people::{Character, Part, Purpose, Standing, characters};
use crate::pki::{
    Authority, Error, Extension, Family, KeyKind, KeyUsage, Name, Reason, Revocation, SigningKey,
    Template, Validity, oid,
};

/// What may be chosen when a PKI is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Address of the local server that certificates point to.
    pub responder: Responder,
    /// How long a revocation list holds.
    pub crl_lifetime: Duration,
}

impl Default for Options {
    fn default() -> Options {
        let responder = Responder("http://127.0.0.1:8889".to_owned());
        Options {
            responder,
            crl_lifetime: Duration::days(30),
        }
    }
}

/// The development PKI.
#[derive(Debug)]
pub struct Infrastructure {
    /// The authorities with RSA keys.
    pub rsa: Hierarchy,
    /// Those with ECDSA keys.
    pub ecdsa: Hierarchy,
    /// Those with GOST keys.
    pub gost: Hierarchy,
    /// Everybody with certificate and key.
    pub people: Vec<Person>,
}

/// Somebody with his certificate and key.
#[derive(Debug)]
pub struct Person {
    /// Who he is and what he does.
    pub character: Character,
    /// His certificate in DER.
    pub certificate: Vec<u8>,
    /// His private key.
    pub key: SigningKey,
}

/// The private keys of a whole PKI.
#[derive(Debug)]
pub struct Keys {
    /// Those of the authorities with RSA keys.
    pub rsa: Each<SigningKey>,
    /// Those of the authorities with ECDSA keys.
    pub ecdsa: Each<SigningKey>,
    /// Those of the authorities with GOST keys.
    pub gost: Each<SigningKey>,
    /// Everybody's, in the order of [`characters`].
    pub people: Vec<SigningKey>,
}

impl Infrastructure {
    /// Makes everything anew as of `now`. Fails without randomness.
    pub fn generate(
        options: &Options,
        now: DateTime<Utc>,
        random: &SystemRandom,
    ) -> Result<Infrastructure, Error> {
        let keys = Keys::made(|_, kind| SigningKey::generate(kind, random))?;
        Infrastructure::issue(keys, options, now)
    }

    /// Issues everything anew as of `now` for keys already made. Fails when a
    /// key refuses to sign.
    pub fn issue(
        keys: Keys,
        options: &Options,
        now: DateTime<Utc>,
    ) -> Result<Infrastructure, Error> {
        let authorities = |family, keys| Hierarchy::issue(family, keys, options, now);
        let mut all = Infrastructure {
            rsa: authorities(Family::Rsa, keys.rsa)?,
            ecdsa: authorities(Family::Ecdsa, keys.ecdsa)?,
            gost: authorities(Family::Gost, keys.gost)?,
            people: Vec::new(),
        };
        let people = characters().into_iter().zip(keys.people);
        let certified = people.map(|(character, key)| all.certify(character, key, options, now));
        all.people = certified.collect::<Result<_, _>>()?;
        for family in Family::iter() {
            let revoked = revocations(&all.people, family, now)?;
            if !revoked.is_empty() {
                all.hierarchy_mut(family).revoke(revoked, options, now)?;
            }
        }
        Ok(all)
    }

    fn certify(
        &self,
        character: Character,
        key: SigningKey,
        options: &Options,
        now: DateTime<Utc>,
    ) -> Result<Person, Error> {
        let issuing = &self.hierarchy(character.family).issuing;
        let template = profile(issuing, &character, key.public_key()?, options, now);
        Ok(Person {
            certificate: template.sign(&issuing.key)?,
            character,
            key,
        })
    }

    /// The authorities of one family.
    pub fn hierarchy(&self, family: Family) -> &Hierarchy {
        match family {
            Family::Rsa => &self.rsa,
            Family::Ecdsa => &self.ecdsa,
            Family::Gost => &self.gost,
        }
    }

    fn hierarchy_mut(&mut self, family: Family) -> &mut Hierarchy {
        match family {
            Family::Rsa => &mut self.rsa,
            Family::Ecdsa => &mut self.ecdsa,
            Family::Gost => &mut self.gost,
        }
    }

    /// The authorities of all families.
    pub fn hierarchies(&self) -> [&Hierarchy; 3] {
        [&self.rsa, &self.ecdsa, &self.gost]
    }

    /// Somebody by the name of his files.
    pub fn person(&self, slug: &str) -> Option<&Person> {
        self.people
            .iter()
            .find(|person| person.character.slug == slug)
    }
}

impl Keys {
    /// All keys at once, for an RSA key takes long: `make` is asked for each by
    /// its name and kind. Fails when `make` does.
    pub fn made(
        make: impl Fn(&str, KeyKind) -> Result<SigningKey, Error> + Sync,
    ) -> Result<Keys, Error> {
        let make = &make;
        thread::scope(|scope| {
            let authorities = |family: Family| {
                Each::FILES.map(|what| scope.spawn(move || make(&family.file(what), family.key())))
            };
            let authorities = [Family::Rsa, Family::Ecdsa, Family::Gost].map(authorities);
            let people: Vec<_> = characters()
                .into_iter()
                .map(|character| scope.spawn(move || make(character.slug, character.key)))
                .collect();
            let [rsa, ecdsa, gost] = authorities.map(|family| family.map(joined).all());
            Ok(Keys {
                rsa: rsa?,
                ecdsa: ecdsa?,
                gost: gost?,
                people: people.into_iter().map(joined).collect::<Result<_, _>>()?,
            })
        })
    }
}

fn joined(
    thread: thread::ScopedJoinHandle<'_, Result<SigningKey, Error>>,
) -> Result<SigningKey, Error> {
    thread.join().unwrap_or(Err(Error::Key))
}

/// The certificate of an end entity by the national profile.
pub fn profile(
    issuing: &Authority,
    character: &Character,
    public_key: Vec<u8>,
    options: &Options,
    now: DateTime<Utc>,
) -> Template {
    let validity = validity(character.standing, now);
    let mut template = issuing.template(Name::person(&character.identity), validity, public_key);
    let responder = &options.responder;
    let issuer = character.family.file("issuing");
    let (issuers, ocsp) = (responder.certificate(&issuer), responder.ocsp());
    template.extensions.splice(
        0..0,
        [
            Extension::key_usage(key_usages(character.purpose)),
            Extension::extended_key_usage(&purposes(character)),
        ],
    );
    template.extensions.extend([
        Extension::certificate_policy(&oid::POLICY_NATIONAL, "http://pki.gov.kz/cps"),
        Extension::crl_distribution_point(&responder.crl(&issuer)),
        Extension::authority_information_access(&issuers, Some(&ocsp)),
        Extension::key_store(),
    ]);
    template
}

/// One year, as the national authority gives. It begins a day ago, so that
/// a clock a little behind accepts it.
fn validity(standing: Standing, now: DateTime<Utc>) -> Validity {
    let from = match standing {
        Standing::Valid | Standing::Revoked => now - Duration::days(1),
        Standing::Expired => now - Duration::days(365 + 30),
    };
    Validity {
        from,
        until: from + Duration::days(365),
    }
}

fn key_usages(purpose: Purpose) -> &'static [KeyUsage] {
    match purpose {
        Purpose::Signing => &[KeyUsage::DigitalSignature, KeyUsage::NonRepudiation],
        Purpose::Authentication => &[KeyUsage::DigitalSignature, KeyUsage::KeyEncipherment],
    }
}

/// The extended key usages: what the key is for, then the roles.
fn purposes(character: &Character) -> Vec<ObjectIdentifier> {
    let purpose = match character.purpose {
        Purpose::Signing => oid::EMAIL_PROTECTION,
        Purpose::Authentication => oid::CLIENT_AUTH,
    };
    let roles: &[_] = match character.part {
        Part::Resident | Part::Owner | Part::Delegate | Part::Representative | Part::Tenant => {
            &[oid::ROLE_INDIVIDUAL]
        }
        Part::Organisation => &[oid::ROLE_LEGAL_ENTITY, oid::ROLE_HEAD],
        Part::Employee | Part::Operator => &[oid::ROLE_LEGAL_ENTITY, oid::ROLE_EMPLOYEE],
    };
    [&[purpose], roles].concat()
}

fn revocations(
    people: &[Person],
    family: Family,
    now: DateTime<Utc>,
) -> Result<Vec<Revocation>, Error> {
    let since = now - Duration::hours(12);
    let people = people.iter().filter(|person| {
        let character = &person.character;
        character.family == family && character.standing == Standing::Revoked
    });
    people.map(|person| person.revocation(since)).collect()
}

impl Person {
    /// The entry of a revocation list that revokes his certificate. Fails when
    /// the certificate cannot be read.
    pub fn revocation(&self, since: DateTime<Utc>) -> Result<Revocation, Error> {
        let serial = crate::pki::certificate::serial(&self.certificate)?;
        Ok(Revocation {
            serial,
            since,
            reason: Some(Reason::KeyCompromise),
        })
    }
}
