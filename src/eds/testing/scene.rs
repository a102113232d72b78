//! A person, a document, a signature and everything a verifier needs; each
//! part may be changed before it is judged.

use std::sync::LazyLock;

use super::{
    key::Key,
    message::Message,
    pki::{Draft, List, at},
};
use crate::eds::{
    Content, Fault, Indication, Moment, Policy, Report, SubIndication, Trust, Verified, Wants,
    ocsp::Response, verify, wants,
};

pub(crate) static ROOT: LazyLock<Key> = LazyLock::new(Key::p384);
pub(crate) static AUTHORITY: LazyLock<Key> = LazyLock::new(Key::p256);
pub(crate) static PERSON: LazyLock<Key> = LazyLock::new(Key::p256);
pub(crate) static STRANGER: LazyLock<Key> = LazyLock::new(Key::p256);

pub(crate) const IIN: &str = "900101300007";
pub(crate) const DOCUMENT: &[u8] = b"{\"purpose\":\"test\"}";
pub(crate) const ISSUED: &str = "2026-06-01T09:55:00Z";
pub(crate) const SIGNED: &str = "2026-06-01T09:59:00Z";
pub(crate) const RECEIVED: &str = "2026-06-01T10:00:00Z";

/// All inputs of one verification.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) signature: Vec<u8>,
    pub(crate) document: Option<Vec<u8>>,
    pub(crate) anchors: Vec<Vec<u8>>,
    pub(crate) intermediates: Vec<Vec<u8>>,
    pub(crate) crls: Vec<Vec<u8>>,
    pub(crate) responses: Vec<Vec<u8>>,
    pub(crate) policy: Policy,
    pub(crate) moment: Moment,
}

/// The certificate of the root.
pub(crate) fn root() -> Draft {
    Draft::authority(1, "Root", &ROOT)
}

/// The certificate of the issuing authority.
pub(crate) fn authority() -> Draft {
    Draft::authority(2, "Authority", &AUTHORITY)
}

/// The certificate of the person.
pub(crate) fn person() -> Draft {
    Draft::signer(3, IIN, &PERSON)
}

/// Signed by the issuing authority.
pub(crate) fn issue(draft: &Draft) -> Vec<u8> {
    draft.signed(&authority().subject, &AUTHORITY)
}

/// What the person signs.
pub(crate) fn message(certificate: &[u8]) -> Message {
    Message::new(DOCUMENT, certificate, &PERSON, at(SIGNED))
}

/// A list of the issuing authority, empty so far.
pub(crate) fn list() -> List {
    List::new("2026-06-01T00:00:00Z", "2026-06-08T00:00:00Z")
}

impl Scene {
    /// Everything is as it should be.
    pub(crate) fn new() -> Self {
        Self::signed_with(&issue(&person()))
    }

    /// The person signs with this certificate.
    pub(crate) fn signed_with(certificate: &[u8]) -> Self {
        Self::with_message(&message(certificate))
    }

    /// The person sends this message.
    pub(crate) fn with_message(message: &Message) -> Self {
        Self {
            signature: message.der(),
            document: Some(DOCUMENT.to_vec()),
            anchors: vec![root().self_signed(&ROOT)],
            intermediates: vec![authority().signed(&root().subject, &ROOT)],
            crls: vec![
                list().signed(&authority().subject, &AUTHORITY),
                list().signed(&root().subject, &ROOT),
            ],
            responses: Vec::new(),
            policy: Policy::national(),
            moment: Moment::between(at(ISSUED), at(RECEIVED)),
        }
    }

    /// With this list of the issuing authority.
    pub(crate) fn with_list(mut self, list: &List) -> Self {
        self.crls = vec![
            list.signed(&authority().subject, &AUTHORITY),
            super::scene::list().signed(&root().subject, &ROOT),
        ];
        self
    }

    #[track_caller]
    fn trust(&self) -> Trust {
        let trust =
            Trust::new(&self.anchors, &self.intermediates, &self.crls).expect("readable trust");
        let responses = self.responses.iter().map(|der| Response::read(der));
        trust.with_responses(responses.collect::<Result<_, _>>().expect("responses"))
    }

    fn content(&self) -> Content<'_> {
        self.document
            .as_deref()
            .map_or(Content::Attached, Content::Detached)
    }

    /// What the verifier says, in whichever form lists are kept.
    #[track_caller]
    pub(crate) fn verdict(&self) -> Result<Verified, Box<Report>> {
        let (content, trust) = (self.content(), self.trust());
        let verdict =
            |trust: &Trust| verify(&self.signature, content, trust, &self.policy, self.moment);
        let (whole, compact) = (verdict(&trust), verdict(&trust.clone().compacted()));
        assert_eq!(
            format!("{compact:?}"),
            format!("{whole:?}"),
            "compact lists"
        );
        whole
    }

    /// What the verifier misses.
    #[track_caller]
    pub(crate) fn wants(&self) -> Wants {
        let (content, trust) = (self.content(), self.trust());
        wants(&self.signature, content, &trust, &self.policy, self.moment)
    }

    #[track_caller]
    pub(crate) fn passes(&self) -> Verified {
        match self.verdict() {
            Ok(verified) => verified,
            Err(report) => panic!("refused: {:?}", report.reason),
        }
    }

    /// Demands a refusal and this sub-indication.
    #[track_caller]
    pub(crate) fn refused(&self, indication: Indication, sub_indication: SubIndication) -> Fault {
        let report = self.verdict().expect_err("passed");
        assert_eq!(
            (report.indication, report.sub_indication),
            (indication, Some(sub_indication)),
            "{:?}",
            report.reason
        );
        report.reason.expect("a reason")
    }

    /// Demands `TOTAL-FAILED`.
    #[track_caller]
    pub(crate) fn fails(&self, sub_indication: SubIndication) -> Fault {
        self.refused(Indication::TotalFailed, sub_indication)
    }

    /// Demands `INDETERMINATE`.
    #[track_caller]
    pub(crate) fn is_doubted(&self, sub_indication: SubIndication) -> Fault {
        self.refused(Indication::Indeterminate, sub_indication)
    }
}
