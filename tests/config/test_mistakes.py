"""A mistake in the config is told with its line, its place, what is wrong, and what could be meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import msgspec
import pytest

from bot.config import AnyModel, Config, parse
from bot.errors import StartupError
from tests.config.test_config import MODEL, model

if TYPE_CHECKING:
    from collections.abc import Iterator

MISTAKES = {
    "unknown table": ("[battel]\nvoting_seconds = 60", "`battel` is not known here"),
    "unknown key": ("[battle]\nvoting_secs = 60", r"\[battle\]: `voting_secs` is not known here"),
    "too small": ("[battle]\nvoting_seconds = 1", r"\[battle\] voting_seconds: must be at least 10"),
    "wrong type": (
        '[limits]\ntotal_seconds = "long"',
        r"\[limits\] total_seconds: must be a number, and is text in quotes",
    ),
    "not above zero": ("[limits]\nconnect_seconds = 0", r"\[limits\] connect_seconds: "),
    "empty path": ('[storage]\npath = ""', r"\[storage\] path: "),
    "no address": ('[discord]\napi_url = "discord.com"', r"\[discord\] api_url: "),
    "no gateway": ('[discord]\ngateway_url = "https://a"', r"\[discord\] gateway_url: "),
    "unknown protocol": (model(protocol='"smoke"'), r"\[\[models\]\] 1 \(Zephyrine\) protocol: "),
    "user in the address": (
        model(base_url='"http://me:pw@host/v1"'),
        r"\[\[models\]\] 1 \(Zephyrine\) base_url: ",
    ),
    "query in the address": (
        model(base_url='"http://host/v1?key=1"'),
        r"\[\[models\]\] 1 \(Zephyrine\) base_url: ",
    ),
    "padded name": (model(name='" Zephyrine"'), r"\[\[models\]\] 1 \( Zephyrine\) name: "),
    "no variable": (model(api_key_env='"sk-123"'), r"\[\[models\]\] 1 \(Zephyrine\) api_key_env: "),
    "hot": (model(temperature="3.0"), r"\[\[models\]\] 1 \(Zephyrine\) temperature: "),
    "short alias": (model(aliases='["x"]'), r"\[\[models\]\] 1 \(Zephyrine\) aliases"),
    "second model": (
        MODEL + model(name='"Quillon"', key="1"),
        r"\[\[models\]\] 2 \(Quillon\): `key` is not known here",
    ),
    "missing key": (
        '[[models]]\nname = "Zephyrine"',
        r"\[\[models\]\] 1 \(Zephyrine\): `protocol` is missing",
    ),
    "seeing file": (
        '[[models]]\nname = "Pocket"\nprotocol = "local"\npath = "p.gguf"\naccepts_images = true',
        "model 'Pocket': accepts_images: a local file cannot be shown images",
    ),
    "tiny images": ("[limits]\nmax_image_bytes = 0", r"\[limits\] max_image_bytes: must be at least 10000"),
    "images over Discord's limit": ("[limits]\nmax_image_bytes = 11000000", r"\[limits\] max_image_bytes: "),
    "not TOML": ("[battle", "not valid TOML"),
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_place(text: str, message: str) -> None:
    with pytest.raises(StartupError, match=rf"^config.toml(, line \d+)?: {message}") as mistake:
        parse(text, source="config.toml")

    assert "`$" not in str(mistake.value)
    assert "\n" not in str(mistake.value)


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        (
            "\n[battel]\nvoting_seconds = 60",
            2,
            "Did you mean battle? It can be: discord, storage, battle, limits, security, models",
        ),
        ("[battle]\n# so long\nvotng_seconds = 60", 3, "Did you mean voting_seconds?"),
        ('[battle]\nstream = "locksteb"', 2, "Did you mean lockstep? It can be: lockstep, off, together"),
        (
            model(protocol='"opnai"'),
            6,
            "Did you mean openai? It can be: openai, anthropic, gemini, ollama, local",
        ),
        (model(protocol='"smoke"'), 6, "It can be: openai, anthropic, gemini, ollama, local"),
        (MODEL + model(name='"Quillon"', temprature="1"), 13, "Did you mean temperature?"),
        ("qqq = 1", 1, "It can be: discord, storage, battle, limits, security, models"),
    ],
)
def test_a_mistake_has_its_line_and_what_could_be_meant(text: str, line: int, hint: str) -> None:
    with pytest.raises(StartupError) as mistake:
        parse(text, source="config.toml")

    assert str(mistake.value).startswith(f"config.toml, line {line}: ")
    assert str(mistake.value).endswith(hint)


def fields_with_their_tables() -> Iterator[tuple[str, str]]:
    """Yield each key of each table, with the beginning of a file in which that table is open."""
    for table in msgspec.structs.fields(Config):
        if table.name != "models":
            assert isinstance(table.type, type)
            for field in msgspec.structs.fields(table.type):
                yield f"# first\n[{table.name}]\n# second\n", field.name
    for kind in get_args(AnyModel):
        for field in msgspec.structs.fields(kind):
            others = [
                f'{each.name} = "http://a.example/v1"\n'
                for each in msgspec.structs.fields(kind)
                if each.required and each.name != field.name
            ]
            protocol = kind.__struct_config__.tag
            yield f'{MODEL}\n[[models]]\nprotocol = "{protocol}"\n{"".join(others)}', field.name


@pytest.mark.parametrize(("before", "field"), list(fields_with_their_tables()))
def test_every_key_is_named_with_its_line(before: str, field: str) -> None:
    with pytest.raises(StartupError) as mistake:
        parse(f"{before}{field} = 1979-05-27\n# last\n", source="config.toml")

    line = before.count("\n") + 1
    assert str(mistake.value).startswith(f"config.toml, line {line}: ")
    assert f" {field}: must be " in str(mistake.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "battle.voting_seconds = 3",
            "line 1: [battle] voting_seconds: must be at least 10",
        ),
        (
            "battle = { voting_seconds = 3 }",
            "line 1: [battle] voting_seconds: must be at least 10",
        ),
        (
            MODEL + '[models.extra_body]\nname = 1\n[models.extra_headers]\n"X-A" = 3',
            "line 9: [[models]] 1 (Zephyrine) extra_headers: must be text in quotes, and is a whole number",
        ),
        (
            '[discord]\nservers = [1, "two"]',
            "line 2: [discord] servers, item 2: must be a whole number, and is text in quotes",
        ),
        (
            model(system_prompt='"""\n[battle]\nvoting_seconds = 3\n"""') + "[battle]\nvoting_seconds = 3",
            "line 12: [battle] voting_seconds: must be at least 10",
        ),
        (
            '[models]\nname = "Zephyrine"',
            (
                "line 1: [models]: must be a list in [ ], and is a table."
                " Each model begins with a line [[models]], in two brackets"
            ),
        ),
        (
            model(path='"z.gguf"'),
            "line 7: [[models]] 1 (Zephyrine): `path` is not known here. It belongs to protocol local",
        ),
        (MODEL + MODEL, "line 9: [[models]]: two models are named 'Zephyrine'; each needs its own"),
        (
            "[battle]\nvoting_seconds = 60\nvoting_seconds = 70",
            "line 3: not valid TOML: this key is there already",
        ),
        (
            "[battle]\n[limits]\n[battle]",
            "line 3: not valid TOML: this table is there already: put its keys together",
        ),
    ],
)
def test_what_can_be_written_in_several_ways_is_found_in_each(text: str, said: str) -> None:
    with pytest.raises(StartupError) as mistake:
        parse(text, source="config.toml")

    assert str(mistake.value) == f"config.toml, {said}"


@pytest.mark.parametrize(("text", "message"), MISTAKES.values(), ids=MISTAKES)
def test_the_line_of_a_mistake_is_one_of_the_file(text: str, message: str) -> None:
    del message
    with pytest.raises(StartupError) as mistake:
        parse(text, source="config.toml")

    found = re.match(r"config.toml, line (\d+): ", str(mistake.value))
    assert found is None or 1 <= int(found[1]) <= len(text.splitlines())
