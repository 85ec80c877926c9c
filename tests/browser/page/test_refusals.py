"""Who the page's server refuses, and what it sends with every answer."""

from __future__ import annotations

import re
from importlib import resources

import aiohttp
import pytest
import yarl

from bot.playground import Upload
from bot.playground.page import PlaygroundPage
from tests.browser.scripted import ScriptedBot
from tests.browser.shown import shown

PATHS = ("/", "/?key=wrong", "/?key=", "/static/main.js", "/live", "/attachments/1", "/nowhere")


def session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


async def status(client: aiohttp.ClientSession, url: str, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.get(url, headers=named, allow_redirects=False) as response:
        return response.status


@pytest.mark.parametrize("path", PATHS)
async def test_without_the_key_everything_is_refused(path: str) -> None:
    async with shown() as demo, session() as client:
        assert await status(client, demo.page.origin + path) == 403


async def test_the_key_becomes_a_cookie_that_no_script_reads_and_leaves_the_address() -> None:
    async with shown() as demo, session() as client:
        address = yarl.URL(demo.page.url).update_query(lang="ja")
        async with client.get(address, allow_redirects=False) as response:
            cookie = response.headers["Set-Cookie"]
            target = response.headers["Location"]
        async with client.get(demo.page.origin + target) as response:
            text = await response.text()

    assert target == "/?lang=ja"
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert '<html lang="ja">' in text


async def test_two_pages_have_two_keys_and_two_cookies() -> None:
    async with shown() as one, shown() as other, session() as client:
        for page in (one.page, other.page):
            await status(client, page.url)

        assert one.page.url.partition("key=")[2] != other.page.url.partition("key=")[2]
        assert [await status(client, each.page.origin) for each in (one, other)] == [200, 200]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "[", ""])
async def test_a_strange_host_is_refused_even_with_the_key(host: str) -> None:
    async with shown() as demo, session() as client:
        await status(client, demo.page.url)

        assert await status(client, demo.page.url, Host=host) in (400, 403)
        assert await status(client, demo.page.origin, Host=host) in (400, 403)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", ""])
async def test_a_strange_origin_is_refused_even_with_the_cookie(origin: str) -> None:
    async with shown() as demo, session() as client:
        await status(client, demo.page.url)

        assert await status(client, demo.page.origin, Origin=origin) == 403
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await client.ws_connect(f"{demo.page.origin}/live", headers={"Origin": origin})


async def test_a_websocket_needs_our_origin_and_the_cookie() -> None:
    async with shown() as demo, session() as client:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await client.ws_connect(f"{demo.page.origin}/live", headers={"Origin": demo.page.origin})
        await status(client, demo.page.url)
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await client.ws_connect(f"{demo.page.origin}/live")
        async with client.ws_connect(f"{demo.page.origin}/live", origin=demo.page.origin) as live:
            assert (await live.receive_json())["type"] == "places"


async def test_what_is_no_ask_is_answered_and_does_not_end_the_connection() -> None:
    async with shown() as demo, session() as client:
        await status(client, demo.page.url)
        async with client.ws_connect(f"{demo.page.origin}/live", origin=demo.page.origin) as live:
            await live.receive_json()
            for text in ("{", '{"ask": "fly"}', '{"ask": "press", "message": "x", "custom_id": "y"}'):
                await live.send_str(text)
                assert (await live.receive_json())["type"] == "failed"
            await live.send_json({"ask": "say", "n": 7, "text": "hello"})
            assert (await live.receive_json())["n"] == 7


@pytest.mark.parametrize("path", ["/", "/static/main.js", "/nowhere", "/?key=wrong"])
async def test_every_answer_forbids_what_is_not_ours(path: str) -> None:
    async with shown() as demo, session() as client:
        await status(client, demo.page.url)
        async with client.get(demo.page.origin + path) as response:
            headers = response.headers

    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-DNS-Prefetch-Control"] == "off"


async def test_a_file_that_could_run_is_only_downloaded() -> None:
    evil = Upload(0, "evil.html", "text/html", b"<script>alert(1)</script>")
    picture = Upload(1, "evil.svg", "image/svg+xml", b"<svg onload='alert(1)'/>")
    async with shown() as demo, session() as client:
        await status(client, demo.page.url)
        message = ScriptedBot(demo.playground.world).send(demo.seeded.channels[0], {}, evil, picture)
        for attachment in message.attachments:
            async with client.get(f"{demo.page.origin}/attachments/{attachment.id}") as response:
                assert response.content_type == "application/octet-stream"
                assert response.headers["Content-Disposition"] == "attachment"


def test_the_page_has_no_inline_script_and_no_inline_style() -> None:
    text = (resources.files("bot.playground.page") / "static" / "index.html").read_text(encoding="utf-8")

    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:", text)
    assert "://" not in text


async def test_a_notice_cannot_leave_its_attribute() -> None:
    async with shown() as demo, session() as client:
        page = PlaygroundPage(demo.playground, notices={"en": '"><script>alert(1)</script>'})
        async with page, client.get(page.url) as response:
            text = await response.text()

    assert "<script>alert" not in text
