//! A server with a revocation list, good or bad, over real HTTP.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kelisim::eds::Digest;
use reqwest::Url;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::interval;

/// How the server answers.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// With a list, and with 304 to who has it already.
    List(Vec<u8>),
    /// With 304 to everybody.
    NotModified,
    /// With this status.
    Status(u16),
    /// With a page, as a captive portal does.
    Page,
    /// With so many octets, announced.
    Announced(usize),
    /// With octets without end.
    Endless,
    /// With one octet a second.
    Drip,
    /// With a list cut short in the middle.
    CutShort,
    /// That the list lies elsewhere.
    Elsewhere(Url),
    /// Only when it is let.
    Held(Arc<Notify>, Vec<u8>),
}

pub(super) struct ListServer {
    pub(super) url: Url,
    answer: Arc<Mutex<Answer>>,
    asked: Arc<Mutex<Vec<String>>>,
    arrival: Arc<Notify>,
}

impl ListServer {
    pub(super) async fn open(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Self {
            url: Url::parse(&format!("http://{address}/list.crl")).unwrap(),
            answer: Arc::new(Mutex::new(answer)),
            asked: Arc::default(),
            arrival: Arc::default(),
        };
        let (answer, asked) = (Arc::clone(&server.answer), Arc::clone(&server.asked));
        let arrival = Arc::clone(&server.arrival);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (answer, asked) = (Arc::clone(&answer), Arc::clone(&asked));
                let arrival = Arc::clone(&arrival);
                tokio::spawn(async move {
                    let mut client = client;
                    let request = head(&mut client).await;
                    asked.lock().unwrap().push(request.clone());
                    let answer = answer.lock().unwrap().clone();
                    arrival.notify_one();
                    // The client may hang up when it has enough.
                    let _ = tell(&mut client, &request, answer).await;
                });
            }
        });
        server
    }

    pub(super) fn answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// The heads of the requests so far, in small letters.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// Waits for one more request.
    pub(super) async fn arrival(&self) {
        let patience = Duration::from_secs(20);
        let arrived = tokio::time::timeout(patience, self.arrival.notified());
        arrived.await.expect("a request");
    }
}

async fn head(client: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match client.read_u8().await {
            Ok(octet) => head.push(octet),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).to_lowercase()
}

async fn tell(client: &mut TcpStream, request: &str, answer: Answer) -> std::io::Result<()> {
    match answer {
        Answer::List(list) => {
            let tag = format!("etag: \"{}\"\r\n", Digest::of(&list));
            if request.contains(&tag.replace("etag", "if-none-match")) {
                return start(client, 304, "", 0).await;
            }
            start(client, 200, &tag, list.len()).await?;
            client.write_all(&list).await
        }
        Answer::NotModified => start(client, 304, "", 0).await,
        Answer::Status(status) => start(client, status, "", 0).await,
        Answer::Page => {
            let page = b"<html>please sign in</html>";
            start(client, 200, "content-type: text/html\r\n", page.len()).await?;
            client.write_all(page).await
        }
        Answer::Announced(length) => start(client, 200, "", length).await,
        Answer::Endless => {
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
            client.write_all(head.as_bytes()).await?;
            loop {
                client.write_all(&[0x30; 65_536]).await?;
            }
        }
        Answer::Drip => {
            start(client, 200, "", 100).await?;
            let mut seconds = interval(Duration::from_secs(1));
            loop {
                seconds.tick().await;
                client.write_all(&[0x30]).await?;
            }
        }
        Answer::CutShort => {
            start(client, 200, "", 100).await?;
            client.write_all(&[0x30; 50]).await
        }
        Answer::Elsewhere(url) => start(client, 302, &format!("location: {url}\r\n"), 0).await,
        Answer::Held(let_go, list) => {
            let_go.notified().await;
            start(client, 200, "", list.len()).await?;
            client.write_all(&list).await
        }
    }
}

async fn start(
    client: &mut TcpStream,
    status: u16,
    fields: &str,
    length: usize,
) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status} as asked\r\nconnection: close\r\ncontent-length: {length}\r\n{fields}\r\n"
    );
    client.write_all(head.as_bytes()).await
}
