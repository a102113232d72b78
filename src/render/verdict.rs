//! The verdict on signatures, in words.
//!
//! The words are for people who were sent a signed file, not for people who
//! know the standards; the standard's own terms stand beside them.

mod words;

use chrono::{DateTime, Utc};

use super::certificate::{instant, name};
use super::ink::{Ink, Tone};
use crate::eds::{Form, Indication, Judged, Outcome, Report, Validation};

pub use words::{of_check, of_indication, of_remark, of_sub_indication};

/// The whole verdict, a line or more for each thing worth knowing.
#[must_use]
pub fn text(validation: &Validation, ink: Ink) -> String {
    let count = validation.signatures.len();
    let form = match validation.form {
        Form::Cms => "CMS",
        Form::Xml => "XML",
    };
    let many = if count == 1 {
        "signature"
    } else {
        "signatures"
    };
    let mut lines = vec![format!(
        "{}  {count} {many}, {form}",
        sign(validation.indication, ink)
    )];
    for (number, judged) in (1..).zip(&validation.signatures) {
        lines.push(String::new());
        lines.extend(signature(number, judged, ink));
    }
    lines.join("\n") + "\n"
}

fn sign(indication: Indication, ink: Ink) -> String {
    let (tone, word) = match indication {
        Indication::TotalPassed => (Tone::Good, "PASSED"),
        Indication::TotalFailed => (Tone::Bad, "FAILED"),
        Indication::Indeterminate => (Tone::Open, "NOT PROVEN"),
    };
    ink.paint(tone, word)
}

fn signature(number: usize, judged: &Judged, ink: Ink) -> Vec<String> {
    let report = &judged.report;
    let heading = format!("Signature {number}: {}", of_indication(report.indication));
    let mut lines = vec![ink.paint(Tone::Strong, &heading)];
    lines.extend(reason(report));
    lines.extend(who(judged));
    lines.extend(times(report));
    let policy: String = report.policy_hash.to_string().chars().take(16).collect();
    lines.push(row("policy", &format!("{} ({policy}…)", report.policy)));
    for remark in &report.remarks {
        lines.push(row("note", of_remark(*remark)));
    }
    lines.push(row("checks", ""));
    lines.extend(checks(report, ink));
    if !report.certificates.is_empty() {
        lines.push(row("chain", ""));
    }
    lines.extend(chain(report));
    lines
}

/// The standard's terms, what they mean, and the fact behind them.
fn reason(report: &Report) -> Vec<String> {
    let Some(sub_indication) = report.sub_indication else {
        return Vec::new();
    };
    let code: &'static str = sub_indication.into();
    let mut lines = vec![row("why", of_sub_indication(sub_indication))];
    if let Some(fault) = report.reason {
        lines.push(row("exactly", &fault.to_string()));
    }
    lines.push(row("code", code));
    lines
}

fn who(judged: &Judged) -> Vec<String> {
    let Some(signer) = &judged.signer else {
        return vec![row("signer", "the certificate was not found")];
    };
    let said = match judged.report.indication {
        Indication::TotalPassed => "signer",
        // A name in a certificate proves nothing before everything holds.
        Indication::TotalFailed | Indication::Indeterminate => "claims",
    };
    vec![row(said, &name(signer))]
}

fn times(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(claimed) = report.claimed_signing_time {
        let claimed = format!("{}, by the signer's own clock", instant(claimed));
        lines.push(row("signed", &claimed));
    }
    for stamp in &report.time_stamps {
        lines.push(row("stamped", &instant(stamp.time())));
    }
    lines.push(row("proven", &proven(report)));
    lines.push(row(
        "judged",
        &format!("as of {}", instant(report.moment.now)),
    ));
    lines
}

fn proven(report: &Report) -> String {
    let since: DateTime<Utc> = report.signed_at;
    let by = match report.time_stamps.is_empty() {
        true => "the time of receipt",
        false => "its time-stamp",
    };
    format!("not later than {}, {by}", instant(since))
}

fn checks(report: &Report, ink: Ink) -> Vec<String> {
    let line = |checked: &crate::eds::Checked| {
        let mark = match checked.outcome {
            Outcome::Passed => ink.paint(Tone::Good, "✓"),
            Outcome::Failed => ink.paint(Tone::Bad, "✗"),
            Outcome::Skipped => ink.paint(Tone::Open, "–"),
        };
        format!("    {mark} {}", of_check(checked.check, checked.outcome))
    };
    report.checks.iter().map(line).collect()
}

fn chain(report: &Report) -> Vec<String> {
    let line = |(number, certificate): (usize, &crate::eds::CertificateSummary)| {
        let sha256: String = certificate.sha256.to_string().chars().take(16).collect();
        format!(
            "    {number} {}\n      {} – {}, sha256 {sha256}…",
            certificate.subject,
            instant(certificate.not_before),
            instant(certificate.not_after),
        )
    };
    let certificates = report.certificates.iter().map(AsRef::as_ref);
    (1..).zip(certificates).map(line).collect()
}

/// A label and what stands beside it.
fn row(label: &str, value: &str) -> String {
    format!("  {label:<9}{value}").trim_end().to_owned()
}

#[cfg(test)]
mod tests;
