//! DER and BER as a tree that may be bent and written again.

/// What stands behind the tag.
#[derive(Clone)]
pub(super) enum Body {
    /// Octets.
    Plain(Vec<u8>),
    /// Elements, after the octet that counts the unused bits of a BIT STRING.
    Elements(Option<u8>, Vec<Node>),
}

/// How the length is written.
#[derive(Clone)]
pub(super) enum Length {
    /// As DER wants it.
    Right,
    /// Unknown in advance; two zero octets end the content.
    Indefinite,
    /// These octets, right or wrong.
    Octets(Vec<u8>),
}

/// One element.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) tag: u8,
    pub(super) length: Length,
    pub(super) body: Body,
}

/// Strings that hold elements are opened no deeper than this.
const DEPTH: usize = 40;

/// The elements that `octets` consist of, opened as far as they go; `None` when
/// they are something else.
pub(super) fn parse(octets: &[u8]) -> Option<Vec<Node>> {
    elements(octets, DEPTH).filter(|nodes| !nodes.is_empty())
}

fn elements(mut rest: &[u8], depth: usize) -> Option<Vec<Node>> {
    let depth = depth.checked_sub(1)?;
    let mut nodes = Vec::new();
    while !rest.is_empty() {
        nodes.push(element(&mut rest, depth)?);
    }
    Some(nodes)
}

fn element(rest: &mut &[u8], depth: usize) -> Option<Node> {
    let (&[tag, first], after) = rest.split_first_chunk()?;
    if first == 0x80 {
        return indefinite(tag, after, rest, depth);
    }
    let count = if first < 0x80 {
        0
    } else {
        usize::from(first & 0x7f)
    };
    let (long, after) = after.split_at_checked(count)?;
    let length = match first {
        0..0x80 => usize::from(first),
        _ if count > 4 => return None,
        _ => long
            .iter()
            .fold(0, |sum, &octet| sum << 8 | usize::from(octet)),
    };
    let (content, after) = after.split_at_checked(length)?;
    *rest = after;
    let body = opened(tag, content, depth).unwrap_or_else(|| Body::Plain(content.to_vec()));
    Some(Node {
        tag,
        length: Length::Right,
        body,
    })
}

fn indefinite<'a>(tag: u8, mut after: &'a [u8], rest: &mut &'a [u8], depth: usize) -> Option<Node> {
    let depth = depth.checked_sub(1)?;
    let mut nodes = Vec::new();
    while !after.starts_with(&[0, 0]) {
        nodes.push(element(&mut after, depth)?);
    }
    *rest = &after[2..];
    Some(Node {
        tag,
        length: Length::Indefinite,
        body: Body::Elements(None, nodes),
    })
}

/// The elements inside: of what is constructed, and of strings that hold some.
fn opened(tag: u8, content: &[u8], depth: usize) -> Option<Body> {
    match (tag, content) {
        (0x03, [0, inner @ ..]) if inner.first() == Some(&0x30) => {
            Some(Body::Elements(Some(0), elements(inner, depth)?))
        }
        (0x04, inner) if matches!(inner.first(), Some(0x03..=0x06 | 0x0c | 0x30)) => {
            Some(Body::Elements(None, elements(inner, depth)?))
        }
        _ if tag & 0x20 != 0 => Some(Body::Elements(None, elements(content, depth)?)),
        _ => None,
    }
}

/// The octets of all these elements.
pub(super) fn written(nodes: &[Node]) -> Vec<u8> {
    nodes.iter().flat_map(Node::octets).collect()
}

impl Node {
    pub(super) fn plain(tag: u8, content: &[u8]) -> Self {
        Self {
            tag,
            length: Length::Right,
            body: Body::Plain(content.to_vec()),
        }
    }

    pub(super) fn around(tag: u8, nodes: Vec<Node>) -> Self {
        Self {
            tag,
            length: Length::Right,
            body: Body::Elements(None, nodes),
        }
    }

    pub(super) fn octets(&self) -> Vec<u8> {
        let content = self.content();
        match &self.length {
            Length::Right => crate::eds::testing::der::element(self.tag, &content),
            Length::Indefinite => [&[self.tag, 0x80], content.as_slice(), &[0, 0]].concat(),
            Length::Octets(octets) => [&[self.tag], octets.as_slice(), &content].concat(),
        }
    }

    pub(super) fn content(&self) -> Vec<u8> {
        match &self.body {
            Body::Plain(octets) => octets.clone(),
            Body::Elements(unused, nodes) => unused.iter().copied().chain(written(nodes)).collect(),
        }
    }

    pub(super) fn children(&self) -> &[Node] {
        match &self.body {
            Body::Plain(_) => &[],
            Body::Elements(_, nodes) => nodes,
        }
    }
}

/// The elements of the tree in reading order, each by its way from the top.
pub(super) fn ways(nodes: &[Node]) -> Vec<Vec<usize>> {
    let mut all = Vec::new();
    for (place, node) in nodes.iter().enumerate() {
        all.push(vec![place]);
        all.extend(
            ways(node.children())
                .into_iter()
                .map(|way| [&[place], way.as_slice()].concat()),
        );
    }
    all
}

/// The element at the end of this way, if there is one.
pub(super) fn at<'a>(nodes: &'a mut Vec<Node>, way: &[usize]) -> Option<&'a mut Node> {
    let (siblings, place) = beside(nodes, way)?;
    siblings.get_mut(place)
}

/// The element at the end of this way among its siblings.
pub(super) fn beside<'a>(
    nodes: &'a mut Vec<Node>,
    way: &[usize],
) -> Option<(&'a mut Vec<Node>, usize)> {
    match way {
        [] => None,
        [place] if *place < nodes.len() => Some((nodes, *place)),
        [place, rest @ ..] => match &mut nodes.get_mut(*place)?.body {
            Body::Plain(_) => None,
            Body::Elements(_, inner) => beside(inner, rest),
        },
    }
}

mod tests {
    use super::*;
    use crate::eds::testing::scene::{Scene, message};

    #[test]
    fn what_is_read_is_written_alike() {
        let scene = Scene::new();
        let certificate = &scene.intermediates[0];
        let mut message = message(certificate);
        message.enclosed = Some(b"content".to_vec());
        for octets in [
            &scene.signature,
            certificate,
            &scene.crls[0],
            &message.ber(),
        ] {
            let nodes = parse(octets).expect("elements");
            assert!(ways(&nodes).len() > 20);
            assert_eq!(&written(&nodes), octets);
        }
    }
}
