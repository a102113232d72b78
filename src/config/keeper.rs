//! Who keeps the service, as the operator of it says.

use clap::Args;

use crate::eds::{Bin, NotABin};
use crate::flow::Keeper;

/// The arguments that say who keeps the service.
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
}
