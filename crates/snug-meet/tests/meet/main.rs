//! How two laptops meet, driven through the public API alone.

#[cfg(test)]
mod beacon;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod handshake;
#[cfg(test)]
mod invitation;
#[cfg(test)]
mod joining;
#[cfg(test)]
mod link;
#[cfg(test)]
mod people;
#[cfg(test)]
mod random_looking;
