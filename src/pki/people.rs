//! The invented people of the demonstration, and the dwellings they own.

use serde::{Deserialize, Serialize};

use crate::domain::Use;
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
    /// Works for a legal entity without the right to sign for it.
    Employee,
    /// Works for the service.
    Operator,
    /// Acts for an owner under a power of attorney.
    Delegate,
    /// Acts for a child or a ward.
    Representative,
    /// Rents from the state.
    Tenant,
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
    /// What it is used for.
    pub used_as: Use,
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
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// A person, by individual identification number.
    Iin(String),
    /// An organisation, by business identification number.
    Bin(String),
}

impl Owner {
    /// The individual identification number, if it is a person.
    pub fn iin(&self) -> Option<&str> {
        match self {
            Owner::Iin(iin) => Some(iin),
            Owner::Bin(_) => None,
        }
    }
}

/// Surname, given name, patronymic.
pub(super) type Names = (&'static str, &'static str, Option<&'static str>);

/// Somebody invented: individual identification number and names.
pub(super) type Invented = (&'static str, Names);

pub(super) const RESIDENT_1: Invented = ("920614499917", ("ҚОНАҚБАЕВА", "ӘСЕЛ", Some("ҮЛГІҚЫЗЫ")));
pub(super) const RESIDENT_2: Invented = ("970228399921", ("ЖОЛАУШИН", "ТЕМІР", Some("СЫНАҚҰЛЫ")));
pub(super) const OWNER_1: Invented = ("680917399936", ("ҮЙБАЕВ", "ЕРЛАН", Some("ҮЛГІҰЛЫ")));
pub(super) const OWNER_2: Invented = ("740302499942", ("ПӘТЕРБАЕВА", "ГҮЛНАР", Some("СЫНАҚҚЫЗЫ")));
pub(super) const OWNER_3: Invented = ("710825399954", ("КІЛТБАЕВ", "ДАНИЯР", None));
pub(super) const HEAD: Invented = ("790111499963", ("ҮЛГІБАЕВА", "МӘДИНА", Some("СЫНАҚҚЫЗЫ")));
pub(super) const OPERATOR: Invented = ("880405399974", ("ҚЫЗМЕТКЕРОВ", "САМАТ", Some("ҮЛГІҰЛЫ")));
pub(super) const EXPIRED: Invented = ("650530399987", ("МЕРЗІМБАЕВ", "БОЛАТ", Some("СЫНАҚҰЛЫ")));
pub(super) const REVOKED: Invented = ("830719499999", ("ҚАЙТАРЫМОВА", "САУЛЕ", Some("ҮЛГІҚЫЗЫ")));
pub(super) const RESIDENT_GOST: Invented =
    ("940521499816", ("ҚОНАҚОВА", "АЙГЕРІМ", Some("СЫНАҚҚЫЗЫ")));
pub(super) const OWNER_GOST: Invented = ("861107399814", ("ШАҢЫРАҚОВ", "НҰРЛАН", Some("ҮЛГІҰЛЫ")));
pub(super) const RESIDENT_ECDSA: Invented = ("990311499813", ("МЕЙМАНОВА", "ДАНА", None));
pub(super) const OWNER_ECDSA: Invented = ("771222399810", ("ҚОЖАЙЫНОВ", "МАРАТ", Some("СЫНАҚҰЛЫ")));

pub(super) const OPERATOR_2: Invented =
    ("910820499806", ("ОРНЫНБАЕВА", "ЗАРИНА", Some("СЫНАҚҚЫЗЫ")));
pub(super) const EMPLOYEE: Invented = ("850613399800", ("ЖҰМЫСКЕРОВ", "АРМАН", Some("ҮЛГІҰЛЫ")));
pub(super) const DELEGATE: Invented = ("890127399806", ("СЕНІМБАЕВ", "ОЛЖАС", Some("СЫНАҚҰЛЫ")));
pub(super) const GUARDIAN: Invented = ("760908499801", ("ҚАМҚОРОВА", "ЛӘЗЗАТ", Some("ҮЛГІҚЫЗЫ")));
pub(super) const TENANT: Invented = ("810930499803", ("ЖАЛДАУШИНА", "РАУШАН", None));
/// Fifteen years old in November 2026.
pub(super) const CHILD: Invented = ("110305599805", ("ҚАМҚОРОВ", "АЛИ", Some("ҮЛГІҰЛЫ")));
/// Of age, without capacity.
pub(super) const WARD: Invented = ("000414599805", ("ҚАМҚОРОВ", "БЕКЗАТ", Some("СЫНАҚҰЛЫ")));
/// Ten years old in November 2026.
pub(super) const INFANT: Invented = ("160620699803", ("ҚАМҚОРОВА", "АЯЛА", Some("ҮЛГІҚЫЗЫ")));

/// The organisation that owns a dormitory.
pub(super) const LANDLORD: (&str, &str) = ("190540099905", "«ҮЛГІ ТҰРҒЫН ҮЙ» ЖШС");
/// The service centre.
const OFFICE: (&str, &str) = ("200740099907", "«ҮЛГІ ҚЫЗМЕТ ОРТАЛЫҒЫ» ММ");
/// The municipal body that lets state housing.
pub(super) const MUNICIPALITY: &str = "050340099800";

/// The state flat, which [`TENANT`] rents.
pub(super) const STATE_FLAT: &str = "0201999000000097";

/// Everybody who gets a certificate, in the order they are made.
pub fn characters() -> Vec<Character> {
    use KeyKind::{EcdsaP256, Gost2015With512, Rsa2048};
    let mut all = vec![
        character("resident-1", Part::Resident, RESIDENT_1, Rsa2048),
        character("resident-2", Part::Resident, RESIDENT_2, EcdsaP256),
        character("owner-1", Part::Owner, OWNER_1, EcdsaP256),
        character("owner-2", Part::Owner, OWNER_2, Rsa2048),
        character("owner-3", Part::Owner, OWNER_3, EcdsaP256),
        character("organisation", Part::Organisation, HEAD, Rsa2048).of(LANDLORD),
        character("operator", Part::Operator, OPERATOR, EcdsaP256).of(OFFICE),
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
    all.extend([
        character("operator-2", Part::Operator, OPERATOR_2, EcdsaP256).of(OFFICE),
        character("employee", Part::Employee, EMPLOYEE, EcdsaP256).of(LANDLORD),
        character("delegate", Part::Delegate, DELEGATE, EcdsaP256),
        character("guardian", Part::Representative, GUARDIAN, EcdsaP256),
        character("tenant", Part::Tenant, TENANT, EcdsaP256),
    ]);
    all
}

/// The dwellings of the demonstration: one owner; two owners; an owner whose
/// certificate expired; one whose certificate was revoked; a resident who owns
/// together with somebody else; an owner of each of the other families of keys;
/// the dormitory of an organisation; a flat that the state lets; a flat of a
/// child; one that a person and an organisation own together.
pub fn dwellings() -> Vec<Dwelling> {
    let of = |owners: &[Invented]| owners.iter().map(person).collect();
    let body = |bin: &str| Owner::Bin(bin.to_owned());
    let (landlord, _) = LANDLORD;
    let dormitory = dwelling("0201999000000080", ("Сынақ", 8, 80), vec![body(landlord)]);
    let together = vec![person(&OWNER_1), body(landlord)];
    vec![
        dwelling("0201999000000011", ("Үлгі", 1, 11), of(&[OWNER_1])),
        dwelling("0201999000000028", ("Үлгі", 2, 28), of(&[OWNER_2, OWNER_3])),
        dwelling("0201999000000035", ("Сынақ", 3, 35), of(&[EXPIRED])),
        dwelling("0201999000000042", ("Сынақ", 4, 42), of(&[REVOKED])),
        dwelling(
            "0201999000000059",
            ("Үлгі", 5, 59),
            of(&[RESIDENT_2, OWNER_1]),
        ),
        dwelling("0201999000000066", ("Шаңырақ", 6, 66), of(&[OWNER_GOST])),
        dwelling("0201999000000073", ("Шаңырақ", 7, 73), of(&[OWNER_ECDSA])),
        Dwelling {
            used_as: Use::Lodging,
            ..dormitory
        },
        dwelling(STATE_FLAT, ("Сынақ", 9, 97), vec![body(MUNICIPALITY)]),
        dwelling("0201999000000103", ("Үлгі", 10, 103), of(&[CHILD])),
        dwelling("0201999000000110", ("Үлгі", 11, 110), together),
    ]
}

fn person((iin, _): &Invented) -> Owner {
    Owner::Iin((*iin).to_owned())
}

fn character(
    slug: &'static str,
    part: Part,
    (iin, (surname, given_name, patronymic)): Invented,
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
    fn of(mut self, (bin, name): (&str, &str)) -> Character {
        self.identity.organisation = Some(Organisation {
            bin: bin.to_owned(),
            name: name.to_owned(),
        });
        self
    }

    fn by(mut self, family: Family) -> Character {
        self.family = family;
        self
    }
}

fn dwelling(rka: &str, place: (&str, u16, u16), owners: Vec<Owner>) -> Dwelling {
    let (street, house, flat) = place;
    let address = Address {
        kk: format!("Ойдан қаласы, {street} көшесі, {house}-үй, {flat}-пәтер"),
        ru: format!("г. Ойдан, улица {street}, дом {house}, квартира {flat}"),
        en: format!("{house} {street} street, flat {flat}, Oidan"),
    };
    Dwelling {
        rka: rka.to_owned(),
        address,
        used_as: Use::Home,
        owners,
    }
}
