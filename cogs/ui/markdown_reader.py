"""What Discord reads in a text, and how a text is made harmless.

Discord's rules are regular expressions tried one after another, so where an asterisk stands before a backtick
decides what is code. `read` follows them closely enough to close what is open. `sanitize` must not rely on
being right: it leaves alone only the code that is code under every reading, and defuses all the rest.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass

_TOKEN = re.compile(r"\\[^0-9A-Za-z\s]|`+|\*\*|\*|__|_|~~|\|\||:/")
_RUN = re.compile(r"`+")
_SPACE = re.compile(r"\s")
_BRACKET = re.compile(r"\[|\](\(?)")
# A longer info string is taken for code: reopening it on each page would leave no room for the text.
_INFO = re.compile(r"([A-Za-z0-9_+\-.#]{0,20})\n")

# Nothing here could begin a quote, a heading or a list, wherever on the line a page begins.
_PLAIN_LINE = re.compile(r"(?:[^\s>#*+\-\d][^>#*+\-\d]*)?")

FENCE = "```"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place where something opens or closes, and what is open behind it, as the strings that open it."""

    start: int
    end: int
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    marks: list[Mark]
    code: list[tuple[int, int]]
    """The spans that are code whatever the reader's rules."""
    dangling: dict[str, int]
    """What the text leaves open, in the order of opening, and where each begins."""


def read(text: str) -> Reading:
    reader = _Reader(text)
    position = 0
    while token := _TOKEN.search(text, position):
        position = reader.take(token)
    return Reading(reader.marks, reader.code, reader.open)


class _Reader:
    """One pass over a text. Bold and its like open and close independently: Discord lets them cross."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._runs = _runs(text)
        self._last_newline = text.rfind("\n")
        self._url_end = 0
        # Characters that may, in some reading, still wait for a partner. A code span that contains one of
        # them could be torn apart, since Discord looks for the partner before it looks for code. A backtick
        # among them puts all further code in doubt.
        self._loose: set[str] = set()
        self._lone: set[str] = set()
        self.open: dict[str, int] = {}
        self.marks: list[Mark] = []
        self.code: list[tuple[int, int]] = []

    def take(self, token: re.Match[str]) -> int:
        """Account for one token; return where reading goes on."""
        found = token[0]
        if token.start() < self._url_end:
            self._loose.add(found[0])
        if found == ":/":
            self._enter_url(token.end())
        elif found[0] == "\\":
            self._loose.add(found[1])
        elif found[0] == "`":
            return self._take_code(token.start(), token.end())
        else:
            self._take_delimiter(found, token.start(), token.end())
        return token.end()

    def _enter_url(self, position: int) -> None:
        # An address swallows the backticks and asterisks in it, in some places and not in others.
        if position > self._url_end:
            space = _SPACE.search(self._text, position)
            self._url_end = space.start() if space else len(self._text)

    def _take_delimiter(self, kind: str, start: int, end: int) -> None:
        before, after = self._text[start - 1 : start], self._text[end : end + 1]
        if kind[0] in (before, after):
            # Which of "****" or "***" closes what, Discord's rules settle by what follows.
            self._loose.add(kind[0])
        if kind in self.open and _closes(kind, before, after):
            self._shut(kind, start, end)
        elif kind not in self.open and _opens(kind, before, after):
            self.open[kind] = start
            self._mark(start, end)
        else:
            self._loose.add(kind[0])

    def _shut(self, kind: str, start: int, end: int) -> None:
        # Quotes, headings and list items are read on their own: a pair across lines may be none there.
        tidy = next(reversed(self.open)) == kind and "\n" not in self._text[self.open[kind] : start]
        if not tidy:
            self._loose.add(kind[0])
        del self.open[kind]
        self._mark(start, end)

    def _take_code(self, start: int, end: int) -> int:
        length = end - start
        kind, content = self._code_opening(start, end)
        close = self._next_run(min(length, len(FENCE)), content)
        if close is None:
            return self._take_unclosed(kind, start, content)
        after = close + length if length < len(FENCE) else self._run_end(close)
        self._note_certainty(start, content, close, after)
        self._mark(start, content, kind)
        self._mark(close, after)
        return after

    def _take_unclosed(self, kind: str, start: int, content: int) -> int:
        self._loose.add("`")
        # A lone backtick lines ago was an apostrophe; on the last line it is code still being written.
        # Where one of its length was such a one before, closing this one would close that.
        if not kind.startswith(FENCE) and (content <= self._last_newline or kind in self._lone):
            self._lone.add(kind)
            return content
        self.open[kind] = start
        self._mark(start, content)
        return len(self._text)

    def _code_opening(self, start: int, end: int) -> tuple[str, int]:
        if end - start < len(FENCE):
            return self._text[start:end], end
        info = _INFO.match(self._text, end)
        return f"{FENCE}{info[1] if info else ''}\n", info.end() if info else end

    def _next_run(self, length: int, position: int) -> int | None:
        runs = self._runs[length]
        index = bisect_right(runs, position - 1)
        return runs[index] if index < len(runs) else None

    def _note_certainty(self, start: int, content: int, close: int, after: int) -> None:
        body = self._text[content:close]
        waiting = self._loose | {kind[0] for kind in self.open}
        apart = "`" not in waiting and not any(character in body for character in waiting)
        plain = max(after - close, self._run_end(start) - start) <= len(FENCE) and body.strip()
        if apart and plain and self._is_in_one_block(start, close) and not _ends_a_link(body):
            self.code.append((start, after))
        else:
            self._loose.add("`")

    def _is_in_one_block(self, start: int, close: int) -> bool:
        # A quote, a heading or a list item may end with its line, and its code with it.
        if "\n" not in self._text[start:close]:
            return True
        line = self._text[self._text.rfind("\n", 0, start) + 1 : start]
        return self._text.startswith(FENCE, start) and _PLAIN_LINE.fullmatch(line) is not None

    def _run_end(self, start: int) -> int:
        run = _RUN.match(self._text, start)
        return run.end() if run else start

    def _mark(self, start: int, end: int, *more: str) -> None:
        self.marks.append(Mark(start, end, (*self.open, *more)))


def _runs(text: str) -> dict[int, list[int]]:
    """Where the runs of one, two, and three or more backticks begin."""
    runs: dict[int, list[int]] = {1: [], 2: [], 3: []}
    for run in _RUN.finditer(text):
        runs[min(len(run[0]), len(FENCE))].append(run.start())
    return runs


def _opens(kind: str, before: str, after: str) -> bool:
    match kind:
        case "||":
            return True
        case "*":
            return not (after.isspace() or (_is_ascii_word(before) and _is_ascii_word(after)))
        case "_":
            return not (after.isspace() or before.isalnum())
        case _:
            return not after.isspace()


def _closes(kind: str, before: str, after: str) -> bool:
    match kind:
        case "*":
            return not before.isspace()
        case "_":
            return not (before.isspace() or after.isalnum())
        case _:
            return True


def _is_ascii_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _ends_a_link(code: str) -> bool:
    """Whether a bracket before this code could pair with a `](` in it, which makes both a link's label."""
    depth = 0
    for bracket in _BRACKET.finditer(code):
        if bracket[0] == "[":
            depth += 1
        elif depth:
            depth -= 1
        elif bracket[1]:
            return True
    return False
