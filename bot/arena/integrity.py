"""Does a reply give its model away? Pure.

Two things do. One is the contestant's own name, wherever it stands. The other is a reply that names itself:
"I am X", "made by X" of the speaker, for any X of the makers and families below. Their names alone are more
often a reply's subject than its signature ("Claude Monet", "a llama", "phi = 1.618").

The names in a text are bracketed first, as `⟦kind name⟧`, so that the patterns of self-naming stay short.
Kinds: `O` the contestant's own, `F` family, `M` maker, `B` both; `f` and `m` where the name is also a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from unicodedata import normalize

from bot.arena.identity_phrases import OPENINGS, QUESTIONS, SELF_NAMING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

# Separated by commas; a space stands for any separator, or none.
_NAMES = {
    "B": "deepseek, ディープシーク, elyza, イライザ, rinna, stockmark, naver",
    "M": """
        openai, オープンエーアイ, オープン ai, anthropic, アンソロピック, アンスロピック, google,
        グーグル, deepmind, ディープマインド, facebook, microsoft, マイクロソフト, nvidia,
        エヌビディア, mistral ai, alibaba, アリババ, 阿里巴巴, 深度求索, xai, x ai, cohere, コヒア,
        01 ai, 零一万物, zhipu, 智譜 ai, 智谱 ai, moonshot ai, 月之暗面, baidu, 百度, tencent,
        テンセント, bytedance, バイトダンス, hugging face, ハギングフェイス, stability ai, ai21,
        databricks, upstage, preferred networks, プリファードネットワークス, preferred elements, pfn,
        cyberagent, サイバーエージェント, sb intuitions, ストックマーク, fujitsu, 富士通, sakana ai,
        abeja, rakuten, 楽天, softbank, ソフトバンク""",
    "m": "meta, メタ, amazon, アマゾン, apple, アップル, ibm, ntt, nec, 東京科学大学, 東京工業大学",
    "F": """
        chat gpt, gpt, チャット gpt, チャットジーピーティー, mixtral, codestral, ministral, magistral,
        qwen, qwq, クウェン, tongyi qianwen, 通義千問, 通义千问, nemotron, chat glm, glm, 智譜清言,
        智谱清言, hunyuan, 混元, 文心一言, doubao, 豆包, baichuan, internlm, olmo, jamba, dbrx,
        stablelm, smol lm, exaone, hyperclova, plamo, cyberagentlm, sarashina, fugaku llm, tsuzumi,
        cotomi, llm jp, nekomata""",
    "f": """
        claude, クロード, gemini, ジェミニ, gemma, ジェマ, bard, llama, ラマ, mistral, ミストラル,
        grok, グロック, command r, command a, phi, yi 6b, yi 34b, yi lightning, yi large, 智譜, kimi,
        minimax, ernie, falcon, granite, solar pro, swallow, スワロー, calm2, calm3, copilot,
        コパイロット, karakuri, le chat, shisa""",
}

# Quotation marks and emphasis would stand between the words of a pattern; ⟦⟧ are kept for the brackets.
_DROPPED = dict.fromkeys(map(ord, '*`"“”„«»「」『』⟦⟧\u200b\u200c\u200d\u2060\ufeff'))
_APOSTROPHES = {ord("’"): "'", ord("‘"): "'"}

_NOTHING = "(?!)"
_KATAKANA = "ァ-ヺー"
_VERSION = r"(?:[ \-]?v?\d+(?:\.\d+)*[a-z]{0,2})?"
_TIERS = (
    "Opus|Sonnet|Haiku|Pro|Flash|Ultra|Nano|Advanced|Large|Small|Medium|Chat|Instruct|AI|Plus|Max|Mini|Lite"
)
# "Claude Monet" and クロード・モネ are people.
_NO_SURNAME = rf"(?! (?!(?:{_TIERS})(?![a-z]))(?-i:[A-Z][a-z]))(?![・=])"


class LeakReason(StrEnum):
    MODEL_NAME = "model_name"
    MAKER_OR_FAMILY = "maker_or_family"


@dataclass(frozen=True, slots=True)
class Leak:
    """What gave the model away: `text` as in the reply, save for widths, quotation marks and emphasis."""

    text: str
    reason: LeakReason


def find_leak(reply: str, prompt: str, names: Collection[str]) -> Leak | None:
    """Return how `reply` gives its model away, or None.

    `names` are the contestant's own: its display name, model id, aliases. What the prompt names already may
    be mentioned freely, but no reply may call itself by it.
    """
    said, asked = _plain(reply), _plain(prompt)
    own = [name for name in names if any(map(str.isalnum, name))]
    if mention := _own_mention(said, asked, own):
        return Leak(mention, LeakReason.MODEL_NAME)
    bracketed = _bracketed(said, own)
    naming = _first(SELF_NAMING, bracketed)
    if naming is None and "⟦" not in _bracketed(asked, ()):
        naming = _first(OPENINGS, bracketed)
    if naming is None and asks_identity(prompt):
        naming = _new_name(bracketed, asked)
    if naming is None:
        return None
    reason = LeakReason.MODEL_NAME if "⟦O" in naming else LeakReason.MAKER_OR_FAMILY
    return Leak(re.sub("⟦.|⟧", "", naming), reason)


def asks_identity(prompt: str) -> bool:
    """Say whether a prompt, in English or Japanese, asks the models who they are or who made them."""
    return _first(QUESTIONS, _bracketed(_plain(prompt), ())) is not None


def _plain(text: str) -> str:
    return normalize("NFKC", text).translate(_DROPPED | _APOSTROPHES)


def _first(patterns: Iterable[re.Pattern[str]], text: str) -> str | None:
    return next((found.group() for pattern in patterns if (found := pattern.search(text))), None)


def _own_mention(said: str, asked: str, names: Collection[str]) -> str | None:
    """Return a distinctive part of one of the names that stands in the reply but not in the prompt."""
    parts = (part for name in names for part in _distinctive_parts(name))
    unasked = (part for part in parts if not _any_of([_family(part), _spelling(part)]).search(asked))
    return _first([_any_of(map(_spelling, unasked))], said)


def _new_name(bracketed: str, asked: str) -> str | None:
    """Return the first unmistakable name in a reply that the prompt does not hold."""
    names = re.finditer("⟦[OFMB]([^⟧]*)⟧", bracketed)
    return next((name.group() for name in names if name[1].casefold() not in asked.casefold()), None)


def _words(name: str) -> list[str]:
    """Split a name, or a model id without its `owner/`, at its separators."""
    return re.split(r"[\s\-_:()]+", _plain(name).rsplit("/", 1)[-1].strip("-_:() "))


def _family(words: list[str]) -> str:
    """Return a pattern of the letters that a name begins with: `gpt` of GPT-4o, found in ChatGPT too."""
    letters = re.match(r"[^\W\d_]{3,}", words[0])
    return rf"[A-Za-z]*{letters.group()}{_VERSION}" if letters else _NOTHING


def _distinctive_parts(name: str) -> Iterator[list[str]]:
    """Yield the beginnings of a name that cannot well be anything else, the longest first.

    They hold a number (`gpt-4o` of gpt-4o-mini) or are a family's name and more (Claude Sonnet); or the whole
    name is a family's that is no other word (ELYZA). Of other names, such as a code name that is a plain
    word, there are none: those count only where the reply calls itself so.
    """
    words = _words(name)
    beginnings = (words[:end] for end in range(len(words), 0, -1))
    yield from (part for part in beginnings if _is_numbered(part) or _is_of_a_family(part))
    if _kind(name) in {"F", "B"}:
        yield words


def _is_numbered(words: list[str]) -> bool:
    """Say whether the words are long enough with their number: O3 is ozone, 70B only a size."""
    return re.fullmatch(r"(?=.{4})\D.*\d.*", "".join(words)) is not None


def _is_of_a_family(words: list[str]) -> bool:
    """Say whether the words are a family's name and more; Command-R is also what one presses on a Mac."""
    return len(words) > 1 < len(words[-1]) and any(_kind(word) in {"F", "f", "B"} for word in words)


