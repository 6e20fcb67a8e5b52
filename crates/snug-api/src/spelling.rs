//! How ids and times are spelled in JSON: ids as lower-case hexadecimal, times as milliseconds since 1970 in UTC.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use snug_types::UnixMillis;
use std::fmt::Display;
use std::str::FromStr;

/// Ids: `#[serde(with = "spelling::id")]`.
pub(crate) mod id {
    use super::{Deserialize, Deserializer, Display, Error, FromStr, Serializer};

    pub(crate) fn serialize<T: Display, S: Serializer>(id: &T, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(id)
    }

    pub(crate) fn deserialize<'de, T, D>(d: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        String::deserialize(d)?.parse().map_err(D::Error::custom)
    }
}

/// Ids that may be missing: `null` then.
pub(crate) mod maybe_id {
    use super::{Deserialize, Deserializer, Display, Error, FromStr, Serializer};

    #[allow(clippy::ref_option, reason = "serde hands every field over by reference")]
    pub(crate) fn serialize<T: Display, S: Serializer>(id: &Option<T>, s: S) -> Result<S::Ok, S::Error> {
        match id {
            Some(id) => s.collect_str(id),
            None => s.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, T, D>(d: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        Option::<String>::deserialize(d)?.map(|id| id.parse().map_err(D::Error::custom)).transpose()
    }
}

/// Lists of ids.
pub(crate) mod ids {
    use super::{Deserialize, Deserializer, Display, Error, FromStr, Serializer};

    pub(crate) fn serialize<T: Display, S: Serializer>(ids: &[T], s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(ids.iter().map(ToString::to_string))
    }

    pub(crate) fn deserialize<'de, T, D>(d: D) -> Result<Vec<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        Vec::<String>::deserialize(d)?.iter().map(|id| id.parse().map_err(D::Error::custom)).collect()
    }
}

/// Times: `#[serde(with = "spelling::millis")]`.
pub(crate) mod millis {
    use super::{Deserialize, Deserializer, Serializer, UnixMillis};

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands every field over by reference")]
    pub(crate) fn serialize<S: Serializer>(at: &UnixMillis, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_u64(at.0)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<UnixMillis, D::Error> {
        u64::deserialize(d).map(UnixMillis)
    }
}

/// Times that may be missing: `null` then.
pub(crate) mod maybe_millis {
    use super::{Deserialize, Deserializer, Serializer, UnixMillis};

    #[allow(clippy::ref_option, reason = "serde hands every field over by reference")]
    pub(crate) fn serialize<S: Serializer>(at: &Option<UnixMillis>, s: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => s.serialize_some(&at.0),
            None => s.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<UnixMillis>, D::Error> {
        Ok(Option::<u64>::deserialize(d)?.map(UnixMillis))
    }
}

/// What may be left out, which isn't the same as `null`: `#[serde(default, with = "spelling::given")]`, and
/// `skip_serializing_if = "Option::is_none"`.
pub(crate) mod given {
    use super::{Deserialize, Deserializer, Serialize, Serializer};

    #[allow(clippy::ref_option, clippy::option_option, reason = "absent, null and a value are three things")]
    pub(crate) fn serialize<T: Serialize, S: Serializer>(
        given: &Option<Option<T>>,
        s: S,
    ) -> Result<S::Ok, S::Error> {
        given.as_ref().and_then(Option::as_ref).serialize(s)
    }

    #[allow(clippy::option_option, reason = "absent, null and a value are three things")]
    pub(crate) fn deserialize<'de, T, D>(d: D) -> Result<Option<Option<T>>, D::Error>
    where
        T: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Option::<T>::deserialize(d).map(Some)
    }
}
