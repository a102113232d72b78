//! Object identifiers as small values, and the constants of the trade.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Longest encoding kept; the longest in real certificates has about 33 octets.
const CAPACITY: usize = 39;

/// An object identifier in its DER content octets (X.690 section 8.19).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oid {
    /// Compared first: the identifiers of one arc differ in their last octet,
    /// most others in their length.
    last: u8,
    length: u8,
    octets: [u8; CAPACITY],
}

/// The text or the octets are no object identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no object identifier")]
pub struct NotAnOid;

impl Oid {
    /// A constant from dotted decimal text; nonsense does not compile.
    #[must_use]
    #[expect(
        clippy::panic,
        reason = "evaluated by the compiler, for constants only"
    )]
    pub const fn new(dotted: &str) -> Self {
        match Self::encode(dotted) {
            Some(oid) => oid,
            None => panic!("no object identifier"),
        }
    }

    /// The identifier whose DER content octets these are.
    ///
    /// # Errors
    /// [`NotAnOid`] when they are empty, too long, padded or cut short.
    pub fn from_octets(content: &[u8]) -> Result<Self, NotAnOid> {
        let mut octets = [0; CAPACITY];
        match octets.get_mut(..content.len()) {
            Some(start) if Self::is_well_formed(content) => start.copy_from_slice(content),
            Some(_) | None => return Err(NotAnOid),
        }
        let length = u8::try_from(content.len()).map_err(|_| NotAnOid)?;
        let last = content.last().copied().unwrap_or_default();
        Ok(Self {
            last,
            length,
            octets,
        })
    }

    /// Whether these are the content octets of an identifier that can be kept.
    pub(super) fn is_well_formed(content: &[u8]) -> bool {
        let mut begins = true;
        for octet in content {
            // X.690 section 8.19.2: no group starts with a zero that says nothing.
            if begins && *octet == 0x80 {
                return false;
            }
            begins = octet & 0x80 == 0;
        }
        begins && (1..=CAPACITY).contains(&content.len())
    }

    /// The DER content octets.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        self.octets
            .get(..usize::from(self.length))
            .unwrap_or_default()
    }

    const fn encode(dotted: &str) -> Option<Self> {
        let mut oid = Self {
            last: 0,
            length: 0,
            octets: [0; CAPACITY],
        };
        let mut rest = dotted.as_bytes();
        let mut place: u32 = 0;
        let mut first: u64 = 0;
        while !rest.is_empty() {
            let (arc, after) = match take_arc(rest) {
                Some(taken) => taken,
                None => return None,
            };
            rest = after;
            if place == 0 {
                first = arc;
            } else {
                let arc = if place == 1 { first * 40 + arc } else { arc };
                oid = match oid.followed_by(arc) {
                    Some(longer) => longer,
                    None => return None,
                };
            }
            place += 1;
        }
        if place < 2 || first > 2 {
            None
        } else {
            Some(oid)
        }
    }

    #[expect(
        clippy::indexing_slicing,
        clippy::as_conversions,
        reason = "const; the index is checked and the value masked"
    )]
    const fn followed_by(mut self, arc: u64) -> Option<Self> {
        let mut groups = 1;
        while groups < 9 && arc >> (7 * groups) != 0 {
            groups += 1;
        }
        while groups > 0 {
            groups -= 1;
            if self.length as usize == CAPACITY {
                return None;
            }
            let more = if groups > 0 { 0x80 } else { 0 };
            self.last = more | ((arc >> (7 * groups)) & 0x7f) as u8;
            self.octets[self.length as usize] = self.last;
            self.length += 1;
        }
        Some(self)
    }
}

/// The first decimal number of `text` and what follows its dot.
#[expect(clippy::as_conversions, reason = "const; widening")]
const fn take_arc(text: &[u8]) -> Option<(u64, &[u8])> {
    let mut rest = text;
    let mut arc: u64 = 0;
    let mut digits = 0;
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        arc = arc * 10 + (*digit - b'0') as u64;
        rest = after;
        digits += 1;
        if digits > 18 {
            return None;
        }
    }
    match rest {
        [] if digits > 0 => Some((arc, rest)),
        [b'.', after @ ..] if digits > 0 && !after.is_empty() => Some((arc, after)),
        _ => None,
    }
}

