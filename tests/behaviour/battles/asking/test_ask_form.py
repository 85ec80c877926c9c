"""`/battle` without a prompt: a form with three ideas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.config import BattleDefaults, Config
from cogs.battles.asking.ask_form import NOTHING_ASKED
from cogs.battles.asking.ideas import IDEAS
from tests.behaviour.place import place, speak, text_of
from tests.behaviour.ratings.boards import admin, refusal
from tests.competitors import competitor, heard

if TYPE_CHECKING:
    from pathlib import Path

    import simcord

    from tests.behaviour.place import SimulatedServer

PAIR = ("Zephyrine", "Quillon")
MOST_CHARACTERS = 2000
"""Those that a message takes."""


async def opened(here: SimulatedServer, **options: str) -> simcord.InteractionResult:
    form = await here.alice.slash(here.channel, "battle", **options)
    assert not here.channel.history()
    return form


def ideas_of(form: simcord.InteractionResult) -> list[tuple[str, str]]:
    """Return the value and the label of each idea that is offered."""
    assert form.modal
    fields = [label["component"] for label in form.modal["components"]]
    (select,) = [field for field in fields if field["custom_id"] == "idea"]
    return [(option["value"], option["label"]) for option in select["options"]]


async def test_a_prompt_that_is_written_there_is_asked(tmp_path: Path) -> None:
    competitors = [competitor(name) for name in PAIR]
    async with place(tmp_path, competitors) as here:
        await here.alice.submit_modal(await opened(here), {"prompt": "  Why?  "})
        await here.env.settle()

        assert "### Prompt\nWhy?" in text_of(here.card)
        assert [heard(each) for each in competitors] == [[[("user", "Why?")]]] * 2


async def test_an_idea_can_be_taken_instead(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        form = await opened(here)
        value, label = ideas_of(form)[1]
        await here.alice.submit_modal(form, {"idea": [value]})
        await here.env.settle()

        assert label in {idea for _category, idea in IDEAS}
        assert here.row("select prompt from battles") == (label,)


async def test_ideas_are_of_the_categories_that_the_moderators_made(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        boss = admin(here)
        for name in ("Poems", "Old tales"):
            await boss.slash(here.channel, "categories add", name=name)
        await boss.slash(here.channel, "categories close", name="Old tales")
        form = await opened(here)
        (value, label), *others = ideas_of(form)
        await here.alice.submit_modal(form, {"idea": [value]})
        await here.env.settle()

        assert label == "Give a surprising example of this, and explain it: Poems"
        assert {label for _value, label in others} < {idea for _category, idea in IDEAS}
        assert here.row("select prompt from battles") == (label,)
        assert ("own:1",) in here.rows("select category from battle_categories")


async def test_the_categories_are_known_after_a_restart_too(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await admin(here).slash(here.channel, "categories add", name="Poems")
    async with place(tmp_path, map(competitor, PAIR)) as here:
        assert "Poems" in ideas_of(await opened(here))[0][1]


async def test_three_different_ideas_are_offered_in_the_members_language(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        speak(here, "ja")
        offered = {label for _value, label in ideas_of(await opened(here))}

        assert len(offered) == 3
        assert not offered & {idea for _category, idea in IDEAS}


async def test_a_form_without_anything_is_refused(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        refused = await here.alice.submit_modal(await opened(here), {"prompt": "   "})

        assert NOTHING_ASKED in refusal(here, refused)
        assert here.row("select count(*) from battles") == (0,)


async def test_what_was_given_beside_the_prompt_is_kept(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        form = await opened(here, category="Nonsense")
        refused = await here.alice.submit_modal(form, {"prompt": "Why?"})

        assert "no category named Nonsense" in refusal(here, refused)
        assert here.row("select count(*) from battles") == (0,)


REFUSING = Config(battle=BattleDefaults(cooldown_seconds=3600))
LONG = "Why? " * 800
FENCED = "What does this do?\n```py\nprint(1)\n```"


@pytest.mark.parametrize("by_form", [False, True])
@pytest.mark.parametrize("prompt", ["Why is it *so*?", FENCED, LONG.strip()])
async def test_a_refusal_gives_the_prompt_back_to_be_copied(
    tmp_path: Path, prompt: str, *, by_form: bool
) -> None:
    async with place(tmp_path, map(competitor, PAIR), REFUSING) as here:
        form = await opened(here)
        await here.battle()
        if by_form:
            refused = await here.alice.submit_modal(form, {"prompt": prompt})
        else:
            refused = await here.alice.slash(here.channel, "battle", prompt=prompt)
        told = [each.content for each in refused.followups]
        blocks = [each.partition("```\n")[2].removesuffix("\n```") for each in told]

        assert told[-1].startswith(refusal(here, refused))
        assert "You can ask again" in told[0]
        assert "Your prompt, to copy:" in told[0]
        assert "".join(blocks).replace("\N{ZERO WIDTH SPACE}", "") == prompt
        assert all("```" not in each for each in blocks)
        assert all(each.ephemeral for each in refused.followups)
        assert max(map(len, told)) <= MOST_CHARACTERS
