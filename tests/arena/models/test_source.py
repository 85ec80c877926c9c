"""Where a model is to be asked, as it is entered and shown again."""

from __future__ import annotations

import pytest

from bot.arena.models.credentials import Credentials
from bot.arena.models.form import FormBasics, ModelForm, basics_of, enter
from bot.arena.models.probe import lacks_version
from bot.backends.protocols.openai import with_version
from bot.backends.protocols.providers import PROVIDERS, Provider
from bot.config import OllamaModel, OpenAIModel
from bot.errors import ArenaError

LOCAL = ("localhost:11434", "localhost:1234", "localhost:8080", "localhost:8000")


@pytest.mark.parametrize("provider", PROVIDERS, ids=[provider.id for provider in PROVIDERS])
def test_a_provider_is_enough_and_is_shown_again(provider: Provider) -> None:
    typed = FormBasics("", provider.id, "", "some/model", "")

    form = enter(typed, None, 7, LOCAL)

    assert form.settings.base_url.rstrip("/") == provider.base_url
    assert form.settings.name == "some/model"
    assert basics_of(form) == FormBasics("some/model", provider.id, "", "some/model", "")


def test_an_address_that_is_no_providers_is_shown_with_its_protocol() -> None:
    settings = OpenAIModel(name="A", base_url="https://api.example.org/v1", model="m")

    shown = basics_of(ModelForm(7, settings, Credentials()))

    assert (shown.provider, shown.base_url) == ("at-openai", "https://api.example.org/v1")


def test_a_providers_address_in_another_protocol_is_another_address() -> None:
    settings = OllamaModel(name="A", base_url="https://api.openai.com/v1", model="m")

    shown = basics_of(ModelForm(7, settings, Credentials()))

    assert (shown.provider, shown.base_url) == ("at-ollama", "https://api.openai.com/v1")


def test_a_typed_address_goes_before_the_providers() -> None:
    form = enter(FormBasics("A", "groq", "https://eu.example.org/v1", "m", ""), None, 7, ())

    assert form.settings.base_url == "https://eu.example.org/v1"


def test_a_long_id_is_cut_to_a_name() -> None:
    form = enter(FormBasics(" ", "groq", "", "m" * 150, ""), None, 7, ())

    assert form.settings.name == "m" * 80
    assert form.settings.model == "m" * 150


@pytest.mark.parametrize("provider", ["", "at-local", "else"])
def test_what_is_no_provider_is_refused(provider: str) -> None:
    with pytest.raises(ArenaError, match="choose a provider"):
        enter(FormBasics("A", provider, "https://api.example.org/v1", "m", ""), None, 7, ())


def test_a_key_does_not_follow_to_another_provider() -> None:
    settings = OpenAIModel(name="A", base_url="https://api.groq.com/openai/v1", model="m")
    before = ModelForm(7, settings, Credentials("sk-secret"), 3)

    with pytest.raises(ArenaError, match="enter the API key again"):
        enter(FormBasics("A", "mistral", "", "m", ""), before, 7, ())


@pytest.mark.parametrize(
    ("address", "versioned"),
    [
        ("http://gpu.lan:8000", "http://gpu.lan:8000/v1"),
        ("http://gpu.lan:8000/", "http://gpu.lan:8000/v1"),
        ("https://openrouter.ai/api", "https://openrouter.ai/api/v1"),
        ("https://api.groq.com/openai/v1", None),
        ("https://generativelanguage.googleapis.com/v1beta/openai", None),
        ("https://open.example.org/api/paas/v4", None),
        ("https://gateway.example.org/v1/account/compat", None),
    ],
)
def test_v1_can_only_lack_where_no_version_stands(address: str, versioned: str | None) -> None:
    assert with_version(address) == versioned
    assert lacks_version(OpenAIModel(name="A", base_url=address, model="m")) == versioned


def test_other_protocols_add_their_versions_themselves() -> None:
    assert lacks_version(OllamaModel(name="A", base_url="http://gpu.lan:11434", model="m")) is None
