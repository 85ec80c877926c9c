"""Fits text by members and language models into Discord's limits without leaving its Markdown open."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from cogs.ui.markdown_reader import FENCE, Mark, read
from cogs.ui.sanitize import BREAK

__all__ = ["MINIMUM_LIMIT", "TextPage", "beginning", "close", "cut", "prefix", "share", "split"]

ELLIPSIS = "…"
# What is reopened and closed on a page takes at most 50 characters; the rest must hold some text.
MINIMUM_LIMIT = 100

_GRAPHEME = regex.compile(r"\X")
_LINK = regex.compile(r"\[[^\[\]\n]*\]\([^()\s]*\)|<(?:[@#][!&]?\d+|a?:\w+:\d+|t:-?\d+(?::\w)?)>")
_DELIMITERS = "`*_~|"
_BACKTICK_AHEAD = regex.compile(r"\s*`")
_DELIMITER_AHEAD = regex.compile(r"[\s*_~|]")
_PARAGRAPH = regex.compile(r"\n[ \t]*\n\s*")
_LINE = regex.compile(r"\n|(?<=\n```)")
_SENTENCE = regex.compile(r"[.!?][)\"'”’*_~|]*\s+|[。！？][」』）*_~|]*\s*")
_WORD = regex.compile(r"\s+|[、，]")
# Each kind of place to break at, best first, and how much of the room may be given up to reach one.
_PLACES = ((_PARAGRAPH, 0.5), (_LINE, 0.35), (_SENTENCE, 0.35), (_WORD, 0.2))
# How much may be given up to break where nothing is open.
_DETOUR = 0.1
# How many characters may be given up to end a preview with a word.
_NEAR = 24


@dataclass(frozen=True, slots=True)
class TextPage:
    opener: str
    body: str
    closer: str

    @property
    def text(self) -> str:
        return f"{self.opener}{self.body}{self.closer}"


def cut(text: str, limit: int) -> str:
    """Return the beginning of a text, closed and in at most `limit` (1 or more) characters.

    An ellipsis marks that something was left out.
    """
    if limit < 1:
        raise ValueError(f"No text fits into {limit} characters")
    if len(text) <= limit and len(whole := close(text)) <= limit:
        return whole
    layout = _Layout(text)
    room = min(limit - len(ELLIPSIS), len(text))
    while True:
        shown = close(text[: layout.break_after(0, room)].rstrip()) + ELLIPSIS
        if len(shown) <= limit:
            return shown
        room = max(room - max(len(shown) - limit, 1), 0)


def beginning(text: str, end: int) -> tuple[str, int]:
    """Return what stands before `end`, closed, and where it really ends: at a word near it, or a line."""
    layout = _Layout(text)
    stop = layout.break_near(end)
    shown = text[:stop].rstrip()
    return close(shown), len(shown)


def split(text: str, limit: int) -> list[TextPage]:
    """Divide a text into closed pages of at most `limit` characters; their bodies, joined, are the text.

    A delimiter that never finds its partner is closed on its own page and not reopened on the next.
    """
    if limit < MINIMUM_LIMIT:
        raise ValueError(f"A page needs {MINIMUM_LIMIT} characters or more, not {limit}")
    layout = _Layout(text)
    pages = [layout.page(0, limit)]
    shown = len(pages[0].body)
    while shown < len(text):
        pages.append(layout.page(shown, limit))
        shown += len(pages[-1].body)
    return pages


def prefix(text: str, count: int) -> str:
    """Return the first `count` characters, or fewer to the end of a grapheme, closed."""
    if count >= len(text):
        return close(text)
    ends = _grapheme_ends(text, 0, max(count, 0))
    return close(text[: ends[-1] if ends else 0])


def close(text: str) -> str:
    """Append what closes everything that a text leaves open."""
    return text + _closer(text)


def share(lengths: Sequence[int], budget: int) -> list[int]:
    """Divide a budget: short texts take what they need, the long ones get equal parts of the rest."""
    level, left = 0, max(budget, 0)
    for waiting, length in zip(range(len(lengths), 0, -1), sorted(lengths), strict=True):
        level = left // waiting
        if length > level:
            break
        level, left = length, left - length
    return [min(length, level) for length in lengths]


class _Layout:
    """A text with all the places where it may be broken."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._marks = _paired_marks(text)
        self._mark_ends = [mark.end for mark in self._marks]
        self._links = [link.span() for link in _LINK.finditer(text)]

    def page(self, start: int, limit: int) -> TextPage:
        opener = self._opener(start, start + limit)
        room = limit - len(opener)
        while True:
            body = self._text[start : self.break_after(start, room)]
            page = TextPage(opener, body, _closer(opener + body))
            excess = len(page.text) - limit
            if excess <= 0:
                return page
            room = min(room, len(body)) - excess

    def break_after(self, start: int, room: int) -> int:
        """Find the best place to break in the `room` characters behind `start`."""
        end = start + room
        if end >= len(self._text) or room <= 0:
            return min(end, len(self._text))
        spots = self._spots(start, end)
        best = self._best(spots, end, room)
        nearby = [spot for spot in spots if best - room * _DETOUR <= spot <= best and not self._open_at(spot)]
        return self._best(nearby, end, room) if nearby and self._open_at(best) else best

    def break_near(self, end: int) -> int:
        """Find the last place to break at or before `end`, in a word only where the word is long."""
        if end >= len(self._text) or end <= 0:
            return min(max(end, 0), len(self._text))
        spots = self._spots(max(0, end - _NEAR), end)
        words = {match.end() for match in _WORD.finditer(self._text, max(0, end - _NEAR), end + 1)}
        return max(words.intersection(spots), default=spots[-1])

    def _spots(self, start: int, end: int) -> list[int]:
        graphemes = _grapheme_ends(self._text, start, end)
        whole = [spot for spot in graphemes if not self._tears_token(spot)]
        tidy = [spot for spot in whole if not self._looks_torn(spot)]
        return tidy or whole or graphemes or [end]

    def _best(self, spots: Sequence[int], end: int, room: int) -> int:
        allowed = set(spots)
        for place, loss in _PLACES:
            found = [match.end() for match in place.finditer(self._text, end - int(room * loss), end)]
            if ends := allowed.intersection(found):
                return max(ends)
        return spots[-1]

    def _tears_token(self, spot: int) -> bool:
        following = bisect_right(self._mark_ends, spot)
        if following < len(self._marks) and self._marks[following].start < spot:
            return True
        before, after = self._text[spot - 1], self._text[spot]
        return before == "\\" or (before == after and before in _DELIMITERS)

    def _looks_torn(self, spot: int) -> bool:
        """Whether a break here would leave an opener with nothing behind it, or half a link."""
        mark = bisect_right(self._mark_ends, spot) - 1
        behind_opener = mark >= 0 and self._mark_ends[mark] == spot and self._opens(mark)
        link = bisect_right(self._links, (spot,)) - 1
        return behind_opener or (link >= 0 and spot < self._links[link][1])

    def _opens(self, index: int) -> bool:
        before = self._marks[index - 1].open if index else ()
        return len(self._marks[index].open) > len(before)

    def _open_at(self, position: int) -> tuple[str, ...]:
        index = bisect_right(self._mark_ends, position) - 1
        return self._marks[index].open if index >= 0 else ()

    def _opener(self, start: int, end: int) -> str:
        opened = self._open_at(start)
        if not opened:
            return ""
        touches = _BACKTICK_AHEAD if opened[-1][0] == "`" else _DELIMITER_AHEAD
        return "".join(opened) + (BREAK if touches.match(self._text, start, end) else "")


