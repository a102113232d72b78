//! What an operator vouches for, in words.

use super::{number, words};
use crate::domain::attachment::PaperKind;
use crate::domain::law::Relationship;
use crate::domain::{
    Appearance, Application, Attestation, Holder, IdentityKind, IdentityPaper, Language, Party,
    Representative, Vouched,
};

/// Who says that something was seen.
pub(super) enum Witness {
    /// The operator, who saw it.
    Operator,
    /// A colleague, who looks over what the operator says.
    Colleague,
}

/// What was attested; nothing where nothing was.
pub(super) fn attested(
    application: &Application,
    witness: &Witness,
    language: Language,
) -> Vec<String> {
    let Some(attestation) = &application.attestation else {
        return Vec::new();
    };
    let phrases = phrases(language);
    let begins = match witness {
        Witness::Operator => phrases.attests,
        Witness::Colleague => phrases.attested,
    };
    let mut said = vec![
        begins.to_owned(),
        sentence(
            phrases.identities,
            identities(application, attestation, language),
        ),
        sentence(phrases.holders, holders(attestation, language)),
    ];
    let papers = attestation.attachments.iter();
    let papers: Vec<_> = papers
        .map(|one| (phrases.paper)(one.kind).to_owned())
        .collect();
    if !papers.is_empty() {
        said.push(sentence(phrases.attached, papers));
    }
    said
}

fn identities(
    application: &Application,
    attestation: &Attestation,
    language: Language,
) -> Vec<String> {
    let (phrases, words) = (phrases(language), words(language));
    let shown = attestation.residents.iter().map(|one| {
        let name = application.resident(&one.iin);
        let name = name.map_or("", |resident| &resident.name);
        let whose = super::person(name, &one.iin, words);
        let mut shown = format!("{whose}: {}", identity(&one.paper, phrases));
        if let Some(representative) = &one.representative {
            let speaks = speaks(representative, language);
            shown = format!("{shown}, {speaks}");
        }
        match one.exempt {
            None => shown,
            Some(exemption) => {
                let relationship = (phrases.relationship)(exemption.relationship);
                format!("{shown}, {}: {relationship}", phrases.belongs)
            }
        }
    });
    shown.collect()
}

fn identity(paper: &IdentityPaper, phrases: &Phrases) -> String {
    let (kind, ending) = ((phrases.identity)(paper.kind), phrases.ending);
    let (last_four, issued) = (&paper.last_four, phrases.issued);
    format!("{kind}, {ending} {last_four}, {issued} {}", paper.issuer)
}

fn holders(attestation: &Attestation, language: Language) -> Vec<String> {
    let all = attestation.holders.iter();
    all.map(|one| holder(one, language)).collect()
}

fn holder(vouched: &Vouched, language: Language) -> String {
    let (phrases, words) = (phrases(language), words(language));
    let who = match &vouched.party {
        Party::Owner(holder) => format!("{}, {}", phrases.owner, number(holder, words)),
        Party::Tenant(iin) | Party::Resident(iin) => {
            let holder = Holder::from(iin.clone());
            format!("{}, {}", phrases.tenant, number(&holder, words))
        }
        // Never one who holds a right.
        Party::Colleague(bin, _) => number(&Holder::from(bin.clone()), words),
    };
    let mut how = match &vouched.how {
        Appearance::Present => phrases.present.to_owned(),
        Appearance::OnPaper(_) => phrases.on_paper.to_owned(),
        Appearance::Represented(delegate, _) => {
            let iin = number(&Holder::from(delegate.iin.clone()), words);
            (phrases.represented)(&iin, delegate.power.as_str())
        }
        Appearance::ThroughRepresentative(representative) => speaks(representative, language),
    };
    if let Some(paper) = &vouched.paper {
        how = format!("{how}, {}", identity(paper, phrases));
    }
    format!("{who}: {how}")
}

/// A legal representative who was present, and what they showed.
fn speaks(representative: &Representative, language: Language) -> String {
    let (phrases, words) = (phrases(language), words(language));
    let Representative { iin, name, paper } = representative;
    let who = super::person(name, iin, words);
    format!("{} {who}, {}", phrases.speaks, identity(paper, phrases))
}

fn sentence(begins: &str, list: Vec<String>) -> String {
    format!("{begins}: {}.", list.join("; "))
}

/// The phrases of one language.
struct Phrases {
    attests: &'static str,
    attested: &'static str,
    identities: &'static str,
    holders: &'static str,
    attached: &'static str,
    ending: &'static str,
    issued: &'static str,
    belongs: &'static str,
    owner: &'static str,
    tenant: &'static str,
    present: &'static str,
    on_paper: &'static str,
    represented: fn(&str, &str) -> String,
    speaks: &'static str,
    relationship: fn(Relationship) -> &'static str,
    identity: fn(IdentityKind) -> &'static str,
    paper: fn(PaperKind) -> &'static str,
}

fn phrases(language: Language) -> &'static Phrases {
    match language {
        Language::Kk => &KAZAKH,
        Language::Ru => &RUSSIAN,
        Language::En => &ENGLISH,
    }
}

