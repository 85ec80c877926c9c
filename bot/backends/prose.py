"""Where in a Markdown text one is: in code, in a quotation, at the beginning of a line."""

from __future__ import annotations

import re

_TOKENS = re.compile(r"\n|`+|~+|[\"“”„«»「」『』]|[^\n`~\"“”„«»「」『』]+")
_OPENING = "“„«「『"
_CLOSING = "”»」』"
_FENCE = 3


class Prose:
    """Reads a text as it comes, cut anywhere.

    Inline code and quotations end with their line: a stray mark must not spoil the rest of a text.
    """

    def __init__(self) -> None:
        self.line_is_blank = True
        """Only white space stands before this place in its line."""
        self.last = ""
        self._fence = ""
        self._inline = 0
        self._run = ""
        self._run_begins_line = False
        self._is_blockquote = False
        self._straight = False
        self._depth = 0

    def read(self, text: str) -> None:
        for part in _TOKENS.findall(text):
            self._take(part)
        self.last = text[-1:] or self.last

    @property
    def is_code(self) -> bool:
        self._end_run()
        return bool(self._fence or self._inline)

    @property
    def is_quoted(self) -> bool:
        return self._straight or self._depth > 0 or self._is_blockquote

    @property
    def follows_quote(self) -> bool:
        """The character just before is one that opens a quotation."""
        return self.last != "" and self.last in _OPENING + "\"'‘`"

    def _take(self, part: str) -> None:
        if part[0] in "`~":
            self._extend_run(part)
            return
        self._end_run()
        if part == "\n":
            self._end_line()
        elif part == '"':
            self._straight = not self._straight
        elif part in _OPENING:
            self._depth += 1
        elif part in _CLOSING:
            self._depth = max(0, self._depth - 1)
        elif self.line_is_blank and part.lstrip().startswith(">"):
            self._is_blockquote = True
        if part.strip():
            self.line_is_blank = False

    def _extend_run(self, part: str) -> None:
        if self._run and self._run[0] != part[0]:
            self._end_run()
        if not self._run:
            self._run_begins_line = self.line_is_blank
        # More are as good as so many, and a text of nothing else must not become slow.
        self._run = (self._run + part)[:99]
        self.line_is_blank = False

    def _end_run(self) -> None:
        run, self._run = self._run, ""
        if not run:
            return
        if self._fence:
            if self._run_begins_line and run.startswith(self._fence):
                self._fence = ""
        elif self._run_begins_line and len(run) >= _FENCE:
            self._fence = run
        elif run[0] == "`":
            self._inline = 0 if self._inline == len(run) else self._inline or len(run)

    def _end_line(self) -> None:
        self.line_is_blank = True
        self._inline = self._depth = 0
        self._straight = self._is_blockquote = False
