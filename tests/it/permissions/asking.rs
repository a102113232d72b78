//! How somebody asks, and what is to be answered.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder};
use ring::hmac;
use serde_json::{Value, json};
use uuid::Uuid;

use super::table::{CALLS, PAGES, Right, Row};
use super::world::{Slug, Thing, World};
use crate::attachments::{SCAN, Scan};
use crate::office::{OWNED_WITH_ECDSA, proposal};
use crate::service::ORIGIN;

/// A call or a page about a thing, with its path filled in.
#[derive(Clone)]
pub(super) struct Asked {
    door: Door,
    method: &'static str,
    route: &'static str,
    right: Right,
    path: String,
    allowed: Vec<Slug>,
    readers: Vec<Slug>,
    applicants: Vec<Slug>,
    /// Whether what may be asked for is there: a document that waits to be signed.
    waits: bool,
}

/// By which door somebody comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// As a program, with a token.
    Call,
    /// With a browser and a cookie.
    Page,
}

/// What came back.
struct Answered {
    status: u16,
    body: Value,
    leads_to: Option<String>,
}

/// Every call and page about a thing.
pub(super) fn rows() -> impl Iterator<Item = (Door, &'static Row)> {
    let calls = CALLS.iter().map(|row| (Door::Call, row));
    let pages = PAGES.iter().map(|row| (Door::Page, row));
    calls.chain(pages)
}

impl World {
    /// The things about which a route is asked, and one that does not exist.
    pub(super) fn things(&self, route: &str) -> Vec<Thing> {
        let mut things = match route {
            _ if route.contains("/applications/") || route.contains("/desk/") => {
                self.applications.clone()
            }
            // The code of an address is no identifier; one that nobody knows is there.
            _ if route.contains("/dwellings/") => return self.dwellings.clone(),
            _ if route.contains("/notices/") => self.notices.clone(),
            _ if route.contains("/registrations/") => self.registrations.clone(),
            _ if route.contains("/sessions/") => self.sessions.clone(),
            _ if route.contains("/deliveries/") => Vec::new(),
            _ => self.invitations.clone(),
        };
        things.push(unknown());
        things
    }

    /// The consents about which an application is asked: its own, those of another
    /// and one that does not exist.
    pub(super) fn consents_of(&self, application: &Thing) -> Vec<Thing> {
        let own = |one: &&Thing| one.within.as_ref() == Some(&application.id);
        let mut consents: Vec<_> = self.consents.iter().filter(own).cloned().collect();
        consents.extend(self.consents.iter().find(|one| !own(one)).cloned());
        consents.push(unknown());
        consents
    }

    /// The same for papers.
    pub(super) fn papers_of(&self, application: &Thing) -> Vec<String> {
        let elsewhere = self.applications.iter();
        let mut elsewhere = elsewhere.filter(|one| one.id != application.id);
        let elsewhere = elsewhere.find_map(|one| one.papers.first().cloned());
        let mut papers = application.papers.clone();
        papers.extend(elsewhere);
        papers.push(unknown().id);
        papers
    }

    /// Every call and every page about every thing, and about things that belong
    /// elsewhere or do not exist.
    pub(super) fn all(&self) -> Vec<Asked> {
        let mut all = Vec::new();
        for (door, row) in rows().filter(|(_, row)| row.1.contains("{id}")) {
            for thing in self.things(row.1) {
                match row.1 {
                    route if route.contains("{consent}") => {
                        let consents = self.consents_of(&thing);
                        let one = |consent: &Thing| Asked::of_consent(door, row, (&thing, consent));
                        all.extend(consents.iter().map(one));
                    }
                    route if route.contains("{attachment}") => {
                        let papers = self.papers_of(&thing);
                        let one = |paper: &String| Asked::of_paper(door, row, (&thing, paper));
                        all.extend(papers.iter().map(one));
                    }
                    _ => all.push(Asked::of(door, row, &thing)),
                }
            }
        }
        all
    }

    /// What is wrong with the answer to somebody, if anything.
    pub(super) async fn fault(&self, asked: &Asked, who: Option<Slug>) -> Option<String> {
        let answer = self.ask(asked, who).await;
        let wrong = !asked.is_answered(who, &answer);
        let told = (asked.method, &asked.path, who, answer.status, &answer.body);
        wrong.then(|| format!("{told:?}"))
    }

