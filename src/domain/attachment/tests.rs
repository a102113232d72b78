use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::*;

#[track_caller]
fn check(octets: &[u8], media_type: MediaType, expected: Result<(), Unfit>) {
    assert_eq!(inspect(octets, media_type), expected);
}

#[track_caller]
fn pdf(objects: &str, expected: Result<(), Unfit>) {
    check(&document(objects.as_bytes()), MediaType::Pdf, expected);
}

/// A document with these objects beside a page.
fn document(objects: &[u8]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    file.extend(b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
    file.extend(b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n");
    file.extend(objects);
    file.extend(b"\ntrailer\n<< /Root 1 0 R /Size 9 >>\nstartxref\n15\n%%EOF\n");
    file
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A document with an object stream.
fn with_stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let head = format!(
        "5 0 obj\n<< {entries} /Length {} >>\nstream\r\n",
        data.len()
    );
    document(&[head.as_bytes(), data, b"\nendstream\nendobj"].concat())
}

const OBJECT_STREAM: &str = "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode";

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    let checked = [kind.as_slice(), data].concat();
    let sum = crc32fast::hash(&checked).to_be_bytes();
    [length.as_slice(), &checked, &sum].concat()
}

fn picture(between: &[u8]) -> Vec<u8> {
    let header = [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0];
    let image = packed(&[0, 255]);
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &header),
        between.to_vec(),
        chunk(b"IDAT", &image),
        chunk(b"IEND", b""),
    ]
    .concat()
}

fn photograph() -> Vec<u8> {
    let frame = [0xff, 0xc0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0];
    let scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0];
    [
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00".as_slice(),
        b"\xff\xfe\x00\x07skan!",
        &frame,
        &scan,
        // Stuffed octets and a restart are part of the picture.
        b"\x12\xff\x00\x34\xff\xd0\x56",
        b"\xff\xd9",
    ]
    .concat()
}

#[test]
fn what_is_only_what_it_says_it_is_passes() {
    pdf("", Ok(()));
    check(&picture(b""), MediaType::Png, Ok(()));
    check(&photograph(), MediaType::Jpeg, Ok(()));
}

#[test]
fn the_size_has_its_limits() {
    for media_type in [MediaType::Pdf, MediaType::Jpeg, MediaType::Png] {
        check(b"", media_type, Err(Unfit::Empty));
        check(&vec![0; LARGEST + 1], media_type, Err(Unfit::TooLarge));
    }
    let comment = vec![b'%'; LARGEST - document(b"").len()];
    check(&document(&comment), MediaType::Pdf, Ok(()));
}

