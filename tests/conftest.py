"""What is made once for the whole run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.backends.local_model import cached_weights

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def cached_gguf() -> Path:
    return cached_weights()
