use super::*;
use crate::domain::Holder;
use crate::domain::attachment::MediaType;

const RESIDENT: &str = "900101300007";
const OWNER: &str = "851230400006";
const PARENT: &str = "760908499801";

fn iin(text: &str) -> Iin {
    Iin::parse(text).unwrap()
}

fn attested() -> Attestation {
    Attestation {
        residents: vec![Identified {
            iin: iin(RESIDENT),
            paper: card("1234"),
            representative: None,
            exempt: None,
        }],
        holders: vec![Vouched {
            party: owner(),
            how: Appearance::OnPaper(Digest::of(b"paper")),
            paper: None,
        }],
        attachments: vec![Attached {
            kind: PaperKind::PaperConsent,
            media_type: MediaType::Pdf,
            sha256: Digest::of(b"paper"),
        }],
    }
}

fn card(last_four: &str) -> IdentityPaper {
    IdentityPaper {
        kind: IdentityKind::IdentityCard,
        last_four: last_four.to_owned(),
        issuer: "МВД РК".to_owned(),
    }
}

fn parent() -> Representative {
    Representative {
        iin: iin(PARENT),
        name: "ТЕСТОВ".to_owned(),
        paper: card("4321"),
    }
}

fn owner() -> Party {
    Party::Owner(Holder::Person(iin(OWNER)))
}

#[track_caller]
fn check(change: impl Fn(&mut Attestation), expected: Result<(), Unattested>) {
    let mut attestation = attested();
    change(&mut attestation);
    let resident = Resident {
        iin: iin(RESIDENT),
        name: "ТЕСТОВ".to_owned(),
    };
    assert_eq!(attestation.covers(&[resident], &[owner()].into()), expected);
}

#[test]
fn it_covers_every_resident_and_owner_once() {
    check(|_| {}, Ok(()));
    check(|it| it.residents.clear(), Err(Unattested::Resident));
    check(
        |it| it.residents.push(it.residents[0].clone()),
        Err(Unattested::Resident),
    );
    check(
        |it| it.residents[0].iin = iin(OWNER),
        Err(Unattested::Resident),
    );
    check(|it| it.holders.clear(), Err(Unattested::Holder));
    check(
        |it| it.holders.push(it.holders[0].clone()),
        Err(Unattested::Holder),
    );
    let tenant = Party::Tenant(iin(OWNER));
    check(
        |it| it.holders[0].party = tenant.clone(),
        Err(Unattested::Holder),
    );
}

#[test]
fn a_consent_rests_on_a_paper_of_its_kind() {
    check(|it| it.attachments.clear(), Err(Unattested::Attachment));
    check(
        |it| it.attachments[0].kind = PaperKind::Lease,
        Err(Unattested::Attachment),
    );
    check(
        |it| it.holders[0].how = Appearance::OnPaper(Digest::of(b"other")),
        Err(Unattested::Attachment),
    );
    check(
        |it| {
            it.attachments.clear();
            it.holders[0].how = Appearance::Present;
            it.holders[0].paper = Some(card("5678"));
        },
        Ok(()),
    );
}

#[test]
fn a_relationship_is_shown_by_a_paper() {
    let exempt = |sha256| {
        move |it: &mut Attestation| {
            it.residents[0].exempt = Some(Exemption {
                relationship: Relationship::Child,
                sha256,
            });
        }
    };
    check(exempt(Digest::of(b"paper")), Ok(()));
    check(exempt(Digest::of(b"none")), Err(Unattested::Attachment));
}

#[test]
fn an_identity_document_is_described_plainly() {
    for bad in ["123", "12345", "12 4", "12\u{202e}4"] {
        let last_four = |it: &mut Attestation| it.residents[0].paper.last_four = bad.to_owned();
        check(last_four, Err(Unattested::Paper));
    }
    for bad in ["", " МВД", "M\u{412}Д", &"я".repeat(ISSUER + 1)] {
        let issuer = |it: &mut Attestation| it.residents[0].paper.issuer = bad.to_owned();
        check(issuer, Err(Unattested::Paper));
    }
}

