//! The little of HTTP (RFC 9112) that the development server speaks: one
//! request with a length, one answer, and the connection ends.

use std::io;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use crate::pki::{Error, Service};

/// A request, read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) body: Vec<u8>,
}

/// Longer requests are refused.
const LONGEST: usize = 64 * 1024;

impl Request {
    /// Reads one. Fails when it is none or too long.
    pub(super) async fn read(stream: &mut TcpStream) -> io::Result<Request> {
        let mut octets = Vec::new();
        loop {
            if let Some(request) = Request::parse(&octets)? {
                return Ok(request);
            }
            if octets.len() > LONGEST || stream.read_buf(&mut octets).await? == 0 {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
    }

    /// The request, when all of it is there.
    fn parse(octets: &[u8]) -> io::Result<Option<Request>> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Request::new(&mut headers);
        let invalid = |_| io::Error::from(io::ErrorKind::InvalidData);
        let httparse::Status::Complete(length) = head.parse(octets).map_err(invalid)? else {
            return Ok(None);
        };
        let mut headers = head.headers.iter();
        let told = headers.find(|header| header.name.eq_ignore_ascii_case("content-length"));
        let told = told.and_then(|header| std::str::from_utf8(header.value).ok());
        let told: usize = told.and_then(|told| told.trim().parse().ok()).unwrap_or(0);
        let rest = octets.get(length..).unwrap_or_default();
        Ok(rest.get(..told).map(|body| Request {
            method: head.method.unwrap_or_default().to_owned(),
            path: head.path.unwrap_or_default().to_owned(),
            body: body.to_vec(),
        }))
    }

    /// The path after this beginning.
    pub(super) fn rest(&self, beginning: &str) -> Option<&str> {
        self.path.strip_prefix(beginning)
    }
}

/// What an answer contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Ocsp,
    TimeStamp,
    List,
    Certificate,
    Html,
    Text,
}

impl Kind {
    /// What a service answers with.
    pub(super) fn of(service: Service) -> Kind {
        match service {
            Service::Ocsp => Kind::Ocsp,
            Service::TimeStamps => Kind::TimeStamp,
            Service::Lists => Kind::List,
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Kind::Ocsp => "application/ocsp-response",
            Kind::TimeStamp => "application/timestamp-reply",
            Kind::List => "application/pkix-crl",
            Kind::Certificate => "application/pkix-cert",
            Kind::Html => "text/html",
            Kind::Text => "text/plain",
        }
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    status: u16,
    kind: Kind,
    body: Vec<u8>,
}

impl Answer {
    pub(super) fn found(kind: Kind, body: Vec<u8>) -> Answer {
        let status = 200;
        Answer { status, kind, body }
    }

    pub(super) fn text(status: u16, text: &str) -> Answer {
        Answer {
            status,
            kind: Kind::Text,
            body: text.as_bytes().to_vec(),
        }
    }

    pub(super) fn status(status: u16) -> Answer {
        Answer::text(status, &format!("{status}\n"))
    }

    pub(super) fn fault(fault: &Error) -> Answer {
        Answer::text(500, &format!("{fault}\n"))
    }

    /// What a proxy likes to say in place of who was asked.
    pub(super) fn page() -> Answer {
        let page = "<!DOCTYPE html><title>Maintenance</title><p>We shall be back soon.";
        Answer::found(Kind::Html, page.as_bytes().to_vec())
    }

    /// Ten megabytes of nothing.
    pub(super) fn huge(service: Service) -> Answer {
        Answer::found(Kind::of(service), vec![0; 10_000_000])
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let head = format!(
            "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.status,
            if self.status < 300 { "OK" } else { "Refused" },
            self.kind.media_type(),
            self.body.len()
        );
        [head.as_bytes(), &self.body].concat()
    }
}
