//! Raising a signature to long-term form: time-stamp tokens, certificates and
//! revocation data are put beside it, so that who has nothing but a trust anchor
//! can judge it later (ETSI EN 319 102-1 section 4.3; levels T and LT of
//! ETSI EN 319 122-1 section 6).
//!
//! What was signed is never written anew: content, signed attributes and
//! signature value are copied octet for octet. Only the envelope, which nothing
//! signs, is written, in DER.

use std::sync::Arc;

use super::{
    Content, Fault, Moment, Oid, Padding, Policy, Trust,
    certificate::Certificate,
    cms::{Attributes, Parts, REVOCATION_VALUES, SIGNATURE_TIME_STAMP, SignedData, WHOLE_RESPONSE},
    crl::Crl,
    der::tag,
    enclosed,
    encode::{self, element, sequence},
    ocsp::Response,
    timestamp, verify,
};

/// id-signedData (RFC 5652 section 5.1).
const SIGNED_DATA: Oid = Oid::new("1.2.840.113549.1.7.2");
/// The version of a container with revocation data in other forms than lists
/// (RFC 5652 section 5.1).
const WITH_OTHER_REVOCATION: &[u8] = &[5];

/// What is put beside a signature, each element in DER. What is there already
/// is not put there twice.
#[derive(Debug, Clone, Copy, Default)]
pub struct Additions<'a> {
    /// Time-stamp tokens over the signature value, or whole answers of the authority.
    pub time_stamps: &'a [Vec<u8>],
    /// Certificates that lead from the signer, or from a time-stamping
    /// authority, towards an anchor.
    pub certificates: &'a [Vec<u8>],
    /// Revocation lists.
    pub lists: &'a [Vec<u8>],
    /// Answers of responders: whole OCSPResponses.
    pub responses: &'a [Vec<u8>],
}

/// The value of the one signature in a container: what a signature time-stamp is
/// over (ETSI EN 319 122-1 section 5.3).
///
/// ```
/// use kelisim::eds::{Fault, signature_value};
/// assert_eq!(signature_value(&[0x30, 0]), Err(Fault::Malformed("content type")));
/// ```
///
/// # Errors
/// The [`Fault`] of a container that cannot be read or has not exactly one signature.
pub fn signature_value(signature: &[u8]) -> Result<Vec<u8>, Fault> {
    let container = SignedData::read(signature, Padding::Zeros)?;
    Ok(container.only_signer()?.signature.to_vec())
}

/// Puts `additions` beside the one signature of a container, which may be BER;
/// what comes out has a DER envelope. Nothing is verified but that each addition
/// is what it should be, and that the time-stamps are over this signature: the
/// verifier judges what comes along as strictly as anything else.
///
/// ```
/// use kelisim::eds::{Additions, Fault, augment};
/// let nothing = augment(b"no signature", &Additions::default());
/// assert_eq!(nothing, Err(Fault::Malformed("content info")));
/// ```
///
/// # Errors
/// The [`Fault`] of a container that cannot be read, has not exactly one
/// signature, or whose signed attributes are not DER; of an addition that is not
/// what it should be; or of more than a verifier would look at.
pub fn augment(signature: &[u8], additions: &Additions<'_>) -> Result<Vec<u8>, Fault> {
    let container = SignedData::read(signature, Padding::Zeros)?;
    let signer = container.only_signer()?;
    signer.signed_attributes.map(Attributes::read).transpose()?;
    for certificate in additions.certificates {
        Certificate::read(certificate)?;
    }
    for list in additions.lists {
        Crl::read(list)?;
    }
    for response in additions.responses {
        Response::read(response)?;
    }
    let tokens = additions.time_stamps.iter().map(|token| {
        let token = timestamp::token(token)?;
        timestamp::demand_over(token, &signer.signature).map(|()| token)
    });
    let mut new = tokens.collect::<Result<Vec<_>, _>>()?;
    new.retain(|token| !signer.time_stamps.contains(token));
    let augmented = written(&Parts::read(signature)?, additions, &new);
    demand_readable(&augmented)?;
    Ok(augmented)
}

/// Puts beside a signature what `trust` holds of the certificates and lists by
/// which it passes now, so that it can be judged later with the anchors alone.
///
/// # Errors
/// The [`Fault`] that keeps it from passing, or from being raised: a list that is
/// too long goes along with no signature.
pub fn raise(
    signature: &[u8],
    content: Content<'_>,
    trust: &Trust,
    policy: &Policy,
    moment: Moment,
) -> Result<Vec<u8>, Fault> {
    let verified = verify(signature, content, trust, policy, moment)
        .map_err(|report| report.reason.unwrap_or(Fault::NoSignature))?;
    let report = verified.report();
    let stamps = report.time_stamps.iter();
    let of_stamps: Vec<_> = stamps.flat_map(|stamp| stamp.certificates()).collect();
    let all = report.certificates.iter().chain(of_stamps.iter().copied());
    let used: Vec<_> = all.map(|certificate| certificate.sha256).collect();
    let known = trust.certificates().into_iter();
    let known: Vec<_> = known.filter(|one| used.contains(one.sha256())).collect();
    let helpful = |list: &&Arc<Crl>| {
        let mut said = report.revocation.iter().map(|one| one.sha256);
        said.any(|used| used == list.sha256())
            || (!of_stamps.is_empty()
                && known.iter().any(|one| one.subject().matches(list.issuer())))
    };
    let lists = trust.crls.iter().filter(helpful);
    let lists: Vec<_> = lists
        .filter_map(|list| list.der().map(<[u8]>::to_vec))
        .collect();
    let intermediates = known.iter().filter(|one| !trust.anchors.contains(one));
    let certificates: Vec<_> = intermediates.map(|one| one.der().to_vec()).collect();
    let additions = Additions {
        certificates: &certificates,
        lists: &lists,
        ..Additions::default()
    };
    augment(signature, &additions)
}

