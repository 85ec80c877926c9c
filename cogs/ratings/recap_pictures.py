"""What the picture of a recap shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.battle import Side
from bot.pictures.specs import Fact, Highlight, Mover, RecapPicture, Theme
from cogs.ratings.pictures import bad_note
from cogs.ratings.recap_texts import dates, noted_battles, quoted, told

if TYPE_CHECKING:
    import discord

    from bot.arena.ratings.recaps import Recap
    from bot.domain.battle import Battle
    from bot.i18n import Translations


def recap_picture(
    recap: Recap, guild: discord.Guild | None, theme: Theme, texts: Translations
) -> RecapPicture:
    """Show the week; what cannot be seen in the picture does not make it another one."""
    battles, votes, voters, models = recap.figures
    return RecapPicture(
        texts.gettext("Recap of the week"),
        dates(recap.week),
        (
            Fact(str(battles), texts.ngettext("battle held", "battles held", battles)),
            Fact(str(votes), texts.ngettext("vote cast", "votes cast", votes)),
            Fact(str(voters), texts.ngettext("member voted", "members voted", voters)),
            Fact(str(models), texts.ngettext("model fought", "models fought", models)),
        ),
        tuple(_highlights(recap, guild, texts)),
        tuple(Mover(move.name, float(round(move.before)), float(round(move.after))) for move in recap.movers),
        theme,
    )


def _highlights(recap: Recap, guild: discord.Guild | None, texts: Translations) -> list[Highlight]:
    _ = texts.gettext
    found: list[Highlight] = []
    if champion := recap.champion:
        rating = champion.rating
        facts = [champion.name, f"{rating.rating:.0f} ± {rating.half_width:.0f}", *bad_note(rating, texts)]
        text = " · ".join(facts)
        found.append(Highlight(_("Champion"), text))
    if climber := recap.climber:
        text = f"{climber.name} · {round(climber.after) - round(climber.before):+d}"
        found.append(Highlight(_("Climber of the week"), text))
    found += [
        Highlight(label, _battle_text(battle, guild, texts))
        for _emoji, label, battle in noted_battles(recap, texts)
    ]
    return found


def _battle_text(battle: Battle, guild: discord.Guild | None, texts: Translations) -> str:
    """Quote the prompt where everyone may read it; say who fought where not."""
    prompt = told(battle, guild).excerpt
    if prompt is not None:
        return quoted(prompt, texts)
    return " – ".join(battle.contestant(side).model for side in Side)
