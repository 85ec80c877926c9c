"""What moderators do with models, through the commands, forms and buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from bot.arena.models.keyring import Keyring
from tests.backends.fault_server import Handler, hang_up, respond, serve
from tests.behaviour.models.office import KEY, office
from tests.behaviour.pages import page_of, press
from tests.behaviour.place import answer_to, buttons_of, text_of

if TYPE_CHECKING:
    from pathlib import Path

MODERATORS_ONLY = "Only members with Manage Server"


async def test_a_model_is_asked_before_it_is_stored_and_fights_once_it_is(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        said = await at.submit()
        before = at.here.rows("select name from models where settings is not null")
        await at.press("Save")
        listed = await at.ask("list")

        assert "**Aurora** answers. Save it?" in said
        assert "> I am good at poems." in said
        assert "s to the first word" in said
        assert before == []
        assert at.here.rows("select name from models where settings is not null") == [("Aurora",)]
        assert f"openai, {urlsplit(at.server.url).netloc}, aurora-9" in listed
        assert at.server.headers[0]["Authorization"] == f"Bearer {KEY}"


async def test_the_key_is_sealed_and_never_shown_again(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.bring()
        shown = await press(at.mona, await page_of(at.mona, at.here.channel, "Aurora"), "Edit")
        for command in ("list", "changes"):
            await at.ask(command)
        await at.info("Aurora")

        stored = str(at.here.rows("select * from models") + at.here.rows("select * from audit"))
        assert KEY not in at.here.bodies
        assert KEY not in stored
        assert KEY not in str(shown.modal)
        assert "gAAAA" in stored


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (respond(401, {"error": {"message": f"bad key {KEY}"}}), "does not accept the API key"),
        (respond(404, {"error": {"message": "no such model"}}), "does not know this model"),
        (respond(200, b"<html>", content_type="text/html"), "does not fit the protocol"),
        (respond(503, b""), "overloaded"),
        (respond(429, {"error": {"message": "slow"}}, {"Retry-After": "17"}), "Retry-After: 17 s"),
        (hang_up, "cannot be reached"),
    ],
    ids=["wrong key", "unknown model", "not this protocol", "overloaded", "pause", "gone"],
)
async def test_a_model_that_does_not_answer_is_explained_and_not_stored(
    tmp_path: Path, answer: Handler, why: str
) -> None:
    async with office(tmp_path) as at:
        at.server.answer(answer)
        said = await at.submit()

        assert why in said
        assert "Nothing was stored" in said
        assert KEY not in said
        assert not any("save" in (each or "") for each in at.buttons)
        assert at.here.rows("select name from models where settings is not null") == []


async def test_a_mistake_in_the_form_is_said_and_nothing_typed_is_lost(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        said = await at.submit(base_url="http://127.0.0.1:1/v1")
        filled = str((await at.press("Back to the form")).modal)
        corrected = await at.correct("Back to the form", at.filled(key=""))

        assert "127.0.0.1 is not on the public internet" in said
        assert "aurora-9" in filled
        assert "http://127.0.0.1:1/v1" in filled
        assert KEY not in filled
        assert "answers" in corrected
        assert at.server.headers[0]["Authorization"] == f"Bearer {KEY}"


async def test_options_are_a_second_step(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.submit()
        typed = {
            "prompt": "Be brief.",
            "temperature": "0.5",
            "tokens": "99",
            "prices": "1 / 2.5",
            "more": 'total_seconds = 30\nextra_headers = { X-Team = "team-secret" }',
        }
        refused = await at.correct("Options", typed | {"temperature": "warm"})
        kept = str((await at.press("Back to the form")).modal)
        await at.correct("Back to the form", typed)
        await at.press("Save")
        await at.submit("edit", key="")
        again = str((await at.press("Options")).modal)

        assert "The temperature must be a number" in refused
        assert "Be brief." in kept
        assert at.server.bodies[-1]["temperature"] == 0.5
        assert at.server.headers[-1]["X-Team"] == "team-secret"
        assert "team-secret" not in again + str(at.here.rows("select * from models"))
        assert "X-Team" in again
        assert "1 / 2.5" in again
        assert "price_in" not in again


async def test_a_model_that_is_to_see_images_is_shown_one_before_it_is_stored(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.submit()
        blind = str(at.server.bodies[-1])
        said = await at.correct("Options", {"more": "accepts_images = true"})
        await at.press("Save")
        await at.test("Aurora")

        assert "image_url" not in blind
        assert "answers. Save it?" in said
        assert all("data:image/png;base64," in str(body) for body in at.server.bodies[1:])
        assert len(at.server.bodies) >= 3


async def test_a_model_that_cannot_see_is_not_stored_as_one_that_can(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.submit()
        at.server.answer(respond(400, {"error": {"message": "image input is not supported"}}))
        said = await at.correct("Options", {"more": "accepts_images = true"})

        assert "image input is not supported" in said
        assert "Nothing was stored" in said


async def test_a_key_does_not_follow_to_another_address(tmp_path: Path) -> None:
    async with office(tmp_path) as at, serve() as thief:
        await at.bring()
        refused = await at.submit("edit", base_url="https://api.example.org/v1", key="")

        assert "enter the API key again" in refused
        assert thief.headers == []


async def test_without_the_operator_s_keys_no_model_with_a_key_is_taken(tmp_path: Path) -> None:
    async with office(tmp_path, keyring=Keyring([])) as at:
        refused = await at.submit()
        asked = len(at.server.bodies)
        taken = await at.submit(key="")

        assert "has set no ARENA_SECRET_KEYS" in refused
        assert asked == 0
        assert "answers" in taken


@pytest.mark.parametrize("name", ["zephyrine", "Aurora"])
async def test_two_models_of_a_server_cannot_have_one_name(tmp_path: Path, name: str) -> None:
    async with office(tmp_path) as at:
        await at.bring()
        refused = await at.submit(name=name)

        assert "is named" in refused


async def test_a_model_that_is_switched_off_is_not_drawn(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.decide("disable", "Quillon")
        result = await at.here.alice.slash(at.here.channel, "battle", prompt="Why?")
        listed = await at.ask("list")
        await at.decide("enable", "quillon")
        card = await at.here.battle()

        assert "this server has 1 at the moment" in answer_to(result)
        assert "**Quillon** (switched off)" in listed
        assert "Reply A" in text_of(card)


async def test_the_operator_s_models_can_be_switched_off_but_not_edited(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        page = await page_of(at.mona, at.here.channel, "Quillon")
        assert page.response

        assert buttons_of(page.response.message)[:4] == [
            f"arena:roster:{deed}:2" for deed in ("test", "mask", "family", "disable")
        ]


async def test_a_model_that_fought_is_kept_and_another_can_be_removed(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.bring()
        await at.bring(name="Borealis")
        await at.decide("disable", "Zephyrine")
        await at.decide("disable", "Quillon")
        await at.battle()
        await at.bring(name="Cumulus")
        await at.here.close()
        refused = await at.decide("remove", "Aurora")
        removed = await at.decide("remove", "Cumulus")

        assert "has fought, so its history is kept" in refused
        assert "**Cumulus** is removed" in removed
        assert at.here.rows("select count(*) from models where name = 'Cumulus'") == [(0,)]


async def test_whether_a_new_model_can_be_removed_tells_nothing_of_an_open_battle(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        for name in ("Aurora", "Borealis", "Cumulus"):
            await at.bring(name=name)
        await at.decide("disable", "Zephyrine")
        await at.decide("disable", "Quillon")
        await at.battle()
        told = {await at.decide("remove", name) for name in ("Aurora", "Borealis", "Cumulus")}

        assert len(told) == 1
        assert "A battle is open on this server" in told.pop()
        assert at.here.row("select count(*) from models where name in ('Aurora', 'Borealis', 'Cumulus')") == (
            3,
        )


async def test_headers_that_do_not_follow_to_another_address_are_named(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.submit()
        blank = {"prompt": "", "temperature": "", "tokens": "", "prices": ""}
        await at.correct("Options", blank | {"more": 'extra_headers = { X-Team = "team-secret" }'})
        await at.press("Save")
        said = await at.submit("edit", base_url=f"{at.server.url}/other")

        assert "Headers that did not follow to the new address: X-Team" in said
        assert "X-Team" not in at.server.headers[-1]


@pytest.mark.parametrize(
    ("field", "typed", "why"),
    [
        ("temperature", "nan", "must be a number"),
        ("temperature", "7", "temperature"),
        ("tokens", "many", "whole number"),
        ("prices", "1", "Prices are written as"),
        ("prices", "inf / 1", "Prices are written as"),
        ("more", "total_seconds = ", "such as total_seconds = 60"),
        ("more", "total_seconds = 3000", "at most: the operator"),
        ("more", "api_key_env = 'HOME'", "api_key_env has a field of its own"),
        ("more", "family = 'Comet'", "family has a field of its own"),
        ("more", "max_prompt_chars = 0", "max_prompt_chars"),
        ("more", "unknown_option = 1", "unknown_option"),
        ("more", "extra_headers = { Host = 'x' }", "Host is set by the bot itself"),
        ("more", "extra_headers = { X = '***' }", "no value that could be kept"),
        ("more", "extra_body = { messages = [] }", "messages is set by the bot itself"),
        ("more", "# " + "x" * 3500, "longer than 3000 characters"),
    ],
)
async def test_an_option_that_cannot_be_used_is_explained(
    tmp_path: Path, field: str, typed: str, why: str
) -> None:
    async with office(tmp_path) as at:
        await at.submit()
        blank = {"prompt": "", "temperature": "", "tokens": "", "prices": "", "more": ""}
        said = (await at.correct("Options", blank | {field: typed})).replace("\\", "")

        assert why in said
        assert len(at.server.bodies) == 1
