//! `snug me`

use crate::laptop::Laptop;
use crate::out::{Out, Stop};
use snug_api::command;

pub(crate) async fn me(
    name: Option<String>,
    circle: Option<String>,
    laptop: &mut Laptop,
    out: Out,
) -> Result<(), Stop> {
    let done = match (name, circle) {
        (Some(name), Some(circle)) => laptop.call(command::MemberRename { circle, name }).await?,
        (Some(name), None) => laptop.call(command::MeRename { name }).await?,
        (None, _) => {
            let me = laptop.call(command::Me {}).await?;
            return out.answer(&me, || me.name.clone());
        }
    };
    out.answer(&done, String::new)
}
