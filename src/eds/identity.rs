//! Who a certificate names: a person by IIN, an organisation by BIN.

use std::fmt;

use serde::{Serialize, Serializer};

use super::role::{KeyUse, Role};

/// The individual identification number of a person: twelve digits, the last
/// of which checks the others (Law No 223-III of 12.01.2007, article 1).
///
/// The digits that look like a birth date and a sex prove nothing: since
/// Resolution No 853 of 26.08.2013 a mismatch is no error.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Iin([u8; 12]);

/// The business identification number of an organisation: twelve digits, the
/// last of which checks the others.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bin([u8; 12]);

/// The text is no IIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not twelve digits with a right check digit")]
pub struct NotAnIin;

/// The text is no BIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not twelve digits with a right check digit")]
pub struct NotABin;

impl Iin {
    /// Reads twelve ASCII digits and their check digit.
    ///
    /// ```
    /// use kelisim::eds::Iin;
    /// assert!(Iin::parse("900101300007").is_ok());
    /// assert!(Iin::parse("900101300008").is_err());
    /// ```
    ///
    /// # Errors
    /// [`NotAnIin`] when the length, a character or the check digit is wrong.
    pub fn parse(text: &str) -> Result<Self, NotAnIin> {
        Self::parse_unchecked(text)
            .filter(|iin| check_digit_holds(&iin.0))
            .ok_or(NotAnIin)
    }

    /// Reads twelve digits whatever the last one says: the test person of the
    /// national authority's SDK has a number that fails the check.
    pub(super) fn parse_unchecked(text: &str) -> Option<Self> {
        digits(text).map(Self)
    }

    /// The twelve digits. Personal data: not for logs.
    #[must_use]
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }

    /// The first four digits and eight asterisks: fit for logs and reports.
    #[must_use]
    pub fn masked(&self) -> String {
        mask(&self.0)
    }
}

impl Bin {
    /// Reads twelve ASCII digits and their check digit.
    ///
    /// # Errors
    /// [`NotABin`] when the length, a character or the check digit is wrong.
    pub fn parse(text: &str) -> Result<Self, NotABin> {
        Self::parse_unchecked(text)
            .filter(|bin| check_digit_holds(&bin.0))
            .ok_or(NotABin)
    }

    /// Reads twelve digits whatever the last one says.
    pub(super) fn parse_unchecked(text: &str) -> Option<Self> {
        digits(text).map(Self)
    }

    /// The twelve digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }
}

impl fmt::Debug for Iin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Iin({})", self.masked())
    }
}

impl fmt::Debug for Bin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bin({})", self.as_str())
    }
}

impl Serialize for Bin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Whether a certificate speaks for a person alone or for an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignerKind {
    /// A natural person on his own behalf.
    Person,
    /// Somebody, or some system, on behalf of a legal entity.
    Organisation,
}

/// The names in a subject of the national profile.
///
/// The common name is "SURNAME NAME"; the attribute called given name holds
/// the patronymic, and the given name itself stands only in the common name.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Names {
    pub(super) common: String,
    pub(super) surname: Option<String>,
    pub(super) given: Option<String>,
    pub(super) patronymic: Option<String>,
    pub(super) organisation: Option<String>,
}

impl Names {
    /// The common name as it stands in the certificate.
    #[must_use]
    pub fn common(&self) -> &str {
        &self.common
    }

    /// The surname.
    #[must_use]
    pub fn surname(&self) -> Option<&str> {
        self.surname.as_deref()
    }

    /// The given name: what follows the surname in the common name.
    #[must_use]
    pub fn given(&self) -> Option<&str> {
        self.given.as_deref()
    }

    /// The patronymic, where the person has one.
    #[must_use]
    pub fn patronymic(&self) -> Option<&str> {
        self.patronymic.as_deref()
    }

    /// The organisation's name.
    #[must_use]
    pub fn organisation(&self) -> Option<&str> {
        self.organisation.as_deref()
    }
}

/// Names are personal data: absent from debug output.
impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Names(..)")
    }
}

/// Whom the signing certificate names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    pub(super) iin: Option<Iin>,
    pub(super) bin: Option<Bin>,
    pub(super) names: Names,
    pub(super) kind: SignerKind,
    pub(super) roles: Vec<Role>,
    pub(super) key_use: KeyUse,
}

impl Signer {
    /// The person's number; absent for an information system.
    #[must_use]
    pub fn iin(&self) -> Option<&Iin> {
        self.iin.as_ref()
    }

    /// The organisation's number, when the certificate names one.
    #[must_use]
    pub fn bin(&self) -> Option<&Bin> {
        self.bin.as_ref()
    }

    /// The names as the certificate spells them.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Person or organisation.
    #[must_use]
    pub fn kind(&self) -> SignerKind {
        self.kind
    }

    /// The roles named by extended key usage, in certificate order.
    #[must_use]
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// What the key may do.
    #[must_use]
    pub fn key_use(&self) -> KeyUse {
        self.key_use
    }
}

fn digits(text: &str) -> Option<[u8; 12]> {
    let digits: [u8; 12] = text.as_bytes().try_into().ok()?;
    digits.iter().all(u8::is_ascii_digit).then_some(digits)
}

/// Resolution No 565 of 2003: the weighted sum modulo 11 with weights 1 to 11;
/// when that is 10, with weights 3 to 11, 1, 2; when that is 10 again, the
/// number is never issued.
fn check_digit_holds(number: &[u8; 12]) -> bool {
    let [body @ .., check] = number;
    let weighted = |shift: u32| {
        let sum: u32 = (0..)
            .zip(body)
            .map(|(i, digit)| ((i + shift) % 11 + 1) * value(*digit))
            .sum();
        sum % 11
    };
    match weighted(0) {
        10 => weighted(2) == value(*check),
        sum => sum == value(*check),
    }
}

fn value(digit: u8) -> u32 {
    u32::from(digit.wrapping_sub(b'0'))
}

fn text(number: &[u8; 12]) -> &str {
    std::str::from_utf8(number).unwrap_or_default()
}

fn mask(number: &[u8; 12]) -> String {
    text(number)
        .chars()
        .take(4)
        .chain("********".chars())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_a_right_check_digit_are_read() {
        for text in [
            "900101300007",
            "000101500001",
            "851230400006",
            "900101300811",
            "061211600012",
        ] {
            assert_eq!(
                Iin::parse(text).map(|iin| iin.as_str().to_owned()),
                Ok(text.to_owned())
            );
        }
        assert!(Bin::parse("200140000004").is_ok());
        assert!(Bin::parse("200140000501").is_ok());
    }

    #[test]
    fn a_number_whose_both_rounds_give_ten_is_never_valid() {
        for digit in 0..10 {
            assert_eq!(Iin::parse(&format!("90010130080{digit}")), Err(NotAnIin));
        }
    }

    #[test]
    fn row_99_odd_digits_and_lengths_are_no_iin() {
        for text in [
            "",
            "90010130000",
            "9001013000070",
            "90010130000７",
            "90010130000a",
            " 00101300007",
            "123456789011",
        ] {
            assert_eq!(Iin::parse(text), Err(NotAnIin), "{text}");
        }
    }

    #[test]
    fn only_one_check_digit_is_right() {
        let right = (0..10).filter(|digit| Iin::parse(&format!("90010130000{digit}")).is_ok());
        assert_eq!(right.collect::<Vec<u8>>(), [7]);
    }

    #[test]
    fn debug_output_hides_the_person() {
        let iin = Iin::parse("900101300007").expect("valid");
        assert_eq!(format!("{iin:?}"), "Iin(9001********)");
    }
}