def _kind(word: str) -> str | None:
    found = _KNOWN_NAMES.fullmatch(word)
    return found and found.lastgroup


def _spelling(words: list[str]) -> str:
    """Return a pattern of a name however its words are joined: GPT-4o, gpt 4o, GPT4o."""
    pieces = [piece for word in words for piece in re.findall(r"\d+|[^\d.]+|\.", word) if piece != "."]
    spelled = r"[\s._\-:・]*".join(map(re.escape, pieces))
    before = rf"(?<![{_KATAKANA}])" if re.match(f"[{_KATAKANA}]", spelled) else ""
    after = rf"(?![{_KATAKANA}])" if re.search(f"[{_KATAKANA}]$", spelled) else ""
    return f"{before}{spelled}{after}"


def _any_of(spellings: Iterable[str]) -> re.Pattern[str]:
    """Compile alternatives bounded by letters and digits only: no spaces surround a word in Japanese."""
    longest_first = "|".join(sorted(spellings, key=len, reverse=True)) or _NOTHING
    return re.compile(rf"(?<![A-Za-z0-9])(?:{longest_first})(?![A-Za-z0-9])", re.IGNORECASE)


def _known_names() -> re.Pattern[str]:
    kinds: list[str] = []
    for kind, names in _NAMES.items():
        spelled = (_spelling(name.split()) for name in names.split(","))
        version = "" if kind in "Mm" else _VERSION
        kinds.append(f"(?P<{kind}>(?:{'|'.join(spelled)}){version}{_NO_SURNAME if kind == 'f' else ''})")
    return re.compile(f"⟦[^⟧]*⟧|{_any_of(['|'.join(kinds)]).pattern}", re.IGNORECASE)


_KNOWN_NAMES = _known_names()


def _bracketed(text: str, own: Collection[str]) -> str:
    """Bracket the contestant's own names, then all others that are known."""
    with_own = _any_of(map(_own_spelling, own)).sub(r"⟦O\g<0>⟧", text)
    return _KNOWN_NAMES.sub(
        lambda found: f"⟦{found.lastgroup}{found[0]}⟧" if found.lastgroup else found[0], with_own
    )


def _own_spelling(name: str) -> str:
    """Spell a name; a plain word only as it is written: someone who is calm is not the model CALM."""
    spelling = _spelling(_words(name))
    return spelling if any(_distinctive_parts(name)) else f"(?-i:{spelling}){_NO_SURNAME}"
