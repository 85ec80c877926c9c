"""The composition root: builds every part once, hands each to the next, and closes them in order."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING

import structlog

from bot.arena.battles.admission import Admission, DailyLimits
from bot.arena.battles.deps import BattleDeps
from bot.arena.battles.images.cleaner import ImageCleaner
from bot.arena.battles.request import Rematches
from bot.arena.battles.service import Battles
from bot.arena.battles.supervisor import BattleSupervisor
from bot.arena.categories.service import GuildCategories
from bot.arena.matchmaking.fairness import Fairness
from bot.arena.matchmaking.service import Matchmaking
from bot.arena.models.breaker import CircuitBreakers
from bot.arena.models.factory import open_factory
from bot.arena.models.form_drafts import FormDrafts
from bot.arena.models.model_lists import ModelLists
from bot.arena.models.probes import Probes
from bot.arena.models.registry import Models
from bot.arena.models.roster import Roster
from bot.arena.models.spending import Spending
from bot.arena.moderation.exclusions import Exclusions
from bot.arena.moderation.report_notices import ReportNotices
from bot.arena.moderation.reports import Reports
from bot.arena.moderation.rulings import Rulings
from bot.arena.moderation.seasons import Seasons
from bot.arena.moderation.vote_audits import Audits
from bot.arena.privacy.left_guilds import Departures
from bot.arena.privacy.member_data import Privacy
from bot.arena.privacy.retention import Retention
from bot.arena.ratings.history import Histories
from bot.arena.ratings.leaderboards import Leaderboards
from bot.arena.ratings.member_profiles import Voters
from bot.arena.ratings.model_profiles import Profiles
from bot.arena.ratings.recaps import Recaps
from bot.arena.ratings.trends import Trends
from bot.arena.ratings.weekly_posts import Weekly
from bot.arena.settings.known_settings import KnownSettings
from bot.arena.settings.service import GuildSettingsService
from bot.arena.tournaments.runner import TournamentDeps
from bot.arena.tournaments.service import Tournaments
from bot.arena.voting.ballots import Ballots
from bot.domain.pauses import USUAL
from bot.errors import StorageError
from bot.exports.member_data import MemberDataExports
from bot.exports.service import Exports
from bot.heartbeat import keep_beating
from bot.pictures.cache import PictureCache
from bot.services import Arena
from bot.storage.bot_state import BotState
from bot.storage.database import open_database

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable
    from random import Random

    from bot.arena.models.factory import ModelFactory
    from bot.arena.models.keyring import Keyring
    from bot.arena.models.roster import Competitor
    from bot.config import Config
    from bot.connection import Connection
    from bot.domain.pauses import Pauses
    from bot.storage.database import Database

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@asynccontextmanager
async def open_arena(config: Config, keyring: Keyring, pauses: Pauses = USUAL) -> AsyncGenerator[Arena]:
    """Open the storage and the HTTP sessions, and build the services on them."""
    async with (
        open_factory(config, keyring) as factory,
        open_database(Path(config.storage.path)) as database,
        _analyzing(database, pauses.between_analyses),
    ):
        competitors = factory.operators()
        async with run_arena(factory, database, competitors, time.time, SystemRandom(), pauses) as arena:
            yield arena


@asynccontextmanager
async def _analyzing(database: Database, pause: float) -> AsyncGenerator[None]:
    """Have the database analyzed now and then, in the background."""

    async def analyze() -> None:
        while True:
            try:
                await database.analyze()
            except StorageError as exc:
                _log.warning("the database could not be analyzed", error=str(exc))
            await asyncio.sleep(pause)

    analyzing = asyncio.create_task(analyze(), name="analyses")
    try:
        yield
    finally:
        analyzing.cancel()
        await asyncio.wait([analyzing])


@asynccontextmanager
async def run_arena(
    factory: ModelFactory,
    database: Database,
    competitors: Iterable[Competitor],
    clock: Callable[[], float],
    random: Random,
    pauses: Pauses = USUAL,
) -> AsyncGenerator[Arena]:
    """Build the services and commit votes while they are in use; at the end, lose none."""
    config = factory.config
    breakers = CircuitBreakers(config.battle.bench_after, clock)
    spending = Spending(database, clock)
    roster = Roster(database, competitors, breakers, factory.own_competitor, clock, spending)
    ballots = Ballots(database, clock, pauses)
    leaderboards = Leaderboards(database, roster, config.battle, clock)
    settings = KnownSettings()
    await settings.load(database)
    daily_limits = DailyLimits(database, settings, config.limits, clock)
    categories = GuildCategories(database, clock)
    await categories.load()
    deps = BattleDeps(database, ballots, config, clock, pauses, spending)
    supervisor = BattleSupervisor(deps)
    matchmaking = Matchmaking(roster, config.battle, random)
    admission = Admission(database, settings, config.battle, clock)
    battles = Battles(deps, supervisor, admission, daily_limits, matchmaking, categories, roster)
    tournaments = Tournaments(
        TournamentDeps(database, battles, supervisor, roster, clock, random, pauses),
        admission,
        leaderboards,
    )
    models = Models(database, roster, factory, config.limits, clock)
    probes = Probes(models, factory, config.limits, spending, daily_limits.check_question)
    pictures, images = PictureCache(), ImageCleaner()
    committing = asyncio.create_task(ballots.run(), name="ballots")
    try:
        yield Arena(
            battles=battles,
            supervisor=supervisor,
            rematches=Rematches(database),
            images=images,
            tournaments=tournaments,
            ballots=ballots,
            leaderboards=leaderboards,
            roster=roster,
            models=models,
            probes=probes,
            model_lists=ModelLists(models, factory),
            drafts=FormDrafts(clock),
            moderation=GuildSettingsService(database, settings, clock),
            admission=admission,
            daily_limits=daily_limits,
            profiles=Profiles(database, roster, config.battle),
            fairness=Fairness(database, roster),
            categories=categories,
            rulings=Rulings(database, clock),
            seasons=Seasons(database, clock),
            exclusions=Exclusions(database, clock),
            audits=Audits(database, clock),
            reports=Reports(database, clock),
            report_notices=ReportNotices(database),
            trends=Trends(database, clock),
            histories=Histories(database),
            voters=Voters(database, roster, config.battle),
            recaps=Recaps(database, roster, config.battle),
            weekly=Weekly(database, clock),
            exports=Exports(database),
            member_data_exports=MemberDataExports(database, clock),
            privacy=Privacy(database, config.battle, clock),
            retention=Retention(database, config.battle, clock),
            departures=Departures(database, settings, clock),
            pictures=pictures,
            settings=BotState(database),
            config=config,
            clock=clock,
            pauses=pauses,
        )
    finally:
        await tournaments.close()
        await supervisor.stop()
        committing.cancel()
        with suppress(asyncio.CancelledError):
            await committing
        await ballots.flush()
        await breakers.close()
        pictures.close()
        images.close()


async def serve(arena: Arena, connection: Connection) -> None:
    """Give the arena to the client until cancelled; then stop the battles, so that they can go on later."""
    database = Path(arena.config.storage.path)
    beating = asyncio.create_task(
        keep_beating(database, connection.is_up, arena.pauses.between_heartbeats), name="heartbeat"
    )
    try:
        await connection.hold(arena)
    finally:
        _log.info("stopping")
        beating.cancel()
        await arena.tournaments.close()
        await arena.supervisor.stop()
        await connection.close()
