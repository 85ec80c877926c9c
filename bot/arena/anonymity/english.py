"""How a reply says who is speaking, and how a prompt asks for it, in English; patterns only.

They read sentences in which `bot.arena.model_names` has bracketed the names: `⟦kind name⟧`. No repetition in
them is without a limit, so that the time for a sentence has one, too.
"""

from __future__ import annotations

_MAKER = r"⟦[MCB][^⟧]{0,60}⟧"
_ANY_MAKER = r"⟦[MCBN][^⟧]{0,60}⟧"
_MODEL = rf"(?:{_MAKER}(?:'s)? )?⟦[OFPB][^⟧]{{0,60}}⟧"
_ANY_MODEL = r"⟦[OFPBW][^⟧]{0,60}⟧"
_NO_WORD = rf"(?:{_MAKER}(?:'s)? )?⟦[OFB][^⟧]{{0,60}}⟧"
_EITHER = rf"(?:{_MODEL}|{_MAKER})"

_START = r"(?<![A-Za-z0-9])"
_END = r"(?![A-Za-z])"
_BE = rf"{_START}(?:I am|I'm)"
_ADVERBS = r"(?:,? (?:actually|really|still|indeed|just|simply|in fact|of course|basically),?){0,2}"
_NAME_IS = (
    rf"(?:{_BE}{_ADVERBS}(?: (?:called|named|known as))?"
    rf"|{_START}(?:my (?:own |full |real )?name is|my name's|my name\?|call me"
    r"|(?:you (?:can|may) )?refer to me as)"
    rf"|{_START}(?:I|and) go by(?: the name)?(?: of)?"
    r"|you(?: are|'re) (?:now )?(?:talking|chatting|speaking) (?:to|with)|you(?: have|'ve) reached"
    rf"){_ADVERBS}"
)
_ADJECTIVES = (
    r"(?:(?:large|small|compact|helpful|harmless|honest|powerful|advanced|friendly|witty|personal|new|free|own"
    r"|open(?:-source|-weights?)?|virtual|digital|conversational|generative|multimodal|multilingual|text-based"
    r"|large-scale|pre-?trained)[ ,]{1,2}(?:and )?){0,4}"
)
_NOUN = (
    r"(?:AIs?|artificial intelligence|language|models?|assistants?|chatbots?|LLMs?|system|program|bot|agent)"
)
_KIND = rf"(?:{_NOUN}{_END}[ ,]{{0,2}}){{1,4}}"
# An assistant may be a person; with one of these it is not, unless it is an "AI engineer".
_AI_KIND = (
    rf"(?=(?:[a-z]{{1,20}} )?(?:AIs?|artificial|language|chatbots?|LLMs?|models?){_END}){_KIND}"
    r"(?!engineer|research|develop)"
)
_A = rf"(?:an? |the |your ){_ADJECTIVES}"
_MADE = (
    r"(?:made|created|developed|trained|built|designed|produced|provided|released|powered|fine-?tuned"
    r"|engineered|programmed)"
    r"(?:(?:,| and|, and) (?:made|created|developed|trained|built|designed|maintained|operated)){0,2}"
)
_AT = (
    r"(?:the |an? |one of )?(?:⟦[^⟧]{1,60}⟧ |AI )?(?:[A-Za-z]{3,12} )?(?:(?:team|researchers?|engineers?"
    r"|people|folks|company|lab|scientists|start-?up)(?: (?:here )?(?:at|of|from|called))? )?"
)
_MY_MAKERS = (
    r"my (?:(?:own|original) )?(?:creators?|developers?|makers?|designers?|trainers?|programmers?"
    r"|parent company)"
)
_MADE_ME = (
    r"(?: has| have)? (?:created|trained|developed|built|made|designed|programmed|taught) me"
    r"(?=[.,;!?:)]|$| (?:not |mainly |mostly )?(?:to|as|with|on|so) )"
)
_AS = rf"{_START}(?:(?:speaking )?as|being)"
_ME = r"(?<![A-Za-z])(?:I|my|me)(?![a-z])"
# "As a chatbot developed by X, Y can …" speaks of Y.
_NOT_OF_ANOTHER = rf"(?!,? (?:the )?{_MODEL})"

