from __future__ import annotations

from typing import TYPE_CHECKING

from tests.behaviour.place import COMPARE, START, answer_to, buttons_of, place, speak, text_of
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_battle_in_a_japanese_server_runs_to_its_end(tmp_path: Path) -> None:
    competitors = [competitor("Zephyrine", "晴れの日。"), competitor("Quillon", "雨の日。")]
    async with place(tmp_path, competitors) as here:
        speak(here, "ja")
        card = await here.battle("良い一日とは？")
        ballot = text_of(card)
        await here.bob.react(card, "🅰️")
        end = text_of(await here.close())

        assert f"<t:{START + 120}:T>" in ballot
        assert all(text in ballot for text in ("良い一日とは？", "晴れの日。", "雨の日。"))
        assert buttons_of(card) == [COMPARE, "arena:continue:1", "arena:close:1"]
        assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0" in end
        assert "Zephyrine" in end
        assert "Quillon" in end
        assert here.row("select locale from battles") == ("ja",)


async def test_the_board_and_the_list_of_a_japanese_server_name_the_models(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine"), competitor("Quillon")]) as here:
        speak(here, "ja")
        await here.bob.react(await here.battle(), "🅰️")
        await here.close()
        board = await here.alice.slash(here.channel, "leaderboard")
        listed = answer_to(await here.alice.slash(here.channel, "model"))

        assert board.response
        assert "**Zephyrine**" in text_of(board.response.message)
        assert "**Quillon**\n**Zephyrine**" in listed
