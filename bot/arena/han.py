"""Is a text of Han characters alone Chinese or Japanese? Pure.

The national character sets tell, as Python's codecs hold them: a character that JIS X 0208 lacks is Chinese
(说, 们, 吗), one that it alone has is Japanese (説, 発, 込). What they share, a few words of Chinese grammar
decide.
"""

from __future__ import annotations

import re

_JAPANESE = "shift_jis"
_SIMPLIFIED = "gb2312"
_TRADITIONAL = "big5"

_CHINESE_WORDS = re.compile(
    r"[這怎嗎她它你您呢]|是[什不我一在有]|[我他不這那也都就]是|[不我]要|我[的想們]|給我|為什|什麼|多少|如何|可以|"
    r"[一這那幾][個首]|請[用問給你幫寫解告]|有[什多]|沒有|知道|的[^\W的]*的|一下|天[空气氣].{0,2}[样樣]|的(?:做法|方法|詩|历史|歷史)"
)


def chinese_marks(text: str) -> int:
    """Count what only Chinese is written with."""
    return len(set(text) - _written_in(text, _JAPANESE)) + len(_CHINESE_WORDS.findall(text))


def japanese_marks(text: str) -> int:
    """Count the characters that only Japanese is written with."""
    return len(
        _written_in(text, _JAPANESE) - _written_in(text, _SIMPLIFIED) - _written_in(text, _TRADITIONAL)
    )


def of_han(text: str) -> str | None:
    """Return `zh` or `ja`, or None where every character is common to both.

    Without other signs a character that simplification did away with (語, 東) is Japanese: in prompts it is
    more often that than traditional Chinese.
    """
    chinese, japanese = chinese_marks(text), japanese_marks(text)
    if chinese != japanese:
        return "zh" if chinese > japanese else "ja"
    return None if set(text) <= _written_in(text, _SIMPLIFIED) else "ja"


def _written_in(text: str, codec: str) -> set[str]:
    return set(text.encode(codec, "ignore").decode(codec))
