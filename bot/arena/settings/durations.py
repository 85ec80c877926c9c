"""Lengths of time as people write them, in English and in Japanese: "90 s", "5 min", "1h30m", "３日"."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.domain.days import DAY_SECONDS
from bot.i18n import N_

if TYPE_CHECKING:
    from bot.i18n import Translations

MINUTE, HOUR, DAY = 60, 3600, DAY_SECONDS
NAMES = {
    1: "s sec secs second seconds 秒 秒間",
    MINUTE: "m min mins minute minutes 分 分間",
    HOUR: "h hr hrs hour hours 時間",
    DAY: "d day days 日 日間",
    7 * DAY: "w wk wks week weeks 週 週間",
}
UNITS = {name: seconds for seconds, names in NAMES.items() for name in names.split()}
SPELLED = {
    DAY: N_("{count} d "),
    HOUR: N_("{count} h "),
    MINUTE: N_("{count} min "),
    1: N_("{count} s "),
}

SHORT = {seconds: names.split()[0] for seconds, names in NAMES.items()}
NUMBER = r"\d{1,9}(?:\.\d{1,9})?"

_PART = re.compile(rf"({NUMBER}) ?([a-z]+|[^\W\da-z_]+)(?:,| and)? ?")


def seconds_in(text: str, plain: int = 1) -> int | None:
    """Return how many seconds a text means; `None` where it means nothing, or no whole number of them.

    A number that stands alone counts units of `plain` seconds.
    """
    rest = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    if re.fullmatch(NUMBER, rest):
        rest += f" {SHORT[plain]}"
    total, smallest = Decimal(0), 8 * DAY
    while found := _PART.match(rest):
        unit = UNITS.get(found[2], smallest)
        if unit >= smallest:
            return None
        total += Decimal(found[1]) * unit
        smallest, rest = unit, rest[found.end() :]
    return int(total) if smallest <= 7 * DAY and not rest and total == int(total) else None


def spelled(seconds: int, texts: Translations) -> str:
    """Write a length of time with the units that are needed, the longest first; nothing for 0."""
    parts: list[str] = []
    for unit, words in SPELLED.items():
        count, seconds = divmod(seconds, unit)
        if count:
            parts.append(texts.gettext(words).format(count=count))
    return "".join(parts).strip()
