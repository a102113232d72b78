//! The development server: OCSP, time-stamps and revocation lists over HTTP,
//! on a thread of its own, honest or as wrong as it is told to be.
//!
//! It has four doors. The front one leads everywhere and stays open; each
//! service has one more of its own, which is closed when the service refuses.

mod door;
mod house;
mod http;
mod records;

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use chrono::{DateTime, Utc};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::pki::{
    Behaviour, Directory, Error, Infrastructure, NoBehaviour, Reason, Responder, Service,
};
use door::{Closed, Door};
use house::House;
use records::Records;

/// Tells the server the time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// A running server; it ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    front: Responder,
    own: EachService<Responder>,
    house: Arc<House>,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

/// One thing for each service.
#[derive(Debug, Clone, Copy, Default)]
struct EachService<T> {
    ocsp: T,
    time_stamps: T,
    lists: T,
}

impl<T> EachService<T> {
    fn get(&self, service: Service) -> &T {
        match service {
            Service::Ocsp => &self.ocsp,
            Service::TimeStamps => &self.time_stamps,
            Service::Lists => &self.lists,
        }
    }

    fn get_mut(&mut self, service: Service) -> &mut T {
        match service {
            Service::Ocsp => &mut self.ocsp,
            Service::TimeStamps => &mut self.time_stamps,
            Service::Lists => &mut self.lists,
        }
    }
}

impl Server {
    /// Starts one for all authorities of a PKI in memory; port 0 means any.
    /// Only what the PKI issued is known to it: see [`Server::register`].
    ///
    /// # Errors
    /// [`Error::Server`] when it cannot listen there.
    pub fn start(pki: &Infrastructure, clock: Clock, listen: SocketAddr) -> Result<Server, Error> {
        Server::with(Records::of(pki)?, clock, listen)
    }

    /// Starts one for a PKI on disk, whose revocation lists are read anew for
    /// each request.
    ///
    /// # Errors
    /// [`Error::Server`], and others when files cannot be read.
    pub fn open(directory: &Directory, clock: Clock, listen: SocketAddr) -> Result<Server, Error> {
        Server::with(Records::open(directory)?, clock, listen)
    }

    fn with(records: Records, clock: Clock, listen: SocketAddr) -> Result<Server, Error> {
        let mut runtime = Builder::new_current_thread();
        let runtime = runtime.enable_all().build().map_err(Error::Server)?;
        let (front, [ocsp, time_stamps, lists]) = doors(&runtime, listen)?;
        let address = |door: &Door| Responder(format!("http://{}", door.address()));
        let own = EachService {
            ocsp: address(&ocsp),
            time_stamps: address(&time_stamps),
            lists: address(&lists),
        };
        let front_address = address(&front);
        let (ocsp, ocsp_orders) = ocsp.ordered();
        let (time_stamps, time_stamps_orders) = time_stamps.ordered();
        let (lists, lists_orders) = lists.ordered();
        let orders = EachService {
            ocsp: ocsp_orders,
            time_stamps: time_stamps_orders,
            lists: lists_orders,
        };
        let house = Arc::new(House::new(records, clock, orders));
        let keepers = vec![front.ordered().0, ocsp, time_stamps, lists];
        Ok(Server {
            front: front_address,
            own,
            running: Some(run(runtime, keepers, &house)?),
            house,
        })
    }

    /// The address of the front door, which leads to all services.
    pub fn url(&self) -> &str {
        &self.front.0
    }

    /// The addresses behind the front door.
    pub fn front(&self) -> &Responder {
        &self.front
    }

    /// The addresses behind the own door of a service, which is closed while
    /// the service refuses.
    pub fn own(&self, service: Service) -> &Responder {
        self.own.get(service)
    }

    /// From now on a service behaves so: when this returns, it does.
    ///
    /// # Errors
    /// [`Error::Unsuitable`] when the service cannot behave so.
    pub fn behave(&self, service: Service, behaviour: Behaviour) -> Result<(), Error> {
        if let Some(done) = self.house.behave(service, behaviour)? {
            // The thread ends only with this server, which still is.
            let _done = done.recv();
        }
        Ok(())
    }

    /// Makes a further certificate known as issued, so that its status is good.
    ///
    /// # Errors
    /// [`Error::Unreadable`] when it is none.
    pub fn register(&self, certificate: &[u8]) -> Result<(), Error> {
        self.house.records().register(certificate)
    }

    /// Revokes a certificate of the PKI, whosever it is; the list of its
    /// authority is issued anew.
    ///
    /// # Errors
    /// [`Error::Unreadable`] when it is no certificate, [`Error::Nobody`] when no
    /// authority here issued it.
    pub fn revoke(
        &self,
        certificate: &[u8],
        since: DateTime<Utc>,
        reason: Reason,
    ) -> Result<(), Error> {
        let now = self.house.now();
        self.house.records().revoke(certificate, since, reason, now)
    }

    /// How many requests have come to a service so far, however it behaved.
    pub fn requests(&self, service: Service) -> u64 {
        self.house.requests(service)
    }
}

/// Opens the front door and those of the services. Fails when somebody else is there.
fn doors(runtime: &Runtime, listen: SocketAddr) -> Result<(Door, [Door; 3]), Error> {
    let _entered = runtime.enter();
    let mut any = listen;
    any.set_port(0);
    let front = Door::new(listen, Closed::Never).map_err(Error::Server)?;
    let own = || Door::new(any, Closed::AtTimes).map_err(Error::Server);
    Ok((front, [own()?, own()?, own()?]))
}

fn run(
    runtime: Runtime,
    keepers: Vec<door::Keeper>,
    house: &Arc<House>,
) -> Result<(oneshot::Sender<()>, JoinHandle<()>), Error> {
    let (stop, stopped) = oneshot::channel();
    let house = Arc::clone(house);
    let serve = move || {
        for keeper in keepers {
            runtime.spawn(keeper.keep(Arc::clone(&house)));
        }
        let _stopped = runtime.block_on(stopped);
    };
    let thread = thread::Builder::new().name("development-pki".to_owned());
    Ok((stop, thread.spawn(serve).map_err(Error::Server)?))
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            drop(stop);
            let _ended = thread.join();
        }
    }
}

/// Reads the order of somebody who breaks a running server by hand: a service
/// and how it is to behave.
fn order(service: &str, behaviour: &str) -> Result<(Service, Behaviour), NoBehaviour> {
    let service = service.parse();
    let service = service.map_err(|_| NoBehaviour(behaviour.to_owned()))?;
    Ok((service, behaviour.trim().parse()?))
}
