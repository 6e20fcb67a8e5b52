//! How a laptop stands on the network, in words.

use super::table::table;
use snug_api::view::Network;

pub(crate) fn network(network: &Network) -> String {
    let stands = match (network.wanted, network.online) {
        (true, true) => "On the network.",
        (true, false) => "Switched on, and not on the network now.",
        (false, true) => "Switched off, and on the network until `snug up` or `snug join` ends.",
        (false, false) => "Switched off.",
    };
    let interfaces = table(network.interfaces.iter().map(|interface| {
        vec![interface.name.clone(), if interface.used { "used" } else { "left alone" }.to_owned()]
    }));
    format!("{stands}\n\n{interfaces}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use snug_api::view::NetworkInterface;

    #[test]
    fn how_it_stands_and_by_which_interfaces() {
        let interface = |name: &str, used| NetworkInterface { name: name.into(), used };
        let interfaces = vec![interface("eth0", false), interface("lo", true)];
        let on = Network { wanted: true, online: true, interfaces, given: false };
        insta::assert_snapshot!(network(&on), @r"
        On the network.

        eth0  left alone
        lo    used
        ");
        let off = Network { wanted: false, online: false, interfaces: vec![], given: false };
        assert_eq!(network(&off), "Switched off.");
    }
}
