//! The verdict on an evidence package, in words.

use super::certificate::instant;
use super::ink::{Ink, Tone};
use super::verdict::{of_indication, of_sub_indication};
use crate::domain::Ending;
use crate::domain::evidence::{Basis, PackageReport, Part};
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
    if let Some(basis) = report.basis {
        lines.push(row("rests on", of_basis(basis)));
    }
    if let Some((how, time)) = report.ended {
        lines.push(row(
            "ended",
            &format!("{}, {}", instant(time), of_ending(how)),
        ));
    }
    if let Some(time) = report.seals.proven {
        lines.push(row(
            "whole",
            &format!("since {}, by its stamps", instant(time)),
        ));
    }
    let withheld = report.withheld.iter();
    lines.extend(withheld.map(|file| row("withheld", &format!("{file}, digest known"))));
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

fn of_basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Consents => "the consents in it; who had to consent the register said",
        Basis::Sole => "the applicant alone; that nobody else had to consent the register said",
        Basis::Attested => "the service centre, which attests that it was shown the consents",
    }
}

fn of_ending(how: Ending) -> &'static str {
    match how {
        Ending::Expired => "its last day was over",
        Ending::Left => "by the resident",
        Ending::Removed => "by the owners",
        Ending::Replaced => "by a newer registration",
        Ending::Annulled => "by the state register",
        Ending::Discontinued => "by the early end of the registration that it continued",
    }
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
    if let Some(number) = &part.power_of_attorney {
        lines.push(row("by power", &format!("of attorney No {number}")));
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
