"""What differs between two contents: fields, blocks, lines that moved, came or went."""

from typing import Any

from tests.vouchers.examples import person, remittance
from vouchers.differences import Difference, differences
from vouchers.pages.places import place_words, value_words


def _two_payees() -> dict[str, Any]:
    content = remittance()
    return content | {"payee_lines": [*content["payee_lines"], person()]}


def test_the_same_content_differs_nowhere() -> None:
    assert differences(remittance(), remittance()) == ()


def test_a_field_that_changed_came_or_went_is_named_with_both_values() -> None:
    old = remittance() | {"network": "fisc"}
    new = {name: value for name, value in remittance().items() if name != "network"} | {"total_twd": 29_000}

    found = differences(old, new | {"advance_case": "ADV114-004"})

    assert set(found) == {
        Difference("/network", "fisc", None),
        Difference("/total_twd", 30_000, 29_000),
        Difference("/advance_case", None, "ADV114-004"),
    }


def test_a_line_is_followed_when_it_moves() -> None:
    old = _two_payees()
    new = old | {"payee_lines": [{**old["payee_lines"][1], "amount_twd": 1}, old["payee_lines"][0]]}

    assert differences(old, new) == (Difference("/payee_lines/0/amount_twd", 30_000, 1),)


def test_a_line_that_came_or_went_is_told_whole() -> None:
    old, new = remittance(), _two_payees()

    assert differences(old, new) == (Difference("/payee_lines/1", None, person()),)
    assert differences(new, old) == (Difference("/payee_lines/1", person(), None),)


def test_a_line_with_another_name_at_the_same_place_is_taken_for_the_same_line() -> None:
    old = remittance()
    new = old | {"payee_lines": [{**old["payee_lines"][0], "account_no": "999999999999"}]}

    assert differences(old, new) == (Difference("/payee_lines/0/account_no", "012345678901", "999999999999"),)


def test_a_list_that_comes_or_goes_is_told_line_by_line() -> None:
    line = remittance()["payee_lines"][0]
    bare = {name: value for name, value in line.items() if name != "source_documents"}
    old, new = remittance() | {"payee_lines": [bare]}, remittance()

    assert differences(old, new) == (
        Difference("/payee_lines/0/source_documents/0", None, line["source_documents"][0]),
    )
    assert differences({"a": ["x", "y"]}, {"a": ["y", "z"]}) == (
        Difference("/a/1", None, "z"),
        Difference("/a/0", "x", None),
    )


def test_twenty_thousand_lines_are_compared_in_no_time() -> None:
    lines = [person() | {"account_no": f"{number:012d}"} for number in range(20_000)]

    found = differences({"payee_lines": lines}, {"payee_lines": [*lines[1:], lines[0] | {"amount_twd": 7}]})

    assert found == (Difference("/payee_lines/19999/amount_twd", 30_000, 7),)


def test_places_and_values_are_words() -> None:
    assert place_words("/payee_lines/3/account_no") == "受款人清單第 4 筆　帳號"
    assert place_words("/attachments/0/name") == "附件第 1 筆　附件名稱"
    assert place_words("") == "憑單"
    assert value_words("/method", "cheque_self") == "自領支票"
    assert value_words("/kind", "transfer") == "轉帳憑單"
    assert value_words("/payee_lines/0/kind", "individual") == "自然人"
    assert value_words("/total_twd", 1_234_567) == "1,234,567"
    assert value_words("/issue_date", "2025-03-10") == "114/03/10"
    assert value_words("/issue_date", "1900-01-01") == "1900-01-01"
    assert value_words("/payee_lines/0/is_forwarder", True) == "是"
    assert value_words("/payee_lines/0/is_forwarder", False) == "否"
    assert value_words("/collection_slips/0/payee_seq", 2) == "2"
    assert value_words("/purpose", None) == ""
    assert value_words("/notes", {"text": "併二月份"}) == "附記 併二月份"
    assert value_words("/payee_lines/0/source_documents", [{"type": "invoice", "number": "AB1"}]) == (
        "類別 統一發票；憑證號碼 AB1"
    )
