"""The published sample day comes out line by line, and playing it again changes nothing."""

import json
from pathlib import Path

import pytest

from tests.journeys.books import CHECKOUT, SAMPLE, outcomes
from tests.journeys.days import FRIDAY, MONDAY, PlayedDays, figures, play_sample

BIG = CHECKOUT.parent / "shared" / "data"


def test_both_days_come_out_line_by_line(sample_days: PlayedDays) -> None:
    expected = outcomes(SAMPLE / "expected.csv")

    assert sample_days.outcome() == expected


def test_both_days_end_well(sample_days: PlayedDays) -> None:
    assert [(day.code, day.err) for day in sample_days.ended.values()] == [(0, ""), (0, "")]


def test_the_rules_that_found_something_are_named(sample_days: PlayedDays) -> None:
    rows = (sample_days.out / "day2" / "outcome.csv").read_text("utf-8").splitlines()

    assert rows[0] == "day,agency_code,number,outcome,reasons,rule,note"
    assert all(row.split(",")[5].startswith("B-") for row in rows[1:] if ",refused," in row or ",returned," in row)


def test_the_figures_say_what_the_rows_say(sample_days: PlayedDays) -> None:
    told = sample_days.figures()
    rows = outcomes(sample_days.out / "day2" / "outcome.csv")

    assert told["vouchers"] == len(rows) == 244
    assert told["outcomes"]["paid"]["vouchers"] == sum(row[3] == "paid" for row in rows)
    assert told["outcomes"]["returned R01"]["vouchers"] == sum(row[3:] == ("returned", "R01") for row in rows)
    assert told["reconciliation"]["is_balanced"] and told["books"] == {"is_sound": True, "violations": []}


def test_the_books_are_sound(sample_days: PlayedDays) -> None:
    checked = sample_days.books.manage("check_books", "--json")

    assert (checked.code, checked.out, checked.err) == (0, "", "")


def test_the_bank_holds_what_the_books_say(sample_days: PlayedDays) -> None:
    books = sample_days.books
    ((balance_twd,),) = books.bank("SELECT balance_twd FROM account")
    instructions = books.fetch("SELECT end_to_end_id, amount_twd FROM disbursement_paymentinstruction ORDER BY 1")

    assert books.bank("SELECT end_to_end_id, amount_twd FROM lines ORDER BY 1") == instructions
    assert sample_days.figures()["reconciliation"]["figures"]["books_master_twd"] == balance_twd


def test_the_same_day_again_writes_the_same_and_changes_nothing(sample_days: PlayedDays, out: Path) -> None:
    books = sample_days.books
    counted = (
        "SELECT (SELECT count(*) FROM ledger_posting), (SELECT count(*) FROM core_history),"
        " (SELECT count(*) FROM vouchers_intakeitem), (SELECT count(*) FROM signing_signature)"
    )
    before, sent = books.fetch(counted), books.bank("SELECT count(*) FROM entries")

    again = books.run_day(SAMPLE / "day2", MONDAY, out, "--json")

    first = sample_days.out / "day2"
    assert again.code == 0, again.err
    assert (out / "outcome.csv").read_bytes() == (first / "outcome.csv").read_bytes()
    assert figures(out) == sample_days.figures()
    assert (books.fetch(counted), books.bank("SELECT count(*) FROM entries")) == (before, sent)
    rows = [line for line in again.lines if "summary" not in line]
    assert [tuple(row.values()) for row in rows] == outcomes(first / "outcome.csv")
    assert list(again.lines[-1]) == ["summary"] and again.lines[-1]["summary"]["vouchers"] == len(rows)


def test_a_day_gone_by_is_not_played_again(sample_days: PlayedDays, out: Path) -> None:
    again = sample_days.books.run_day(SAMPLE / "day1", FRIDAY, out)

    assert (again.code, again.problem["code"]) == (2, "day_gone_by")
    assert not out.exists()


def test_the_dry_run_finds_the_same_refusals_and_stores_nothing(sample_days: PlayedDays) -> None:
    books = sample_days.books
    files = sorted((SAMPLE / "day2").glob("*.json"), key=lambda path: path.name.encode())
    counted = "SELECT (SELECT count(*) FROM vouchers_intakeitem), (SELECT count(*) FROM core_history)"
    before = books.fetch(counted)

    checked = books.manage("check_vouchers", *files, "--date", MONDAY.isoformat(), "--json")

    found = [
        (line["agency_code"], line["number"], ";".join(sorted({finding["reason"] for finding in line["findings"]})))
        for line in checked.lines
    ]
    expected = [
        (agency_code, number, reasons if outcome == "refused" else "")
        for day, agency_code, number, outcome, reasons in outcomes(SAMPLE / "expected.csv")
        if day == "day2"
    ]
    assert (checked.code, checked.err) == (1, "")
    assert found == expected
    assert books.fetch(counted) == before


def test_findings_point_into_their_file(sample_days: PlayedDays) -> None:
    path = SAMPLE / "day2" / "0003010000.json"
    vouchers = json.loads(path.read_text("utf-8"))["vouchers"]

    checked = sample_days.books.manage("check_vouchers", path, "--date", MONDAY.isoformat(), "--json")

    for index, line in enumerate(checked.lines):
        assert line["number"] == vouchers[index]["number"]
        assert all(finding["path"].startswith(f"/vouchers/{index}/") for finding in line["findings"])
        assert all(set(finding) == {"rule", "reason", "path", "message"} for finding in line["findings"])


@pytest.mark.shared
def test_both_days_come_out_alike_with_the_big_tables(tmp_path: Path) -> None:
    budget, banks = BIG / "central_budget_fy114.csv", BIG / "bank_directory.csv"

    with play_sample(tmp_path, "sample_big", budget=budget, banks=banks) as played:
        assert played.outcome() == outcomes(BIG / "sample_day" / "expected.csv")
        assert [(day.code, day.err) for day in played.ended.values()] == [(0, ""), (0, "")]
        assert played.books.manage("check_books").code == 0


@pytest.mark.shared
def test_the_copied_sample_is_the_published_one() -> None:
    published = {path.relative_to(BIG / "sample_day"): path.read_bytes() for path in files_of(BIG / "sample_day")}
    copied = {path.relative_to(SAMPLE): path.read_bytes() for path in files_of(SAMPLE)}

    assert copied == published


def files_of(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
