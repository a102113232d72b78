//! Published examples of the hash functions and of the signature.

use crypto_bigint::{Odd, U256, U512, Uint};

use super::naive::{Naive, Point};
use super::{hex, reversed, reversed_pair};
use crate::eds::gost::signing::SigningKey;
use crate::eds::gost::{Algorithm, Hash, PublicKey, Refusal};

/// RFC 6986 section 10.1, in the order in which the octets are hashed.
const M1: &[u8] = b"012345678901234567890123456789012345678901234567890123456789012";
/// RFC 6986 section 10.2.
const M2: &str = "d1e520e2e5f2f0e82c20d1f2f0e8e1eee6e820e2edf3f6e82c20e2e5fef2fa20f120eceef0ff\
    20f1f2f0e5ebe0ece820ede020f5f0e0e1f0fbff20efebfaeafb20c8e3eef0e5e2fb";

#[track_caller]
fn hashes(hash: Hash, message: &[u8], digest: &str) {
    assert_eq!(hash.digest(message).as_ref(), hex(digest));
    let (start, end) = message.split_at(message.len() / 3);
    assert_eq!(hash.digest_parts([start, &[], end]).as_ref(), hex(digest));
}

#[test]
fn streebog_gives_the_digests_of_rfc_6986() {
    hashes(
        Hash::Streebog512,
        M1,
        "1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa\
         00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48",
    );
    hashes(
        Hash::Streebog256,
        M1,
        "9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500",
    );
    hashes(
        Hash::Streebog512,
        &hex(M2),
        "1e88e62226bfca6f9994f1f2d51569e0daf8475a3b0fe61a5300eee46d961376\
         035fe83549ada2b8620fcd7c496ce5b33f0cb9dddc2b6460143b03dabac9fb28",
    );
    hashes(
        Hash::Streebog256,
        &hex(M2),
        "9dd2fe4e90409e5da87f53976d7405b0c0cac628fc669a741d50063c557e8f50",
    );
}

#[test]
fn gost_94_gives_the_digests_of_rfc_5831() {
    hashes(
        Hash::Gost94,
        b"This is message, length=32 bytes",
        "b1c466d37519b82e8319819ff32595e047a28cb6f83eff1c6916a815a637fffa",
    );
    hashes(
        Hash::Gost94,
        b"Suppose the original message has length = 50 bytes",
        "471aba57a60a770d3a76130635c1fbea4ef14de51f78b4ae57dd893b62f55208",
    );
}

/// e, r, s and the key of an example on a curve that only the reference knows.
#[track_caller]
fn reference_verifies<const N: usize>(
    curve: &Naive<N>,
    e: Uint<N>,
    [r, s]: [Uint<N>; 2],
    key: Point<N>,
) {
    assert!(curve.verifies(e, [r, s], key));
    assert!(!curve.verifies(e.wrapping_add(&Uint::ONE), [r, s], key));
    assert!(!curve.verifies(e, [r, s.wrapping_sub(&Uint::ONE)], key));
}

#[test]
fn the_reference_verifies_the_256_bit_example_of_rfc_7091() {
    let curve = Naive {
        p: Odd::<U256>::from_be_hex(
            "8000000000000000000000000000000000000000000000000000000000000431",
        ),
        a: U256::from_u8(7),
        q: Odd::<U256>::from_be_hex(
            "8000000000000000000000000000000150FE8A1892976154C59CFC193ACCF5B3",
        ),
        base: (
            U256::from_u8(2),
            U256::from_be_hex("08E2A8A0E65147D4BD6316030E16D19C85C97F0A9CA267122B96ABBCEA7E8FC8"),
        ),
    };
    reference_verifies(
        &curve,
        U256::from_be_hex("2DFBC1B372D89A1188C09C52E0EEC61FCE52032AB1022E8E67ECE6672B043EE5"),
        [
            U256::from_be_hex("41AA28D2F1AB148280CD9ED56FEDA41974053554A42767B83AD043FD39DC0493"),
            U256::from_be_hex("01456C64BA4642A1653C235A98A60249BCD6D3F746B631DF928014F6C5BF9C40"),
        ],
        Some((
            U256::from_be_hex("7F2B49E270DB6D90D8595BEC458B50C58585BA1D4E9B788F6689DBD8E56FD80B"),
            U256::from_be_hex("26F1B489D6701DD185C8413A977B3CBBAF64D1C593D26627DFFB101A87FF77DA"),
        )),
    );
}

