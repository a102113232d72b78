//! Where everything stands on the pages of a certificate: a pure function of what
//! it says.
//!
//! Lengths are points from the upper left corner of a sheet of A4.

use super::Unprintable;
use super::content::{Content, Tone};
use super::face::{Face, Faces, Run, Weight};
use super::matrix::{Matrix, QUIET};

/// The size of a sheet.
pub(super) const SHEET: (f32, f32) = (595.276, 841.89);

const LEFT: f32 = 62.0;
const WIDTH: f32 = SHEET.0 - 2.0 * LEFT;
/// What follows the foot of a page is its margin.
const FOOT: f32 = SHEET.1 - 46.0;
/// Where the first line of a further page stands.
const TOP: f32 = 104.0;
/// Where the column with the values begins, from the left.
const VALUES: f32 = 152.0;
const FRAME: f32 = 16.0;
/// The side of the QR code with its quiet zone.
const CODE: f32 = 124.0;

/// A colour, as red, green and blue.
pub(super) type Ink = (u8, u8, u8);

const TEXT: Ink = (0x1b, 0x27, 0x33);
const SOFT: Ink = (0x5b, 0x68, 0x75);
const LINE: Ink = (0xd3, 0xda, 0xe1);
const ACCENT: Ink = (0x00, 0x6a, 0x86);

/// What a mark is to somebody who has the page read out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing: it only adorns, or says again what stands elsewhere.
    Ornament,
    Title,
    Heading,
    Paragraph,
    Label,
    Value,
    /// The picture of the code.
    Figure,
    /// What leads to the page on which the code is asked for.
    Link,
}

/// What is drawn in one place.
pub(super) enum Shape {
    /// A line of type on its base line.
    Line {
        text: String,
        run: Run,
        style: Style,
    },
    /// A filled rectangle of this width and height.
    Area(f32, f32, Ink),
    /// A code of which each module has this side.
    Code(Matrix, f32),
}

/// How type looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    pub(super) weight: Weight,
    pub(super) size: f32,
    /// From one base line to the next.
    leading: f32,
    pub(super) ink: Ink,
}

/// Something drawn, and where.
pub(super) struct Mark {
    pub(super) role: Role,
    /// Marks of one number make one element: the lines of a paragraph.
    pub(super) element: usize,
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) shape: Shape,
}

/// The marks of a page in the order in which they are read.
pub(super) type Page = Vec<Mark>;

const fn style(weight: Weight, size: f32, leading: f32, ink: Ink) -> Style {
    Style {
        weight,
        size,
        leading,
        ink,
    }
}

const BRAND: Style = style(Weight::Bold, 10.0, 13.0, ACCENT);
const SMALL: Style = style(Weight::Regular, 8.5, 12.0, SOFT);
const TITLE: Style = style(Weight::Bold, 25.0, 30.0, TEXT);
const SUBJECT: Style = style(Weight::Regular, 12.0, 16.5, SOFT);
const LABEL: Style = style(Weight::Regular, 9.5, 15.0, SOFT);
const VALUE: Style = style(Weight::Regular, 11.0, 15.0, TEXT);
const NAME: Style = style(Weight::Bold, 11.5, 15.5, TEXT);
const NOTE: Style = style(Weight::Regular, 9.5, 13.5, TEXT);
const HEADING: Style = style(Weight::Bold, 12.0, 17.0, TEXT);
const KEY: Style = style(Weight::Bold, 12.0, 18.0, TEXT);

/// The pages of a certificate.
///
/// # Errors
/// [`Unprintable`] when the address of its page makes no code.
pub(super) fn pages(content: &Content, faces: &Faces) -> Result<Vec<Page>, Unprintable> {
    let mut setting = Setting {
        faces,
        content,
        pages: Vec::new(),
        y: 0.0,
        elements: 0,
    };
    setting.begin();
    setting.head();
    setting.state();
    setting.facts();
    setting.effect();
    setting.check()?;
    setting.number();
    Ok(setting.pages)
}

/// A certificate while it is set.
struct Setting<'a> {
    faces: &'a Faces,
    content: &'a Content,
    pages: Vec<Page>,
    /// Down to where the last page is set.
    y: f32,
    /// How many elements there are.
    elements: usize,
}

