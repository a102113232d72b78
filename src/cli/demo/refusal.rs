//! What comes of a signature that was corrupted on purpose.

use reqwest::StatusCode;

use super::answer::{Exchange, text};
use super::screen::Screen;
use super::{Failure, Tamper};

/// Shows how a corrupted signature was refused.
pub(super) fn refused(screen: &Screen, tamper: Tamper, answer: &Exchange) -> Failure {
    if answer.status.is_success() {
        return Failure::Counted(tamper);
    }
    let problem = answer.json();
    screen.fact(
        "corrupted",
        "one bit of the signature value was turned over",
    );
    screen.bad("verdict", &format!("refused: {}", answer.status));
    let (kind, title) = (text(&problem, "/type"), text(&problem, "/title"));
    screen.fact("answer", &format!("{}: {title}, {kind}", answer.media_type));
    let (indication, reason) = (text(&problem, "/indication"), text(&problem, "/reason"));
    screen.fact("report", &format!("{indication}: {reason}"));
    let code = text(&problem, "/code");
    screen.fact("code", code);
    let expected = answer.media_type == "application/problem+json" && code == BROKEN;
    match answer.expect(
        "refusing a corrupted signature",
        StatusCode::UNPROCESSABLE_ENTITY,
    ) {
        Ok(_) if expected => Failure::Tampered(tamper, code.to_owned()),
        Ok(_) => Failure::Unexpected {
            step: "refusing a corrupted signature",
            answer: format!("refused as {code}, not as {BROKEN}"),
        },
        Err(failure) => failure,
    }
}

/// What a signature with one wrong bit is refused as (ETSI EN 319 102-1 table 6).
const BROKEN: &str = "SIG_CRYPTO_FAILURE";
