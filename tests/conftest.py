"""What is made once for the whole run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.backends.local.local_model import cached_weights
from tests.examples import register_profiles

if TYPE_CHECKING:
    from pathlib import Path

register_profiles()


@pytest.fixture(scope="session")
def cached_gguf() -> Path:
    return cached_weights()
