"""The tests of models: whether they answer, told as each does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.acknowledgement import show
from bot.arena.models.probe import Probe, ProbeFailure
from bot.errors import ArenaError
from bot.i18n import N_, sentences, translations
from cogs.battles.card_message import TOKEN_SECONDS
from cogs.models.texts import first_words, probe_facts, probe_text
from cogs.ui.layout import Layout, fitting
from cogs.ui.markdown import cut
from cogs.ui.sanitize import display_name, sanitize

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.arena.models.roster import Entry
    from bot.client import Interaction
    from bot.i18n import Translations

AT_A_TIME = 4
DETAIL_LIMIT = 150
NOT_IN_TIME = N_(
    "Not finished: Discord lets a response change for 15 minutes only. Please test this model alone."
)


async def test_models(
    interaction: Interaction, entries: Sequence[Entry], *, leave: Callable[[Layout], None] | None
) -> None:
    """Ask each model one short question, a few at a time, and keep the answer up to date.

    `leave` adds to the last answer what can be done then.
    """
    texts = translations(interaction.locale.value)
    pause = interaction.client.arena.pauses.between_edits
    places = asyncio.Semaphore(AT_A_TIME)
    outcomes: dict[int, Probe | ProbeFailure] = {}

    async def ask(entry: Entry) -> None:
        async with places:
            outcomes[entry.model.model_id] = await _ask(interaction, entry, texts)

    await show(interaction, _progress(entries, outcomes, texts))
    clock = interaction.client.arena.clock
    ends_at = clock() + TOKEN_SECONDS
    pending = {asyncio.create_task(ask(entry)) for entry in entries}
    try:
        while pending and clock() < ends_at:
            _, pending = await asyncio.wait(pending, timeout=pause)
            if pending:
                await show(interaction, _progress(entries, outcomes, texts))
        last = _progress(entries, outcomes, texts, is_over=True)
        if leave:
            leave(last)
        await show(interaction, last)
    finally:
        for task in pending:
            task.cancel()


async def _ask(interaction: Interaction, entry: Entry, texts: Translations) -> Probe | ProbeFailure:
    try:
        return await interaction.client.arena.probes.of_entry(entry)
    except ArenaError as error:
        return ProbeFailure(interaction.client.wording(error, texts), "")


def _progress(
    entries: Sequence[Entry],
    outcomes: Mapping[int, Probe | ProbeFailure],
    texts: Translations,
    *,
    is_over: bool = False,
) -> Layout:
    missing = ProbeFailure(NOT_IN_TIME, "") if is_over else None
    lines = [_line(entry, outcomes.get(entry.model.model_id, missing), texts) for entry in entries]
    layout = Layout()
    heading = texts.gettext("{done} of {count} models asked").format(done=len(outcomes), count=len(entries))
    layout.add_text(f"## {heading}")
    if len(entries) == 1 and outcomes:
        layout.add_text(probe_text(next(iter(outcomes.values())), texts))
    elif lines:
        layout.add_text(fitting(lines, texts))
    return layout


def _line(entry: Entry, outcome: Probe | ProbeFailure | None, texts: Translations) -> str:
    name = f"**{display_name(entry.model.shown)}**"
    match outcome:
        case None:
            return f"⏳ {name}"
        case Probe():
            return f"✅ {name} · {probe_facts(outcome, texts)}\n-# {first_words(outcome)}"
        case ProbeFailure():
            detail = cut(sanitize(outcome.detail), DETAIL_LIMIT).strip()
            said = sentences(texts.gettext(outcome.words), detail)
            return f"❌ {name}\n-# {said}"
