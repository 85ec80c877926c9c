"""What the picture of a recap shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.pictures.specs import Fact, Highlight, Imprint, Mover, RecapPicture, Theme
from cogs.ratings.pictures import bad_note
from cogs.ratings.recap_texts import dates

if TYPE_CHECKING:
    from bot.arena.ratings.recaps import Recap
    from bot.i18n import Translations


def recap_picture(recap: Recap, server: str, theme: Theme, texts: Translations) -> RecapPicture:
    """Show the week; what cannot be seen in the picture does not make it another one."""
    battles, votes, voters, models = recap.figures
    return RecapPicture(
        texts.gettext("Recap of the week"),
        (
            Fact(str(battles), texts.ngettext("battle held", "battles held", battles)),
            Fact(str(votes), texts.ngettext("vote cast", "votes cast", votes)),
            Fact(str(voters), texts.ngettext("member voted", "members voted", voters)),
            Fact(str(models), texts.ngettext("model fought", "models fought", models)),
        ),
        tuple(_highlights(recap, texts)),
        tuple(Mover(move.name, float(round(move.before)), float(round(move.after))) for move in recap.movers),
        theme,
        Imprint(server, dates(recap.week)),
    )


def _highlights(recap: Recap, texts: Translations) -> list[Highlight]:
    """Name who stands out. The battles of the week, and their prompts, are in the message alone."""
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
    return found
