"""Adding a model without typing its address or its id: providers, the API's own list, and a missing /v1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.arena.models.keyring import Keyring
from bot.backends.protocols.providers import PROVIDERS
from bot.config import Limits
from tests.backends.fault_server import Handler, respond
from tests.behaviour.models.office import KEY, office
from tests.behaviour.place import answer_to

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import web

    from tests.behaviour.models.office import Office

MODELS = ("aurora-9", "borealis-2", "text-embedding-3")


def only_at_v1(answer: Handler) -> Handler:
    """Answer as a server does that has its API under /v1 alone."""

    async def handler(request: web.Request) -> web.StreamResponse:
        if request.path.startswith("/v1/"):
            return await answer(request)
        return await respond(404, b"<html>Not here</html>", content_type="text/html")(request)

    return handler


def bare(at: Office) -> str:
    return at.server.url.removesuffix("/v1")


async def test_a_model_is_chosen_from_the_list_and_named_after_itself(tmp_path: Path) -> None:
    async with office(tmp_path, models=MODELS) as at:
        listed = await at.submit(model="", name="")
        offered = at.offered
        probed = await at.choose("borealis-2")
        await at.press("Save")

        assert "Models in the API's list: 3" in listed
        assert offered == list(MODELS)
        assert "**borealis-2** answers. Save it?" in probed
        assert at.server.bodies[0]["model"] == "borealis-2"
        assert at.server.headers[0]["Authorization"] == f"Bearer {KEY}"
        assert at.here.rows("select name from models where settings is not null") == [("borealis-2",)]
        assert KEY not in at.here.bodies


async def test_another_model_of_the_list_can_be_tried_under_the_name_that_was_typed(tmp_path: Path) -> None:
    async with office(tmp_path, models=MODELS) as at:
        await at.submit(model="", name="Nova")
        await at.choose("aurora-9")
        await at.press("Another model")
        said = await at.choose("borealis-2")

        assert "**Nova** answers" in said
        assert [body["model"] for body in at.server.bodies] == ["aurora-9", "borealis-2"]


async def test_a_name_that_is_taken_is_refused_as_if_it_had_been_typed(tmp_path: Path) -> None:
    async with office(tmp_path, models=["Zephyrine"]) as at:
        await at.submit(model="", name="")
        said = await at.choose("Zephyrine")

        assert "Another model of this server is named Zephyrine already" in said
        assert at.server.bodies == []


async def test_a_long_list_has_pages_and_can_be_searched(tmp_path: Path) -> None:
    async with office(tmp_path, models=[f"maker-{n % 3}/model-{n:03}" for n in range(300)]) as at:
        await at.submit(model="")
        first = at.offered
        await at.press("Next page")
        second, page = at.offered, at.said
        await at.mona.submit_modal(await at.press("Find"), {"wanted": "MAKER-2 29"})
        found, said = at.offered, at.said
        await at.mona.submit_modal(await at.press("Find"), {"wanted": "nothing like it"})
        none = at.said
        await at.mona.submit_modal(await at.press("Find"), {"wanted": ""})

        assert len(first) == len(second) == 25
        assert not set(first) & set(second)
        assert "(2/12)" in page
        assert found
        assert all("maker-2" in name and "29" in name for name in found)
        assert "of 300 models" in said
        assert "0 of 300" in none
        assert "Models in the API's list: 300" in at.said


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (respond(401, {"error": {"message": f"bad key {KEY}"}}), "does not accept the API key"),
        (respond(404, {"error": {"message": "no such page"}}), "There is no list of models at this address"),
        (respond(200, b"<html>", content_type="text/html"), "What came is no list of models"),
        (respond(200, {"data": []}), "lists no models for chat"),
        (respond(200, b'{"data": [' + b'{"id": "x"},' * 1_000_000 + b"{}]}"), "too long to be read"),
    ],
    ids=["refused", "none", "web page", "empty", "a million"],
)
async def test_a_list_that_cannot_be_had_is_explained_and_leads_back_to_the_form(
    tmp_path: Path, answer: Handler, why: str
) -> None:
    async with office(tmp_path, models=()) as at:
        at.server.lists = [answer]
        said = await at.submit(model="")
        filled = str((await at.press("Back to the form")).modal)
        typed = await at.correct("Back to the form", at.filled(key=""))

        assert why in said
        assert KEY not in said
        assert "Is /v1 missing" not in said
        assert "The model's id can be typed into the form" in said
        assert "Aurora" in filled
        assert "answers" in typed


async def test_a_list_in_which_a_name_is_hostile_pings_nobody(tmp_path: Path) -> None:
    async with office(tmp_path, models=["@everyone <@1> **x**", "y" * 150]) as at:
        await at.submit(model="", name="")
        offered = at.offered
        said = await at.choose("y" * 100)

        assert offered == ["@everyone <@1> **x**", "y" * 100]
        assert "y" * 80 in said
        assert at.server.bodies[0]["model"] == "y" * 150


async def test_a_provider_fills_in_address_and_protocol(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        shown = await at.mona.slash(at.here.channel, "models add")
        at.draft = await at.mona.submit_modal(
            shown, at.filled(base_url="", key="") | {"provider": ["lmstudio"], "model": ""}
        )
        said = answer_to(at.draft)

        for provider in PROVIDERS:
            assert provider.name in str(shown.modal)
            assert provider.base_url in str(shown.modal)
        assert "localhost is not on the public internet" in said
        assert 'under [security] in config.toml: allowed_private_hosts = ["localhost:1234"]' in said


async def test_an_address_that_is_typed_beside_a_provider_is_asked_in_its_protocol(tmp_path: Path) -> None:
    async with office(tmp_path, models=()) as at:
        at.server.models = {"models": [{"name": "llama"}]}
        at.draft = await at.mona.submit_modal(
            await at.mona.slash(at.here.channel, "models add"),
            at.filled(base_url=bare(at), model="") | {"provider": ["ollama"]},
        )

        assert at.offered == ["llama"]
        assert at.server.asked == ["/api/tags"]


async def test_another_address_must_be_typed(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        said = await at.submit(base_url=" ")

        assert "“Another address” needs one" in said


async def test_what_was_typed_as_the_key_of_one_provider_is_not_sent_to_another(tmp_path: Path) -> None:
    async with office(tmp_path, models=MODELS) as at:
        at.server.lists = [respond(500, b"")]
        await at.submit(model="")
        at.server.lists = []
        typed = at.filled(key="", model="aurora-9") | {"provider": ["lmstudio"]}
        await at.correct("Back to the form", typed)

        assert "Authorization" in at.server.headers[0]
        assert "Authorization" not in at.server.headers[-1]


async def test_a_missing_v1_is_asked_about_and_taken_over_where_it_works(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        at.server.answer(only_at_v1(at.saying("I am here.")))
        asked = (await at.submit(base_url=bare(at))).replace("\\", "")
        await at.press("Add /v1")
        said = await at.settled()
        await at.press("Save")
        stored = at.here.rows("select settings from models where name = 'Aurora'")

        assert "does not know this model, or there is no such API" in asked
        assert f"Is /v1 missing at the end of the address? `{at.server.url}` answers." in asked.replace(
            "\\", ""
        )
        assert "**Aurora** answers" in said
        assert f'"base_url":"{at.server.url}"' in str(stored)
        assert at.server.headers[-1]["Authorization"] == f"Bearer {KEY}"


async def test_a_missing_v1_is_asked_about_where_the_list_is_missing(tmp_path: Path) -> None:
    async with office(tmp_path, models=MODELS) as at:
        listing = respond(200, {"data": [{"id": each} for each in MODELS]})
        at.server.lists = [only_at_v1(listing)]
        asked = await at.submit(base_url=bare(at), model="")
        await at.press("Add /v1")

        assert "Is /v1 missing at the end of the address?" in asked
        assert at.offered == list(MODELS)
        assert at.server.asked == ["/models", "/v1/models", "/v1/models"]


async def test_lm_studio_says_200_where_v1_is_missing(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        wrong = respond(200, {"error": "Unexpected endpoint or method. (POST /chat/completions)"})
        at.server.answer(wrong, at.saying("I am here."))
        asked = await at.submit(base_url=bare(at))

        assert "Is /v1 missing at the end of the address?" in asked
        assert any("version" in (each or "") for each in at.buttons)


async def test_v1_is_asked_about_but_not_offered_where_it_does_not_work_either(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        at.server.answer(respond(404, b"nothing"))
        asked = await at.submit(base_url=bare(at))

        assert "Is /v1 missing at the end of the address? Most OpenAI-compatible" in asked
        assert not any("version" in (each or "") for each in at.buttons)


async def test_a_server_that_may_have_no_models_is_told_before_a_form_is_filled_in(tmp_path: Path) -> None:
    async with office(tmp_path, Limits(models_per_server=0)) as at:
        refused = await at.mona.slash(at.here.channel, "models add")

        assert refused.modal is None
        assert "models_per_server under [limits]" in answer_to(refused)


async def test_without_keys_of_the_operator_no_list_is_asked_for_with_one(tmp_path: Path) -> None:
    async with office(tmp_path, keyring=Keyring(()), models=MODELS) as at:
        said = await at.submit(model="")

        assert "ARENA_SECRET_KEYS (arena-bot new-key prints one)" in said
        assert at.server.asked == []


@pytest.mark.parametrize("label", ["Find", "Next page"])
async def test_a_list_is_of_no_use_to_who_is_no_moderator_any_more(tmp_path: Path, label: str) -> None:
    async with office(tmp_path, models=[f"model-{number}" for number in range(30)]) as at:
        await at.submit(model="")
        at.here.env.backend.edit_member(at.here.guild.id, at.mona.id, {"role_ids": []})
        pressed = await at.press(label)

        assert "Only members with Manage Server" in answer_to(pressed)
        assert "(1/2)" in at.said
