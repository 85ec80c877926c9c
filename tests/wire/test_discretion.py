"""The log of a bot for which everything fails: no prompt, no reply and no token is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

PROMPT, REPLY = "What did Fukuzawa Yukichi write?", "Shakespeare nothing but Shakespeare"
WEBHOOK = "/webhooks/{application_id}/{interaction_token}/messages/{message_id}"


def on(event: str, table: str) -> str:
    """Return what makes a kind of statement fail."""
    return f"create trigger trouble before {event} on {table} begin select raise(abort, 'full of ants'); end"


async def test_no_failure_writes_into_the_log_what_members_or_models_said(tmp_path: Path) -> None:
    async with scene(tmp_path, reply=REPLY) as arena, connected_bot(arena):
        installation, people = arena.installation, arena.playground.people
        for conduct in arena.servers:
            conduct.quotes = True
        card = await arena.battle(PROMPT)
        await arena.until(card, "was called off")
        for conduct in arena.servers:
            conduct.quotes = False
        installation.change(on("insert", "battles"))
        asked = people.slash(arena.members[0], arena.channel, "battle", prompt=PROMPT)
        await asked.finished()
        installation.change("drop trigger trouble")
        installation.change(on("update of reply", "contestants"))
        card = await arena.battle(PROMPT)
        await arena.until(card, "was called off")
        installation.change("drop trigger trouble")
        arena.playground.faults.add("PATCH", WEBHOOK, status=400, code=50035, times=1)
        card = await arena.battle(PROMPT)
        await arena.until(card, "Your last reaction counts")
        log = installation.log()

    assert "No answer to" in log
    assert log.count("full of ants") >= 2
    assert log.count("Traceback") >= 2
    for secret in ("Fukuzawa", "Yukichi", "Shakespeare", asked.token, "aW50ZXJhY3Rpb246"):
        assert secret not in log