impl FromStr for Oid {
    type Err = NotAnOid;

    fn from_str(dotted: &str) -> Result<Self, NotAnOid> {
        Self::encode(dotted).ok_or(NotAnOid)
    }
}

/// Dotted decimal; an arc beyond 64 bits appears as its octets in hexadecimal.
impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for arc in self.octets().split_inclusive(|octet| octet & 0x80 == 0) {
            if arc.len() > 9 {
                f.write_str(".0x")?;
                arc.iter().try_for_each(|octet| write!(f, "{octet:02x}"))?;
                continue;
            }
            let arc = arc
                .iter()
                .fold(0u64, |value, octet| value << 7 | u64::from(octet & 0x7f));
            match (first, arc) {
                (true, 0..80) => write!(f, "{}.{}", arc / 40, arc % 40)?,
                (true, _) => write!(f, "2.{}", arc - 80)?,
                (false, _) => write!(f, ".{arc}")?,
            }
            first = false;
        }
        Ok(())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

impl Serialize for Oid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Oid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Attributes of names (RFC 5280 appendix A.1).
pub(super) mod attribute {
    use super::Oid;

    pub(crate) const COMMON_NAME: Oid = Oid::new("2.5.4.3");
    pub(crate) const SURNAME: Oid = Oid::new("2.5.4.4");
    pub(crate) const SERIAL_NUMBER: Oid = Oid::new("2.5.4.5");
    pub(crate) const COUNTRY: Oid = Oid::new("2.5.4.6");
    pub(crate) const LOCALITY: Oid = Oid::new("2.5.4.7");
    pub(crate) const STATE: Oid = Oid::new("2.5.4.8");
    pub(crate) const ORGANISATION: Oid = Oid::new("2.5.4.10");
    pub(crate) const UNIT: Oid = Oid::new("2.5.4.11");
    pub(crate) const CATEGORY: Oid = Oid::new("2.5.4.15");
    pub(crate) const GIVEN_NAME: Oid = Oid::new("2.5.4.42");
    pub(crate) const USER_ID: Oid = Oid::new("0.9.2342.19200300.100.1.1");
    pub(crate) const DOMAIN_COMPONENT: Oid = Oid::new("0.9.2342.19200300.100.1.25");
    pub(crate) const EMAIL: Oid = Oid::new("1.2.840.113549.1.9.1");

    const SHORT: &[(Oid, &str)] = &[
        (COMMON_NAME, "CN"),
        (SURNAME, "SN"),
        (SERIAL_NUMBER, "SERIALNUMBER"),
        (COUNTRY, "C"),
        (LOCALITY, "L"),
        (STATE, "ST"),
        (ORGANISATION, "O"),
        (UNIT, "OU"),
        (CATEGORY, "businessCategory"),
        (GIVEN_NAME, "GN"),
        (USER_ID, "UID"),
        (DOMAIN_COMPONENT, "DC"),
        (EMAIL, "E"),
    ];

    /// The keyword by which texts know the attribute.
    pub(crate) fn short_name(kind: &Oid) -> Option<&'static str> {
        SHORT
            .iter()
            .find(|(known, _)| known == kind)
            .map(|&(_, short)| short)
    }
}

/// Extensions of certificates and revocation lists (RFC 5280 sections 4.2 and 5.2).
pub(super) mod extension {
    use super::Oid;

