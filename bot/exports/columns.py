"""What the formats say alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import msgspec

from bot.domain.vote import Vote

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.domain.exported_battle import ExportedBattle, ExportedVote
    from bot.exports.pseudonyms import Pseudonyms

UNKNOWN_LANGUAGE = "unknown"
CODE, LONG, FOLLOW_UP = "code", "long", "follow-up"
WINNERS = {Vote.A: "model_a", Vote.B: "model_b", Vote.TIE: "tie", Vote.BOTH_BAD: "both_bad"}
INT32_LIMIT = 2**31
Int32: TypeAlias = Annotated[int, msgspec.Meta(lt=INT32_LIMIT)]
"""A whole number that takes 32 bits in Parquet."""
_LANGUAGE = "lang:"


def language(categories: Collection[str]) -> str:
    """Return the code of the prompt's language, such as `en`."""
    found = (key.removeprefix(_LANGUAGE) for key in categories if key.startswith(_LANGUAGE))
    return next(found, UNKNOWN_LANGUAGE)


def asker(battle: ExportedBattle, pseudonyms: Pseudonyms) -> str | None:
    return None if battle.asker_id is None else pseudonyms.asker(battle.asker_id)


def voter(battle: ExportedBattle, cast: ExportedVote, pseudonyms: Pseudonyms) -> str:
    if battle.is_secret:
        return pseudonyms.secret_voter(battle.battle_id, cast.user_id)
    return pseudonyms.voter(cast.user_id)


def votes(battle: ExportedBattle, pseudonyms: Pseudonyms) -> list[tuple[str, ExportedVote]]:
    """Return the votes with their ids, by the second in which they were cast, then by id.

    The order in which they are stored is that of the members' accounts.
    """
    named = ((pseudonyms.vote(battle.battle_id, cast.user_id), cast) for cast in battle.votes)
    return sorted(named, key=lambda each: (int(each[1].at), each[0]))


def counted(battle: ExportedBattle, pseudonyms: Pseudonyms) -> list[tuple[str, ExportedVote, Vote]]:
    """Return the votes that count, with what they say; likewise."""
    return [
        (vote_id, cast, cast.vote)
        for vote_id, cast in votes(battle, pseudonyms)
        if cast.vote is not None and not cast.is_excluded
    ]


def moment(seconds: float) -> datetime:
    """Return a time to the second: more of it could only serve to find out whose vote it is."""
    return datetime.fromtimestamp(int(seconds), UTC)


def moment_if_any(seconds: float | None) -> datetime | None:
    return None if seconds is None else moment(seconds)
