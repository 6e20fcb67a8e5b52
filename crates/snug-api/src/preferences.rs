//! How a window likes to be: kept by the window's program on this laptop, and told to nobody.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// A language that the window speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// Hungarian.
    Hu,
}

/// What is chosen in the settings. Nothing in it is private.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Preferences {
    /// Colours.
    pub theme: Theme,
    /// The language; the system's if there is none.
    pub language: Option<Language>,
    /// Locks when nobody was at the keyboard for so many minutes; never if there is none.
    pub lock_after_minutes: Option<u16>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { theme: Theme::System, language: None, lock_after_minutes: Some(15) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_as_it_was_before_anybody_chose() {
        let json = r#"{"theme":"system","language":null,"lock_after_minutes":15}"#;
        assert_eq!(serde_json::to_string(&Preferences::default()).unwrap(), json);
        assert_eq!(serde_json::from_str::<Preferences>("{}").unwrap(), Preferences::default());
        let hu =
            Preferences { language: Some(Language::Hu), lock_after_minutes: None, ..Preferences::default() };
        let json = r#"{"language":"hu","lock_after_minutes":null}"#;
        assert_eq!(serde_json::from_str::<Preferences>(json).unwrap(), hu);
    }
}
