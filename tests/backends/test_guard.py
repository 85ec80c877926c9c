"""Where a moderator's model may live, however its address is spelled."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from aiohttp.abc import AbstractResolver
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.backends.base import BackendError, Failure
from bot.backends.exchange import Clock, Endpoint
from bot.backends.guard import (
    CARRIES_V4,
    NOT_PUBLIC_V4,
    NOT_PUBLIC_V6,
    checked_address,
    is_opened,
    is_public,
)
from bot.backends.network import open_guarded_session
from bot.errors import ArenaError
from tests.backends.asking import limits

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from aiohttp.abc import ResolveResult
    from hypothesis.strategies import SearchStrategy

PUBLIC = "93.184.215.14"
METADATA = ("169.254.169.254", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254")


@dataclass
class Listener:
    """A server on loopback that notes who connects."""

    port: int = 0
    met: list[object] = field(default_factory=list[object])


@asynccontextmanager
async def listening() -> AsyncGenerator[Listener]:
    listener = Listener()

    async def meet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        listener.met.append(writer.get_extra_info("peername"))
        writer.close()

    server = await asyncio.start_server(meet, ["127.0.0.1", "::1"] if socket.has_ipv6 else "127.0.0.1", 0)
    listener.port = server.sockets[0].getsockname()[1]
    async with server:
        yield listener


class Names(AbstractResolver):
    """Answers with one list of addresses after the other, the last one again and again."""

    def __init__(self, *answers: list[str]) -> None:
        self.asked: list[str] = []
        self._answers = list(answers)

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 - part of the interface
    ) -> list[ResolveResult]:
        self.asked.append(host)
        found = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            {
                "hostname": host,
                "host": each,
                "port": port,
                "family": socket.AF_INET6 if ":" in each else socket.AF_INET,
                "proto": socket.IPPROTO_TCP,
                "flags": 0,
            }
            for each in found
        ]

    async def close(self) -> None:
        pass


async def reach(url: str, names: AbstractResolver | None = None) -> BackendError:
    """Ask as a moderator's model would be asked; it must fail."""
    async with open_guarded_session(names) as session:
        endpoint = Endpoint(session, url, {}, ())
        with pytest.raises(BackendError) as caught:
            async with endpoint.post(b"{}", Clock.start(limits(connect=2, total=3))):
                pass
    return caught.value


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


@pytest.mark.parametrize(
    "address", ["8.8.8.8", PUBLIC, "2606:4700::1111", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"]
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *METADATA,
        *("127.0.0.1", "0.0.0.0", "10.1.2.3", "172.31.0.1", "192.168.1.1", "100.64.0.1", "255.255.255.255"),
        *(
            "::1",
            "::",
            "fe80::1",
            "fe80::1%eth0",
            "fc00::1",
            "ff02::1",
            "fec0::1",
            "2001::1",
            "2002:7f00:1::",
        ),
        *("::ffff:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b:1::8.8.8.8", "::127.0.0.1"),
        *("5f00::1", "100::1"),
        *("localhost", "", "1", "8.8.8.8.8"),
    ],
)
def test_all_others_are_not(address: str) -> None:
    assert not is_public(address)


@given(st.one_of(private_v4, private_v6))
def test_nothing_in_a_special_range_is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert not is_public(str(address))


@given(st.one_of(v4(ipaddress.IPv4Network("0.0.0.0/0")), v6(ipaddress.IPv6Network("::/0"))))
def test_what_is_public_is_global_in_python_s_own_view_too(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    carries = isinstance(address, ipaddress.IPv6Address) and any(address in each for each in CARRIES_V4)

    assert not is_public(str(address)) or carries or address.is_global


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(private_v4.flatmap(spelled))
@example("localhost")
@example("LOCALHOST.")
@example("[::1]")
@example("[fe80::1%25lo]")
@example("[::ffff:7f00:1]")
@example("127.1")
@example("0")
def test_no_spelling_of_a_private_address_is_connected_to(host: str) -> None:
    connected: list[str] = []

    async def note(_loop: object, _socket: socket.socket, address: tuple[str, int]) -> None:
        connected.append(address[0])
        raise ConnectionRefusedError

    async def try_it() -> None:
        async with listening() as listener:
            place = host.replace("]", f"]:{listener.port}") if "]" in host else f"{host}:{listener.port}"
            failure = await reach(f"http://{place}/v1")

            assert failure.failure in (Failure.FORBIDDEN, Failure.UNREACHABLE)
            assert listener.met == []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio.SelectorEventLoop, "sock_connect", note)
        asyncio.run(try_it())
    assert all(map(is_public, connected))


