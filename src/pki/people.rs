//! The invented people of the demonstration, and the dwellings they own.

use serde::{Deserialize, Serialize};

use crate::pki::{Family, Identity, KeyKind, Organisation};

/// What somebody does in the demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Wants to be registered.
    Resident,
    /// Owns a dwelling and is asked for his consent.
    Owner,
    /// Signs for a legal entity, which must not count as a person's consent.
    Organisation,
    /// Works for the service.
    Operator,
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Documents and login, as the national key of today.
    Signing,
    /// Login alone, as the national authentication key.
    Authentication,
}

/// How a certificate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Valid.
    Valid,
    /// Past its end.
    Expired,
    /// Revoked before its end.
    Revoked,
}

/// Somebody who gets a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Character {
    /// Name of his files.
    pub slug: &'static str,
    /// What he does.
    pub part: Part,
    /// Whom the certificate names.
    pub identity: Identity,
    /// What the key is for.
    pub purpose: Purpose,
    /// What kind of key it is.
    pub key: KeyKind,
    /// Whose authority certifies it.
    pub family: Family,
    /// How the certificate stands.
    pub standing: Standing,
}

/// A dwelling as the real-estate register knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dwelling {
    /// Registration code of the address, sixteen digits.
    pub rka: String,
    /// The address in three languages.
    pub address: Address,
    /// Who owns it.
    pub owners: Vec<Owner>,
}

/// An address in Kazakh, Russian and English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// In Kazakh.
    pub kk: String,
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

/// An owner, by number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Individual identification number.
    pub iin: String,
}

