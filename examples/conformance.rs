//! Answers conformance cases: JSON lines in, `{"id", "result"}` lines out.
//!
//! Each case goes through the public functions that the service uses. Where a
//! suite asks for a rule that no profile of ours has, the case's policy says so;
//! nothing here decides anything by itself.

use std::io::{self, BufRead, Write};

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use kelisim::eds::{
    self, Check, Content, Digest, DigestName, Limit, Moment, Oid, Outcome, PathRules, Policy,
    Purpose, Report, Revocation, Trust,
    ocsp::{Response, Verdict},
    timestamp::{self, Stamped},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// One case; which fields are there depends on its kind.
#[derive(Deserialize)]
struct Case {
    #[serde(skip)]
    memory: Option<Trust>,
    /// Whether each list is kept in the form of large ones.
    #[serde(skip)]
    compact: bool,
    id: Value,
    kind: String,
    #[serde(default)]
    anchors: Vec<String>,
    #[serde(default)]
    chain: Vec<String>,
    #[serde(default)]
    extra_certs: Vec<String>,
    #[serde(default)]
    crls: Vec<String>,
    time: Option<DateTime<Utc>>,
    policy: Option<CasePolicy>,
    revocation: Option<String>,
    max_chain_depth: Option<usize>,
    max_crl_age_s: Option<u32>,
    cert: Option<String>,
    issuer: Option<String>,
    ocsp: Option<String>,
    max_age_s: Option<u32>,
    tsr: Option<String>,
    data: Option<String>,
    digest: Option<String>,
    cms: Option<String>,
    content: Option<String>,
    content_digest: Option<CaseDigest>,
    level: Option<String>,
    spki: Option<String>,
    alg: Option<String>,
    hash: Option<String>,
    pss: Option<Value>,
    msg: Option<String>,
    sig: Option<String>,
}

#[derive(Deserialize)]
struct CaseDigest {
    alg: String,
    digest: String,
}

impl CaseDigest {
    fn read(&self) -> Result<Digest, String> {
        let octets: Result<[u8; 32], _> = base64(&self.digest)?.try_into();
        match (self.alg.as_str(), octets) {
            ("SHA256", Ok(octets)) => Ok(Digest::from(octets)),
            (_, _) => Err("digest not supported".to_owned()),
        }
    }
}

#[derive(Deserialize, Default)]
struct CasePolicy {
    #[serde(default)]
    initial_policy_set: Vec<String>,
    #[serde(default)]
    require_explicit_policy: bool,
    #[serde(default)]
    inhibit_policy_mapping: bool,
    #[serde(default)]
    inhibit_any_policy: bool,
}

type Answer = Result<(), String>;

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        writeln!(out, "{}", answer(&line))?;
    }
    Ok(())
}

pub(crate) fn answer(line: &str) -> Value {
    answer_remembering(line, None)
}

/// The same with the memory of verified signatures that this trust has. Each
/// question is then asked twice, so that the certificate returns.
pub(crate) fn answer_remembering(line: &str, memory: Option<&Trust>) -> Value {
    let prepared = |case| Case {
        memory: memory.cloned(),
        ..case
    };
    answer_prepared(line, prepared)
}

/// The same with each revocation list kept in the form of large ones.
#[allow(dead_code, reason = "the tests of the verifier ask for it")]
pub(crate) fn answer_compacting(line: &str) -> Value {
    let prepared = |case| Case {
        compact: true,
        ..case
    };
    answer_prepared(line, prepared)
}

fn answer_prepared(line: &str, prepared: impl FnOnce(Case) -> Case) -> Value {
    let case = match serde_json::from_str(line) {
        Ok(case) => prepared(case),
        Err(error) => {
            return json!({ "id": null, "result": "no answer", "detail": error.to_string() });
        }
    };
    let verdict = match case.kind.as_str() {
        "ocsp" => return ocsp(&case),
        "path" => path(&case),
        "cms" => cms(&case),
        "sig" => sig(&case),
        "tsp" => tsp(&case),
        _ => return json!({ "id": case.id, "result": "no answer", "detail": "kind" }),
    };
    match verdict {
        Ok(()) => json!({ "id": case.id, "result": "accept" }),
        Err(detail) => json!({ "id": case.id, "result": "reject", "detail": detail }),
    }
}

