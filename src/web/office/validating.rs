//! Anybody hands in a signed file or an evidence package and reads what it proves.
//! Nothing is kept.

use actix_multipart::form::MultipartForm;
use actix_multipart::form::bytes::Bytes as File;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use chrono::{DateTime, Utc};

use super::page::Page;
use super::visitor::{Member, Visitor};
use crate::domain::evidence::PackageReport;
use crate::eds::{Indication, Judged, Policy, Report, Validation};
use crate::flow::House;
use crate::flow::validate::Request;
use crate::render::words::Words;
use crate::web::form::Form;
use crate::web::problem::Problem;

/// How a ZIP archive begins (APPNOTE section 4.3.7), and so an ASiC-E container.
const ARCHIVE: &[u8] = b"PK\x03\x04";

/// What is handed in.
#[derive(MultipartForm)]
pub(super) struct HandedIn {
    file: File,
    content: Option<File>,
}

#[derive(Template)]
#[template(path = "validating.html")]
struct ValidatingPage {
    page: Page,
    say: Words,
    verdict: Option<Verdict>,
}

/// What a file proves.
struct Verdict {
    indication: Indication,
    registration: Option<String>,
    registered_at: Option<DateTime<Utc>>,
    findings: Vec<String>,
    signatures: Vec<Line>,
    report: String,
}

/// One signature of it.
struct Line {
    over: Option<String>,
    signer: Option<String>,
    indication: Indication,
    code: Option<&'static str>,
    signed_at: DateTime<Utc>,
}

/// The form.
#[get("")]
pub(super) async fn form(
    visitor: Visitor,
    member: Option<Member>,
) -> Result<HttpResponse, Problem> {
    show(&visitor, member, None).await
}

/// The verdict on what was handed in.
#[post("")]
pub(super) async fn judge(
    house: Data<House>,
    visitor: Visitor,
    member: Option<Member>,
    Form(handed): Form<HandedIn>,
) -> Result<HttpResponse, Problem> {
    let file = handed.file.data.to_vec();
    let verdict = if file.starts_with(ARCHIVE) {
        let policy = Policy::named("national").unwrap_or_else(Policy::lasting);
        Verdict::from(&house.validate_package(file, policy).await?)
    } else {
        let content = handed.content.map(|content| content.data.to_vec());
        let request = Request {
            signature: file,
            content: content.filter(|content| !content.is_empty()),
            time: None,
            policy: Policy::named("national").unwrap_or_else(Policy::lasting),
        };
        Verdict::from(&house.validate(request).await?)
    };
    show(&visitor, member, Some(verdict)).await
}

async fn show(
    visitor: &Visitor,
    member: Option<Member>,
    verdict: Option<Verdict>,
) -> Result<HttpResponse, Problem> {
    let page = visitor.page_for(member.as_ref()).await?;
    Ok(page.clone().show(&ValidatingPage {
        page,
        say: visitor.say,
        verdict,
    }))
}

impl From<&Validation> for Verdict {
    fn from(validation: &Validation) -> Self {
        Self {
            indication: validation.indication,
            registration: None,
            registered_at: None,
            findings: Vec::new(),
            signatures: validation.signatures.iter().map(Line::from).collect(),
            report: serde_json::to_string_pretty(validation).unwrap_or_default(),
        }
    }
}

impl From<&PackageReport> for Verdict {
    fn from(report: &PackageReport) -> Self {
        let parts = report.parts.iter();
        let parts = parts.map(|part| Line {
            over: Some(part.document.clone()),
            ..Line::of(&part.report)
        });
        Self {
            indication: report.indication,
            registration: report.registration.clone(),
            registered_at: report.registered_at,
            findings: report.findings.iter().map(ToString::to_string).collect(),
            signatures: parts.collect(),
            report: serde_json::to_string_pretty(report).unwrap_or_default(),
        }
    }
}

impl From<&Judged> for Line {
    fn from(judged: &Judged) -> Self {
        let signer = judged.signer.as_ref();
        Self {
            signer: signer.map(|summary| readable(&summary.certificate.subject)),
            ..Self::of(&judged.report)
        }
    }
}

impl Line {
    fn of(report: &Report) -> Self {
        let signer = report.certificates.first();
        Self {
            over: None,
            signer: signer.map(|summary| readable(&summary.subject)),
            indication: report.indication,
            code: report.sub_indication.map(Into::into),
            signed_at: report.signed_at,
        }
    }

    fn word(&self) -> &'static str {
        self.indication.into()
    }

    fn tone(&self) -> &'static str {
        tone(self.indication)
    }
}

impl Verdict {
    fn word(&self) -> &'static str {
        self.indication.into()
    }

    fn tone(&self) -> &'static str {
        tone(self.indication)
    }
}

/// The parts of a name in RFC 4514 follow each other without a space, where no line
/// could be broken.
fn readable(subject: &str) -> String {
    subject.replace(',', ", ")
}

fn tone(indication: Indication) -> &'static str {
    match indication {
        Indication::TotalPassed => "good",
        Indication::TotalFailed => "bad",
        Indication::Indeterminate => "open",
    }
}
