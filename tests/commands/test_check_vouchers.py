"""`check_vouchers`: the entry rules as a dry run."""

import json
from pathlib import Path

import pytest

from tests.journeys.books import SAMPLE, Books, hand_over

DAY = ("--date", "2025-03-10", "--json")
GOOD = SAMPLE / "day1" / "0003010000.json"
FIRST = json.loads(GOOD.read_text("utf-8"))["vouchers"][0]


def test_clean_vouchers_have_no_findings_and_exit_zero(books: Books) -> None:
    checked = books.manage("check_vouchers", GOOD, *DAY)

    numbers = [voucher["number"] for voucher in json.loads(GOOD.read_text("utf-8"))["vouchers"]]
    assert (checked.code, checked.err) == (0, "")
    assert checked.lines == [{"agency_code": "0003010000", "number": number, "findings": []} for number in numbers]


def test_a_number_is_used_up_across_the_files_of_one_call(books: Books, tmp_path: Path) -> None:
    one = hand_over(tmp_path / "one", "0003010000", [FIRST])
    other = hand_over(tmp_path / "other", "0003010000", [FIRST, FIRST | {"number": "P0307-999"}])

    checked = books.manage("check_vouchers", one, other, *DAY)

    assert checked.code == 1
    assert [[finding["reason"] for finding in line["findings"]] for line in checked.lines] == [[], ["R04"], []]


def test_texts_that_cannot_be_printed_or_have_two_spellings_are_found_at_their_place(
    books: Books, tmp_path: Path
) -> None:
    payee = FIRST["payee_lines"][0]
    decomposed = "Cafe\u0301有限公司"
    vouchers = [
        FIRST | {"number": "P-1", "purpose": "購置\U00030000字辭典"},
        FIRST | {"number": "P-2", "payee_lines": [payee | {"name": decomposed, "account_name": decomposed}]},
        FIRST | {"number": "P-3", "notes": {"text": "零寬\u200b空白"}},
    ]

    checked = books.manage("check_vouchers", hand_over(tmp_path, "0003010000", vouchers), *DAY)

    found = [[(finding["reason"], finding["path"]) for finding in line["findings"]] for line in checked.lines]
    assert checked.code == 1
    assert found[0] == [("R04", "/vouchers/0/purpose")]
    assert {("R04", "/vouchers/1/payee_lines/0/name"), ("R04", "/vouchers/1/payee_lines/0/account_name")} <= {*found[1]}
    assert {reason for reason, _ in found[1]} == {"R04"}
    assert found[2] == [("R04", "/vouchers/2/notes/text")]


def test_people_read_sentences(books: Books) -> None:
    checked = books.manage("check_vouchers", SAMPLE / "day2" / "0007100000-113.json", "--date", "2025-03-10")

    assert checked.code == 1
    assert "R06 B-24.6 /vouchers/0/carry_over_ref" in checked.out


@pytest.mark.parametrize("arguments", [["--date", "2025-02-30"], [], ["--date", "2025-03-10", "--bokos", "x"]])
def test_arguments_that_make_no_sense_are_one_problem(books: Books, arguments: list[str]) -> None:
    checked = books.manage("check_vouchers", GOOD, *arguments)

    assert (checked.code, checked.out, checked.problem["code"]) == (2, "", "bad_arguments")
