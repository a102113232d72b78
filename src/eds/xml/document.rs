//! One strict parse of an XML document: UTF-8, no DTD, no processing instructions,
//! no inclusions, each prefix bound once, each identifier given once.
//!
//! What two parsers might read differently is refused rather than chosen between:
//! most attacks on XML signatures live in such differences.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Attribute, Document, Node, NodeId, ParsingOptions};

use crate::eds::Fault;

/// With the other limits, a document of this size is read in about 20 ms at worst.
const MAX_OCTETS: usize = 512 << 10;
const MAX_NODES: u32 = 50_000;
const MAX_DEPTH: usize = 64;
/// The parser compares the attributes of an element pairwise.
const MAX_ATTRIBUTES: usize = 32;
/// Every element of the parser's tree may refer to all of them.
const MAX_DECLARATIONS: usize = 32;

/// What the prefix `xml` stands for.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XINCLUDE: &str = "http://www.w3.org/2001/XInclude";

/// A document that was read strictly.
#[derive(Debug)]
pub(super) struct Source<'a> {
    tree: Document<'a>,
    /// Where the start tags with namespace declarations begin.
    declaring: BTreeSet<usize>,
    identifiers: BTreeMap<String, NodeId>,
}

impl<'a> Source<'a> {
    /// Parses and checks the document.
    pub(super) fn parse(octets: &'a [u8]) -> Result<Self, Fault> {
        if octets.len() > MAX_OCTETS {
            return Err(Fault::TooLarge("xml document"));
        }
        let text = str::from_utf8(octets).map_err(|_| Fault::Malformed("xml is not utf-8"))?;
        check_declared_encoding(text)?;
        let declaring = declaring_tags(text)?;
        let options = ParsingOptions {
            allow_dtd: false,
            nodes_limit: MAX_NODES,
            entity_resolver: None,
        };
        let tree = Document::parse_with_options(text, options).map_err(|fault| refusal(&fault))?;
        let mut source = Self {
            tree,
            declaring,
            identifiers: BTreeMap::new(),
        };
        source.identifiers = source.checked_identifiers()?;
        Ok(source)
    }

    pub(super) fn root(&self) -> Node<'_, 'a> {
        self.tree.root_element()
    }

    /// The element with this value in an attribute `Id`, `ID` or `id`.
    pub(super) fn identified(&self, value: &str) -> Option<Node<'_, 'a>> {
        self.identifiers
            .get(value)
            .and_then(|id| self.tree.get_node(*id))
    }

    /// Whether the start tag of the element declares namespaces.
    pub(super) fn declares(&self, element: Node<'_, 'a>) -> bool {
        self.declaring.contains(&element.range().start)
    }

    /// The name of the element as written, with its prefix.
    pub(super) fn qualified_name(&self, element: Node<'_, 'a>) -> &'a str {
        let after = element.range().start.saturating_add(1);
        let tag = self.tree.input_text().get(after..).unwrap_or_default();
        let end = tag.find(|letter: char| letter.is_ascii_whitespace() || "/>".contains(letter));
        end.and_then(|end| tag.get(..end)).unwrap_or_default()
    }

    /// The name of the attribute as written, with its prefix.
    pub(super) fn attribute_name(&self, attribute: &Attribute<'_, 'a>) -> &'a str {
        self.tree
            .input_text()
            .get(attribute.range_qname())
            .unwrap_or_default()
    }

    /// Checks every node and collects the identifiers.
    fn checked_identifiers(&self) -> Result<BTreeMap<String, NodeId>, Fault> {
        let mut identifiers = BTreeMap::new();
        for child in self.tree.root().children() {
            self.check(child, 1, &mut identifiers)?;
        }
        Ok(identifiers)
    }

    fn check(
        &self,
        node: Node<'_, 'a>,
        depth: usize,
        identifiers: &mut BTreeMap<String, NodeId>,
    ) -> Result<(), Fault> {
        if depth > MAX_DEPTH {
            return Err(Fault::TooLarge("depth of xml elements"));
        }
        if node.is_pi() {
            return Err(Fault::Malformed("processing instruction"));
        }
        if node.tag_name().namespace() == Some(XINCLUDE) {
            return Err(Fault::Malformed("inclusion"));
        }
        if self.declares(node) {
            check_declarations(node)?;
        }
        collect_identifiers(node, identifiers)?;
        node.children()
            .try_for_each(|child| self.check(child, depth.saturating_add(1), identifiers))
    }
}

