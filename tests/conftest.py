"""What is made once for the whole run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.backends.local.local_model import cached_weights

if TYPE_CHECKING:
    from pathlib import Path

# How long an example takes says more of what else the machine does than of our code; benchmarks measure that.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def cached_gguf() -> Path:
    return cached_weights()
