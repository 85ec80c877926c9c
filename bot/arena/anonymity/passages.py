"""Texts made ready to be searched for how somebody speaks of himself. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 320
"""Characters of a sentence that are searched at once; a longer one is cut into parts."""
OVERLAP = 120
"""What two parts share, so that what is said at a cut is in one of them; no phrase is much longer."""

# Emphasis and quotation marks would stand between the words of a pattern; ⟦⟧ mark the names.
_DROPPED = dict.fromkeys(map(ord, "*`⟦⟧\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufe0f\ufeff"))
_MARKS = dict.fromkeys(map(ord, '"“”„«»「」『』'))
_APOSTROPHES = {ord("’"): "'", ord("‘"): "'"}
_EMPHASIS = re.compile(r"\|\||~~|(?<![A-Za-z0-9])_{1,3}|_{1,3}(?![A-Za-z0-9])")
_CODE = re.compile(r"^ {0,3}```[a-z+#]{1,20}$.*?(?:^ {0,3}```|\Z)", re.IGNORECASE | re.MULTILINE | re.DOTALL)

_QUOTATION = re.compile(
    r'(?<![A-Za-z0-9])"([^"\n]{1,300})"|“([^“”\n]{1,300})”|「([^「」\n]{1,300})」|『([^『』\n]{1,300})』'
)
_SPEECH = re.compile(
    r"(?<![a-z])(?:I|I'm|my|you|your|who|call)(?![a-z])|私|僕|俺|わたし|あなた|貴方|君|お?名前|[。、!?]|です|ます",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[ \t]{1,3}(?=[^a-z\s])|(?<=[。!?])|\n{1,9}")


def plain(text: str) -> str:
    """Return a text without emphasis, invisible characters and differences of width."""
    return _EMPHASIS.sub("", normalize("NFKC", text).translate(_DROPPED | _APOSTROPHES))


def own_words(text: str) -> str:
    """Return what a writer says himself: code, and speech in quotation marks, is another's.

    A text that is nothing but a quotation is the writer's own. Marks around a mere name are dropped.
    """
    without_code = _CODE.sub("\n", text)
    plainly = plain(without_code)
    own = _QUOTATION.sub(lambda found: " … " if _SPEECH.search(found[0]) else found[0], plainly)
    return (own if re.search(r"\w", own) else plainly).translate(_MARKS)


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, none longer than LONGEST.

    Together they are not much longer than the text: a search that takes a limited time for each of them takes
    a time in proportion to the text, whatever it says.
    """
    for sentence in _SENTENCE_END.split(text):
        stripped = sentence.strip()
        yield stripped[:LONGEST]
        for start in range(LONGEST - OVERLAP, len(stripped) - OVERLAP, LONGEST - OVERLAP):
            yield stripped[start : start + LONGEST]