    async fn ask(&self, asked: &Asked, who: Option<Slug>) -> Answered {
        let token = who.map(|slug| self.office(slug).token().to_owned());
        let may = asked.may(who);
        let url = format!("{}{}", self.service.url, asked.path);
        let method: Method = asked.method.to_uppercase().parse().unwrap();
        let request = self.browser.request(method, url);
        let request = match (asked.door, &token) {
            (Door::Call, Some(token)) => request.bearer_auth(token),
            (Door::Page, Some(token)) => request.header("Cookie", format!("__Host-sid={token}")),
            (Door::Call | Door::Page, None) => request,
        };
        let request = match (asked.method, asked.door) {
            ("get", _) => request,
            (_, Door::Call) => asked.called(request, may),
            (_, Door::Page) => asked.filled_in(request, may, token.as_deref()),
        };
        let answer = request.send().await.unwrap();
        let to = answer.headers().get(LOCATION);
        Answered {
            status: answer.status().as_u16(),
            leads_to: to.map(|to| to.to_str().unwrap().to_owned()),
            body: serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default(),
        }
    }
}

impl Asked {
    pub(super) fn of(door: Door, row: &'static Row, thing: &Thing) -> Self {
        let (method, route, right) = *row;
        let path = route.replace("{id}", &thing.id).replace("{sequence}", "1");
        let news = "?version=-1";
        let path = match (door, route.contains("/live/")) {
            (Door::Page, true) => format!("/en{path}{news}"),
            (Door::Page, false) => format!("/en{path}"),
            (Door::Call, _) => path,
        };
        // Nothing was given up: who may try again is told that there is no such thing.
        let nobody = right == Right::Administer;
        let allowed = if nobody { Vec::new() } else { thing.who(right) };
        Self {
            door,
            method,
            route,
            right,
            path,
            allowed,
            readers: thing.who(Right::Read),
            applicants: thing.who(Right::Apply),
            waits: thing.waits,
        }
    }

    pub(super) fn of_consent(
        door: Door,
        row: &'static Row,
        (thing, consent): (&Thing, &Thing),
    ) -> Self {
        let mut asked = Self::of(door, row, thing);
        let here = consent.within.as_ref() == Some(&thing.id);
        asked.path = asked.path.replace("{consent}", &consent.id);
        asked.waits = consent.waits;
        if asked.right == Right::Answer {
            asked.allowed = if here {
                consent.who(asked.right)
            } else {
                Vec::new()
            };
        }
        asked
    }

    pub(super) fn of_paper(
        door: Door,
        row: &'static Row,
        (thing, paper): (&Thing, &String),
    ) -> Self {
        let mut asked = Self::of(door, row, thing);
        asked.path = asked.path.replace("{attachment}", paper);
        if !thing.papers.contains(paper) {
            // Whoever may take papers away is told that this one is not there.
            asked.applicants.extend(&asked.allowed);
            asked.allowed.clear();
        }
        asked
    }

    /// Whether it is somebody's to ask for.
    pub(super) fn may(&self, who: Option<Slug>) -> bool {
        who.is_some_and(|slug| self.allowed.contains(&slug))
    }

    fn is_answered(&self, who: Option<Slug>, answer: &Answered) -> bool {
        let Some(slug) = who else {
            return self.sends_to_the_door(answer);
        };
        match (self.may(who), self.method) {
            (true, "get") => {
                answer.status == 200 || (!self.waits && self.signs() && answer.status == 409)
            }
            // They end or mark what is theirs, and could do so once more.
            (true, _) if matches!(self.right, Right::Heed | Right::SignOut) => {
                matches!(answer.status, 200 | 204 | 400)
            }
            // It would have its effect but for what it was sent with.
            (true, _) => matches!(answer.status, 400 | 409 | 422),
            (false, _) if self.right == Right::Administer => match slug {
                "employee" => answer.status == 404,
                _ => answer.status == 403,
            },
            (false, _) => self.is_refused(slug, answer),
        }
    }

    /// Who has not signed in is told so, and a browser is shown the way.
    fn sends_to_the_door(&self, answer: &Answered) -> bool {
        let leads = answer.leads_to.as_deref().unwrap_or_default();
        match (self.door, self.method) {
            (Door::Page, "get") if self.route.starts_with("/live/") => {
                answer.status == 401 || leads.starts_with("/en?next=/en/")
            }
            (Door::Page, "get") => answer.status == 303 && leads.starts_with("/en?next=/en/"),
            (Door::Page | Door::Call, _) => answer.status == 401,
        }
    }

    fn is_refused(&self, slug: Slug, answer: &Answered) -> bool {
        if answer.status == 404 {
            return self.door == Door::Page || tells_nothing(&answer.body);
        }
        // Whoever may read of it is told whose question it is not.
        let not_asked = answer.status == 409
            && self.readers.contains(&slug)
            && (self.route.ends_with("{consent}/signature")
                || self.route.ends_with("{consent}/sign"));
        // Papers are scanned and attested for nobody but people at a service centre.
        let no_centre = self.right == Right::Attest
            && self.applicants.contains(&slug)
            && matches!(answer.status, 403 | 409 | 422);
        // Whoever cannot act alone is told that somebody else does.
        let ward = self.right == Right::Leave && slug == "resident-2" && answer.status == 422;
        let signer = "CONSENT/SIGNER_NOT_OWNER";
        (not_asked && (self.door == Door::Page || answer.body["code"] == signer))
            || no_centre
            || (ward && self.readers.contains(&slug))
    }

