//! `snug network`

use crate::args::Switch;
use crate::laptop::Laptop;
use crate::out::{Out, Stop};
use crate::show;
use snug_api::command;

pub(crate) async fn network(switch: Option<Switch>, laptop: &mut Laptop, out: Out) -> Result<(), Stop> {
    match switch {
        None => {
            let network = laptop.call(command::Network {}).await?;
            out.answer(&network, || show::network(&network))
        }
        Some(switch) => {
            let done = laptop.call(command::NetworkSet { wanted: switch == Switch::On }).await?;
            out.answer(&done, String::new)
        }
    }
}
