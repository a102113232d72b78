//! Changes to structures, texts and plain octets.

use super::{
    chance::Chance,
    tree::{self, Body, Length, Node},
};

/// No input grows beyond this.
pub(super) const LONGEST: usize = 64 * 1024;

/// `octets` with one to four changes; `others` lend their elements.
pub(super) fn mutated(octets: &[u8], others: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut changed = match tree::parse(octets) {
        Some(nodes) if !chance.once_in(8) => structure(nodes, others, chance),
        Some(_) | None => plain(octets.to_vec(), chance),
    };
    if chance.once_in(16) {
        changed = plain(changed, chance);
    }
    changed.truncate(LONGEST);
    changed
}

/// `text` with one to four changes that keep it text.
pub(super) fn mutated_text(text: &[u8], others: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut changed = text.to_vec();
    if chance.once_in(8) {
        changed = plain(changed, chance);
    } else {
        for _ in 0..changes(chance) {
            changed = reworded(&changed, others, chance);
        }
    }
    changed.truncate(LONGEST);
    changed
}

/// One change more often than several: each may end the reading.
fn changes(chance: &mut Chance) -> usize {
    [1, 1, 1, 1, 2, 2, 3, 4][chance.below(8)]
}

fn structure(mut nodes: Vec<Node>, others: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    for _ in 0..changes(chance) {
        let ways = tree::ways(&nodes);
        if ways.is_empty() {
            break;
        }
        let way = chance.pick(&ways).clone();
        if chance.once_in(2) {
            tree::at(&mut nodes, &way)
                .into_iter()
                .for_each(|node| bend(node, chance));
        } else if let Some((siblings, place)) = tree::beside(&mut nodes, &way) {
            rearrange(siblings, place, others, chance);
        }
    }
    tree::written(&nodes)
}

/// Changes one element.
fn bend(node: &mut Node, chance: &mut Chance) {
    match chance.below(8) {
        0 => node.tag = *chance.pick(&TAGS),
        1 => node.tag ^= 1 << chance.below(8),
        2 => node.length = odd_length(node.content().len(), chance),
        3 => node.length = Length::Indefinite,
        4 => node.body = Body::Plain(chance.pick(CONTENTS).to_vec()),
        _ => {
            let content = node.content();
            node.body = Body::Plain(plain(content, chance));
        }
    }
}

/// Changes where elements stand and how many there are.
fn rearrange(siblings: &mut Vec<Node>, place: usize, others: &[Vec<u8>], chance: &mut Chance) {
    let node = siblings[place].clone();
    match chance.below(9) {
        0 => siblings.insert(place, node),
        1 => drop(siblings.remove(place)),
        2 => {
            let other = chance.below(siblings.len());
            siblings.swap(place, other);
        }
        3 => siblings.reverse(),
        4 => siblings[place] = lent(others, chance).unwrap_or(node),
        5 => siblings.insert(place, lent(others, chance).unwrap_or(node)),
        6 => {
            let times = (LONGEST / 2 / node.octets().len().max(1)).min(2 << chance.below(8));
            siblings.splice(place..place, std::iter::repeat_n(node, times));
        }
        7 => siblings[place] = wrapped(node, 1 << chance.below(6), chance),
        _ => {
            let content = chance.pick(CONTENTS);
            siblings[place] = Node::plain(*chance.pick(&TAGS), content);
        }
    }
}

fn wrapped(mut node: Node, layers: usize, chance: &mut Chance) -> Node {
    let tag = *chance.pick(&[0x30, 0x31, 0x04, 0xa0, 0xa1, 0x24]);
    for _ in 0..layers {
        node = Node::around(tag, vec![node]);
    }
    node
}

/// An element of another input.
fn lent(others: &[Vec<u8>], chance: &mut Chance) -> Option<Node> {
    let mut nodes = tree::parse(others.get(chance.below(others.len()))?)?;
    let way = chance.pick(&tree::ways(&nodes)).clone();
    tree::at(&mut nodes, &way).cloned()
}

