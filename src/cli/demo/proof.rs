//! The proof of the registration: taken along, and verified without the service.

use std::fs;
use std::path::Path;

use chrono::{DateTime, Months, Utc};
use reqwest::StatusCode;

use super::Failure;
use super::answer::agree;
use super::keys::Keys;
use super::party::Party;
use super::screen::Screen;
use crate::cli::clock;
use crate::domain::evidence::{PackageReport, verify};
use crate::eds::{Indication, Policy};
use crate::remote::trust;

const STEP: &str = "verifying the evidence";

/// Somebody takes the package along; then it is judged with nothing but the
/// anchors, now and as it will be judged in ten years.
///
/// # Errors
/// [`Failure::Unexpected`] when it does not hold.
pub(super) async fn take_along(
    screen: &mut Screen,
    person: &Party<'_>,
    keys: &Keys,
    registration: &str,
) -> Result<(), Failure> {
    let path = format!("/registrations/{registration}/evidence");
    let answer = person.get(&path).await?;
    screen.step(person.role(), "takes the evidence along", answer.took);
    screen.fact("request", &answer.request);
    answer.expect(STEP, StatusCode::OK)?;
    let kept = keys.path().with_file_name("registration.asice");
    let written = fs::write(&kept, &answer.bytes);
    written.map_err(|error| Failure::File(kept.clone(), error))?;
    let told = format!("{}, {} octets", kept.display(), answer.bytes.len());
    screen.fact("package", &told);
    judge(screen, keys, &answer.bytes)?;
    screen.fact("check it", &command(&kept, &keys.trust()?));
    Ok(())
}

fn judge(screen: &Screen, keys: &Keys, package: &[u8]) -> Result<(), Failure> {
    let trust = trust::load(&keys.trust()?).map_err(|_| Failure::Unexpected {
        step: STEP,
        answer: "the anchors cannot be read".to_owned(),
    })?;
    let (policy, now) = (Policy::national(), clock::now());
    let judged = |at| verify(package, &trust.anchors_only(), &policy, at);
    for (when, at) in [("now", now), ("in ten years", in_ten_years(now))] {
        let report = judged(at);
        let told = format!("{when}: {}", summary(&report));
        agree(STEP, report.indication == Indication::TotalPassed, &told)?;
        screen.good("verdict", &told);
    }
    Ok(())
}

fn summary(report: &PackageReport) -> String {
    let indication = match report.indication {
        Indication::TotalPassed => "TOTAL-PASSED",
        Indication::TotalFailed => "TOTAL-FAILED",
        Indication::Indeterminate => "INDETERMINATE",
    };
    let parts = report.parts.len();
    format!("{indication}, {parts} signatures, with nothing but the anchors")
}

fn in_ten_years(now: DateTime<Utc>) -> DateTime<Utc> {
    now.checked_add_months(Months::new(120)).unwrap_or(now)
}

fn command(package: &Path, trust: &Path) -> String {
    format!(
        "kelisim evidence verify {} --trust {}",
        package.display(),
        trust.display()
    )
}