/// Surname, given name, patronymic.
type Names = (&'static str, &'static str, Option<&'static str>);

const RESIDENT_1: (&str, Names) = ("920614499917", ("ҚОНАҚБАЕВА", "ӘСЕЛ", Some("ҮЛГІҚЫЗЫ")));
const RESIDENT_2: (&str, Names) = ("970228399921", ("ЖОЛАУШИН", "ТЕМІР", Some("СЫНАҚҰЛЫ")));
const OWNER_1: (&str, Names) = ("680917399936", ("ҮЙБАЕВ", "ЕРЛАН", Some("ҮЛГІҰЛЫ")));
const OWNER_2: (&str, Names) = ("740302499942", ("ПӘТЕРБАЕВА", "ГҮЛНАР", Some("СЫНАҚҚЫЗЫ")));
const OWNER_3: (&str, Names) = ("710825399954", ("КІЛТБАЕВ", "ДАНИЯР", None));
const HEAD: (&str, Names) = ("790111499963", ("ҮЛГІБАЕВА", "МӘДИНА", Some("СЫНАҚҚЫЗЫ")));
const OPERATOR: (&str, Names) = ("880405399974", ("ҚЫЗМЕТКЕРОВ", "САМАТ", Some("ҮЛГІҰЛЫ")));
const EXPIRED: (&str, Names) = ("650530399987", ("МЕРЗІМБАЕВ", "БОЛАТ", Some("СЫНАҚҰЛЫ")));
const REVOKED: (&str, Names) = ("830719499999", ("ҚАЙТАРЫМОВА", "САУЛЕ", Some("ҮЛГІҚЫЗЫ")));
const RESIDENT_GOST: (&str, Names) = ("940521499816", ("ҚОНАҚОВА", "АЙГЕРІМ", Some("СЫНАҚҚЫЗЫ")));
const OWNER_GOST: (&str, Names) = ("861107399814", ("ШАҢЫРАҚОВ", "НҰРЛАН", Some("ҮЛГІҰЛЫ")));
const RESIDENT_ECDSA: (&str, Names) = ("990311499813", ("МЕЙМАНОВА", "ДАНА", None));
const OWNER_ECDSA: (&str, Names) = ("771222399810", ("ҚОЖАЙЫНОВ", "МАРАТ", Some("СЫНАҚҰЛЫ")));

/// Everybody who gets a certificate, in the order they are made.
pub fn characters() -> Vec<Character> {
    use KeyKind::{EcdsaP256, Gost2015With512, Rsa2048};
    let landlord = organisation("190540099905", "«ҮЛГІ ТҰРҒЫН ҮЙ» ЖШС");
    let office = organisation("200740099907", "«ҮЛГІ ҚЫЗМЕТ ОРТАЛЫҒЫ» ММ");
    let mut all = vec![
        character("resident-1", Part::Resident, RESIDENT_1, Rsa2048),
        character("resident-2", Part::Resident, RESIDENT_2, EcdsaP256),
        character("owner-1", Part::Owner, OWNER_1, EcdsaP256),
        character("owner-2", Part::Owner, OWNER_2, Rsa2048),
        character("owner-3", Part::Owner, OWNER_3, EcdsaP256),
        character("organisation", Part::Organisation, HEAD, Rsa2048).of(landlord),
        character("operator", Part::Operator, OPERATOR, EcdsaP256).of(office),
    ];
    let mut authentication = character("resident-1-auth", Part::Resident, RESIDENT_1, Rsa2048);
    authentication.purpose = Purpose::Authentication;
    let mut expired = character("owner-expired", Part::Owner, EXPIRED, EcdsaP256);
    expired.standing = Standing::Expired;
    let mut revoked = character("owner-revoked", Part::Owner, REVOKED, Rsa2048);
    revoked.standing = Standing::Revoked;
    all.extend([authentication, expired, revoked]);
    all.extend([
        character(
            "resident-gost",
            Part::Resident,
            RESIDENT_GOST,
            Gost2015With512,
        )
        .by(Family::Gost),
        character("owner-gost", Part::Owner, OWNER_GOST, Gost2015With512).by(Family::Gost),
        character("resident-ecdsa", Part::Resident, RESIDENT_ECDSA, EcdsaP256).by(Family::Ecdsa),
        character("owner-ecdsa", Part::Owner, OWNER_ECDSA, EcdsaP256).by(Family::Ecdsa),
    ]);
    all
}

/// The dwellings of the demonstration: one owner; two owners; an owner whose
/// certificate expired; one whose certificate was revoked; a resident who owns
/// together with somebody else; an owner of each of the other families of keys.
pub fn dwellings() -> Vec<Dwelling> {
    vec![
        dwelling("0201999000000011", ("Үлгі", 1, 11), &[OWNER_1]),
        dwelling("0201999000000028", ("Үлгі", 2, 28), &[OWNER_2, OWNER_3]),
        dwelling("0201999000000035", ("Сынақ", 3, 35), &[EXPIRED]),
        dwelling("0201999000000042", ("Сынақ", 4, 42), &[REVOKED]),
        dwelling("0201999000000059", ("Үлгі", 5, 59), &[RESIDENT_2, OWNER_1]),
        dwelling("0201999000000066", ("Шаңырақ", 6, 66), &[OWNER_GOST]),
        dwelling("0201999000000073", ("Шаңырақ", 7, 73), &[OWNER_ECDSA]),
    ]
}

fn character(
    slug: &'static str,
    part: Part,
    (iin, (surname, given_name, patronymic)): (&str, Names),
    key: KeyKind,
) -> Character {
    let identity = Identity {
        iin: iin.to_owned(),
        surname: surname.to_owned(),
        given_name: given_name.to_owned(),
        patronymic: patronymic.map(str::to_owned),
        organisation: None,
    };
    let (purpose, standing) = (Purpose::Signing, Standing::Valid);
    Character {
        slug,
        part,
        identity,
        purpose,
        key,
        family: Family::Rsa,
        standing,
    }
}

impl Character {
    fn of(mut self, organisation: Organisation) -> Character {
        self.identity.organisation = Some(organisation);
        self
    }

    fn by(mut self, family: Family) -> Character {
        self.family = family;
        self
    }
}

fn organisation(bin: &str, name: &str) -> Organisation {
    Organisation {
        bin: bin.to_owned(),
        name: name.to_owned(),
    }
}

fn dwelling(rka: &str, place: (&str, u16, u16), owners: &[(&str, Names)]) -> Dwelling {
    let (street, house, flat) = place;
    let address = Address {
        kk: format!("Ойдан қаласы, {street} көшесі, {house}-үй, {flat}-пәтер"),
        ru: format!("г. Ойдан, улица {street}, дом {house}, квартира {flat}"),
        en: format!("{house} {street} street, flat {flat}, Oidan"),
    };
    let owners = owners
        .iter()
        .map(|(iin, _)| Owner {
            iin: (*iin).to_owned(),
        })
        .collect();
    Dwelling {
        rka: rka.to_owned(),
        address,
        owners,
    }
}
