"""How a reply says who is speaking, and how a prompt asks for it, in English and Japanese; patterns only.

They read texts in which `bot.arena.integrity` has bracketed the names: `⟦kind name⟧`.
"""

from __future__ import annotations

import re

_MAKER = r"⟦[MmB][^⟧]*⟧"
_MODEL = rf"(?:{_MAKER}(?:'s)? )?⟦[OFfB][^⟧]*⟧"

_BE = r"(?<![A-Za-z0-9])(?:I am|I'm)"
_NAME_IS = (
    rf"(?:{_BE}|(?<![A-Za-z0-9])(?:my name is|my name's|you (?:can|may) call me)"
    r"|you(?: are|'re) (?:talking|chatting|speaking) (?:to|with)|(?:hello|hi|hey)[,!.]? this is)"
    r"(?:,? (?:actually|really|still|indeed|just|simply|in fact|called|named),?)*"
)
_ADJECTIVES = (
    r"(?:(?:large|small|helpful|harmless|honest|powerful|advanced|friendly|new|free|open(?:-source)?|virtual"
    r"|digital|conversational|generative|multimodal|multilingual|text-based|large-scale|pre-?trained)"
    r"[ ,]+(?:and )?)*"
)
_KIND = (
    r"(?:(?:AI|artificial intelligence|language|model|assistant|chatbot|LLM|system|program|bot|agent)"
    r"(?![a-z])[ ,]*)+"
)
_MADE = (
    r"(?:made|created|developed|trained|built|designed|produced|provided|released|fine-?tuned|engineered)"
    r"(?:(?:,| and|, and) (?:made|created|developed|trained|built|designed|maintained|operated))*"
)
_AT = (
    r"(?:the |an? )?(?:⟦[^⟧]*⟧ |AI )?(?:(?:team|researchers?|engineers?|people|folks|company|lab|scientists)"
    r"(?: (?:here )?(?:at|of|from|called))? )?"
)

_ENGLISH = (
    rf"{_NAME_IS} {_MODEL}",
    rf"{_BE} (?:an? |the |your )?{_ADJECTIVES}{_KIND}(?:called |named |known as )?{_MODEL}",
    rf"{_BE} (?:an? |the ){_ADJECTIVES}{_MODEL}[a-z0-9.\- ]{{0,12}} {_KIND}",
    rf"{_BE} (?:an? (?:version|instance) of |(?:based|built|running) on |powered by )(?:the )?{_MODEL}",
    rf"{_BE} (?:an? |the )?{_MAKER}(?:'s)? (?:own )?{_ADJECTIVES}{_KIND}",
    rf"(?<![A-Za-z0-9])(?:I was|I am|I'm|I've been|I have been)(?: [a-z]+ly)? {_MADE} by {_AT}{_MAKER}",
    # "As a chatbot developed by X, Y can …" speaks of Y.
    (
        rf"(?:{_BE}|(?<![A-Za-z0-9])(?:as|being)) (?:an? |the ){_ADJECTIVES}{_KIND}"
        rf"(?:(?:that|which) )?(?:(?:was|is|has been) )?(?:{_MADE} )?(?:by|from|at) {_AT}{_MAKER}"
        rf"(?!,? (?:the )?{_MODEL})"
    ),
    rf"(?<![A-Za-z0-9])my (?:creators?|developers?|makers?|parent company)(?:,| is| are| at)* {_AT}{_MAKER}",
    rf"{_MAKER}[^.!?\n⟦]{{0,30}} (?:created|trained|developed|built) me(?=[.,;!?)]|$| (?:to|as|with) )",
    rf"(?<![A-Za-z0-9])as {_MODEL}, (?:I|my)(?![a-z])",
    rf"(?:^|[.!,] ){_MODEL} here(?=[,.!])",
)

_SUBJECT = r"(?:私|わたし|わたくし|ワタシ|僕|ぼく|ボク|俺|オレ|当方|本モデル|このモデル)(?:たち)?"
_TOPIC = rf"{_SUBJECT}(?:の名前|の名|のモデル名|の正体)?(?:は|も)、?"
_CALLED = rf"{_MODEL}[A-Za-z0-9 .+\-]{{0,24}}(?:\([^)\n]{{0,30}}\))?"
_AN_AI = r"(?:AI|人工知能|言語モデル|LLM|モデル|アシスタント|チャットボット|システム|プログラム|ボット)"
_COPULA = r"(?:です(?!か)|だ(?![とろ])|であ|でございます|でして|なので|として|のため)"
_PRODUCE = r"(?:開発|作成|訓練|学習|提供|設計|構築|製造|制作|作[らっ]|生み出|リリース|公開|トレーニング|育成)"
_BY = r"(?:社|さん)?(?:の(?:研究者|チーム|エンジニア)(?:たち)?)?(?:によって|により|が|で|に|から|の|、)"
_MADE_BY_MAKER = rf"{_MAKER}{_BY}[^。\nを]{{0,20}}?{_PRODUCE}"
_IS_AN_AI = rf"{_AN_AI}[^。\nをにがの]{{0,8}}{_COPULA}"

