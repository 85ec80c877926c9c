"""Who fights in the demo: the models of a real config, one small local model in four roles, or toys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from bot.arena.models.roster import Competitor
from bot.backends.toy import toys
from bot.cli.demo_weights import SMOLLM2, Phase, WeightsUnavailable, cache_folder, demo_weights
from bot.cli.output import say
from bot.config import LocalModel
from bot.errors import StartupError
from bot.i18n import LANGUAGES, N_, translations

if TYPE_CHECKING:
    from pathlib import Path

    from bot.arena.models.factory import ModelFactory
    from bot.i18n import Translations

TOY_SECONDS_A_WORD = 0.08

CONFIGURED = N_("The models of {file} answer here. A prompt goes to where they run.")
SMALL_MODEL = N_(
    "The contestants are one small model, SmolLM2 with 135 million parameters, in four roles. It knows only"
    " English and is often wrong: this shows how the arena works, not which model is good."
)
TOYS = N_(
    "The contestants are built-in toys, not language models: this shows how the arena works. They answer in"
    " English and Japanese."
)
NO_SMALL_MODEL = N_("Could not download the demo model ({reason}). Built-in toys answer instead.")
PHASES = {
    Phase.CHECKING: N_("Checking the small model"),
    Phase.DOWNLOADING: N_("Fetching the small model, once"),
    Phase.UNPACKING: N_("Unpacking the small model"),
}


@dataclass(frozen=True, slots=True)
class DemoModels:
    competitors: tuple[Competitor, ...]
    notices: dict[str, str]
    """What the page says of them, by language."""
    factory: ModelFactory


def from_config(path: Path, factory: ModelFactory) -> DemoModels:
    return DemoModels(tuple(factory.operators()), _notices(CONFIGURED, file=path.name), factory)


async def from_small_model(factory: ModelFactory, language: str) -> DemoModels:
    """Fetch the small model where it is not here yet; where it cannot be had, say so and take the toys."""
    texts = translations(language)
    cache = cache_folder()
    models = roles(cache / SMOLLM2.file_name)
    cast = replace(factory, config=msgspec.structs.replace(factory.config, models=models))
    try:
        # First, because it needs no download to find that local models cannot run here.
        competitors = tuple(cast.operators())
        await _fetch(cache, texts)
    except (StartupError, WeightsUnavailable) as exc:
        say(texts.gettext(NO_SMALL_MODEL).format(reason=exc))
        return from_toys(factory, language)
    return DemoModels(competitors, _notices(SMALL_MODEL), cast)


def from_toys(factory: ModelFactory, language: str) -> DemoModels:
    competitors = tuple(
        Competitor(toy.name, toy.backend, (toy.name,), accepts_images=True)
        for toy in toys(TOY_SECONDS_A_WORD, language)
    )
    return DemoModels(competitors, _notices(TOYS), factory)


def roles(path: Path) -> tuple[LocalModel, ...]:
    """Cast one model as several."""
    role = partial(LocalModel, path=str(path), max_output_tokens=120, top_p=0.9, repeat_penalty=1.1)
    return (
        role(
            name="SmolLM2 as a teacher",
            system_prompt="You are a patient teacher. Explain in simple words, in one short paragraph.",
            temperature=0.4,
        ),
        role(
            name="SmolLM2 as a poet",
            system_prompt="You are a poet. Answer with a few short, vivid lines.",
            temperature=1.0,
        ),
        role(
            name="SmolLM2 as a storyteller",
            system_prompt="You are a storyteller. Answer with a very short story for children.",
            temperature=0.8,
        ),
        role(
            name="SmolLM2 as a pirate",
            system_prompt="You are a pirate. Talk like one. Answer in two short sentences.",
            temperature=0.9,
        ),
    )


async def _fetch(cache: Path, texts: Translations) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, transient=True) as bars:
        bar = bars.add_task("", total=None)

        def show(phase: Phase, done: int, total: int) -> None:
            bars.update(bar, description=texts.gettext(PHASES[phase]), completed=done, total=total)

        await demo_weights(cache, show)


def _notices(template: str, **values: str) -> dict[str, str]:
    return {each: translations(each).gettext(template).format(**values) for each in LANGUAGES}
