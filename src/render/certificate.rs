//! A certificate in words.

use chrono::{DateTime, Utc};

use super::ink::{Ink, Tone};
use crate::eds::{Digits, Holder, KeyStorage, KeyUse, Role, SignerKind, Summary};

/// The whole summary, a line for each thing worth knowing.
#[must_use]
pub fn text(summary: &Summary, ink: Ink) -> String {
    let certificate = &summary.certificate;
    let mut lines = vec![ink.paint(Tone::Strong, &name(summary)), String::new()];
    let mut row = |label: &str, value: &str| {
        if !value.is_empty() {
            lines.push(format!("  {label:<14}{value}"));
        }
    };
    row("subject", &certificate.subject);
    if let Some(holder) = &summary.holder {
        for (label, value) in of_holder(holder) {
            row(label, &value);
        }
    }
    if let Some(ambiguity) = summary.ambiguity {
        row("names nobody", &ambiguity.to_string());
    }
    row("key use", key_use(summary));
    row("key usage", &summary.key_usage.join(", "));
    row("extended use", &dotted(&summary.extended_key_usage));
    row("policies", &dotted(&summary.policies));
    row("key", &key(summary));
    row("key kept in", &storage(summary.key_storage));
    row("signed by", &summary.signature_algorithm);
    row("issuer", &certificate.issuer);
    row("serial", &certificate.serial);
    row("valid from", &instant(certificate.not_before));
    row("valid to", &instant(certificate.not_after));
    row("sha256", &certificate.sha256.to_string());
    row("sha1", &summary.sha1);
    lines.join("\n") + "\n"
}

/// Whom a certificate names, in one line.
pub(super) fn name(summary: &Summary) -> String {
    let Some(holder) = &summary.holder else {
        return "a certificate that names nobody for certain".to_owned();
    };
    if summary.authority {
        return format!("{}, a certification authority", holder.name);
    }
    let full = match (&holder.surname, &holder.given_name) {
        (Some(surname), Some(given)) => {
            let names = [Some(surname), Some(given), holder.patronymic.as_ref()];
            let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
            names.join(" ")
        }
        (Some(_) | None, _) => holder.name.clone(),
    };
    let iin = holder.iin.iter().map(|iin| format!(", IIN {iin}"));
    let organisation = holder.organisation.iter().map(|name| format!(", {name}"));
    let bin = holder
        .bin
        .iter()
        .map(|bin| format!(", BIN {}", bin.as_str()));
    [full]
        .into_iter()
        .chain(iin)
        .chain(organisation)
        .chain(bin)
        .collect()
}

/// An instant as people read it, always in UTC.
pub(super) fn instant(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn of_holder(holder: &Holder) -> Vec<(&'static str, String)> {
    let kind = match holder.kind {
        SignerKind::Person => "natural person",
        SignerKind::Organisation => "on behalf of an organisation",
    };
    let digits = match holder.check_digits {
        Digits::Right => "",
        Digits::Wrong => " (wrong check digit)",
    };
    let roles: Vec<&str> = holder.roles.iter().copied().map(role).collect();
    let mut rows = Vec::new();
    let iin = holder
        .iin
        .iter()
        .map(|iin| ("IIN", format!("{iin}{digits}")));
    rows.extend(iin);
    let bin = holder.bin.iter();
    rows.extend(bin.map(|bin| ("BIN", bin.as_str().to_owned())));
    // An authority's certificate names no person and no organisation by number.
    if !rows.is_empty() {
        rows.push(("kind", kind.to_owned()));
    }
    rows.push(("roles", roles.join(", ")));
    rows
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Individual => "individual",
        Role::IndividualSystem => "information system of an individual",
        Role::LegalEntity => "legal entity",
        Role::Head => "first head",
        Role::Signatory => "entitled to sign",
        Role::FinancialSignatory => "entitled to sign financial documents",
        Role::HumanResources => "human resources",
        Role::Employee => "employee",
        Role::System => "information system of a legal entity",
    }
}

fn key_use(summary: &Summary) -> &'static str {
    match summary.key_use {
        KeyUse::SignAndAuthenticate => "signs documents and logs in",
        KeyUse::Sign => "signs documents",
        KeyUse::Authenticate => "logs in, signs no documents",
        KeyUse::Other if summary.authority => "issues certificates",
        KeyUse::Other => "neither signs documents nor logs in",
    }
}

fn key(summary: &Summary) -> String {
    let bits = summary.key.bits.map(|bits| format!(", {bits} bit"));
    format!("{}{}", summary.key.algorithm, bits.unwrap_or_default())
}

fn storage(storage: Option<KeyStorage>) -> String {
    match storage {
        Some(KeyStorage::File) => "a file (PKCS#12)".to_owned(),
        Some(KeyStorage::Other(store)) => format!("a store of kind {store}"),
        None => String::new(),
    }
}

fn dotted(identifiers: &[crate::eds::Oid]) -> String {
    let dotted: Vec<String> = identifiers.iter().map(ToString::to_string).collect();
    dotted.join(", ")
}