_JAPANESE = (
    rf"{_TOPIC}[^。\nは]{{0,40}}?{_CALLED}(?:{_COPULA}|と(?:申|呼ばれ|いいます|言います))",
    rf"{_TOPIC}[^。\nは]{{0,40}}?{_CALLED}(?:という|と呼ばれる)(?:名前の?)?{_AN_AI}[^。\n]{{0,8}}{_COPULA}",
    rf"{_CALLED}と申します",
    rf"{_TOPIC}[^。\n]{{0,40}}?{_MADE_BY_MAKER}[^。\nをにが]{{0,40}}{_IS_AN_AI}",
    rf"{_TOPIC}[^。\nを]{{0,40}}?{_MADE_BY_MAKER}さ?れ(?:て|まし|た(?:[。\n]|もの|$))",
    rf"{_TOPIC}[^。\nは]{{0,20}}?{_MAKER}[社製]?の[^。\nをにが]{{0,20}}?{_IS_AN_AI}",
    rf"{_SUBJECT}の(?:開発[者元]|開発会社|[製制]作者|作成者|提供元|生みの親)[はの、][^。\n]{{0,10}}{_MAKER}",
    rf"{_MAKER}社?[がは][^。\n]{{0,8}}{_SUBJECT}を(?:開発|作|訓練|設計|学習|生み)",
    rf"{_TOPIC}[^。\nは]{{0,25}}?{_CALLED}[をに](?:ベース|基づ|もと|元|基盤)",
    rf"{_CALLED}(?:である|としての){_SUBJECT}",
    rf"{_CALLED}として、?(?:{_SUBJECT}|お答え)",
)

_AT_FIRST = r"^(?:[^。!?\n⟦]{0,20}[。!、,\n] *)?"
_GREETING = r"^(?:こん(?:にち|ばん)[はわ]|(?:はじ|初)めまして|おはよう(?:ございます)?|どうも)[!。、,. ]*"

_OPENINGS = (
    rf"{_AT_FIRST}{_MADE_BY_MAKER}[^。\nをにが]{{0,20}}(?:{_IS_AN_AI}|{_CALLED}{_COPULA})",
    rf"{_AT_FIRST}[^。!?\n⟦は]{{0,12}}{_AN_AI}(?:の|、|である){_CALLED}{_COPULA}",
    rf"{_GREETING}{_CALLED}{_COPULA}",
)

_YOU = r"(?:あなた|貴方|君|きみ|キミ|お前|おまえ)"

_QUESTIONS = (
    r"(?<![a-z])who are you(?! [a-z]+ing(?![a-z]))",
    r"(?<![a-z])what are you(?= ?(?:[?.]|$|called|exactly|based))",
    r"what(?:'s| is) your (?:real |own |actual )?(?:name|model|version|identity|base model|architecture)",
    (
        r"(?:which|what|whose)(?: [a-z]+){0,4} (?:model|LLM|AI|chatbot|version|assistant|bot)"
        r" (?:are you|is this|am I|do you)"
    ),
    rf"are you (?:really |actually |based on |made by |from |an? |the )*(?:{_MODEL}|{_MAKER})",
    r"who (?:made|created|trained|developed|built|designed|programmed|owns) you(?![a-z])",
    r"were you (?:made|created|trained|developed|built|designed) (?:by|at)",
    r"(?:company|lab|team) (?:(?:that|which) )?(?:made|created|trained|developed|built|behind) you",
    r"your (?:creators?|developers?|makers?)(?![a-z])",
    r"(?:introduce|identify) yourself|tell (?:me|us)(?: [a-z]+){0,3} about yourself",
    (
        rf"{_YOU}(?:は|って)[^。?\n]{{0,8}}(?:誰|だれ|何者|どなた|(?:何|なん)(?:という|て名前)"
        rf"|(?:どの|何の)(?:AI|モデル)|どこの(?:会社|AI)|{_MODEL})"
    ),
    rf"{_YOU}の(?:お?名前|モデル|正体|開発|作成者|製作者|バージョン|生みの親)",
    r"名前は(?:何|なん|なに)|お名前を?、?(?:教えて|聞|伺)",
    r"自己紹介を?(?:して|お願い|どうぞ)",
    rf"(?:誰|だれ|どこ|どの会社)[^。?\n]{{0,12}}{_YOU}を?[^。?\n]{{0,4}}(?:作|開発|訓練)",
    rf"{_YOU}(?:を[^。?\n]{{0,6}}(?:作|開発|訓練|生み)|は[^。?\n]{{0,12}}(?:開発さ|訓練さ|作ら)れ)",
    r"(?:何という|なんていう|どの)(?:AI|言語)?モデルで(?:す|動)|モデル名[はを]",
)


def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


SELF_NAMING = _compiled((*_ENGLISH, *_JAPANESE))
# Japanese leaves out the subject. Only a reply that opens so speaks of itself, and only where the prompt was
# not about models anyway.
OPENINGS = _compiled(_OPENINGS)
QUESTIONS = _compiled(_QUESTIONS)
