"""The language of a prompt. Pure, and the same prompt has always the same language.

The script decides where it can: kana is Japanese, Hangul Korean. Of Chinese and Japanese without kana
`bot.arena.han` decides, of the languages of one alphabet `bot.arena.likelihoods`. The first prompt loads the
latter's model, which takes a tenth of a second: call this in a thread.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import normalize

import regex

from bot.arena.categories.code import prose_of
from bot.arena.categories.function_words import FUNCTION_WORDS
from bot.arena.categories.language_statistics import CANDIDATES, likeliest, likelihoods_of, probabilities

if TYPE_CHECKING:
    from collections.abc import Iterator

MIXED_LANGUAGES = "mixed"
UNKNOWN_LANGUAGE = "unknown"

_WRITTEN_ALONE = {
    "Thai": "th",
    "Hebrew": "he",
    "Greek": "el",
    "Devanagari": "hi",
    "Bengali": "bn",
    "Tamil": "ta",
    "Georgian": "ka",
    "Armenian": "hy",
}
_ALPHABETS = ("Latin", "Cyrillic", "Arabic", *_WRITTEN_ALONE)

_SURE_ENOUGH = 0.5
_SURE = 1.0
"""Of a sentence that is in another language than the rest in its alphabet, and so makes the prompt mixed."""
_FIRM = 0.75
"""Of Chinese in characters that Japanese has too."""

_LETTERS_READ = 1000
_SENTENCES_READ = 30
"""The rest of a longer prompt is not read: its language is known by then."""

_END = regex.compile(r"[.!?:;][\"”'’)\]]*(?=\s|$)|[。!?:;…؟\n]")
_QUOTED = regex.compile(r"「[^「」\n]*」|『[^『』\n]*』|“[^“”\n]*”|«[^«»\n]*»|\"[^\"\n]*\"")
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’]*")
_OF_ASIA = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}ー]")
_KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}]")
_HIRAGANA = regex.compile(r"\p{Hiragana}")
_HANGUL = regex.compile(r"\p{Hangul}")
_HAN = regex.compile(r"\p{Han}")
_ALPHABET = {name: regex.compile(rf"\p{{{name}}}") for name in _ALPHABETS}

_OPENING = regex.compile(
    r"\W*(?:what|how|why|who|where|when|which|is|are|can|could|do|does|explain|translate|write|tell|give|describe"
    r"|say|read|compare|define|please|tell|was|wie|wer|warum|erkläre|que|qui|comment|explique|qué|cómo"
    r"|o que|как|что)"
    r"(?:['’]\w+)?\s",
    regex.IGNORECASE,
)
"""How a sentence of an alphabet begins that may hold words of Japanese, Chinese or Korean."""
_GLUED = regex.compile(r"\p{Latin}\p{Hiragana}")

_ALL_FUNCTION_WORDS = frozenset(word for words in FUNCTION_WORDS.values() for word in words)
_SHORTEST_SENTENCE = 3
_SHORTEST_OF_ASIA = 4

_JAPANESE = "shift_jis"
_SIMPLIFIED = "gb2312"
_TRADITIONAL = "big5"
_CHINESE_WORDS = re.compile(
    r"[這怎嗎她它你您呢]|是[什不我一在有]|[我他不這那也都就]是|[不我]要|我[的想們]|給我|為什|什麼|多少|如何|可以|"
    r"[一這那幾][個首]|請[用問給你幫寫解告]|有[什多]|沒有|知道|的[^\W的]*的|一下|天[空气氣].{0,2}[样樣]|的(?:做法|方法|詩|历史|歷史)"
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """`script` is Unicode's name of one, or the language; two letters of Asia count as a word in `size`."""

    script: str
    text: str
    size: float
    is_whole: bool


def language_of_prompt(prompt: str) -> str:
    """Return the ISO 639-1 code of a prompt's language, `mixed` or `unknown`.

    Code, links, mentions and emoji do not count, nor do words of another language within a sentence. Whole
    sentences in two languages are mixed.
    """
    sentences = list(_sentences(prompt))
    whole = [sentence for sentence in sentences if sentence.is_whole]
    counted = whole or sentences
    languages = {script: _language_in(script, counted) for script in {each.script for each in counted}}
    found = set(languages.values()) | _others_in_one_alphabet(whole, languages)
    found.discard(None)
    if len(found) > 1 and whole:
        return MIXED_LANGUAGES
    return _weightiest(counted, languages) or UNKNOWN_LANGUAGE


