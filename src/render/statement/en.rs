//! Statements in English.

use super::{Demand, Plea, Voice, Words};
use crate::domain::{Holder, Kind, Party};

pub(super) struct English;

impl Words for English {
    fn iin(&self) -> &'static str {
        "IIN"
    }

    fn bin(&self) -> &'static str {
        "BIN"
    }

    fn applies(&self, applicant: &str, plea: &Plea<'_>, kind: Kind) -> String {
        let registration = registration(kind);
        match plea {
            Plea::Alone => format!("I, {applicant}, ask for my {registration}."),
            Plea::Together(others) => format!(
                "I, {applicant}, ask for my {registration} and, together with me, for that of: \
                 {others}."
            ),
            Plea::Representative(all) => format!(
                "I, {applicant}, as legal representative of those named here, ask for the \
                 {registration} of: {all}."
            ),
            Plea::Others(all) => format!(
                "I, {applicant}, ask for the {registration} of: {all}. Each of them is \
                 asked for their consent."
            ),
            Plea::Mixed(own, represented) => format!(
                "I, {applicant}, ask for the {registration} of: {own}, each of whom is asked \
                 for consent, and, as legal representative, of: {represented}."
            ),
            Plea::Administration(bin, all) => format!(
                "The administration of the organisation, BIN {}, asks for the {registration} of: \
                 {all}. The petition was drawn up by: {applicant}.",
                bin.as_str()
            ),
            Plea::Operator(bin, all) => format!(
                "I, {applicant}, employee of the public service centre, BIN {}, at the request of \
                 people present in person, ask for the {registration} of: {all}.",
                bin.as_str()
            ),
        }
    }

    fn lodged(&self, applicant: &str, plea: &Plea<'_>) -> String {
        let part = match plea {
            Plea::Alone | Plea::Together(_) | Plea::Others(_) => String::new(),
            Plea::Mixed(_, represented) => format!(", legal representative of: {represented}"),
            Plea::Representative(_) => ", legal representative".to_owned(),
            Plea::Administration(bin, _) => format!(
                ", for the administration of the organisation, BIN {}",
                bin.as_str()
            ),
            Plea::Operator(bin, _) => {
                format!(
                    ", employee of the public service centre, BIN {}",
                    bin.as_str()
                )
            }
        };
        format!("The application was lodged by: {applicant}{part}.")
    }

    fn consents(&self, voice: &Voice<'_>, kind: Kind, people: &str) -> String {
        let consent = voice.says("consent", "consents");
        let registration = registration(kind);
        format!(
            "{} {consent} to the {registration} of: {people}.",
            subject(voice)
        )
    }

    fn leaves(&self, resident: &str, kind: Kind) -> String {
        format!(
            "I, {resident}, ask for my removal from {}.",
            registration(kind)
        )
    }

    fn lets_leave(&self, speaker: &str, kind: Kind, resident: &str) -> String {
        let registration = registration(kind);
        format!(
            "I, {speaker}, as legal representative of the person named here, ask for the removal \
             from {registration} of: {resident}."
        )
    }

    fn ends_at_once(&self) -> &'static str {
        "The registration ends as soon as this signature is accepted."
    }

    fn demands(&self, voice: &Voice<'_>, kind: Kind, resident: &str) -> String {
        let ask = voice.says("ask", "asks");
        let registration = registration(kind);
        format!(
            "{} {ask} for the removal from {registration} of: {resident}.",
            subject(voice)
        )
    }

    fn confirms(&self, voice: &Voice<'_>, demand: &Demand) -> String {
        let confirm = voice.says("confirm", "confirms");
        let by = demand.by.iter().map(|number| format!(", {number},"));
        format!(
            "{} {confirm} the demand of an owner of the dwelling{} for the removal from {} of: {}.",
            subject(voice),
            by.collect::<String>(),
            registration(demand.kind),
            demand.resident
        )
    }

    fn registration(&self, id: &str) -> String {
        format!("Registration No {id}.")
    }

    fn place(&self, address: &str, rka: &str) -> String {
        format!("Address: {address}, address registration code {rka}.")
    }

    fn days(&self, from: &str, until: &str, months: u32) -> String {
        format!("Period (months): {months}, from {from} to {until} inclusive.")
    }

    fn since(&self, from: &str) -> String {
        format!("From {from}, without an end.")
    }

    fn arrived(&self, day: &str) -> String {
        format!("Date of arrival: {day}.")
    }

    fn extends(&self, id: &str) -> String {
        format!("This extends registration No {id} without a gap.")
    }

    fn effect(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Temporary => {
                "Temporary registration gives no right of ownership of the dwelling."
            }
            Kind::Permanent => {
                "Registration at the place of residence gives no right of ownership of the \
                 dwelling and replaces the former one."
            }
        }
    }

    fn enters(&self, origin: &str) -> String {
        format!(
            "I sign in to the personal office at {origin}. This signature is neither an \
             application nor a consent."
        )
    }
}

fn registration(kind: Kind) -> &'static str {
    match kind {
        Kind::Temporary => "temporary registration at the place of temporary stay (residence)",
        Kind::Permanent => "registration at the place of residence",
    }
}

fn subject(voice: &Voice<'_>) -> String {
    if let Some(delegate) = voice.delegate {
        let (iin, power) = (delegate.iin.as_str(), delegate.power.as_str());
        let whose = whose(voice);
        return format!(
            "I, IIN {iin}, by notarised power of attorney No {power} on behalf of {whose}"
        );
    }
    match voice.party {
        Party::Owner(Holder::Person(iin)) => {
            format!("I, owner of the dwelling, IIN {},", iin.as_str())
        }
        Party::Owner(Holder::Organisation(bin)) => format!(
            "The organisation that owns the dwelling, BIN {},",
            bin.as_str()
        ),
        Party::Tenant(iin) => format!(
            "I, tenant of a dwelling of the state housing stock, IIN {}, in the owner's place",
            iin.as_str()
        ),
        Party::Resident(iin) => format!(
            "I, {}, IIN {}, an adult member of the family and one of those to be registered,",
            voice.name,
            iin.as_str()
        ),
        Party::Colleague(bin, _) => format!(
            "I, employee of the public service centre, BIN {}, have looked over the application of \
             another employee of it and",
            bin.as_str()
        ),
    }
}

/// The party in whose place a delegate speaks.
fn whose(voice: &Voice<'_>) -> String {
    match voice.party {
        Party::Owner(Holder::Person(iin)) => {
            format!("the owner of the dwelling, IIN {},", iin.as_str())
        }
        Party::Owner(Holder::Organisation(bin)) => format!(
            "the organisation that owns the dwelling, BIN {},",
            bin.as_str()
        ),
        Party::Tenant(iin) => format!(
            "the tenant of a dwelling of the state housing stock, IIN {},",
            iin.as_str()
        ),
        Party::Resident(iin) => format!(
            "one of those to be registered, {}, IIN {},",
            voice.name,
            iin.as_str()
        ),
        Party::Colleague(bin, _) => {
            format!("the public service centre, BIN {},", bin.as_str())
        }
    }
}