impl Case {
    fn asked<T>(&self, ask: impl Fn() -> T) -> T {
        if self.memory.is_some() {
            drop(ask());
        }
        ask()
    }
}

/// A path from the first certificate of the chain; the others may help.
fn path(case: &Case) -> Answer {
    let chain = decoded(&case.chain)?;
    let (leaf, others) = chain.split_first().ok_or("no certificate")?;
    let trust = trust(case, others)?;
    let policy = policy(case)?.with(|rules| rules.purpose = Purpose::Unspecified);
    let ask = || eds::validate_certificate(leaf, others, &trust, &policy, moment(case));
    let verdict = case.asked(ask);
    verdict.map(|_| ()).map_err(|report| reason(&report))
}

fn cms(case: &Case) -> Answer {
    let signature = base64(case.cms.as_deref().ok_or("no message")?)?;
    let content = case.content.as_deref().map(base64).transpose()?;
    let content = match (&content, &case.content_digest) {
        (Some(content), _) => Content::Detached(content),
        (None, Some(given)) => Content::Digest(given.read()?),
        (None, None) => Content::Attached,
    };
    let trust = trust(case, &decoded(&case.extra_certs)?)?;
    let crypto = case.level.as_deref() == Some("crypto");
    // Whether an old algorithm is still good enough is not asked here, so the old may speak.
    let policy = match crypto {
        true => policy(case)?.with(|rules| {
            rules.digests.insert(DigestName::Sha1, Limit::None);
            rules.rsa_bits = 1024;
        }),
        false => policy(case)?,
    };
    let ask = || eds::validate(&signature, content, &trust, &policy, moment(case));
    for verdict in case.asked(ask) {
        match verdict {
            Ok(_) => {}
            Err(report) if crypto && signature_holds(&report) => {}
            Err(report) => return Err(reason(&report)),
        }
    }
    Ok(())
}

/// Whether form, attributes, content and signature value hold, whatever the
/// certificate is worth.
fn signature_holds(report: &Report) -> bool {
    let signature = report
        .checks
        .iter()
        .find(|checked| checked.check == Check::Signature);
    signature.is_some_and(|checked| checked.outcome == Outcome::Passed)
}

/// What a response says about a certificate; a response that cannot be used says nothing.
fn ocsp(case: &Case) -> Value {
    let verdict = ocsp_verdict(case);
    let result = match &verdict {
        Ok(Verdict::Good) => "good",
        Ok(Verdict::Revoked { .. } | Verdict::Suspended { .. } | Verdict::NeverIssued) => "revoked",
        Ok(Verdict::Unknown) | Err(_) => "unknown",
    };
    json!({ "id": case.id, "result": result, "detail": verdict.err() })
}

fn ocsp_verdict(case: &Case) -> Result<Verdict, String> {
    let field = |field: &Option<String>| base64(field.as_deref().ok_or("field missing")?);
    let (certificate, issuer) = (field(&case.cert)?, field(&case.issuer)?);
    let trust = trust(case, &decoded(&case.extra_certs)?)?;
    let policy = policy(case)?.with(|rules| {
        rules.oldest_response_seconds = case.max_age_s.unwrap_or(u32::MAX);
        // The suite is of 2012: its responses are signed with SHA-1.
        rules.digests.insert(DigestName::Sha1, Limit::None);
    });
    let judged = |response| {
        let now = moment(case).now;
        eds::ocsp::judge(&response, &certificate, &issuer, &trust, &policy, now)
    };
    let answer = Response::read(&field(&case.ocsp)?).and_then(judged);
    answer
        .map(|answer| answer.verdict)
        .map_err(|fault| fault.to_string())
}

