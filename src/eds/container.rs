//! A file with signatures, whatever its form, and the verdict on each of them.

use std::borrow::Cow;

use serde::Serialize;

use super::{
    Check, Content, Fault, Indication, Moment, Numbers, Outcome, Padding, Policy, Report, Summary,
    Trust, Verified,
    armour::unarmoured,
    certificate::Certificate,
    cms::SignedData,
    verify::{validate, validate_xml},
    xml,
};

/// What the octets look like. Nothing is said yet about whether they are it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Cryptographic Message Syntax (RFC 5652), CAdES included.
    Cms,
    /// A document with enveloped XML signatures.
    Xml,
}

/// A file that claims to hold signatures.
#[derive(Debug, Clone)]
pub struct Container<'a> {
    form: Form,
    octets: Cow<'a, [u8]>,
}

/// The verdict on a file: one report for each signature in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Validation {
    /// What the file looks like.
    pub form: Form,
    /// The worst of the signatures' main statuses.
    pub indication: Indication,
    /// The signatures in the order of the file; never empty.
    pub signatures: Vec<Judged>,
}

/// One signature: who made it, and whether it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// The certificate that the signature names, when it could be found. It
    /// says who signed only if the report says that everything holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer: Option<Summary>,
    /// The validation report.
    pub report: Report,
}

impl<'a> Container<'a> {
    /// Looks at the octets: XML, or CMS in DER or BER, with PEM or base64 around it
    /// or without.
    #[must_use]
    pub fn of(octets: &'a [u8]) -> Self {
        let text = octets.strip_prefix("\u{feff}".as_bytes()).unwrap_or(octets);
        let (form, octets) = match text.trim_ascii_start() {
            [b'<', ..] => (Form::Xml, Cow::Borrowed(octets)),
            // What is no armour is read as it is, and the report says what is wrong.
            _ => (Form::Cms, unarmoured(octets).unwrap_or(octets.into())),
        };
        Self { form, octets }
    }

    /// Judges every signature in the file. A file that holds none, or cannot be
    /// read, gets one report that says so.
    #[must_use]
    pub fn validate(
        &self,
        content: Content<'_>,
        trust: &Trust,
        policy: &Policy,
        moment: Moment,
    ) -> Validation {
        let verdicts = match self.form {
            Form::Cms => validate(&self.octets, content, trust, policy, moment),
            Form::Xml => validate_xml(&self.octets, trust, policy, moment)
                .into_iter()
                .map(|verdict| {
                    verdict.and_then(|(verified, signed)| over(content, &signed, verified))
                })
                .collect(),
        };
        let received = self.certificates();
        let known = trust.intermediates.iter().chain(&trust.anchors);
        let known: Vec<_> = received.iter().chain(known).collect();
        Validation::of(
            self.form,
            verdicts
                .into_iter()
                .map(|verdict| Judged::of(verdict, &known))
                .collect(),
        )
    }

    /// The certificates in the file, as far as they can be read.
    fn certificates(&self) -> Vec<Certificate> {
        match self.form {
            Form::Cms => SignedData::read(&self.octets, Padding::Zeros)
                .map(|container| container.certificates)
                .unwrap_or_default()
                .iter()
                .filter_map(|der| Certificate::read(der).ok())
                .collect(),
            Form::Xml => xml::certificates(&self.octets)
                .iter()
                .filter_map(|der| Certificate::read(der).ok())
                .collect(),
        }
    }
}

/// What was signed in an XML document must be the content, if one is given.
fn over(given: Content<'_>, signed: &[u8], verified: Verified) -> Result<Verified, Box<Report>> {
    let same = match given {
        Content::Attached => true,
        Content::Detached(given) => given == signed,
        Content::Digest(given) => given == verified.content_digest,
    };
    if same {
        return Ok(verified);
    }
    let mut report = verified.report;
    let (indication, sub_indication) = Fault::ContentDiffers.verdict();
    report.indication = indication;
    report.sub_indication = Some(sub_indication);
    report.reason = Some(Fault::ContentDiffers);
    for checked in &mut report.checks {
        if checked.check == Check::Content {
            checked.outcome = Outcome::Failed;
        }
    }
    Err(Box::new(report))
}

impl Validation {
    fn of(form: Form, signatures: Vec<Judged>) -> Self {
        let any = |indication| {
            signatures
                .iter()
                .any(|judged| judged.report.indication == indication)
        };
        let indication = if any(Indication::TotalFailed) {
            Indication::TotalFailed
        } else if any(Indication::Indeterminate) || signatures.is_empty() {
            Indication::Indeterminate
        } else {
            Indication::TotalPassed
        };
        Self {
            form,
            indication,
            signatures,
        }
    }
}

impl Judged {
    fn of(verdict: Result<Verified, Box<Report>>, known: &[&Certificate]) -> Self {
        let report = match verdict {
            Ok(verified) => verified.report,
            Err(report) => *report,
        };
        let named = report.certificates.first().and_then(|first| {
            known
                .iter()
                .find(|certificate| *certificate.sha256() == first.sha256)
        });
        Self {
            signer: named.map(|certificate| Summary::of(certificate, Numbers::Masked)),
            report,
        }
    }
}

#[cfg(test)]
mod tests;
