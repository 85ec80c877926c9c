"""The names of makers and model families, and where they stand in a text. Pure.

The list is kept by hand: add what is new, with its Japanese spelling, and examples to
tests/arena/anonymity/leaks.toml.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# Kinds: F family, B family and maker, M maker, C maker that is also a word or makes much else, P family that
# is also a word or a person; W, which is hardly ever a model, counts only beside its maker or a noun such as
# "AI". Separated by commas; a space stands for any separator, or none. The first kind that fits is taken:
# "Rakuten AI" is a family.
_NAMES = {
    "F": """
        chat gpt, gpt, チャット gpt, チャットジーピーティー, ジーピーティー, mixtral, codestral, ministral,
        magistral, pixtral, devstral, qwen, qwq, クウェン, tongyi qianwen, 通義千問, 通义千问, nemotron,
        chat glm, glm, 智譜清言, 智谱清言, hunyuan, 混元, ernie bot, 文心一言, doubao, 豆包, baichuan,
        internlm, olmo, jamba, dbrx, stablelm, stable lm, smol lm, exaone, hyperclova, wizardlm, vicuna,
        code llama, amazon nova, amazon titan, ibm granite, microsoft copilot, github copilot,
        google bard, rakuten ai, 楽天 ai, plamo, cyberagentlm, open calm, sarashina, fugaku llm,
        tsuzumi, cotomi, llm jp, japanese large lm, karakuri lm, nekomata, japanese stablelm, evollm""",
    "B": "deepseek, ディープシーク, elyza, rinna, stockmark, perplexity ai",
    "M": """
        openai, オープンエーアイ, オープン ai, anthropic, アンソロピック, アンスロピック, google deepmind,
        google, グーグル, deepmind, ディープマインド, facebook, microsoft, マイクロソフト, nvidia,
        エヌビディア, mistral ai, ミストラル ai, alibaba, アリババ, アリババクラウド, 阿里巴巴, 阿里云,
        深度求索, xai, x ai, cohere, コヒア, コーヒア, 01 ai, 零一万物, zhipu, z ai, 智譜 ai, 智谱 ai,
        moonshot ai, 月之暗面, baidu, 百度, tencent, テンセント, 腾讯, bytedance, バイトダンス, 字节跳动,
        hugging face, ハギングフェイス,
        stability ai, eleutherai, ai21, databricks, upstage, naver, lg ai, allenai, allen institute for ai,
        technology innovation institute, tii, lmsys, nous research, together ai, aleph alpha, reka ai,
        inflection ai, amazon web services, aws, meta ai, tongyi lab, 通义实验室, preferred networks,
        プリファードネットワークス, プリファード・ネットワークス, preferred elements, pfn, cyberagent,
        サイバーエージェント, sb intuitions, ストックマーク, fujitsu, 富士通, sakana ai, サカナ ai, abeja,
        rakuten, 楽天, softbank, ソフトバンク, line ヤフー, ly corporation, 国立情報学研究所, 東京科学大学,
        東京工業大学, 産業技術総合研究所""",
    "C": """
        meta, メタ, amazon, アマゾン, apple, アップル, ibm, ntt, nec, lg, line 株式会社, inflection,
        snowflake, salesforce""",
    "P": """
        claude, クロード, gemini, ジェミニ, gemma, ジェマ, bard, llama, ラマ, mistral, ミストラル, grok,
        グロック, command r, command a, phi, yi 6b, yi 9b, yi 34b, yi lightning, yi large, 智譜, kimi,
        minimax, ernie, falcon, granite, solar pro, solar mini, swallow, calm2, calm3, copilot,
        コパイロット, karakuri, perplexity, le chat, shisa, takane, tanuki 8b, イライザ""",
    "W": """
        nova, titan, pi, yi, solar, スワロー, ファルコン, グラナイト, zephyr, hermes, palm, sonar, aya""",
}

_NOTHING = "(?!)"
_SEPARATORS = r"\s._\-:・"
_KATAKANA = "ァ-ヺー"
_AFTER_NO_KATAKANA = f"(?<![{_KATAKANA}])"
_VERSION = r"(?:[ \-]?v?\d{1,8}(?:\.\d{1,8}){0,3}[a-z]{0,2})?"
_TIERS = (
    "Opus|Sonnet|Haiku|Pro|Flash|Ultra|Nano|Advanced|Large|Small|Medium|Chat|Instruct|AI|Plus|Max|Mini|Lite"
    "|Nemo|Scout|Maverick|Omni|Coder|Vision|Preview|Thinking|Assistant"
)
# "Claude Monet", "Claude-Marie", "Jean-Claude" and ジャン=クロード are people.
_NO_FIRST_NAME = rf"(?<![A-Za-z{_KATAKANA}][\-=・])"
_NO_SURNAME = rf"(?![ \-](?!(?:{_TIERS})(?![a-z]))(?-i:[A-Z][a-z]))"
_HOUSE = r"(?: ?(?:AI Research|AI|Research|Labs?|Inc\.?|Cloud|クラウド|グループ|ジャパン)(?![A-Za-z]))?"


def spelling(words: Iterable[str]) -> str:
    """Return a pattern of a name however its words are joined: GPT-4o, gpt 4o, GPT4o.

    No piece holds a separator, and none is given back: whatever the name, a text is read only one way.
    """
    pieces = [piece for word in words for piece in re.findall(rf"\d+|[^\d{_SEPARATORS}]+", word)]
    if not pieces:
        return _NOTHING
    spelled = rf"[{_SEPARATORS}]{{0,3}}+".join(map(re.escape, pieces))
    before = _AFTER_NO_KATAKANA if re.match(f"[{_KATAKANA}]", spelled) else ""
    after = rf"(?![{_KATAKANA}])" if re.search(f"[{_KATAKANA}]$", spelled) else ""
    return f"{before}{spelled}{after}"


def word(name: str) -> str:
    """Return a pattern of a name that is also a word: only as it is written, and no person's."""
    return f"(?-i:{name}){_NO_SURNAME}"


