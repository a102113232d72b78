//! Certificates field by field against the profile of the national authority.

use chrono::Duration;
use kelisim::domain::Rka;
use kelisim::eds::{Bin, Iin};
use kelisim::pki::{Character, Owner, Part, Person, Purpose};
use x509_parser::prelude::{
    AccessDescription, ExtendedKeyUsage, FromDer, GeneralName, ParsedExtension, PolicyInformation,
    X509Certificate, X509Extension, X509Version,
};

use crate::material::{now, pki};

#[test]
fn subjects_follow_the_national_order_and_string_types() {
    for person in &pki().people {
        let read = parsed(person);
        let attributes: Vec<(String, u32, String)> = read
            .subject()
            .iter_attributes()
            .map(|attribute| {
                let value = attribute.attr_value();
                let text = std::str::from_utf8(value.data).unwrap().to_owned();
                (attribute.attr_type().to_id_string(), value.tag().0, text)
            })
            .collect();
        assert_eq!(
            attributes,
            subject(&person.character),
            "{}",
            person.character.slug
        );
    }
}

fn subject(character: &Character) -> Vec<(String, u32, String)> {
    const UTF8: u32 = 12;
    const PRINTABLE: u32 = 19;
    let identity = &character.identity;
    let common = format!("{} {}", identity.surname, identity.given_name);
    let mut expected = vec![
        ("2.5.4.3", UTF8, common),
        ("2.5.4.4", UTF8, identity.surname.clone()),
        ("2.5.4.5", PRINTABLE, format!("IIN{}", identity.iin)),
        ("2.5.4.6", PRINTABLE, "KZ".to_owned()),
    ];
    if let Some(organisation) = &identity.organisation {
        expected.push(("2.5.4.10", UTF8, organisation.name.clone()));
        expected.push(("2.5.4.11", UTF8, format!("BIN{}", organisation.bin)));
    }
    expected.extend(
        identity
            .patronymic
            .clone()
            .map(|name| ("2.5.4.42", UTF8, name)),
    );
    expected
        .into_iter()
        .map(|(id, tag, text)| (id.to_owned(), tag, text))
        .collect()
}

#[test]
fn extensions_follow_the_national_profile() {
    for person in &pki().people {
        let found = extensions(&parsed(person));
        assert_eq!(
            found,
            expected(&person.character),
            "{}",
            person.character.slug
        );
    }
}

fn parsed(person: &Person) -> X509Certificate<'_> {
    let (rest, read) = X509Certificate::from_der(&person.certificate).unwrap();
    assert!(rest.is_empty());
    read
}

/// Each extension in a line, those that hold keys left out.
fn extensions(certificate: &X509Certificate<'_>) -> Vec<String> {
    let lines = certificate.extensions().iter().map(|extension| {
        let critical = if extension.critical { " critical" } else { "" };
        format!("{}{critical}", value(extension))
    });
    lines.collect()
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "another crate's enum: what is not named here fails the comparison"
)]
fn value(extension: &X509Extension<'_>) -> String {
    match extension.parsed_extension() {
        ParsedExtension::KeyUsage(usage) => format!("usage {:#b}", usage.flags),
        ParsedExtension::ExtendedKeyUsage(purposes) => named(purposes),
        ParsedExtension::CertificatePolicies(policies) => policy(policies),
        ParsedExtension::CRLDistributionPoints(_) => format!("crl {}", address(extension.value)),
        ParsedExtension::AuthorityInfoAccess(access) => {
            let places = access.accessdescs.iter().map(place);
            places.collect::<Vec<_>>().join(", ")
        }
        ParsedExtension::SubjectKeyIdentifier(_) => "subject key".to_owned(),
        ParsedExtension::AuthorityKeyIdentifier(_) => "authority key".to_owned(),
        ParsedExtension::UnsupportedExtension { .. } => {
            format!("{} {:02X?}", extension.oid, extension.value)
        }
        other => format!("{other:?}"),
    }
}

