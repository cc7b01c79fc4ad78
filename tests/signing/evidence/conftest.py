"""An evidence file that holds, made once."""

from datetime import datetime, timedelta

import pytest

from tests.signing.evidence.workshop import AT, Stamp, Workshop, world

NEXT_DAY = AT + timedelta(days=1)


def stamped(**given: object) -> Workshop:
    """A file whose log has one head, stamped in the evening."""
    own = given.pop("world", None) or world()
    path = (own.gca, own.root)  # type: ignore[attr-defined]
    stamps = [Stamp(own.stamper, AT + timedelta(hours=10), path, number=2)]  # type: ignore[attr-defined]
    return Workshop(world=own, stamps=stamps, **given).made()  # type: ignore[arg-type]


@pytest.fixture(scope="package")
def good() -> Workshop:
    """Right in every part; change copies of its parts only."""
    return stamped()


@pytest.fixture
def next_day() -> datetime:
    """When the file is checked."""
    return NEXT_DAY
