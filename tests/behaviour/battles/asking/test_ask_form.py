"""`/battle` without a prompt: a form with three ideas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.battles.asking.ask_form import IDEAS, NOTHING_ASKED
from tests.behaviour.place import place, speak, text_of
from tests.behaviour.ratings.boards import refusal
from tests.competitors import competitor, heard

if TYPE_CHECKING:
    from pathlib import Path

    import simcord

    from tests.behaviour.place import SimulatedServer

PAIR = ("Zephyrine", "Quillon")


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