    /// Whether it is about something to sign.
    fn signs(&self) -> bool {
        let parts = ["/document", "/sign", "/leave", "/remove"];
        parts.iter().any(|part| self.route.ends_with(part))
    }

    /// A call that would have its effect, were it not somebody else's to make; one
    /// that is understood by nobody where it is, so that nothing changes.
    fn called(&self, request: RequestBuilder, may: bool) -> RequestBuilder {
        let request = request.header("Idempotency-Key", Uuid::now_v7().to_string());
        if self.route.ends_with("/attachments") && !may {
            let boundary = "a-boundary-of-its-own";
            let form = format!("multipart/form-data; boundary={boundary}");
            let body = Scan::of("other").form(boundary);
            return request.header("Content-Type", form).body(body);
        }
        let (_, last) = self.route.rsplit_once('/').unwrap();
        request.json(&match last {
            "signature" => json!({"signature": "AAAA"}),
            _ if may => json!({"nonsense": true}),
            "decline" if self.route.contains("{consent}") => json!({"reason": "not_agreed"}),
            "attestation" => json!({"residents": [], "owners": []}),
            "{id}" => proposal(OWNED_WITH_ECDSA),
            _ => json!({}),
        })
    }

    /// The same for a form, with what only pages of the session know. One that would
    /// take effect lacks the key of its repetition.
    fn filled_in(&self, request: RequestBuilder, may: bool, token: Option<&str>) -> RequestBuilder {
        let request = request.header("Origin", ORIGIN);
        let form = token.map(form_token).unwrap_or_default();
        let key = Uuid::now_v7().to_string();
        if self.signs() && !self.route.contains("{attachment}") {
            let fields = [
                ("form", form),
                ("key", key),
                ("signature", "AAAA".to_owned()),
            ];
            return multipart(request, &fields, None);
        }
        if self.route.ends_with("/papers") {
            let kind = if may { "nothing" } else { "other" };
            let fields = [("form", form), ("key", key), ("kind", kind.to_owned())];
            return multipart(request, &fields, Some(SCAN));
        }
        let mut fields = vec![
            ("form", form),
            ("reason", "not_agreed".to_owned()),
            ("rka", OWNED_WITH_ECDSA.to_owned()),
            ("kind", "temporary".to_owned()),
            ("starts_on", "2026-11-05".to_owned()),
            ("months", "3".to_owned()),
            ("arrived_on", "2026-11-01".to_owned()),
        ];
        if !may {
            fields.push(("key", key));
        }
        let fields = fields.iter().map(|(name, value)| format!("{name}={value}"));
        request
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(fields.collect::<Vec<_>>().join("&"))
    }
}

/// What forms of a session carry: nobody else knows it.
fn form_token(token: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, token.as_bytes());
    URL_SAFE_NO_PAD.encode(hmac::sign(&key, b"kelisim forms v1"))
}

fn multipart(
    request: RequestBuilder,
    fields: &[(&str, String)],
    file: Option<&[u8]>,
) -> RequestBuilder {
    let boundary = "a-boundary-of-its-own";
    let part = |head: String| format!("--{boundary}\r\nContent-Disposition: form-data; {head}\r\n");
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(part(format!("name=\"{name}\"")).into_bytes());
        body.extend(format!("\r\n{value}\r\n").into_bytes());
    }
    if let Some(octets) = file {
        body.extend(part("name=\"file\"; filename=\"scan.pdf\"".to_owned()).into_bytes());
        body.extend_from_slice(b"Content-Type: application/pdf\r\n\r\n");
        body.extend_from_slice(octets);
        body.extend_from_slice(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").into_bytes());
    let form = format!("multipart/form-data; boundary={boundary}");
    request.header("Content-Type", form).body(body)
}

/// One that gives up a quiet connection before the service does, and follows no way.
pub(super) fn browser() -> Client {
    let quiet = std::time::Duration::from_secs(1);
    let client = Client::builder().no_proxy().redirect(Policy::none());
    client.pool_idle_timeout(quiet).build().unwrap()
}

fn unknown() -> Thing {
    Thing::new(&Uuid::now_v7().to_string(), &[])
}

/// The answer to whoever asks for what is not there.
fn tells_nothing(body: &Value) -> bool {
    let members = body.as_object().map(|body| body.len());
    body["type"] == "urn:kelisim:problem:not-found" && members == Some(4)
}
