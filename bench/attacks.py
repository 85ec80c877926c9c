"""What hostile members, moderators and models can do: `python -m bench.attacks [words of an attack …]`.

Each attack is carried out on the real bot, through its command tree, with scripted models. The table says
what it did before it was mended, what it does now, and the most processor time that a single callback took
meanwhile, in which the event loop did nothing else; those of what stands in for Discord and for the servers
of models count, too. What is there when an attack begins is left out of the collections of garbage, as the
bot does once it is connected. Exits with 1 where an attack has more effect than it should, or a callback took
more than 50 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bench.setup.holds import MOST_HOLD, watch_holds
from bench.setup.hostile.files import a_model_beside_the_bot, a_photo_that_tells_its_place
from bench.setup.hostile.models import (
    a_flood_of_tiny_events,
    an_event_of_many_objects,
    many_battles_at_once,
    slow_models_of_one_server,
)
from bench.setup.table import print_setting, print_table
from bot.arena.models.prices import Prices
from bot.backends.base import Usage
from bot.config import BattleDefaults, Config, Discord, Limits
from tests.behaviour.place import VOTING_SECONDS, place, restarted, text_of
from tests.behaviour.privacy.test_export import boss, exported, voters_of
from tests.competitors import ScriptedBackend, competitor
from tests.exports.loading import rows

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Sequence

    from bot.arena.models.roster import Competitor
    from tests.behaviour.place import SimulatedServer

NAMES = tuple(f"Model {letter}" for letter in "ABCDEFGH")
SECRET = Config(battle=BattleDefaults(ballot="secret"))


@dataclass(slots=True)
class Hold:
    """The most processor time that one callback took, in seconds."""

    longest: float = 0.0

    def note(self, _by: str, seconds: float) -> None:
        self.longest = max(self.longest, seconds)


@dataclass(frozen=True, slots=True)
class Attack:
    name: str
    before: str
    carry_out: Callable[[Path, Hold], Awaitable[str]]
    """Returns its effect."""
    wanted: str = field(default="none")


@contextmanager
def measured(hold: Hold) -> Generator[None]:
    gc.collect()
    gc.freeze()
    try:
        with watch_holds(0.0, hold.note):
            yield
    finally:
        gc.unfreeze()


def models(*said: str) -> list[Competitor]:
    return [competitor(name, *said) for name in NAMES]


async def a_name_of_separators(folder: Path, hold: Hold) -> str:
    name = "・." * 39 + "a"
    reply = "・" * 40_000
    async with place(folder, [competitor(name, reply), competitor(NAMES[0], reply)]) as here:
        with measured(hold):
            await here.battle()
        return "none" if here.card.reactions else "no ballot"


async def model_in_an_open_vote(folder: Path, hold: Hold) -> str:
    competitors = models()
    async with place(folder, competitors) as here:
        before = [await _info(here, name) for name in NAMES]
        for one in competitors:
            if isinstance(one.backend, ScriptedBackend):
                one.backend.usage = Usage(1000, 5000)
        with measured(hold):
            await here.battle()
            during = [await _info(here, name) for name in NAMES]
        named = sum(one != other for one, other in zip(before, during, strict=True))
        return f"{named} contestants named" if named else "none"


async def _info(here: SimulatedServer, name: str) -> str:
    result = await here.bob.slash(here.channel, "model", name=name)
    return text_of(result.response.message) if result.response else ""


async def secret_votes_in_an_export(folder: Path, hold: Hold) -> str:
    async with place(folder, models(), SECRET) as here:
        for number in range(1, 4):
            await here.alice.slash(here.channel, "battle", prompt=f"Asked by Alice: {number}")
            await here.alice.click(here.channel.history()[-1], custom_id=f"arena:vote:{number}:b")
            await here.env.advance_time(VOTING_SECONDS)
        with measured(hold):
            found = rows(await exported(here, boss(here), "jsonl", folder))
    codes = [str(row["asker"]) for row in found]
    voters = [voter for row in found for voter in voters_of(row)]
    joined = sum(voter in codes or voters.count(voter) > 1 for voter in voters)
    return f"{joined} of {len(voters)} secret votes read" if joined else "none"


async def ratings_made_alone(folder: Path, hold: Hold) -> str:
    async with place(folder, models(), is_lenient=False) as here:
        with measured(hold):
            card = await here.battle()
            await here.alice.react(card, "🅰️")
            await here.alice.click(card, custom_id="arena:close:1")
        rated = here.row("select count(*) from pair_sums")[0]
        return "ratings moved within a second" if rated else "none"


async def a_rematch_of_known_models(folder: Path, hold: Hold) -> str:
    async with place(folder, models()[:4]) as here:
        with measured(hold):
            card = await here.battle()
            await here.alice.click(card, custom_id="arena:close:1")
            await here.env.settle()
            await here.bob.click(here.card, custom_id="arena:rematch:1")
            await here.env.settle()
            await here.bob.react(here.channel.history()[-1], "🅰️")
            await here.env.advance_time(VOTING_SECONDS)
        rated = here.row("select count(*) from pair_sums")[0]
        return "rated, its two models known" if rated else "none"


async def a_stranger_who_invites_the_bot(folder: Path, hold: Hold) -> str:
    priced = [replace(one, prices=Prices(1e6, 1e6)) for one in models()]
    async with place(folder, priced) as here:
        config = Config(discord=Discord(servers=(here.guild.id,)), limits=Limits(usd_per_day=5.0))
        async with restarted(here, priced, config):
            with measured(hold):
                guild = here.env.create_guild()
                await here.env.settle()
            return "none" if here.env.bot.get_guild(guild.id) is None else "spends what it likes"


def of_models(carry_out: Callable[[], Awaitable[str]]) -> Callable[[Path, Hold], Awaitable[str]]:
    async def attack(_folder: Path, hold: Hold) -> str:
        with measured(hold):
            return await carry_out()

    return attack


ATTACKS = (
    Attack("a model's name of 80 separators", "the process stands still for ever", a_name_of_separators),
    Attack("/model in an open vote", "2 contestants named", model_in_an_open_vote),
    Attack("secret votes in /export", "3 of 3 secret votes read", secret_votes_in_an_export),
    Attack("ask, vote and close alone", "ratings moved within a second", ratings_made_alone),
    Attack("a rematch where no others are left", "rated, its two models known", a_rematch_of_known_models),
    Attack("a stranger who invites the bot", "spends what it likes", a_stranger_who_invites_the_bot),
    Attack(
        "64 replies at once of a model with 4 places",
        "28 of 64 called failures of the model",
        of_models(many_battles_at_once),
    ),
    Attack(
        "a server's 600 slow replies", "1 of 2 models of others failed", of_models(slow_models_of_one_server)
    ),
    Attack(
        "50 MB of tiny events in one go", "the loop was held for 0.9 s", of_models(a_flood_of_tiny_events)
    ),
    Attack("an event of 400,000 objects", "4.4 s longer than the limit", of_models(an_event_of_many_objects)),
    Attack(
        "a photo that tells where it was taken",
        "3 of 5 copies tell it",
        lambda folder, hold: a_photo_that_tells_its_place(folder, measured(hold)),
    ),
    Attack(
        "a model at the machine's own public address",
        "connected to",
        lambda folder, hold: a_model_beside_the_bot(folder, measured(hold)),
    ),
)


async def tried(attack: Attack) -> tuple[str, Hold]:
    hold = Hold()
    with tempfile.TemporaryDirectory(prefix="arena-attack-") as folder:
        return await attack.carry_out(Path(folder), hold), hold


def main(words: Sequence[str]) -> int:
    chosen = [attack for attack in ATTACKS if all(word in attack.name for word in words)]
    print_setting(f"{len(chosen)} attacks on the bot, its commands and its models")
    table: list[tuple[str, ...]] = []
    as_wanted: list[bool] = []
    for attack in chosen:
        effect, hold = asyncio.run(tried(attack))
        as_wanted.append(effect == attack.wanted and hold.longest <= MOST_HOLD)
        table.append((attack.name, attack.before, effect, f"{hold.longest * 1000:.0f}"))
    print_table(("attack", "effect before", "effect now", "longest callback, ms CPU"), table)
    return int(not all(as_wanted))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("words", nargs="*")
    sys.exit(main(parser.parse_args().words))
