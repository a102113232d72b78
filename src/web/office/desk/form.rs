//! What an operator fills in about each person, as the attestation that the service
//! takes.

use std::collections::HashMap;

use uuid::Uuid;

use crate::domain::{Guardians, Holder, Party, Resident, Wards};
use crate::web::api::attachments::{
    AttestationRequest, ConsentRequest, ExemptionRequest, IdentityPaperRequest, IdentityRequest,
    RepresentativeRequest,
};
use crate::web::problem::Problem;

/// Most people about whom one form speaks: more than any family, more than any
/// dwelling has owners.
const PEOPLE: usize = 100;

/// Somebody about whom something is filled in.
pub(super) struct Person {
    /// The whole number: the operator compares it with the paper.
    pub(super) number: String,
    /// The name, where the register tells it.
    pub(super) name: String,
    /// Whether the number is an organisation's.
    pub(super) organisation: bool,
    /// Who may act for one who cannot act alone; nothing for others.
    pub(super) guardians: Option<Vec<Guardian>>,
}

/// Somebody who may act for a ward, by the register.
pub(super) struct Guardian {
    /// The number.
    pub(super) number: String,
    /// The name.
    pub(super) name: String,
}

impl Person {
    /// Somebody who is to be registered.
    pub(super) fn resident(resident: &Resident, wards: &Wards) -> Self {
        Self {
            number: resident.iin.as_str().to_owned(),
            name: resident.name.clone(),
            organisation: false,
            guardians: wards.residents.get(&resident.iin).map(offered),
        }
    }

    /// Somebody with a right to the dwelling.
    pub(super) fn holder(party: &Party, wards: &Wards) -> Option<Self> {
        let person = party.person();
        let guardians = person.and_then(|iin| wards.holders.get(iin)).map(offered);
        let holder = match party {
            Party::Owner(holder) => holder.clone(),
            Party::Tenant(iin) => Holder::Person(iin.clone()),
            Party::Resident(_) | Party::Colleague(..) => return None,
        };
        let (number, organisation) = match holder {
            Holder::Person(iin) => (iin.as_str().to_owned(), false),
            Holder::Organisation(bin) => (bin.as_str().to_owned(), true),
        };
        Some(Self {
            number,
            name: String::new(),
            organisation,
            guardians,
        })
    }

    /// How this one can have agreed.
    pub(super) fn ways(&self) -> &'static [&'static str] {
        match (self.organisation, &self.guardians) {
            (_, Some(_)) => &["legal_representative"],
            (true, None) => &["paper_consent", "delegate"],
            (false, None) => &["present", "paper_consent", "delegate"],
        }
    }
}

fn offered(guardians: &Guardians) -> Vec<Guardian> {
    let guardians = guardians.iter().map(|(iin, name)| Guardian {
        number: iin.as_str().to_owned(),
        name: name.clone(),
    });
    guardians.collect()
}

/// The attestation that the fields make.
///
/// # Errors
/// A problem when something is missing or wrong.
pub(super) fn attestation(fields: &HashMap<String, String>) -> Result<AttestationRequest, Problem> {
    let residents = people(fields, "resident").map(|at| resident(fields, at));
    let owners = people(fields, "owner").map(|at| owner(fields, at));
    Ok(AttestationRequest {
        residents: residents.collect::<Result<_, _>>()?,
        owners: owners.collect::<Result<_, _>>()?,
    })
}

/// The places of the people about whom the form speaks.
fn people<'a>(
    fields: &'a HashMap<String, String>,
    who: &'a str,
) -> impl Iterator<Item = (&'a str, usize)> {
    let places = (0..PEOPLE).map(move |place| (who, place));
    places.take_while(|at| field(fields, *at, "number").is_some())
}

fn resident(
    fields: &HashMap<String, String>,
    at: (&str, usize),
) -> Result<IdentityRequest, Problem> {
    let relationship = field(fields, at, "relationship");
    let exempt = relationship.map(|relationship| {
        let relationship = relationship.parse();
        Ok::<_, Problem>(ExemptionRequest {
            relationship: relationship
                .map_err(|_| Problem::malformed("there is no such relationship"))?,
            attachment: attachment(fields, at)?
                .ok_or_else(|| Problem::malformed("a relationship is shown by a paper"))?,
        })
    });
    Ok(IdentityRequest {
        iin: wanted(fields, at, "number")?.to_owned(),
        document: document(fields, at)?,
        representative: representative(fields, at)?,
        exempt: exempt.transpose()?,
    })
}

