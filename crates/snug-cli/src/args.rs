//! What may be typed after `snug`.

#[cfg(test)]
mod tests;

use crate::span::{clock_time, span};
use clap::builder::{NonEmptyStringValueParser, Resettable};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

const ABOUT: &str = "A small private room for a circle of people, on their own laptops";

const LONG_ABOUT: &str = "\
Snug keeps the notes and the gatherings of a small circle of people on their own laptops. There is no server and no \
account: laptops of a circle find each other on the local network and exchange what is new, sealed. Everything works \
offline, and meets the others' work later.";

const EXAMPLES: &str = "\
Begin:
  snug init --name Anna                        this laptop, once
  snug circle found Reading                    a circle of one
  snug invite Reading                          a link for one person; send it to them
  snug up                                      be there, so that they find you

Be invited:
  snug init --name Ben
  snug join snug:…                             then stay with: snug up

Write:
  snug note new Reading 'Next book' --file next.md
  snug note show Reading 'Next book'
  snug plan new Reading 'Coffee' --at 2026-12-01T18:00 --zone Europe/Budapest
  snug plan answer Reading Coffee yes

Circles, notes, gatherings and people go by their exact name, or by an id, which may be shortened.
While `snug up` runs or Snug's window is open, other commands go to it and need no passphrase.
Exit: 0 done, 1 not done (one sentence says why), 2 wrong usage.";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "snug", version, about = ABOUT, long_about = LONG_ABOUT, after_help = EXAMPLES)]
#[command(max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// What was typed. Ends the process where it is no command, or asks for help.
    pub(crate) fn typed() -> Self {
        let error = match Self::try_parse() {
            Ok(typed) => return typed,
            Err(error) => error,
        };
        if error.kind() == ErrorKind::DisplayHelp
            || error.kind() == ErrorKind::DisplayVersion
            || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        {
            error.exit();
        }
        // What variables set counts as typed, and would stand in the usage as if it had to be.
        match Self::command().mut_args(|arg| arg.env(Resettable::Reset)).try_get_matches() {
            Err(without) => without.exit(),
            Ok(_) => error.exit(),
        }
    }
}

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options for every command")]
pub(crate) struct Common {
    /// The folder that holds this laptop's circles [default: your platform's data folder]
    #[arg(long, global = true, value_name = "DIR", env = "SNUG_DATA", hide_env_values = true)]
    pub(crate) data: Option<PathBuf>,
    /// The only network interfaces to be found on and to look on, such as lo,eth0 [default: all]
    #[arg(long, global = true, value_name = "LIST", env = "SNUG_INTERFACES", hide_env_values = true)]
    #[arg(value_delimiter = ',', value_parser = NonEmptyStringValueParser::new())]
    pub(crate) interfaces: Option<Vec<String>>,
    /// Answer in JSON: one object, or one a line where it goes on
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Take the passphrase from the first line of this file instead of asking for it
    #[arg(long, global = true, value_name = "FILE", env = "SNUG_PASSPHRASE_FILE", hide_env_values = true)]
    pub(crate) passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Set up this laptop: your name, and a passphrase that protects everything
    #[command(after_help = "Example:\n  snug init --name Anna")]
    Init {
        /// The name that others see, unless you join under another
        #[arg(long)]
        name: String,
    },
    /// Be there: find the others, exchange what is new, until you end it (Ctrl-C)
    #[command(
        after_help = "Prints `ready` once others can find this laptop and other commands reach it, then what happens.\n\n\
        Examples:\n  snug up\n  snug up --for 30s\n  snug up --dial 192.0.2.7:40101     where the search can't reach; `snug status` there tells it"
    )]
    Up {
        /// End after this time, such as 30s, 10m or 2h
        #[arg(long = "for", value_name = "TIME", value_parser = span)]
        span: Option<Duration>,
        /// An address to try beside the search; may be given several times
        #[arg(long, value_name = "ADDR")]
        dial: Vec<SocketAddr>,
    },
    /// Show the name that you go by, or change it
    #[command(
        after_help = "Examples:\n  snug me\n  snug me --name Anna                in circles to come\n  snug me --name 'Aunt Anna' --in Family"
    )]
    Me {
        /// Another name, in circles to come
        #[arg(long)]
        name: Option<String>,
        /// In this circle instead: its name or id
        #[arg(long = "in", value_name = "CIRCLE", requires = "name")]
        circle: Option<String>,
    },
    /// Show how this laptop stands on the network, or switch that on or off
    #[command(
        after_help = "The switch is for the window, now and at every start. `snug up` and `snug join` are explicit:\n\
        they go online whatever it says, and leave it as it is.\n\n\
        Examples:\n  snug network\n  snug network off"
    )]
    Network {
        /// How it is to be
        #[arg(value_enum)]
        switch: Option<Switch>,
    },
    /// Found, rename, list and leave circles
    #[command(
        subcommand,
        disable_help_subcommand = true,
        arg_required_else_help = true,
        after_help = "Examples:\n  snug circle found Reading --kind interest\n  snug circle list\n  snug circle rename Reading 'Reading aloud'\n  snug circle leave Reading"
    )]
    Circle(CircleCommand),
    /// Invite one person to a circle by a link
    #[command(
        disable_help_subcommand = true,
        args_conflicts_with_subcommands = true,
        subcommand_negates_reqs = true
    )]
    #[command(
        after_help = "Prints the link alone. This laptop answers it, so keep `snug up` running until they are in.\n\n\
        Examples:\n  snug invite Reading\n  snug invite Reading --expires 1d --no-confirm\n  snug invite confirm Reading Ben\n  snug invite -- list                to a circle called “list”"
    )]
    Invite(Invite),
    /// Join a circle by the link you were sent
    #[command(
        after_help = "Prints the circle's id once you are in. If the wait ends before, your wish stands: it goes on at\n\
        the next `snug up`, or with the same `snug join`, until you give it up.\n\n\
        Examples:\n  snug join snug:…\n  pbpaste | snug join -\n  snug join snug:… --as Benedikt --wait 10m\n  snug join --forget 3fa9            `snug circle list` shows its id"
    )]
    Join {
        /// The link, or - to read it from standard input
        #[arg(value_name = "LINK", required_unless_present = "forget")]
        link: Option<String>,
        /// Give up a wish to join instead: its id, which may be shortened
        #[arg(long, value_name = "WISH", conflicts_with_all = ["link", "name", "wait", "dial"])]
        forget: Option<String>,
        /// Another name than this laptop's, in this circle
        #[arg(long = "as", value_name = "NAME")]
        name: Option<String>,
        /// How long to wait for being let in
        #[arg(long, value_name = "TIME", value_parser = span, default_value = "60s")]
        wait: Duration,
        /// An address of the laptop that made the link, to try beside the search; may be given several times
        #[arg(long, value_name = "ADDR")]
        dial: Vec<SocketAddr>,
    },
    /// Show who is in a circle
    People {
        /// Its name or id
        circle: String,
    },
    /// Write and read notes
    #[command(
        subcommand,
        disable_help_subcommand = true,
        arg_required_else_help = true,
        after_help = "Examples:\n  snug note new Reading 'Next book' --file next.md\n  snug note append Reading 'Next book' 'What about Middlemarch?'\n  snug note show Reading 'Next book' > next.md\n  snug note edit Reading 'Next book' --file next.md"
    )]
    Note(NoteCommand),
    /// Plan gatherings and answer
    #[command(
        subcommand,
        disable_help_subcommand = true,
        arg_required_else_help = true,
        after_help = "Examples:\n  snug plan new Reading Coffee --at 2026-12-01T18:00 --zone Europe/Budapest --place 'At Eva’s'\n  snug plan answer Reading Coffee if-need-be\n  snug plan show Reading Coffee"
    )]
    Plan(PlanCommand),
    /// Show this laptop, laptops near, and which hold what, as of when
    Status {
        /// Only this circle
        circle: Option<String>,
    },
    /// Write a circle into open files: notes as Markdown, gatherings as .ics, all of it as JSON
    #[command(after_help = "Example:\n  snug export Reading ~/reading")]
    Export {
        /// Its name or id
        circle: String,
        /// A folder that is empty or isn't there yet
        dir: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum CircleCommand {
    /// Found a circle; prints its id alone
    Found {
        /// What it is called
        name: String,
        /// What brings it together
        #[arg(long, value_enum, default_value_t = Kind::Interest)]
        kind: Kind,
    },
    /// List this laptop's circles
    List,
    /// Give a circle another name, for everybody in it
    Rename {
        /// Its name or id
        circle: String,
        /// What it is to be called
        name: String,
    },
    /// Leave a circle, and let go of what this laptop holds of it
    Leave {
        /// Its name or id
        circle: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Invite {
    #[command(subcommand)]
    pub(crate) command: Option<InviteCommand>,
    /// The name or id of the circle
    #[arg(required = true)]
    pub(crate) circle: Option<String>,
    /// How long the link holds, such as 12h or 7d
    #[arg(long, value_name = "TIME", value_parser = span, default_value = "7d")]
    pub(crate) expires: Duration,
    /// Let in whoever holds the link, without asking you again
    #[arg(long)]
    pub(crate) no_confirm: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum InviteCommand {
    /// List the invitations that this laptop answers, and who asks
    List {
        /// The name or id of the circle
        circle: String,
    },
    /// Take an invitation back
    Withdraw {
        /// The name or id of the circle
        circle: String,
        /// The invitation's id, as listed
        invitation: String,
    },
    /// Let in somebody who asks
    Confirm {
        /// The name or id of the circle
        circle: String,
        /// The name that they ask under, or the id of their laptop
        person: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum NoteCommand {
    /// Begin a note; prints its id alone
    New {
        /// The name or id of the circle
        circle: String,
        /// The note's title
        title: String,
        /// A Markdown file for its body, or - for standard input [default: an empty body]
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// List notes, those that changed last first
    List {
        /// The name or id of the circle
        circle: String,
    },
    /// Print a note's body alone
    Show {
        /// The name or id of the circle
        circle: String,
        /// The note's title or id
        note: String,
        /// How to print it
        #[arg(long, value_enum, default_value_t = Format::Markdown)]
        format: Format,
    },
    /// Give a note another body, by the smallest edit that gets there
    #[command(after_help = "Only what differs is edited, so that what others write meanwhile stays.")]
    Edit {
        /// The name or id of the circle
        circle: String,
        /// The note's title or id
        note: String,
        /// A Markdown file with the whole body, or - for standard input
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
    },
    /// Add plain text as a last paragraph
    Append {
        /// The name or id of the circle
        circle: String,
        /// The note's title or id
        note: String,
        /// The text; nothing in it is read as Markdown
        #[arg(allow_hyphen_values = true)]
        text: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    /// Begin a gathering; prints its id alone
    New {
        /// The name or id of the circle
        circle: String,
        /// What it is called
        title: String,
        /// When, by the clocks of its zone
        #[arg(long, value_name = "2026-12-01T18:00", value_parser = clock_time, requires = "zone")]
        at: Option<String>,
        /// The zone of that time
        #[arg(long, value_name = "Europe/Budapest", requires = "at")]
        zone: Option<String>,
        /// Where
        #[arg(long, value_name = "TEXT")]
        place: Option<String>,
    },
    /// List gatherings, the soonest first
    List {
        /// The name or id of the circle
        circle: String,
    },
    /// Show when and where, and who answered what
    Show {
        /// The name or id of the circle
        circle: String,
        /// The gathering's title or id
        plan: String,
    },
    /// Answer for yourself
    Answer {
        /// The name or id of the circle
        circle: String,
        /// The gathering's title or id
        plan: String,
        /// Your answer
        #[arg(value_enum)]
        answer: Answer,
    },
}

/// How the network is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    /// On it, whenever Snug's window is open
    On,
    /// Off it
    Off,
}

/// What brings a circle together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// A situation in life: parenthood, caring, money
    Life,
    /// A shared interest: reading, walking, a craft
    Interest,
    /// Shared values
    Values,
}

/// How to print a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// As Markdown
    Markdown,
    /// As its blocks, in JSON
    Json,
}

/// An answer to a gathering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Answer {
    /// Gladly
    Yes,
    /// If it helps the others
    IfNeedBe,
    /// No reason needed
    NotThisTime,
}

impl From<Kind> for snug_api::view::Kind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Life => Self::Life,
            Kind::Interest => Self::Interest,
            Kind::Values => Self::Values,
        }
    }
}

impl From<Answer> for snug_api::view::Answer {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Yes => Self::Yes,
            Answer::IfNeedBe => Self::IfNeedBe,
            Answer::NotThisTime => Self::NotThisTime,
        }
    }
}
