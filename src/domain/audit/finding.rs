//! What is wrong with an audit log, and where.

use uuid::Uuid;

use super::NotACheckpoint;
use crate::domain::ApplicationId;
use crate::eds;

/// The first thing in a log that is not what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {fault}")]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What.
    pub fault: Fault,
}

/// A place in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Place {
    /// A record.
    #[error("record {1} of application {0}")]
    Record(ApplicationId, i64),
    /// A step in an application's history.
    #[error("step {1} of application {0}")]
    Step(ApplicationId, i64),
    /// A refused signature.
    #[error("refusal {0}")]
    Refusal(Uuid),
    /// A leaf of the tree.
    #[error("leaf {0}")]
    Leaf(u64),
    /// An inner node that is kept: its level, and the size of the tree that
    /// completes it.
    #[error("inner node {0} at size {1}")]
    Node(u32, u64),
    /// A checkpoint.
    #[error("checkpoint {0}")]
    Checkpoint(u64),
    /// A document.
    #[error("document {0}")]
    Document(Uuid),
    /// The signature on a document.
    #[error("the signature on document {0}")]
    Signature(Uuid),
    /// The certificate of the signature on a document.
    #[error("the certificate of the signature on document {0}")]
    Certificate(Uuid),
    /// The validation report of the signature on a document.
    #[error("the report on the signature on document {0}")]
    Report(Uuid),
    /// A signature that was acknowledged before its evidence was there.
    #[error("received signature {0}")]
    Received(Uuid),
    /// A registration.
    #[error("registration {0}")]
    Registration(Uuid),
}

/// What is wrong there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Others follow, or another table says that it must be there.
    #[error("is missing")]
    Missing,
    /// There is another under the same number.
    #[error("is there twice")]
    Twice,
    /// The hash of the record before is another.
    #[error("does not follow from the record before it")]
    Link,
    /// Its hash is not that of its contents.
    #[error("was altered: its hash is not that of what it holds")]
    Altered,
    /// The tree holds another hash for it.
    #[error("is another than the one in the tree")]
    NotTheLeaf,
    /// Neither in the tree nor waiting for it.
    #[error("is neither in the tree nor waiting for it")]
    Unsealed,
    /// In the tree and waiting for it.
    #[error("is in the tree and still waits for it")]
    SealedTwice,
    /// The history of the application says otherwise.
    #[error("does not agree with the history of the application")]
    OtherStep,
    /// The refusal that it tells of says otherwise.
    #[error("does not agree with the refusal that it tells of")]
    OtherRefusal,
    /// It does not stand for the person of whom the other tables tell.
    #[error("does not stand for the person who acted")]
    OtherPerson,
    /// A record of its application, here by its sequence, tells of another.
    #[error("is not what record {0} of its application tells of")]
    OtherEvidence(i64),
    /// The time-stamp beside it proves nothing.
    #[error("has a time-stamp that does not hold: {0}")]
    TimeStamp(eds::Fault),
    /// No record tells of it.
    #[error("has no record")]
    Unrecorded,
    /// The root over all records up to it is another: one of the records since
    /// the checkpoint before was changed, moved or removed.
    #[error("its root is not that of the records before it")]
    Root,
    /// It is not the hash over the leaves below it.
    #[error("is not the hash over its leaves")]
    NotTheNode,
    /// It is no checkpoint, or nobody known has signed it.
    #[error("does not hold: {0}")]
    Note(NotACheckpoint),
    /// It names another log than the one before it.
    #[error("is of another log than the one before it")]
    OtherLog,
    /// It names another checkpoint before it.
    #[error("does not follow from the checkpoint before it")]
    CheckpointLink,
    /// Its time is before that of the checkpoint before.
    #[error("is older than the checkpoint before it")]
    Older,
    /// The columns beside the note say otherwise.
    #[error("is kept under another number or size than its own")]
    Misfiled,
    /// No checkpoint covers it.
    #[error("is covered by no checkpoint")]
    Uncovered,
    /// A copy that was shipped elsewhere says otherwise: the log was rewritten.
    #[error("is another than the copy that was shipped: the log was rewritten")]
    Rewritten,
    /// A copy was shipped elsewhere of what is not here: an old log was restored.
    #[error("was shipped and is not here: an old copy was restored, or the end cut off")]
    CutOff,
}

impl Place {
    pub(super) fn has(self, fault: Fault) -> Finding {
        Finding { place: self, fault }
    }
}