#[test]
fn the_reference_verifies_the_512_bit_example_of_rfc_7091() {
    let curve = Naive {
        p: Odd::<U512>::from_be_hex(
            "4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15DF1D852741AF4704A0458047E80E4546D35B8336FAC224DD81664BBF528BE6373",
        ),
        a: U512::from_u8(7),
        q: Odd::<U512>::from_be_hex(
            "4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15DA82F2D7ECB1DBAC719905C5EECC423F1D86E25EDBE23C595D644AAF187E6E6DF",
        ),
        base: (
            U512::from_be_hex(
                "24D19CC64572EE30F396BF6EBBFD7A6C5213B3B3D7057CC825F91093A68CD762FD60611262CD838DC6B60AA7EEE804E28BC849977FAC33B4B530F1B120248A9A",
            ),
            U512::from_be_hex(
                "2BB312A43BD2CE6E0D020613C857ACDDCFBF061E91E5F2C3F32447C259F39B2C83AB156D77F1496BF7EB3351E1EE4E43DC1A18B91B24640B6DBB92CB1ADD371E",
            ),
        ),
    };
    reference_verifies(
        &curve,
        U512::from_be_hex(
            "3754F3CFACC9E0615C4F4A7C4D8DAB531B09B6F9C170C533A71D147035B0C5917184EE536593F4414339976C647C5D5A407ADEDB1D560C4FC6777D2972075B8C",
        ),
        [
            U512::from_be_hex(
                "2F86FA60A081091A23DD795E1E3C689EE512A3C82EE0DCC2643C78EEA8FCACD35492558486B20F1C9EC197C90699850260C93BCBCD9C5C3317E19344E173AE36",
            ),
            U512::from_be_hex(
                "1081B394696FFE8E6585E7A9362D26B6325F56778AADBC081C0BFBE933D52FF5823CE288E8C4F362526080DF7F70CE406A6EEB1F56919CB92A9853BDE73E5B4A",
            ),
        ],
        Some((
            U512::from_be_hex(
                "115DC5BC96760C7B48598D8AB9E740D4C4A85A65BE33C1815B5C320C854621DD5A515856D13314AF69BC5B924C8B4DDFF75C45415C1D9DD9DD33612CD530EFE1",
            ),
            U512::from_be_hex(
                "37C7C90CD40B0F5621DC3AC1B751CFA0E2634FA0503B3D52639F5D7FB72AFD61EA199441D943FFE7F0C70A2759A3CDB84C114E1F9339FDF27F35ECA93677BEEC",
            ),
        )),
    );
}

/// A private scalar with its key, and one signature made with a known k; numbers as
/// the standards print them.
struct Example {
    algorithm: Algorithm,
    scalar: &'static str,
    nonce: &'static str,
    digest: &'static str,
    key: (&'static str, &'static str),
    signature: (&'static str, &'static str),
}

#[track_caller]
fn check(example: &Example) {
    let digest = reversed(example.digest);
    let signature = reversed_pair(example.signature.0, example.signature.1);
    let key = reversed_pair(example.key.0, example.key.1);
    let public = PublicKey::parse(example.algorithm, &key).unwrap();
    assert_eq!(public.verify_digest(&digest, &signature), Ok(()));
    let private = SigningKey::new(example.algorithm, &reversed(example.scalar)).unwrap();
    assert_eq!(private.public_octets(), key);
    let signed = private.sign_digest_with(&digest, &reversed(example.nonce));
    assert_eq!(signed, Ok(signature.clone()));
    for place in 0..signature.len() {
        let mut tampered = signature.clone();
        tampered[place] ^= 1 << (place % 8);
        let verdict = public.verify_digest(&digest, &tampered);
        assert!(matches!(
            verdict,
            Err(Refusal::Mismatch | Refusal::ScalarOutOfRange)
        ));
    }
}

