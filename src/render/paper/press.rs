//! Pages as a file: PDF/A-3b (ISO 19005-3) that is tagged for those who have it read
//! out (PDF/UA-1, ISO 14289-1), with the evidence attached.

use std::num::NonZeroU16;

use chrono::{DateTime, Datelike, Timelike, Utc};
use krilla::action::LinkAction;
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::{DateTime as Date, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, TableHeaderScope, Tag, TagGroup,
    TagKind, TagTree,
};
use krilla::{Document, SerializeSettings};

use super::Unprintable;
use super::content::Content;
use super::face::Faces;
use super::layout::{Ink, Mark, Page, Role, SHEET, Shape, Style};
use super::matrix::Matrix;
use crate::eds::asic::MIME_TYPE;

/// The name of the attached evidence.
pub(super) const EVIDENCE: &str = "evidence.asice";

/// The file with these pages. The same pages make the same octets.
///
/// # Errors
/// [`Unprintable`] when what is drawn does not satisfy both standards.
pub(super) fn print(
    content: &Content,
    pages: &[Page],
    faces: &Faces,
    evidence: Vec<u8>,
) -> Result<Vec<u8>, Unprintable> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_B)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|_| Unprintable::Standard)?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let mut reading = Reading::default();
    for page in pages {
        put(&mut document, page, (content, faces), &mut reading)?;
    }
    let date = date(content.issued_at);
    document.set_tag_tree(reading.tree());
    document.set_outline(outline(content));
    document.set_metadata(metadata(content, date));
    let attached = EmbeddedFile {
        path: EVIDENCE.to_owned(),
        mime_type: MimeType::new(MIME_TYPE),
        description: Some(content.evidence.clone()),
        association_kind: AssociationKind::Supplement,
        data: evidence.into(),
        modification_date: Some(date),
        compress: None,
        location: None,
    };
    document.embed_file(attached).ok_or(Unprintable::Place)?;
    Ok(document.finish()?)
}

fn put(
    document: &mut Document,
    page: &Page,
    (content, faces): (&Content, &Faces),
    reading: &mut Reading,
) -> Result<(), Unprintable> {
    let settings = PageSettings::from_wh(SHEET.0, SHEET.1).ok_or(Unprintable::Place)?;
    let mut sheet = document.start_page_with(settings);
    let mut surface = sheet.surface();
    let mut linked = None;
    for mark in page {
        let drawn = draw(&mut surface, mark, faces)?;
        reading.add(mark, drawn, content);
        if mark.role == Role::Link {
            linked = Some(mark);
        }
    }
    surface.finish();
    if let Some(mark) = linked {
        let link = LinkAction::new(content.check.address.clone());
        let place = place(mark)?;
        let target = Target::Action(link.into());
        let link = LinkAnnotation::new(place, target);
        let alt = Some(content.check.alt.clone());
        let link = sheet.add_tagged_annotation(Annotation::new_link(link, alt));
        reading.add(mark, link, content);
    }
    sheet.finish();
    Ok(())
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, faces: &Faces) -> Result<Identifier, Unprintable> {
    let tag = match (mark.role, &mark.shape) {
        (Role::Ornament, _) => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
        (_, Shape::Line { .. }) => ContentTag::Span(SpanTag::empty()),
        (_, Shape::Area(..) | Shape::Code(..)) => ContentTag::Other,
    };
    let identifier = surface.start_tagged(tag);
    match &mark.shape {
        Shape::Line { text, run, style } => {
            surface.set_fill(Some(fill(style.ink)));
            let start = Point::from_xy(mark.x, mark.y);
            let font = faces.face(style.weight).font.clone();
            surface.draw_glyphs(start, &run.glyphs, font, text, style.size, false);
        }
        Shape::Area(width, height, ink) => {
            surface.set_fill(Some(fill(*ink)));
            surface.draw_path(&area(mark, *width, *height)?);
        }
        Shape::Code(matrix, side) => {
            surface.set_fill(Some(fill((0, 0, 0))));
            surface.draw_path(&modules(mark, matrix, *side)?);
        }
    }
    surface.end_tagged();
    Ok(identifier)
}

fn fill((red, green, blue): Ink) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        ..Fill::default()
    }
}

fn area(mark: &Mark, width: f32, height: f32) -> Result<Path, Unprintable> {
    let mut path = PathBuilder::new();
    path.push_rect(rectangle(mark.x, mark.y, width, height)?);
    path.finish().ok_or(Unprintable::Place)
}