fn named(purposes: &ExtendedKeyUsage<'_>) -> String {
    let known = [
        (purposes.client_auth, "client"),
        (purposes.email_protection, "mail"),
    ];
    let known = known.into_iter().filter(|(set, _)| *set);
    let known = known.map(|(_, name)| name.to_owned());
    let other = purposes.other.iter().map(|id| id.to_id_string());
    let all = known.chain(other).collect::<Vec<_>>();
    format!("purposes {}", all.join(" "))
}

fn place(access: &AccessDescription<'_>) -> String {
    let GeneralName::URI(at) = &access.access_location else {
        return format!("{access:?}");
    };
    format!("{} {at}", access.access_method)
}

/// The address with which some DER ends.
fn address(der: &[u8]) -> String {
    let text = String::from_utf8_lossy(der);
    let at = text.find("http");
    at.map_or_else(|| format!("{der:02X?}"), |at| text[at..].to_owned())
}

fn policy(policies: &[PolicyInformation<'_>]) -> String {
    let policies = policies.iter().map(|policy| {
        let qualifiers = policy.policy_qualifiers.as_deref().unwrap_or_default();
        let qualifiers = qualifiers.iter().map(|qualifier| {
            let id = &qualifier.policy_qualifier_id;
            format!(" {id} {}", address(qualifier.qualifier))
        });
        format!(
            "policy {}{}",
            policy.policy_id,
            qualifiers.collect::<String>()
        )
    });
    policies.collect::<Vec<_>>().join(", ")
}

fn expected(character: &Character) -> Vec<String> {
    let usage = match character.purpose {
        // digitalSignature and nonRepudiation; digitalSignature and keyEncipherment.
        Purpose::Signing => "usage 0b11 critical",
        Purpose::Authentication => "usage 0b101 critical",
    };
    let purpose = match character.purpose {
        Purpose::Signing => "mail",
        Purpose::Authentication => "client",
    };
    let roles = match character.part {
        Part::Resident | Part::Owner | Part::Delegate | Part::Representative | Part::Tenant => {
            "1.2.398.3.3.4.1.1"
        }
        Part::Organisation => "1.2.398.3.3.4.1.2 1.2.398.3.3.4.1.2.1",
        Part::Employee | Part::Operator => "1.2.398.3.3.4.1.2 1.2.398.3.3.4.1.2.5",
    };
    let server = "http://127.0.0.1:8889";
    let issuing = character.family.file("issuing");
    let lines = [
        usage,
        &format!("purposes {purpose} {roles}"),
        "authority key",
        "subject key",
        "policy 1.2.398.3.3.2 1.3.6.1.5.5.7.2.1 http://pki.gov.kz/cps",
        &format!("crl {server}/crl/{issuing}.crl"),
        &format!(
            "1.3.6.1.5.5.7.48.2 {server}/cert/{issuing}.cer, 1.3.6.1.5.5.7.48.1 {server}/ocsp"
        ),
        // SEQUENCE { OBJECT IDENTIFIER 1.2.398.3.3.5.1.1 }
        "1.2.398.3.3.5 [30, 0A, 06, 08, 2A, 83, 0E, 03, 03, 05, 01, 01]",
    ];
    lines.map(str::to_owned).to_vec()
}

#[test]
fn serials_are_the_key_identifier_made_positive_and_long() {
    for person in &pki().people {
        let read = parsed(person);
        let known = |it: &&X509Extension<'_>| it.oid.to_id_string() == "2.5.29.14";
        let identifier = read.extensions().iter().find(known).unwrap();
        // OCTET STRING of twenty octets.
        let mut serial = identifier.value.strip_prefix(&[4, 20]).unwrap().to_vec();
        serial[0] &= 0x7F;
        if serial[0] < 0x10 {
            serial[0] |= 0x10;
        }
        assert_eq!(read.raw_serial(), serial);
    }
}

#[test]
fn people_are_certified_for_a_year_under_version_3() {
    for person in &pki().people {
        let read = parsed(person);
        assert_eq!(read.version(), X509Version::V3);
        let (from, until) = (read.validity().not_before, read.validity().not_after);
        assert_eq!(
            until.timestamp() - from.timestamp(),
            Duration::days(365).num_seconds()
        );
        assert!(from.timestamp() < now().timestamp());
    }
}

#[test]
fn an_authority_may_only_certify_and_revoke() {
    let all = pki().hierarchies();
    for authority in all.iter().flat_map(|it| [&it.root, &it.issuing]) {
        let (_, read) = X509Certificate::from_der(&authority.certificate).unwrap();
        let constraints = read.basic_constraints().unwrap().unwrap();
        assert!(constraints.critical && constraints.value.ca);
        let usage = read.key_usage().unwrap().unwrap();
        assert!(usage.critical);
        assert_eq!(usage.value.flags, 0b110_0000);
    }
}

#[test]
fn everybody_has_a_number_that_passes_its_check() {
    for person in &pki().people {
        let identity = &person.character.identity;
        assert!(
            Iin::parse(&identity.iin).is_ok(),
            "{}",
            person.character.slug
        );
        let organisation = identity.organisation.as_ref();
        assert!(organisation.is_none_or(|it| Bin::parse(&it.bin).is_ok()));
        let born: u16 = identity.iin[..2].parse().unwrap();
        assert!(
            (26..=99).contains(&born),
            "{} is a minor",
            person.character.slug
        );
    }
}

#[test]
fn every_dwelling_has_a_code_and_owners_with_keys() {
    let dwellings = kelisim::pki::dwellings();
    let numbers: Vec<_> = pki()
        .people
        .iter()
        .map(|person| person.character.identity.iin.as_str())
        .collect();
    for dwelling in &dwellings {
        assert!(Rka::parse(&dwelling.rka).is_ok());
        let people = dwelling.owners.iter().filter_map(Owner::iin);
        // A child has none.
        let child = dwelling.rka == "0201999000000103";
        assert!(child || { people }.all(|iin| numbers.contains(&iin)));
    }
    let counts: Vec<_> = dwellings
        .iter()
        .map(|dwelling| dwelling.owners.len())
        .collect();
    assert_eq!(counts, [1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 2]);
}

#[test]
fn the_register_knows_everybody_and_their_age() {
    let registers = kelisim::pki::registers();
    for person in &pki().people {
        let iin = &person.character.identity.iin;
        let known = registers.people.iter().find(|known| known.iin == *iin);
        let known = known.unwrap();
        assert!(known.born.format("%y%m%d").to_string() == iin[..6]);
        assert!(known.name.starts_with(&person.character.identity.surname));
    }
    let with_keys = |iin: &String| {
        let mut people = pki().people.iter();
        people.any(|person| person.character.identity.iin == *iin)
    };
    let without: Vec<_> = registers
        .people
        .iter()
        .filter(|it| !with_keys(&it.iin))
        .collect();
    let ages: Vec<_> = without
        .iter()
        .map(|it| now().date_naive().years_since(it.born).unwrap())
        .collect();
    assert_eq!(ages, [15, 26, 10]);
    assert!(without.iter().all(|it| with_keys(&it.representatives[0])));
    let power = &registers.powers[0];
    let today = now().date_naive();
    assert!(power.from < today && today < power.until && with_keys(&power.delegate));
}

#[test]
fn some_dwellings_have_owners_that_are_organisations_or_children() {
    let all = kelisim::pki::dwellings();
    assert!(all.iter().all(|one| Rka::parse(&one.rka).is_ok()));
    let owners = |rka: &str| {
        let found = all.iter().find(|one| one.rka == rka).unwrap();
        let owners = found.owners.iter();
        let owners = owners.map(|owner| match owner {
            Owner::Iin(iin) => Iin::parse(iin).map(|_| "person").unwrap(),
            Owner::Bin(bin) => Bin::parse(bin).map(|_| "organisation").unwrap(),
        });
        owners.collect::<Vec<_>>()
    };
    assert_eq!(owners("0201999000000080"), ["organisation"]);
    assert_eq!(owners("0201999000000097"), ["organisation"]);
    assert_eq!(owners("0201999000000103"), ["person"]);
    assert_eq!(owners("0201999000000110"), ["person", "organisation"]);
}
