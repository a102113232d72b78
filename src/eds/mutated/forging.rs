//! Breeding inputs: what a stranger can change, and what only the holder of a key can.

use std::sync::LazyLock;

use super::{
    chance::Chance,
    mutation::{mutated, mutated_text},
    seeds::{AUTHORITY, PERSON, Seed, Signing, message, person},
    tree::{self, Body, Node},
};
use crate::eds::{
    certificate::Certificate,
    testing::{
        der::{bits, element, octets, sequence},
        key::Key,
        message::{self as cms, issuer_and_serial, sha256},
    },
};

/// An input and who made it.
pub(super) struct Bred {
    pub(super) parts: Vec<Vec<u8>>,
    /// A key of the seed signed the change, so that it may change the verdict.
    pub(super) signed_again: bool,
}

/// The input that this number means; `others` are the parts of all seeds.
pub(super) fn bred(seeds: &[Seed], others: &[Vec<u8>], number: u64) -> Bred {
    let mut chance = Chance::new(number);
    let mut place = chance.below(seeds.len());
    while seeds[place].costly && !chance.once_in(COSTLY) {
        place = chance.below(seeds.len());
    }
    let seed = &seeds[place];
    if !seed.signings.is_empty() && chance.once_in(2) {
        signed_again(seed, others, &mut chance)
    } else {
        changed(seed, others, &mut chance)
    }
}

/// How much less a costly seed is used.
const COSTLY: usize = if cfg!(debug_assertions) { 32 } else { 2 };

fn changed(seed: &Seed, others: &[Vec<u8>], chance: &mut Chance) -> Bred {
    let mut parts = seed.parts.clone();
    let part = &mut parts[*chance.pick(&seed.foreign)];
    *part = if part.first() == Some(&b'<') {
        mutated_text(part, others, chance)
    } else {
        mutated(part, others, chance)
    };
    Bred {
        parts,
        signed_again: false,
    }
}

fn signed_again(seed: &Seed, others: &[Vec<u8>], chance: &mut Chance) -> Bred {
    let mut parts = seed.parts.clone();
    let (place, signing) = *chance.pick(&seed.signings);
    let part = &mut parts[place];
    let made = match signing {
        Signing::Object(way, key) => object(part, way, key, others, chance),
        Signing::Attributes(key) => attributes(part, key, others, chance),
        Signing::Certificate => Some(certificate(others, chance)),
    };
    *part = made.unwrap_or_else(|| mutated(part, others, chance));
    Bred {
        parts,
        signed_again: true,
    }
}

/// A signed object with other content (RFC 5280 section 4.1: content, algorithm,
/// signature).
fn object(
    octets: &[u8],
    way: &[usize],
    key: &LazyLock<Key>,
    others: &[Vec<u8>],
    chance: &mut Chance,
) -> Option<Vec<u8>> {
    let mut nodes = tree::parse(octets)?;
    let signed = tree::at(&mut nodes, way)?;
    let [content, algorithm, _, rest @ ..] = signed.children() else {
        return None;
    };
    let content = mutated(&content.octets(), others, chance);
    let signature = bits(&key.sign(&content));
    let all = [content, algorithm.octets(), signature, tree::written(rest)];
    signed.body = Body::Plain(all.concat());
    Some(tree::written(&nodes))
}

/// The message with other signed attributes, most often in their right order.
fn attributes(
    octets_of_message: &[u8],
    key: &LazyLock<Key>,
    others: &[Vec<u8>],
    chance: &mut Chance,
) -> Option<Vec<u8>> {
    let mut nodes = tree::parse(octets_of_message)?;
    let signers = tree::at(&mut nodes, &[0, 1, 0])?
        .children()
        .len()
        .checked_sub(1)?;
    let info = tree::at(&mut nodes, &[0, 1, 0, signers, 0])?;
    let mut fields = info.children().to_vec();
    let place = fields.iter().position(|field| field.tag == 0xa0)?;
    let mut all: Vec<_> = fields[place].children().iter().map(Node::octets).collect();
    for _ in 0..=chance.below(2) {
        one_otherwise(&mut all, others, chance);
    }
    if !chance.once_in(8) {
        all.sort();
    }
    fields[place] = Node::plain(0xa0, &all.concat());
    let signature = key.sign(&element(0x31, &all.concat()));
    let value = fields.iter().rposition(|field| field.tag == 0x04)?;
    fields[value] = Node::plain(0x04, &signature);
    info.body = Body::Elements(None, fields);
    Some(tree::written(&nodes))
}

fn one_otherwise(all: &mut Vec<Vec<u8>>, others: &[Vec<u8>], chance: &mut Chance) {
    let place = chance.below(all.len());
    let one = all.get(place).cloned().unwrap_or_default();
    match chance.below(6) {
        0 => all.push(one),
        1 if !all.is_empty() => drop(all.remove(place)),
        2 => all.push(cms::attribute(cms::SIGNING_TIME, [octets(&one)])),
        _ if !all.is_empty() => all[place] = mutated(&one, others, chance),
        _ => {}
    }
}

/// A message by the holder of another certificate of the authority.
fn certificate(others: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let right = person();
    let changed = object(&right, &[0], &AUTHORITY, others, chance).unwrap_or_else(|| right.clone());
    let reference = sequence([octets(&sha256(&changed))]);
    let mut message = message(&right).with(
        cms::SIGNING_CERTIFICATE_V2,
        [sequence([sequence([reference])])],
        &PERSON,
    );
    if Certificate::read(&changed).is_ok() {
        message.identifier = issuer_and_serial(&changed);
    }
    message.certificates = vec![changed];
    message.der()
}