#[test]
fn whoever_was_present_showed_a_document_and_nobody_else_did() {
    let agreed = |how: Appearance, paper: Option<IdentityPaper>| {
        move |it: &mut Attestation| {
            it.attachments.push(Attached {
                kind: PaperKind::PowerOfAttorney,
                media_type: MediaType::Pdf,
                sha256: Digest::of(b"power"),
            });
            it.holders[0].how = how.clone();
            it.holders[0].paper = paper.clone();
        }
    };
    let delegate = Delegate {
        iin: iin(PARENT),
        power: crate::domain::register::PowerNumber::parse("1").unwrap(),
    };
    let through_delegate = Appearance::Represented(delegate, Digest::of(b"power"));
    let through_parent = Appearance::ThroughRepresentative(parent());
    let shown = Some(card("5678"));
    check(agreed(Appearance::Present, shown.clone()), Ok(()));
    check(agreed(through_delegate.clone(), shown.clone()), Ok(()));
    check(agreed(through_parent.clone(), None), Ok(()));
    let on_paper = Appearance::OnPaper(Digest::of(b"paper"));
    for bad in [
        agreed(Appearance::Present, None),
        agreed(Appearance::Present, Some(card("5"))),
        agreed(through_delegate, None),
        agreed(through_parent, shown.clone()),
        agreed(on_paper, shown),
    ] {
        check(bad, Err(Unattested::Paper));
    }
    let unread = |it: &mut Attestation| {
        let paper = card("12\u{202e}4");
        it.residents[0].representative = Some(Representative { paper, ..parent() });
    };
    check(unread, Err(Unattested::Paper));
}

#[test]
fn nobody_is_present_as_an_organisation() {
    let company: Party = Party::Owner(crate::eds::Bin::parse("200140000004").unwrap().into());
    let mut attestation = attested();
    attestation.holders[0] = Vouched {
        party: company.clone(),
        how: Appearance::Present,
        paper: Some(card("5678")),
    };
    let resident = Resident {
        iin: iin(RESIDENT),
        name: "ТЕСТОВ".to_owned(),
    };
    let covers = attestation.covers(&[resident], &[company].into());
    assert_eq!(covers, Err(Unattested::Organisation));
}

/// Whether this attestation speaks for these.
#[track_caller]
fn speaks(change: impl Fn(&mut Attestation), wards: &Wards, expected: Result<(), Unattested>) {
    let mut attestation = attested();
    change(&mut attestation);
    assert_eq!(attestation.speaks_for(wards), expected);
}

#[test]
fn whoever_cannot_act_alone_is_spoken_for_by_one_whom_the_register_names() {
    let guardians: Guardians = [(iin(PARENT), "ТЕСТОВ".to_owned())].into();
    let resident = Wards {
        residents: [(iin(RESIDENT), guardians.clone())].into(),
        holders: BTreeMap::new(),
    };
    let holder = Wards {
        residents: BTreeMap::new(),
        holders: [(iin(OWNER), guardians)].into(),
    };
    let nobody = Err(Unattested::Representative);
    let for_resident = |it: &mut Attestation| it.residents[0].representative = Some(parent());
    let for_holder =
        |it: &mut Attestation| it.holders[0].how = Appearance::ThroughRepresentative(parent());
    let by_another = |it: &mut Attestation| {
        let another = iin(OWNER);
        it.residents[0].representative = Some(Representative {
            iin: another,
            ..parent()
        });
    };
    speaks(|_| {}, &Wards::default(), Ok(()));
    speaks(for_resident, &resident, Ok(()));
    speaks(for_holder, &holder, Ok(()));
    // Neither for nobody, nor by another, nor for one who can act.
    speaks(|_| {}, &resident, nobody);
    speaks(|_| {}, &holder, nobody);
    speaks(by_another, &resident, nobody);
    speaks(for_resident, &Wards::default(), nobody);
    speaks(for_holder, &Wards::default(), nobody);
}

#[test]
fn everybody_who_agreed_or_spoke_for_somebody_is_named() {
    let mut attestation = attested();
    attestation.residents[0].representative = Some(parent());
    for (number, named) in [(OWNER, true), (PARENT, true), (RESIDENT, false)] {
        assert_eq!(attestation.names(&iin(number)), named, "{number}");
    }
    attestation.residents[0].representative = None;
    assert!(!attestation.names(&iin(PARENT)));
    attestation.holders[0].how = Appearance::ThroughRepresentative(parent());
    assert!(attestation.names(&iin(PARENT)));
}
