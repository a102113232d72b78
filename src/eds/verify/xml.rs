//! One XML signature, judged like one in CMS (ETSI EN 319 102-1 section 5.3).
//!
//! The national client writes XML signatures without signed properties: neither a
//! signing time nor a reference to the certificate is signed, so the policy's demands
//! on signed attributes have nothing to look at here. What ties a certificate to the
//! signature is its key alone.

use super::{Found, certificate, concluded, message::Received};
use crate::eds::{
    Check, Digest, Fault, Moment, Policy, Report, Trust, Verified,
    algorithm::AlgorithmIdentifier,
    budget::Budget,
    certificate::Certificate,
    ledger::Ledger,
    xml::{Coverage, SignedElement},
};

/// Verifies the one enveloped signature of an XML document.
///
/// With the proof comes what was signed, in its canonical octets; whoever acts on
/// anything else of the document acts on what nobody signed. The digest in the proof
/// is that of these octets.
///
/// # Errors
/// The [`Report`] of what was found, with the fault that kept the signature from
/// passing.
pub fn verify_xml(
    document: &[u8],
    coverage: Coverage,
    trust: &Trust,
    policy: &Policy,
    moment: Moment,
) -> Verdict {
    let ledger = begun(policy, moment);
    let read = SignedElement::read(document, coverage);
    judge(&read, trust, policy, ledger, &mut Budget::new())
}

/// Judges every signature of an XML document, the last first, each over the document
/// with the signatures before it and without those after it; one answer for each, in
/// the order of the document, or one for the document when it cannot be read so. With
/// the proof comes the document without its signatures, in canonical octets.
///
/// Who counts signers must look at each answer: none stands for the others.
#[must_use]
pub fn validate_xml(
    document: &[u8],
    trust: &Trust,
    policy: &Policy,
    moment: Moment,
) -> Vec<Verdict> {
    let mut budget = Budget::new();
    let mut verdicts: Vec<_> = SignedElement::read_each(document)
        .iter()
        .map(|read| judge(read, trust, policy, begun(policy, moment), &mut budget))
        .collect();
    verdicts.reverse();
    verdicts
}

/// The proof and what was signed.
type Verdict = Result<(Verified, Vec<u8>), Box<Report>>;

fn begun(policy: &Policy, moment: Moment) -> Ledger {
    let mut ledger = Ledger::new(policy, moment);
    ledger.begin(Check::Format);
    ledger
}

fn judge(
    read: &Result<SignedElement, Fault>,
    trust: &Trust,
    policy: &Policy,
    mut ledger: Ledger,
    budget: &mut Budget,
) -> Verdict {
    if matches!(read, Ok(_) | Err(Fault::DigestMismatch)) {
        ledger.begin(Check::Content);
    }
    let found = read
        .as_ref()
        .map_err(|&fault| fault)
        .and_then(|signed| examine(signed, trust, policy, &mut ledger, budget));
    let content = read.as_ref().map_or(&[][..], SignedElement::content);
    concluded(found, ledger).map(|verified| (verified, content.to_vec()))
}

fn examine(
    signed: &SignedElement,
    trust: &Trust,
    policy: &Policy,
    ledger: &mut Ledger,
    budget: &mut Budget,
) -> Result<Found, Fault> {
    ledger.begin(Check::SigningCertificate);
    let certificate = Certificate::read(signed.certificate())?;
    ledger.uses(&certificate);

    ledger.begin(Check::Algorithms);
    let at = ledger.moment().received;
    let named = |kind| AlgorithmIdentifier {
        kind,
        parameters: None,
    };
    let scheme = named(signed.algorithm()).scheme(None)?;
    let key = certificate.public_key()?;
    policy.allows_hash(named(signed.digest_algorithm()).digest()?, at)?;
    policy.allows(scheme, &key, at)?;

    ledger.begin(Check::Signature);
    budget.signature()?;
    key.verify(scheme, signed.signed_info(), signed.signature())?;
    let received = Received::certificates(Vec::new());
    let signer = certificate::judge(&certificate, &received, trust, policy, ledger, budget)?;
    Ok(Found {
        signer,
        content_digest: Digest::of(signed.content()),
        certificate,
    })
}