const ENGLISH: Phrases = Phrases {
    attests: "I attest the following, which I checked myself.",
    attested: "The employee who lodged the application attested the following.",
    identities: "Identity documents were checked in the presence of their holders",
    holders: "Consent to the registration was given by",
    attached: "Attached",
    ending: "the number ending in",
    issued: "issued by",
    belongs: "relationship to the owner by an attached paper",
    owner: "owner of the dwelling",
    tenant: "tenant of a dwelling of the state housing stock",
    present: "in person",
    on_paper: "on paper, which is attached",
    represented: |iin, power| {
        format!(
            "through a delegate who was present, {iin}, by notarised power of attorney No \
             {power}, which is attached"
        )
    },
    speaks: "through the legal representative, who was present:",
    relationship: |relationship| match relationship {
        Relationship::Spouse => "husband or wife",
        Relationship::Child => "child",
        Relationship::Relative => "relative",
        Relationship::SpouseOfRelative => "husband or wife of a relative",
        Relationship::ChildOfRelative => "child of a relative",
        Relationship::Ward => "ward",
        Relationship::FullTimeStudent => "full-time student",
    },
    identity: |kind| match kind {
        IdentityKind::IdentityCard => "identity card",
        IdentityKind::Passport => "passport",
        IdentityKind::BirthCertificate => "birth certificate",
        IdentityKind::ResidencePermit => "residence permit",
        IdentityKind::Other => "another document",
    },
    paper: |kind| match kind {
        PaperKind::PaperConsent => "consent on paper",
        PaperKind::PowerOfAttorney => "power of attorney",
        PaperKind::IdentityDocument => "identity document",
        PaperKind::Lease => "lease",
        PaperKind::Other => "another document",
    },
};

const RUSSIAN: Phrases = Phrases {
    attests: "Удостоверяю следующее, проверенное мной лично.",
    attested: "Работник, подавший заявление, удостоверил следующее.",
    identities: "Документы, удостоверяющие личность, проверены в присутствии владельцев",
    holders: "Согласие на регистрацию дали",
    attached: "Приложено",
    ending: "последние знаки номера",
    issued: "кем выдан:",
    belongs: "отношение к собственнику по приложенному документу",
    owner: "собственник жилища",
    tenant: "наниматель жилища из государственного жилищного фонда",
    present: "лично",
    on_paper: "письменно, согласие приложено",
    represented: |iin, power| {
        format!(
            "через присутствовавшего представителя, {iin}, по нотариально заверенной \
             доверенности № {power}, доверенность приложена"
        )
    },
    speaks: "через присутствовавшего законного представителя:",
    relationship: |relationship| match relationship {
        Relationship::Spouse => "супруг(а)",
        Relationship::Child => "ребёнок",
        Relationship::Relative => "родственник",
        Relationship::SpouseOfRelative => "супруг(а) родственника",
        Relationship::ChildOfRelative => "ребёнок родственника",
        Relationship::Ward => "подопечный",
        Relationship::FullTimeStudent => "студент очной формы обучения",
    },
    identity: |kind| match kind {
        IdentityKind::IdentityCard => "удостоверение личности",
        IdentityKind::Passport => "паспорт",
        IdentityKind::BirthCertificate => "свидетельство о рождении",
        IdentityKind::ResidencePermit => "вид на жительство",
        IdentityKind::Other => "иной документ",
    },
    paper: |kind| match kind {
        PaperKind::PaperConsent => "письменное согласие",
        PaperKind::PowerOfAttorney => "доверенность",
        PaperKind::IdentityDocument => "документ, удостоверяющий личность",
        PaperKind::Lease => "договор найма",
        PaperKind::Other => "иной документ",
    },
};

const KAZAKH: Phrases = Phrases {
    attests: "Өзім тексерген мына мәліметтерді куәландырамын.",
    attested: "Өтінішті берген қызметкер мына мәліметтерді куәландырды.",
    identities: "Жеке басты куәландыратын құжаттар иелерінің қатысуымен тексерілді",
    holders: "Тіркеуге келісім бергендер",
    attached: "Қоса берілді",
    ending: "нөмірінің соңғы белгілері",
    issued: "берген орган:",
    belongs: "қоса берілген құжат бойынша меншік иесіне қатысы",
    owner: "тұрғын үйдің меншік иесі",
    tenant: "мемлекеттік тұрғын үй қорындағы тұрғын үйді жалдаушы",
    present: "жеке өзі",
    on_paper: "жазбаша, келісім қоса берілді",
    represented: |iin, power| {
        format!(
            "қатысқан өкіл арқылы, {iin}, нотариат куәландырған № {power} сенімхат бойынша, \
             сенімхат қоса берілді"
        )
    },
    speaks: "қатысқан заңды өкіл арқылы:",
    relationship: |relationship| match relationship {
        Relationship::Spouse => "жұбайы",
        Relationship::Child => "баласы",
        Relationship::Relative => "туысы",
        Relationship::SpouseOfRelative => "туысының жұбайы",
        Relationship::ChildOfRelative => "туысының баласы",
        Relationship::Ward => "қамқорлықтағы адам",
        Relationship::FullTimeStudent => "күндізгі оқу нысанының студенті",
    },
    identity: |kind| match kind {
        IdentityKind::IdentityCard => "жеке куәлік",
        IdentityKind::Passport => "паспорт",
        IdentityKind::BirthCertificate => "туу туралы куәлік",
        IdentityKind::ResidencePermit => "тұруға ықтиярхат",
        IdentityKind::Other => "өзге құжат",
    },
    paper: |kind| match kind {
        PaperKind::PaperConsent => "жазбаша келісім",
        PaperKind::PowerOfAttorney => "сенімхат",
        PaperKind::IdentityDocument => "жеке басты куәландыратын құжат",
        PaperKind::Lease => "жалдау шарты",
        PaperKind::Other => "өзге құжат",
    },
};
