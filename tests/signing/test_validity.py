"""Calendar months of Taipei, and the usual period of each kind of card (A-3.1, A-3.2)."""

from datetime import UTC, date, datetime

import pytest

from signing.validity import day_of, months_before, period_is_usual


@pytest.mark.parametrize(
    ("on", "months", "before"),
    [
        (date(2025, 5, 7), 1, date(2025, 4, 7)),
        (date(2025, 5, 7), 2, date(2025, 3, 7)),
        # A month's end without such a day is the last day that there is
        (date(2025, 3, 31), 1, date(2025, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2025, 4, 30), 2, date(2025, 2, 28)),
        (date(2025, 12, 31), 1, date(2025, 11, 30)),
        # Over the year's end, and from a leap day
        (date(2026, 1, 15), 2, date(2025, 11, 15)),
        (date(2028, 2, 29), 1, date(2028, 1, 29)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2025, 1, 31), 1, date(2024, 12, 31)),
    ],
)
def test_months_are_calendar_months(on: date, months: int, before: date) -> None:
    assert months_before(on, months) == before


@pytest.mark.threat("day-boundary")
def test_a_day_ends_at_midnight_in_taipei() -> None:
    assert day_of(datetime(2025, 3, 6, 15, 59, 59, tzinfo=UTC)) == date(2025, 3, 6)
    assert day_of(datetime(2025, 3, 6, 16, 0, tzinfo=UTC)) == date(2025, 3, 7)


@pytest.mark.parametrize(
    ("issuer_kind", "begins", "ends", "is_extension", "usual"),
    [
        ("GCA", (2025, 3, 7), (2031, 3, 7), False, True),
        ("XCA", (2025, 3, 7), (2031, 3, 6), False, True),
        ("GCA", (2024, 2, 29), (2030, 2, 28), False, True),
        ("GCA", (2025, 3, 7), (2030, 3, 7), False, False),
        ("GCA", (2025, 3, 7), (2031, 3, 9), False, False),
        ("MOICA", (2025, 3, 7), (2030, 3, 7), False, True),
        ("MOICA", (2025, 3, 7), (2033, 3, 7), False, True),
        ("MOICA", (2025, 3, 7), (2028, 3, 7), False, False),
        ("MOICA", (2025, 3, 7), (2028, 3, 7), True, True),
        ("MOICA", (2025, 3, 7), (2031, 3, 7), True, False),
    ],
)
def test_six_years_for_an_agency_s_card_five_and_three_for_a_citizen_s(
    issuer_kind: str, begins: tuple[int, int, int], ends: tuple[int, int, int], is_extension: bool, usual: bool
) -> None:
    given = {
        "valid_from": datetime(*begins, 4, tzinfo=UTC),
        "valid_to": datetime(*ends, 4, tzinfo=UTC),
    }

    assert period_is_usual(issuer_kind=issuer_kind, is_extension=is_extension, **given) is usual
