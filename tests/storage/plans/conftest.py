from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bot.storage.database import Database
    from tests.storage.cuts import DatabaseFile

OF_A_LONG_HISTORY = {
    "ix_battles_guild_id_asker_id": "107944 401 401",
    "ix_battles_guild_id_origin_closed_at": "203424 401 401 1",
    "ix_battles_guild_id_origin_opened_at": "203424 401 401 1",
    "ix_battles_guild_id_origin_texts_removed_at_closed_at": "184392 401 401 401 1",
    "ix_battles_guild_id_state": "183768 401 401",
    "ix_battles_guild_id_state_origin": "205320 401 401 401",
    "sqlite_autoindex_battles_1": "155498 1",
    "ix_contestants_model_id_battle_id": "442056 401 1",
    "sqlite_autoindex_contestants_1": "501270 2 1",
    "sqlite_autoindex_models_1": "50 50 1",
    "uq_models_guild_id_code_name": "50 50 50",
    "ix_voters_guild_id_user_id": "788 401 1",
    "sqlite_autoindex_voters_1": "720 401 401 401 1",
    "ix_votes_user_id_battle_id": "1293400 401 1",
    "sqlite_autoindex_votes_1": "1295820 5 1",
}
"""What `Database.analyze` found of a million votes by a thousand members; nothing of tables without rows."""


@pytest.fixture(autouse=True, params=["unknown", "a long history"])
def known_rows(request: pytest.FixtureRequest, database: Database, file: DatabaseFile) -> None:
    """Have statements explained as they are planned without knowing how many rows there are, and with it."""
    assert database.path.exists()
    if request.param == "unknown":
        return
    file.connection.execute("ANALYZE")
    file.connection.executemany(
        "insert into sqlite_stat1 select tbl_name, name, ? from sqlite_master where name = ?",
        [(rows, index) for index, rows in OF_A_LONG_HISTORY.items()],
    )
    file.connection.execute("ANALYZE sqlite_schema")
