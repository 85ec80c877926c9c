from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.domain.battle import UnratedReason
from bot.domain.member_data import MemberKey
from bot.exports.member_data import MemberDataExports
from bot.storage import member_data
from tests.exports.history import ASKER, GUILD, OPENED, VOTER, PlannedBattle, decided, mask

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from bot.storage.database import Database


async def written(database: Database, folder: Path, user_id: int = ASKER) -> str:
    path = folder / "data.json"
    await MemberDataExports(database, lambda: OPENED).write(MemberKey(GUILD, user_id), path)
    return path.read_text()


async def test_what_would_tell_a_masked_model_is_left_out(database: Database, tmp_path: Path) -> None:
    leaking = PlannedBattle(
        unrated=UnratedReason.LEAK, leak="I am Zephyrine", replies=("I am a model.", "Me too.")
    )
    await decided(database, leaking)
    await mask(database, "Zephyrine", "Kite")
    text = await written(database, tmp_path)
    (battle,) = json.loads(text)["battles"]

    assert "zephyrine" not in text.lower()
    assert (battle["a"]["model"], battle["a"]["cost"], battle["a"]["leak"]) == ("Kite", None, None)
    assert (battle["b"]["model"], battle["b"]["cost"]) == ("Quillon", 0.5)


async def test_a_long_history_is_read_in_batches(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(member_data, "BATCH_BATTLES", 2)
    for _ in range(5):
        await decided(database, PlannedBattle(asker=VOTER))
    document = json.loads(await written(database, tmp_path, VOTER))

    assert [battle["number"] for battle in document["battles"]] == [1, 2, 3, 4, 5]
    assert [vote["battle"] for vote in document["votes"]] == [1, 2, 3, 4, 5]
