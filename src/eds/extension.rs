//! The extensions of a certificate (RFC 5280 section 4.2).

use super::{
    Nocheck, Oid,
    certificate::{Span, span},
    der::{self, Malformed, Reader, tag},
    oid::extension as oid,
};

/// More extensions than this are refused: real certificates have up to a dozen.
const MOST: usize = 40;

/// Key usage bits (RFC 5280 section 4.2.1.3), the first bit being the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KeyUsage(u16);

impl KeyUsage {
    pub(super) const DIGITAL_SIGNATURE: u16 = 0x8000;
    pub(super) const NON_REPUDIATION: u16 = 0x4000;
    pub(super) const KEY_CERT_SIGN: u16 = 0x0400;
    pub(super) const CRL_SIGN: u16 = 0x0200;

    pub(super) fn allows(self, bit: u16) -> bool {
        self.0 & bit != 0
    }

    /// The bits that are set, by their names in RFC 5280.
    pub(super) fn names(self) -> Vec<&'static str> {
        const NAMES: [&str; 9] = [
            "digitalSignature",
            "nonRepudiation",
            "keyEncipherment",
            "dataEncipherment",
            "keyAgreement",
            "keyCertSign",
            "cRLSign",
            "encipherOnly",
            "decipherOnly",
        ];
        let set = NAMES
            .iter()
            .zip(0..)
            .filter(|(_, place)| self.allows(0x8000 >> place));
        set.map(|(name, _)| *name).collect()
    }
}

/// Who may issue certificates, and how many may follow (section 4.2.1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BasicConstraints {
    pub(super) authority: bool,
    pub(super) path_length: Option<u32>,
}

/// Section 4.2.1.11: how many certificates may follow before the rule bites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct PolicyConstraints {
    pub(super) require_explicit: Option<u32>,
    pub(super) inhibit_mapping: Option<u32>,
}

/// What the extensions say; places are spans of the certificate's bytes.
#[derive(Debug, Clone, Default)]
pub(super) struct Extensions {
    pub(super) key_usage: Option<KeyUsage>,
    pub(super) basic_constraints: Option<BasicConstraints>,
    pub(super) subject_key_identifier: Option<Span>,
    pub(super) authority_key_identifier: Option<Span>,
    pub(super) extended_key_usage: Option<Vec<Oid>>,
    pub(super) extended_key_usage_is_critical: bool,
    pub(super) policies: Option<Vec<Oid>>,
    pub(super) policy_mappings: Vec<(Oid, Oid)>,
    pub(super) policy_constraints: PolicyConstraints,
    pub(super) inhibit_any_policy: Option<u32>,
    pub(super) name_constraints: Option<Span>,
    pub(super) alternative_names: Option<Span>,
    pub(super) distribution_points: Option<Span>,
    pub(super) freshest_crl: Option<Span>,
    pub(super) information_access: Option<Span>,
    /// The form of ocsp-nocheck, if it is there.
    pub(super) nocheck: Option<Nocheck>,
    /// Where the private key is kept, by the national profile.
    pub(super) key_storage: Option<Oid>,
    /// ocsp-nocheck (RFC 6960 section 4.2.2.2.1) or noRevAvail (RFC 9608).
    pub(super) waives_revocation: bool,
    /// A critical extension that is not understood here.
    pub(super) unknown_critical: bool,
}

impl Extensions {
    /// Reads the SEQUENCE OF Extension; `whole` is the certificate it lies in.
    pub(super) fn read(extensions: &[u8], whole: &[u8]) -> Result<Self, Malformed> {
        let mut list = Reader::only(extensions, tag::SEQUENCE, "extensions")?;
        let mut read = Self::default();
        let mut seen: Vec<Oid> = Vec::with_capacity(12);
        while !list.is_empty() {
            let extension = Extension::read(&mut list)?;
            // Section 4.2: a certificate must not include an extension twice.
            if seen.contains(&extension.kind) {
                return Err(Malformed("duplicate extension"));
            }
            if seen.len() == MOST {
                return Err(Malformed("too many extensions"));
            }
            seen.push(extension.kind);
            read.take(&extension, whole)?;
        }
        if seen.is_empty() {
            Err(Malformed("extensions"))
        } else {
            Ok(read)
        }
    }

