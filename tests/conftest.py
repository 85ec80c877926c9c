"""What is made once for the whole run."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from tests.backends.local.local_model import cached_weights
from tests.databases import compile_statements_once
from tests.examples import register_profiles

if TYPE_CHECKING:
    from pathlib import Path

register_profiles()
compile_statements_once()


def pytest_collection_finish() -> None:
    """Have the garbage collector leave alone what stays to the end; it spent a tenth of the time on that."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def cached_gguf() -> Path:
    return cached_weights()
