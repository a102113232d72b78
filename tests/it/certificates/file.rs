//! A certificate as others read it: by a PDF library and a QR reader that have
//! nothing to do with how it was made.

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object};

pub(super) struct File(Document);

impl File {
    pub(super) fn read(octets: &[u8]) -> File {
        assert!(octets.starts_with(b"%PDF-1.7\n"));
        File(Document::load_mem(octets).unwrap())
    }

    fn catalog(&self) -> &Dictionary {
        self.0.catalog().unwrap()
    }

    /// What a key of the catalogue leads to.
    fn entry(&self, key: &[u8]) -> &Object {
        self.behind(self.catalog().get(key).unwrap())
    }

    fn behind<'a>(&'a self, object: &'a Object) -> &'a Object {
        self.0.dereference(object).unwrap().1
    }

    /// The metadata, which stand in the file as they are.
    pub(super) fn metadata(&self) -> String {
        let stream = self.entry(b"Metadata").as_stream().unwrap();
        assert!(stream.dict.get(b"Filter").is_err());
        String::from_utf8(stream.content.clone()).unwrap()
    }

    pub(super) fn language(&self) -> String {
        let language = self.entry(b"Lang").as_str().unwrap();
        String::from_utf8(language.to_vec()).unwrap()
    }

    pub(super) fn is_tagged(&self) -> bool {
        let marks = self.entry(b"MarkInfo").as_dict().unwrap();
        let tree = self.entry(b"StructTreeRoot").as_dict().unwrap();
        marks.get(b"Marked").unwrap().as_bool().unwrap() && tree.has(b"K")
    }

    /// The one file that is attached: its name, how it relates to the page, and what
    /// is in it.
    pub(super) fn attached(&self) -> (String, String, Vec<u8>) {
        let files = self.entry(b"AF").as_array().unwrap();
        assert_eq!(files.len(), 1);
        let file = self.behind(&files[0]).as_dict().unwrap();
        let name = file.get(b"UF").and_then(Object::as_str).unwrap();
        let relation = file.get(b"AFRelationship").and_then(Object::as_name);
        let streams = self.behind(file.get(b"EF").unwrap()).as_dict().unwrap();
        let stream = self.behind(streams.get(b"F").unwrap());
        let stream = stream.as_stream().unwrap();
        let octets = match stream.dict.has(b"Filter") {
            true => stream.decompressed_content().unwrap(),
            false => stream.content.clone(),
        };
        let said = |octets: &[u8]| String::from_utf8(octets.to_vec()).unwrap();
        (said(name), said(relation.unwrap()), octets)
    }

    /// Whether each font that is used is in the file.
    pub(super) fn embeds_its_fonts(&self) -> bool {
        let dictionaries = self.0.objects.values().filter_map(|one| one.as_dict().ok());
        let mut described = dictionaries.filter(|one| one.has_type(b"FontDescriptor"));
        let whole = |one: &Dictionary| one.has(b"FontFile2") || one.has(b"FontFile3");
        let first = described.next().is_some_and(whole);
        first && described.all(whole)
    }

    /// The text as whoever copies it from the page gets it, without breaks of lines.
    pub(super) fn text(&self) -> String {
        let text = self.0.extract_text(&[1]).unwrap();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What the code on the page says to a camera.
    pub(super) fn code(&self) -> String {
        let modules = self.modules();
        let side = modules
            .iter()
            .map(|one| one.height)
            .fold(f32::MAX, f32::min);
        let (left, top) = modules.iter().fold((f32::MAX, f32::MAX), |(x, y), one| {
            (x.min(one.x), y.min(one.y))
        });
        let right = modules
            .iter()
            .map(|one| one.x + one.width)
            .fold(0.0, f32::max);
        let count = whole((right - left) / side);
        let width = 3 * (count + 8);
        let mut dots = vec![255_u8; width * width];
        for one in &modules {
            let (column, row) = (whole((one.x - left) / side), whole((one.y - top) / side));
            for y in 3 * (row + 4)..3 * (row + 5) {
                for x in 3 * (column + 4)..3 * (column + whole(one.width / side) + 4) {
                    dots[y * width + x] = 0;
                }
            }
        }
        let dot = |x: usize, y: usize| dots[y * width + x];
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, width, dot);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().unwrap().1
    }

    /// The rectangles of the only path that has many of them.
    fn modules(&self) -> Vec<Rectangle> {
        let page = *self.0.get_pages().get(&1).unwrap();
        let content = self.0.get_page_content(page);
        let content = Content::decode(&content).unwrap();
        let (mut corners, mut path): (Vec<(f32, f32)>, Vec<Rectangle>) = (Vec::new(), Vec::new());
        for operation in content.operations {
            match operation.operator.as_str() {
                "m" | "l" => {
                    let number = |place: usize| operation.operands[place].as_float().unwrap();
                    corners.push((number(0), number(1)));
                }
                "h" => path.push(Rectangle::of(&std::mem::take(&mut corners))),
                "f" if path.len() > 100 => return path,
                "f" => path.clear(),
                _ => {}
            }
        }
        panic!("there is no code on the page");
    }
}

struct Rectangle {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

impl Rectangle {
    fn of(corners: &[(f32, f32)]) -> Rectangle {
        let (first, opposite) = (corners[0], corners[2]);
        Rectangle {
            x: first.0,
            y: first.1,
            width: opposite.0 - first.0,
            height: opposite.1 - first.1,
        }
    }
}

/// A length that is so many modules.
fn whole(length: f32) -> usize {
    let rounded = length.round();
    assert!((length - rounded).abs() < 0.05, "{length}");
    format!("{rounded}").parse().unwrap()
}
