"""Which of a server's models a battle may ask, by what it asks of them; pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from bot.domain.model import ModelState
from bot.errors import ArenaError, ModelAbsentError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.arena.models.roster import GuildRoster

    Pair = tuple[int, int]
    from collections.abc import Iterable

    from bot.arena.models.roster import Entry


TOO_FEW = N_(
    "A battle needs two models that can answer, and this server has {count} at the moment. Moderators see why"
    " in /models list, and add models with /models add."
)
TOO_FEW_FOR_IMAGE = N_(
    "A battle with an image needs two models that can be shown images, and this server has {count} at the"
    " moment. Please ask without the image, or try again later."
)


@dataclass(frozen=True, slots=True)
class PromptNeeds:
    """What a prompt asks of the models that are to answer it."""

    chars: int = 0
    image: bool = False


def eligible(roster: GuildRoster, needs: PromptNeeds) -> list[int]:
    """Return the models that can be drawn now; raises `ArenaError` where no two of them may meet."""
    ready = sorted(roster.ready())
    if needs.image:
        ready = [model for model in ready if roster[model].accepts_images]
    able = [model for model in ready if roster[model].takes(needs.chars)]
    if not _pairs(roster, able):
        raise _refusal(roster, ready, needs)
    return able


def _pairs(roster: GuildRoster, models: Collection[int]) -> list[Pair]:
    siblings = roster.siblings()
    return [pair for pair in combinations(sorted(models), 2) if pair not in siblings]


def _refusal(roster: GuildRoster, ready: Collection[int], needs: PromptNeeds) -> ArenaError:
    """Say why nobody can be drawn, naming what would have to be different."""
    if len(ready) < 2:  # noqa: PLR2004 - a pair
        return ArenaError(TOO_FEW_FOR_IMAGE if needs.image else TOO_FEW, count=len(ready))
    pairs = _pairs(roster, ready)
    if not pairs:
        return ArenaError(
            N_(
                "All models that can answer at the moment are variants of one another, and such siblings do"
                " not meet. Moderators add others with /models add."
            )
        )
    most = max(min(roster[model].max_prompt_chars or needs.chars for model in pair) for pair in pairs)
    return ArenaError(
        N_(
            "Your prompt has {length} characters. The longest that two models here can be asked at the moment"
            " has {most}. Please shorten it."
        ),
        length=needs.chars,
        most=most,
    )


def check_ready(roster: GuildRoster, models: Iterable[int]) -> None:
    """Refuse models that cannot fight now, saying why, as far as it may be told during an open battle."""
    for model_id in models:
        if not roster[model_id].seems_ready:
            raise _outage(roster[model_id])


def check_able(roster: GuildRoster, models: Iterable[int], needs: PromptNeeds) -> None:
    """Refuse models that cannot fight now, or not take what they would be asked."""
    check_ready(roster, models)
    for model_id in models:
        entry = roster[model_id]
        if needs.image and not entry.accepts_images:
            raise ModelAbsentError(
                N_("{name} cannot be shown images. Please choose another model, or ask without the image."),
                name=entry.model.shown,
            )
        most = entry.shown_max_prompt_chars
        if most is not None and needs.chars > most:
            raise ModelAbsentError(
                N_(
                    "{name} can be asked {most} characters at most, and your prompt has {length}. Please"
                    " shorten it, or choose another model."
                ),
                name=entry.model.shown,
                most=most,
                length=needs.chars,
            )


def _outage(entry: Entry) -> ModelAbsentError:
    name = entry.model.shown
    if entry.is_retired:
        return ModelAbsentError(
            N_("{name} is retired, so it cannot fight. Please choose another model."), name=name
        )
    if entry.model.state is ModelState.DISABLED:
        return ModelAbsentError(
            N_("{name} is switched off, so it cannot fight. You can switch it on in /models list."), name=name
        )
    return ModelAbsentError(
        N_("{name} cannot be asked at the moment. Moderators see why in /models list."), name=name
    )