SELF_NAMING = (
    # I am X.
    rf"{_NAME_IS}:? {_MODEL}",
    (
        rf"{_BE} (?:an? |the |your |one of )?(?:{_MAKER}(?:'s)? )?{_ADJECTIVES}{_KIND}"
        rf"(?:called |named |known as )?{_MODEL}"
    ),
    rf"{_BE} (?:an? |the ){_ADJECTIVES}{_MODEL}[a-z0-9.\- ]{{0,12}} {_KIND}",
    rf"{_NAME_IS} ⟦[WN][^⟧]{{0,60}}⟧,? {_A}{_AI_KIND}",
    rf"{_NAME_IS} {_ANY_MODEL},? (?:and (?:was|am) )?{_MADE} (?:by|at|in) {_AT}{_ANY_MAKER}",
    rf"{_NAME_IS} {_ANY_MODEL},? (?:made |built )?(?:by|from|of) {_ANY_MAKER}",
    rf"^(?:(?:hello|hi|hey)[,!.]? )?this is {_MODEL}(?:[.!]|$|,? (?:speaking|your|here))",
    rf"(?:^|[,:] ){_MODEL} (?:here|speaking|at your service)(?=[,.!:]|$)",
    rf"{_START}I, (?:as )?{_MODEL},",
    rf"{_START}(?:of|with|for|to) me, {_MODEL},",
    (
        r"(?:model|AI|assistant|bot) (?:that |which )?(?:you are|you're|is) "
        r"(?:talking|speaking|chatting|writing)"
        rf"[^.!?⟦]{{0,24}} is {_MODEL}"
    ),
    # I am based on X, one of the X family.
    (
        rf"{_BE}{_ADVERBS} (?:an? (?:version|instance) of|(?:based|built|running) on|powered by) "
        rf"(?:the )?{_EITHER}"
    ),
    (
        rf"{_BE} (?:one|part|a member) of (?:the )?{_EITHER}(?:'s)? "
        r"(?:[a-z]{1,12} )?(?:models|AIs|family|series)"
    ),
    rf"{_START}I (?:belong to|run on|come from) (?:the )?{_MODEL}",
    # I am a model made by X.
    rf"{_BE} (?:{_A})?{_AI_KIND}(?:that is |which is )?{_MADE} by {_AT}{_ANY_MAKER}",
    rf"{_BE} (?:an? |the )?{_MAKER}(?:'s)? {_ADJECTIVES}{_KIND}",
    rf"{_BE} {_A}{_KIND}(?:by|from|of) {_MAKER},? (?:called|named|known as) {_ANY_MODEL}",
    rf"{_START}(?:I was|I am|I'm|I've been|I have been)(?: [a-z]{{1,12}}ly)? {_MADE} by {_AT}{_MAKER}",
    (
        rf"(?:{_BE}|{_AS}) {_A}{_KIND}(?:(?:that|which) )?(?:(?:was|is|has been) )?{_MADE} (?:by|from|at) "
        rf"{_AT}{_ANY_MAKER}{_NOT_OF_ANOTHER}"
    ),
    rf"(?:{_BE}|{_AS}) {_A}{_AI_KIND}(?:by|from|at) {_AT}{_MAKER}{_NOT_OF_ANOTHER}",
    # As X, I …
    rf"{_AS} {_MODEL},? [^.!?⟦]{{0,24}}?{_ME}",
    (
        rf"(?:{_AS}|{_START}like) (?:an? |the |one of |every |any |all )"
        rf"(?:product of {_MAKER}|{_MAKER}(?:'s)? {_ADJECTIVES}{_AI_KIND}|{_NO_WORD}|{_MODEL} {_KIND})"
        rf",? ?[^⟦.!?,]{{0,24}}?{_ME}"
    ),
    # X made me.
    rf"{_START}{_MY_MAKERS}(?: \(|(?:,| is| are| at| from| here at)? ){_AT}{_MAKER}",
    rf"{_START}my (?:training|knowledge|guidelines|instructions)[^.!?⟦]{{0,30}} by {_AT}{_MAKER}",
    (
        rf"{_MAKER}(?:,? (?:the|an?) [a-z]{{1,12}} (?:that|which|who))?(?:'s)?"
        rf"(?: (?:team|researchers|engineers))?{_MADE_ME}"
    ),
    rf"{_START}at {_MAKER},? I (?:was|am) {_MADE}",
)

# Where the prompt is not about models; otherwise that may be what the reply is about.
UNASKED = (
    (
        rf"{_START}this (?:answer|reply|response|text|message) (?:comes|is|was)(?: [a-z]{{1,12}}){{0,2}} "
        rf"(?:by|from) {_MODEL}"
    ),
    (
        rf"^(?=.{{0,300}}{_ME})(?=.{{0,300}}(?:sorry|can't|cannot|won't|must|unable|not able|not allowed"
        rf"|don't allow|against|under|according to)).{{0,300}}?{_MAKER}'s? "
        rf"(?:[a-z]{{1,12}} ){{0,2}}(?:polic(?:y|ies)|guidelines|rules|terms){_END}"
    ),
)

_LABEL = rf"(?:(?:assistant|AI|bot)? ?[\[(]?{_MODEL}[\])]?:|\[{_MODEL}\])"
# Not the first of several labels, as in a comparison or a play.
FIRST_LINES = (rf"^#{{0,3}} ?{_LABEL}(?! ?(?:an? |the |is |it ))(?![^\n]{{0,300}}\n[^\n:]{{1,40}}:)",)

