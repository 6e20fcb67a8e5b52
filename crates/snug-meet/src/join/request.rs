//! What a device asked with: all that admitting it takes.

use snug_circle::op::Admission;
use snug_types::bound::NAME_CHARS;
use snug_types::{Decode, DecodeError, DeviceId, Encode, Name, Reader, Writer};

/// A device that has signed its challenge and asks to be admitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// How the person calls themselves. Nobody vouches for it.
    pub name: Name,
    /// What the membership operation will say, with the device's signature in it.
    pub admission: Admission,
}

impl Request {
    /// The device that asks.
    pub const fn device(&self) -> DeviceId {
        self.admission.device.id()
    }
}

impl Encode for Request {
    fn encode(&self, w: &mut Writer) {
        w.text(self.name.as_str());
        self.admission.encode(w);
    }
}

impl Decode for Request {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { name: name(r)?, admission: Admission::decode(r)? })
    }
}

/// A name as it must be written: clean, within its bound, no white space around it.
pub(super) fn name(r: &mut Reader<'_>) -> Result<Name, DecodeError> {
    let text = r.text("bytes of a name", NAME_CHARS * 4)?;
    match Name::new(text) {
        Ok(name) if name.as_str() == text => Ok(name),
        _ => Err(DecodeError::NotCanonical("a name that can't be shown as it is")),
    }
}
