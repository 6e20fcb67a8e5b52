//! What may be typed after `snug-desktop`.

use clap::Parser;
use clap::builder::NonEmptyStringValueParser;
use std::path::PathBuf;

/// Snug's window: a small private room for a circle of people, on their own laptops
#[derive(Debug, Parser)]
#[command(name = "snug-desktop", version, max_term_width = 100)]
pub(crate) struct Args {
    /// The folder that holds this laptop's circles [default: your platform's data folder]
    #[arg(long, value_name = "DIR", env = "SNUG_DATA", hide_env_values = true)]
    pub(crate) data: Option<PathBuf>,
    /// The only network interfaces to be found on and to look on, such as lo,eth0 [default: all]
    #[arg(long, value_name = "LIST", env = "SNUG_INTERFACES", hide_env_values = true)]
    #[arg(value_delimiter = ',', value_parser = NonEmptyStringValueParser::new())]
    pub(crate) interfaces: Option<Vec<String>>,
}
