"""A few good answers to what is often asked first, so that one toy can be voted for in earnest."""

from __future__ import annotations

import re

_ENGLISH = {
    r"\bcup of tea\b": (
        "Fresh water, and the right heat: **boiling for black tea, 80 °C for green**. Take 2 g of leaves a"
        " cup, let them float freely, and take them out after three minutes, green ones after one or two."
        " Longer makes it bitter, not stronger; for a stronger cup take more leaves."
    ),
    r"sky.*\bblue|blue.*\bsky": (
        "Sunlight holds all colours. Air molecules scatter **blue** light far more than red (about"
        " 1/wavelength⁴), so blue reaches your eyes from every part of the sky. At sunset the light crosses"
        " more air, most blue is scattered away, and red is left."
    ),
    r"haiku.*\brain|rain.*\bhaiku": (
        "*Rain taps on the roof:*\n*the old dog lifts one grey ear,*\n*sighs, and sleeps again.*"
    ),
    r"(?:tips|ways).*\blanguage": (
        "1. **Little and often:** fifteen minutes a day beat two hours on Sunday.\n"
        "2. **Speak from day one,** if only to yourself: describe what you are doing.\n"
        "3. **Learn whole phrases,** not single words, and meet them again a day, a week and a month later."
    ),
    r"moon.*\btides?|tides?.*\bmoon": (
        "The Moon pulls the near side of the Earth more than its centre, and the centre more than the far"
        " side. So the sea rises on **both** sides, and the Earth turns beneath the two bulges: two high"
        " tides a day."
    ),
    r"cats?.*\bpurr": (
        "A cat's voice box opens and closes 25 to 30 times a second while it breathes. Cats purr when"
        " content, but also when hurt or afraid: it calms them."
    ),
}
_JAPANESE = {
    r"お茶": (
        "新しい水と、茶葉に合った温度が決め手です。**紅茶は沸きたて、煎茶は80℃**ほど。茶葉は1杯に2g、"
        "紅茶は3分、煎茶は1分で注ぎ切ります。濃くしたいときは、時間を延ばさず茶葉を増やします。"
    ),
    r"空.*青|青.*空": (
        "太陽の光にはすべての色が含まれています。空気の分子は波長の短い**青い光**を赤い光よりずっと強く散らすので、"
        "空のどこを見ても青い光が届きます。夕方は光が長い距離を通るため青が失われ、赤が残ります。"
    ),
    r"雨.*俳句|俳句.*雨": "*軒の雨*\n*耳だけ起こす*\n*老いた犬*",
    r"外国語|語学": (
        "1. **短く、毎日。**日曜の2時間より、毎日の15分が身につきます。\n"
        "2. **初日から声に出す。**いましていることを、ひとりごとで言ってみましょう。\n"
        "3. **単語ではなく言い回しで覚える。**翌日、1週間後、1か月後に見直します。"
    ),
    r"月.*(?:潮|満ち引き)|(?:潮|満ち引き).*月": (
        "月は地球の近い側を中心より強く、中心を遠い側より強く引きます。そのため海は**両側で**盛り上がり、"
        "地球がその下を回るので、満潮は1日に2回来ます。"
    ),
}


def known_answer(prompt: str, *, japanese: bool) -> str | None:
    """Return a good answer, where the prompt is one of the few that have one."""
    answers = _JAPANESE if japanese else _ENGLISH
    asked = " ".join(prompt.lower().split())
    return next((answer for pattern, answer in answers.items() if re.search(pattern, asked)), None)
