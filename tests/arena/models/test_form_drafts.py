"""Forms that somebody is still filling in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.arena.models.form import FormBasics
from bot.arena.models.form_drafts import MOST_OF_A_GUILD, FormDraft, FormDrafts
from bot.errors import ArenaError

DRAFT = FormDraft(7, FormBasics("A", "groq", "", "", ""))


def test_a_server_has_so_many_drafts_and_loses_the_one_untouched_for_longest() -> None:
    drafts = FormDrafts(lambda: 0.0)
    elsewhere = drafts.keep(replace(DRAFT, guild_id=8))
    first, second, *_ = [drafts.keep(DRAFT) for _ in range(MOST_OF_A_GUILD)]
    drafts.keep(DRAFT, first)
    drafts.keep(DRAFT)

    assert drafts.find(first, 7) == DRAFT
    assert drafts.find(elsewhere, 8)
    with pytest.raises(ArenaError, match="expired"):
        drafts.find(second, 7)
