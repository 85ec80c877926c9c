"""`arena-bot init`: writes a first `config.toml` from a few questions and what is found on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.cli.first_config.discovery import Offer, local_offers, offer_of, with_keys
from bot.cli.first_config.questions import SHOWN, Questions, language, models_of, server_ids, voting_seconds
from bot.cli.first_config.written import Answers, PickedModel, named, put
from bot.cli.output import say
from bot.errors import StartupError
from bot.i18n import N_, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence
    from pathlib import Path

    from bot.backends.protocols.providers import Provider

    Run = Callable[[Coroutine[None, None, list[Offer]]], list[Offer]]

MOST_TAKEN = 4
"""Local models that Enter takes: each is one that somebody put on this machine."""

FEWEST = 2

BEGIN = N_(
    "A few questions, and {path} is written. Enter takes what stands in brackets; until the end, nothing is"
    " written."
)
WHICH_SERVERS = N_("Ids of the Discord servers that may use the bot, with spaces between (Enter: any):")
ANY_SERVER = N_(
    "The bot will work wherever it is invited, and whoever invites it spends what your models cost. [discord]"
    " servers can name its servers later."
)
LOOKING = N_("Looking for model servers on this machine …")
NOTHING_FOUND = N_(
    "No model server answers here, and no key of a known API is in the environment. Start Ollama, or set for"
    " example OPENROUTER_API_KEY, and run this again; or add models to the file by hand."
)
USE_KEY = N_("{variable} is set. Use models of {provider}?")
KEY_UNUSED = N_(
    "{variable} is set. Models of {provider} cost money, so they are left out where nobody is asked."
)
NO_LIST = N_("{provider} gives no list of its models: {reason}")
LIST_HEAD = N_("{provider} has these models:")
MORE = N_("… and {count} more: type an id, or a part of one.")
WHICH_LISTED = N_("Which ones? Numbers or ids, with spaces between:")
WHICH_TYPED = N_("Ids of the models to use, with spaces between (Enter: none):")
HOW_LONG = N_("How many seconds can members vote?")
WHICH_LANGUAGE = N_("Language in channels: auto, en or ja?")
WRITTEN = N_("{path} is written, with {count} models.")
TOO_FEW = N_("A battle needs two models: add one to the file, or in Discord with /models add.")
NEXT = N_("Next:")
THERE = "{path} is there already: --force replaces it, --config FILE writes another"
NO_TERMINAL = "init asks questions, and there is no terminal here: --yes takes what it finds instead"
STOPPED = "nothing was written"


@dataclass(frozen=True, slots=True)
class InitOrder:
    """What the command line said."""

    path: Path
    language: str
    force: bool
    takes_defaults: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The machine that is looked at; `run` waits for what is asked of it."""

    providers: Sequence[Provider]
    environment: Mapping[str, str]
    run: Run
    has_terminal: bool
    read: Callable[[str], str] = input


def write_first_config(order: InitOrder, here: Surroundings) -> None:
    """Ask and write; what keeps it from that is a `StartupError`, and nothing is written then."""
    if order.path.exists() and not order.force:
        raise StartupError(THERE.format(path=order.path))
    if not order.takes_defaults and not here.has_terminal:
        raise StartupError(NO_TERMINAL)
    try:
        answers = _Interview(order, here).hold()
    except (EOFError, KeyboardInterrupt) as exc:
        say("")
        raise StartupError(STOPPED) from exc
    put(order.path, answers)
    _tell_what_is_next(order, answers)


class _Interview:
    """The questions in their order."""

    def __init__(self, order: InitOrder, here: Surroundings) -> None:
        self._order = order
        self._here = here
        self._texts = translations(order.language)
        self._questions = Questions(self._texts, here.read, order.takes_defaults)
        self._models: list[PickedModel] = []

    def hold(self) -> Answers:
        _ = self._texts.gettext
        say(_(BEGIN).format(path=self._order.path))
        servers = self._questions.ask(_(WHICH_SERVERS), "", server_ids)
        if not servers:
            say(_(ANY_SERVER))
        self._choose_models()
        seconds = self._questions.ask(_(HOW_LONG), "120", voting_seconds)
        spoken = self._questions.ask(_(WHICH_LANGUAGE), "auto", language)
        return Answers(servers, tuple(self._models), seconds, spoken)

    def _choose_models(self) -> None:
        _ = self._texts.gettext
        say(_(LOOKING))
        hosted = with_keys(self._here.providers, self._here.environment)
        local = self._here.run(local_offers(self._here.providers))
        if not local and not hosted:
            say(_(NOTHING_FOUND))
        for offer in local:
            self._choose_from(offer, most_taken=MOST_TAKEN)
        for provider in hosted:
            self._ask_for_hosted(provider)

    def _ask_for_hosted(self, provider: Provider) -> None:
        """Offer an API that costs money: who is not asked gets none of its models."""
        names = {"variable": provider.key_env, "provider": provider.name}
        if self._order.takes_defaults:
            say(self._texts.gettext(KEY_UNUSED).format(**names))
            return
        if not self._questions.confirm(self._texts.gettext(USE_KEY).format(**names)):
            return
        key = self._here.environment[provider.key_env or ""]
        (offer,) = self._here.run(_alone(provider, key))
        self._choose_from(offer, most_taken=0)

    def _choose_from(self, offer: Offer, most_taken: int) -> None:
        _ = self._texts.gettext
        provider, known = offer.provider, offer.models
        if known:
            say(_(LIST_HEAD).format(provider=provider.name))
            for number, name in enumerate(known[:SHOWN], start=1):
                say(f"  {number:2}  {name}")
            if len(known) > SHOWN:
                say(_(MORE).format(count=len(known) - SHOWN))
        elif offer.trouble:
            say(_(NO_LIST).format(provider=provider.name, reason=offer.trouble))
        elif provider.is_local:
            return
        question = _(WHICH_LISTED) if known else _(WHICH_TYPED)
        default = " ".join(str(number) for number in range(1, min(most_taken, len(known)) + 1))
        for model in self._questions.ask(question, default, lambda text: models_of(text, known)):
            taken = [each.name for each in self._models]
            self._models.append(named(provider, model, taken))


async def _alone(provider: Provider, key: str) -> list[Offer]:
    return [await offer_of(provider, key)]


def _tell_what_is_next(order: InitOrder, answers: Answers) -> None:
    _ = translations(order.language).gettext
    say(_(WRITTEN).format(path=order.path, count=len(answers.models)))
    if len(answers.models) < FEWEST:
        say(_(TOO_FEW))
    say(_(NEXT))
    other = "" if str(order.path) == "config.toml" else f" --config {order.path}"
    for command in ("export DISCORD_TOKEN=…", f"arena-bot check{other}", f"arena-bot run{other}"):
        say(f"  {command}")