@settings(deadline=None)
@given(private_v4.flatmap(spelled))
def test_no_spelling_of_a_private_address_can_be_entered_and_then_connected_to(host: str) -> None:
    try:
        checked = checked_address(f"https://{host}/v1")
    except ArenaError:
        return
    raise AssertionError(checked)


async def test_a_name_with_one_private_address_is_refused_altogether() -> None:
    async with listening() as listener:
        names = Names([PUBLIC, "127.0.0.1"])
        failure = await reach(f"http://mixed.example:{listener.port}/", names)

        assert failure.failure is Failure.FORBIDDEN
        assert listener.met == []
        assert "127.0.0.1" not in failure.detail
        assert "mixed.example" in failure.detail


async def test_a_name_that_turns_private_the_second_time_is_refused_then() -> None:
    async with listening() as listener:
        names = Names(["192.0.2.1"], ["127.0.0.1"])
        for _ in range(2):
            failure = await reach(f"http://turning.example:{listener.port}/", names)

            assert failure.failure is Failure.FORBIDDEN
        assert listener.met == []
        assert len(names.asked) == 2


async def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system would now answer otherwise, and is not asked again."""
    connected: list[object] = []

    async def note(_loop: object, _socket: socket.socket, address: object) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(type(loop), "sock_connect", note)
    names = Names([PUBLIC], ["127.0.0.1"])
    failure = await reach("http://rebinding.example:8080/", names)

    assert failure.failure is Failure.UNREACHABLE
    assert connected == [(PUBLIC, 8080)]
    assert names.asked == ["rebinding.example"]


async def test_an_open_port_and_a_closed_one_look_the_same() -> None:
    async with listening() as listener:
        opened = await reach(f"http://127.0.0.1:{listener.port}/")
    closed = await reach(f"http://127.0.0.1:{listener.port}/")

    assert (opened.failure, opened.detail) == (closed.failure, closed.detail)


async def test_a_name_that_nobody_has_is_unreachable() -> None:
    assert (await reach("http://no-such-host.invalid/")).failure is Failure.UNREACHABLE


@pytest.mark.parametrize(
    ("entered", "normal"),
    [
        ("https://API.example.org/v1/", "https://api.example.org/v1"),
        (" https://api.example.org:443/v1 ", "https://api.example.org/v1"),
        ("https://bücher.example/v1", "https://xn--bcher-kva.example/v1"),
        ("https://api.example.org./v1", "https://api.example.org/v1"),
        ("http://8.8.8.8:8080", "http://8.8.8.8:8080"),
        ("https://[2606:4700::1111]/v1", "https://[2606:4700::1111]/v1"),
    ],
)
def test_an_address_is_kept_in_its_normal_form(entered: str, normal: str) -> None:
    assert checked_address(entered).rstrip("/") == normal


@pytest.mark.parametrize(
    "entered",
    [
        *("", "api.example.org", "ftp://api.example.org", "file:///etc/passwd", "https://", "https:///v1"),
        *("https://me:pw@api.example.org", "https://@api.example.org", "https://api.example.org?a=b"),
        *("https://api.example.org#x", "https://api.example.org:99999", "https://a b.example"),
        *(
            "https://api.example.org\\@127.0.0.1",
            "https://api.example.org\n.example",
            "https://a%2eb.example",
        ),
        *("https://[::1", "https://localhost", "https://127.0.0.1/v1", "unix:///run/docker.sock"),
        f"https://{'a' * 300}.example",
    ],
)
def test_what_is_no_usable_address_is_refused_in_words(entered: str) -> None:
    with pytest.raises(ArenaError):
        checked_address(entered)


def test_the_operator_can_open_a_host_or_one_port_of_it() -> None:
    opened = {"127.0.0.1:11434", "gpu.lan", "[::1]"}

    assert is_opened("http://127.0.0.1:11434/v1", opened)
    assert not is_opened("http://127.0.0.1:22/v1", opened)
    assert is_opened("http://gpu.lan:8000/v1", opened)
    assert not is_opened("http://other.gpu.lan/v1", opened)
    assert is_opened("http://[::1]:8000/v1", opened)
    assert checked_address("http://127.0.0.1:11434/v1", opened) == "http://127.0.0.1:11434/v1"


@pytest.mark.parametrize("url", ["http://127.1/", "http://2130706433/"])
async def test_old_spellings_are_not_even_resolved(url: str) -> None:
    names = Names(["127.0.0.1"])
    await reach(url, names)

    assert names.asked == []
