//! Where a stored attestation names somebody: what a column of it contains then.

use serde_json::{Value, json};

use crate::domain::Holder;
use crate::eds::{Bin, Iin};

/// As one who agreed, as the delegate or the legal representative of such a one, and
/// as the legal representative of a resident.
pub(super) fn places(iin: &Iin) -> [Value; 4] {
    let person = json!({"iin": iin.as_str()});
    [
        json!({"owners": [person]}),
        json!({"owners": [{"delegate": person}]}),
        json!({"owners": [{"representative": person}]}),
        json!({"residents": [{"representative": person}]}),
    ]
}

/// As an organisation that agreed.
pub(super) fn organisation(bin: &Bin) -> Value {
    json!({"owners": [{"bin": bin.as_str()}]})
}

/// As one who agreed.
pub(super) fn holder(holder: &Holder) -> Value {
    match holder {
        Holder::Person(iin) => json!({"owners": [{"iin": iin.as_str()}]}),
        Holder::Organisation(bin) => organisation(bin),
    }
}
