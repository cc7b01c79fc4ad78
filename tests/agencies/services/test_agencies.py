from collections.abc import Callable
from pathlib import Path

import pytest

from agencies.models import Agency
from agencies.services import ImportResult, agency_import
from treasury.core.errors import Problem

HEADER = "agency_code,name,kind"
SAMPLE = Path(__file__).parents[2] / "sample_day" / "agencies.csv"

pytestmark = pytest.mark.django_db


def test_it_takes_the_sample_in_and_again_without_change() -> None:
    first = agency_import(path=SAMPLE)
    second = agency_import(path=SAMPLE)

    assert (first, second) == (ImportResult(created=14), ImportResult(unchanged=14))
    assert Agency.objects.get(code="0008410000").kind == "school"
    assert set(Agency.objects.values_list("mode", flat=True)) == {"live"}


def test_a_newer_table_changes_names_and_leaves_the_mode_and_the_others(
    table: Callable[..., Path],
) -> None:
    agency_import(path=table(HEADER, "01,行政院,agency", "02,審計部,agency", "03,議會,council"), mode="parallel")

    result = agency_import(path=table(HEADER, "01,行政院本部,agency", "02,審計部,agency"))

    assert result == ImportResult(changed=1, unchanged=1)
    assert list(Agency.objects.values_list("code", "name", "mode")) == [
        ("01", "行政院本部", "parallel"),
        ("02", "審計部", "parallel"),
        ("03", "議會", "parallel"),
    ]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",行政院,agency", "agency_code"),
        ("0 1,行政院,agency", "agency_code"),
        ("123456789012345678901,行政院,agency", "agency_code"),
        ("01,主計總處,agency", "agency_code"),
        ("02,,agency", "name"),
        ("02, 行政院,agency", "name"),
        ("02," + "院" * 101 + ",agency", "name"),
        ("02,行政院,ministry", "kind"),
        ("02,行政院,", "kind"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_stored(table: Callable[..., Path], row: str, column: str) -> None:
    with pytest.raises(Problem) as refused:
        agency_import(path=table(HEADER, "01,審計部,agency", row))

    assert (refused.value.code, refused.value.path) == ("file_row", f"/lines/3/{column}")
    assert not Agency.objects.exists()