    fn take(&mut self, extension: &Extension<'_>, whole: &[u8]) -> Result<(), Malformed> {
        let value = extension.value;
        if oid::KNOWN.contains(&extension.kind) {
            der::check(value)?;
        }
        match extension.kind {
            oid::KEY_USAGE => self.key_usage = Some(key_usage(value)?),
            oid::BASIC_CONSTRAINTS => self.basic_constraints = Some(basic_constraints(value)?),
            oid::SUBJECT_KEY_IDENTIFIER => {
                self.subject_key_identifier = Some(span(whole, key_identifier(value)?))
            }
            oid::AUTHORITY_KEY_IDENTIFIER => {
                self.authority_key_identifier =
                    authority_key_identifier(value)?.map(|id| span(whole, id));
            }
            oid::EXTENDED_KEY_USAGE => {
                self.extended_key_usage = Some(purposes(value)?);
                self.extended_key_usage_is_critical = extension.critical;
            }
            oid::CERTIFICATE_POLICIES => self.policies = Some(policies(value)?),
            oid::POLICY_MAPPINGS => self.policy_mappings = policy_mappings(value)?,
            oid::POLICY_CONSTRAINTS => self.policy_constraints = policy_constraints(value)?,
            oid::INHIBIT_ANY_POLICY => self.inhibit_any_policy = Some(count(value)?),
            _ => self.take_for_later(extension, whole)?,
        }
        Ok(())
    }

    /// What is read when somebody asks, what only informs, and what is not known.
    fn take_for_later(&mut self, extension: &Extension<'_>, whole: &[u8]) -> Result<(), Malformed> {
        let value = extension.value;
        match extension.kind {
            oid::NAME_CONSTRAINTS => self.name_constraints = Some(span(whole, value)),
            oid::SUBJECT_ALTERNATIVE_NAME => self.alternative_names = Some(span(whole, value)),
            oid::CRL_DISTRIBUTION_POINTS => self.distribution_points = Some(span(whole, value)),
            oid::FRESHEST_CRL => self.freshest_crl = Some(span(whole, value)),
            oid::AUTHORITY_INFORMATION_ACCESS => {
                // It informs only, and is read when somebody asks.
                self.information_access = Some(span(whole, value));
                self.unknown_critical |= extension.critical;
            }
            oid::OCSP_NO_CHECK => {
                self.nocheck = match value {
                    [tag::NULL, 0] => Some(Nocheck::Null),
                    [] => Some(Nocheck::NullOrEmpty),
                    _ => return Err(Malformed("ocsp-nocheck")),
                };
                self.waives_revocation = true;
            }
            oid::NO_REVOCATION_AVAILABLE => self.waives_revocation = true,
            oid::KEY_STORAGE => {
                // It informs only: what cannot be read is as good as absent.
                self.key_storage = key_storage(value).ok();
                self.unknown_critical |= extension.critical;
            }
            _ => self.unknown_critical |= extension.critical,
        }
        Ok(())
    }

    pub(super) fn is_authority(&self) -> bool {
        self.basic_constraints
            .is_some_and(|constraints| constraints.authority)
    }
}

/// One extension of a certificate, a revocation list or one of its entries.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extension<'a> {
    pub(super) kind: Oid,
    pub(super) critical: bool,
    pub(super) value: &'a [u8],
}

impl<'a> Extension<'a> {
    pub(super) fn read(list: &mut Reader<'a>) -> Result<Self, Malformed> {
        let mut fields = list.enter(tag::SEQUENCE, "extension")?;
        let kind = fields.oid("extension")?;
        let critical = fields.flag("extension")?;
        let value = fields.content(tag::OCTET_STRING, "extension")?;
        fields.finish("extension")?;
        Ok(Self {
            kind,
            critical,
            value,
        })
    }
}

fn key_usage(value: &[u8]) -> Result<KeyUsage, Malformed> {
    let mut reader = Reader::new(value);
    let bits = reader.content(tag::BIT_STRING, "key usage")?;
    reader.finish("key usage")?;
    match *bits {
        [_, only] => Ok(KeyUsage(u16::from_be_bytes([only, 0]))),
        [_, first, second] => Ok(KeyUsage(u16::from_be_bytes([first, second]))),
        _ => Err(Malformed("key usage")),
    }
}

