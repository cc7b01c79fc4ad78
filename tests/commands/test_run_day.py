"""What `run_day` refuses, and the days it plays besides the sample."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.books import SAMPLE, Books, hand_over, outcomes, table_arguments
from tests.journeys.days import FRIDAY, MONDAY, own_books

AGENCY = "0065100000"
VOUCHERS = json.loads((SAMPLE / "day1" / f"{AGENCY}.json").read_bytes())["vouchers"]
FIRST: dict[str, Any] = next(one for one in VOUCHERS if one.get("method") == "remittance")
AMOUNT_TWD = 12_000
# One payee and a small sum, so that no balance is used up by several of them.
REMITTED: dict[str, Any] = FIRST | {
    "total_twd": AMOUNT_TWD,
    "account_lines": [FIRST["account_lines"][0] | {"amount_twd": AMOUNT_TWD}],
    "payee_lines": [FIRST["payee_lines"][0] | {"amount_twd": AMOUNT_TWD}],
}


@pytest.fixture(scope="module")
def books() -> Iterator[Books]:
    with own_books("run_day") as made:
        yield made


def test_a_day_without_vouchers_is_a_day(books: Books, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    ended = books.run_day(tmp_path / "empty", FRIDAY, tmp_path / "out", *table_arguments(), "--json")

    assert (ended.code, ended.err) == (0, "")
    assert outcomes(tmp_path / "out" / "outcome.csv") == []
    assert [list(line) for line in ended.lines] == [["summary"]]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--date", "2025-03-08", "--vouchers", "."], "no_business_day"),
        (["--date", "2025-02-30", "--vouchers", "."], "bad_arguments"),
        (["--date", "2025-03-07", "--vouchers", "/nowhere"], "no_such_directory"),
        (["--date", "2025-03-07", "--vouchers", ".", "--budget", "x.csv"], "bad_arguments"),
        (["--date", "2025-03-07", "--vouchers", ".", "--banks", "/nowhere.csv"], "file_unreadable"),
        (["--date", "2025-03-07", "--vouchers", ".", "--surprise"], "bad_arguments"),
    ],
)
def test_what_cannot_run_says_so_in_one_problem(books: Books, tmp_path: Path, arguments: list[str], code: str) -> None:
    ended = books.manage("run_day", *arguments, "--out", tmp_path / "out")

    assert (ended.code, ended.problem["code"]) == (2, code)
    assert set(ended.problem) == {"type", "title", "code", "file", "path", "detail"}


def test_a_returned_line_leaves_the_voucher_paid(books: Books, tmp_path: Path) -> None:
    hand_over(tmp_path / "day", AGENCY, [REMITTED])
    scenario = tmp_path / "scenario.json"
    scenario.write_text(json.dumps({"returns": {REMITTED["payee_lines"][0]["account_no"]: "04"}}))

    ended = books.run_day(
        tmp_path / "day", FRIDAY, tmp_path / "out", *table_arguments(), "--bank-scenario", scenario, "--json"
    )

    summary = ended.lines[-1]["summary"]
    assert (ended.code, ended.err) == (0, "")
    assert [row[3] for row in outcomes(tmp_path / "out" / "outcome.csv")] == ["paid"]
    assert summary["bank_returns"] == {"count": 1, "amount_twd": AMOUNT_TWD}
    assert summary["reconciliation"]["is_balanced"]
    assert books.fetch("SELECT state, return_code FROM disbursement_paymentinstruction WHERE return_code <> ''") == [
        ("returned_by_bank", "04")
    ]


def test_unprintable_and_unnormalised_texts_are_refused_where_they_stand(books: Books, tmp_path: Path) -> None:
    decomposed = REMITTED | {"number": "NFD-1", "purpose": "Cafe\u0301 114年3月份費用"}
    unprintable = REMITTED | {"number": "GLYPH-1", "purpose": "購置\U0001f600114年3月份用品"}
    sound = REMITTED | {"number": "SOUND-1"}
    hand_over(tmp_path / "day", AGENCY, [decomposed, unprintable, sound])

    ended = books.run_day(tmp_path / "day", FRIDAY, tmp_path / "out", *table_arguments())

    assert (ended.code, ended.err) == (0, "")
    assert [row[3:] for row in outcomes(tmp_path / "out" / "outcome.csv")] == [
        ("refused", "R04"),
        ("refused", "R04"),
        ("paid", ""),
    ]


def test_an_agency_of_the_budget_alone_is_registered_and_a_stranger_is_not(books: Books, tmp_path: Path) -> None:
    without_agencies = [*table_arguments()[2:]]
    hand_over(tmp_path / "day", AGENCY, [REMITTED | {"number": "BUDGET-1"}])
    hand_over(tmp_path / "day", "9999999999", [REMITTED])
    with own_books("budget_only") as alone:
        ended = alone.run_day(tmp_path / "day", FRIDAY, tmp_path / "out", *without_agencies)

        assert ended.code == 1
        assert (ended.problem["code"], ended.problem["file"]) == ("unknown_agency", "9999999999.json")
        assert [row[3] for row in outcomes(tmp_path / "out" / "outcome.csv")] == ["paid"]


def test_taichung_asks_for_two_signatures(tmp_path: Path) -> None:
    hand_over(tmp_path / "day", AGENCY, [REMITTED])
    with own_books("taichung") as city:
        ended = city.run_day(tmp_path / "day", FRIDAY, tmp_path / "out", *table_arguments(), "--profile", "taichung")

        assert (ended.code, ended.err) == (0, "")
        assert [row[3] for row in outcomes(tmp_path / "out" / "outcome.csv")] == ["paid"]
        assert city.fetch(
            "SELECT capacity, c.issuer_kind FROM signing_signature s JOIN signing_card c ON c.id = s.card_id"
            " ORDER BY s.id".replace("capacity", "s.capacity", 1)
        ) == [
            ("accountant", "MOICA"),
            ("head", "MOICA"),
        ]
        assert city.manage("check_books").code == 0


def test_a_payment_whose_day_lies_ahead_waits_and_is_paid_then(books: Books, tmp_path: Path) -> None:
    ahead = REMITTED | {"number": "AHEAD-1", "remit_date": MONDAY.isoformat()}
    hand_over(tmp_path / "day", AGENCY, [ahead])
    (tmp_path / "next").mkdir()

    books.run_day(tmp_path / "day", FRIDAY, tmp_path / "out", *table_arguments())
    waiting = [row[3] for row in outcomes(tmp_path / "out" / "outcome.csv")]
    later = books.run_day(tmp_path / "next", date(2025, 3, 10), tmp_path / "out2")

    assert waiting == ["scheduled"]
    assert (later.code, later.err) == (0, "")
    assert books.fetch("SELECT state FROM vouchers_voucher WHERE number = 'AHEAD-1'") == [("paid",)]
