"""`manage.py demo`: the shipped sample day, as whoever tries the product out sees it first."""

import re

import pytest

from tests.journeys.books import CHECKOUT, Books, Ended, outcomes
from tests.journeys.running import STAGES

OUT = CHECKOUT / "var" / "demo"
SAMPLE = CHECKOUT / "demo" / "sample_day"


@pytest.fixture(scope="module")
def played() -> Ended:
    """The demo, run once; its books and papers stay where the user's own would lie."""
    return Books("demo").plain("demo")


def test_it_ends_well_and_tells_every_stage(played: Ended) -> None:
    assert (played.code, played.err) == (0, "")
    told = [line for line in played.out.splitlines() if re.match(r"\[ *[0-9.]+ s\] ", line)]
    assert all(stage in line for stage, line in zip(STAGES * 2, told, strict=True))


def test_its_summary_says_what_came_of_the_vouchers_and_where_the_papers_lie(played: Ended) -> None:
    for words in ("paid", "posted", "refused R04", "returned R01", "scheduled", "paper", "batches", "cheques"):
        assert words in played.out
    assert "相符 balanced" in played.out and "無誤 sound" in played.out
    assert str(OUT / "day1") in played.out


def test_it_comes_out_as_its_expected_table(played: Ended) -> None:
    assert played.code == 0
    got = outcomes(OUT / "day1" / "outcome.csv") + outcomes(OUT / "day2" / "outcome.csv")
    assert got == outcomes(SAMPLE / "expected.csv")


def test_the_papers_are_there(played: Ended) -> None:
    assert played.code == 0
    for day in ("day1", "day2"):
        papers = [path for path in (OUT / day).rglob("*.pdf")]
        assert papers and all(path.read_bytes()[:5] == b"%PDF-" for path in papers)