_CLOSING = (
    r"(?:(?:best|kind|warm)(?:est)? )?(?:regards|wishes|yours(?: [a-z]{1,12})?|sincerely(?: yours)?|cheers"
    r"|love|thanks)"
)
LAST_LINES = (
    rf"(?:^|\n)(?:[—–―] ?|-{{2}} ?|{_CLOSING},?\s{{1,3}})(?:your )?{_MODEL}(?:,[^\n]{{0,60}}|[.!)]?)$",
    (
        r"(?:^|\n)[ (\[—–-]{0,4}(?:written|generated|answered|composed|signed|created|provided) by "
        rf"{_MODEL}[^.\n]{{0,16}}$"
    ),
)

_YOU = r"(?:you|u)"
_YOU_ARE = r"(?:you are|you're)"
_TALKING = r"(?:talking|speaking|chatting)"
_DONE = r"(?:made|created|(?:fine-?)?trained|(?:fine-?)?tuned|developed|built|designed)"
_TELL = (
    r"(?:what(?:'s| is| are)|tell (?:me|us)|say|state|reveal|give(?: me| us)?|output|disclose|share|know"
    r"|confirm)"
)
_YOUR = r"your (?:real |own |actual |exact |full |true |current |underlying |base ){0,2}"

QUESTIONS = (
    # Who are you?
    rf"{_START}who (?:are|r) {_YOU}(?! (?:[a-z]{{1,20}}ing|to|supposed|gonna){_END}){_END}",
    rf"{_START}what are {_YOU}(?= ?(?:[?.!]|$|called|exactly|named|based))",
    rf"{_START}(?:tell (?:me|us)|say|reveal|know|confirm) (?:exactly )?(?:who|what) you are(?=[.?!,]|$)",
    rf"{_START}tell (?:me|us)(?: [a-z]{{1,10}}){{0,4}} about you(?:rself)?(?=[.?!,]|$)",
    rf"(?<!how to )(?<!ways to )(?<!tips to ){_START}(?:introduce|identify|name) yourself{_END}",
    # What is your name, your model?
    (
        rf"{_START}{_TELL} {_YOUR}"
        r"(?:name|model|version|identity|architecture|LLM|developers?|creators?|makers?)"
        rf"(?! (?:of|for|on|about)){_END}"
    ),
    rf"{_START}do you have a name{_END}|what (?:should|can|do|shall) I call you{_END}",
    rf"{_START}(?:how|what) do you call yourself{_END}",
    (
        rf"{_START}(?:which|what|whose)(?: [a-z]{{1,12}}){{0,4}} "
        r"(?:model|LLM|AI|chatbot|version|assistant|bot) "
        rf"(?:(?:are you|{_YOU_ARE})(?=[?.!,]|$| (?:and|before|based|running|using|on|really){_END})"
        rf"|am I (?:{_TALKING}|using)|do you (?:run|use){_END}|is (?:behind )?this{_END})"
    ),
    # Are you X?
    (
        rf"{_START}(?:are|r|were|aren't) {_YOU} (?:really |actually |based on |made by |from "
        rf"|{_DONE} (?:by|on|with) |an? |the ){{0,3}}{_EITHER}(?:'s)?"
        rf"(?= ?(?:[^A-Za-z0-9 ]|$)| (?:AI|model|bot|or|and|in disguise|today|data|right){_END})"
    ),
    rf"{_START}(?:you (?:sound|look) like|am I {_TALKING} (?:to|with)) {_MODEL}",
    rf"{_START}{_YOU_ARE} {_MODEL}(?= ?\?|,? (?:aren't|right|are you|or))",
    rf"{_START}is this {_MODEL} ?(?=\?|$)",
    (
        rf"{_START}(?:(?:I|we) (?:bet|think|guess|believe|suppose|know)(?: that)?|whether|tell me if) "
        rf"{_YOU_ARE} (?:really )?{_MODEL}"
    ),
    # Who made you?
    (
        rf"{_START}who (?:{_DONE}|programmed|taught|owns|runs) {_YOU}"
        rf"(?=[.?!,]|$| (?:and|or|exactly|really){_END})"
    ),
    rf"{_START}(?:were|are|have) you (?:been )?{_DONE} (?:by|at|on|with) {_EITHER}",
    rf"{_START}were you {_DONE} (?:by|at){_END}",
    (
        rf"{_START}(?:company|lab|team|firm)(?: (?:that|which))? "
        rf"(?:(?:{_DONE}|owns|runs|is behind|behind) you{_END}|are you from|do you (?:belong to|come from))"
    ),
    rf"{_START}your (?:creators?|developers?|makers?){_END}",
    rf"{_START}who wrote your code{_END}",
)
