//! A server of the other side, well or ill: real HTTP on a port of this machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use reqwest::Url;

use super::http::Limits;
use super::server::Patience;

/// What the server does with one question.
pub(crate) enum Reply {
    /// Answers as it should.
    Answer(Vec<u8>),
    /// Answers so much of something of this kind.
    As(&'static str, Vec<u8>),
    /// Answers with a status and nothing else.
    Status(u16),
    /// Points elsewhere.
    Redirect(Url),
    /// Takes the question and says nothing.
    Silence,
    /// Breaks the connection.
    Reset,
    /// Answers one octet at a time, one in each tenth of a second.
    Trickle(Vec<u8>),
}

/// A server; it closes with the process.
pub(crate) struct Desk {
    pub(crate) url: Url,
    asked: Arc<AtomicUsize>,
}

impl Desk {
    /// Opens a server whose right answers are of this kind. `reply` is told how
    /// many questions came before, and the question.
    pub(crate) fn open(
        kind: &'static str,
        reply: impl Fn(usize, &[u8]) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = url_of(listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let (count, reply) = (Arc::clone(&asked), Arc::new(reply));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (count, reply) = (Arc::clone(&count), Arc::clone(&reply));
                // A client that goes away ends its own connection only.
                thread::spawn(move || serve(&stream, kind, &count, &*reply));
            }
        });
        Self { url, asked }
    }

    /// How many questions came.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// An address where nobody listens.
pub(crate) fn nobody() -> Url {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    url_of(listener.local_addr().unwrap())
}

/// An address from which nothing comes back, not even that there is nobody: its
/// queue of connections is full.
pub(crate) struct BlackHole {
    pub(crate) url: Url,
    _queue: Vec<TcpStream>,
    _listener: TcpListener,
}

impl BlackHole {
    pub(crate) fn open() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let connect = || TcpStream::connect_timeout(&address, Duration::from_millis(100)).ok();
        Self {
            url: url_of(address),
            _queue: std::iter::from_fn(connect).collect(),
            _listener: listener,
        }
    }
}

fn url_of(address: SocketAddr) -> Url {
    format!("http://{address}/").parse().unwrap()
}

/// What two tries may take, and what a busy machine adds.
pub(crate) const BUDGET: Duration = Duration::from_secs(5);

/// Limits that keep tests short.
pub(crate) const SHORT: Limits = Limits {
    connect: Duration::from_millis(800),
    total: Duration::from_secs(1),
};

/// A server that does not answer is left in peace for so short a time.
pub(crate) const IMPATIENT: Patience = Patience {
    failures: 3,
    rest: Duration::from_secs(1),
};

/// Runs a test on a runtime of its own.
pub(crate) fn run<T>(test: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(test)
}

/// Each connection carries one question.
const LAST: &str = "Connection: close\r\n";

fn serve(
    stream: &TcpStream,
    kind: &str,
    count: &AtomicUsize,
    reply: &dyn Fn(usize, &[u8]) -> Reply,
) -> Option<()> {
    let question = question(stream)?;
    let before = count.fetch_add(1, Ordering::SeqCst);
    let mut out = stream;
    match reply(before, &question) {
        Reply::Answer(body) => out.write_all(&message(kind, &body)).ok(),
        Reply::As(kind, body) => out.write_all(&message(kind, &body)).ok(),
        Reply::Status(status) => {
            let head = format!("HTTP/1.1 {status} Whatever\r\n{LAST}Content-Length: 0\r\n\r\n");
            out.write_all(head.as_bytes()).ok()
        }
        Reply::Redirect(to) => {
            let head = format!("HTTP/1.1 307 Elsewhere\r\n{LAST}Location: {to}\r\n\r\n");
            out.write_all(head.as_bytes()).ok()
        }
        Reply::Silence => wait(stream, None),
        // What was not read when a socket closes is answered by a reset.
        Reply::Reset => None,
        Reply::Trickle(body) => {
            for octet in message(kind, &body) {
                out.write_all(&[octet]).ok()?;
                wait(stream, Some(Duration::from_millis(100)))?;
            }
            Some(())
        }
    }
}

/// The body of a request; of one that has none, nothing.
fn question(stream: &TcpStream) -> Option<Vec<u8>> {
    let mut lines = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    Some(body)
}

fn message(kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{LAST}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Waits until the client has gone away (`None`) or the time has passed.
fn wait(mut stream: &TcpStream, time: Option<Duration>) -> Option<()> {
    stream.set_read_timeout(time).ok()?;
    match stream.read(&mut [0]) {
        Ok(more) => (more > 0).then_some(()),
        Err(_) => Some(()),
    }
}
