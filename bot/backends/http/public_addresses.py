"""Where a moderator's model may live: on the public internet, and on hosts that the operator opened.

This machine's own addresses and networks are not public, whatever addresses they have.

Addresses are checked twice: when a name is resolved (where one of its addresses is not public, the name is
refused altogether) and again at the socket that is about to connect. What was checked is what is connected
to, so a name that changes its mind (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import TYPE_CHECKING

import yarl
from aiohttp.abc import AbstractResolver

from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Collection

    from aiohttp.abc import ResolveResult

    from bot.backends.http.own_networks import Address, OwnNetworks

    AddressInfo = tuple[
        int | socket.AddressFamily,
        int | socket.SocketKind,
        int,
        str,
        tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes],
    ]

MAX_ADDRESS_CHARS = 300
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
"""A part of a host's name, between two dots."""

# IANA's special-purpose registries as of 2026-11, written out because `is_global` differs between Pythons.
NOT_PUBLIC_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by carriers; Alibaba's metadata server too
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # Azure's own services, reachable from its machines alone
            "169.254.0.0/16",  # link-local; metadata servers of most clouds
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments; Oracle's metadata server
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays, deprecated
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
        ),
    )
)
PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
NOT_PUBLIC_V6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # protocol assignments, Teredo and ORCHID among them
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4, which carries any IPv4 address
            "3fff::/20",  # documentation
        ),
    )
)
# An IPv4 address stands in the last 32 bits of these, and decides: a NAT64 host sees all of IPv4 that way.
CARRIES_V4 = (ipaddress.IPv6Network("::ffff:0:0/96"), ipaddress.IPv6Network("64:ff9b::/96"))
LAST_32_BITS = 0xFFFFFFFF


class NotPublicError(OSError):
    """An address that is not on the public internet; it is not named, so that nobody can probe a network."""

    def __init__(self) -> None:
        super().__init__("not on the public internet")


class GuardedResolver(AbstractResolver):
    """Refuses a name when any of its addresses is not public."""

    def __init__(self, resolver: AbstractResolver, own: OwnNetworks) -> None:
        self._resolver = resolver
        self._own = own

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if not all(is_public(each["host"], self._own) for each in found):
            raise NotPublicError
        return found

    async def close(self) -> None:
        await self._resolver.close()


def guarded_socket(info: AddressInfo, own: OwnNetworks) -> socket.socket:
    """Make the socket for one connection; the last look at the address that it will connect to."""
    family, kind, protocol, _, place = info
    if family not in (socket.AF_INET, socket.AF_INET6) or not is_public(str(place[0]), own):
        raise NotPublicError
    return socket.socket(family, kind, protocol)


def is_public(text: str, own: OwnNetworks | None = None) -> bool:
    """Tell whether an IP address belongs to the public internet; what is no address, or our own, does not."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return _is_public(address, own)


def _is_public(address: Address, own: OwnNetworks | None) -> bool:
    if own and own.holds(address):
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in NOT_PUBLIC_V4)
    if address.scope_id is not None:
        return False
    if any(address in network for network in CARRIES_V4):
        return _is_public(ipaddress.IPv4Address(int(address) & LAST_32_BITS), own)
    return address in PUBLIC_V6 and not any(address in network for network in NOT_PUBLIC_V6)


def checked_address(text: str, opened: Collection[str] = ()) -> str:
    """Return a moderator's base URL in its normal form; an `ArenaError` says what is wrong with it.

    `opened` are the hosts, with or without a port, that the operator allows although they are not public.
    """
    text = text.strip().rstrip("/")
    if len(text) > MAX_ADDRESS_CHARS:
        raise ArenaError(N_("The address is longer than {most} characters."), most=MAX_ADDRESS_CHARS)
    if not text.isprintable() or any(character.isspace() or character == "\\" for character in text):
        raise ArenaError(N_("The address holds a space, a backslash or a control character."))
    try:
        url = yarl.URL(text)
        port = url.port
    except ValueError as exc:
        raise ArenaError(
            N_("That is not a web address. It should look like https://api.example.org/v1.")
        ) from exc
    if url.scheme not in ("http", "https") or not url.raw_host or port is None or "%" in url.raw_host:
        raise ArenaError(N_("That is not a web address. It should look like https://api.example.org/v1."))
    if url.raw_user or url.raw_password or url.raw_query_string or url.raw_fragment or "@" in text:
        raise ArenaError(N_("The address must have no user name, password, query or fragment."))
    host = url.raw_host.removesuffix(".").lower()
    if ":" not in host and not all(map(LABEL.fullmatch, host.split("."))):
        raise ArenaError(N_("That is not a web address. It should look like https://api.example.org/v1."))
    url = url.with_host(host)
    if not is_opened(str(url), opened):
        _refuse_private(url)
    return str(url)


def is_opened(address: str, opened: Collection[str]) -> bool:
    """Tell whether the operator opened the host of this URL, or its host and port."""
    url = yarl.URL(address)
    host = f"[{url.raw_host}]" if url.raw_host and ":" in url.raw_host else str(url.raw_host)
    return not {host, f"{host}:{url.port}"}.isdisjoint(opened)


def opening_of(address: str) -> str:
    """Return the line of the config that opens the host of this URL."""
    return f'allowed_private_hosts = ["{_place_of(yarl.URL(address))}"]'


def _place_of(url: yarl.URL) -> str:
    host = str(url.raw_host)
    return f"[{host}]:{url.port}" if ":" in host else f"{host}:{url.port}"


def _refuse_private(url: yarl.URL) -> None:
    host = str(url.raw_host)
    last = host.rpartition(".")[2]
    is_written_as_address = ":" in host or last.isdigit() or last.startswith("0x")
    if (is_written_as_address and not is_public(host)) or host == "localhost":
        raise ArenaError(
            N_(
                "{host} is not on the public internet. The operator of this bot can open it with this line"
                ' under [security] in config.toml: allowed_private_hosts = ["{place}"]'
            ),
            host=host,
            place=_place_of(url),
        )