/// What nobody would read in the end is refused now.
fn demand_readable(augmented: &[u8]) -> Result<(), Fault> {
    let container = SignedData::read(augmented, Padding::Refused)?;
    if container.only_signer()?.time_stamps.len() > timestamp::MOST {
        return Err(Fault::TooLarge("time-stamps"));
    }
    if !enclosed::fit(&container.enclosed.lists) {
        return Err(Fault::TooLarge("revocation lists"));
    }
    Ok(())
}

/// The container with the additions (RFC 5652 sections 5.1 to 5.3).
fn written(parts: &Parts<'_>, additions: &Additions<'_>, tokens: &[&[u8]]) -> Vec<u8> {
    let certificates = set(
        tag::explicit(0),
        parts.certificates.iter().map(|raw| raw.to_vec()),
        additions.certificates.iter().cloned(),
    );
    let beside = match is_token(parts) {
        true => &[][..],
        false => additions.responses,
    };
    let responses = beside.iter().map(|der| other(der));
    let revocation = set(
        tag::explicit(1),
        parts.revocation.iter().map(|raw| raw.to_vec()),
        additions.lists.iter().cloned().chain(responses),
    );
    let version = match beside {
        [] => parts.version,
        [_, ..] => WITH_OTHER_REVOCATION,
    };
    let content = parts.content.as_ref().map(|content| {
        element(
            tag::explicit(0),
            &element(tag::OCTET_STRING, content.as_ref()),
        )
    });
    let content_type = element(tag::OID, parts.content_type);
    let digest_algorithms = parts.digest_algorithms.iter().map(|raw| raw.to_vec());
    let fields = [
        element(tag::INTEGER, version),
        set(tag::SET, digest_algorithms, []).unwrap_or_default(),
        sequence(&[content_type, content.unwrap_or_default()]),
        certificates.unwrap_or_default(),
        revocation.unwrap_or_default(),
        element(tag::SET, &signer_info(parts, additions, tokens)),
    ];
    let explicit = element(tag::explicit(0), &sequence(&fields));
    sequence(&[encode::oid(SIGNED_DATA), explicit])
}

fn signer_info(parts: &Parts<'_>, additions: &Additions<'_>, tokens: &[&[u8]]) -> Vec<u8> {
    let signer = &parts.signer;
    let stamps = tokens.iter().map(|token| {
        let values = element(tag::SET, token);
        sequence(&[encode::oid(SIGNATURE_TIME_STAMP), values])
    });
    let within = match is_token(parts) {
        true => additions.responses,
        false => &[],
    };
    let values = within.iter().filter_map(|der| revocation_values(der));
    let unsigned = set(
        tag::explicit(1),
        signer.unsigned_attributes.iter().map(|raw| raw.to_vec()),
        stamps.chain(values),
    );
    sequence(&[
        element(tag::INTEGER, signer.version),
        element(signer.identifier.tag, signer.identifier.content),
        signer.digest_algorithm.to_vec(),
        signer.signed_attributes.unwrap_or_default().to_vec(),
        signer.signature_algorithm.to_vec(),
        element(tag::OCTET_STRING, signer.signature.as_ref()),
        unsigned.unwrap_or_default(),
    ])
}

/// Whether the container is a time-stamp token. Many who read these, OpenSSL
/// among them, know PKCS #7 only, which has nothing but lists in the place of
/// revocation data, but any attribute.
fn is_token(parts: &Parts<'_>) -> bool {
    parts.content_type == timestamp::TST_INFO.octets()
}

/// The attribute revocation-values with one answer, which goes there without the
/// status around it (ETSI EN 319 122-1 annex A.1.2.2).
fn revocation_values(response: &[u8]) -> Option<Vec<u8>> {
    let response = Response::read(response).ok()?;
    let answers = sequence(&[response.basic_der().to_vec()]);
    let values = sequence(&[element(tag::explicit(1), &answers)]);
    Some(sequence(&[
        encode::oid(REVOCATION_VALUES),
        element(tag::SET, &values),
    ]))
}

/// OtherRevocationInfoFormat with a whole response (RFC 5940 section 2.1).
fn other(response: &[u8]) -> Vec<u8> {
    let format = encode::oid(WHOLE_RESPONSE);
    element(tag::explicit(1), &[&format, response].concat())
}

/// A SET OF what was there and what is new, each once and in the order of DER;
/// none when there is nothing.
fn set(
    tag: u8,
    there: impl IntoIterator<Item = Vec<u8>>,
    new: impl IntoIterator<Item = Vec<u8>>,
) -> Option<Vec<u8>> {
    let mut elements: Vec<_> = there.into_iter().chain(new).collect();
    elements.sort();
    elements.dedup();
    (!elements.is_empty()).then(|| element(tag, &elements.concat()))
}

#[cfg(test)]
mod tests;
