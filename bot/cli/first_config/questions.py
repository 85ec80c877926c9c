"""Questions on a terminal, each with an answer that Enter takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bot.cli.output import say
from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.i18n import Translations

T = TypeVar("T")

SHOWN = 20
"""Models of one list; OpenRouter has hundreds."""

ALIKE = 8
MOST_CHARS = 200
YES, NO = ("y", "yes", "はい", "ｙ"), ("n", "no", "いいえ", "ｎ")
SNOWFLAKE = re.compile(r"[0-9]{17,19}")
SEPARATOR = re.compile(r"[,、\s]+")
SHORTEST_VOTE, LONGEST_VOTE = 10, 604_800
LANGUAGES = ("auto", "en", "ja")


@dataclass(frozen=True, slots=True)
class Questions:
    """Asks whoever sits at the terminal; where `takes_defaults`, nobody."""

    texts: Translations
    read: Callable[[str], str]
    takes_defaults: bool = False

    def ask(self, text: str, default: str, understand: Callable[[str], T]) -> T:
        """Ask until the answer can be understood; the default always can."""
        while not self.takes_defaults:
            shown = f" [{default}]" if default else ""
            given = self.read(f"{text}{shown} ").strip()
            try:
                return understand(given or default)
            except ArenaError as error:
                say(self.texts.gettext(error.template).format(**error.values))
        return understand(default)

    def confirm(self, text: str) -> bool:
        """Ask for yes or no; Enter is yes."""
        return self.ask(text, YES[0], yes_or_no)


def yes_or_no(text: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise ArenaError(N_("Please answer y or n."))


def server_ids(text: str) -> tuple[int, ...]:
    """Read ids with spaces or commas between."""
    found = [each for each in SEPARATOR.split(text) if each]
    for each in found:
        if SNOWFLAKE.fullmatch(each) is None or int(each) >= 2**63:
            raise ArenaError(
                N_(
                    "“{word}” is not the id of a server, which has 17 to 19 digits: turn on Developer Mode in"
                    " Discord's settings, right-click the server, and choose Copy Server ID."
                ),
                word=_printable(each),
            )
    return tuple(dict.fromkeys(map(int, found)))


def voting_seconds(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not SHORTEST_VOTE <= int(text[:7]) <= LONGEST_VOTE:
        raise ArenaError(
            N_("Please give a whole number of seconds from {least} to {most}."),
            least=SHORTEST_VOTE,
            most=LONGEST_VOTE,
        )
    return int(text)


def language(text: str) -> str:
    if text not in LANGUAGES:
        raise ArenaError(N_("Please answer with one of these: {known}."), known=", ".join(LANGUAGES))
    return text


def models_of(text: str, known: Sequence[str]) -> list[str]:
    """Read which models are meant: numbers of the list, ids, or a part that only one id has."""
    words = [each for each in SEPARATOR.split(text) if each]
    return list(dict.fromkeys(_model(each, known) for each in words))


def _model(word: str, known: Sequence[str]) -> str:
    if word in known:
        return word
    if word.isascii() and word.isdecimal() and 1 <= int(word[:5]) <= min(len(known), SHOWN):
        return known[int(word) - 1]
    if not known:
        if not word.isprintable() or len(word) > MOST_CHARS:
            raise ArenaError(N_("“{word}” cannot be the id of a model."), word=_printable(word))
        return word
    alike = [each for each in known if word.lower() in each.lower()]
    if len(alike) == 1:
        return alike[0]
    if not alike:
        raise ArenaError(N_("There is no model “{word}” in the list."), word=_printable(word))
    raise ArenaError(
        N_("More than one model has “{word}” in its id, among them: {models}."),
        word=_printable(word),
        models=", ".join(alike[:ALIKE]),
    )


def _printable(text: str) -> str:
    return "".join(filter(str.isprintable, text))[:40]
