"""Where to listen, and the address under which a browser finds that."""

from __future__ import annotations

import socket

WILDCARDS = {"": "0.0.0.0", "0.0.0.0": "0.0.0.0", "::": "::"}  # noqa: S104 - names what others ask for
FAR_AWAY = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
"""Addresses that are kept for documentation: there is a way to them, but nobody there."""


def listen(host: str, port: int) -> socket.socket:
    """Listen; on `::` to IPv4 as well, where the system can. Raises OSError."""
    host = WILDCARDS.get(host, host)
    if ":" not in host:
        return socket.create_server((host, port))
    both = host == "::" and socket.has_dualstack_ipv6()
    return socket.create_server((host, port), family=socket.AF_INET6, dualstack_ipv6=both)


def reachable(host: str) -> str:
    """Name the host to open: where all addresses are listened to, one that other machines can use."""
    match WILDCARDS.get(host):
        case None:
            return host
        case "::":
            return _outward(socket.AF_INET6) or _outward(socket.AF_INET) or "::1"
        case _:
            return _outward(socket.AF_INET) or "127.0.0.1"


def _outward(family: socket.AddressFamily) -> str | None:
    """Ask the system from which address it would speak. No packet is sent: UDP only notes the peer."""
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((FAR_AWAY[family], 9))
            return str(probe.getsockname()[0])
    except OSError:
        return None
