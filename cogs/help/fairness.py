"""`/about fairness`: how often each model was drawn, and what the rules promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.acknowledgement import show
from bot.arena.matchmaking.fairness import FALSE_ALARMS
from bot.i18n import N_, translations
from cogs.models.texts import state_text
from cogs.ui.layout import Button, Layout, fitting
from cogs.ui.persistent import PressedButton
from cogs.ui.sanitize import display_name
from cogs.ui.tables import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.arena.matchmaking.fairness import Coin, FairnessReport, ModelFairness
    from bot.client import Interaction
    from bot.i18n import Translations

PAGE_ROWS = 12
NAME_CELLS = 16
NOTES_LIMIT = 1000
"""Characters: what is special about the models of one page, beside the table and the explanations."""

SMALLEST_SHOWN = 0.01

EXPLANATIONS = (
    N_(
        "**Drawn, promised**: chance decides which two meet. Pairs from whose votes most can be learned, "
        "and new models, come up more often; one draw in five is wholly even. Siblings never meet, and no "
        "model is drawn for a prompt that is too long for it. A model's chances at each draw add up to "
        "what it was promised, ± one standard deviation."
    ),
    N_(
        "**A, p**: how often it was drawn for side A, and the chance of a count at least this uneven with "
        "a fair coin. Among many models some have a small p by chance; ⚠️ is so rare that at most "
        "{percent}% of servers with fair draws show any."
    ),
    N_("**Failed**: battles in which it could not answer. A model that steps in does not count as drawn."),
    N_(
        "Open battles are left out: figures that move would tell who is in them. Nothing is withdrawn in"
        " private: retired models stay listed, masked ones under their code name, and battles taken out stay"
        " in /history with their votes (see “The Leaderboard Illusion”, arXiv 2504.20879)."
    ),
)


class PressedFairness(PressedButton, template=r"arena:fairness:(?P<page>\d{1,4})"):
    """Turns the pages."""

    async def press(self, interaction: Interaction) -> None:
        await show(interaction, await fairness_page(interaction, int(self.match["page"])))


async def fairness_page(interaction: Interaction, number: int) -> Layout:
    report = await interaction.client.arena.fairness.of(interaction.guild_id or 0)
    return lay_out(report, number, translations(interaction.locale.value))


def lay_out(report: FairnessReport, number: int, texts: Translations) -> Layout:
    _ = texts.gettext
    pages = max(1, -(-len(report.models) // PAGE_ROWS))
    number = min(number, pages - 1)
    models = report.models[number * PAGE_ROWS : (number + 1) * PAGE_ROWS]
    heading = "## ⚖️ " + _("How fair the draws are")
    layout = Layout()
    layout.add_section(
        f"{heading} ({number + 1}/{pages})" if pages > 1 else heading,
        _table(models, texts) if models else _("There are no models here yet."),
        *filter(None, [_notes(models, texts)]),
    )
    layout.add_text("\n".join(f"- {line}" for line in _server(report, texts)))
    percent = round(100 * FALSE_ALARMS)
    layout.add_text("\n".join("-# " + _(each).format(percent=percent) for each in EXPLANATIONS))
    layout.add_page_buttons(
        Button(label=_("Previous page"), custom_id=f"arena:fairness:{max(0, number - 1)}"),
        Button(label=_("Next page"), custom_id=f"arena:fairness:{number + 1}"),
        number,
        pages,
    )
    return layout


def _table(models: Sequence[ModelFairness], texts: Translations) -> str:
    _ = texts.gettext
    head = (_("Model"), _("Drawn"), _("Promised"), "A", "p", _("Failed"))
    return table(head, [_row(model) for model in models], NAME_CELLS)


def _row(model: ModelFairness) -> tuple[str, ...]:
    digits = 0 if model.promised >= 100 else 1  # noqa: PLR2004 - three digits are enough
    return (
        model.entry.model.shown,
        str(model.drawn),
        f"{model.promised:.{digits}f} ±{model.deviation:.{digits}f}",
        f"{model.sides.a}/{model.sides.of}",
        _p(model.sides),
        f"{model.failed} ({model.failed / model.asked:.0%})" if model.asked else "–",
    )


def _p(coin: Coin) -> str:
    if not coin.of:
        return "–"
    return f"{coin.p:.2f}" if coin.p >= SMALLEST_SHOWN else f"<{SMALLEST_SHOWN}"


def _notes(models: Sequence[ModelFairness], texts: Translations) -> str:
    """Say of each model what the table has no room for."""
    lines = [
        f"**{display_name(model.entry.model.shown)}**: {' · '.join(facts)}"
        for model in models
        if (facts := _facts(model, texts))
    ]
    return fitting(lines, texts, NOTES_LIMIT)


def _facts(model: ModelFairness, texts: Translations) -> list[str]:
    _ = texts.gettext
    facts: list[str] = []
    if model.stands_out:
        more = _("⚠️ drawn more often than chance explains (p = {p:.2g})")
        less = _("⚠️ drawn less often than chance explains (p = {p:.2g})")
        facts.append((more if model.drawn > model.promised else less).format(p=model.p))
    if model.leans:
        facts.append(_("⚠️ sides more uneven than chance explains (p = {p:.2g})").format(p=model.sides.p))
    if state := state_text(model.entry, texts, moderator=False):
        facts.append(state)
    if model.stepped_in:
        count = model.stepped_in
        facts.append(
            texts.ngettext("stepped in {count} time", "stepped in {count} times", count).format(count=count)
        )
    if model.taken_out:
        count = model.taken_out
        facts.append(
            texts.ngettext(
                "{count} battle taken out by moderators", "{count} battles taken out by moderators", count
            ).format(count=count)
        )
    return facts


def _server(report: FairnessReport, texts: Translations) -> list[str]:
    """Say what the server's battles add up to, and since when chances are known."""
    _ = texts.gettext
    server = report.server
    if server.since is None:
        lines = [_("The chances of each model are kept from the next battle on.")]
    else:
        lines = [
            texts.ngettext(
                "{count} battle was drawn with known chances since {since}.",
                "{count} battles were drawn with known chances since {since}.",
                server.drawn,
            ).format(count=server.drawn, since=f"<t:{server.since:.0f}:D>")
        ]
    if report.firsts.of:
        said = _("Of the two, the model longer on this server had side A in {a} of {of} battles (p = {p}).")
        lines.append(said.format(a=report.firsts.a, of=report.firsts.of, p=_p(report.firsts)))
    if report.wins.of:
        said = _("Of {of} battles that a side won, A won {a} (p = {p}).")
        lines.append(said.format(a=report.wins.a, of=report.wins.of, p=_p(report.wins)))
    said = _("Called off: {called_off}. Taken out of the ratings by moderators: {taken_out}.")
    return [*lines, said.format(called_off=server.called_off, taken_out=server.taken_out)]
