//! Keys, signatures, sealing and key agreement: thin, over vetted crates.
//!
//! Nothing here does I/O, reads a clock or draws randomness of its own: [`Entropy`] is passed in. The rooms:
//!
//! - [`entropy`]: where random bytes come from.
//! - [`context`]: every domain-separation string, in one list.
//! - [`digest`]: BLAKE3 under a context, MACs, comparison in constant time.
//! - [`device`]: a laptop's keys in one circle: Ed25519 to sign, X25519 to be sealed to.
//! - [`signed`]: [`Signed`] becomes [`Verified`], and only that is accepted further up.
//! - [`sealing`]: contents under an [`EpochSecret`]: padded, key-committing XChaCha20-Poly1305.
//! - [`hybrid`]: HPKE (RFC 9180) to one device.
//! - [`pair`]: the key that two devices of a circle share without having spoken.
//! - [`small`]: un-padded sealing of the few bytes that a beacon holds.
//! - [`passphrase`]: the store's key, wrapped by a passphrase (Argon2id, RFC 9106).
//!
//! ```
//! use snug_crypto::{DeviceSecret, EpochSecret, SeededEntropy, open, seal};
//!
//! let mut entropy = SeededEntropy::new(7); // a laptop takes its operating system's
//! let laptop = DeviceSecret::generate(&mut entropy);
//! let secret = EpochSecret::generate(&mut entropy);
//! let sealed = seal(&secret, laptop.id().as_bytes(), b"Sunday at six?", &mut entropy);
//! assert_eq!(open(&secret, laptop.id().as_bytes(), &sealed)?, b"Sunday at six?");
//! # Ok::<(), snug_crypto::OpenError>(())
//! ```

pub mod context;
pub mod device;
pub mod digest;
pub mod entropy;
pub mod hybrid;
pub mod pair;
pub mod passphrase;
pub mod sealing;
pub mod signed;
pub mod small;

pub use device::{DevicePublic, DeviceSecret};
pub use digest::{equal, hash, mac};
pub use entropy::{Entropy, SeededEntropy, random};
pub use hybrid::{HpkeError, hpke_open, hpke_seal};
pub use pair::{LowOrder, PairKey, pair_key};
pub use passphrase::{UnwrapError, WrapError, WrappedKey, Wrapping};
pub use sealing::{EpochSecret, OpenError, open, seal};
pub use signed::{BadSignature, Signable, Signature, Signed, Verified, WrongSigner};
pub use small::{aead_open, aead_seal};
pub use zeroize::Zeroizing;