/// Every way to write an identifier counts, whatever its namespace, so that no
/// other reader finds a second element for a reference.
fn collect_identifiers(
    node: Node<'_, '_>,
    identifiers: &mut BTreeMap<String, NodeId>,
) -> Result<(), Fault> {
    for attribute in node.attributes() {
        if !attribute.name().eq_ignore_ascii_case("id") {
            continue;
        }
        if identifiers
            .insert(attribute.value().to_owned(), node.id())
            .is_some()
        {
            return Err(Fault::Malformed("identifier given twice"));
        }
    }
    Ok(())
}

/// Namespaces are absolute, and no prefix gets a second meaning inside the scope of
/// the first. Canonical XML 1.0 section 1.3 has no answer for relative ones.
fn check_declarations(element: Node<'_, '_>) -> Result<(), Fault> {
    for namespace in element.namespaces() {
        let (prefix, uri) = (namespace.name(), namespace.uri());
        let absent = uri.is_empty() && prefix.is_none();
        if !absent && !uri.contains(':') {
            return Err(Fault::Malformed("relative namespace"));
        }
        let above = element.parent_element();
        let above = above.and_then(|parent| parent.lookup_namespace_uri(prefix));
        if above.is_some_and(|above| above != uri) || (uri == XML) != (prefix == Some("xml")) {
            return Err(Fault::Malformed("namespace redefined"));
        }
    }
    Ok(())
}

/// The octets are read as UTF-8, so a declaration must not claim anything else.
fn check_declared_encoding(text: &str) -> Result<(), Fault> {
    let declaration = text.trim_start_matches('\u{FEFF}').strip_prefix("<?xml");
    let declaration = declaration.and_then(|rest| rest.split_once("?>"));
    match declaration.and_then(|(inside, _)| inside.split_once("encoding")) {
        Some((_, named)) if !named.to_ascii_lowercase().contains("utf-8") => {
            Err(Fault::Malformed("xml encoding"))
        }
        Some(_) | None => Ok(()),
    }
}

/// Where the start tags with namespace declarations begin. The counts are bounded
/// here, before the parser, whose time grows with their squares.
fn declaring_tags(text: &str) -> Result<BTreeSet<usize>, Fault> {
    let (mut tags, mut declarations) = (BTreeSet::new(), 0_usize);
    let mut rest = text;
    while let Some((_, from_tag)) = rest.find('<').and_then(|at| rest.split_at_checked(at)) {
        let (tag, after) = split_markup(from_tag);
        let found = if tag.starts_with("<!") {
            0
        } else {
            tag.matches("xmlns").count()
        };
        declarations = declarations.saturating_add(found);
        if declarations > MAX_DECLARATIONS {
            return Err(Fault::TooLarge("namespace declarations"));
        }
        if !tag.starts_with("<!") && equal_signs(tag) > MAX_ATTRIBUTES {
            return Err(Fault::TooLarge("attributes"));
        }
        if found > 0 {
            tags.insert(text.len().saturating_sub(from_tag.len()));
        }
        rest = after;
    }
    Ok(tags)
}

/// Splits after the tag, comment or CDATA section that begins here.
fn split_markup(text: &str) -> (&str, &str) {
    let end = if text.starts_with("<!--") {
        end_of(text, "-->")
    } else if text.starts_with("<![CDATA[") {
        end_of(text, "]]>")
    } else {
        end_of_tag(text)
    };
    end.and_then(|end| text.split_at_checked(end))
        .unwrap_or((text, ""))
}

fn end_of(text: &str, mark: &str) -> Option<usize> {
    text.find(mark).map(|at| at.saturating_add(mark.len()))
}

/// After the first `>` outside quotation marks.
fn end_of_tag(text: &str) -> Option<usize> {
    unquoted(text)
        .find(|(_, letter)| *letter == '>')
        .map(|(at, _)| at.saturating_add(1))
}

fn equal_signs(tag: &str) -> usize {
    unquoted(tag).filter(|(_, letter)| *letter == '=').count()
}

fn unquoted(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quote = None;
    text.char_indices()
        .filter(move |(_, letter)| match (quote, *letter) {
            (None, '"' | '\'') => {
                quote = Some(*letter);
                false
            }
            (Some(open), letter) if letter == open => {
                quote = None;
                false
            }
            (open, _) => open.is_none(),
        })
}

fn refusal(fault: &roxmltree::Error) -> Fault {
    if matches!(fault, roxmltree::Error::DtdDetected) {
        Fault::Malformed("document type declaration")
    } else if matches!(fault, roxmltree::Error::NodesLimitReached) {
        Fault::TooLarge("xml nodes")
    } else {
        Fault::Malformed("xml")
    }
}
