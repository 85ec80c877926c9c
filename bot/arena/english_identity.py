"""How a reply says who is speaking, and how a prompt asks for it, in English; patterns only.

They read sentences in which `bot.arena.model_names` has bracketed the names: `⟦kind name⟧`. No repetition in
them is without a limit, so that the time for a sentence has one, too.
"""

from __future__ import annotations

_MAKER = r"⟦[MCB][^⟧]{0,60}⟧"
_ANY_MAKER = r"⟦[MCBN][^⟧]{0,60}⟧"
_MODEL = rf"(?:{_MAKER}(?:'s)? )?⟦[OFPB][^⟧]{{0,60}}⟧"
_SURE = r"⟦[OFB][^⟧]{0,60}⟧"
_WEAK = r"⟦[OFPBW][^⟧]{0,60}⟧"

_START = r"(?<![A-Za-z0-9])"
_BE = rf"{_START}(?:I am|I'm)"
_ADVERBS = r"(?:,? (?:actually|really|still|indeed|just|simply|in fact|of course|basically),?){0,2}"
_NAME_IS = (
    rf"(?:{_BE}{_ADVERBS}(?: (?:called|named|known as))?"
    rf"|{_START}(?:my (?:own |full |real )?name is|my name's|my name\?|call me|(?:you (?:can|may) )?refer to me as)"
    rf"|{_START}(?:I|and) go by(?: the name)?(?: of)?"
    r"|you(?: are|'re) (?:now )?(?:talking|chatting|speaking) (?:to|with)|you(?: have|'ve) reached"
    rf"){_ADVERBS}"
)
_ADJECTIVES = (
    r"(?:(?:large|small|compact|helpful|harmless|honest|powerful|advanced|friendly|witty|personal|new|free|own"
    r"|open(?:-source|-weights?)?|virtual|digital|conversational|generative|multimodal|multilingual|text-based"
    r"|large-scale|pre-?trained)[ ,]{1,2}(?:and )?){0,4}"
)
_NOUN = r"(?:AI|artificial intelligence|language|models?|assistants?|chatbots?|LLM|system|program|bot|agent)"
_KIND = rf"(?:{_NOUN}(?![a-z])[ ,]{{0,2}}){{1,4}}"
# An assistant may be a person; with one of these it is not.
_AI_KIND = rf"(?=(?:[a-z]{1, 20} )?(?:AIs?|artificial|language|chatbots?|LLMs?|models?)(?![a-z])){_KIND}(?!(?:engineer|research|develop))"
_MADE = (
    r"(?:made|created|developed|trained|built|designed|produced|provided|released|powered|fine-?tuned"
    r"|engineered|programmed)"
    r"(?:(?:,| and|, and) (?:made|created|developed|trained|built|designed|maintained|operated)){0,2}"
)
_AT = (
    r"(?:the |an? |one of )?(?:⟦[^⟧]{1,60}⟧ |AI )?(?:[A-Za-z]{3,12} )?(?:(?:team|researchers?|engineers?|people"
    r"|folks|company|lab|scientists|start-?up)(?: (?:here )?(?:at|of|from|called))? )?"
)
_MY_MAKERS = r"my (?:(?:own|original) )?(?:creators?|developers?|makers?|designers?|trainers?|programmers?|parent company)"
_ME_IT_MADE = r"(?:created|trained|developed|built|made|designed|programmed|taught) me"