fn basic_constraints(value: &[u8]) -> Result<BasicConstraints, Malformed> {
    let mut fields = Reader::only(value, tag::SEQUENCE, "basic constraints")?;
    let authority = fields.flag("basic constraints")?;
    let path_length = match fields.is_empty() {
        true => None,
        false => Some(fields.small_integer("basic constraints")?),
    };
    fields.finish("basic constraints")?;
    Ok(BasicConstraints {
        authority,
        path_length,
    })
}

fn key_identifier(value: &[u8]) -> Result<&[u8], Malformed> {
    let mut reader = Reader::new(value);
    let identifier = reader.content(tag::OCTET_STRING, "key identifier")?;
    reader.finish("key identifier")?;
    Ok(identifier)
}

fn authority_key_identifier(value: &[u8]) -> Result<Option<&[u8]>, Malformed> {
    let mut fields = Reader::only(value, tag::SEQUENCE, "authority key identifier")?;
    let identifier = fields.optional(tag::context(0))?;
    fields.optional(tag::explicit(1))?;
    fields.optional(tag::context(2))?;
    fields.finish("authority key identifier")?;
    Ok(identifier.map(|element| element.content))
}

fn purposes(value: &[u8]) -> Result<Vec<Oid>, Malformed> {
    let mut list = Reader::only(value, tag::SEQUENCE, "extended key usage")?;
    let mut purposes = vec![list.oid("extended key usage")?];
    while !list.is_empty() {
        purposes.push(list.oid("extended key usage")?);
    }
    Ok(purposes)
}

/// Section 4.2.1.4: no policy may appear more than once; qualifiers inform only.
fn policies(value: &[u8]) -> Result<Vec<Oid>, Malformed> {
    let mut list = Reader::only(value, tag::SEQUENCE, "certificate policies")?;
    let mut policies = Vec::with_capacity(4);
    while !list.is_empty() {
        let mut fields = list.enter(tag::SEQUENCE, "certificate policies")?;
        let policy = fields.oid("certificate policies")?;
        fields.optional(tag::SEQUENCE)?;
        fields.finish("certificate policies")?;
        if policies.contains(&policy) || policies.len() == MOST {
            return Err(Malformed("certificate policies"));
        }
        policies.push(policy);
    }
    if policies.is_empty() {
        Err(Malformed("certificate policies"))
    } else {
        Ok(policies)
    }
}

fn policy_mappings(value: &[u8]) -> Result<Vec<(Oid, Oid)>, Malformed> {
    let mut list = Reader::only(value, tag::SEQUENCE, "policy mappings")?;
    let mut mappings = Vec::new();
    while !list.is_empty() {
        let mut pair = list.enter(tag::SEQUENCE, "policy mappings")?;
        mappings.push((pair.oid("policy mappings")?, pair.oid("policy mappings")?));
        pair.finish("policy mappings")?;
        if mappings.len() > MOST {
            return Err(Malformed("policy mappings"));
        }
    }
    if mappings.is_empty() {
        Err(Malformed("policy mappings"))
    } else {
        Ok(mappings)
    }
}

fn policy_constraints(value: &[u8]) -> Result<PolicyConstraints, Malformed> {
    let mut fields = Reader::only(value, tag::SEQUENCE, "policy constraints")?;
    let mut skip = |number| match fields.optional(tag::context(number))? {
        Some(element) => der::minimal_small(element.content)
            .map(Some)
            .ok_or(Malformed("policy constraints")),
        None => Ok(None),
    };
    let constraints = PolicyConstraints {
        require_explicit: skip(0)?,
        inhibit_mapping: skip(1)?,
    };
    fields.finish("policy constraints")?;
    match constraints {
        PolicyConstraints {
            require_explicit: None,
            inhibit_mapping: None,
        } => Err(Malformed("policy constraints")),
        some => Ok(some),
    }
}

fn key_storage(value: &[u8]) -> Result<Oid, Malformed> {
    let mut fields = Reader::only(value, tag::SEQUENCE, "key storage")?;
    let store = fields.oid("key storage")?;
    fields.finish("key storage")?;
    Ok(store)
}

fn count(value: &[u8]) -> Result<u32, Malformed> {
    let mut reader = Reader::new(value);
    let number = reader.small_integer("inhibit any policy")?;
    reader.finish("inhibit any policy")?;
    Ok(number)
}
