"""Addresses that are not public, and the ways in which one can spell them."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from bot.backends.http.public_addresses import CARRIES_V4, NOT_PUBLIC_V4, NOT_PUBLIC_V6

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

PUBLIC = "93.184.215.14"
METADATA = ("169.254.169.254", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254")


def v4(network: ipaddress.IPv4Network) -> SearchStrategy[ipaddress.IPv4Address]:
    return st.integers(int(network[0]), int(network[-1])).map(ipaddress.IPv4Address)


def v6(network: ipaddress.IPv6Network) -> SearchStrategy[ipaddress.IPv6Address]:
    return st.integers(int(network[0]), int(network[-1])).map(ipaddress.IPv6Address)


def carry(network: ipaddress.IPv6Network, address: ipaddress.IPv4Address) -> ipaddress.IPv6Address:
    return ipaddress.IPv6Address(int(network[0]) + int(address))


private_v4 = st.sampled_from(NOT_PUBLIC_V4).flatmap(v4)
carried = st.builds(carry, st.sampled_from(CARRIES_V4), private_v4)
other_v6 = st.integers(0, 2**128 - 1).map(ipaddress.IPv6Address).filter(lambda each: int(each) >> 125 != 1)
private_v6 = st.one_of(
    st.sampled_from(NOT_PUBLIC_V6).flatmap(v6),
    carried,
    other_v6.filter(lambda each: not any(each in network for network in CARRIES_V4)),
)


def octal(number: int) -> str:
    return f"0{number:o}"


def spelled(address: ipaddress.IPv4Address) -> SearchStrategy[str]:
    """Write an IPv4 address in all the ways that some program understands."""
    parts = address.packed
    number = int(address)
    plain = str(address)
    wide = plain.translate({ord(digit): 0xFF10 + int(digit) for digit in "0123456789"})
    return st.sampled_from(
        [
            plain,
            f"{plain}.",
            str(number),
            hex(number),
            hex(number).upper(),
            octal(number),
            ".".join(map(hex, parts)),
            ".".join(map(octal, parts)),
            f"{parts[0]}.{number & 0xFFFFFF}",
            f"{parts[0]}.{parts[1]}.{number & 0xFFFF}",
            wide,
            plain.replace(".", "。"),
            plain.replace(".", "．"),
            f"[::ffff:{plain}]",
            f"[::{plain}]",
            f"[64:ff9b::{plain}]",
            f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::1]",
            f"user:word@{plain}",
            f"public.example@{plain}",
        ]
    )


private_hosts = st.one_of(private_v4.flatmap(spelled), private_v6.map(lambda address: f"[{address}]"))
