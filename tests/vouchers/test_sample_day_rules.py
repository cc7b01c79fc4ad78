"""The published sample: 304 vouchers, each with exactly the outcome and the reasons it must have."""

from datetime import date
from pathlib import Path

from tests.vouchers.sample_days import Treasury, expected_rows
from vouchers.rules import reasons

SAMPLE = Path(__file__).parent.parent / "sample_day"


def test_two_days_come_out_exactly_as_published() -> None:
    treasury = Treasury(SAMPLE)

    played = [
        (day, facts.agency_code, facts.number, outcome, reasons(findings))
        for day, on in (("day1", date(2025, 3, 7)), ("day2", date(2025, 3, 10)))
        for facts, outcome, findings in treasury.play(SAMPLE / day, on)
    ]

    columns = ("day", "agency_code", "number", "outcome", "reasons")
    expected = [tuple(row[column] for column in columns) for row in expected_rows(SAMPLE)]
    assert len(expected) == 304
    assert played == expected


def test_the_published_rule_is_among_the_findings() -> None:
    treasury = Treasury(SAMPLE)

    found = [
        {finding.rule for finding in findings}
        for day, on in (("day1", date(2025, 3, 7)), ("day2", date(2025, 3, 10)))
        for _, _, findings in treasury.play(SAMPLE / day, on)
    ]

    for row, rules in zip(expected_rows(SAMPLE), found, strict=True):
        assert row["rule"] in rules or not row["reasons"], row
