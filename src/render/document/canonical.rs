//! Canonical JSON (RFC 8785).

use serde_json::Value;

use super::Unwritable;

/// Any value as canonical JSON (RFC 8785).
///
/// # Errors
/// [`Unwritable`] when it has no such form.
pub fn canonical(value: &Value) -> Result<String, Unwritable> {
    // The plain writer is four times as fast, and reports are long.
    Ok(match is_canonical_as_written(value) {
        true => serde_json::to_string(value)?,
        false => serde_json_canonicalizer::to_string(value)?,
    })
}

/// Whether all there is to canonical form is met already: members in their order, as
/// names in ASCII have it in any encoding, and no numbers but whole ones that a
/// double holds. Strings are written alike by both.
fn is_canonical_as_written(value: &Value) -> bool {
    const EXACT: u64 = 1 << 53;
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => true,
        Value::Number(number) => number
            .as_i64()
            .is_some_and(|whole| whole.unsigned_abs() < EXACT),
        Value::Array(values) => values.iter().all(is_canonical_as_written),
        Value::Object(members) => {
            members.keys().is_sorted()
                && members.keys().all(|name| name.is_ascii())
                && members.values().all(is_canonical_as_written)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Number, json};

    use super::*;

    fn any_value() -> impl Strategy<Value = Value> {
        let names = prop_oneof!["[a-z_]{0,4}", any::<String>()];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-9..9_i64).prop_map(Value::from),
            any::<f64>().prop_map(|number| Number::from_f64(number).into()),
            any::<String>().prop_map(Value::from),
            "[\\x00-\\x20\"\\\\\\x7f\u{fffe}]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map(names.clone(), inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_fast_is_canonical_too(value in any_value()) {
            let written = canonical(&value).unwrap();
            prop_assert_eq!(written, serde_json_canonicalizer::to_string(&value).unwrap());
        }
    }

    #[test]
    fn only_what_is_canonical_anyhow_is_written_fast() {
        let report = json!({"a": [1, -2, {"b": null}], "checks": "Ұ\u{1}\n\""});
        assert!(is_canonical_as_written(&report));
        for other in [
            json!(1.5),
            json!(1_u64 << 53),
            json!({"Ұ": 1}),
            json!([-0.0]),
        ] {
            assert!(!is_canonical_as_written(&other), "{other}");
        }
    }
}
