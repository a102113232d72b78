//! What the service does, one step a file: load, gather, decide, save, tell.
//!
//! A step verifies signatures before it opens its transaction, decides by the
//! pure rules of [`crate::domain`], and saves the application, the event, the
//! message to the portal and the answer together or not at all. Nothing in a
//! transaction speaks to anybody but the database.

pub mod administering;
pub mod answer;
pub mod answered;
mod asking;
pub mod attaching;
pub mod attesting;
pub mod audit;
pub mod certifying;
mod count;
mod crowding;
pub mod demanding;
pub mod draft;
mod eligible;
mod elsewhere;
mod empowering;
mod ending;
mod error;
pub mod evidence;
pub mod export;
mod gather;
mod house;
pub mod housekeeping;
pub mod inbox;
pub mod inviting;
pub mod issuing;
pub mod lists;
pub mod login;
pub mod mobile;
pub mod office;
mod once;
pub mod passing;
mod proof;
mod record;
pub mod register;
pub mod sealing;
pub mod see;
pub mod sessions;
pub mod settle;
pub mod sign;
mod taking_up;
pub mod timing;
mod transaction;
pub mod validate;
pub mod watch;

pub use error::{Error, Misplaced};
pub use gather::Witnesses;
pub use house::{Clock, House, INSPECTIONS, Keeper, Settings, TrustInUse};
pub use once::{Once, Reply};
pub use see::Seen;
pub use watch::{Job, Watch};

pub use crate::store::notices::{About, Kept};
pub use crate::store::received::Waiting;
pub use crate::store::sessions::{Past, Session};
