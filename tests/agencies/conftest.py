"""Two agencies with their people, and the treasury's, on the day of the sample."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from agencies.models import Agency, AgencyKind, AgencyMode
from agencies.services import staff_provide, treasury_staff_provide
from treasury.core import clock
from treasury.core.parameters import profile_seed

CABINET = "0003010000"
MUSEUM = "0061400000"


@pytest.fixture(autouse=True)
def day() -> Iterator[datetime]:
    """Friday 7 March 2025, nine in the morning."""
    with clock.frozen(datetime(2025, 3, 7, 9, tzinfo=clock.ZONE)) as at:
        yield at


@pytest.fixture
def agencies(db: None) -> tuple[Agency, Agency]:
    """行政院 and 國立臺灣美術館, both live, with one person for every role; the treasury likewise."""
    profile_seed("nta")
    cabinet = Agency.objects.create(code=CABINET, name="行政院", kind=AgencyKind.AGENCY, mode=AgencyMode.LIVE)
    museum = Agency.objects.create(code=MUSEUM, name="國立臺灣美術館", kind=AgencyKind.AGENCY, mode=AgencyMode.LIVE)
    staff_provide(agency_codes=[CABINET, MUSEUM])
    treasury_staff_provide()
    return cabinet, museum


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Writes a CSV file from lines of text."""

    def write(*lines: str, name: str = "table.csv") -> Path:
        file = tmp_path / name
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file

    return write