fn tsp(case: &Case) -> Answer {
    let field = |field: &Option<String>| base64(field.as_deref().ok_or("field missing")?);
    let token = field(&case.tsr)?;
    let octets = case.data.as_deref().map(base64).transpose()?;
    let digest = case.digest.as_deref().map(hex).transpose()?;
    let stamped = match (&octets, &digest) {
        (Some(octets), _) => Stamped::Octets(octets),
        (None, Some(digest)) => Stamped::Digest(digest),
        (None, None) => return Err("nothing stamped".to_owned()),
    };
    let trust = trust(case, &decoded(&case.extra_certs)?)?;
    // No time is given: the path is judged at the stamped one, whenever that is asked.
    let moment = Moment::at(DateTime::<Utc>::MAX_UTC);
    let policy = policy(case)?;
    let verdict = case.asked(|| timestamp::verify(&token, stamped, &trust, &policy, moment));
    verdict.map(|_| ()).map_err(|fault| fault.to_string())
}

fn sig(case: &Case) -> Answer {
    let field = |field: &Option<String>| hex(field.as_deref().ok_or("field missing")?);
    let algorithm = algorithm(case)?;
    let (key, message, signature) = (field(&case.spki)?, field(&case.msg)?, field(&case.sig)?);
    let verdict = eds::verify_value(
        &key,
        &algorithm,
        &message,
        &signature,
        &Policy::generic(),
        moment(case).now,
    );
    verdict.map_err(|fault| fault.to_string())
}

/// The AlgorithmIdentifier that the case spells in words.
fn algorithm(case: &Case) -> Result<Vec<u8>, String> {
    let plain = |text: &Option<String>| -> String {
        let text = text.as_deref().unwrap_or_default().to_ascii_lowercase();
        text.chars().filter(char::is_ascii_alphanumeric).collect()
    };
    let (name, hash) = (plain(&case.alg), plain(&case.hash));
    let dotted = match (name.as_str(), hash.as_str()) {
        ("ed25519" | "eddsa", _) => "1.3.101.112",
        (name, "sha256") if name.contains("ecdsa") => "1.2.840.10045.4.3.2",
        (name, "sha384") if name.contains("ecdsa") => "1.2.840.10045.4.3.3",
        (name, "sha512") if name.contains("ecdsa") => "1.2.840.10045.4.3.4",
        (name, _) if name.contains("pss") || case.pss.is_some() => return pss(case, &hash),
        (_, "sha1") => "1.2.840.113549.1.1.5",
        (_, "sha256") => "1.2.840.113549.1.1.11",
        (_, "sha384") => "1.2.840.113549.1.1.12",
        (_, "sha512") => "1.2.840.113549.1.1.13",
        (_, _) => return Err("algorithm not supported".to_owned()),
    };
    Ok(element(0x30, &element(0x06, oid(dotted)?.octets())))
}

fn pss(case: &Case, hash: &str) -> Result<Vec<u8>, String> {
    let parameter = |names: &[&str]| {
        let all = case.pss.as_ref();
        names
            .iter()
            .find_map(|name| all.and_then(|all| all.get(name)))
            .cloned()
    };
    let mask = parameter(&["mgf_hash", "mgfHash", "mgf_sha", "mgfSha", "mgf"]);
    let mask = mask
        .and_then(|mask| mask.as_str().map(str::to_ascii_lowercase))
        .unwrap_or(hash.to_owned());
    let salt = parameter(&["salt_len", "sLen", "saltLen", "salt", "salt_length"]);
    let salt = salt
        .and_then(|salt| salt.as_u64())
        .ok_or("salt length missing")?;
    let salt = u8::try_from(salt)
        .ok()
        .filter(|salt| *salt < 0x80)
        .ok_or("salt length")?;
    let mgf = element(
        0x30,
        &[
            element(0x06, oid("1.2.840.113549.1.1.8")?.octets()),
            digest(&mask)?,
        ]
        .concat(),
    );
    let parameters = [
        element(0xa0, &digest(hash)?),
        element(0xa1, &mgf),
        element(0xa2, &[0x02, 0x01, salt]),
    ];
    let kind = element(0x06, oid("1.2.840.113549.1.1.10")?.octets());
    Ok(element(
        0x30,
        &[kind, element(0x30, &parameters.concat())].concat(),
    ))
}

