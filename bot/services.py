"""The services that cogs may call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.arena.battles.admission import Admission, DailyLimits
    from bot.arena.battles.images.cleaner import ImageCleaner
    from bot.arena.battles.request import Rematches
    from bot.arena.battles.service import Battles
    from bot.arena.battles.supervisor import BattleSupervisor
    from bot.arena.categories.service import GuildCategories
    from bot.arena.matchmaking.fairness import Fairness
    from bot.arena.models.form_drafts import FormDrafts
    from bot.arena.models.model_lists import ModelLists
    from bot.arena.models.probes import Probes
    from bot.arena.models.registry import Models
    from bot.arena.models.roster import Roster
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
    from bot.arena.settings.service import GuildSettingsService
    from bot.arena.tournaments.service import Tournaments
    from bot.arena.voting.ballots import Ballots
    from bot.config import Config
    from bot.domain.pauses import Pauses
    from bot.exports.member_data import MemberDataExports
    from bot.exports.service import Exports
    from bot.pictures.cache import PictureCache
    from bot.storage.bot_state import BotState


@dataclass(frozen=True, slots=True)
class Arena:
    """The services that cogs call."""

    battles: Battles
    supervisor: BattleSupervisor
    rematches: Rematches
    images: ImageCleaner
    tournaments: Tournaments
    ballots: Ballots
    leaderboards: Leaderboards
    roster: Roster
    models: Models
    probes: Probes
    model_lists: ModelLists
    drafts: FormDrafts
    moderation: GuildSettingsService
    admission: Admission
    daily_limits: DailyLimits
    profiles: Profiles
    fairness: Fairness
    categories: GuildCategories
    rulings: Rulings
    seasons: Seasons
    exclusions: Exclusions
    audits: Audits
    reports: Reports
    report_notices: ReportNotices
    trends: Trends
    histories: Histories
    voters: Voters
    recaps: Recaps
    weekly: Weekly
    exports: Exports
    member_data_exports: MemberDataExports
    privacy: Privacy
    retention: Retention
    departures: Departures
    pictures: PictureCache
    settings: BotState
    config: Config
    clock: Callable[[], float]
    pauses: Pauses
