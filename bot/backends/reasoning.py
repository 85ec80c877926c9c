"""Leaves out the reasoning that some models write as text before their answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto

from bot.backends.prose import Prose
from bot.backends.reasoning_markup import (
    ANSWER_CLOSINGS,
    ANSWER_OPENINGS,
    BARE_CHANNEL,
    BEGINNINGS,
    BEGINNINGS_AT_START,
    BY_OPENING,
    CHANNEL,
    CLOSINGS,
    CONNECTIVES,
    HEADER_CHARS,
    HEADER_END,
    HEADERS,
    MARKER,
    MARKER_AT_START,
    MARKUPS,
    WRAPPERS,
    Beginnings,
    ReasoningMarkup,
    may_think_aloud,
    opens_reasoning,
)

MAX_HELD_CHARS = 1 << 20
BEGINNING_CHARS = 40
_CHANNEL = re.compile(r"<\|channel\|>\s*(\w+)", re.IGNORECASE)
_STRINGS = {"'": "'", "‘": "’"}
"""What ends a quotation that a marker begins; before anything else such a character is an apostrophe."""
_WRAPPERS = frozenset(wrapper.lower() for wrapper in WRAPPERS)


class HeldTooLongError(ValueError):
    """More is held back than any reply has."""


@dataclass
class ThinkingHabit:
    """What was learned of one model: whether its replies begin with a reasoning that nothing opens.

    Its first whole reply tells. So does a server that sends reasoning in a field of its own, and a chat
    template that opens none.
    """

    aloud: bool | None = None

    @property
    def is_known(self) -> bool:
        return self.aloud is not None

    def see_separate_reasoning(self) -> None:
        if self.aloud is None:
            self.aloud = False

    def see_template(self, question: str) -> None:
        """Take in how a chat template writes a question, up to where the answer begins; may be unknown."""
        if self.aloud is None and question and not opens_reasoning(question):
            self.aloud = False


class _Place(Enum):
    ANSWER = auto()
    BLOCK = auto()
    HEADER = auto()
    CHANNEL = auto()


@dataclass
class _Shown:
    """What of the answer is certain, and not yet fetched."""

    pieces: list[str] = field(default_factory=list[str])
    chars: int = 0
    is_retracted: bool = False


class ReasoningFilter:
    """Takes blocks of reasoning out of a reply, in any family's markup and wherever they begin.

    Text is held back while it could still become a marker. A closing marker that nothing opened takes away
    all before it, be it that it was passed on already; where a model is known for that, or begins as one
    that thinks aloud, nothing is passed on before that marker or the end. Markers in code or in a quotation
    are what the text is about, and stay. A block that is never closed swallows the rest.
    """

    def __init__(self, habit: ThinkingHabit | None = None) -> None:
        self._habit = habit or ThinkingHabit()
        self._place = _Place.ANSWER
        self._rest = ""
        self._prose = Prose()
        self._markup = MARKUPS[0]
        self._end = self._markup.end
        self._in_midst = False
        self._hidden: list[str] = []
        self._shown = _Shown()
        self._is_blank = True
        self._strips = False
        self._talks = self._is_framed = self._has_reasoned = False
        self._before = self._beginning = self._string = ""
        self._holds = self._habit.aloud

    def feed(self, text: str) -> tuple[bool, str]:
        """Return whether all before is taken away, and the part of the answer that is now certain."""
        work, self._rest = self._rest + text, ""
        while work:
            work = self._step(work)
        return self._fetch(at_end=False)

    def finish(self, *, is_whole: bool = True) -> tuple[bool, str]:
        """Return what was held back and turned out to be no marker; `is_whole`: the model came to its end."""
        rest, self._rest = self._rest, ""
        if self._place is _Place.ANSWER:
            self._show(rest)
        elif self._place is _Place.BLOCK and self._in_midst and is_whole:
            self._show("".join(self._hidden) + rest)
        if self._holds and not is_whole:
            self._take_away()
        if self._habit.aloud is None and is_whole and not self._is_blank:
            self._habit.aloud = False
        return self._fetch(at_end=True)

    def _step(self, work: str) -> str:
        match self._place:
            case _Place.ANSWER:
                return self._seek_marker(work)
            case _Place.BLOCK:
                return self._seek_closing(work)
            case _Place.HEADER:
                return self._read_header(work)
            case _Place.CHANNEL:
                return self._seek_header(work)

    def _seek_marker(self, work: str) -> str:
        found = (MARKER_AT_START if self._is_blank else MARKER).search(work)
        if found is None:
            self._show(self._without_beginning(work, BEGINNINGS_AT_START if self._is_blank else BEGINNINGS))
            return ""
        self._show(work[: found.start()])
        self._meet(found[0])
        return work[found.end() :]

    def _without_beginning(self, work: str, beginnings: Beginnings) -> str:
        """Hold the end back that may be the beginning of a marker; return what stands before."""
        cut = len(work) - beginnings.chars(work[-beginnings.longest :].lower())
        self._rest = work[cut:]
        return work[:cut]

    def _meet(self, marker: str) -> None:
        folded = marker.lower()
        markup = BY_OPENING.get(folded)
        if markup and markup.at_start and not self._is_blank:
            self._show(marker)
        elif self._is_talk(folded):
            self._talks = True
            quote = self._prose.last
            self._show(marker)
            self._string = _STRINGS.get(quote, "") or self._string
        elif folded in ANSWER_OPENINGS or folded in ANSWER_CLOSINGS:
            self._meet_frame(marker, folded)
        elif folded in HEADERS:
            self._place, self._hidden = _Place.HEADER, [marker]
        elif folded in _WRAPPERS:
            self._strips = self._is_blank
        elif markup:
            self._enter(markup, marker)
        else:
            self._habit.aloud = True
            self._take_away()

    def _meet_frame(self, marker: str, folded: str) -> None:
        if folded in ANSWER_OPENINGS and self._is_blank and self._has_reasoned:
            self._is_framed = self._strips = True
        elif folded not in ANSWER_CLOSINGS or not self._is_framed:
            self._show(marker)

    def _is_talk(self, folded: str) -> bool:
        prose = self._prose
        if prose.is_code or prose.follows_quote or self._string:
            return True
        # A stray quotation mark is more likely in a reasoning than a closing marker alone in a quotation.
        return prose.is_quoted and (folded not in CLOSINGS or self._talks)

    def _enter(self, markup: ReasoningMarkup, marker: str) -> None:
        self._place, self._markup, self._end = _Place.BLOCK, markup, markup.end
        self._in_midst = not self._prose.line_is_blank or markup.opening == BARE_CHANNEL
        self._hidden, self._before = [marker], ""

    def _seek_closing(self, work: str) -> str:
        before = self._before
        found = self._end.search(before + work, len(before))
        if found is None:
            # Only as much as may be the beginning of the marker: long reasoning must not pile up.
            kept = max(0, len(work) - self._markup.end_chars + 1)
            self._hide(work[:kept])
            self._rest = work[kept:]
            return ""
        at = found.start() - len(before)
        self._hide(work[:at])
        self._leave(found[0])
        return work[at + len(found[0]) :]

    def _hide(self, reasoning: str) -> None:
        self._before = reasoning[-1:] or self._before
        # A block that began in the midst of a line may turn out to be none, and then it is the answer's.
        if self._in_midst and reasoning:
            self._hidden.append(reasoning)

    def _leave(self, closing: str) -> None:
        self._place = _Place.ANSWER
        hidden = "".join(self._hidden[1:])
        if self._in_midst and hidden.strip() in CONNECTIVES:
            self._show(self._hidden[0] + hidden + closing)
            return
        self._has_reasoned = True
        self._strips = self._is_blank or self._prose.last.isspace()
        if self._is_blank:
            self._shown.pieces.clear()

    def _read_header(self, work: str) -> str:
        header = "".join(self._hidden) + work
        head, end, rest = header.partition(HEADER_END)
        if not end:
            if len(header) > HEADER_CHARS:
                self._place, self._hidden = _Place.ANSWER, []
                self._show(header)
            else:
                self._hidden = [header]
            return ""
        channel = _CHANNEL.search(head)
        self._hidden = []
        if (channel is None and "user" not in head) or (channel and channel[1].lower() == "final"):
            self._place = _Place.ANSWER
            self._take_away()
        else:
            self._place = _Place.CHANNEL
        return rest

    def _seek_header(self, work: str) -> str:
        places = [at for header in HEADERS if (at := work.find(header)) >= 0]
        if places:
            self._place, self._hidden = _Place.HEADER, []
            return work[min(places) :]
        self._rest = work[-len(CHANNEL) :]
        return ""

    def _show(self, text: str) -> None:
        if self._strips:
            text = text.lstrip()
        if not text:
            return
        self._prose.read(text)
        if len(self._beginning) < BEGINNING_CHARS:
            self._beginning = (self._beginning + text).lstrip()[:BEGINNING_CHARS]
        if text.strip():
            self._is_blank = self._strips = False
        if "\n" in text:
            self._talks = False
        if self._string in text or "\n" in text:
            self._string = ""
        self._shown.pieces.append(text)
        self._shown.chars += len(text)
        if self._shown.chars > MAX_HELD_CHARS:
            raise HeldTooLongError

    def _take_away(self) -> None:
        self._shown.pieces.clear()
        self._shown.chars = 0
        self._shown.is_retracted = True
        self._prose = Prose()
        self._is_blank = self._strips = self._has_reasoned = True
        self._holds = False
        self._string = ""

    def _fetch(self, *, at_end: bool) -> tuple[bool, str]:
        shown = self._shown
        if not at_end and (self._is_blank or self._holds_back()):
            is_retracted, shown.is_retracted = shown.is_retracted, False
            return is_retracted, ""
        self._shown = _Shown()
        return shown.is_retracted, "".join(shown.pieces)

    def _holds_back(self) -> bool:
        if self._holds is None and not may_think_aloud(self._beginning):
            self._holds = False
        return self._holds is not False