def _weightiest(sentences: list[_Sentence], languages: dict[str, str | None]) -> str | None:
    sizes: Counter[str] = Counter()
    for sentence in sentences:
        sizes[sentence.script] += round(sentence.size * 2)
    known = (languages[script] for script, _ in sizes.most_common() if languages[script])
    return next(known, None)


def _sentences(prompt: str) -> Iterator[_Sentence]:
    prose = prose_of(prompt)
    passages: list[str] = [quote for quote in _QUOTED.findall(prose) if _END.search(quote[1:-2])]
    outside = _QUOTED.sub(lambda quote: " " if quote[0] in passages else quote[0], prose)
    pieces = [piece for part in (outside, *passages) for piece in _END.split(part) if _WORD.search(piece)]
    longest = sorted(pieces, key=len, reverse=True)[:_SENTENCES_READ]
    for piece in longest:
        yield _read(normalize("NFKC", piece.strip()[:_LETTERS_READ]))


def _read(text: str) -> _Sentence:
    """Tell the script of the sentence itself, whatever it quotes or mentions."""
    unquoted = _QUOTED.sub(" ", text)
    text = unquoted if len("".join(_WORD.findall(unquoted))) > 1 else text
    letters = _OF_ASIA.findall(text)
    words: list[str] = _WORD.findall(_OF_ASIA.sub(" ", text))
    if letters and not (words and _embeds(text, words)):
        return _of_asia("".join(letters))
    return _of_an_alphabet(words)


def _of_an_alphabet(words: list[str]) -> _Sentence:
    """Read the words of the alphabet that has most. Single letters are signs: x, π."""
    alphabets = Counter(_alphabet_of(word) for word in words if len(word) > 1)
    script = min(alphabets, key=lambda each: (-alphabets[each], each), default="")
    mine = [word for word in words if _alphabet_of(word) == script]
    is_whole = len(mine) >= _SHORTEST_SENTENCE and any(word.lower() in _ALL_FUNCTION_WORDS for word in mine)
    return _Sentence(script, " ".join(mine), len(mine), is_whole)


def _of_asia(letters: str) -> _Sentence:
    kana, hangul = len(_KANA.findall(letters)), len(_HANGUL.findall(letters))
    script = "Han"
    if hangul > kana:
        script = "ko"
    elif kana and chinese_marks("".join(_HAN.findall(letters))) <= kana:
        script = "ja"
    speaks = script != "ja" or _HIRAGANA.search(letters) is not None
    return _Sentence(script, letters, len(letters) / 2, speaks and len(letters) >= _SHORTEST_OF_ASIA)


def _embeds(text: str, words: list[str]) -> bool:
    """Say whether a sentence of an alphabet stands around words of Asia, as in "What does 木漏れ日 mean?".

    Not a title, in capitals, nor one that grammar is attached to: README, How to Train Your Dragon の感想.
    """
    if not _OPENING.match(text) or _GLUED.search(text):
        return False
    others = words[1:]
    return sum(word[0].islower() for word in others) * 2 >= len(others)


def _alphabet_of(word: str) -> str:
    return next((name for name, letter in _ALPHABET.items() if letter.match(word)), "")


def _language_in(script: str, sentences: list[_Sentence]) -> str | None:
    text = " ".join(sentence.text for sentence in sentences if sentence.script == script)[:_LETTERS_READ]
    if script == "Han":
        beside_kana = any(sentence.script == "ja" for sentence in sentences)
        return of_han(text) or ("ja" if beside_kana else _of_common_han(text))
    if script in CANDIDATES:
        likelihoods = likelihoods_of(text, script)
        language = likeliest(likelihoods)
        return language if likelihoods[language] >= _SURE_ENOUGH else None
    return _WRITTEN_ALONE.get(script, script or None)


def _of_common_han(text: str) -> str:
    """Decide on a few characters that are the same in both: Japanese, unless the statistics are firm."""
    return "zh" if probabilities(text, "Han").get("zh", 0) >= _FIRM else "ja"


def _others_in_one_alphabet(sentences: list[_Sentence], languages: dict[str, str | None]) -> set[str | None]:
    """Return the languages of single sentences that are surely not the one of their alphabet's other ones."""
    return {
        likeliest(likelihoods)
        for sentence in sentences
        if sentence.script in CANDIDATES and len(sentences) > 1
        if (likelihoods := likelihoods_of(sentence.text, sentence.script))
        if _SURE <= max(likelihoods.values()) >= 2 * likelihoods.get(languages[sentence.script] or "", 0)
    }


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
