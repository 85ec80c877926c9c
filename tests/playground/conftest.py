"""What the stand-in sends in its own tests is held against Discord's description, as in the wire tests."""

from tests.wire.conftest import everything_sent_fits_the_description

__all__ = ["everything_sent_fits_the_description"]