fn odd_length(right: usize, chance: &mut Chance) -> Length {
    let [.., high, low] = right.to_be_bytes();
    Length::Octets(match chance.below(6) {
        0 => vec![0x81, low],
        1 => vec![0x83, 0, high, low],
        2 => vec![0x82, high, low.wrapping_add(1)],
        3 => vec![0x84, 0x7f, 0xff, 0xff, 0xff],
        4 => vec![0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        _ => vec![chance.octet()],
    })
}

/// Changes octets without regard to what they mean.
fn plain(mut octets: Vec<u8>, chance: &mut Chance) -> Vec<u8> {
    let place = chance.below(octets.len());
    let end = (place + 1 + chance.below(16)).min(octets.len());
    match chance.below(7) {
        0..3 if !octets.is_empty() => octets[place] ^= 1 << chance.below(8),
        3 if !octets.is_empty() => octets[place] = chance.octet(),
        4 => octets.truncate(place),
        5 if place < end => drop(octets.drain(place..end)),
        _ => {
            let inserted = chance.pick(CONTENTS).to_vec();
            octets.splice(place..place, inserted);
        }
    }
    octets
}

/// Changes one piece of marked-up text.
fn reworded(text: &[u8], others: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut pieces = pieces(text);
    let place = chance.below(pieces.len());
    let end = (place + 1 + chance.below(6)).min(pieces.len());
    let some: Vec<Vec<u8>> = pieces[place..end].to_vec();
    match chance.below(8) {
        0 => drop(pieces.splice(place..place, some)),
        1 => drop(pieces.drain(place..end)),
        2 => {
            let other = chance.below(pieces.len());
            pieces.swap(place, other);
        }
        3 => {
            let lent = chance.pick(others);
            let lent = self::pieces(lent);
            pieces.insert(place, chance.pick(&lent).clone());
        }
        4 => {
            let times = (LONGEST / 2 / some.concat().len().max(1)).min(2 << chance.below(8));
            let many = std::iter::repeat_n(some.concat(), times);
            pieces.splice(place..place, many);
        }
        5 | 6 => pieces.insert(place, chance.pick(WORDS).as_bytes().to_vec()),
        _ => pieces[place] = plain(pieces[place].clone(), chance),
    }
    pieces.concat()
}

/// Tags, texts between them, and attributes each by itself.
fn pieces(text: &[u8]) -> Vec<Vec<u8>> {
    let mut pieces = vec![Vec::new()];
    for &octet in text {
        if matches!(octet, b'<' | b' ' | b'&') {
            pieces.push(Vec::new());
        }
        pieces.last_mut().expect("one at least").push(octet);
        if matches!(octet, b'>' | b';') {
            pieces.push(Vec::new());
        }
    }
    pieces
}

const TAGS: [u8; 18] = [
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x17, 0x18, 0x1e, 0x24, 0x30, 0x31, 0xa0,
    0xa1, 0x80,
];

/// Contents at which readers stumble: numbers at their limits, times, names,
/// object identifiers, elements.
const CONTENTS: &[&[u8]] = &[
    &[],
    &[0],
    &[1],
    &[2],
    &[0x7f],
    &[0x80],
    &[0xff],
    &[0, 0x80],
    &[0, 0xff, 0xff, 0xff, 0xff],
    &[0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x80, 0, 0, 0, 0, 0, 0, 0],
    &[0xff; 40],
    &[0; 40],
    &[0x41; 300],
    &[7, 0x80],
    &[0x30, 0x80, 0, 0],
    &[0x30, 0],
    b"99991231235959Z",
    b"00000101000000Z",
    b"20260630235960Z",
    b"500101000000Z",
    b"IIN900101300007",
    b"\xd8\x00",
    b"\xc3\x28",
    b"\0",
    b"\xe2\x80\xae",
    &[0x55, 0x1d, 0x1e],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a],
    &[0x2b, 0x65, 0x70],
    &[
        0x88, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01,
    ],
];

/// Words at which readers of XML stumble.
const WORDS: &[&str] = &[
    "<!DOCTYPE a [<!ENTITY e \"eeee\">]>",
    "&e;",
    "&#0;",
    "&#x10FFFF;",
    "&amp;",
    "<![CDATA[<a>]]>",
    "<!-- -->",
    "<?xml-stylesheet href=\"a\"?>",
    "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
    " xmlns=\"\"",
    " xmlns=\"urn:a\"",
    " xmlns:ds=\"urn:a\"",
    " xmlns:xml=\"urn:a\"",
    " xml:id=\"a\"",
    " Id=\"a\"",
    " ID=\"c\"",
    " URI=\"\"",
    " URI=\"#a\"",
    " URI=\"#xpointer(/)\"",
    "<a>",
    "</a>",
    "<a/>",
    "<a:b xmlns:a=\"urn:a\"/>",
    "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>",
    "<ds:Reference>",
    "</ds:Reference>",
    "<ds:Object>",
    "\u{feff}",
    "\u{fffe}",
    "\r\n",
    "=",
];