fn digest(name: &str) -> Result<Vec<u8>, String> {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let dotted = match plain.trim_start_matches("mgf1") {
        "sha1" => "1.3.14.3.2.26",
        "sha256" => "2.16.840.1.101.3.4.2.1",
        "sha384" => "2.16.840.1.101.3.4.2.2",
        "sha512" => "2.16.840.1.101.3.4.2.3",
        _ => return Err("digest not supported".to_owned()),
    };
    Ok(element(
        0x30,
        &[element(0x06, oid(dotted)?.octets()), vec![0x05, 0x00]].concat(),
    ))
}

/// One DER element; the contents here are short.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap_or(0x7f);
    [&[tag, length], content].concat()
}

fn trust(case: &Case, others: &[Vec<u8>]) -> Result<Trust, String> {
    let readable = |crls: Vec<Vec<u8>>| -> Vec<Vec<u8>> {
        let alone = |crl: &Vec<u8>| Trust::new(&[], &[], std::slice::from_ref(crl)).is_ok();
        crls.into_iter().filter(alone).collect()
    };
    let others: Vec<Vec<u8>> = others
        .iter()
        .filter(|other| Trust::new(&[], std::slice::from_ref(other), &[]).is_ok())
        .cloned()
        .collect();
    let trust = Trust::new(
        &decoded(&case.anchors)?,
        &others,
        &readable(decoded(&case.crls)?),
    )
    .map_err(|error| error.to_string())?;
    let trust = match case.compact {
        true => trust.compacted(),
        false => trust,
    };
    Ok(match &case.memory {
        Some(memory) => trust.remembering_with(memory),
        None => trust,
    })
}

fn policy(case: &Case) -> Result<Policy, String> {
    let given = case.policy.as_ref();
    let mut path = PathRules::default();
    if let Some(given) = given {
        let policies: Result<_, _> = given
            .initial_policy_set
            .iter()
            .map(|dotted| oid(dotted))
            .collect();
        path.policies = policies?;
        path.require_explicit_policy = given.require_explicit_policy;
        path.inhibit_policy_mapping = given.inhibit_policy_mapping;
        path.inhibit_any_policy = given.inhibit_any_policy;
    }
    path.longest = case.max_chain_depth.unwrap_or(path.longest);
    let revocation = match case.revocation.as_deref() {
        Some("required") => Revocation::Required,
        Some("leaf") => Revocation::Leaf,
        Some("none") | None => Revocation::Ignored,
        Some(_) => Revocation::IfPresent,
    };
    Ok(Policy::generic().with(|rules| {
        rules.path = path;
        rules.revocation = revocation;
        rules.oldest_list_seconds = case.max_crl_age_s.unwrap_or(u32::MAX);
    }))
}

fn moment(case: &Case) -> Moment {
    Moment::at(case.time.unwrap_or(DateTime::UNIX_EPOCH))
}

fn reason(report: &Report) -> String {
    report
        .reason
        .map(|fault| fault.to_string())
        .unwrap_or_default()
}

fn oid(dotted: &str) -> Result<Oid, String> {
    dotted.parse().map_err(|error| format!("{dotted}: {error}"))
}

fn decoded(all: &[String]) -> Result<Vec<Vec<u8>>, String> {
    all.iter().map(|text| base64(text)).collect()
}

fn base64(text: &str) -> Result<Vec<u8>, String> {
    BASE64_STANDARD
        .decode(text)
        .map_err(|error| error.to_string())
}

fn hex(text: &str) -> Result<Vec<u8>, String> {
    let digit = |octet: u8| char::from(octet).to_digit(16).ok_or("no hexadecimal");
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return Err("no hexadecimal".to_owned());
    }
    let octet = |&[high, low]: &[u8; 2]| -> Result<u8, String> {
        u8::try_from(digit(high)? * 16 + digit(low)?).map_err(|error| error.to_string())
    };
    pairs.iter().map(octet).collect()
}