def _paired_marks(text: str) -> list[Mark]:
    """Read a text, leaving out the delimiters that find no partner anywhere in it."""
    reading = read(text)
    strays = {kind: start for kind, start in reading.dangling.items() if kind[0] != "`"}
    never = len(text)
    return [
        Mark(mark.start, mark.end, tuple(kind for kind in mark.open if mark.start < strays.get(kind, never)))
        for mark in reading.marks
    ]


def _closer(piece: str) -> str:
    reading = read(piece)
    if not reading.dangling:
        return ""
    kinds = list(reversed(reading.dangling))
    kind, content = kinds[0], piece[reading.marks[-1].end :]
    if kind[0] == "`":
        space = BREAK if not content.strip() or content.endswith("`") else ""
    else:
        space = BREAK if _would_not_close(kind, piece[-1]) else ""
    piece += space
    if kind.startswith(FENCE):
        on_new_line = "\n" in piece[reading.dangling[kind] :] and not piece.endswith("\n")
        kinds[0] = f"\n{FENCE}" if on_new_line else FENCE
    return space + "".join(kinds)


def _would_not_close(kind: str, before: str) -> bool:
    # Behind a slash, "_" would be the code of an invite that was broken there.
    return before in f"\\/{_DELIMITERS}" or (kind in "*_" and before.isspace())


def _grapheme_ends(text: str, start: int, end: int) -> list[int]:
    # Whether a grapheme goes on shows in the next character only, so one more is looked at.
    return [grapheme.end() for grapheme in _GRAPHEME.finditer(text, start, end + 1) if grapheme.end() <= end]
