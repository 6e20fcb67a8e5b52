//! `snug plan`

use crate::args::PlanCommand;
use crate::laptop::Laptop;
use crate::out::{self, Out, Stop};
use crate::show::{self, Clock};
use snug_api::command::{self, WrittenTime};

pub(crate) async fn plan(typed: PlanCommand, laptop: &mut Laptop, out: Out) -> Result<(), Stop> {
    match typed {
        PlanCommand::New { circle, title, at, zone, place } => {
            let at = at.zip(zone).map(|(local, zone)| WrittenTime { local, zone });
            let timed = at.is_some();
            let new = laptop.call(command::PlanNew { circle: circle.clone(), title, at, place }).await?;
            out.answer(&new, || new.id.to_string())?;
            if timed {
                let plan = laptop.call(command::PlanShow { circle, plan: new.id.to_string() }).await?;
                if let Some(note) = plan.at.as_ref().and_then(show::twice) {
                    out::note(&note, out.json);
                }
            }
            Ok(())
        }
        PlanCommand::List { circle } => {
            let plans = laptop.call(command::PlanList { circle, away: false }).await?;
            out.answer(&plans, || show::plans(&plans))
        }
        PlanCommand::Show { circle, plan } => {
            let plan = laptop.call(command::PlanShow { circle, plan }).await?;
            out.answer(&plan, || show::plan(&plan, &Clock::system()))
        }
        PlanCommand::Answer { circle, plan, answer } => {
            let done = laptop.call(command::PlanAnswer { circle, plan, answer: answer.into() }).await?;
            out.answer(&done, String::new)
        }
    }
}
