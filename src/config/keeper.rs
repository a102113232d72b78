//! Who keeps the service and who runs it, as the operator of it says.

use std::collections::BTreeSet;

use clap::Args;

use crate::eds::{Bin, Iin, NotABin};
use crate::flow::Keeper;

/// The arguments that say who keeps the service and who runs it.
#[derive(Clone, Debug, Args)]
pub struct KeeperArguments {
    /// Name of the organisation that keeps the service, as phones show it, in Kazakh
    #[arg(
        long,
        env = "KELISIM_ORGANISATION_KK",
        value_name = "NAME",
        default_value = "Келісім"
    )]
    organisation_kk: String,

    /// The same in Russian
    #[arg(
        long,
        env = "KELISIM_ORGANISATION_RU",
        value_name = "NAME",
        default_value = "Келисим"
    )]
    organisation_ru: String,

    /// The same in English
    #[arg(
        long,
        env = "KELISIM_ORGANISATION_EN",
        value_name = "NAME",
        default_value = "Kelisim"
    )]
    organisation_en: String,

    /// Its business identification number, under which it is enrolled with eGov mobile
    #[arg(long, env = "KELISIM_ORGANISATION_BIN", value_name = "BIN")]
    organisation_bin: Option<String>,

    /// People (IIN) who run the service and see whether all goes on; may be given
    /// several times
    #[arg(
        long,
        env = "KELISIM_ADMINISTRATORS",
        value_name = "IIN",
        value_delimiter = ','
    )]
    administrator: Vec<String>,
}

impl KeeperArguments {
    /// The organisation that keeps the service.
    pub(super) fn keeper(&self) -> Result<Keeper, NotABin> {
        let bin = self.organisation_bin.as_deref();
        Ok(Keeper {
            kk: self.organisation_kk.clone(),
            ru: self.organisation_ru.clone(),
            en: self.organisation_en.clone(),
            bin: bin.map(Bin::parse).transpose()?,
        })
    }

    /// The people who run the service. Which number is wrong is told by its place, for
    /// a person's number is written to no log.
    pub(super) fn administrators(&self) -> Result<BTreeSet<Iin>, String> {
        let numbers = self.administrator.iter().zip(1..);
        numbers
            .map(|(text, place)| Iin::parse(text).map_err(|error| format!("no. {place}: {error}")))
            .collect()
    }
}