fn owner(fields: &HashMap<String, String>, at: (&str, usize)) -> Result<ConsentRequest, Problem> {
    let number = Some(wanted(fields, at, "number")?.to_owned());
    let (iin, bin) = match field(fields, at, "organisation") {
        None => (number, None),
        Some(_) => (None, number),
    };
    let how = wanted(fields, at, "how")?;
    let on_paper = matches!(how, "paper_consent" | "delegate");
    let present = matches!(how, "present" | "delegate");
    Ok(ConsentRequest {
        iin,
        bin,
        how: how.to_owned(),
        document: present.then(|| document(fields, at)).transpose()?,
        representative: representative(fields, at)?,
        attachment: attachment(fields, at)?.filter(|_| on_paper),
        power_of_attorney: field(fields, at, "power")
            .filter(|_| how == "delegate")
            .map(str::to_owned),
    })
}

fn document(
    fields: &HashMap<String, String>,
    at: (&str, usize),
) -> Result<IdentityPaperRequest, Problem> {
    let kind = wanted(fields, at, "document")?.parse();
    Ok(IdentityPaperRequest {
        kind: kind.map_err(|_| Problem::malformed("there is no such identity document"))?,
        last_four: wanted(fields, at, "last_four")?.to_owned(),
        issuer: wanted(fields, at, "issuer")?.to_owned(),
    })
}

/// Who speaks for somebody, where that is asked; the document is theirs.
fn representative(
    fields: &HashMap<String, String>,
    (who, place): (&str, usize),
) -> Result<Option<RepresentativeRequest>, Problem> {
    let Some(number) = field(fields, (who, place), "representative") else {
        return Ok(None);
    };
    Ok(Some(RepresentativeRequest {
        iin: number.to_owned(),
        document: document(fields, (&format!("{who}-representative"), place))?,
    }))
}

fn attachment(
    fields: &HashMap<String, String>,
    at: (&str, usize),
) -> Result<Option<Uuid>, Problem> {
    let id = field(fields, at, "paper").map(Uuid::parse_str);
    id.transpose()
        .map_err(|_| Problem::malformed("there is no such paper"))
}

fn wanted<'a>(
    fields: &'a HashMap<String, String>,
    at: (&str, usize),
    name: &str,
) -> Result<&'a str, Problem> {
    let missing = || Problem::malformed(format!("{name} of somebody is missing"));
    field(fields, at, name).ok_or_else(missing)
}

fn field<'a>(
    fields: &'a HashMap<String, String>,
    (who, place): (&str, usize),
    name: &str,
) -> Option<&'a str> {
    let field = fields.get(&format!("{who}-{place}-{name}"))?;
    Some(field.trim()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &[(&str, &str)]) -> HashMap<String, String> {
        let pairs = text.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn each_person_of_the_form_is_attested_once() {
        let filled = fields(&[
            ("resident-0-number", "920614499917"),
            ("resident-0-document", "identity_card"),
            ("resident-0-last_four", "1234"),
            ("resident-0-issuer", "МВД РК"),
            ("owner-0-number", "680917399936"),
            ("owner-0-how", "present"),
            ("owner-0-document", "passport"),
            ("owner-0-last_four", "5678"),
            ("owner-0-issuer", "МВД РК"),
            ("owner-0-paper", ""),
            ("owner-1-number", "200140000004"),
            ("owner-1-organisation", "yes"),
            ("owner-1-how", "paper_consent"),
            ("owner-1-paper", "0198f0a2-7c1e-7000-8000-000000000001"),
        ]);
        let attested = attestation(&filled).map(|one| (one.residents.len(), one.owners));
        let (residents, owners) = attested.unwrap_or_default();
        assert_eq!((residents, owners.len()), (1, 2));
        assert!(owners[0].iin.is_some() && owners[0].attachment.is_none());
        assert!(owners[0].document.is_some() && owners[1].document.is_none());
        assert!(owners[1].bin.is_some() && owners[1].attachment.is_some());
    }

    #[test]
    fn whoever_speaks_for_somebody_is_named_with_a_document() {
        let filled = fields(&[
            ("owner-0-number", "680917399936"),
            ("owner-0-how", "legal_representative"),
            ("owner-0-representative", "760908499801"),
            ("owner-representative-0-document", "identity_card"),
            ("owner-representative-0-last_four", "4321"),
            ("owner-representative-0-issuer", "МВД РК"),
        ]);
        let attested = attestation(&filled)
            .map(|one| one.owners)
            .unwrap_or_default();
        let representative = attested[0].representative.as_ref();
        let shown = representative.map(|one| (one.iin.as_str(), one.document.last_four.as_str()));
        assert_eq!(shown, Some(("760908499801", "4321")));
        assert!(attested[0].document.is_none());
    }

    #[test]
    fn what_is_missing_is_named() {
        let filled = fields(&[("resident-0-number", "920614499917")]);
        let problem = attestation(&filled).err().map(|problem| problem.detail);
        assert_eq!(problem.as_deref(), Some("document of somebody is missing"));
    }
}