/// One path for all of them, so that no seam shows between two modules.
fn modules(mark: &Mark, matrix: &Matrix, side: f32) -> Result<Path, Unprintable> {
    let mut path = PathBuilder::new();
    for (column, row, length) in &matrix.runs {
        let (x, y) = (
            mark.x + side * f32::from(*column),
            mark.y + side * f32::from(*row),
        );
        path.push_rect(rectangle(x, y, side * f32::from(*length), side)?);
    }
    path.finish().ok_or(Unprintable::Place)
}

/// Where a line of type stands, from above its capitals to below its base line.
fn place(mark: &Mark) -> Result<Rect, Unprintable> {
    let Shape::Line { run, style, .. } = &mark.shape else {
        return Err(Unprintable::Place);
    };
    let Style { size, .. } = style;
    rectangle(mark.x, mark.y - size, run.width * size, size * 1.3)
}

fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Result<Rect, Unprintable> {
    Rect::from_xywh(x, y, width, height).ok_or(Unprintable::Place)
}

/// What is read out, in its order.
#[derive(Default)]
struct Reading {
    /// Each with what it is and its number.
    elements: Vec<(Role, usize, TagGroup)>,
}

impl Reading {
    /// Adds what was drawn to the element of its number, or begins that.
    fn add(&mut self, mark: &Mark, drawn: Identifier, content: &Content) {
        if mark.role == Role::Ornament {
            return;
        }
        let mut known = self.elements.iter_mut();
        match known.find(|(_, element, _)| *element == mark.element) {
            Some((_, _, group)) => group.push(drawn),
            None => {
                let group = TagGroup::with_children(kind(mark.role, content), vec![drawn.into()]);
                self.elements.push((mark.role, mark.element, group));
            }
        }
    }

    fn tree(self) -> TagTree {
        let (mut nodes, mut rows): (Vec<Node>, Vec<Node>) = (Vec::new(), Vec::new());
        let mut header = None;
        for (role, _, group) in self.elements {
            match role {
                Role::Label => header = Some(group),
                Role::Value => {
                    let cells = header.take().into_iter().chain([group]);
                    let cells = cells.map(Node::from).collect();
                    rows.push(TagGroup::with_children(Tag::TR, cells).into());
                }
                Role::Link => {
                    nodes.extend(table(&mut rows));
                    nodes.push(TagGroup::with_children(Tag::P, vec![group.into()]).into());
                }
                Role::Ornament | Role::Title | Role::Heading | Role::Paragraph | Role::Figure => {
                    nodes.extend(table(&mut rows));
                    nodes.push(group.into());
                }
            }
        }
        nodes.extend(table(&mut rows));
        TagTree::from(nodes)
    }
}

/// The rows that were gathered, as a table.
fn table(rows: &mut Vec<Node>) -> Option<Node> {
    let rows = std::mem::take(rows);
    (!rows.is_empty()).then(|| TagGroup::with_children(Tag::Table, rows).into())
}

fn kind(role: Role, content: &Content) -> TagKind {
    let second = NonZeroU16::MIN.saturating_add(1);
    match role {
        Role::Title => Tag::Hn(NonZeroU16::MIN, Some(content.title.clone())).into(),
        Role::Heading => Tag::Hn(second, Some(content.check.heading.clone())).into(),
        Role::Label => Tag::TH(TableHeaderScope::Row).into(),
        Role::Value => Tag::TD.into(),
        Role::Figure => Tag::Figure(Some(content.check.alt.clone())).into(),
        Role::Link => Tag::Link.into(),
        Role::Ornament | Role::Paragraph => Tag::P.into(),
    }
}

fn outline(content: &Content) -> Outline {
    let top = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
    let mut outline = Outline::new();
    outline.push_child(OutlineNode::new(content.title.clone(), top));
    outline
}

fn metadata(content: &Content, date: Date) -> Metadata {
    Metadata::new()
        .title(format!("{} {}", content.title, content.subject))
        .description(content.state.clone())
        .language(content.language.code().to_owned())
        .creator("Kelisim".to_owned())
        .producer("Kelisim".to_owned())
        .authors(vec![content.origin.clone()])
        .creation_date(date)
}

fn date(at: DateTime<Utc>) -> Date {
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    Date::new(u16::try_from(at.year()).unwrap_or_default())
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}
