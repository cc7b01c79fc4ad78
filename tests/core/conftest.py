"""The morning of the sample's day, and 行政院 with its people, for the tests that need a governed subject."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from agencies.models import Agency, AgencyMode
from agencies.services import staff_provide, treasury_staff_provide
from tests.core.drafts import CABINET, MUSEUM
from treasury.core import clock


@pytest.fixture
def morning() -> Iterator[datetime]:
    """Friday 7 March 2025, nine in the morning."""
    with clock.frozen(datetime(2025, 3, 7, 9, tzinfo=clock.ZONE)) as at:
        yield at


@pytest.fixture
def people(db: None, morning: datetime) -> None:
    """行政院, 國立臺灣美術館 and the treasury, each with one person for every role."""
    Agency.objects.create(code=CABINET, name="行政院", mode=AgencyMode.LIVE)
    Agency.objects.create(code=MUSEUM, name="國立臺灣美術館", mode=AgencyMode.LIVE)
    staff_provide(agency_codes=[CABINET, MUSEUM])
    treasury_staff_provide()
