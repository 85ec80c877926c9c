"""Where the page listens, and what its address is then."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import aiohttp
import pytest
import yarl

from bot.playground import Playground
from bot.playground.page import PlaygroundPage, seed_world

if TYPE_CHECKING:
    from collections.abc import Iterator

HAS_IPV6 = socket.has_dualstack_ipv6()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


async def opened(url: str) -> int:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as client, client.get(url) as response:
        return response.status


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "::", "::1", ""])
async def test_the_address_that_is_shown_opens_the_page(host: str) -> None:
    if ":" in host and not HAS_IPV6:
        pytest.skip("no IPv6 here")
    async with Playground() as playground:
        seed_world(playground.world)
        async with PlaygroundPage(playground, host=host) as page:
            shown = yarl.URL(page.url).host

            assert shown not in ("0.0.0.0", "::", "", None)
            assert host in (shown, "0.0.0.0", "::", "")
            assert await opened(page.url) == 200


@pytest.mark.skipif(not HAS_IPV6, reason="no IPv6 here")
async def test_whoever_listens_to_all_of_ipv6_is_found_by_ipv4_too() -> None:
    async with Playground() as playground, PlaygroundPage(playground, host="::") as page:
        for own in ("127.0.0.1", "::1"):
            assert await opened(str(yarl.URL(page.url).with_host(own))) == 200


async def test_whoever_listens_everywhere_is_found_on_the_network_too() -> None:
    async with Playground() as playground, PlaygroundPage(playground, host="0.0.0.0") as page:
        port = yarl.URL(page.url).port
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("198.51.100.1", 9))
            own = probe.getsockname()[0]

        assert page.origin == f"http://{own}:{port}"
        assert await opened(page.url.replace(own, "127.0.0.1")) == 200


async def test_a_port_that_is_taken_is_an_os_error_and_leaves_nothing_behind(taken_port: int) -> None:
    async with Playground() as playground:
        subscribers = list(playground.world.subscribers)
        page = PlaygroundPage(playground, port=taken_port)

        with pytest.raises(OSError, match="in use"):
            await page.__aenter__()

        assert playground.world.subscribers == subscribers


@pytest.mark.parametrize("host", ["no such host", "203.0.113.7"])
async def test_a_host_that_is_not_ours_is_an_os_error(host: str) -> None:
    async with Playground() as playground:
        page = PlaygroundPage(playground, host=host)

        with pytest.raises(OSError, match=r"."):
            await page.__aenter__()


async def test_the_world_forgets_a_page_that_was_left() -> None:
    async with Playground() as playground:
        subscribers = list(playground.world.subscribers)
        async with PlaygroundPage(playground):
            assert len(playground.world.subscribers) > len(subscribers)

        assert playground.world.subscribers == subscribers