def with_version(letters: str) -> str:
    """Return a pattern of a family by its letters: `gpt` is found in ChatGPT and in GPT-4, too."""
    return rf"[A-Za-z]{{0,20}}{letters}{_VERSION}"


def any_of(spellings: Iterable[str]) -> re.Pattern[str]:
    """Compile alternatives bounded by letters and digits only: no spaces surround a word in Japanese."""
    longest_first = "|".join(sorted(spellings, key=len, reverse=True)) or _NOTHING
    return re.compile(rf"(?<![A-Za-z0-9])(?:{longest_first})(?![A-Za-z0-9])", re.IGNORECASE)


def kind_of(name: str) -> str | None:
    found = known_names().fullmatch(name)
    return found and found.lastgroup


def bracketed(text: str, own: Collection[str] = ()) -> str:
    """Bracket the names in a text as `⟦kind name⟧`, without the space: first the patterns `own`, as O.

    Takes time in proportion to the text: every name is tried at every beginning of a word, and none can match
    more than a few separators beyond its own letters.
    """
    with_own = any_of(own).sub(r"⟦O\g<0>⟧", text) if own else text
    return known_names().sub(
        lambda found: f"⟦{found.lastgroup}{found[0]}⟧" if found.lastgroup else found[0], with_own
    )


def _by_initial(spellings: Iterable[str]) -> str:
    """Return alternatives of which a text meets only those that begin with its letter, the longest first."""
    found: dict[str, list[str]] = {}
    for spelled in sorted(spellings, key=len, reverse=True):
        start = len(_AFTER_NO_KATAKANA) * spelled.startswith(_AFTER_NO_KATAKANA) + 1
        found.setdefault(spelled[:start], []).append(spelled[start:])
    any_initial = "".join(sorted({initial[-1] for initial in found}))
    either = "|".join(f"{initial}(?:{'|'.join(rest)})" for initial, rest in found.items())
    return f"(?=[{any_initial}])(?:{either})"


@cache
def known_names() -> re.Pattern[str]:
    kinds: list[str] = []
    for kind, names in _NAMES.items():
        spelled = _by_initial(spelling(name.split()) for name in names.split(","))
        if kind in "PW":
            kinds.append(f"(?P<{kind}>{_NO_FIRST_NAME}(?:{spelled}){_VERSION}{_NO_SURNAME})")
        else:
            kinds.append(f"(?P<{kind}>(?:{spelled}){_HOUSE if kind in 'MC' else _VERSION})")
    return re.compile(f"⟦[^⟧]{{0,300}}⟧|{any_of(['|'.join(kinds)]).pattern}", re.IGNORECASE)
