//! A whole development PKI in memory: two authorities, everybody's
//! certificates, the revocation lists.

use std::thread;

use ::der::asn1::ObjectIdentifier;
use chrono::{DateTime, Duration, Utc};
use ring::rand::SystemRandom;

use crate::pki::authority::Responder;
use crate::pki::people::{Character, Part, Purpose, Standing, characters};
use crate::pki::{
    Authority, Error, Extension, KeyKind, KeyUsage, Name, Reason, Revocation, SigningKey, Template,
    Validity, oid,
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
    /// The trust anchor.
    pub root: Authority,
    /// The authority that issues to people.
    pub issuing: Authority,
    /// Everybody with certificate and key.
    pub people: Vec<Person>,
    /// The root's revocation list in DER.
    pub root_crl: Vec<u8>,
    /// The issuing authority's revocation list in DER.
    pub issuing_crl: Vec<u8>,
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
    /// The root's.
    pub root: SigningKey,
    /// The issuing authority's.
    pub issuing: SigningKey,
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
        Infrastructure::issue(Keys::generate(random)?, options, now)
    }

    /// Issues everything anew as of `now` for keys already made. Fails when a
    /// key refuses to sign.
    pub fn issue(
        keys: Keys,
        options: &Options,
        now: DateTime<Utc>,
    ) -> Result<Infrastructure, Error> {
        let root = root(keys.root, now)?;
        let issuing = issuing(&root, keys.issuing, options, now)?;
        let people = characters()
            .into_iter()
            .zip(keys.people)
            .map(|(character, key)| {
                let template = profile(&issuing, &character, key.public_key()?, options, now);
                Ok(Person {
                    certificate: template.sign(&issuing.key)?,
                    character,
                    key,
                })
            });
        let people = people.collect::<Result<Vec<_>, Error>>()?;
        let lifetime = options.crl_lifetime;
        let root_crl = root
            .revocation_list(1, Vec::new(), now, lifetime)
            .sign(&root.key)?;
        let issuing_crl = issuing.revocation_list(1, revocations(&people, now)?, now, lifetime);
        let issuing_crl = issuing_crl.sign(&issuing.key)?;
        Ok(Infrastructure {
            root,
            issuing,
            people,
            root_crl,
            issuing_crl,
        })
    }

    /// Somebody by the name of his files.
    pub fn person(&self, slug: &str) -> Option<&Person> {
        self.people
            .iter()
            .find(|person| person.character.slug == slug)
    }
}

impl Keys {
    /// Makes all keys at once, for an RSA key takes long. Fails without randomness.
    pub fn generate(random: &SystemRandom) -> Result<Keys, Error> {
        let authority = || SigningKey::generate(KeyKind::Rsa2048, random);
        thread::scope(|scope| {
            let (root, issuing) = (scope.spawn(authority), scope.spawn(authority));
            let people: Vec<_> = characters()
                .into_iter()
                .map(|character| scope.spawn(move || SigningKey::generate(character.key, random)))
                .collect();
            Ok(Keys {
                root: made(root)?,
                issuing: made(issuing)?,
                people: people.into_iter().map(made).collect::<Result<_, _>>()?,
            })
        })
    }
}

fn made(
    thread: thread::ScopedJoinHandle<'_, Result<SigningKey, Error>>,
) -> Result<SigningKey, Error> {
    thread.join().unwrap_or(Err(Error::Key))
}

fn root(key: SigningKey, now: DateTime<Utc>) -> Result<Authority, Error> {
    let name = Name::authority("КЕЛІСІМ НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) DEV");
    Authority::root(&name, years(now, 5, 15), key)
}

fn issuing(
    root: &Authority,
    key: SigningKey,
    options: &Options,
    now: DateTime<Utc>,
) -> Result<Authority, Error> {
    let name = Name::authority("КЕЛІСІМ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) DEV");
    let public_key = key.public_key()?;
    let template = root.subordinate(&name, years(now, 4, 10), public_key, &options.responder);
    Authority::new(template.sign(&root.key)?, key)
}

/// Both ends in years of 365 days, counted from now.
fn years(now: DateTime<Utc>, before: i64, after: i64) -> Validity {
    Validity {
        from: now - Duration::days(365 * before),
        until: now + Duration::days(365 * after),
    }
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
    let (issuers, ocsp) = (responder.certificate("issuing"), responder.ocsp());
    template.extensions.splice(
        0..0,
        [
            Extension::key_usage(key_usages(character.purpose)),
            Extension::extended_key_usage(&purposes(character)),
        ],
    );
    template.extensions.extend([
        Extension::certificate_policy(&oid::POLICY_NATIONAL, "http://pki.gov.kz/cps"),
        Extension::crl_distribution_point(&responder.crl("issuing")),
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
        Part::Resident | Part::Owner => &[oid::ROLE_INDIVIDUAL],
        Part::Organisation => &[oid::ROLE_LEGAL_ENTITY, oid::ROLE_HEAD],
        Part::Operator => &[oid::ROLE_LEGAL_ENTITY, oid::ROLE_EMPLOYEE],
    };
    [&[purpose], roles].concat()
}

fn revocations(people: &[Person], now: DateTime<Utc>) -> Result<Vec<Revocation>, Error> {
    let since = now - Duration::hours(12);
    let revoked = |person: &&Person| person.character.standing == Standing::Revoked;
    let people = people.iter().filter(revoked);
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
