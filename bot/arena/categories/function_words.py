"""Words that tell a language by themselves: the commonest of those that short prompts are made of."""

from __future__ import annotations

FUNCTION_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": """
            a about all an and any are as at be best between but can could do does for from give had has
            hello help hey hi how i if in into is it know let like list make me mean my name no not of
            on one or our please should so some tell than thank thanks that the their them then there
            these they this to up us was we were what when where which who why will with would write yes
            you your explain into translate english write tell""",
        "de": """
            aber als am an auf aus bei bin bist bitte da das dass dem den der des dich die dir du ein
            eine einem einen einer er es für gib habe hat ich ihr im in ins ist ja kann kein man mein
            mich mir mit nach nein nicht noch oder schreib sie sind soll über um und uns vom von war
            warum was wer wie wir wird wo zu zum zur zwischen bedeutet erkläre""",
        "fr": """
            au aux avec ce ces cette comment dans de des donne du elle en entre est et être il ils je la
            le les leur ma mais me moi mon ne non nous on ou où par pas pour pourquoi quand que quel
            quelle quelles quels qui quoi sa se si son sont sur ta te toi ton tu un une vous à écris""",
        "es": """
            al con cómo como cual cuál cuando cuándo cuéntame dame de del donde dónde el ella en entre
            eres es escribe esta está estar este estás hago hola la las lo los me mi muy más no o para
            pero por porque que quien quién qué se ser si sin sobre son su te tu un una unas y yo
            recomiéndame explica explícame""",
        "pt": """
            a ao as às com como da das de do dos e ela ele em entre escreva essa esse esta este eu fazer
            foi isso mais mas me meu minha na nas no nos não o olá os ou para pela pelo por porque qual
            quando que quem se sem ser sobre sua são também tudo um uma você é à""",
        "it": """
            che chi ci come con cosa così da dei del della delle di dove e gli ho i il in io la le lo ma
            mi non nel nella o per perché più qual quale quando questa questo sei si sono su ti tra tu
            un una uno è raccontami spiega scrivi dammi dimmi""",
        "nl": """
            aan als bij dat de deze die dit een en er geef hebben het hoe ik in is je kan maar me met
            mij mijn naar niet of om ook op over te tussen u uit van vertel voor waar waarom wat we wie
            wil zijn""",
        "pl": """
            ale bez co czy czym dla dlaczego do gdzie i ile jak jaka jaki jakie jest kiedy kto mi mnie
            moja mój na napisz nie o od opowiedz po przez są się ta tak ten to w wyjaśnij z za że""",
        "id": """
            ada adalah aku apa atau bagaimana buat buatkan cara dalam dan dari dengan di ini itu
            jelaskan kamu karena ke kenapa mengapa pada saya siapa tentang tidak tolong untuk yang""",
        "ru": """
            а без бы в вы где да для до его ее если есть и из или как какой когда кто мне мой мы на не
            но о об он она от по почему привет с сколько так такое ты у что чтобы эта это этот я""",
        "uk": """
            а але без будь в ви від де для до є з за і й або як який коли ласка мене мені ми на не про
            та так таке ти у хто це цей чому що щоб щось я""",
    }.items()
}
