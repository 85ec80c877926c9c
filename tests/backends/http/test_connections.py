"""What a guarded session connects to, however the address is spelled."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from aiohttp.abc import AbstractResolver
from hypothesis import HealthCheck, example, given, settings

from bot.backends.base import BackendError, Failure
from bot.backends.http import own_networks
from bot.backends.http.deadlines import ReplyDeadlines
from bot.backends.http.exchange import Endpoint
from bot.backends.http.own_networks import READ_AGAIN_AFTER, OwnNetworks
from bot.backends.http.public_addresses import is_public
from bot.backends.http.sessions import open_guarded_session
from tests.backends.asking import limits
from tests.backends.http.addresses import PUBLIC, private_hosts
from tests.examples import examples

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from aiohttp.abc import ResolveResult


@dataclass
class NotingServer:
    """A server on loopback that notes who connects."""

    port: int = 0
    met: list[object] = field(default_factory=list[object])


@asynccontextmanager
async def listening() -> AsyncGenerator[NotingServer]:
    listener = NotingServer()

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
            async with endpoint.post(b"{}", ReplyDeadlines.start(limits(connect=2, total=3))):
                pass
    return caught.value


@settings(examples(150), suppress_health_check=[HealthCheck.too_slow])
@given(private_hosts)
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


@pytest.mark.parametrize("url", ["http://127.1/", "http://2130706433/"])
async def test_old_spellings_are_not_even_resolved(url: str) -> None:
    names = Names(["127.0.0.1"])
    await reach(url, names)

    assert names.asked == []


def interface(address: str, mask: str | None) -> SimpleNamespace:
    """Return an address of an interface, as psutil does."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return SimpleNamespace(family=family, address=address, netmask=mask, broadcast=None, ptp=None)


@pytest.mark.parametrize(
    "address",
    [
        *("93.184.216.34", "93.184.216.200", "64:ff9b::5db8:d822"),
        *("2606:2800:220:1::7", "2606:2800:220:1:ffff::1", "9.9.9.9"),
    ],
    ids=["itself", "neighbour", "itself by NAT64", "itself in IPv6", "neighbour in IPv6", "tunnel"],
)
async def test_what_is_public_but_this_machine_s_own_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    connected: list[object] = []

    async def note(_loop: object, _socket: socket.socket, place: object) -> None:
        connected.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(type(asyncio.get_running_loop()), "sock_connect", note)
    own = {
        "eth0": [
            interface("93.184.216.34", "255.255.255.0"),
            interface("2606:2800:220:1::7%eth0", "ffff:ffff:ffff:ffff::"),
            SimpleNamespace(family=socket.AF_PACKET, address="02:00:00:00:00:01", netmask=None),
        ],
        "tun0": [interface("9.9.9.9", "0.0.0.0")],
    }
    monkeypatch.setattr(own_networks.psutil, "net_if_addrs", lambda: own)
    host = f"[{address}]" if ":" in address else address
    by_name = await reach("http://own.example:8080/", Names([address]))
    by_address = await reach(f"http://{host}:8080/")

    assert (by_name.failure, by_address.failure) == (Failure.FORBIDDEN, Failure.FORBIDDEN)
    assert connected == []


async def test_the_internet_beside_own_networks_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[object] = []

    async def note(_loop: object, _socket: socket.socket, place: object) -> None:
        connected.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(type(asyncio.get_running_loop()), "sock_connect", note)
    own = {"eth0": [interface("93.184.216.34", "255.255.255.0")], "tun0": [interface("9.9.9.9", "0.0.0.0")]}
    monkeypatch.setattr(own_networks.psutil, "net_if_addrs", lambda: own)
    failure = await reach("http://93.184.217.1:8080/")

    assert failure.failure is Failure.UNREACHABLE
    assert connected == [("93.184.217.1", 8080)]


def test_interfaces_that_come_later_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    own, address = OwnNetworks(lambda: now), ip_address("93.184.216.34")
    interfaces: dict[str, list[SimpleNamespace]] = {}
    monkeypatch.setattr(own_networks.psutil, "net_if_addrs", lambda: interfaces)

    before = own.holds(address)
    interfaces["eth0"] = [interface(str(address), None)]
    soon, now = own.holds(address), now + READ_AGAIN_AFTER
    later = own.holds(address)

    assert (before, soon, later) == (False, False, True)
