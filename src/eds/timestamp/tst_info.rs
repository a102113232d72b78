//! Reading a response and what a token says (RFC 3161 section 2.4.2).

use chrono::{DateTime, Duration, NaiveDateTime, TimeDelta, Utc};

use crate::eds::{
    Fault, Oid,
    algorithm::AlgorithmIdentifier,
    der::{self, Malformed, Reader, tag},
    extension::Extension,
};

/// The TSTInfo of a token.
#[derive(Debug)]
pub(super) struct TstInfo<'a> {
    pub(super) policy: Oid,
    pub(super) imprint_algorithm: AlgorithmIdentifier<'a>,
    pub(super) imprint: &'a [u8],
    pub(super) serial: &'a [u8],
    pub(super) time: DateTime<Utc>,
    pub(super) accuracy: Option<TimeDelta>,
    /// The content of the INTEGER.
    pub(super) nonce: Option<&'a [u8]>,
}

/// The token itself: of a TimeStampResp the part after its status.
pub(super) fn token(input: &[u8]) -> Result<&[u8], Fault> {
    let mut outer = Reader::new(input);
    let bare = match outer.element(tag::SEQUENCE, "time-stamp") {
        Ok(element) => element.inside().peek() == Some(tag::OID),
        // A bare token may be BER, which its own reader follows.
        Err(_) => true,
    };
    if bare {
        return Ok(input);
    }
    let mut fields = Reader::only(input, tag::SEQUENCE, "time-stamp response")?;
    let mut status = fields.enter(tag::SEQUENCE, "status of a time-stamp response")?;
    match status.small_integer("status of a time-stamp response")? {
        0 => {}
        // Granted otherwise than asked for: whether that is good enough, the rest tells.
        1 => {}
        _ => return Err(Fault::TimeStamp("not granted")),
    }
    if fields.is_empty() {
        return Err(Fault::TimeStamp("granted without a token"));
    }
    let token = fields.next()?;
    fields.finish("time-stamp response")?;
    Ok(token.raw)
}

impl<'a> TstInfo<'a> {
    pub(super) fn read(content: &'a [u8]) -> Result<Self, Fault> {
        const WHAT: &str = "time-stamp";
        let mut fields = Reader::only(content, tag::SEQUENCE, WHAT)?;
        if fields.small_integer("time-stamp version")? != 1 {
            return Err(Fault::Malformed("time-stamp version"));
        }
        let policy = fields.oid("time-stamp policy")?;
        let imprint = fields.element(tag::SEQUENCE, "message imprint")?;
        der::check(imprint.raw)?;
        let mut inside = imprint.inside();
        let imprint_algorithm = AlgorithmIdentifier::next(&mut inside)?;
        let imprint = inside.content(tag::OCTET_STRING, "message imprint")?;
        inside.finish("message imprint")?;
        let serial = fields.integer("time-stamp serial number")?;
        let time = time(fields.content(tag::GENERALIZED_TIME, "stamped time")?)
            .ok_or(Malformed("stamped time"))?;
        let accuracy = match fields.optional(tag::SEQUENCE)? {
            Some(element) => Some(accuracy(element.inside())?),
            None => None,
        };
        fields.flag("ordering")?;
        let nonce = match fields.peek() {
            Some(tag::INTEGER) => Some(fields.integer("nonce")?),
            Some(_) | None => None,
        };
        if let Some(name) = fields.optional(tag::explicit(0))? {
            der::check(name.content)?;
        }
        if let Some(extensions) = fields.optional(tag::explicit(1))? {
            understood(Reader::new(extensions.content))?;
        }
        fields.finish(WHAT)?;
        Ok(Self {
            policy,
            imprint_algorithm,
            imprint,
            serial,
            time,
            accuracy,
            nonce,
        })
    }
}

/// RFC 3161 section 2.4.2: as in RFC 5280, and a fraction of a second may
/// follow, which does not end in zero.
fn time(content: &[u8]) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(content).ok()?.strip_suffix('Z')?;
    let (seconds, fraction) = match text.split_once('.') {
        Some((_, fraction)) if fraction.is_empty() || fraction.ends_with('0') => return None,
        Some((seconds, fraction)) => (seconds, fraction),
        None => (text, ""),
    };
    let digits = |text: &str| text.bytes().all(|octet| octet.is_ascii_digit());
    if seconds.len() != 14 || !digits(seconds) || !digits(fraction) || fraction.len() > 9 {
        return None;
    }
    let time = NaiveDateTime::parse_from_str(seconds, "%Y%m%d%H%M%S").ok()?;
    // A leap second has no name in this calendar of ours.
    if time.and_utc().timestamp_subsec_nanos() != 0 {
        return None;
    }
    let nanoseconds: i64 = format!("{fraction:0<9}").parse().ok()?;
    time.and_utc()
        .checked_add_signed(TimeDelta::nanoseconds(nanoseconds))
}

/// Seconds, milliseconds [0] and microseconds [1], each of the latter 1 to 999.
fn accuracy(mut fields: Reader<'_>) -> Result<TimeDelta, Malformed> {
    const WHAT: &str = "accuracy";
    let seconds = match fields.peek() {
        Some(tag::INTEGER) => fields.small_integer(WHAT)?,
        Some(_) | None => 0,
    };
    let mut part = |number| match fields.optional(tag::context(number))? {
        None => Ok(0),
        Some(element) => der::minimal_small(element.content)
            .filter(|part| (1..1000).contains(part))
            .ok_or(Malformed(WHAT)),
    };
    let (milliseconds, microseconds) = (part(0)?, part(1)?);
    fields.finish(WHAT)?;
    Ok(Duration::seconds(seconds.into())
        + Duration::milliseconds(milliseconds.into())
        + Duration::microseconds(microseconds.into()))
}

/// No extension is known, so none may be critical.
fn understood(mut list: Reader<'_>) -> Result<(), Fault> {
    let mut seen: Vec<Oid> = Vec::new();
    while !list.is_empty() {
        let extension = Extension::read(&mut list)?;
        if seen.contains(&extension.kind) || seen.len() > 32 {
            return Err(Fault::Malformed("duplicate extension"));
        }
        seen.push(extension.kind);
        if extension.critical {
            return Err(Fault::TimeStamp("unknown critical extension"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn a_fraction_of_a_second_is_read() {
        let read = |text: &str| time(text.as_bytes()).map(|time| time.to_rfc3339());
        let second = Some("2026-06-01T10:00:00+00:00".to_owned());
        assert_eq!(read("20260601100000Z"), second);
        let half = Some("2026-06-01T10:00:00.500+00:00".to_owned());
        assert_eq!(read("20260601100000.5Z"), half);
        let fine = Some("2026-06-01T10:00:00.000000001+00:00".to_owned());
        assert_eq!(read("20260601100000.000000001Z"), fine);
    }

    #[test]
    fn other_forms_of_time_are_refused() {
        for text in [
            "20260601100000",
            "20260601100000.Z",
            "20260601100000.50Z",
            "20260601100000,5Z",
            "20260601100000+0500",
            "202606011000Z",
            "20260631100000Z",
            "20260601100060Z",
            "20260601240000Z",
            "20260601100000.1234567891Z",
            "+2026060110000Z",
            " 0260601100000Z",
        ] {
            assert_eq!(time(text.as_bytes()), None, "{text}");
        }
    }
}
