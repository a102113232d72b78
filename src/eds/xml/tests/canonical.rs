//! The examples of the canonicalization recommendations, and their corners.

use super::*;
use crate::eds::xml::canonical::Canonicalization;

#[track_caller]
fn written(document: &str, canonicalization: Canonicalization, expected: &str) {
    let source = Source::parse(document.as_bytes()).unwrap();
    let octets = c14n::octets(&source, source.root(), &[], canonicalization);
    assert_eq!(String::from_utf8(octets).unwrap(), expected);
}

/// The first element of this local name, cut out.
#[track_caller]
fn cut(document: &str, name: &str, canonicalization: Canonicalization, expected: &str) {
    let source = Source::parse(document.as_bytes()).unwrap();
    let apex = source
        .root()
        .descendants()
        .find(|node| node.tag_name().name() == name);
    let octets = c14n::octets(&source, apex.unwrap(), &[], canonicalization);
    assert_eq!(String::from_utf8(octets).unwrap(), expected);
}

/// Canonical XML 1.0 section 3.2.
#[test]
fn white_space_in_content_stays() {
    let document = "<doc>\n   <clean>   </clean>\n   <dirty>   A   B   </dirty>\n   <mixed>\n      \
         A\n      <clean>   </clean>\n      B\n      <dirty>   A   B   </dirty>\n      C\n   \
         </mixed>\n</doc>";
    written(document, Canonicalization::Inclusive, document);
}

/// Canonical XML 1.0 section 3.3, without the DTD and its default attribute.
#[test]
fn start_and_end_tags_get_their_order() {
    written(
        "<doc>\n   <e1   />\n   <e2   ></e2>\n   <e3   name = \"elem3\"   id=\"elem3\"   />\n   \
         <e4   name=\"elem4\"   id=\"elem4\"   ></e4>\n   <e5 a:attr=\"out\" b:attr=\"sorted\" \
         attr2=\"all\" attr=\"I'm\"\n      xmlns:b=\"http://www.ietf.org\"\n      \
         xmlns:a=\"http://www.w3.org\"\n      xmlns=\"http://example.org\"/>\n</doc>"
            .replace(" id=\"elem4\"", " id=\"elem-4\"")
            .as_str(),
        Canonicalization::Inclusive,
        "<doc>\n   <e1></e1>\n   <e2></e2>\n   <e3 id=\"elem3\" name=\"elem3\"></e3>\n   \
         <e4 id=\"elem-4\" name=\"elem4\"></e4>\n   <e5 xmlns=\"http://example.org\" \
         xmlns:a=\"http://www.w3.org\" xmlns:b=\"http://www.ietf.org\" attr=\"I'm\" \
         attr2=\"all\" b:attr=\"sorted\" a:attr=\"out\"></e5>\n</doc>",
    );
}

/// Canonical XML 1.0 section 3.4, without the attributes that its DTD types.
#[test]
fn characters_are_escaped_in_one_way() {
    written(
        "<doc>\r\n   <text>First line&#x0d;&#10;Second line</text>\r   \
         <value>&#x32;</value>\n   <compute><![CDATA[value>\"0\" && value<\"10\" \
         ?\"valid\":\"error\"]]></compute>\n   <compute expr='value>\"0\" &amp;&amp; \
         value&lt;\"10\" ?\"valid\":\"error\"'>valid</compute>\n   <norm attr=' &apos;   \
         &#x20;&#13;&#xa;&#9;   &apos; '/>\n</doc>",
        Canonicalization::Inclusive,
        "<doc>\n   <text>First line&#xD;\nSecond line</text>\n   <value>2</value>\n   \
         <compute>value&gt;\"0\" &amp;&amp; value&lt;\"10\" ?\"valid\":\"error\"</compute>\n   \
         <compute expr=\"value>&quot;0&quot; &amp;&amp; value&lt;&quot;10&quot; \
         ?&quot;valid&quot;:&quot;error&quot;\">valid</compute>\n   <norm attr=\" '    \
         &#xD;&#xA;&#x9;   ' \"></norm>\n</doc>",
    );
}

#[test]
fn comments_are_left_out_and_declarations_are_not_repeated() {
    written(
        "<!-- a --><a xmlns:p=\"urn:p\"><!-- b --><p:b xmlns:p=\"urn:p\">t<!-- c -->u</p:b></a>",
        Canonicalization::Inclusive,
        "<a xmlns:p=\"urn:p\"><p:b>tu</p:b></a>",
    );
}

/// Exclusive XML Canonicalization 1.0 section 2.2.
#[test]
fn an_element_cut_out_takes_along_what_its_method_says() {
    let document = "<n0:pdu xmlns:n0=\"http://a.example\" xml:lang=\"fr\" xml:space=\"retain\">\
         <n1:elem2 xmlns:n1=\"http://example.net\" xml:lang=\"en\">\
         <n3:stuff xmlns:n3=\"ftp://example.org\"/></n1:elem2></n0:pdu>";
    cut(
        document,
        "elem2",
        Canonicalization::Inclusive,
        "<n1:elem2 xmlns:n0=\"http://a.example\" xmlns:n1=\"http://example.net\" \
         xml:lang=\"en\" xml:space=\"retain\"><n3:stuff \
         xmlns:n3=\"ftp://example.org\"></n3:stuff></n1:elem2>",
    );
    cut(
        document,
        "elem2",
        Canonicalization::Exclusive,
        "<n1:elem2 xmlns:n1=\"http://example.net\" xml:lang=\"en\"><n3:stuff \
         xmlns:n3=\"ftp://example.org\"></n3:stuff></n1:elem2>",
    );
}

#[test]
fn exclusive_declarations_stand_where_names_use_them() {
    cut(
        "<r xmlns=\"urn:d\" xmlns:a=\"urn:a\" xmlns:b=\"urn:b\"><a:e b:t=\"1\"><f a:u=\"2\"/>\
         <b:g/></a:e></r>",
        "e",
        Canonicalization::Exclusive,
        "<a:e xmlns:a=\"urn:a\" xmlns:b=\"urn:b\" b:t=\"1\"><f xmlns=\"urn:d\" a:u=\"2\"></f>\
         <b:g></b:g></a:e>",
    );
}
