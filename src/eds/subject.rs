//! From a certificate's subject to a signer: the national profile.
//!
//! The subject says `serialNumber=IIN…`, `OU=BIN…`, `CN=SURNAME NAME`; roles
//! stand in extended key usage. A subject that two readers could take for two
//! people is refused rather than interpreted.

use super::{
    Fault, Oid,
    certificate::Certificate,
    der::tag,
    extension::KeyUsage,
    identity::{Bin, Iin, Names, Signer, SignerKind},
    name::Attribute,
    oid::attribute,
    policy::CheckDigit,
    role::{KeyUse, Role},
};

impl Signer {
    /// Reads whom `certificate` names.
    pub(super) fn read(certificate: &Certificate, check_digit: CheckDigit) -> Result<Self, Fault> {
        let attributes: Vec<_> = certificate.subject().attributes().collect();
        let iin = iin(&attributes, check_digit)?;
        let bin = bin(&attributes, check_digit)?;
        let roles = roles(certificate);
        let kind = match bin.is_some() || roles.iter().any(|role| role.is_of_organisation()) {
            true => SignerKind::Organisation,
            false => SignerKind::Person,
        };
        Ok(Self {
            iin,
            bin,
            names: names(&attributes)?,
            kind,
            roles,
            key_use: KeyUse::of(certificate),
        })
    }

    /// A signer of whom only the key is known.
    pub(super) fn nobody(certificate: &Certificate) -> Self {
        Self {
            iin: None,
            bin: None,
            names: Names::default(),
            kind: SignerKind::Person,
            roles: roles(certificate),
            key_use: KeyUse::of(certificate),
        }
    }
}

fn iin(attributes: &[Attribute<'_>], check_digit: CheckDigit) -> Result<Option<Iin>, Fault> {
    let Some(text) = only(
        attributes,
        attribute::SERIAL_NUMBER,
        "several serial numbers",
    )?
    else {
        return Ok(None);
    };
    let digits = text
        .strip_prefix("IIN")
        .ok_or(Fault::IdentityAmbiguous("serial number is no IIN"))?;
    let iin = match check_digit {
        CheckDigit::Demanded => Iin::parse(digits).ok(),
        CheckDigit::Waived => Iin::parse_unchecked(digits),
    };
    iin.map(Some)
        .ok_or(Fault::IdentityAmbiguous("serial number is no IIN"))
}

fn bin(attributes: &[Attribute<'_>], check_digit: CheckDigit) -> Result<Option<Bin>, Fault> {
    let mut found = None;
    for unit in attributes
        .iter()
        .filter(|attribute| attribute.kind == attribute::UNIT)
    {
        let text = plain_text(unit)?;
        let Some(digits) = text.strip_prefix("BIN") else {
            continue;
        };
        let bin = match check_digit {
            CheckDigit::Demanded => Bin::parse(digits).ok(),
            CheckDigit::Waived => Bin::parse_unchecked(digits),
        };
        let bin = bin.ok_or(Fault::IdentityAmbiguous("unit is no BIN"))?;
        if found.replace(bin).is_some() {
            return Err(Fault::IdentityAmbiguous("several BINs"));
        }
    }
    Ok(found)
}

/// The common name is "SURNAME NAME", and the attribute called given name
/// holds the patronymic.
fn names(attributes: &[Attribute<'_>]) -> Result<Names, Fault> {
    let common =
        only(attributes, attribute::COMMON_NAME, "several common names")?.unwrap_or_default();
    let surname = only(attributes, attribute::SURNAME, "several surnames")?;
    let patronymic = only(attributes, attribute::GIVEN_NAME, "several patronymics")?;
    let organisation = only(attributes, attribute::ORGANISATION, "several organisations")?;
    let after = surname
        .as_deref()
        .and_then(|surname| common.strip_prefix(surname));
    let given = after
        .map(|rest| rest.trim().to_owned())
        .filter(|given| !given.is_empty());
    Ok(Names {
        common,
        surname,
        given,
        patronymic,
        organisation,
    })
}

/// The text of the only attribute of this kind.
fn only(
    attributes: &[Attribute<'_>],
    kind: Oid,
    several: &'static str,
) -> Result<Option<String>, Fault> {
    let mut same = attributes.iter().filter(|attribute| attribute.kind == kind);
    match (same.next(), same.next()) {
        (None, _) => Ok(None),
        (Some(attribute), None) => plain_text(attribute).map(Some),
        (Some(_), Some(_)) => Err(Fault::IdentityAmbiguous(several)),
    }
}

/// Text in one of the two string types of the profile, without characters that
/// a reader does not see.
fn plain_text(attribute: &Attribute<'_>) -> Result<String, Fault> {
    if !matches!(attribute.tag, tag::UTF8_STRING | tag::PRINTABLE_STRING) {
        return Err(Fault::IdentityAmbiguous("string type"));
    }
    let text = attribute
        .text()
        .ok_or(Fault::IdentityAmbiguous("string type"))?;
    if text.chars().any(is_hidden) {
        Err(Fault::IdentityAmbiguous("hidden characters"))
    } else {
        Ok(text.into_owned())
    }
}

/// Controls, marks of writing direction, joiners, fillers and the like.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn roles(certificate: &Certificate) -> Vec<Role> {
    let purposes = certificate
        .extensions()
        .extended_key_usage
        .as_deref()
        .unwrap_or_default();
    purposes.iter().filter_map(Role::of).collect()
}

impl KeyUse {
    pub(super) fn of(certificate: &Certificate) -> Self {
        let allows = |bit| {
            certificate
                .extensions()
                .key_usage
                .is_some_and(|usage| usage.allows(bit))
        };
        match (
            allows(KeyUsage::DIGITAL_SIGNATURE),
            allows(KeyUsage::NON_REPUDIATION),
        ) {
            (true, true) => Self::SignAndAuthenticate,
            (false, true) => Self::Sign,
            (true, false) => Self::Authenticate,
            (false, false) => Self::Other,
        }
    }
}
