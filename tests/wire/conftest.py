"""Whatever the stand-in sends in these tests is held against Discord's description of its API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.playground.gateway.sessions import Session
from bot.playground.rest.ledger import Requests
from tests.wire.contract import known_contract

if TYPE_CHECKING:
    from collections.abc import Generator

    from bot.playground import RequestRecord


@pytest.fixture(autouse=True)
def everything_sent_fits_the_description(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    records: list[RequestRecord] = []
    events: list[tuple[str, bytes]] = []
    add, dispatch = Requests.add, Session.dispatch

    def listen(requests: Requests, record: RequestRecord) -> None:
        records.append(record)
        add(requests, record)

    def overhear(session: Session, name: str, body: bytes) -> None:
        events.append((name, body))
        dispatch(session, name, body)

    monkeypatch.setattr(Requests, "add", listen)
    monkeypatch.setattr(Session, "dispatch", overhear)
    yield
    contract = known_contract()
    if contract is not None:
        wrong = [error for record in records for error in contract.errors_of(record)]
        wrong += [error for name, body in events for error in contract.event_errors(name, body)]
        assert not wrong, "\n".join(wrong)
