//! `kelisim trust`: says what a trust directory is worth.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Subcommand};

use super::input::{Unusable, ink};
use crate::eds::{ListSummary, Numbers, Summary};
use crate::remote::official::{Official, officials};
use crate::remote::trust::{File, Kind, files};
use crate::render::ink::{Ink, Tone};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Compare a trust directory with the official fingerprints: exit 0 only if
    /// an anchor is official and every file can be used.
    Check(Check),
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Directory with anchors/, issuers/ and crls/.
    directory: PathBuf,
}

/// What is found out about one file.
struct Finding {
    tone: Tone,
    what: String,
    official: bool,
}

pub(super) fn run(command: &Command, now: DateTime<Utc>) -> Result<ExitCode, Unusable> {
    let Command::Check(check) = command;
    let (files, officials) = (files(&check.directory)?, officials()?);
    let (ink, mut usable, mut official) = (ink(), true, false);
    for file in &files {
        let finding = examine(file, &files, &officials, now);
        println!("{}", line(&check.directory, file, &finding, ink));
        usable &= finding.tone != Tone::Bad;
        official |= finding.official && file.kind == Kind::Anchor;
    }
    println!("\nofficial certificates");
    for one in &officials {
        println!("{}", presence(one, &files, ink));
    }
    println!();
    if !official {
        println!("{}", ink.paint(Tone::Bad, "no anchor is official"));
    }
    Ok(if usable && official {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn line(directory: &Path, file: &File, finding: &Finding, ink: Ink) -> String {
    let mark = match finding.tone {
        Tone::Good => "✓",
        Tone::Bad => "✗",
        Tone::Open | Tone::Strong => "–",
    };
    let path = file.path.strip_prefix(directory).unwrap_or(&file.path);
    let mark = ink.paint(finding.tone, mark);
    format!("{mark} {}\n    {}", path.display(), finding.what)
}

fn examine(file: &File, files: &[File], officials: &[Official], now: DateTime<Utc>) -> Finding {
    let der = match &file.der {
        Ok(der) => der,
        Err(error) => return bad(error.to_string()),
    };
    let found = match file.kind {
        Kind::Anchor | Kind::Issuer => Summary::read(der, Numbers::Masked)
            .map(|found| certificate(file, &found, officials, now)),
        Kind::List => ListSummary::read(der).map(|found| list(der, &found, files, now)),
    };
    found.unwrap_or_else(|fault| bad(fault.to_string()))
}

fn bad(what: String) -> Finding {
    Finding {
        tone: Tone::Bad,
        what,
        official: false,
    }
}

fn certificate(
    file: &File,
    found: &Summary,
    officials: &[Official],
    now: DateTime<Utc>,
) -> Finding {
    let one = &found.certificate;
    let sha256 = one.sha256.to_string();
    let official = officials.iter().find(|official| official.sha256 == sha256);
    let stem = file.path.file_stem().and_then(|stem| stem.to_str());
    let named = officials
        .iter()
        .find(|official| Some(official.name.as_str()) == stem);
    let about = format!("{}, until {}", one.subject, one.not_after.date_naive());
    if !found.authority {
        return bad(format!("{about}: no certificate of an authority"));
    }
    if now < one.not_before || now > one.not_after {
        return bad(format!("{about}: not valid now"));
    }
    match (official, named) {
        (None, Some(_)) => bad(format!(
            "{about}: NOT the official certificate of this name; sha256 {sha256}"
        )),
        (Some(official), _) if official.part.kind() != file.kind => {
            bad(format!("{about}: official, but in the wrong folder"))
        }
        (Some(official), _) => Finding {
            tone: Tone::Good,
            what: match official.confirmed {
                true => format!("{about}: official"),
                false => format!("{about}: official by one public list; confirm its fingerprint"),
            },
            official: true,
        },
        (None, None) => Finding {
            tone: Tone::Open,
            what: format!("{about}: not among the official ones; sha256 {sha256}"),
            official: false,
        },
    }
}

fn list(der: &[u8], found: &ListSummary, files: &[File], now: DateTime<Utc>) -> Finding {
    let kind = if found.delta { "delta list" } else { "list" };
    let about = format!(
        "{kind} of {}, {} revoked, issued {} ({} ago)",
        found.issuer,
        found.entries,
        found.this_update.date_naive(),
        age(now - found.this_update),
    );
    let issuers = files.iter().filter(|file| file.kind != Kind::List);
    let mut issuers = issuers.filter_map(|file| file.der.as_deref().ok());
    if !issuers.any(|issuer| ListSummary::signed_by(der, issuer).is_ok()) {
        return bad(format!("{about}: no certificate here has signed it"));
    }
    match found.next_update {
        Some(next) if next < now => {
            bad(format!("{about}: out of date since {}", next.date_naive()))
        }
        Some(next) => Finding {
            tone: Tone::Good,
            what: format!("{about}: fresh until {}", next.date_naive()),
            official: false,
        },
        None => Finding {
            tone: Tone::Open,
            what: format!("{about}: does not say when the next one is due"),
            official: false,
        },
    }
}

fn age(age: TimeDelta) -> String {
    match age.num_days() {
        0 => format!("{} hours", age.num_hours()),
        days => format!("{days} days"),
    }
}

fn presence(one: &Official, files: &[File], ink: Ink) -> String {
    let here = files.iter().any(|file| {
        let der = file.der.as_deref().unwrap_or_default();
        crate::eds::Digest::of(der).to_string() == one.sha256
    });
    let (mark, what) = match here {
        true => (ink.paint(Tone::Good, "✓"), "here".to_owned()),
        false => (
            ink.paint(Tone::Open, "–"),
            format!("absent: {}", one.address),
        ),
    };
    format!("{mark} {:<16}{:<26}{what}", one.name, one.key)
}
