"""A recap in words. Of battles only those are named that everyone in the server can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.domain.battle import Side
from bot.domain.vote import Vote
from cogs.battles.past_battle_texts import message_link
from cogs.battles.vote_emoji import EMOJI
from cogs.ratings.pages import bad_mark
from cogs.ui.sanitize import display_name, sanitize

if TYPE_CHECKING:
    from bot.arena.ratings.recaps import Recap
    from bot.arena.ratings.weeks import Week
    from bot.domain.battle import Battle
    from bot.i18n import Translations
    from cogs.ratings.board_filter import ViewNames

EXCERPT_LIMIT = 80


@dataclass(frozen=True, slots=True)
class RecapBattle:
    """A battle of a recap; `excerpt` and `link` are `None` where not everyone can read it, or none can."""

    battle: Battle
    excerpt: str | None = None
    link: str | None = None


def told(battle: Battle, guild: discord.Guild | None) -> RecapBattle:
    """Say of a battle what everyone in the server may know."""
    if guild is None or battle.message_id is None or battle.texts_removed_at is not None:
        return RecapBattle(battle)
    if not everyone_reads(guild, battle.channel_id):
        return RecapBattle(battle)
    link = message_link(battle.guild_id, battle.channel_id, battle.message_id)
    return RecapBattle(battle, excerpt(battle.prompt), link)


def everyone_reads(guild: discord.Guild, channel_id: int) -> bool:
    """Tell whether the channel is open to all members and all ages; of what is not known it is not."""
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None or channel.is_nsfw():
        return False
    if isinstance(channel, discord.Thread) and (channel.is_private() or channel.parent is None):
        return False
    granted = channel.permissions_for(guild.default_role)
    return granted.view_channel and granted.read_message_history


def excerpt(prompt: str) -> str:
    """Return the beginning of a prompt on one line."""
    line = " ".join(prompt.split())
    return line if len(line) <= EXCERPT_LIMIT else line[: EXCERPT_LIMIT - 1].rstrip() + "…"


def dates(week: Week) -> str:
    """Write the days as ISO 8601 does, which reads the same everywhere."""
    return " – ".join(day.isoformat() for day in week.dates)


def recap_lines(recap: Recap, guild: discord.Guild | None, texts: Translations) -> list[str]:
    """Say who leads, who climbed, and which battles to look at again."""
    _ = texts.gettext
    lines: list[str] = []
    if champion := recap.champion:
        rating = champion.rating
        facts = [f"**{display_name(champion.name)}**", f"**{rating.rating:.0f}** ± {rating.half_width:.0f}"]
        facts += bad_mark(rating, texts)
        lines.append("🏆 " + said(_("Champion"), " · ".join(facts), texts))
    if climber := recap.climber:
        before, after = round(climber.before), round(climber.after)
        rise = f"{before} → **{after}** ({after - before:+d})"
        name = display_name(climber.name)
        lines.append("📈 " + said(_("Climber of the week"), f"**{name}** · {rise}", texts))
    lines += [
        f"{emoji} {said(label, _battle_line(told(battle, guild), texts), texts)}"
        for emoji, label, battle in noted_battles(recap, texts)
    ]
    return lines


def noted_battles(recap: Recap, texts: Translations) -> list[tuple[str, str, Battle]]:
    """Return the battles to look at again, each with an emoji and why; one that is both is told once."""
    _ = texts.gettext
    closest, argued = recap.closest, recap.argued
    if closest and argued and closest.battle_id == argued.battle_id:
        return [("🔥", _("Closest and most divided battle"), closest)]
    found = [("⚖️", _("Closest battle"), closest), ("🔥", _("Most divided battle"), argued)]
    return [(emoji, label, battle) for emoji, label, battle in found if battle]


def said(label: str, text: str, texts: Translations) -> str:
    return texts.gettext("{label}: {text}").format(label=label, text=text)


def figures_line(recap: Recap, texts: Translations) -> str:
    battles, votes, voters, models = recap.figures
    facts = [
        texts.ngettext("{count} battle", "{count} battles", battles).format(count=battles),
        texts.ngettext("{count} vote", "{count} votes", votes).format(count=votes),
        texts.ngettext("{count} member voted", "{count} members voted", voters).format(count=voters),
        texts.ngettext("{count} model fought", "{count} models fought", models).format(count=models),
    ]
    return " · ".join(facts)


def asked_lines(recap: Recap, names: ViewNames, texts: Translations) -> list[str]:
    """Say what was asked most, if that is known."""
    _ = texts.gettext
    if not recap.categories:
        return []
    listed = _(", ").join(
        f"{display_name(names.category(key, texts))} ({count})" for key, count in recap.categories
    )
    return [_("Most asked: {categories}").format(categories=listed)]


def tally_text(battle: Battle) -> str:
    return " · ".join(f"{EMOJI[vote]} {battle.tally.count(vote)}" for vote in Vote)


def quoted(text: str, texts: Translations) -> str:
    return texts.gettext("“{text}”").format(text=text)


def _battle_line(told: RecapBattle, texts: Translations) -> str:
    names = " – ".join(f"**{display_name(told.battle.contestant(side).model)}**" for side in Side)
    line = f"{names} · {tally_text(told.battle)}"
    if told.excerpt is None:
        return line
    return f"{line}\n> {quoted(sanitize(discord.utils.escape_markdown(told.excerpt)), texts)} {told.link}"