SELF_NAMING = (
    rf"{_NAME_IS}:? {_MODEL}",
    rf"{_NAME_IS} ⟦[WN][^⟧]{{0,60}}⟧,? (?:an? |the |your ){_ADJECTIVES}{_AI_KIND}",
    rf"{_NAME_IS} {_WEAK},? (?:and (?:was|am) )?{_MADE} (?:by|at|in) {_AT}{_ANY_MAKER}",
    rf"{_NAME_IS} {_WEAK},? (?:made |built )?(?:by|from|of) {_ANY_MAKER}",
    rf"{_BE} (?:an? |the |your |one of )?(?:{_MAKER}(?:'s)? )?{_ADJECTIVES}{_KIND}(?:called |named |known as )?{_MODEL}",
    rf"{_BE} (?:an? |the ){_ADJECTIVES}{_MODEL}[a-z0-9.\- ]{{0,12}} {_KIND}",
    rf"{_BE}{_ADVERBS} (?:an? (?:version|instance) of|(?:based|built|running) on|powered by) (?:the )?(?:{_MODEL}|{_MAKER})",
    rf"{_BE} (?:an? |the |your )?{_ADJECTIVES}{_AI_KIND}(?:that is |which is )?{_MADE} by {_AT}{_ANY_MAKER}",
    rf"{_BE} (?:an? |the )?{_MAKER}(?:'s)? {_ADJECTIVES}{_KIND}",
    rf"{_BE} (?:an? |the |your ){_ADJECTIVES}{_KIND}(?:by|from|of) {_MAKER},? (?:called|named|known as) {_WEAK}",
    rf"{_BE} (?:one|part|a member) of (?:the )?(?:{_MODEL}|{_MAKER})(?:'s)? (?:[a-z]{{1,12}} )?(?:models|AIs|family|series)",
    rf"^(?:(?:hello|hi|hey)[,!.]? )?this is {_MODEL}(?:[.!]|$|,? (?:speaking|your|here))",
    rf"{_START}I (?:belong to|run on|come from) (?:the )?{_MODEL}",
    rf"{_START}(?:I was|I am|I'm|I've been|I have been)(?: [a-z]{{1,12}}ly)? {_MADE} by {_AT}{_MAKER}",
    # "As a chatbot developed by X, Y can …" speaks of Y.
    (
        rf"(?:{_BE}|{_START}(?:as|being)) (?:an? |the ){_ADJECTIVES}{_KIND}(?:(?:that|which) )?"
        rf"(?:(?:was|is|has been) )?{_MADE} (?:by|from|at) {_AT}{_ANY_MAKER}(?!,? (?:the )?{_MODEL})"
    ),
    (
        rf"(?:{_BE}|{_START}(?:as|being)) (?:an? |the ){_ADJECTIVES}{_AI_KIND}(?:by|from|at) {_AT}{_MAKER}"
        rf"(?!,? (?:the )?{_MODEL})"
    ),
    (
        rf"{_START}(?:(?:speaking )?as|being|like) (?:an? |the |one of |every |any |all )"
        rf"(?:product of {_MAKER}|{_MAKER}(?:'s)? {_ADJECTIVES}{_AI_KIND}|(?:{_MAKER}(?:'s)? )?(?:{_SURE}|{_MODEL} {_KIND}))"
        rf",? ?[^⟦.!?,]{{0,24}}?(?<![A-Za-z])(?:I|my|me)(?![a-z])"
    ),
    rf"{_START}{_MY_MAKERS}(?: \(|(?:,| is| are| at| from| here at)? ){_AT}{_MAKER}",
    rf"{_START}my (?:training|knowledge|guidelines|instructions)[^.!?⟦]{{0,30}} by {_AT}{_MAKER}",
    (
        rf"{_MAKER}(?:,? (?:the|an?) [a-z]{{1,12}} (?:that|which|who))?(?:'s)?(?: (?:team|researchers|engineers))?"
        rf"(?: has| have)? {_ME_IT_MADE}(?=[.,;!?:)]|$| (?:not |mainly |mostly )?(?:to|as|with|on|so) )"
    ),
    rf"{_START}at {_MAKER},? I (?:was|am) {_MADE}",
    rf"{_START}(?:(?:speaking )?as|being) {_MODEL},? [^.!?⟦]{{0,24}}?(?<![A-Za-z])(?:I|my)(?![a-z])",
    rf"{_START}I, (?:as )?{_MODEL},",
    rf"{_START}(?:of|with|for|to) me, {_MODEL},",
    rf"(?:^|[,:] ){_MODEL} (?:here|speaking|at your service)(?=[,.!:]|$)",
    rf"(?:model|AI|assistant|bot) (?:(?:that|which) )?(?:you are|you're|is) (?:talking|speaking|chatting|writing)[^.!?⟦]{{0,24}} is {_MODEL}",
)

# Where the prompt names no model and no maker; otherwise that may be what the reply is about.
UNASKED = (
    (
        rf"{_START}this (?:answer|reply|response|text|message) (?:comes|is|was)(?: [a-z]{{1,12}}){{0,2}}"
        rf" (?:by|from) {_MODEL}"
    ),
    (
        rf"^(?=.{{0,300}}(?<![A-Za-z])(?:I|me|my)(?![a-z]))(?=.{{0,300}}(?:sorry|can't|cannot|won't|must|unable"
        rf"|not able|not allowed|don't allow|against|under|according to)).{{0,300}}?{_MAKER}'s? "
        r"(?:[a-z]{1,12} ){0,2}(?:polic(?:y|ies)|guidelines|rules|terms)(?![a-z])"
    ),
)

_LABEL = rf"(?:(?:assistant|AI|bot)? ?[\[(]?{_MODEL}[\])]?:|\[{_MODEL}\])"
# Not the first of several labels, as in a comparison or a play.
FIRST_LINES = (rf"^#{{0,3}} ?{_LABEL}(?! ?(?:an? |the |is |it ))(?![^\n]{{0,300}}\n[^\n:]{{1,40}}:)",)

