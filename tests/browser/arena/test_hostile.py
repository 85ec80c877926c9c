"""Members, models and bots who would like to run a script on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.demo import PHONE, Chromium, demo, expect, visit
from tests.browser.scripted import ScriptedBot
from tests.browser.shown import shown

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground.wire import JsonObject
    from tests.browser.demo import Visitor

RUN = "document.title='pwned'"
EVIL = (
    f'<script>{RUN}</script><img src=x onerror="{RUN}"> [click](javascript:{RUN}) <javascript:{RUN}> '
    f'![i](data:text/html,x) "onmouseover={RUN}" <svg/onload={RUN}> </div></li>\n'
    f"```html\n<script>{RUN}</script>\n```\n||<iframe srcdoc='<script>{RUN}</script>'>||"
)


STRANGERS = "#app :is(script, iframe, img, object, embed, style, link, form, math), #app svg:not(.icon)"
ACTIVE_ATTRIBUTES = """() => [...document.querySelectorAll("*")].flatMap((each) => [...each.attributes])
    .filter((it) => it.name.startsWith("on") || /^\\s*(javascript|data|vbscript):/i.test(it.value))
    .map((it) => `${it.name}=${it.value}`)"""


BEACONS = [
    "![pixel](https://HOST/p.png)",
    "[link](https://HOST/a) <https://HOST/b> https://HOST/c",
    '<img src="https://HOST/p.png"><link rel="dns-prefetch" href="//HOST"><iframe src="https://HOST">',
    "```html\n<img src=https://HOST/p.png>\n```",
    '```mermaid\ngraph TD; A[<img src=https://HOST/p.png>] --> B\nclick A href "https://HOST"\n```',
    "```css\n@import url(https://HOST/x.css); a { background: url(//HOST/y) }\n```",
    "![i][r]\n\n[r]: https://HOST/p.png",
    "<svg><image href='https://HOST/p.png'/></svg> <video poster=https://HOST/v> $\\href{https://HOST}{x}$",
    "https://user:secret@HOST:8443/%2e%2e/?q=1#f [a](<https://HOST/ b>)",
]
TROUBLESOME = [
    "x" * 4000,
    "漢" * 4000,
    "Z" + "\u0310\u0322\u0489\u035b" * 900,
    "\u202e" * 50 + "evil " * 100 + "\u202e\u2066",
    "- " * 1000 + "deep",
    "> " * 1500 + "deep",
    ">>> " + "- a\n  " * 400,
    "**_~~__||" * 400,
    "[" * 2000 + "](https://a.example)",
    "\n".join(f"{number}." for number in range(500)),
    "```\n" + "\n" * 3500 + "```",
    "سلام " * 600,
]  # fmt: skip
NOT_ON_THE_LEFT = """(all) => all
    .filter((it) => it.getBoundingClientRect().left > innerWidth / 2)
    .map((it) => it.outerHTML)"""
SPILLING = (
    """(all) => all.filter((it) => getComputedStyle(it).overflowY !== "clip").map((it) => it.outerHTML)"""
)


async def is_unharmed(visitor: Visitor) -> None:
    """Find nothing that the page did not make, and nothing that the policy had to stop."""
    assert await visitor.tab.title() == "Arena playground"
    assert await visitor.tab.locator(STRANGERS).count() == 0
    assert await visitor.tab.evaluate(ACTIVE_ATTRIBUTES) == []
    assert await visitor.tab.evaluate("() => window.stopped") == []


async def test_hostile_replies_and_prompts_stay_text(tmp_path: Path) -> None:
    names = ("<img src=x onerror=alert(1)>", "</h3><script>alert(1)</script>")
    async with demo(tmp_path, (EVIL, EVIL), names=names) as started, visit(started.page) as visitor:
        await visitor.battle(EVIL.replace("\n", " "))
        await visitor.card.get_by_role("button", name="Compare").click()
        await expect(visitor.tab.locator(".ephemeral")).to_contain_text("<script>")
        await is_unharmed(visitor)
        await visitor.act_as("Mika")
        await visitor.card.get_by_role("button", name="Close (asker)").click()
        await expect(visitor.card).to_contain_text("No votes", timeout=60_000)
        await expect(visitor.card).to_contain_text("<img src=x onerror=alert(1)>")

        await is_unharmed(visitor)


async def test_hostile_names_and_commands_stay_text() -> None:
    async with shown() as started:
        world, guild = started.playground.world, started.seeded.guild
        bot = ScriptedBot(world)
        world.create_guild("<script>alert(1)</script>")
        world.create_channel(guild, '"><img src=x onerror=alert(1)>')
        mallory = world.create_member(guild, '<b onclick="alert(1)">M')
        bot.register({"name": "evil", "description": "<img src=x onerror=alert(1)>", "options": []})
        world.people.say(mallory, started.seeded.channels[0], f"{EVIL} <@{mallory.id}>")
        async with visit(started.page) as visitor:
            await expect(visitor.messages.first).to_contain_text('@<b onclick="alert(1)">M')
            await visitor.entry.fill("/")
            await expect(visitor.tab.locator("#commands")).to_contain_text("<img src=x")

            await is_unharmed(visitor)


async def test_hostile_embeds_and_components_stay_text_and_load_nothing() -> None:
    link = "https://a.example/x.png"
    embed: JsonObject = {
        "title": EVIL[:200],
        "description": EVIL,
        "url": f"javascript:{RUN}",
        "author": {"name": "<b>a", "url": f"javascript:{RUN}"},
        "footer": {"text": "<script>alert(1)</script>"},
        "image": {"url": link},
        "thumbnail": {"url": f"javascript:{RUN}"},
        "fields": [{"name": "<b>n</b>", "value": EVIL}],
    }
    button: JsonObject = {"type": 2, "style": 1, "label": "<b>press</b>", "custom_id": '"><script>'}
    async with shown() as started:
        bot, channel = ScriptedBot(started.playground.world), started.seeded.channels[0]
        bot.send(channel, {"embeds": [embed], "components": [{"type": 1, "components": [button]}]})
        gallery: JsonObject = {"type": 12, "items": [{"media": {"url": link}, "description": "<b>"}]}
        bot.send(channel, {"flags": 1 << 15, "components": [gallery, {"type": 10, "content": EVIL}]})
        async with visit(started.page) as visitor:
            requested: list[str] = []
            visitor.tab.on("request", lambda request: requested.append(request.url))
            await visitor.tab.reload()
            await expect(visitor.messages).to_have_count(2)
            await is_unharmed(visitor)

            assert all(url.startswith((started.page.origin, "ws://127.0.0.1")) for url in requested)


async def test_no_reply_makes_the_browser_call_or_even_look_up_another_machine(tmp_path: Path) -> None:
    log = tmp_path / "net.json"
    recording = Chromium(f"--log-net-log={log}")
    async with shown() as started:
        bot = ScriptedBot(started.playground.world)
        for number, text in enumerate(BEACONS):
            bot.send(
                started.seeded.channels[0], {"content": text.replace("HOST", f"h{number}.beacon.example")}
            )
        async with visit(started.page, using=recording) as visitor:
            await expect(visitor.messages).to_have_count(len(BEACONS))
            await visitor.tab.reload()
            await expect(visitor.messages).to_have_count(len(BEACONS))
            await is_unharmed(visitor)
        await recording.close()

    written = log.read_text()
    assert "127.0.0.1" in written
    assert "beacon.example" not in written


async def test_strange_replies_do_not_spill_over_what_stands_beside_them() -> None:
    async with shown() as started, visit(started.page, size=PHONE) as visitor:
        channel, people = started.seeded.channels[0], started.playground.people
        bot = ScriptedBot(started.playground.world)
        for text in TROUBLESOME:
            bot.send(channel, {"flags": 1 << 15, "components": [{"type": 10, "content": text[:4000]}]})
            people.say(started.seeded.members[2], channel, "Next")
        await expect(visitor.messages).to_have_count(2 * len(TROUBLESOME))
        assert await visitor.too_wide() == []
        assert await visitor.messages.locator(".author").evaluate_all(NOT_ON_THE_LEFT) == []

        assert await visitor.messages.locator(".markdown").evaluate_all(SPILLING) == []


async def test_a_name_written_backwards_turns_nothing_else_round() -> None:
    async with shown() as started:
        world, channel = started.playground.world, started.seeded.channels[0]
        mallory = world.create_member(started.seeded.guild, "\u202eyrollaM")
        world.people.say(mallory, channel, f"I am <@{mallory.id}>, and this goes on.")
        async with visit(started.page) as visitor:
            name, at = visitor.messages.locator(".author"), visitor.messages.locator(".at")
            await expect(at).to_be_visible()
            left, right = await name.bounding_box(), await at.bounding_box()

            assert left
            assert right
            assert left["x"] < right["x"]
            assert (
                await visitor.messages.locator(".chip").evaluate("(it) => getComputedStyle(it).unicodeBidi")
                == "isolate"
            )


async def test_the_policy_would_stop_what_the_renderer_let_through() -> None:
    async with shown() as started, visit(started.page, errors=True) as visitor:
        stopped = await visitor.tab.evaluate(
            "() => { try { document.body.innerHTML = '<b>x</b>'; return false; }"
            " catch (error) { return error instanceof TypeError; } }"
        )

        noted = await visitor.tab.evaluate("() => window.stopped")

    assert stopped
    assert "require-trusted-types-for" in noted
