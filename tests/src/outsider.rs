//! Somebody on the same network who is in no circle: hears beacons, and says them again.

use anyhow::Context;
use socket2::{Domain, InterfaceIndexOrAddress, Protocol, Socket, Type};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

/// Where beacons go.
const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 77, 163);
const PORT: u16 = 41_829;
/// The index of loopback.
const LOOPBACK: u32 = 1;
/// How long no beacon may come.
const PATIENCE: Duration = Duration::from_mins(1);

/// An ear and a mouth on loopback. It knows no key.
#[derive(Debug)]
pub struct Outsider {
    ear: UdpSocket,
    mouth: UdpSocket,
}

impl Outsider {
    /// Begins to hear.
    pub fn new() -> anyhow::Result<Self> {
        let ear = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
        ear.set_reuse_address(true)?;
        ear.set_reuse_port(true)?;
        ear.bind(&SocketAddr::from((GROUP, PORT)).into())?;
        ear.join_multicast_v4_n(&GROUP, &InterfaceIndexOrAddress::Index(LOOPBACK))?;
        ear.set_read_timeout(Some(PATIENCE))?;
        let mouth = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
        mouth.set_multicast_if_v4(&Ipv4Addr::LOCALHOST)?;
        mouth.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
        Ok(Self { ear: ear.into(), mouth: mouth.into() })
    }

    /// The next beacons on this machine.
    pub fn hear(&self, number: usize) -> anyhow::Result<Vec<Vec<u8>>> {
        let mut buffer = [0; 2048];
        (0..number)
            .map(|_| {
                let bytes = self.ear.recv(&mut buffer).context("no beacon")?;
                Ok(buffer[..bytes].to_vec())
            })
            .collect()
    }

    /// Says them again, from the address that they came from.
    pub fn repeat(&self, beacons: &[Vec<u8>]) -> anyhow::Result<()> {
        for beacon in beacons {
            self.mouth.send_to(beacon, (GROUP, PORT))?;
        }
        Ok(())
    }
}
