"""Who may do what with an open battle; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from bot.domain.battle import Battle


def check_closer(battle: Battle, user_id: int, *, moderator: bool) -> None:
    """Refuse to close a vote before its time, where the battle's rules do not let this member."""
    match battle.rules.early_close:
        case "nobody":
            raise ArenaError(N_("In this server a vote stays open until its time is up."))
        case "moderators" if not moderator:
            raise ArenaError(N_("Only someone who may manage messages can close this vote."))
        case "asker" if not moderator and user_id != battle.asker_id:
            raise ArenaError(
                N_("Only the member who asked, or someone who may manage messages, can close this vote.")
            )
        case _:
            pass


def check_follower(battle: Battle, user_id: int, max_turns: int) -> None:
    """Refuse a next turn, where this member or this battle cannot have one."""
    if user_id != battle.asker_id:
        raise ArenaError(N_("Only the member who asked can continue this conversation."))
    if battle.match:
        raise ArenaError(N_("In a tournament the models are asked once."))
    if battle.lost_image:
        raise ArenaError(
            N_("I do not have the image of this battle any more, so its models cannot be asked on.")
        )
    if len(battle.turns) + 1 >= max_turns:
        raise ArenaError(N_("A conversation has {count} turns at most."), count=max_turns)