#[cfg(test)]
mod several;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eds::{
        Indication, SubIndication,
        testing::{
            national::object,
            pki::at,
            scene::{IIN, PERSON, STRANGER, Scene, issue, person},
            xml,
        },
    };

    /// Already canonical, so that the tests need no canonicalization of their own.
    const CONTENT: &str = "<consent><to>dwelling</to></consent>";

    /// A document signed with the person's key, the certificate beside it.
    fn document(certificate: &[u8]) -> String {
        xml::signed(CONTENT, &PERSON, certificate)
    }

    #[track_caller]
    fn verdict(document: &str) -> Result<(Verified, Vec<u8>), Box<Report>> {
        let scene = Scene::new();
        let trust = Trust::new(&scene.anchors, &scene.intermediates, &scene.crls).unwrap();
        let bytes = document.as_bytes();
        verify_xml(
            bytes,
            Coverage::Document,
            &trust,
            &scene.policy,
            scene.moment,
        )
    }

    #[track_caller]
    fn refused(document: &str, fault: Fault, verdict_of: (Indication, SubIndication)) {
        let report = verdict(document).expect_err("passed");
        assert_eq!(report.reason, Some(fault));
        let found = (report.indication, report.sub_indication);
        assert_eq!(found, (verdict_of.0, Some(verdict_of.1)));
    }

    #[test]
    fn a_person_signs_and_what_was_signed_comes_out() {
        let (verified, content) = verdict(&document(&issue(&person()))).unwrap();
        assert_eq!(content, CONTENT.as_bytes());
        assert_eq!(verified.content_digest(), &Digest::of(CONTENT.as_bytes()));
        let iin = verified.signer().iin().expect("a person");
        assert_eq!(iin.as_str(), IIN);
    }

    #[test]
    fn what_was_changed_afterwards_fails() {
        let good = document(&issue(&person()));
        refused(
            &good.replace("dwelling", "palace"),
            Fault::DigestMismatch,
            (Indication::TotalFailed, SubIndication::HashFailure),
        );
        refused(
            &good.replace("<ds:Reference ", "<ds:Reference Id=\"r\" "),
            Fault::SignatureMismatch,
            (Indication::TotalFailed, SubIndication::SigCryptoFailure),
        );
    }

    #[test]
    fn a_certificate_of_another_key_or_issuer_does_not_count() {
        let mut other = person();
        other.key = STRANGER.public();
        refused(
            &document(&issue(&other)),
            Fault::SignatureMismatch,
            (Indication::TotalFailed, SubIndication::SigCryptoFailure),
        );
        refused(
            &document(&person().self_signed(&PERSON)),
            Fault::NoPath,
            (
                Indication::Indeterminate,
                SubIndication::NoCertificateChainFound,
            ),
        );
    }

    #[test]
    fn the_national_sample_holds_but_for_its_self_signed_certificate() {
        let name = "xml/ncalayer-rs_test_gost512.xml_simple.xml";
        let Some(folder) = crate::eds::testing::national::folder() else {
            return;
        };
        let document = std::fs::read(folder.join("eds").join(name)).unwrap();
        let anchor = object("ca-prod/root_gost_2022.pem").expect("the data is there");
        let none: [Vec<u8>; 0] = [];
        let trust = Trust::new(&[anchor], &none, &none).unwrap();
        let moment = Moment::at(at("2026-11-01T00:00:00Z"));
        let policy = Policy::generic();
        let report = verify_xml(&document, Coverage::Document, &trust, &policy, moment)
            .expect_err("no path");
        assert_eq!(report.reason, Some(Fault::NoPath));
    }
}