impl Setting<'_> {
    /// A new page with what stands at the top and the foot of each.
    fn begin(&mut self) {
        self.pages.push(Page::new());
        self.y = 62.0;
        let content = self.content;
        self.line(Role::Ornament, LEFT, BRAND, &content.service);
        self.line_to(Role::Ornament, LEFT + WIDTH, SMALL, &content.origin);
        self.area(LEFT, 72.0, (WIDTH, 0.75), LINE);
        self.area(LEFT, 71.0, (44.0, 2.0), ACCENT);
        self.y = FOOT;
        self.line(Role::Ornament, LEFT, SMALL, &content.issued);
        self.y = TOP;
    }

    fn head(&mut self) {
        let content = self.content;
        self.y = 118.0;
        self.paragraph(Role::Title, (LEFT, WIDTH), TITLE, &content.title);
        self.y -= TITLE.leading - 20.0;
        self.paragraph(Role::Paragraph, (LEFT, WIDTH), SUBJECT, &content.subject);
        self.y += 2.0;
    }

    /// The state at the time of issue, so that nobody overlooks that it is over.
    fn state(&mut self) {
        let (strong, pale) = inks(self.content.tone);
        let (left, width) = (LEFT + 18.0, WIDTH - 18.0 - FRAME);
        let says = style(Weight::Bold, 13.5, 18.0, strong);
        let headline = self.broken(says, width, &self.content.state);
        let as_of = self.broken(NOTE, width, &self.content.as_of);
        let height = 22.0 + says.leading * many(&headline) + NOTE.leading * many(&as_of);
        self.area(LEFT, self.y, (WIDTH, height), pale);
        self.area(LEFT, self.y, (4.0, height), strong);
        let below = self.y + height;
        self.y += 11.0 + 14.0;
        self.set(Role::Paragraph, left, says, headline);
        self.set(Role::Paragraph, left, NOTE, as_of);
        self.y = below + 12.0;
    }

    /// The table: what is certified.
    fn facts(&mut self) {
        let content = self.content;
        for (place, (label, value)) in content.rows.iter().enumerate() {
            let style = if place == 0 { NAME } else { VALUE };
            let labels = self.broken(LABEL, VALUES - 12.0, label);
            let values = self.broken(style, WIDTH - VALUES, value);
            let lines = many(&labels).max(many(&values));
            let height = 13.0 + style.leading * lines;
            self.demand(height);
            let top = self.y;
            let base = top + 17.0;
            self.y = base;
            self.set(Role::Label, LEFT, LABEL, labels);
            self.y = base;
            let begun = self.pages.len();
            self.set(Role::Value, LEFT + VALUES, style, values);
            self.y = match self.pages.len() == begun {
                true => top + height,
                false => self.y,
            };
            self.area(LEFT, self.y, (WIDTH, 0.5), LINE);
        }
    }

    fn effect(&mut self) {
        let lines = self.broken(NOTE, WIDTH, &self.content.effect);
        self.demand(20.0 + NOTE.leading * many(&lines));
        self.y += 22.0;
        self.set(Role::Paragraph, LEFT, NOTE, lines);
    }

    /// How to find out whether it stands today, and what is attached; at the foot of
    /// the last page.
    fn check(&mut self) -> Result<(), Unprintable> {
        let check = &self.content.check;
        let (left, width) = (LEFT + FRAME + CODE + 6.0, WIDTH - 2.0 * FRAME - CODE - 6.0);
        let advice = self.broken(NOTE, width, &check.advice);
        let typing = self.broken(SMALL, width, &check.typing);
        let evidence = self.broken(SMALL, WIDTH, &self.content.evidence);
        let words = HEADING.leading
            + NOTE.leading * many(&advice)
            + KEY.leading
            + 7.0
            + SMALL.leading * many(&typing);
        let frame = (words + 26.0).max(CODE + 12.0);
        let height = frame + 14.0 + SMALL.leading * many(&evidence);
        self.demand(height + 14.0);
        let top = (FOOT - 24.0 - height).max(self.y + 14.0);
        self.border(top, frame);
        self.code(top + (frame - CODE) / 2.0)?;
        self.y = top + (frame - words) / 2.0 + 12.0;
        self.paragraph(Role::Heading, (left, width), HEADING, &check.heading);
        self.y += 1.0;
        self.set(Role::Paragraph, left, NOTE, advice);
        self.y += 7.0;
        self.line(Role::Link, left, KEY, &check.code);
        self.y += KEY.leading - 1.0;
        self.set(Role::Paragraph, left, SMALL, typing);
        self.y = top + frame + 20.0;
        self.set(Role::Paragraph, LEFT, SMALL, evidence);
        Ok(())
    }

    /// The picture of the code, its upper edge at `top`.
    fn code(&mut self, top: f32) -> Result<(), Unprintable> {
        let matrix = Matrix::of(&self.content.check.address)?;
        let side = CODE / f32::from(matrix.width + 2 * QUIET);
        let quiet = side * f32::from(QUIET);
        let (x, y) = (LEFT + FRAME / 2.0 + quiet, top + quiet);
        self.mark(Role::Figure, x, y, Shape::Code(matrix, side));
        Ok(())
    }

    fn border(&mut self, top: f32, height: f32) {
        let (thin, bottom, right) = (0.75, top + height, LEFT + WIDTH);
        self.area(LEFT, top, (WIDTH, thin), LINE);
        self.area(LEFT, bottom - thin, (WIDTH, thin), LINE);
        self.area(LEFT, top, (thin, height), LINE);
        self.area(right - thin, top, (thin, height), LINE);
    }

    /// Numbers the pages, where there are several.
    fn number(&mut self) {
        let count = self.pages.len();
        let face = self.faces.face(SMALL.weight);
        for (page, number) in self.pages.iter_mut().zip(1_usize..) {
            if count > 1 {
                let line = Shape::line(face, SMALL, &format!("{number} / {count}"));
                page.push(Mark {
                    role: Role::Ornament,
                    element: 0,
                    x: LEFT + WIDTH - line.width(),
                    y: FOOT,
                    shape: line,
                });
            }
        }
    }

    /// Begins a new page unless there is room for this height.
    fn demand(&mut self, height: f32) {
        if self.y + height > FOOT - 20.0 {
            self.begin();
        }
    }

    fn broken(&self, style: Style, width: f32, text: &str) -> Vec<String> {
        let face = self.faces.face(style.weight);
        face.lines(text, style.size, width)
    }

    /// Sets a text in lines of this width, the first on the base line.
    fn paragraph(&mut self, role: Role, (left, width): (f32, f32), style: Style, text: &str) {
        let lines = self.broken(style, width, text);
        self.set(role, left, style, lines);
    }

    /// Sets one element, whose lines go on to further pages where there is no room.
    fn set(&mut self, role: Role, left: f32, style: Style, lines: Vec<String>) {
        self.elements += 1;
        let element = self.elements;
        let face = self.faces.face(style.weight);
        for line in lines {
            if self.y > FOOT - 20.0 {
                self.begin();
            }
            self.put(Mark {
                role,
                element,
                x: left,
                y: self.y,
                shape: Shape::line(face, style, &line),
            });
            self.y += style.leading;
        }
    }

    fn line(&mut self, role: Role, x: f32, style: Style, text: &str) {
        let face = self.faces.face(style.weight);
        self.mark(role, x, self.y, Shape::line(face, style, text));
    }

    fn line_to(&mut self, role: Role, right: f32, style: Style, text: &str) {
        let face = self.faces.face(style.weight);
        let line = Shape::line(face, style, text);
        self.mark(role, right - line.width(), self.y, line);
    }

    fn area(&mut self, x: f32, y: f32, (width, height): (f32, f32), ink: Ink) {
        self.mark(Role::Ornament, x, y, Shape::Area(width, height, ink));
    }

    /// Puts an element of one mark.
    fn mark(&mut self, role: Role, x: f32, y: f32, shape: Shape) {
        self.elements += 1;
        let element = self.elements;
        self.put(Mark {
            role,
            element,
            x,
            y,
            shape,
        });
    }

    fn put(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }
}

impl Shape {
    fn line(face: &Face, style: Style, text: &str) -> Self {
        Self::Line {
            text: text.to_owned(),
            run: face.shape(text),
            style,
        }
    }

    fn width(&self) -> f32 {
        match self {
            Self::Line { run, style, .. } => run.width * style.size,
            Self::Area(width, ..) => *width,
            Self::Code(matrix, side) => f32::from(matrix.width) * side,
        }
    }
}

/// The strong and the pale colour of a state.
fn inks(tone: Tone) -> (Ink, Ink) {
    match tone {
        Tone::Good => ((0x14, 0x6c, 0x4f), (0xe8, 0xf4, 0xf0)),
        Tone::Open => ((0x8a, 0x57, 0x00), (0xfd, 0xf3, 0xe0)),
        Tone::Bad => ((0xa8, 0x1f, 0x1a), (0xfb, 0xea, 0xe8)),
    }
}

fn many(lines: &[String]) -> f32 {
    f32::from(u16::try_from(lines.len()).unwrap_or(u16::MAX))
}