    pub(crate) const SUBJECT_KEY_IDENTIFIER: Oid = Oid::new("2.5.29.14");
    pub(crate) const KEY_USAGE: Oid = Oid::new("2.5.29.15");
    pub(crate) const SUBJECT_ALTERNATIVE_NAME: Oid = Oid::new("2.5.29.17");
    pub(crate) const BASIC_CONSTRAINTS: Oid = Oid::new("2.5.29.19");
    pub(crate) const CRL_NUMBER: Oid = Oid::new("2.5.29.20");
    pub(crate) const REASON_CODE: Oid = Oid::new("2.5.29.21");
    pub(crate) const INVALIDITY_DATE: Oid = Oid::new("2.5.29.24");
    pub(crate) const DELTA_CRL_INDICATOR: Oid = Oid::new("2.5.29.27");
    pub(crate) const ISSUING_DISTRIBUTION_POINT: Oid = Oid::new("2.5.29.28");
    pub(crate) const CERTIFICATE_ISSUER: Oid = Oid::new("2.5.29.29");
    pub(crate) const NAME_CONSTRAINTS: Oid = Oid::new("2.5.29.30");
    pub(crate) const CRL_DISTRIBUTION_POINTS: Oid = Oid::new("2.5.29.31");
    pub(crate) const CERTIFICATE_POLICIES: Oid = Oid::new("2.5.29.32");
    pub(crate) const ANY_POLICY: Oid = Oid::new("2.5.29.32.0");
    pub(crate) const POLICY_MAPPINGS: Oid = Oid::new("2.5.29.33");
    pub(crate) const AUTHORITY_KEY_IDENTIFIER: Oid = Oid::new("2.5.29.35");
    pub(crate) const POLICY_CONSTRAINTS: Oid = Oid::new("2.5.29.36");
    pub(crate) const EXTENDED_KEY_USAGE: Oid = Oid::new("2.5.29.37");
    pub(crate) const FRESHEST_CRL: Oid = Oid::new("2.5.29.46");
    pub(crate) const INHIBIT_ANY_POLICY: Oid = Oid::new("2.5.29.54");
    pub(crate) const NO_REVOCATION_AVAILABLE: Oid = Oid::new("2.5.29.56");
    /// Where the private key is kept: SEQUENCE { OBJECT IDENTIFIER }.
    pub(crate) const KEY_STORAGE: Oid = Oid::new("1.2.398.3.3.5");
    pub(crate) const AUTHORITY_INFORMATION_ACCESS: Oid = Oid::new("1.3.6.1.5.5.7.1.1");
    pub(crate) const OCSP_NO_CHECK: Oid = Oid::new("1.3.6.1.5.5.7.48.1.5");

    /// Extensions of certificates whose values must be DER because they are read.
    pub(crate) const KNOWN: &[Oid] = &[
        SUBJECT_KEY_IDENTIFIER,
        KEY_USAGE,
        SUBJECT_ALTERNATIVE_NAME,
        BASIC_CONSTRAINTS,
        NAME_CONSTRAINTS,
        CRL_DISTRIBUTION_POINTS,
        CERTIFICATE_POLICIES,
        POLICY_MAPPINGS,
        AUTHORITY_KEY_IDENTIFIER,
        POLICY_CONSTRAINTS,
        EXTENDED_KEY_USAGE,
        FRESHEST_CRL,
        INHIBIT_ANY_POLICY,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_octets_say_the_same() {
        let oid = Oid::new("1.2.840.113549.1.7.2");
        assert_eq!(
            oid.octets(),
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]
        );
        assert_eq!(oid.to_string(), "1.2.840.113549.1.7.2");
        assert_eq!(
            "2.999.3".parse::<Oid>().map(|oid| oid.octets().to_vec()),
            Ok(vec![0x88, 0x37, 0x03])
        );
        assert_eq!(Oid::from_octets(oid.octets()), Ok(oid));
    }

    #[test]
    fn nonsense_is_no_oid() {
        for text in [
            "",
            "1",
            "1.",
            ".1",
            "1..2",
            "3.1",
            "1.2a",
            "1.99999999999999999999",
        ] {
            assert_eq!(text.parse::<Oid>(), Err(NotAnOid), "{text}");
        }
        for octets in [
            &[][..],
            &[0x80, 1],
            &[0x2a, 0x80, 0x01],
            &[0x2a, 0x86],
            &[1; 40],
        ] {
            assert_eq!(Oid::from_octets(octets), Err(NotAnOid), "{octets:?}");
        }
    }
}