#[test]
fn the_type_is_the_one_that_was_said() {
    let files = [
        (MediaType::Pdf, document(b"")),
        (MediaType::Jpeg, photograph()),
        (MediaType::Png, picture(b"")),
    ];
    for (said, _) in &files {
        for (own, file) in &files {
            let expected = (said == own).then_some(()).ok_or(Unfit::OtherType);
            check(file, *said, expected);
        }
        let late = [b" ".as_slice(), &document(b"")].concat();
        check(&late, *said, Err(Unfit::OtherType));
    }
    let other = document(b"").strip_prefix(b"%PDF-1.7").unwrap().to_vec();
    let other = [b"%PDF-9.9".as_slice(), &other].concat();
    check(&other, MediaType::Pdf, Err(Unfit::OtherType));
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_refused() {
    let (png, jpeg, pdf) = (picture(b""), photograph(), document(b""));
    for (file, media_type) in [
        (png, MediaType::Png),
        (jpeg, MediaType::Jpeg),
        (pdf[..pdf.len() - 1].to_vec(), MediaType::Pdf),
    ] {
        for end in 1..file.len() {
            assert!(inspect(&file[..end], media_type).is_err(), "{end}");
        }
    }
}

#[test]
fn nothing_stands_behind_the_end() {
    let behind = |file: Vec<u8>, more: &[u8]| [file, more.to_vec()].concat();
    for (file, media_type) in [
        (picture(b""), MediaType::Png),
        (photograph(), MediaType::Jpeg),
        (document(b""), MediaType::Pdf),
    ] {
        let longer = behind(file, b"MZ\x90");
        check(&longer, media_type, Err(Unfit::TrailingData));
    }
    check(&behind(photograph(), &[0; 100]), MediaType::Jpeg, Ok(()));
    check(&behind(document(b""), b"\r\n\n"), MediaType::Pdf, Ok(()));
}

#[test]
fn a_file_that_can_be_read_as_another_is_refused() {
    let archive = chunk(b"tEXt", b"Comment\0PK\x05\x06");
    check(&picture(&archive), MediaType::Png, Err(Unfit::Polyglot));
    let page = chunk(b"tEXt", b"Comment\0<ScRiPt>");
    check(&picture(&page), MediaType::Png, Err(Unfit::Polyglot));
    let other = chunk(b"tEXt", b"Comment\0%PDF-1.7");
    check(&picture(&other), MediaType::Png, Err(Unfit::Polyglot));
    pdf("(PK\u{5}\u{6})", Err(Unfit::Polyglot));
}

#[test]
fn a_picture_has_whole_chunks_in_their_order() {
    let good = picture(b"");
    let mut damaged = good.clone();
    let place = damaged.len() - 1;
    damaged[place] ^= 1;
    check(&damaged, MediaType::Png, Err(Unfit::Broken));
    check(&picture(&chunk(b"gAMA", &[0; 4])), MediaType::Png, Ok(()));
    let unknown = picture(&chunk(b"ABCD", b""));
    check(&unknown, MediaType::Png, Err(Unfit::Broken));
    let twice = picture(&chunk(b"IHDR", &[0; 13]));
    check(&twice, MediaType::Png, Err(Unfit::Broken));
}

#[test]
fn active_content_is_refused() {
    for active in [
        "3 0 obj << /S /JavaScript /JS (app.alert\\(1\\)) >> endobj",
        "3 0 obj << /S /Java#53cript >> endobj",
        "3 0 obj << /S /#4a#61#76#61#53#63#72#69#70#74 >> endobj",
        "3 0 obj << /JS 4 0 R >> endobj",
        "3 0 obj << /S /Launch /F (cmd.exe) >> endobj",
        "3 0 obj << /Type /EmbeddedFile >> endobj",
        "3 0 obj << /Names << /EmbeddedFiles 4 0 R >> >> endobj",
        "3 0 obj << /AA << /O 4 0 R >> >> endobj",
        "3 0 obj [ << /AA 4 0 R >> ] endobj",
        "3 0 obj << /OpenAction << /S /URI /URI (x) >> >> endobj",
        "3 0 obj << /OpenAction 4 0 R >> endobj",
        "3 0 obj << /Subtype /RichMedia >> endobj",
        "3 0 obj << /AcroForm << /XFA 4 0 R >> >> endobj",
        "3 0 obj << /S /SubmitForm >> endobj",
        "3 0 obj << /S /ImportData >> endobj",
        "3 0 obj << /S /GoToR >> endobj",
        "3 0 obj << /S /GoToE >> endobj",
        // Files within, whose type need not be said, and those that hold them.
        "3 0 obj << /Subtype /FileAttachment /FS 4 0 R >> endobj",
        "3 0 obj << /EF << /F 4 0 R >> /F (tool.exe) >> endobj",
        "3 0 obj << /E#46 << /UF 4 0 R >> >> endobj",
        "3 0 obj << /Type /Catalog /AF [4 0 R] >> endobj",
        "3 0 obj << /Type /Catalog /Collection << /View /D >> >> endobj",
        // Three-dimensional artwork runs programs of its own.
        "3 0 obj << /Type /3D /OnInstantiate 4 0 R >> endobj",
        "3 0 obj << /Subtype /3D >> endobj",
        "3 0 obj << /3DD 4 0 R >> endobj",
        "3 0 obj << /Subtype /U3D >> endobj",
        "3 0 obj << /Subtype /PRC >> endobj",
        "3 0 obj << /RichMediaContent 4 0 R >> endobj",
        // In a trailer that holds the catalog itself.
        "trailer << /Root << /Type /Catalog /AA 4 0 R >> >>",
        // Not where the structure says that there is an object.
        "% 3 0 obj << /S /JavaScript >> endobj",
        "(3 0 obj << /AA 4 0 R >> endobj)",
    ] {
        pdf(active, Err(Unfit::ActiveContent));
    }
    pdf("3 0 obj << /OpenAction [2 0 R /Fit] >> endobj", Ok(()));
    pdf("3 0 obj (to say /AA in words is no action) endobj", Ok(()));
}

#[test]
fn an_encrypted_document_is_refused() {
    pdf("trailer << /Encrypt 4 0 R >>", Err(Unfit::Encrypted));
    pdf("trailer << /Encr#79pt 4 0 R >>", Err(Unfit::Encrypted));
}

#[test]
fn object_streams_are_looked_into() {
    let active = packed(b"6 0 << /S /JavaScript >>");
    let quiet = packed(b"6 0 << /Type /Font >>");
    let check = |file: Vec<u8>, expected| check(&file, MediaType::Pdf, expected);
    check(with_stream(OBJECT_STREAM, &quiet), Ok(()));
    let refused = Err(Unfit::ActiveContent);
    check(with_stream(OBJECT_STREAM, &active), refused);
    // Readers that know it by its entries alone.
    let nameless = "/N 1 /Fir#73t 4 /Filter [ /FlateDecode ]";
    check(with_stream(nameless, &active), refused);
    let short = packed(b"6 0 << /AA 7 0 R >>");
    check(with_stream(OBJECT_STREAM, &short), refused);
}

#[test]
fn no_object_stream_hides_behind_what_readers_skip() {
    let active = packed(b"6 0 << /S /JavaScript >>");
    let check = |entries: &str, expected| {
        let file = with_stream(entries, &active);
        check(&file, MediaType::Pdf, expected);
    };
    let nameless = "/N 1 /First 4 /Filter /FlateDecode";
    // What looks like a comment or an end, within a string of digits.
    for odd in [
        "/X <%> ",
        "/X <stream> ",
        "/X <endobj> ",
        "/X <0g> ",
        "/X <",
    ] {
        check(&format!("{odd}{OBJECT_STREAM}"), Err(Unfit::Opaque));
        check(&format!("{odd}{nameless}"), Err(Unfit::Opaque));
    }
    // An end that is none, for a reader that is within a dictionary or an array.
    for odd in [
        "/X stream ",
        "/X endobj ",
        "/X << >> stream ",
        "/X [<< >> stream] ",
    ] {
        check(&format!("{odd}{OBJECT_STREAM}"), Err(Unfit::ActiveContent));
        check(&format!("{odd}{nameless}"), Err(Unfit::ActiveContent));
    }
    check(&format!("/X [ >> stream ] {nameless}"), Err(Unfit::Opaque));
    check(
        &format!("/X <4a 4B> {OBJECT_STREAM}"),
        Err(Unfit::ActiveContent),
    );
    // Where no object is seen to begin.
    let hidden = b"5 0 ob#6a << /Type /ObjStm >> stream";
    super::tests::check(&document(hidden), MediaType::Pdf, Err(Unfit::Opaque));
}

#[test]
fn an_object_begins_wherever_a_reader_may_see_its_number() {
    let refused = Err(Unfit::ActiveContent);
    for start in [
        "3 0 obj",
        "3 0obj",
        "3 0\nobj",
        "3 0 % so\n obj",
        "3\r0\tobj",
        "]3 -0 obj",
    ] {
        pdf(&format!("{start} << /AA 4 0 R >> endobj"), refused);
    }
    // By chance, in packed data.
    for chance in [
        "\u{7f}obj <%> [",
        "xobj",
        "endobj <%",
        "x3obj <%",
        "x obj <%",
    ] {
        pdf(
            &format!("3 0 obj << >> stream\n{chance}\nendstream endobj"),
            Ok(()),
        );
    }
}

#[test]
fn what_cannot_be_looked_into_is_refused() {
    let quiet = packed(b"6 0 << /Type /Font >>");
    for entries in [
        "/Type /ObjStm /N 1 /First 4",
        "/Type /ObjStm /N 1 /First 4 /Filter 7 0 R",
        "/Type /ObjStm /N 1 /First 4 /Filter [/ASCIIHexDecode /FlateDecode]",
        "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Filter /LZWDecode",
        "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /DecodeParms << /Predictor 12 >>",
    ] {
        check(
            &with_stream(entries, &quiet),
            MediaType::Pdf,
            Err(Unfit::Opaque),
        );
    }
    let damaged = with_stream(OBJECT_STREAM, &quiet[..quiet.len() - 6]);
    check(&damaged, MediaType::Pdf, Err(Unfit::Opaque));
}

#[test]
fn a_document_that_unpacks_without_end_is_given_up() {
    let bomb = packed(&vec![b' '; 17 * 1024 * 1024]);
    assert!(bomb.len() < 100_000);
    let file = with_stream(OBJECT_STREAM, &bomb);
    check(&file, MediaType::Pdf, Err(Unfit::Opaque));
}

#[test]
fn all_object_streams_share_what_may_be_unpacked() {
    let stream = |number: u8, length: usize| {
        let data = packed(&vec![b' '; length]);
        let head = format!("{number} 0 obj << {OBJECT_STREAM} >> stream\n");
        [head.as_bytes(), &data, b"\nendstream endobj\n"].concat()
    };
    let check = |objects: &[u8], expected| check(&document(objects), MediaType::Pdf, expected);
    let half = 8 * 1024 * 1024;
    check(&[stream(5, half), stream(6, half)].concat(), Ok(()));
    let more = [stream(5, half), stream(6, half), stream(7, 1)].concat();
    check(&more, Err(Unfit::Opaque));
    // To open one has its price, however little is in it.
    check(&stream(5, 1).repeat(4_000), Ok(()));
    check(&stream(5, 1).repeat(5_000), Err(Unfit::Opaque));
}

#[test]
fn arrays_and_dictionaries_stand_in_each_other_only_so_deep() {
    let deep = |depth| format!("3 0 obj {}{} endobj", "[".repeat(depth), "]".repeat(depth));
    pdf(&deep(256), Ok(()));
    pdf(&deep(257), Err(Unfit::Opaque));
    let many = packed("6 0 [] ".repeat(500_000).as_bytes());
    check(&with_stream(OBJECT_STREAM, &many), MediaType::Pdf, Ok(()));
}

#[test]
fn objects_that_begin_everywhere_take_no_quadratic_time() {
    let file = document("1 0 obj[]".repeat(40_000).as_bytes());
    check(&file, MediaType::Pdf, Err(Unfit::Opaque));
}

#[test]
fn a_name_is_short_and_plain() {
    for good in ["Келісім.pdf", "consent 1", &"a".repeat(NAME)] {
        assert_eq!(name(good), Ok(good));
    }
    let long = "a".repeat(NAME + 1);
    for bad in ["", " a", "a\n", "fdp\u{202e}.exe", &long] {
        assert_eq!(name(bad), Err(Unfit::Name), "{bad:?}");
    }
}

proptest::proptest! {
    #[test]
    fn no_octets_make_it_panic(octets in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        for (head, media_type) in [
            (b"%PDF-1.7 obj".as_slice(), MediaType::Pdf),
            (b"\xff\xd8", MediaType::Jpeg),
            (b"\x89PNG\r\n\x1a\n", MediaType::Png),
        ] {
            let _ = inspect(&[head, &octets, b"startxref %%EOF"].concat(), media_type);
        }
    }
}
