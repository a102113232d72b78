//! Canonical XML 1.0 and Exclusive XML Canonicalization 1.0 of an element.
//!
//! Comments are left out: a reference within the document selects none
//! (XML Signature section 4.3.3.3), and a signature that contains one is refused, so
//! that the variants with and without comments agree.

use roxmltree::{Attribute, Node, NodeId};

use super::document::{Source, XML};

/// How the namespaces and `xml:` attributes of the surroundings are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Canonicalization {
    /// All that are in scope are written (Canonical XML 1.0 section 2.4).
    Inclusive,
    /// Only the namespaces that names use (Exclusive XML Canonicalization 1.0).
    Exclusive,
}

/// The canonical octets of an element and its contents, without the elements
/// `omitted`.
pub(super) fn octets<'s, 'a>(
    source: &'s Source<'a>,
    apex: Node<'s, 'a>,
    omitted: &'s [NodeId],
    canonicalization: Canonicalization,
) -> Vec<u8> {
    let rendered = Vec::new();
    let text = String::new();
    let mut writer = Writer {
        source,
        apex: apex.id(),
        omitted,
        canonicalization,
        rendered,
        text,
    };
    writer.node(apex);
    writer.text.into_bytes()
}

struct Writer<'s, 'a> {
    source: &'s Source<'a>,
    apex: NodeId,
    omitted: &'s [NodeId],
    canonicalization: Canonicalization,
    /// The declarations written by the open elements, the innermost last.
    rendered: Vec<Declaration<'s>>,
    text: String,
}

/// A prefix, empty for the default namespace, and what it stands for.
type Declaration<'s> = (&'s str, &'s str);

impl<'s, 'a> Writer<'s, 'a> {
    /// Recursion is bounded by the depth that [`Source`] admits.
    fn node(&mut self, node: Node<'s, 'a>) {
        if node.is_element() {
            if !self.omitted.contains(&node.id()) {
                self.element(node);
            }
        } else if node.is_text() {
            escape_text(node.text().unwrap_or_default(), &mut self.text);
        }
    }

    fn element(&mut self, element: Node<'s, 'a>) {
        let name = self.source.qualified_name(element);
        let outside = self.rendered.len();
        self.text.push('<');
        self.text.push_str(name);
        self.declarations(element, name, outside);
        self.attributes(element);
        self.text.push('>');
        element.children().for_each(|child| self.node(child));
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
        self.rendered.truncate(outside);
    }

    fn declarations(&mut self, element: Node<'s, 'a>, name: &'s str, outside: usize) {
        let mut declarations = match self.canonicalization {
            Canonicalization::Inclusive => self.in_scope(element),
            Canonicalization::Exclusive => self.visibly_used(element, name),
        };
        declarations.retain(|(prefix, uri)| self.is_news(prefix, uri));
        declarations.sort_unstable();
        declarations.dedup();
        self.rendered.append(&mut declarations);
        for (prefix, uri) in self.rendered.iter().skip(outside) {
            self.text.push_str(if prefix.is_empty() {
                " xmlns"
            } else {
                " xmlns:"
            });
            self.text.push_str(prefix);
            write_value(uri, &mut self.text);
        }
    }

    /// All namespaces, where they can differ from those of the parent.
    fn in_scope(&self, element: Node<'s, 'a>) -> Vec<Declaration<'s>> {
        if element.id() != self.apex && !self.source.declares(element) {
            return Vec::new();
        }
        let namespaces = namespaces(element);
        namespaces.filter(|(prefix, _)| *prefix != "xml").collect()
    }

    /// The namespaces of the element's own name and of its attributes' names.
    fn visibly_used(&self, element: Node<'s, 'a>, name: &'s str) -> Vec<Declaration<'s>> {
        let attributes = element.attributes().filter_map(|attribute| {
            let prefix = prefix_of(self.source.attribute_name(&attribute));
            (!prefix.is_empty() && prefix != "xml").then_some(prefix)
        });
        std::iter::once(prefix_of(name))
            .filter(|prefix| *prefix != "xml")
            .chain(attributes)
            .map(|prefix| {
                let found = namespaces(element).find(|(known, _)| *known == prefix);
                (prefix, found.map_or("", |(_, uri)| uri))
            })
            .collect()
    }

    /// Whether the declaration says something that the open elements have not said;
    /// nothing said is an empty default namespace.
    fn is_news(&self, prefix: &str, uri: &str) -> bool {
        let said = self
            .rendered
            .iter()
            .rev()
            .find(|(known, _)| *known == prefix);
        said.map_or("", |(_, uri)| uri) != uri
    }

    fn attributes(&mut self, element: Node<'s, 'a>) {
        let mut attributes: Vec<Attribute<'s, 'a>> = element.attributes().collect();
        if element.id() == self.apex && self.canonicalization == Canonicalization::Inclusive {
            attributes.extend(inherited(element));
        }
        attributes.sort_unstable_by_key(|attribute| {
            (attribute.namespace().unwrap_or_default(), attribute.name())
        });
        for attribute in attributes {
            self.text.push(' ');
            self.text.push_str(self.source.attribute_name(&attribute));
            write_value(attribute.value(), &mut self.text);
        }
    }
}

/// The `xml:` attributes of the ancestors, which an element that is cut out takes
/// along; the nearest of a name counts.
fn inherited<'s, 'a>(element: Node<'s, 'a>) -> Vec<Attribute<'s, 'a>> {
    let mut found: Vec<Attribute<'s, 'a>> = Vec::new();
    for ancestor in element.ancestors().skip(1) {
        for attribute in ancestor.attributes() {
            let known = element.has_attribute((XML, attribute.name()))
                || found.iter().any(|nearer| nearer.name() == attribute.name());
            if attribute.namespace() == Some(XML) && !known {
                found.push(attribute);
            }
        }
    }
    found
}

fn namespaces<'s>(element: Node<'s, '_>) -> impl Iterator<Item = Declaration<'s>> {
    element
        .namespaces()
        .map(|namespace| (namespace.name().unwrap_or_default(), namespace.uri()))
}

fn prefix_of(name: &str) -> &str {
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}

fn escape_text(text: &str, into: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '\r' => into.push_str("&#xD;"),
            letter => into.push(letter),
        }
    }
}

fn write_value(value: &str, into: &mut String) {
    into.push_str("=\"");
    for letter in value.chars() {
        match letter {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '"' => into.push_str("&quot;"),
            '\t' => into.push_str("&#x9;"),
            '\n' => into.push_str("&#xA;"),
            '\r' => into.push_str("&#xD;"),
            letter => into.push(letter),
        }
    }
    into.push('"');
}
