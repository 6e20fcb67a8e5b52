//! [`Signed`] becomes [`Verified`], and only that is accepted further up.
//!
//! What is signed is the length and text of the type's domain, then the canonical encoding of the body: a signature on
//! one kind of statement can't be shown as another. Ed25519 (RFC 8032), verified strictly: keys and nonces of low order
//! and second spellings of a signature are refused, so that every laptop gives the same verdict.

use crate::DeviceSecret;
use ed25519_dalek::VerifyingKey;
use snug_types::{Decode, DecodeError, DeviceId, Encode, Reader, Writer};
use std::ops::Deref;

/// The signature doesn't belong to this statement and signer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature isn't the signer's")]
pub struct BadSignature;

/// The statement names another signer than the key that was to sign it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{key:?} can't sign for {signer:?}")]
pub struct WrongSigner {
    /// Who the statement says signs it.
    pub signer: DeviceId,
    /// Whose key it was.
    pub key: DeviceId,
}

/// An Ed25519 signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature(pub [u8; 64]);

impl Encode for Signature {
    fn encode(&self, w: &mut Writer) {
        w.raw(&self.0);
    }
}

impl Decode for Signature {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self(r.array()?))
    }
}

/// A statement that names its signer.
pub trait Signable: Encode + Decode {
    /// The domain-separation string of its signature.
    const DOMAIN: &'static str;

    /// Who must have signed it.
    fn signer(&self) -> DeviceId;
}

fn message<T: Signable>(body: &T) -> Vec<u8> {
    let mut w = Writer::new();
    w.text(T::DOMAIN);
    body.encode(&mut w);
    w.finish()
}

/// A statement and a signature that nobody looked at yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<T> {
    /// The statement.
    pub body: T,
    /// What claims to be its signer's signature.
    pub signature: Signature,
}

impl<T: Signable> Signed<T> {
    /// The proof that the signature is the signer's.
    pub fn verify(self) -> Result<Verified<T>, BadSignature> {
        let key = VerifyingKey::from_bytes(self.body.signer().as_bytes()).map_err(|_| BadSignature)?;
        let signature = ed25519_dalek::Signature::from_bytes(&self.signature.0);
        key.verify_strict(&message(&self.body), &signature).map_err(|_| BadSignature)?;
        Ok(Verified(self))
    }
}

impl<T: Encode> Encode for Signed<T> {
    fn encode(&self, w: &mut Writer) {
        self.body.encode(w);
        self.signature.encode(w);
    }
}

impl<T: Decode> Decode for Signed<T> {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { body: T::decode(r)?, signature: Signature::decode(r)? })
    }
}

/// A statement whose signature is its signer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T>(Signed<T>);

impl<T: Signable> Verified<T> {
    /// Signs a statement that names this very device as its signer.
    pub fn sign(body: T, secret: &DeviceSecret) -> Result<Self, WrongSigner> {
        let (signer, key) = (body.signer(), secret.id());
        if signer != key {
            return Err(WrongSigner { signer, key });
        }
        let signature = Signature(secret.sign(&message(&body)));
        Ok(Self(Signed { body, signature }))
    }
}

impl<T> Verified<T> {
    /// Takes a row of our own sealed store at its word: it was verified before it was written. Nothing else may be.
    pub const fn trusted(signed: Signed<T>) -> Self {
        Self(signed)
    }

    /// The statement with its signature, to be sent or stored.
    pub const fn signed(&self) -> &Signed<T> {
        &self.0
    }

    /// The same, given away.
    pub fn into_signed(self) -> Signed<T> {
        self.0
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;
    use data_encoding::HEXLOWER;
    use snug_types::{Seq, from_bytes, to_bytes};

    macro_rules! statement {
        ($name:ident, $domain:literal) => {
            #[derive(Debug, Clone, PartialEq)]
            struct $name {
                by: DeviceId,
                n: Seq,
            }

            impl Encode for $name {
                fn encode(&self, w: &mut Writer) {
                    self.by.encode(w);
                    self.n.encode(w);
                }
            }

            impl Decode for $name {
                fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                    Ok(Self { by: DeviceId::decode(r)?, n: Seq::decode(r)? })
                }
            }

            impl Signable for $name {
                const DOMAIN: &'static str = $domain;

                fn signer(&self) -> DeviceId {
                    self.by
                }
            }
        };
    }
    statement!(Tea, "snug v1 test: tea");
    statement!(Coffee, "snug v1 test: coffee");

    #[test]
    fn only_the_untouched_statement_of_the_signer_verifies() {
        let mut e = SeededEntropy::new(1);
        let (anna, bela) = (DeviceSecret::generate(&mut e), DeviceSecret::generate(&mut e));
        let tea = Verified::sign(Tea { by: anna.id(), n: Seq(3) }, &anna).unwrap();
        let bytes = to_bytes(tea.signed());
        assert!(from_bytes::<Signed<Tea>>(&bytes).unwrap().verify().is_ok());
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(from_bytes::<Signed<Tea>>(&flipped).unwrap().verify(), Err(BadSignature), "bit {bit}");
        }
        assert_eq!(
            from_bytes::<Signed<Coffee>>(&bytes).unwrap().verify(),
            Err(BadSignature),
            "another domain"
        );
        assert!(Verified::sign(Tea { by: anna.id(), n: Seq(3) }, &bela).is_err());
    }

    /// A key of order 4 verifies the signature (R = key, s = 0) on a quarter of all messages where checks are lax.
    #[test]
    fn keys_that_anybody_can_sign_for_are_refused() {
        let mut weak = [0_u8; 32];
        weak[0] = 1;
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&weak);
        let signed = Signed { body: Tea { by: DeviceId(weak), n: Seq(1) }, signature: Signature(signature) };
        assert_eq!(signed.verify(), Err(BadSignature));
    }

    /// RFC 8032, section 7.1, test 3.
    #[test]
    fn ed25519_known_answer() {
        let hex = |text: &str| HEXLOWER.decode(text.as_bytes()).unwrap();
        let mut secret = [0; 64];
        secret[..32]
            .copy_from_slice(&hex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"));
        let device = DeviceSecret::from_bytes(&secret);
        assert_eq!(
            device.id().to_string(),
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
        );
        assert_eq!(
            HEXLOWER.encode(&device.sign(&hex("af82"))),
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
             18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        );
    }
}