/// Scalars and digests of the examples of RFC 7091, signed on the curves in use by
/// another implementation; k is what its signatures give away.
#[test]
fn the_scalars_of_rfc_7091_sign_on_tc26_512_a() {
    check(&Example {
        algorithm: Algorithm::Gost2015With512,
        scalar: "0ba6048aadae241ba40936d47756d7c93091a0e8514669700ee7508e508b102072e8123b2200a0563322dad2827e2714a2636b7bfd18aadfc62967821fa18dd4",
        nonce: "1fd37b51884546f7586601fc39099208b3a2f95becfa51b665003ffad9c31d87ee6ff56b6145af2b4fb2df392177ebac480bed07de35e0acd418325f63cf5d98",
        digest: "3754f3cfacc9e0615c4f4a7c4d8dab531b09b6f9c170c533a71d147035b0c5917184ee536593f4414339976c647c5d5a407adedb1d560c4fc6777d2972075b8c",
        key: (
            "dcef181eef936ebf949f4e966976548125067ef9b6dc5940144ec99f7610063cfeea097a6f5064093794957863a240e048882a25a9d0db185b8175cfe61c66aa",
            "670f9bed03d6ae001e9637b68154861ac4f68717acbbfc8a78f528ce7cb001447fe9e975eacc805ebf708da139d2d7490eaaf6ab2476c5e3d79bb63d0f8047d6",
        ),
        signature: (
            "e8cd8af9c2d8f16354e1405ba2effed5aebea7d61d9ef767419520d72c22538e61afdfc8aa646c8767fc85af80d88121c0e24135d68738ec0260b3f83c679234",
            "ec81f951285e41587bed827873f4bce3cd2894c03485bb9cc7d9545d7b5c0f71322b1b2d516cec8cb3fff2a57761c1b22050175e68f0f7ed9451d6ee805a70ae",
        ),
    });
}

#[test]
fn the_scalars_of_rfc_7091_sign_on_crypto_pro_a() {
    check(&Example {
        algorithm: Algorithm::Gost2004,
        scalar: "7a929ade789bb9be10ed359dd39a72c11b60961f49397eee1d19ce9891ec3b28",
        nonce: "c74680132b3b41addf02d6289323eb66641b5fcda24f0c83144cd2849b203bec",
        digest: "2dfbc1b372d89a1188c09c52e0eec61fce52032ab1022e8e67ece6672b043ee5",
        key: (
            "fd21c21ab0dc84c154f3d218e9040bee64fff48bdff814b232295b09d0df72e4",
            "5026dec9ac4f07061a2a01d7a2307e0659239a82a95862df86041d1458e45049",
        ),
        signature: (
            "aad8d625369d14bd59c9b893b46ffa990b51e0638e2df79219b615115af2f3bc",
            "7b01941ed70dea0409ef11d387fb427e4f6186e4a7ef79d948c937c7c3284b8d",
        ),
    });
}

/// Made by the gost engine of OpenSSL.
#[test]
fn a_signature_of_another_implementation_holds_on_tc26_256_a() {
    check(&Example {
        algorithm: Algorithm::Gost2015With256,
        scalar: "24cfc52c2423934612e0b39d668dd5270a68d17cde6166e5fe4c288d3050e49d",
        nonce: "197a1cd093cb6b2b0ee9f5a3fc389ec37029703c79836d7c73e134222dae6844",
        digest: "81b4236d62d08c68f30a1e3460b6ff4fcc2618c67062fbc41ed47e13cf19294e",
        key: (
            "98a8f398d24ca3b60f34fda1a8a80dc423b94796eac88110ea8abf2cce691842",
            "f1a35bf908f08111879b57945577d0ae40079114baf26ae6863c37977eeb1f42",
        ),
        signature: (
            "0a73feaafb40e7d345c9cc9799e382644fa4f45e2c2b42ae9f53864e694ce27c",
            "3479ae17f1286cc8d321cd57a4b537590ad2294f420c1e2b4aa6a950a97c1aaf",
        ),
    });
}
