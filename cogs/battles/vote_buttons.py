"""The buttons of a secret ballot, and what only the member who pressed is told."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import discord

from bot.acknowledgement import Acknowledgement, say
from bot.domain.vote import Uncounted, Vote
from bot.i18n import N_, translations
from cogs.access import check_card
from cogs.battles.vote_emoji import EMOJI
from cogs.ui.layout import Button
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    from bot.arena.voting.ballots import Receipt
    from bot.client import Interaction
    from bot.domain.rules import BattleRules
    from bot.i18n import Translations

CHOICES = {
    Vote.A: N_("A is better"),
    Vote.B: N_("B is better"),
    Vote.TIE: N_("A tie"),
    Vote.BOTH_BAD: N_("Both are bad"),
}


class PressedVote(
    PressedButton, template=rf"arena:vote:(?P<battle>\d+):(?P<choice>{'|'.join(vote.value for vote in Vote)})"
):
    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.PRIVATE

    async def press(self, interaction: Interaction) -> None:
        """Confirm the vote once it is on record."""
        await check_card(interaction, int(self.match["battle"]))
        joined = interaction.user.joined_at if isinstance(interaction.user, discord.Member) else None
        receipt = await interaction.client.arena.ballots.cast(
            interaction.message.id if interaction.message else 0,
            interaction.user.id,
            Vote(self.match["choice"]),
            joined.timestamp() if joined else None,
        )
        await say(interaction, confirmation(receipt, translations(interaction.locale.value)))


def vote_buttons(battle_id: int, texts: Translations) -> list[Button]:
    return [
        Button(label=_named(vote, texts), custom_id=f"arena:vote:{battle_id}:{vote.value}") for vote in Vote
    ]


def _named(vote: Vote, texts: Translations) -> str:
    return f"{EMOJI[vote]} {texts.gettext(CHOICES[vote])}"


def confirmation(receipt: Receipt, texts: Translations) -> str:
    _ = texts.gettext
    if receipt.vote is None:
        return _("You took your vote back.")
    lines = [_("Your vote: **{choice}**").format(choice=_named(receipt.vote, texts))]
    if receipt.objection:
        lines.append(_objection(receipt.objection, receipt.rules, texts))
    if math.isinf(receipt.closes_at):
        lines.append(
            "-# " + _("You can change it until the vote ends. Press the same button again to take it back.")
        )
    else:
        moment = int(receipt.closes_at)
        hint = _("You can change it until {time} ({countdown}). Press the same button again to take it back.")
        lines.append("-# " + hint.format(time=f"<t:{moment}:T>", countdown=f"<t:{moment}:R>"))
    return "\n".join(lines)


def _objection(objection: Uncounted, rules: BattleRules, texts: Translations) -> str:
    """Say why the vote does not count."""
    match objection:
        case Uncounted.ASKER:
            return texts.gettext(
                "It is kept, but not counted: in this server the vote of the member who asked does not count."
            )
        case Uncounted.NEW_ACCOUNT:
            return texts.ngettext(
                "It is kept, but not counted: accounts must be at least {count} day old here.",
                "It is kept, but not counted: accounts must be at least {count} days old here.",
                rules.min_account_days,
            ).format(count=rules.min_account_days)
        case Uncounted.NEW_MEMBER:
            return texts.ngettext(
                "It is kept, but not counted: members must have been here for at least {count} day.",
                "It is kept, but not counted: members must have been here for at least {count} days.",
                rules.min_member_days,
            ).format(count=rules.min_member_days)
        case Uncounted.UNKNOWN:
            return texts.gettext(
                "It is kept, but not counted: Discord does not say since when you are a member here."
            )
