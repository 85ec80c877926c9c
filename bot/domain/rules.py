"""Rules of battles: what each setting may be, and what holds where nobody decided."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from bot.domain.days import DAY_SECONDS

VotingSeconds = Annotated[int, msgspec.Meta(ge=10, le=7 * DAY_SECONDS)]
Votes = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
VotesRated = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
Days = Annotated[int, msgspec.Meta(ge=0, le=3650)]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=DAY_SECONDS)]
EarlyClosers = Literal["asker", "moderators", "nobody"]
Balloting = Literal["reactions", "secret"]
Streaming = Literal["lockstep", "together", "off"]
ResultNotice = Literal["reply", "mention", "thread", "silent"]
Language = Literal["auto", "en", "ja"]


class BattleRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The rules that a battle keeps from its first word to its end, whatever is decided meanwhile.

    Of `close_at_votes` and both ages, 0 is no limit; `single_reaction` says nothing of a secret ballot.
    """

    voting_seconds: VotingSeconds = 120
    close_at_votes: Votes = 0
    min_votes_rated: VotesRated = 1
    asker_votes: bool = True
    early_close: EarlyClosers = "asker"
    min_account_days: Days = 0
    min_member_days: Days = 0
    stream: Streaming = "lockstep"
    ballot: Balloting = "reactions"
    single_reaction: bool = False
    result_notice: ResultNotice = "reply"


DEFAULT_RULES = BattleRules()


class GuildRules(BattleRules, frozen=True, kw_only=True):
    """Rules of a server: all that it may decide otherwise than its operator. Of a limit, 0 is none."""

    cooldown_seconds: Seconds = 0
    member_battles_per_day: Votes = 0
    language: Language = "auto"

    def of_battle(self) -> BattleRules:
        return BattleRules(**{name: getattr(self, name) for name in BattleRules.__struct_fields__})


def spoken(language: Language, locale: str) -> str:
    """Return the language of a channel: the one decided for, or the server's own in Discord."""
    return locale if language == "auto" else language


def encode(rules: BattleRules) -> str:
    """Write what differs from this program's own defaults as JSON."""
    return msgspec.json.encode(rules).decode()


decode = msgspec.json.Decoder(BattleRules).decode
