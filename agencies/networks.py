"""Addresses and networks as texts: one spelling each, IPv4 and IPv6 (A-2.2)."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from treasury.core.errors import Problem

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


def network_of(text: str) -> Network:
    """The network that a text names, one address as a network of its own; Problem `bad_address`.

    A text with bits beyond its prefix (`203.0.113.7/24`) is refused: it may mean the address or the network.
    """
    try:
        return ip_network(text.strip())
    except ValueError as error:
        detail = f"{text!r} is no IPv4 or IPv6 address or network: {error}"
        raise Problem("bad_address", detail, path="/network") from error


def address_of_text(text: str) -> Address | None:
    """The address that a text names, None when it names none; `::ffff:203.0.113.7` is the IPv4 address in it."""
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    return (found.ipv4_mapped if isinstance(found, IPv6Address) else None) or found


@lru_cache(maxsize=4096)
def stored_network(network: str) -> Network:
    """A network as it is stored."""
    return ip_network(network)
