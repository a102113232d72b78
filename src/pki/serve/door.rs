//! Doors: where connections come in, and what befalls them before anybody reads.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::sleep;

use super::house::House;
use super::http::{Answer, Request};
use crate::pki::{Behaviour, Service};

/// Whether connections come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Open,
    Closed,
}

/// What a door is to be; `done` hears when it is.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) state: State,
    pub(super) done: mpsc::Sender<()>,
}

/// Where a door takes its orders.
pub(super) type Orders = UnboundedSender<Order>;

/// Whether a door is ever closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closed {
    Never,
    AtTimes,
}

/// An address where is listened.
#[derive(Debug)]
pub(super) struct Door {
    address: SocketAddr,
    listener: TcpListener,
    /// Bound but deaf: keeps the port for us while nobody listens.
    _place: Option<TcpSocket>,
}

impl Door {
    /// Opens a door; port 0 means any. Within a runtime only.
    pub(super) fn new(address: SocketAddr, closed: Closed) -> io::Result<Door> {
        let (place, address) = match closed {
            Closed::Never => (None, address),
            Closed::AtTimes => {
                let place = shared_socket(address)?;
                let address = place.local_addr()?;
                (Some(place), address)
            }
        };
        let listener = match closed {
            Closed::Never => alone(address)?,
            Closed::AtTimes => shared_socket(address)?.listen(BACKLOG)?,
        };
        Ok(Door {
            address: listener.local_addr()?,
            listener,
            _place: place,
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The door with somebody who keeps it, and where he takes orders.
    pub(super) fn ordered(self) -> (Keeper, Orders) {
        let (orders, taken) = unbounded_channel();
        let keeper = Keeper {
            door: self,
            orders: taken,
        };
        (keeper, orders)
    }
}

const BACKLOG: u32 = 128;

/// Somebody else who listens there already is an error.
fn alone(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = socket(address)?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Two sockets of ours may have this address.
fn shared_socket(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = socket(address)?;
    socket.set_reuseport(true)?;
    socket.bind(address)?;
    Ok(socket)
}

fn socket(address: SocketAddr) -> io::Result<TcpSocket> {
    if address.is_ipv4() {
        TcpSocket::new_v4()
    } else {
        TcpSocket::new_v6()
    }
}

/// Lets in who comes through a door.
pub(super) struct Keeper {
    door: Door,
    orders: UnboundedReceiver<Order>,
}

impl Keeper {
    pub(super) async fn keep(mut self, house: Arc<House>) {
        let address = self.door.address;
        let mut listener = Some(self.door.listener);
        let mut ordered = true;
        loop {
            tokio::select! {
                order = self.orders.recv(), if ordered => match order {
                    None => ordered = false,
                    Some(order) => {
                        listener = match order.state {
                            State::Closed => None,
                            State::Open => listener.or_else(|| reopened(address)),
                        };
                        let _heard = order.done.send(());
                    }
                },
                stream = accepted(listener.as_ref()) => {
                    tokio::spawn(attend(stream, Arc::clone(&house)));
                }
            }
        }
    }
}

/// The place is ours, so that this fails only when the system has nothing left.
fn reopened(address: SocketAddr) -> Option<TcpListener> {
    shared_socket(address)
        .and_then(|socket| socket.listen(BACKLOG))
        .ok()
}

/// Who comes next; nobody through a closed door.
async fn accepted(listener: Option<&TcpListener>) -> TcpStream {
    let Some(listener) = listener else {
        return std::future::pending().await;
    };
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            // Of connections that broke off, or of too many open files: later.
            Err(_) => sleep(BREATH).await,
        }
    }
}

const BREATH: Duration = Duration::from_millis(10);

/// One connection, one request. A connection that breaks off is the client's affair.
async fn attend(stream: TcpStream, house: Arc<House>) {
    let _broken = respond(stream, &house).await;
}

async fn respond(mut stream: TcpStream, house: &House) -> io::Result<()> {
    let Some(service) = asked(&stream).await? else {
        let request = Request::read(&mut stream).await?;
        return send(&mut stream, &house.control(&request)).await;
    };
    house.count(service);
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all others answer, and at once"
    )]
    match house.behaviour(service) {
        // To close a connection with something unread in it resets it
        // (RFC 9293 section 3.10.4).
        Behaviour::Refused | Behaviour::Reset => return Ok(()),
        Behaviour::Silent => return hold(&mut stream).await,
        Behaviour::Slow(time) => sleep(time).await,
        _ => {}
    }
    let request = Request::read(&mut stream).await?;
    let answer = house.serve(service, &request);
    if house.behaviour(service) == Behaviour::Drip {
        return drip(&mut stream, &answer).await;
    }
    send(&mut stream, &answer).await
}

/// Which service is asked, by the beginning of the request, which stays unread.
async fn asked(stream: &TcpStream) -> io::Result<Option<Service>> {
    let mut beginning = [0; 32];
    let length = stream.peek(&mut beginning).await?;
    let beginning = beginning.get(..length).unwrap_or_default();
    let path = beginning.split(|octet| *octet == b' ').nth(1);
    Ok(path.and_then(service_at))
}

fn service_at(path: &[u8]) -> Option<Service> {
    let services: [(&[u8], Service); 4] = [
        (b"/ocsp", Service::Ocsp),
        (b"/tsp", Service::TimeStamps),
        (b"/crl/", Service::Lists),
        (b"/cert/", Service::Lists),
    ];
    let known = services.iter().find(|(start, _)| path.starts_with(start));
    known.map(|(_, service)| *service)
}

/// Holds a connection until the other side has had enough.
async fn hold(stream: &mut TcpStream) -> io::Result<()> {
    let mut unheard = [0; 1024];
    while stream.read(&mut unheard).await? > 0 {}
    Ok(())
}

async fn send(stream: &mut TcpStream, answer: &Answer) -> io::Result<()> {
    stream.write_all(&answer.encode()).await?;
    stream.shutdown().await
}

async fn drip(stream: &mut TcpStream, answer: &Answer) -> io::Result<()> {
    stream.set_nodelay(true)?;
    for octet in answer.encode() {
        stream.write_all(&[octet]).await?;
        sleep(Duration::from_secs(1)).await;
    }
    stream.shutdown().await
}
