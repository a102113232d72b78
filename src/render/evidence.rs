//! The verdict on an evidence package, in words.

use super::certificate::instant;
use super::ink::{Ink, Tone};
use super::verdict::{of_indication, of_sub_indication};
use crate::domain::evidence::{PackageReport, Part};
use crate::eds::Indication;
use crate::eds::asic::Seal;

/// The whole verdict, a line or more for each thing worth knowing.
#[must_use]
pub fn text(report: &PackageReport, ink: Ink) -> String {
    let (tone, word) = tone(report.indication);
    let mut lines = vec![format!(
        "{}  evidence of a registration, as of {}",
        ink.paint(tone, word),
        instant(report.now)
    )];
    if let Some(registration) = &report.registration {
        lines.push(row("proves", registration));
    }
    if let Some(time) = report.registered_at {
        lines.push(row("written", &instant(time)));
    }
    if let Some(time) = report.seals.proven {
        lines.push(row(
            "whole",
            &format!("since {}, by its stamps", instant(time)),
        ));
    }
    lines.extend(report.findings.iter().map(|finding| {
        let finding = finding.to_string();
        row("found", &ink.paint(Tone::Bad, &finding))
    }));
    lines.push(String::new());
    lines.extend(report.seals.seals.iter().map(|one| seal(one, ink)));
    for one in &report.parts {
        lines.push(String::new());
        lines.extend(part(one, ink));
    }
    lines.join("\n") + "\n"
}

fn tone(indication: Indication) -> (Tone, &'static str) {
    match indication {
        Indication::TotalPassed => (Tone::Good, "PASSED"),
        Indication::TotalFailed => (Tone::Bad, "FAILED"),
        Indication::Indeterminate => (Tone::Open, "NOT PROVEN"),
    }
}

fn seal(seal: &Seal, ink: Ink) -> String {
    match (&seal.stamp, seal.reason) {
        (Some(stamp), _) => format!(
            "  {} {} stamped {}",
            ink.paint(Tone::Good, "✓"),
            seal.manifest,
            instant(stamp.time())
        ),
        (None, reason) => format!(
            "  {} {}: {}",
            ink.paint(Tone::Bad, "✗"),
            seal.manifest,
            reason.map_or_else(String::new, |fault| fault.to_string())
        ),
    }
}

fn part(part: &Part, ink: Ink) -> Vec<String> {
    let report = &part.report;
    let (tone, word) = tone(report.indication);
    let mut lines = vec![
        format!("{}  {}", ink.paint(tone, word), part.document),
        row("verdict", of_indication(report.indication)),
    ];
    if let Some(why) = report.sub_indication {
        lines.push(row("why", of_sub_indication(why)));
    }
    if let Some(fault) = report.reason {
        lines.push(row("exactly", &fault.to_string()));
    }
    if let Some(signer) = report.certificates.first() {
        lines.push(row("signer", &signer.subject));
    }
    let by = match report.time_stamps.is_empty() {
        true => "the stamps over the package",
        false => "its own time-stamp",
    };
    let proven = format!("not later than {}, by {by}", instant(report.signed_at));
    lines.push(row("signed", &proven));
    lines
}

/// A label and what stands beside it.
fn row(label: &str, value: &str) -> String {
    format!("  {label:<9}{value}").trim_end().to_owned()
}
