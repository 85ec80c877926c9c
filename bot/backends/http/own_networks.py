"""The networks that this machine's interfaces are on, which the guard takes for no part of the internet."""

from __future__ import annotations

import ipaddress
import socket
import time
from typing import TYPE_CHECKING, TypeAlias

from bot.deferred import Deferred

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psutil

    Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
    Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
else:
    psutil = Deferred("psutil")

READ_AGAIN_AFTER = 10.0
"""Seconds; interfaces come and go. One reading takes less than a millisecond."""

WIDEST = 8
"""Bits of a prefix; a tunnel may call half of the internet its network, and only its address is meant."""


class OwnNetworks:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._networks: tuple[Network, ...] = ()
        self._read_at = float("-inf")

    def holds(self, address: Address) -> bool:
        """Tell whether an address is this machine's, or a neighbour's in one of its networks."""
        if self._clock() - self._read_at >= READ_AGAIN_AFTER:
            self._networks, self._read_at = tuple(_networks()), self._clock()
        return any(address in network for network in self._networks)


def _networks() -> Iterator[Network]:
    for addresses in psutil.net_if_addrs().values():
        for each in addresses:
            if each.family in (socket.AF_INET, socket.AF_INET6):
                yield _network(each.address.partition("%")[0], each.netmask)


def _network(text: str, mask: str | None) -> Network:
    address = ipaddress.ip_address(text)
    bits = address.max_prefixlen if mask is None else int(ipaddress.ip_address(mask)).bit_count()
    return ipaddress.ip_network((text, bits if bits >= WIDEST else address.max_prefixlen), strict=False)