_CLOSING = (
    r"(?:(?:best|kind|warm)(?:est)? )?(?:regards|wishes|yours(?: [a-z]{1,12})?|sincerely(?: yours)?|cheers|love"
    r"|thanks)"
)
LAST_LINES = (
    rf"(?:^|\n)(?:[—–―] ?|-{{2}} ?|{_CLOSING},?\s{{1,3}})(?:your )?{_MODEL}(?:,[^\n]{{0,60}}|[.!)]?)$",
    (
        r"(?:^|\n)[ (\[—–-]{0,4}(?:written|generated|answered|composed|signed|created|provided) by "
        rf"{_MODEL}[^.\n]{{0,16}}$"
    ),
)

_YOU = r"(?:you|u)"
_ARE_YOU = rf"{_START}(?:are|r|were|aren't) {_YOU}"
_NAMELY = r"(?:real |own |actual |exact |full |true |current |underlying |base ){0,2}"
_TELL = r"(?:what(?:'s| is| are)|tell (?:me|us)|say|state|reveal|give(?: me| us)?|output|disclose|share|know|confirm)"
QUESTIONS = (
    rf"{_START}who (?:are|r) {_YOU}(?! (?:[a-z]{{1,20}}ing|to|supposed|gonna|meeting)(?![a-z]))(?![a-z])",
    rf"{_START}what are {_YOU}(?= ?(?:[?.!]|$|called|exactly|named|based))",
    (
        rf"{_START}{_TELL} your {_NAMELY}(?:name|model|version|identity|architecture|LLM|developers?|creators?"
        r"|makers?)(?! (?:of|for|on|about))(?![a-z])"
    ),
    (
        rf"{_START}(?:which|what|whose)(?: [a-z]{{1,12}}){{0,4}} (?:model|LLM|AI|chatbot|version|assistant|bot)"
        r" (?:(?:are you|you are|you're)(?=[?.!,]|$| (?:and|before|based|running|using|on|really)(?![a-z]))"
        r"|am I (?:talking|speaking|chatting|using)|do you (?:run|use)(?![a-z])|is (?:behind )?this(?![a-z]))"
    ),
    (
        rf"{_ARE_YOU} (?:really |actually |based on |made by |from |(?:fine-?)?(?:trained|tuned) (?:by|on|with) "
        rf"|an? |the ){{0,3}}(?:{_MODEL}|{_MAKER})(?:'s)?(?= ?(?:[^A-Za-z0-9 ]|$)"
        r"| (?:AI|model|bot|or|and|in disguise|today|data|right)(?![a-z]))"
    ),
    rf"{_START}(?:you (?:sound|look) like|am I (?:talking|speaking|chatting) (?:to|with)) {_MODEL}",
    rf"{_START}(?:you are|you're) {_MODEL}(?= ?\?|,? (?:aren't|right|are you|or))|{_START}is this {_MODEL} ?(?=\?|$)",
    rf"{_START}(?:(?:I|we) (?:bet|think|guess|believe|suppose|know)(?: that)?|whether|tell me if) you(?:'re| are) (?:really )?{_MODEL}",
    rf"{_START}who (?:made|created|trained|developed|built|designed|programmed|taught|owns|runs) {_YOU}"
    r"(?=[.?!,]|$| (?:and|or|exactly|really)(?![a-z]))",
    rf"{_START}(?:were|are|have) you (?:been )?(?:made|created|(?:fine-?)?trained|(?:fine-?)?tuned|developed|built"
    rf"|designed) (?:by|at|on|with) (?:{_MAKER}|{_MODEL})",
    rf"{_START}were you (?:made|created|trained|developed|built|designed) (?:by|at)(?![a-z])",
    (
        rf"{_START}(?:company|lab|team|firm)(?: (?:that|which))? (?:(?:made|created|trained|developed|built|owns|runs"
        r"|is behind|behind) you(?![a-z])|are you from|do you (?:belong to|come from))"
    ),
    rf"{_START}your (?:creators?|developers?|makers?)(?![a-z])",
    rf"{_START}who wrote your code(?![a-z])",
    rf"(?<!how to )(?<!ways to )(?<!tips to ){_START}(?:introduce|identify|name) yourself(?![a-z])",
    rf"{_START}tell (?:me|us)(?: [a-z]{{1,10}}){{0,4}} about you(?:rself)?(?=[.?!,]|$)",
    rf"{_START}(?:tell (?:me|us)|say|reveal|know|confirm) (?:exactly )?(?:who|what) you are(?=[.?!,]|$)",
    rf"{_START}do you have a name(?![a-z])|what (?:should|can|do|shall) I call you(?![a-z])",
    rf"{_START}(?:how|what) do you call yourself(?![a-z])",
)
